/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-site.h"

#include "mw-json.h"
#include "mw-r4.h"
#include "mw-search-private.h"
#include "mw-validate.h"

#define MATCH_GRADE "http://hl7.org/fhir/StructureDefinition/match-grade"

static gboolean
shares_identifier (JsonNode *one,
                   JsonNode *other)
{
  guint n = mw_json_length (one, "identifier"), m = mw_json_length (other, "identifier");

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < m; j++)
      {
        JsonNode *a = mw_json_item (one, "identifier", i), *b = mw_json_item (other, "identifier", j);

        if (mw_json_string (a, "value") != NULL && g_strcmp0 (mw_json_string (a, "value"), mw_json_string (b, "value")) == 0 &&
            g_strcmp0 (mw_json_string (a, "system"), mw_json_string (b, "system")) == 0)
          return TRUE;
      }
  return FALSE;
}

static gboolean
same_text (JsonNode   *one,
           JsonNode   *other,
           const char *path)
{
  const char      *a = mw_json_string (one, path), *b = mw_json_string (other, path);
  g_autofree char *folded_a = a != NULL ? g_utf8_casefold (a, -1) : NULL;
  g_autofree char *folded_b = b != NULL ? g_utf8_casefold (b, -1) : NULL;

  return folded_a != NULL && g_strcmp0 (folded_a, folded_b) == 0;
}

/* how sure it is that both are the same person: per cent */
static guint
grade (JsonNode *wanted,
       JsonNode *candidate)
{
  gboolean family = same_text (wanted, candidate, "name.family"), given = same_text (wanted, candidate, "name.given");
  gboolean born = same_text (wanted, candidate, "birthDate");

  if (shares_identifier (wanted, candidate))
    return born || family || !mw_json_has (wanted, "birthDate") ? 99 : 60;
  if (family && given && born)
    return 95;
  if (family && born)
    return 75;
  return (family && given) || (given && born) ? 40 : 0;
}

static const char *
grade_code (guint score)
{
  return score >= 95 ? "certain" : score >= 70 ? "probable"
                                               : "possible";
}

static void
add_match (MwSite   *self,
           JsonNode *bundle,
           MwRecord *record,
           guint     score)
{
  JsonNode        *entry = mw_json_object_new ();
  g_autofree char *url = g_strdup_printf ("%s/Patient/%s", self->url, record->id);
  g_autofree char *decimal = g_strdup_printf ("0.%02u", score);

  mw_json_set (entry, "fullUrl", url);
  mw_json_take (entry, "resource", json_node_ref (mw_record_resource (record)));
  mw_json_set (entry, "search.extension[0].url", MATCH_GRADE);
  mw_json_set (entry, "search.extension[0].valueCode", grade_code (score));
  mw_json_set (entry, "search.mode", "match");
  mw_json_set_decimal (entry, "search.score", decimal);
  mw_json_take (bundle, "entry[+]", entry);
}

static JsonNode *
find_parameter (JsonNode   *parameters,
                const char *name)
{
  guint n = mw_json_length (parameters, "parameter");

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (mw_json_string (mw_json_item (parameters, "parameter", i), "name"), name) == 0)
      return mw_json_item (parameters, "parameter", i);
  return NULL;
}

/**
 * mw_site_match_patient:
 *
 * Patient/$match (FHIR R4 patient-operation-match.html).
 *
 * Returns: (transfer full) (nullable): a searchset, the likeliest first; NULL with @issues
 */
JsonNode *
mw_site_match_patient (MwSite   *self,
                       JsonNode *parameters,
                       MwIssues *issues)
{
  JsonNode  *wanted = mw_json_get (find_parameter (parameters, "resource"), "resource");
  gboolean   certain = mw_json_boolean (find_parameter (parameters, "onlyCertainMatches"), "valueBoolean", FALSE);
  gint64     count = mw_json_integer (find_parameter (parameters, "count"), "valueInteger", 20);
  GPtrArray *patients = mw_sandbox_store_list (self->store, "Patient");
  JsonNode  *bundle;
  guint      total = 0;

  if (!mw_validate (parameters, NULL, NULL, issues))
    return NULL;
  if (!mw_resource_is (parameters, "Parameters") || !mw_resource_is (wanted, "Patient"))
    {
      mw_issues_add (issues, 400, "required", "Parameters.parameter", "$match needs the Patient in a parameter called resource");
      return NULL;
    }
  if (!mw_json_has (wanted, "identifier") && !(mw_json_has (wanted, "name") && mw_json_has (wanted, "birthDate")))
    {
      mw_issues_add (issues, 422, "business-rule", "Parameters.parameter", "A match needs an identifier, or a name and a birth date");
      return NULL;
    }
  bundle = mw_resource_new ("Bundle");
  mw_json_set (bundle, "type", "searchset");
  for (guint score = 99; score >= 40 && total < count; score--)
    for (guint i = 0; patients != NULL && i < patients->len && total < count; i++)
      {
        MwRecord *record = g_ptr_array_index (patients, i);

        if (mw_record_resource (record) == NULL || grade (wanted, mw_record_resource (record)) != score || (certain && score < 95))
          continue;
        add_match (self, bundle, record, score);
        total++;
      }
  mw_json_set_integer (bundle, "total", total);
  return bundle;
}

static void
add_compartment (MwSite     *self,
                 const char *type,
                 const char *reference,
                 gint64      since,
                 GPtrArray  *out)
{
  const MwR4Param *param = mw_r4_param (type, "patient");
  GPtrArray       *list = mw_sandbox_store_list (self->store, type);
  char            *values[] = { (char *) reference, NULL };
  MwTerm           term;

  if (param == NULL || list == NULL)
    return;
  term = (MwTerm){ *param, NULL, NULL, values };
  for (guint i = 0; i < list->len; i++)
    {
      MwRecord *record = g_ptr_array_index (list, i);

      if (mw_record_resource (record) != NULL && mw_record_current (record)->updated >= since &&
          mw_term_matches (&term, mw_record_resource (record), self->store, self->url))
        g_ptr_array_add (out, record);
    }
}

/**
 * mw_site_everything:
 * @query: (nullable): _since and _type are heeded
 *
 * Patient/[id]/$everything (FHIR R4 patient-operation-everything.html).
 *
 * Returns: (transfer full) (nullable): a searchset; NULL with @issues
 */
JsonNode *
mw_site_everything (MwSite     *self,
                    const char *id,
                    const char *query,
                    MwIssues   *issues)
{
  MwRecord   *patient = mw_sandbox_store_find (self->store, "Patient", id);
  GPtrArray  *types = mw_r4_resource_types ();
  const char *all = query != NULL ? query : "";
  g_autoptr (GHashTable) pairs = NULL;
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  g_autofree char *reference = g_strconcat ("Patient/", id, NULL);
  g_auto (GStrv) wanted = NULL;
  const char *since_text;
  gint64      since = G_MININT64, end;

  if (patient == NULL || mw_record_resource (patient) == NULL)
    {
      mw_issues_add (issues, 404, "not-found", NULL, "There is no Patient of that id");
      return NULL;
    }
  pairs = g_uri_parse_params (all, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
  if (pairs == NULL)
    {
      mw_issues_add (issues, 400, "invalid", NULL, "The query cannot be read");
      return NULL;
    }
  since_text = g_hash_table_lookup (pairs, "_since");
  if (since_text != NULL && !mw_search_parse_date (since_text, &since, &end))
    {
      mw_issues_add (issues, 400, "value", NULL, "_since is no instant");
      return NULL;
    }
  if (g_hash_table_lookup (pairs, "_type") != NULL)
    wanted = g_strsplit (g_hash_table_lookup (pairs, "_type"), ",", -1);
  if (wanted == NULL || g_strv_contains ((const char *const *) wanted, "Patient"))
    g_ptr_array_add (found, patient);
  for (guint i = 0; i < types->len; i++)
    if (wanted == NULL || g_strv_contains ((const char *const *) wanted, g_ptr_array_index (types, i)))
      add_compartment (self, g_ptr_array_index (types, i), reference, since, found);
  return mw_site_bundle_of (self, found, NULL);
}
