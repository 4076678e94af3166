/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-auth-access.h"
#include "mw-rest.h"
#include "mw-rewrite.h"

#include "mw-json.h"
#include "mw-validate.h"

#include <string.h>

/* One entry of a transaction, on its way */
typedef struct
{
  guint       index;
  const char *method;
  char       *url;   /* request.url without its query */
  char       *query; /* (nullable) */
  char       *type;
  char       *id; /* (nullable): what it is or will be */
  const char *full_url;
  JsonNode   *resource; /* (nullable): a copy that can be written to */
  JsonNode   *before;   /* (nullable) */
  MwRecord   *record;   /* the outcome */
  gboolean    existed;  /* a conditional create that found something */
} Entry;

typedef struct
{
  MwSite             *site;
  GPtrArray          *entries;
  GHashTable         *targets; /* fullUrl → "Type/id" */
  const MwAuthAccess *access;  /* (nullable) */
  MwIssues           *issues;
} Transaction;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->url);
  g_free (entry->query);
  g_free (entry->type);
  g_free (entry->id);
  g_clear_pointer (&entry->resource, json_node_unref);
  g_clear_pointer (&entry->before, json_node_unref);
  g_free (entry);
}

static void
fault (Transaction *t,
       const Entry *entry,
       guint        status,
       const char  *code,
       const char  *text)
{
  g_autofree char *path = g_strdup_printf ("Bundle.entry[%u]", entry->index);

  mw_issues_add (t->issues, status, code, path, "%s", text);
}

static Entry *
read_entry (Transaction *t,
            JsonNode    *node,
            guint        index)
{
  Entry      *entry = g_new0 (Entry, 1);
  const char *url = mw_json_string (node, "request.url");
  g_auto (GStrv) part = NULL;
  g_auto (GStrv) path = NULL;

  entry->index = index;
  entry->method = mw_json_string (node, "request.method");
  entry->full_url = mw_json_string (node, "fullUrl");
  if (entry->method == NULL || url == NULL)
    {
      fault (t, entry, 400, "required", "An entry needs request.method and request.url");
      return entry;
    }
  if (*url == '/' || strstr (url, "://") != NULL)
    fault (t, entry, 400, "value", "request.url is relative to the base, without a slash in front");
  part = g_strsplit (url, "?", 2);
  path = g_strsplit (part[0], "/", 3);
  entry->url = g_strdup (part[0]);
  entry->query = g_strdup (part[1]);
  entry->type = g_strdup (path[0] != NULL ? path[0] : "");
  entry->id = g_strdup (path[0] != NULL ? path[1] : NULL);
  if (mw_json_is_object (mw_json_get (node, "resource")))
    entry->resource = mw_json_copy (mw_json_get (node, "resource"));
  if ((g_str_equal (entry->method, "POST") || g_str_equal (entry->method, "PUT")) && entry->resource == NULL)
    fault (t, entry, 400, "required", "An entry that writes needs a resource");
  else if (entry->resource != NULL && !mw_resource_is (entry->resource, entry->type))
    fault (t, entry, 400, "invalid", "The resource is not of the type that request.url names");
  return entry;
}

static MwAction
action_of (const Entry *entry)
{
  if (g_str_equal (entry->method, "POST"))
    return MW_ACTION_CREATE;
  if (g_str_equal (entry->method, "PUT"))
    return MW_ACTION_UPDATE;
  if (g_str_equal (entry->method, "DELETE"))
    return MW_ACTION_DELETE;
  return entry->id != NULL ? MW_ACTION_READ : MW_ACTION_SEARCH;
}

/* Finds out what each entry will be, so that others can refer to it */
static void
settle_identity (Transaction *t,
                 Entry       *entry,
                 JsonNode    *node)
{
  const char      *condition = g_str_equal (entry->method, "POST") ? mw_json_string (node, "request.ifNoneExist") : entry->query;
  MwRecord        *found = NULL;
  gboolean         writes = g_str_equal (entry->method, "POST") || g_str_equal (entry->method, "PUT");
  g_autofree char *path = g_strdup_printf ("Bundle.entry[%u]", entry->index);

  if (!mw_auth_access_check (t->access, action_of (entry), entry->type, path, t->issues) || !writes)
    return;
  if (!mw_site_takes (t->site, entry->type))
    {
      fault (t, entry, 405, "not-supported", "This server does not take that type");
      return;
    }
  if (condition != NULL)
    {
      found = mw_site_match (t->site, entry->type, condition, t->issues);
      entry->existed = found != NULL && g_str_equal (entry->method, "POST");
      g_free (entry->id);
      entry->id = found != NULL ? g_strdup (found->id) : NULL;
      entry->record = entry->existed ? found : NULL;
    }
  else if (g_str_equal (entry->method, "POST") && entry->id != NULL)
    fault (t, entry, 400, "value", "A POST goes to a type, not to an id");
  if (entry->id == NULL)
    entry->id = mw_sandbox_store_new_id (t->site->store);
  else if (found == NULL && g_str_equal (entry->method, "PUT") && (t->site->abilities & MW_SITE_CLIENT_IDS) == 0 &&
           mw_sandbox_store_find (t->site->store, entry->type, entry->id) == NULL)
    fault (t, entry, 405, "not-supported", "There is no such resource, and this server chooses the ids itself");
  if (entry->full_url != NULL)
    g_hash_table_insert (t->targets, g_strdup (entry->full_url), g_strconcat (entry->type, "/", entry->id, NULL));
}

/* (FHIR R4 http.html#trules): a fullUrl of the Bundle, or a conditional reference */
static char *
rewrite (const char *literal,
         gpointer    user_data)
{
  Transaction *t = user_data;
  const char  *target = g_hash_table_lookup (t->targets, literal);
  const char  *mark = strchr (literal, '?');

  if (target != NULL)
    return g_strdup (target);
  if (mark != NULL && memchr (literal, ':', (gsize) (mark - literal)) == NULL)
    {
      g_autofree char *type = g_strndup (literal, (gsize) (mark - literal));
      MwRecord        *found = mw_site_knows (t->site, type) ? mw_site_match (t->site, type, mark + 1, t->issues) : NULL;

      if (found != NULL)
        return g_strconcat (type, "/", found->id, NULL);
      mw_issues_add (t->issues, 412, "not-found", NULL, "A conditional reference does not lead to exactly one resource");
    }
  return NULL;
}

static void
write_entry (Transaction *t,
             Entry       *entry,
             JsonNode    *node)
{
  MwRecord   *existing;
  const char *if_match = mw_json_string (node, "request.ifMatch");

  if (entry->existed)
    return;
  existing = mw_sandbox_store_find (t->site->store, entry->type, entry->id);
  if (g_str_equal (entry->method, "DELETE"))
    {
      if (existing != NULL && mw_record_resource (existing) != NULL &&
          mw_auth_access_check_resource (t->access, MW_ACTION_DELETE, t->site, mw_record_resource (existing), NULL, t->issues))
        mw_sandbox_store_delete (t->site->store, existing);
      return;
    }
  if (existing != NULL && !mw_site_check_version (existing, if_match, t->issues))
    return;
  if (existing != NULL && mw_record_resource (existing) != NULL)
    entry->before = json_node_ref (mw_record_resource (existing));
  mw_json_set (entry->resource, "id", entry->id);
  entry->record = mw_sandbox_store_put (t->site->store, json_node_ref (entry->resource));
}

static void
check_written (Transaction *t,
               Entry       *entry)
{
  g_autoptr (MwIssues) issues = NULL;
  g_autofree char *path = NULL;

  if (entry->existed || entry->record == NULL)
    return;
  issues = mw_issues_new ();
  path = g_strdup_printf ("Bundle.entry[%u].resource", entry->index);
  if (!mw_auth_access_check_resource (t->access, action_of (entry), t->site, entry->resource, path, t->issues) ||
      (entry->before != NULL && !mw_auth_access_check_resource (t->access, action_of (entry), t->site, entry->before, path, t->issues)))
    return;
  if (mw_validate (entry->resource, t->site->store, t->site->url, issues))
    {
      if (entry->before != NULL)
        mw_site_check_update (t->site, entry->before, entry->resource, issues);
      else
        mw_site_check_create (t->site, entry->resource, issues);
    }
  if (mw_issues_any (issues))
    mw_issues_merge (t->issues, issues, path);
}

static void
check_twice (Transaction *t)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < t->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (t->entries, i);

      if (entry->id != NULL && !entry->existed && !g_str_equal (entry->method, "GET") &&
          !g_hash_table_add (seen, g_strconcat (entry->type, "/", entry->id, NULL)))
        fault (t, entry, 400, "duplicate", "Two entries write the same resource");
    }
}

static void
write_all (Transaction *t,
           JsonNode    *bundle)
{
  static const char *const order[] = { "DELETE", "POST", "PUT" };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    for (guint j = 0; j < t->entries->len && !mw_issues_any (t->issues); j++)
      {
        Entry *entry = g_ptr_array_index (t->entries, j);

        if (g_str_equal (entry->method, order[i]))
          write_entry (t, entry, mw_json_item (bundle, "entry", j));
      }
  for (guint i = 0; i < t->entries->len; i++)
    check_written (t, g_ptr_array_index (t->entries, i));
}

static const char *
reason (guint status)
{
  return status == 201 ? "201 Created" : status == 204 ? "204 No Content"
                                                       : "200 OK";
}

static JsonNode *
respond (Entry   *entry,
         gboolean minimal)
{
  JsonNode *node = mw_json_object_new ();

  if (entry->record == NULL)
    {
      mw_json_set (node, "response.status", reason (204));
      return node;
    }
  {
    guint            version = mw_record_version (entry->record);
    g_autofree char *location = g_strdup_printf ("%s/%s/_history/%u", entry->record->type, entry->record->id, version);
    g_autofree char *etag = g_strdup_printf ("W/\"%u\"", version);
    g_autofree char *when = mw_sandbox_instant (mw_record_current (entry->record)->updated);

    if (!minimal)
      mw_json_take (node, "resource", json_node_ref (mw_record_resource (entry->record)));
    mw_json_set (node, "response.status", reason (entry->existed || entry->before != NULL ? 200 : 201));
    mw_json_set (node, "response.location", location);
    mw_json_set (node, "response.etag", etag);
    mw_json_set (node, "response.lastModified", when);
  }
  return node;
}

/* One entry of a batch, or a read in a transaction, is a request like any other */
static JsonNode *
run_alone (MwSite             *site,
           JsonNode           *entry,
           const MwAuthAccess *access)
{
  g_autoptr (MwReply) reply = NULL;
  g_autofree char *body = mw_json_has (entry, "resource") ? mw_json_to_text (mw_json_get (entry, "resource"), FALSE) : NULL;
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
  const char *url = mw_json_string (entry, "request.url");
  g_auto (GStrv) part = g_strsplit (url != NULL ? url : "", "?", 2);
  MwRequest        request = { mw_json_string (entry, "request.method"), part[0] != NULL ? part[0] : "", part[0] != NULL ? part[1] : NULL,
                               NULL, "application/fhir+json", mw_json_string (entry, "request.ifMatch"), NULL, mw_json_string (entry, "request.ifNoneExist"), NULL, bytes, NULL, access };
  JsonNode        *node = mw_json_object_new ();
  g_autofree char *status = NULL;

  if (request.method == NULL || *request.path == '\0' || *request.path == '/')
    {
      mw_json_set (node, "response.status", "400");
      mw_json_take (node, "response.outcome", mw_outcome_new ("error", "required", "An entry needs request.method and a relative request.url"));
      return node;
    }
  reply = mw_rest_handle (site, &request);
  status = g_strdup_printf ("%u", reply->status);
  mw_json_set (node, "response.status", status);
  mw_json_set (node, "response.location", reply->location);
  mw_json_set (node, "response.etag", reply->etag);
  if (reply->resource != NULL)
    mw_json_take (node, reply->status >= 400 ? "response.outcome" : "resource", json_node_ref (reply->resource));
  return node;
}

static JsonNode *
process_batch (MwSite             *self,
               JsonNode           *bundle,
               const MwAuthAccess *access)
{
  JsonNode *response = mw_resource_new ("Bundle");
  guint     n = mw_json_length (bundle, "entry");

  mw_json_set (response, "type", "batch-response");
  for (guint i = 0; i < n; i++)
    mw_json_take (response, "entry[+]", run_alone (self, mw_json_item (bundle, "entry", i), access));
  return response;
}

static JsonNode *
finish (Transaction *t,
        JsonNode    *bundle,
        gboolean     minimal)
{
  JsonNode *response = mw_resource_new ("Bundle");

  mw_json_set (response, "type", "transaction-response");
  for (guint i = 0; i < t->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (t->entries, i);

      if (g_str_equal (entry->method, "GET") || g_str_equal (entry->method, "HEAD"))
        mw_json_take (response, "entry[+]", run_alone (t->site, mw_json_item (bundle, "entry", i), t->access));
      else
        mw_json_take (response, "entry[+]", respond (entry, minimal));
      if (entry->record != NULL && !entry->existed)
        mw_site_notice (t->site, entry->record, entry->before);
    }
  return response;
}

static JsonNode *
process_transaction (MwSite             *self,
                     JsonNode           *bundle,
                     gboolean            minimal,
                     const MwAuthAccess *access,
                     MwIssues           *issues)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr (GHashTable) targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Transaction t = { self, entries, targets, access, issues };
  guint       n = mw_json_length (bundle, "entry");

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (entries, read_entry (&t, mw_json_item (bundle, "entry", i), i));
  for (guint i = 0; i < n && !mw_issues_any (issues); i++)
    settle_identity (&t, g_ptr_array_index (entries, i), mw_json_item (bundle, "entry", i));
  if (!mw_issues_any (issues))
    check_twice (&t);
  for (guint i = 0; i < n && !mw_issues_any (issues); i++)
    mw_rewrite_references (((Entry *) g_ptr_array_index (entries, i))->resource, rewrite, &t);
  if (mw_issues_any (issues))
    return NULL;

  mw_sandbox_store_begin (self->store);
  write_all (&t, bundle);
  if (mw_issues_any (issues))
    {
      mw_sandbox_store_rollback (self->store);
      return NULL;
    }
  mw_sandbox_store_commit (self->store);
  return finish (&t, bundle, minimal);
}

/* In a batch each entry answers for itself: only the envelope has to be right */
static JsonNode *
without_resources (JsonNode *bundle)
{
  JsonNode *copy = mw_json_copy (bundle);
  guint     n = mw_json_length (copy, "entry");

  for (guint i = 0; i < n; i++)
    if (mw_json_is_object (mw_json_item (copy, "entry", i)))
      mw_json_remove (mw_json_item (copy, "entry", i), "resource");
  return copy;
}

/**
 * mw_site_process_bundle:
 * @access: (nullable): what the token allows; each entry is checked
 * @minimal: whether the answer leaves the resources out (Prefer: return=minimal)
 *
 * Carries out a batch or a transaction (FHIR R4 http.html#transaction); the latter whole or not at all.
 *
 * Returns: (transfer full) (nullable): the response Bundle, or NULL with @issues
 */
JsonNode *
mw_site_process_bundle (MwSite             *self,
                        JsonNode           *bundle,
                        gboolean            minimal,
                        const MwAuthAccess *access,
                        MwIssues           *issues)
{
  const char *type = mw_json_string (bundle, "type");
  g_autoptr (JsonNode) envelope = NULL;

  if (!mw_resource_is (bundle, "Bundle") || (g_strcmp0 (type, "batch") != 0 && g_strcmp0 (type, "transaction") != 0))
    {
      mw_issues_add (issues, 400, "invalid", "Bundle.type", "The base takes a Bundle of type batch or transaction");
      return NULL;
    }
  envelope = g_str_equal (type, "batch") ? without_resources (bundle) : json_node_ref (bundle);
  if (!mw_validate_as (self->definitions, envelope, NULL, self->url, issues))
    return NULL;
  return g_str_equal (type, "batch") ? process_batch (self, bundle, access) : process_transaction (self, bundle, minimal, access, issues);
}
