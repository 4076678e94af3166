/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-validate-private.h"

#include "mw-json.h"
#include "mw-search.h"

#include <string.h>

static void
broken (MwIssues   *issues,
        const char *path,
        const char *text)
{
  mw_issues_add (issues, 422, "invariant", path, "%s", text);
}

static gboolean
in_order (JsonNode   *node,
          const char *earlier,
          const char *later)
{
  const char *one = mw_json_string (node, earlier), *other = mw_json_string (node, later);
  gint64      start, end, start_of_other, end_of_other;

  if (one == NULL || other == NULL || !mw_search_parse_date (one, &start, &end) || !mw_search_parse_date (other, &start_of_other, &end_of_other))
    return TRUE;
  return start < end_of_other;
}

/**
 * mw_validate_datatype_rules:
 *
 * The invariants of the data types (FHIR R4 datatypes.html), by their names there.
 */
void
mw_validate_datatype_rules (const char *type,
                            JsonNode   *node,
                            const char *path,
                            MwIssues   *issues)
{
  if (g_str_equal (type, "Period"))
    {
      if (!in_order (node, "start", "end"))
        broken (issues, path, "per-1: a period ends after it starts");
    }
  else if (g_str_equal (type, "Extension"))
    {
      if (mw_json_has (node, "extension") == (mw_json_choice (node, "value", NULL) != NULL || mw_json_choice (node, "_value", NULL) != NULL))
        broken (issues, path, "ext-1: an extension has either a value or extensions");
    }
  else if (g_str_equal (type, "Attachment"))
    {
      if (mw_json_has (node, "data") && !mw_json_has (node, "contentType"))
        broken (issues, path, "att-1: data needs a contentType");
    }
  else if (g_str_equal (type, "ContactPoint"))
    {
      if (mw_json_has (node, "value") && !mw_json_has (node, "system"))
        broken (issues, path, "cpt-2: a contact's value needs a system");
    }
  else if (g_str_equal (type, "Quantity") || g_str_equal (type, "Age") || g_str_equal (type, "Duration"))
    {
      if (mw_json_has (node, "code") && !mw_json_has (node, "system"))
        broken (issues, path, "qty-3: a unit's code needs a system");
    }
}

static void
task_rules (JsonNode   *task,
            const char *path,
            MwIssues   *issues)
{
  if (!in_order (task, "authoredOn", "lastModified"))
    broken (issues, path, "inv-1: lastModified is not before authoredOn");
}

static void
observation_rules (JsonNode   *observation,
                   const char *path,
                   MwIssues   *issues)
{
  if (mw_json_has (observation, "dataAbsentReason") && mw_json_choice (observation, "value", NULL) != NULL)
    broken (issues, path, "obs-6: dataAbsentReason is only for a missing value");
}

static void
organization_rules (JsonNode   *organization,
                    const char *path,
                    MwIssues   *issues)
{
  if (!mw_json_has (organization, "identifier") && !mw_json_has (organization, "name"))
    broken (issues, path, "org-1: an organization has a name or an identifier");
}

static void
appointment_rules (JsonNode   *appointment,
                   const char *path,
                   MwIssues   *issues)
{
  const char *status = mw_json_string (appointment, "status");
  guint       n = mw_json_length (appointment, "participant");

  if (mw_json_has (appointment, "start") != mw_json_has (appointment, "end"))
    broken (issues, path, "app-2: start and end stand together");
  if (!mw_json_has (appointment, "start") && g_strcmp0 (status, "proposed") != 0 && g_strcmp0 (status, "cancelled") != 0 && g_strcmp0 (status, "waitlist") != 0)
    broken (issues, path, "app-3: only what is proposed, cancelled or on a waitlist may lack a time");
  for (guint i = 0; i < n; i++)
    {
      JsonNode *participant = mw_json_item (appointment, "participant", i);

      if (!mw_json_has (participant, "type") && !mw_json_has (participant, "actor"))
        broken (issues, path, "app-1: a participant has a type or an actor");
    }
}

static void
order_rules (JsonNode   *order,
             const char *path,
             MwIssues   *issues)
{
  if (mw_json_has (order, "orderDetail") && !mw_json_has (order, "code"))
    broken (issues, path, "prr-1: orderDetail needs a code");
}

static void
allergy_rules (JsonNode   *allergy,
               const char *path,
               MwIssues   *issues)
{
  gboolean in_error = g_strcmp0 (mw_json_string (allergy, "verificationStatus.coding.code"), "entered-in-error") == 0;

  if (in_error == mw_json_has (allergy, "clinicalStatus"))
    broken (issues, path, "ait-1, ait-2: clinicalStatus stands unless it was entered in error");
}

static void
condition_rules (JsonNode   *condition,
                 const char *path,
                 MwIssues   *issues)
{
  const char *status = mw_json_string (condition, "clinicalStatus.coding.code");
  gboolean    over = g_strcmp0 (status, "inactive") == 0 || g_strcmp0 (status, "resolved") == 0 || g_strcmp0 (status, "remission") == 0;

  if (mw_json_choice (condition, "abatement", NULL) != NULL && !over)
    broken (issues, path, "con-4: a condition that abated is inactive, resolved or in remission");
  if (g_strcmp0 (mw_json_string (condition, "verificationStatus.coding.code"), "entered-in-error") == 0 && status != NULL)
    broken (issues, path, "con-5: what was entered in error has no clinicalStatus");
}

static gboolean
entries_have (JsonNode   *bundle,
              const char *member)
{
  guint n = mw_json_length (bundle, "entry");

  for (guint i = 0; i < n; i++)
    if (mw_json_has (mw_json_item (bundle, "entry", i), member))
      return TRUE;
  return FALSE;
}

static void
full_url_rules (JsonNode   *bundle,
                const char *path,
                MwIssues   *issues)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = mw_json_length (bundle, "entry");

  for (guint i = 0; i < n; i++)
    {
      JsonNode        *entry = mw_json_item (bundle, "entry", i);
      const char      *url = mw_json_string (entry, "fullUrl");
      const char      *version = mw_json_string (entry, "resource.meta.versionId");
      g_autofree char *at = g_strdup_printf ("%s.entry[%u]", path, i);

      if (!mw_json_has (entry, "resource") && !mw_json_has (entry, "request") && !mw_json_has (entry, "response"))
        broken (issues, at, "bdl-5: an entry has a resource, or a request or response");
      if (url == NULL)
        continue;
      if (strstr (url, "/_history/") != NULL || (strchr (url, ':') == NULL))
        broken (issues, at, "bdl-8: fullUrl is absolute and without a version");
      if (!g_hash_table_add (seen, g_strconcat (url, "|", version, NULL)))
        broken (issues, at, "bdl-7: a fullUrl stands only once");
    }
}

static void
bundle_rules (JsonNode   *bundle,
              const char *path,
              MwIssues   *issues)
{
  const char *type = mw_json_string (bundle, "type");
  const char *first = mw_resource_type (mw_json_get (bundle, "entry[0].resource"));
  gboolean    document = g_strcmp0 (type, "document") == 0, message = g_strcmp0 (type, "message") == 0;
  gboolean    request = g_strcmp0 (type, "transaction") == 0 || g_strcmp0 (type, "batch") == 0;
  gboolean    history = g_strcmp0 (type, "history") == 0;

  if (mw_json_has (bundle, "total") && g_strcmp0 (type, "searchset") != 0 && !history)
    broken (issues, path, "bdl-1: total is for searches and histories");
  if (entries_have (bundle, "search") && g_strcmp0 (type, "searchset") != 0)
    broken (issues, path, "bdl-2: entry.search is for searches");
  if (entries_have (bundle, "request") && !request && !history)
    broken (issues, path, "bdl-3: entry.request is for a batch, a transaction or a history");
  if (document && (mw_json_string (bundle, "identifier.system") == NULL || mw_json_string (bundle, "identifier.value") == NULL))
    broken (issues, path, "bdl-9: a document has an identifier with a system");
  if (document && !mw_json_has (bundle, "timestamp"))
    broken (issues, path, "bdl-10: a document has a timestamp");
  if (document && g_strcmp0 (first, "Composition") != 0)
    broken (issues, path, "bdl-11: a document begins with a Composition");
  if (message && g_strcmp0 (first, "MessageHeader") != 0)
    broken (issues, path, "bdl-12: a message begins with a MessageHeader");
  full_url_rules (bundle, path, issues);
}

/**
 * mw_validate_resource_rules:
 *
 * The invariants of single resource types, by their names in R4.
 */
void
mw_validate_resource_rules (JsonNode   *resource,
                            const char *path,
                            MwIssues   *issues)
{
  static const struct
  {
    const char *type;
    void (*check) (JsonNode *, const char *, MwIssues *);
  } rules[] = {
    { "AllergyIntolerance", allergy_rules },
    { "Appointment", appointment_rules },
    { "Bundle", bundle_rules },
    { "Condition", condition_rules },
    { "Observation", observation_rules },
    { "Organization", organization_rules },
    { "ServiceRequest", order_rules },
    { "Task", task_rules },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (mw_resource_is (resource, rules[i].type))
      rules[i].check (resource, path, issues);
}
