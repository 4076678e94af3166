/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the local directory keeps of a person, organisation, team or endpoint. */

#include "mw-config.h"

#include "mw-batch.h"

#include "mw-npi.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>

/* Two identifiers are enough for a banner (and the least for safety) */
#define BANNER_IDENTIFIERS 3

static void
read_identifiers (JsonNode *resource,
                  MwPerson *person)
{
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (GString) tokens = g_string_new (NULL);
  guint n = mw_json_length (resource, "identifier");
  guint shown = 0;

  /* what a provider is known by across the country comes first: it is never the one that is left out */
  for (guint turn = 0; turn < 2; turn++)
    for (guint i = 0; i < n && shown < BANNER_IDENTIFIERS; i++)
      {
        JsonNode        *identifier = mw_json_item (resource, "identifier", i);
        const char      *value = mw_json_string (identifier, "value");
        g_autofree char *text = mw_npi_is_identifier (identifier) == (turn == 0) ? mw_identifier_text (identifier) : NULL;

        if (value == NULL || text == NULL || g_str_has_prefix (value, "urn:uuid:"))
          continue;
        g_string_append_printf (words, "%s%s", words->len > 0 ? " · " : "", text);
        shown++;
      }
  for (guint i = 0; i < n; i++)
    {
      JsonNode   *identifier = mw_json_item (resource, "identifier", i);
      const char *system = mw_json_string (identifier, "system");
      const char *value = mw_json_string (identifier, "value");

      if (value == NULL)
        continue;
      g_string_append_printf (tokens, "%s%s|%s", tokens->len > 0 ? "\n" : "", system != NULL ? system : "", value);
    }
  person->identifiers = words->len > 0 ? g_strdup (words->str) : NULL;
  person->tokens = tokens->len > 0 ? g_strdup (tokens->str) : NULL;
}

static char *
absolute (JsonNode   *reference,
          const char *base)
{
  g_autoptr (MwReference) ref = mw_reference_new (reference);

  return mw_reference_absolute (ref, base);
}

static char *
detail_of (JsonNode   *resource,
           const char *type)
{
  if (g_str_equal (type, "PractitionerRole"))
    {
      g_autofree char *role = mw_concept_text (mw_json_item (resource, "code", 0));
      g_autofree char *specialty = mw_concept_text (mw_json_item (resource, "specialty", 0));
      const char      *where = mw_json_string (resource, "organization.display");
      const char      *parts[4] = { NULL };
      guint            n = 0;

      if (role != NULL)
        parts[n++] = role;
      if (specialty != NULL && g_strcmp0 (specialty, role) != 0)
        parts[n++] = specialty;
      if (where != NULL)
        parts[n++] = where;
      return n > 0 ? g_strjoinv (" · ", (char **) parts) : NULL;
    }
  if (g_str_equal (type, "Organization"))
    {
      g_autofree char *kind = mw_concept_text (mw_json_item (resource, "type", 0));

      return kind != NULL ? g_steal_pointer (&kind) : mw_address_text (mw_json_item (resource, "address", 0));
    }
  if (g_str_equal (type, "Practitioner"))
    return mw_concept_text (mw_json_get (mw_json_item (resource, "qualification", 0), "code"));
  if (g_str_equal (type, "CareTeam"))
    {
      guint n = mw_json_length (resource, "participant");

      /* Translators: how many people are in a care team */
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u member", "%u members", n), n);
    }
  if (g_str_equal (type, "HealthcareService"))
    return g_strdup (mw_json_string (resource, "providedBy.display"));
  if (g_str_equal (type, "Patient"))
    return mw_address_text (mw_json_item (resource, "address", 0));
  return NULL;
}

static gboolean
is_active (JsonNode *resource)
{
  const char *status = mw_json_string (resource, "status");

  if (!mw_json_boolean (resource, "active", TRUE))
    return FALSE;
  return status == NULL || (g_strcmp0 (status, "inactive") != 0 && g_strcmp0 (status, "entered-in-error") != 0 && g_strcmp0 (status, "off") != 0 &&
                            g_strcmp0 (status, "suspended") != 0 && g_strcmp0 (status, "error") != 0);
}

static char *
role_name (JsonNode *resource)
{
  const char *person = mw_json_string (resource, "practitioner.display");
  const char *where = mw_json_string (resource, "organization.display");

  if (person != NULL)
    return g_strdup (person);
  return where != NULL ? g_strdup (where) : mw_resource_title (resource);
}

/**
 * mw_person_from_resource:
 * @reference: its absolute reference
 *
 * Returns: (transfer full) (nullable): the row for the local directory; NULL when @resource is none that can be
 *   written about or to
 */
MwPerson *
mw_person_from_resource (JsonNode   *resource,
                         const char *reference,
                         const char *base,
                         gint64      connection)
{
  static const char *const types[] = { "Patient", "Practitioner", "PractitionerRole", "Organization", "CareTeam", "HealthcareService",
                                       "Location", "RelatedPerson", "Endpoint", "Group", "OrganizationAffiliation", NULL };
  const char              *type = mw_resource_type (resource);
  MwPerson                *person;

  if (type == NULL || !g_strv_contains (types, type))
    return NULL;
  person = g_new0 (MwPerson, 1);
  person->connection = connection;
  person->reference = g_strdup (reference);
  person->type = g_strdup (type);
  person->name = g_str_equal (type, "PractitionerRole") ? role_name (resource) : mw_resource_title (resource);
  person->birth_date = g_strdup (mw_json_string (resource, "birthDate"));
  person->gender = g_strdup (mw_json_string (resource, "gender"));
  read_identifiers (resource, person);
  person->detail = detail_of (resource, type);
  if (g_str_equal (type, "PractitionerRole"))
    person->practitioner = absolute (mw_json_get (resource, "practitioner"), base);
  person->active = is_active (resource);
  if (g_str_equal (type, "Endpoint"))
    {
      const char *connection_type = mw_json_string (resource, "connectionType.code");

      if (connection_type == NULL)
        connection_type = mw_json_string (resource, "connectionType.coding.code");
      /* only what speaks FHIR can be sent to from here */
      if (g_strcmp0 (connection_type, "hl7-fhir-rest") != 0 && g_strcmp0 (connection_type, "hl7-fhir-msg") != 0)
        person->active = FALSE;
      person->endpoint = g_strdup (mw_json_string (resource, "address"));
      person->organization = absolute (mw_json_get (resource, "managingOrganization"), base);
    }
  else
    {
      person->endpoint = absolute (mw_json_item (resource, "endpoint", 0), base);
      /* of an affiliation "organization" is the network, and who is reached through it takes part */
      person->organization = absolute (mw_json_get (resource, g_str_equal (type, "OrganizationAffiliation") ? "participatingOrganization" : "organization"), base);
      if (person->organization == NULL)
        person->organization = absolute (mw_json_get (resource, "providedBy"), base);
      if (person->organization == NULL)
        person->organization = absolute (mw_json_get (resource, g_str_equal (type, "Organization") ? "partOf" : "managingOrganization"), base);
    }
  return person;
}
