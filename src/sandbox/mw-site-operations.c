/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-site.h"

#include "mw-json.h"
#include "mw-definitions.h"
#include "mw-search-private.h"

static void
add_compartment (MwSite     *self,
                 const char *type,
                 const char *reference,
                 gint64      since,
                 GPtrArray  *out)
{
  const MwSearchParam *param = mw_definitions_param (self->definitions, type, "patient");
  GPtrArray           *list = mw_sandbox_store_list (self->store, type);
  char                *values[] = { (char *) reference, NULL };
  MwTerm               term;

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
mw_site_everything (MwSite             *self,
                    const char         *id,
                    const char         *query,
                    const MwAuthAccess *access,
                    MwIssues           *issues)
{
  MwRecord   *patient = mw_sandbox_store_find (self->store, "Patient", id);
  GPtrArray  *types = mw_definitions_resource_types (self->definitions);
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
  return mw_site_bundle_of (self, found, NULL, access);
}
