/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-site.h"

#include "mw-auth-access.h"

#include "mw-identity.h"
#include "mw-json.h"

#include <string.h>

/* searches whose next pages are kept; the oldest go first, and their links are 410 then */
#define MAX_PAGED_SEARCHES 64

/* One result of a search, frozen: what comes later does not shift the pages */
typedef struct
{
  MwRecord *record;
  JsonNode *resource;
  gboolean  included;
} Hit;

static void
hit_free (gpointer data)
{
  Hit *hit = data;

  json_node_unref (hit->resource);
  g_free (hit);
}

static GPtrArray *
freeze (GPtrArray *records,
        gboolean   included)
{
  GPtrArray *hits = g_ptr_array_new_with_free_func (hit_free);

  for (guint i = 0; i < records->len; i++)
    {
      Hit *hit = g_new0 (Hit, 1);

      hit->record = g_ptr_array_index (records, i);
      hit->resource = json_node_ref (mw_record_resource (hit->record));
      hit->included = included;
      g_ptr_array_add (hits, hit);
    }
  return hits;
}

static JsonNode *
bundle_new (MwSite *self,
            guint   total)
{
  JsonNode        *bundle = mw_resource_new ("Bundle");
  g_autofree char *now = mw_sandbox_instant (mw_sandbox_clock_now (self->clock));

  mw_json_set (bundle, "meta.lastUpdated", now);
  mw_json_set (bundle, "type", "searchset");
  mw_json_set_integer (bundle, "total", total);
  return bundle;
}

static void
add_link (JsonNode   *bundle,
          const char *relation,
          const char *url)
{
  JsonNode *link = mw_json_object_new ();

  mw_json_set (link, "relation", relation);
  mw_json_set (link, "url", url);
  mw_json_take (bundle, "link[+]", link);
}

static void
add_hit (MwSite    *self,
         JsonArray *entries,
         const Hit *hit)
{
  JsonNode        *entry = mw_json_object_new ();
  g_autofree char *url = g_strdup_printf ("%s/%s/%s", self->url, hit->record->type, hit->record->id);

  mw_json_set (entry, "fullUrl", url);
  mw_json_take (entry, "resource", json_node_ref (hit->resource));
  mw_json_set (entry, "search.mode", hit->included ? "include" : "match");
  json_array_add_element (entries, entry);
}

static void
take_entries (JsonNode  *bundle,
              JsonArray *entries)
{
  JsonNode *node;

  if (json_array_get_length (entries) > 0)
    {
      node = json_node_new (JSON_NODE_ARRAY);
      json_node_set_array (node, entries);
      mw_json_take (bundle, "entry", node);
    }
}

/* keeps @hits for later pages under a new token */
static const char *
keep (MwSite    *self,
      GPtrArray *hits)
{
  g_autofree char *number = g_strdup_printf ("page-%u", ++self->page_number);
  char            *token = mw_identity_derive (self->name, number);

  while (g_queue_get_length (self->page_order) >= MAX_PAGED_SEARCHES)
    {
      const char *oldest = g_queue_pop_head (self->page_order);

      g_hash_table_remove (self->pages, oldest);
    }
  g_hash_table_insert (self->pages, token, g_ptr_array_ref (hits));
  g_queue_push_tail (self->page_order, token);
  return token;
}

static JsonNode *
build_page (MwSite             *self,
            GPtrArray          *hits,
            const char         *token,
            guint               offset,
            guint               count,
            MwSearch           *search,
            const MwAuthAccess *access)
{
  JsonNode *bundle = bundle_new (self, hits->len);
  g_autoptr (JsonArray) entries = json_array_new ();
  g_autoptr (GPtrArray) page = g_ptr_array_new ();
  g_autofree char *self_link = search != NULL ? mw_search_self_link (search) : NULL;

  if (self_link != NULL)
    add_link (bundle, "self", self_link);
  for (guint i = offset; i < hits->len && i < offset + count; i++)
    {
      Hit *hit = g_ptr_array_index (hits, i);

      add_hit (self, entries, hit);
      g_ptr_array_add (page, hit->record);
    }
  if (offset + count < hits->len)
    {
      g_autofree char *next = NULL;

      if (token == NULL)
        token = keep (self, hits);
      next = g_strdup_printf ("%s?_getpages=%s&_offset=%u&_count=%u", self->url, token, offset + count, count);
      add_link (bundle, "next", next);
    }
  if (search != NULL)
    {
      g_autoptr (GPtrArray) records = g_ptr_array_new ();
      g_autoptr (GPtrArray) included = NULL;

      mw_search_add_includes (search, page, records);
      mw_auth_access_keep_visible (access, self, records);
      included = freeze (records, TRUE);
      for (guint i = 0; i < included->len; i++)
        add_hit (self, entries, g_ptr_array_index (included, i));
    }
  take_entries (bundle, entries);
  return bundle;
}

/**
 * mw_site_page:
 *
 * Returns: (transfer full) (nullable): a further page of an earlier search; NULL with 410 in @issues
 *   when that was forgotten
 */
JsonNode *
mw_site_page (MwSite             *self,
              const char         *token,
              guint               offset,
              guint               count,
              const MwAuthAccess *access,
              MwIssues           *issues)
{
  GPtrArray *hits = g_hash_table_lookup (self->pages, token);

  if (hits == NULL)
    {
      mw_issues_add (issues, 410, "expired", NULL, "This page is no longer kept; repeat the search");
      return NULL;
    }
  /* the link of one client does not open the search to another */
  for (guint i = 0; i < hits->len; i++)
    if (!mw_auth_access_check_resource (access, MW_ACTION_SEARCH | MW_ACTION_READ, self, ((Hit *) g_ptr_array_index (hits, i))->resource, NULL, issues))
      return NULL;
  return build_page (self, hits, token, offset, MAX (count, 1), NULL, access);
}

static void
add_ignored (JsonNode *bundle,
             MwSearch *search)
{
  GPtrArray *ignored = mw_search_get_ignored (search);

  for (guint i = 0; i < ignored->len; i++)
    {
      JsonNode        *entry = mw_json_object_new ();
      g_autofree char *text = g_strdup_printf ("The search parameter “%s” is not known and was left out", (char *) g_ptr_array_index (ignored, i));

      mw_json_take (entry, "resource", mw_outcome_new ("warning", "not-supported", text));
      mw_json_set (entry, "search.mode", "outcome");
      mw_json_take (bundle, "entry[+]", entry);
    }
}

/**
 * mw_site_bundle_of:
 * @records: (element-type MwRecord)
 * @search: (nullable): adds the includes and the links
 * @access: (nullable): what the client may see
 *
 * Returns: (transfer full): a searchset
 */
JsonNode *
mw_site_bundle_of (MwSite             *self,
                   GPtrArray          *records,
                   MwSearch           *search,
                   const MwAuthAccess *access)
{
  g_autoptr (GPtrArray) hits = NULL;

  mw_auth_access_keep_visible (access, self, records);
  hits = freeze (records, FALSE);
  return build_page (self, hits, NULL, 0, search != NULL ? mw_search_get_count (search) : G_MAXUINT / 2, search, access);
}

/**
 * mw_site_search:
 *
 * Returns: (transfer full) (nullable): the first page; NULL with @issues
 */
JsonNode *
mw_site_search (MwSite             *self,
                const char         *type,
                const char         *query,
                gboolean            lenient,
                const MwAuthAccess *access,
                MwIssues           *issues)
{
  g_autoptr (MwSearch) search = mw_search_new (self->store, self->url, type, query, lenient, issues);
  g_autoptr (GPtrArray) found = NULL;
  JsonNode *bundle;

  if (mw_issues_any (issues))
    return NULL;
  found = mw_search_run (search);
  mw_auth_access_keep_visible (access, self, found);
  if (mw_search_is_summary_count (search))
    {
      g_autofree char *link = mw_search_self_link (search);

      bundle = bundle_new (self, found->len);
      add_link (bundle, "self", link);
    }
  else
    bundle = mw_site_bundle_of (self, found, search, access);
  add_ignored (bundle, search);
  return bundle;
}
