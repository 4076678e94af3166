/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-published-private.h"

#include "mw-bundle-reader.h"
#include "mw-reference.h"
#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Bytes of one entry; real ones have a few thousand */
#define MAX_ENTRY (1024 * 1024)
#define MAX_REPEATS 20
/* Links of one record; a network may have thousands of endpoints */
#define MAX_RECORD_LINKS 20000
#define MAX_CONTAINED 100
#define MAX_KEY 2048
#define PORTAL_EXTENSION "organization-portal"

typedef enum
{
  ORGANIZATION,
  ENDPOINT,
  N_SIDES,
} Side;

static const char *const side_types[N_SIDES] = { "Organization", "Endpoint" };

/* One organisation or endpoint that was read */
typedef struct
{
  Side                     side;
  guint                    index;
  gboolean                 paired;
  gboolean                 has_base; /* its key is an http URL */
  char                    *key;
  MwPublishedOrganization *organization;
  MwEndpoint              *endpoint;
} Record;

struct _MwPublishedList
{
  MwPublishedFunc func;
  gpointer        user_data;
  MwBundleReader *reader;
  GPtrArray      *records[N_SIDES];
  GHashTable     *by_key[N_SIDES];  /* key → Record */
  GHashTable     *by_tail[N_SIDES]; /* "Type/id" → Record, or NULL when several have it */
  GHashTable     *by_identifier;    /* "system|value" → Record of an organisation, or NULL when several have it */
  GHashTable     *waiting[N_SIDES]; /* key of a record that has not been read → GPtrArray of Records that refer to it */
  GHashTable     *pairs;
  guint           n_entries;
  guint           n_links;
  guint           problems[MW_PUBLISHED_N_PROBLEMS];
  char           *timestamp;
};

static void
free_record (gpointer data)
{
  Record *record = data;

  g_free (record->key);
  mw_published_organization_free (record->organization);
  mw_endpoint_free (record->endpoint);
  g_free (record);
}

void
mw_published_list_free (MwPublishedList *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->reader);
  for (int side = 0; side < N_SIDES; side++)
    {
      g_hash_table_unref (self->by_key[side]);
      g_hash_table_unref (self->by_tail[side]);
      g_hash_table_unref (self->waiting[side]);
      g_ptr_array_unref (self->records[side]);
    }
  g_hash_table_unref (self->by_identifier);
  g_hash_table_unref (self->pairs);
  g_free (self->timestamp);
  g_free (self);
}

/* Hands a pair out, once, however often and from whichever side it is linked */
static void
join (MwPublishedList *self,
      Record          *one,
      Record          *other)
{
  Record *organization = one->side == ORGANIZATION ? one : other;
  Record *endpoint = one->side == ENDPOINT ? one : other;
  gint64  pair = ((gint64) organization->index << 32) | endpoint->index;

  if (!g_hash_table_add (self->pairs, g_memdup2 (&pair, sizeof pair)))
    return;
  organization->paired = endpoint->paired = TRUE;
  self->func (organization->organization, endpoint->endpoint, self->user_data);
}

/* Links @record to what @key names on the other side, now or when it comes */
static void
link_to (MwPublishedList *self,
         Record          *record,
         const char      *key)
{
  Side       side = record->side == ORGANIZATION ? ENDPOINT : ORGANIZATION;
  Record    *other = g_hash_table_lookup (self->by_key[side], key);
  GPtrArray *waiting;

  if (strlen (key) > MAX_KEY || self->n_links >= MW_PUBLISHED_MAX_LINKS)
    {
      self->problems[MW_PUBLISHED_TOO_MANY]++;
      return;
    }
  self->n_links++;
  if (other != NULL)
    {
      join (self, record, other);
      return;
    }
  waiting = g_hash_table_lookup (self->waiting[side], key);
  if (waiting == NULL)
    {
      waiting = g_ptr_array_new ();
      g_hash_table_insert (self->waiting[side], g_strdup (key), waiting);
    }
  g_ptr_array_add (waiting, record);
}

/* Whoever waited for @record gets it */
static void
serve_waiting (MwPublishedList *self,
               Record          *record)
{
  g_autoptr (GPtrArray) waiting = NULL;
  gpointer key, value;

  if (!g_hash_table_steal_extended (self->waiting[record->side], record->key, &key, &value))
    return;
  g_free (key);
  waiting = value;
  for (guint i = 0; i < waiting->len; i++)
    join (self, g_ptr_array_index (waiting, i), record);
}

static void
link_all (MwPublishedList        *self,
          Record                 *record,
          JsonNode               *node,
          const char             *path,
          const MwPublishedPlace *place)
{
  guint n = mw_json_length (node, path);

  if (n > MAX_RECORD_LINKS)
    self->problems[MW_PUBLISHED_TOO_MANY] += n - MAX_RECORD_LINKS;
  n = MIN (n, MAX_RECORD_LINKS);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *key = mw_published_key (mw_json_item (node, path, i), place);

      if (key != NULL)
        link_to (self, record, key);
    }
}

/* The portals of a brand name their endpoints a second time, and careless publishers only there */
static void
link_portals (MwPublishedList        *self,
              Record                 *record,
              JsonNode               *resource,
              const MwPublishedPlace *place)
{
  guint n = MIN (mw_json_length (resource, "extension"), MAX_REPEATS);

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *extension = mw_json_item (resource, "extension", i);
      const char *url = mw_json_string (extension, "url");
      guint       m = MIN (mw_json_length (extension, "extension"), MAX_REPEATS);

      if (url == NULL || !g_str_has_suffix (url, PORTAL_EXTENSION))
        continue;
      for (guint j = 0; j < m; j++)
        if (g_strcmp0 (mw_json_string (mw_json_item (extension, "extension", j), "url"), "portalEndpoint") == 0)
          link_all (self, record, mw_json_item (extension, "extension", j), "valueReference", place);
    }
}

/* Puts a name into a table of names; one that several have names nobody */
static void
add_unique (GHashTable *table,
            char       *name,
            Record     *record)
{
  g_hash_table_insert (table, name, g_hash_table_contains (table, name) ? NULL : record);
}

static void
add_record (MwPublishedList *self,
            Record          *record,
            const char      *id)
{
  record->index = self->records[record->side]->len;
  g_ptr_array_add (self->records[record->side], record);
  g_hash_table_insert (self->by_key[record->side], record->key, record);
  if (id != NULL)
    add_unique (self->by_tail[record->side], g_strdup_printf ("%s/%s", side_types[record->side], id), record);
  for (gsize i = 0; record->organization != NULL && record->organization->identifiers[i] != NULL; i++)
    add_unique (self->by_identifier, g_strdup (record->organization->identifiers[i]), record);
}

/* Returns: (nullable): the record of a resource, or NULL when it cannot be used, which is then counted */
static Record *
read_record (MwPublishedList        *self,
             JsonNode               *resource,
             Side                    side,
             const MwPublishedPlace *place)
{
  Record *record;

  if (self->records[side]->len >= MW_PUBLISHED_MAX_RECORDS)
    self->problems[MW_PUBLISHED_TOO_MANY]++;
  else if (g_hash_table_contains (self->by_key[side], place->key))
    self->problems[MW_PUBLISHED_TWICE]++;
  else
    {
      record = g_new0 (Record, 1);
      record->side = side;
      record->key = g_strdup (place->key);
      record->has_base = place->base != NULL;
      if (side == ORGANIZATION)
        record->organization = mw_published_organization_new (resource, place);
      else
        record->endpoint = mw_endpoint_new (resource);
      if (side == ENDPOINT ? record->endpoint->raw_address != NULL : record->organization->name != NULL)
        return record;
      self->problems[side == ENDPOINT ? MW_PUBLISHED_NO_ADDRESS : MW_PUBLISHED_NO_NAME]++;
      free_record (record);
    }
  return NULL;
}

static gboolean
side_of (JsonNode *resource,
         Side     *side)
{
  for (int i = 0; i < N_SIDES; i++)
    if (mw_resource_is (resource, side_types[i]))
      {
        *side = (Side) i;
        return TRUE;
      }
  return FALSE;
}

static void
take_resource (MwPublishedList        *self,
               JsonNode               *resource,
               Side                    side,
               const MwPublishedPlace *place,
               const char             *id)
{
  Record *record = read_record (self, resource, side, place);

  if (record == NULL)
    return;
  add_record (self, record, id);
  serve_waiting (self, record);
  if (side == ORGANIZATION)
    {
      link_all (self, record, resource, "endpoint", place);
      link_portals (self, record, resource, place);
    }
  else
    link_all (self, record, resource, "managingOrganization", place);
}

/* What is contained stands under its container's key; it is known nowhere else */
static void
take_contained (MwPublishedList        *self,
                JsonNode               *resource,
                const MwPublishedPlace *place)
{
  guint n = MIN (mw_json_length (resource, "contained"), MAX_CONTAINED);

  for (guint i = 0; i < n; i++)
    {
      JsonNode        *contained = mw_json_item (resource, "contained", i);
      const char      *id = mw_resource_id (contained);
      g_autofree char *key = NULL;
      MwPublishedPlace inner = *place;
      Record          *record;
      Side             side;

      if (id == NULL || !side_of (contained, &side))
        continue;
      key = g_strconcat (place->key, "#", *id == '#' ? id + 1 : id, NULL);
      inner.key = key;
      record = read_record (self, contained, side, &inner);
      if (record == NULL)
        continue;
      add_record (self, record, NULL);
      /* its own "#x" means its neighbours, "#" its container */
      if (side == ENDPOINT)
        link_all (self, record, contained, "managingOrganization", place);
      else
        link_all (self, record, contained, "endpoint", place);
    }
}

static void
take_entry (MwPublishedList *self,
            JsonNode        *entry)
{
  JsonNode   *resource = mw_json_get (entry, "resource");
  const char *full_url = mw_json_string (entry, "fullUrl");
  const char *id = mw_resource_id (resource);
  g_autoptr (MwReference) url = mw_reference_new_for_literal (full_url);
  g_autofree char *key = NULL;
  MwPublishedPlace place;
  Side             side;

  if (!side_of (resource, &side))
    {
      self->problems[mw_resource_type (resource) != NULL ? MW_PUBLISHED_OTHER_KIND : MW_PUBLISHED_UNREADABLE]++;
      return;
    }
  if (full_url != NULL && strlen (full_url) <= MAX_KEY)
    key = mw_reference_absolute (url, NULL);
  if (key == NULL && id != NULL)
    key = g_strdup_printf ("%s/%s", side_types[side], id);
  if (key == NULL)
    key = g_strdup_printf ("entry %u", self->n_entries);
  place.key = key;
  place.base = url->kind == MW_REFERENCE_ABSOLUTE ? url->base : NULL;
  take_contained (self, resource, &place);
  take_resource (self, resource, side, &place, id);
}

static void
entry_cb (MwBundleReader *reader,
          GBytes         *bytes,
          const GError   *error,
          gpointer        user_data)
{
  MwPublishedList *self = user_data;
  gsize            size;
  const char      *data = g_bytes_get_data (bytes, &size);
  g_autoptr (JsonNode) entry = NULL;

  self->n_entries++;
  if (error == NULL && size <= MAX_ENTRY)
    entry = mw_json_parse (data, (gssize) size, NULL);
  if (entry != NULL)
    take_entry (self, entry);
  else
    self->problems[MW_PUBLISHED_UNREADABLE]++;
}

static void
free_waiting (gpointer data)
{
  g_ptr_array_unref (data);
}

/**
 * mw_published_list_new:
 * @func: gets what the list says
 *
 * Returns: (transfer full): a reader for one list
 */
MwPublishedList *
mw_published_list_new (MwPublishedFunc func,
                       gpointer        user_data)
{
  MwPublishedList *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (MwPublishedList, 1);
  self->func = func;
  self->user_data = user_data;
  self->reader = mw_bundle_reader_new (entry_cb, self);
  for (int side = 0; side < N_SIDES; side++)
    {
      self->records[side] = g_ptr_array_new_with_free_func (free_record);
      self->by_key[side] = g_hash_table_new (g_str_hash, g_str_equal);
      self->by_tail[side] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      self->waiting[side] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_waiting);
    }
  self->by_identifier = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->pairs = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return self;
}

/**
 * mw_published_list_push:
 * @data: the next bytes of the list, cut anywhere
 *
 * Calls the list's function for each pair that is now known. A bad entry is counted and passed over.
 *
 * Returns: FALSE with an MW_FHIR_ERROR when the whole can no longer be read; what came before remains good
 */
gboolean
mw_published_list_push (MwPublishedList *self,
                        const char      *data,
                        gsize            length,
                        GError         **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return mw_bundle_reader_push (self->reader, data, length, error);
}

/* Returns: (nullable): the record that @key means although it is not its key: by the end of its URL where at least one
 * side has no base, so that no two servers are mixed up, or by an identifier */
static Record *
find_by_other_name (MwPublishedList *self,
                    Side             side,
                    const char      *key)
{
  g_autoptr (MwReference) reference = mw_reference_new_for_literal (key);
  g_autofree char *tail = NULL;
  Record          *record;

  if (side == ORGANIZATION && strchr (key, '|') != NULL)
    return g_hash_table_lookup (self->by_identifier, key);
  if (reference->id == NULL || g_strcmp0 (reference->type, side_types[side]) != 0)
    return NULL;
  tail = g_strdup_printf ("%s/%s", reference->type, reference->id);
  record = g_hash_table_lookup (self->by_tail[side], tail);
  if (record != NULL && record->has_base && reference->kind == MW_REFERENCE_ABSOLUTE)
    return NULL;
  return record;
}

static void
resolve_rest (MwPublishedList *self,
              Side             side)
{
  GHashTableIter iter;
  gpointer       key, value;

  g_hash_table_iter_init (&iter, self->waiting[side]);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      GPtrArray *waiting = value;
      Record    *record = find_by_other_name (self, side, key);

      if (record == NULL)
        self->problems[MW_PUBLISHED_DANGLING] += waiting->len;
      for (guint i = 0; record != NULL && i < waiting->len; i++)
        join (self, g_ptr_array_index (waiting, i), record);
    }
}

/**
 * mw_published_list_finish:
 *
 * Says that no more bytes come. Must be called once. Joins what is named in other ways, and hands out what
 * stayed alone; also of a list that broke off.
 *
 * Returns: FALSE with an MW_FHIR_ERROR when the list was cut off, is not JSON or no Bundle
 */
gboolean
mw_published_list_finish (MwPublishedList *self,
                          GError         **error)
{
  gboolean good;

  g_return_val_if_fail (self != NULL, FALSE);

  good = mw_bundle_reader_finish (self->reader, error);
  if (good && !mw_resource_is (mw_bundle_reader_get_rest (self->reader), "Bundle"))
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("This is not a list of organisations and their addresses (no FHIR Bundle)."));
      good = FALSE;
    }
  else if (good)
    self->timestamp = mw_text_line (mw_json_string (mw_bundle_reader_get_rest (self->reader), "timestamp"));
  for (int side = 0; side < N_SIDES; side++)
    resolve_rest (self, (Side) side);
  for (int side = 0; side < N_SIDES; side++)
    for (guint i = 0; i < self->records[side]->len; i++)
      {
        Record *record = g_ptr_array_index (self->records[side], i);

        if (!record->paired)
          self->func (record->organization, record->endpoint, self->user_data);
      }
  return good;
}

guint
mw_published_list_get_n_organizations (const MwPublishedList *self)
{
  return self->records[ORGANIZATION]->len;
}

guint
mw_published_list_get_n_endpoints (const MwPublishedList *self)
{
  return self->records[ENDPOINT]->len;
}

guint
mw_published_list_get_n_problems (const MwPublishedList *self,
                                  MwPublishedProblem     problem)
{
  g_return_val_if_fail (problem < MW_PUBLISHED_N_PROBLEMS, 0);

  return self->problems[problem];
}

/** mw_published_list_get_timestamp: Returns: (nullable): after the end, when the publisher made the list, as written */
const char *
mw_published_list_get_timestamp (const MwPublishedList *self)
{
  return self->timestamp;
}

static char *
problem_text (MwPublishedProblem problem,
              guint              n)
{
  switch (problem)
    {
    case MW_PUBLISHED_UNREADABLE:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u entry cannot be read.", "%u entries cannot be read.", n), n);
    case MW_PUBLISHED_OTHER_KIND:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u entry is of another kind.", "%u entries are of another kind.", n), n);
    case MW_PUBLISHED_NO_NAME:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u organisation has no name.", "%u organisations have no name.", n), n);
    case MW_PUBLISHED_NO_ADDRESS:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u endpoint has no address.", "%u endpoints have no address.", n), n);
    case MW_PUBLISHED_TWICE:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u entry is there twice.", "%u entries are there twice.", n), n);
    case MW_PUBLISHED_TOO_MANY:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u was left out, since the list is too long.", "%u were left out, since the list is too long.", n), n);
    case MW_PUBLISHED_DANGLING:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u link leads nowhere.", "%u links lead nowhere.", n), n);
    case MW_PUBLISHED_N_PROBLEMS:
    default:
      return NULL;
    }
}

/**
 * mw_published_list_report:
 *
 * Returns: (transfer full): what was read and what could not be, in sentences for a person
 */
char *
mw_published_list_report (const MwPublishedList *self)
{
  GString *text = g_string_new (NULL);
  guint    organizations = mw_published_list_get_n_organizations (self);
  guint    endpoints = mw_published_list_get_n_endpoints (self);

  g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u organisation was read.", "%u organisations were read.", organizations), organizations);
  g_string_append_c (text, ' ');
  g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u endpoint was read.", "%u endpoints were read.", endpoints), endpoints);
  for (int i = 0; i < MW_PUBLISHED_N_PROBLEMS; i++)
    {
      g_autofree char *sentence = self->problems[i] > 0 ? problem_text ((MwPublishedProblem) i, self->problems[i]) : NULL;

      if (sentence != NULL)
        g_string_append_printf (text, " %s", sentence);
    }
  return g_string_free (text, FALSE);
}
