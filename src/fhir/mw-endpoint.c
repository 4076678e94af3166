/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-endpoint.h"

#include "mw-fhir-date.h"
#include "mw-reference.h"
#include "mw-text.h"

#include <string.h>

#define MAX_ADDRESS 2048
#define MAX_LIST 50

/* Names of extensions, whatever guide and version they come from: National Directory, SMART brands, R5 in R4 */
#define RANK_EXTENSION "endpoint-rank"
#define ENVIRONMENT_EXTENSION "environmenttype"
#define FHIR_VERSION_EXTENSION "endpoint-fhir-version"
#define CONNECTION_VERSION_EXTENSION "endpoint-connection-type-version"
#define GUIDE_EXTENSION "fhir-ig"
#define USECASE_EXTENSION "endpoint-usecase"

void
mw_endpoint_free (MwEndpoint *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->status);
  g_free (self->raw_address);
  g_free (self->address);
  g_free (self->message_address);
  g_free (self->owner);
  g_strfreev (self->payloads);
  g_strfreev (self->environments);
  g_strfreev (self->guides);
  g_free (self->fhir_version);
  g_free (self);
}

/* What people publish instead of the base: the page they had open when they were asked for it */
static const char *const tails[] = {
  "/.well-known/smart-configuration",
  "/metadata",
  "/$process-message",
  "/Patient",
  "/Practitioner",
  "/Organization",
  "/Endpoint",
  "/Bundle",
  "/Communication",
  "/DocumentReference",
  "/Task",
};

/**
 * mw_endpoint_clean_address:
 * @address: (nullable): what a directory has for an address
 *
 * Returns: (transfer full) (nullable): the FHIR base in it, as mw_base_url_normalise() writes it, without the page of
 *   the server that was published along with it; NULL when it is no http address
 */
char *
mw_endpoint_clean_address (const char *address)
{
  g_autofree char *stripped = NULL;
  g_autofree char *base = NULL;
  char            *end;

  if (address == NULL || strlen (address) > MAX_ADDRESS)
    return NULL;
  stripped = g_strstrip (g_strdup (address));
  base = mw_base_url_normalise (stripped);
  for (gsize i = 0; base != NULL && i < G_N_ELEMENTS (tails); i++)
    if (g_str_has_suffix (base, tails[i]))
      {
        base[strlen (base) - strlen (tails[i])] = '\0';
        for (end = base + strlen (base); end > base && end[-1] == '/'; end--)
          end[-1] = '\0';
        /* "https://Patient" has lost its host */
        return mw_base_url_normalise (base);
      }
  return g_steal_pointer (&base);
}

static gboolean
is_mail (const char *address)
{
  const char *at;

  if (address == NULL)
    return FALSE;
  if (g_ascii_strncasecmp (address, "mailto:", 7) == 0)
    return TRUE;
  at = strchr (address, '@');
  return at != NULL && at > address && strchr (at, '.') != NULL && strpbrk (address, "/: ") == NULL;
}

static void
add_kind (MwEndpoint *self,
          const char *code)
{
  if (code == NULL)
    return;
  if (g_str_equal (code, "hl7-fhir-rest"))
    self->kinds |= MW_ENDPOINT_REST;
  else if (g_str_equal (code, "hl7-fhir-msg"))
    self->kinds |= MW_ENDPOINT_MESSAGE;
  else if (g_str_equal (code, "direct-project") || g_str_equal (code, "secure-email"))
    self->kinds |= MW_ENDPOINT_MAIL;
  else
    self->kinds |= MW_ENDPOINT_OTHER;
}

/* A Coding in R4, a list of CodeableConcept in R5 */
static void
read_kinds (MwEndpoint *self,
            JsonNode   *resource)
{
  guint n = MIN (mw_json_length (resource, "connectionType"), MAX_LIST);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *type = mw_json_item (resource, "connectionType", i);
      guint     m = MIN (mw_json_length (type, "coding"), MAX_LIST);

      add_kind (self, mw_json_is_object (type) ? mw_json_string (type, "code") : NULL);
      for (guint j = 0; j < m; j++)
        add_kind (self, mw_json_string (mw_json_item (type, "coding", j), "code"));
    }
}

static GStrv
end_list (GPtrArray *list)
{
  g_ptr_array_add (list, NULL);
  return (GStrv) g_ptr_array_free (list, FALSE);
}

/* Reads the codes of one payload type. "any" and "does not apply here" (as the National Directory fixes it) filter
 * nothing; then @open is set */
static void
read_payload (MwEndpoint *self,
              JsonNode   *concept,
              GPtrArray  *payloads,
              gboolean   *open)
{
  guint n = MIN (mw_json_length (concept, "coding"), MAX_LIST);

  if (n == 0)
    *open = TRUE;
  for (guint i = 0; i < n; i++)
    {
      JsonNode   *coding = mw_json_item (concept, "coding", i);
      const char *system = mw_json_string (coding, "system");
      const char *code = mw_json_string (coding, "code");

      if (code == NULL || g_str_equal (code, "any") || (system != NULL && strstr (system, "data-absent-reason") != NULL) ||
          g_str_equal (code, "not-applicable"))
        *open = TRUE;
      else if (g_str_equal (code, "none") && (system == NULL || strstr (system, "endpoint-payload-type") != NULL))
        self->takes_nothing = TRUE;
      else if (payloads->len < MAX_LIST)
        g_ptr_array_add (payloads, g_strconcat (system != NULL ? system : "", "|", code, NULL));
    }
}

/* payloadType in R4, payload.type in R5 */
static void
read_payloads (MwEndpoint *self,
               JsonNode   *resource)
{
  g_autoptr (GPtrArray) payloads = g_ptr_array_new_with_free_func (g_free);
  guint    n = MIN (mw_json_length (resource, "payloadType"), MAX_LIST);
  guint    m = MIN (mw_json_length (resource, "payload"), MAX_LIST);
  gboolean open = FALSE;

  for (guint i = 0; i < n; i++)
    read_payload (self, mw_json_item (resource, "payloadType", i), payloads, &open);
  for (guint i = 0; i < m; i++)
    {
      JsonNode *payload = mw_json_item (resource, "payload", i);
      guint     types = MIN (mw_json_length (payload, "type"), MAX_LIST);

      if (types == 0)
        open = TRUE;
      for (guint j = 0; j < types; j++)
        read_payload (self, mw_json_item (payload, "type", j), payloads, &open);
    }
  if (open)
    g_ptr_array_set_size (payloads, 0);
  self->takes_nothing = self->takes_nothing && !open && payloads->len == 0;
  g_ptr_array_add (payloads, NULL);
  self->payloads = g_strdupv ((GStrv) payloads->pdata);
}

/* When the period that @text names is over: "2026-01-05" lasts until midnight (FHIR R4 datatypes.html#Period) */
static gint64
end_of (const char *text)
{
  MwFhirDate date;
  char       buffer[32];
  GDate      day;

  if (!mw_fhir_date_parse (text, &date))
    return G_MAXINT64;
  if (date.precision > MW_FHIR_DATE_DAY)
    return mw_fhir_date_to_unix (text, G_MAXINT64) +
           (date.precision == MW_FHIR_DATE_MINUTE ? 60 * G_USEC_PER_SEC : (date.precision == MW_FHIR_DATE_SECOND ? G_USEC_PER_SEC : 0));
  g_date_clear (&day, 1);
  g_date_set_dmy (&day, (GDateDay) date.day, (GDateMonth) date.month, (GDateYear) date.year);
  if (date.precision == MW_FHIR_DATE_DAY)
    g_date_add_days (&day, 1);
  else
    g_date_add_months (&day, date.precision == MW_FHIR_DATE_MONTH ? 1 : 12);
  if (g_date_get_year (&day) > 9999)
    return G_MAXINT64;
  g_snprintf (buffer, sizeof buffer, "%04d-%02d-%02d", g_date_get_year (&day), (int) g_date_get_month (&day), g_date_get_day (&day));
  return mw_fhir_date_to_unix (buffer, G_MAXINT64);
}

/* Adds the codes of a CodeableConcept, a Coding or a code */
static void
add_codes (GPtrArray *list,
           JsonNode  *value)
{
  guint       n = mw_json_is_object (value) ? MIN (mw_json_length (value, "coding"), MAX_LIST) : 0;
  const char *code = mw_json_is_object (value) ? mw_json_string (value, "code") : mw_json_string (value, NULL);

  if (code != NULL && list->len < MAX_LIST)
    g_ptr_array_add (list, mw_text_line (code));
  for (guint i = 0; i < n && list->len < MAX_LIST; i++)
    {
      char *one = mw_text_line (mw_json_string (mw_json_item (value, "coding", i), "code"));

      if (one != NULL)
        g_ptr_array_add (list, one);
    }
}

static gboolean
is_named (const char *url,
          const char *name)
{
  g_autofree char *lower = url != NULL ? g_ascii_strdown (url, -1) : NULL;

  return lower != NULL && g_str_has_suffix (lower, name);
}

static void
add_guide (GPtrArray *guides,
           JsonNode  *extension)
{
  static const char *const members[] = { "ig-publication", "standard", "ig-uri", "ig-name" };

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      JsonNode *value = mw_json_choice (mw_json_extension (extension, members[i]), "value", NULL);
      char     *line = mw_text_line (mw_json_string (value, NULL));

      if (line != NULL && guides->len < MAX_LIST)
        {
          g_ptr_array_add (guides, line);
          return;
        }
      g_free (line);
    }
}

static void
read_extensions (MwEndpoint *self,
                 JsonNode   *resource,
                 GPtrArray  *environments)
{
  GPtrArray *guides = g_ptr_array_new ();
  guint      n = MIN (mw_json_length (resource, "extension"), MAX_LIST * 2);

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *extension = mw_json_item (resource, "extension", i);
      JsonNode   *value = mw_json_choice (extension, "value", NULL);
      const char *url = mw_json_string (extension, "url");

      if (is_named (url, RANK_EXTENSION))
        {
          gint64 rank = mw_json_integer (value, NULL, 0);

          if (rank > 0)
            self->rank = (int) MIN (rank, MW_ENDPOINT_NO_RANK);
        }
      else if (is_named (url, ENVIRONMENT_EXTENSION) || is_named (url, "environment-type"))
        add_codes (environments, value);
      else if ((is_named (url, FHIR_VERSION_EXTENSION) || is_named (url, CONNECTION_VERSION_EXTENSION)) && self->fhir_version == NULL)
        self->fhir_version = mw_text_line (mw_json_is_object (value) ? mw_json_string (value, "coding.code") : mw_json_string (value, NULL));
      else if (is_named (url, GUIDE_EXTENSION) || is_named (url, USECASE_EXTENSION) || is_named (url, "implementation-guide"))
        add_guide (guides, extension);
    }
  self->guides = end_list (guides);
}

static void
read_owner (MwEndpoint *self,
            JsonNode   *resource)
{
  g_autoptr (MwReference) reference = mw_reference_new (mw_json_get (resource, "managingOrganization"));

  if (reference->literal != NULL)
    self->owner = g_strdup (reference->literal);
  else if (reference->value != NULL)
    self->owner = g_strconcat (reference->system != NULL ? reference->system : "", "|", reference->value, NULL);
}

static void
read_address (MwEndpoint *self,
              JsonNode   *resource)
{
  self->raw_address = mw_text_clean (mw_json_string (resource, "address"), MAX_ADDRESS, FALSE);
  if (is_mail (self->raw_address))
    self->kinds = MW_ENDPOINT_MAIL;
  else
    self->address = mw_endpoint_clean_address (self->raw_address);
  if (self->address != NULL)
    self->message_address = g_strconcat (self->address, "/$process-message", NULL);
}

/**
 * mw_endpoint_new:
 * @resource: (nullable): an Endpoint of FHIR R4, R4B or R5
 *
 * Reads National Directory, Plan-Net and SMART user-access-brands shapes too.
 *
 * Returns: (transfer full) (nullable): NULL when @resource is no Endpoint
 */
MwEndpoint *
mw_endpoint_new (JsonNode *resource)
{
  GPtrArray  *environments;
  MwEndpoint *self;
  guint       n;

  if (!mw_resource_is (resource, "Endpoint"))
    return NULL;
  environments = g_ptr_array_new ();
  self = g_new0 (MwEndpoint, 1);
  self->rank = MW_ENDPOINT_NO_RANK;
  self->id = mw_text_line (mw_resource_id (resource));
  self->name = mw_text_line (mw_json_string (resource, "name"));
  self->status = mw_text_line (mw_json_string (resource, "status"));
  read_kinds (self, resource);
  read_address (self, resource);
  read_payloads (self, resource);
  read_owner (self, resource);
  self->start = mw_fhir_date_to_unix (mw_json_string (resource, "period.start"), G_MININT64);
  self->end = end_of (mw_json_string (resource, "period.end"));
  n = MIN (mw_json_length (resource, "environmentType"), MAX_LIST);
  for (guint i = 0; i < n; i++)
    add_codes (environments, mw_json_item (resource, "environmentType", i));
  read_extensions (self, resource, environments);
  self->environments = end_list (environments);
  return self;
}
