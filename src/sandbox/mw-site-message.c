/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-site.h"

#include "mw-json.h"
#include "mw-rewrite.h"
#include "mw-search-private.h"
#include "mw-validate.h"

#include <string.h>

/* A message on its way into the records of the receiver */
typedef struct
{
  MwSite     *site;
  JsonNode   *bundle;
  GHashTable *targets; /* fullUrl, and "Type/id" of the sender, → "Type/id" here */
  GPtrArray  *filed;   /* MwRecord that were written */
  MwIssues   *issues;
} Message;

/* who they are is the receiver's to say: what a message tells of them is only looked up */
static gboolean
is_known_party (const char *type)
{
  static const char *const types[] = { "Patient", "Practitioner", "PractitionerRole", "Organization", "Location", "Endpoint", NULL };

  return g_strv_contains (types, type);
}

/* what is done once, however often it is said */
static gboolean
is_once (const char *type)
{
  static const char *const types[] = { "Task", "ServiceRequest", "Communication", "CommunicationRequest", NULL };

  return g_strv_contains (types, type);
}

static MwRecord *
find_same (MwSite   *self,
           JsonNode *resource)
{
  guint n = mw_json_length (resource, "identifier");

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *identifier = mw_json_item (resource, "identifier", i);
      const char *value = mw_json_string (identifier, "value");
      g_autoptr (GPtrArray) found = NULL;

      if (value == NULL)
        continue;
      found = mw_sandbox_store_by_identifier (self->store, mw_resource_type (resource), mw_json_string (identifier, "system"), value);
      if (found->len > 0)
        return g_ptr_array_index (found, 0);
    }
  return NULL;
}

static void
settle_entry (Message  *m,
              JsonNode *entry)
{
  JsonNode   *resource = mw_json_get (entry, "resource");
  const char *type = mw_resource_type (resource), *url = mw_json_string (entry, "fullUrl");
  MwRecord   *same = find_same (m->site, resource);
  char       *id = same != NULL ? g_strdup (same->id) : mw_sandbox_store_new_id (m->site->store);
  char       *target = g_strconcat (type, "/", id, NULL);

  if (url != NULL)
    g_hash_table_insert (m->targets, g_strdup (url), g_strdup (target));
  if (mw_resource_id (resource) != NULL)
    g_hash_table_insert (m->targets, g_strconcat (type, "/", mw_resource_id (resource), NULL), g_strdup (target));
  g_free (target);
  g_free (id);
}

static char *
rewrite (const char *literal,
         gpointer    user_data)
{
  Message    *m = user_data;
  const char *target = g_hash_table_lookup (m->targets, literal);

  return g_strdup (target);
}

static void
file_entry (Message  *m,
            JsonNode *entry)
{
  JsonNode        *resource = mw_json_copy (mw_json_get (entry, "resource"));
  MwRecord        *same = find_same (m->site, resource);
  JsonNode        *own = mw_json_get (entry, "resource");
  g_autofree char *own_key = g_strconcat (mw_resource_type (own), "/", mw_resource_id (own), NULL);
  const char      *url = mw_json_string (entry, "fullUrl");
  const char      *target = g_hash_table_lookup (m->targets, url != NULL ? url : own_key);

  if (same != NULL && (is_known_party (same->type) || is_once (same->type)))
    {
      json_node_unref (resource);
      return;
    }
  mw_rewrite_references (resource, rewrite, m);
  mw_json_set (resource, "id", strchr (target, '/') + 1);
  g_ptr_array_add (m->filed, mw_sandbox_store_put (m->site->store, resource));
}

static void
check_focus (Message  *m,
             JsonNode *header)
{
  guint n = mw_json_length (header, "focus");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("Bundle.entry[0].resource.focus[%u]", i);
      const char      *literal = mw_json_string (mw_json_item (header, "focus", i), "reference");

      if (literal == NULL || g_hash_table_lookup (m->targets, literal) == NULL)
        mw_issues_add (m->issues, 422, "not-found", path, "What the message is about has to be in the message");
    }
}

static void
check_form (MwSite   *self,
            JsonNode *bundle,
            MwIssues *issues)
{
  guint n = mw_json_length (bundle, "entry");

  if (!mw_resource_is (bundle, "Bundle") || g_strcmp0 (mw_json_string (bundle, "type"), "message") != 0)
    {
      mw_issues_add (issues, 400, "invalid", "Bundle.type", "$process-message takes a Bundle of type message");
      return;
    }
  if (!mw_validate_as (self->definitions, bundle, NULL, self->url, issues))
    return;
  if (!mw_json_has (bundle, "timestamp"))
    mw_issues_add (issues, 400, "required", "Bundle.timestamp", "A message has a timestamp");
  if (mw_json_string (bundle, "entry[0].resource.id") == NULL)
    mw_issues_add (issues, 400, "required", "Bundle.entry[0].resource.id", "A MessageHeader has an id, by which a repeat is known");
  for (guint i = 0; i < n; i++)
    {
      JsonNode        *entry = mw_json_item (bundle, "entry", i);
      g_autofree char *path = g_strdup_printf ("Bundle.entry[%u]", i);

      if (!mw_json_has (entry, "fullUrl"))
        mw_issues_add (issues, 400, "required", path, "An entry of a message has a fullUrl");
      if (!mw_json_has (entry, "resource"))
        mw_issues_add (issues, 400, "required", path, "An entry of a message has a resource");
    }
}

static void
check_filed (Message *m)
{
  for (guint i = 0; i < m->filed->len; i++)
    {
      MwRecord *record = g_ptr_array_index (m->filed, i);
      g_autoptr (MwIssues) issues = mw_issues_new ();
      g_autofree char *prefix = g_strconcat ("Bundle.entry.resource.ofType(", record->type, ")", NULL);

      if (mw_validate (mw_record_resource (record), m->site->store, m->site->url, issues))
        mw_site_check_create (m->site, mw_record_resource (record), issues);
      if (mw_issues_any (issues))
        mw_issues_merge (m->issues, issues, prefix);
    }
}

static void
unpack (Message *m)
{
  guint n = mw_json_length (m->bundle, "entry");

  for (guint i = 1; i < n; i++)
    settle_entry (m, mw_json_item (m->bundle, "entry", i));
  check_focus (m, mw_json_get (m->bundle, "entry[0].resource"));
  for (guint i = 1; i < n && !mw_issues_any (m->issues); i++)
    file_entry (m, mw_json_item (m->bundle, "entry", i));
  check_filed (m);
}

/**
 * mw_site_process_message:
 * @bundle: a message
 *
 * Takes a message (FHIR R4 messaging.html): keeps the Bundle as it came, and files what is in it. A
 * message whose MessageHeader.id is known is taken again without effect.
 *
 * Returns: whether it was taken; else @issues
 */
gboolean
mw_site_process_message (MwSite   *self,
                         JsonNode *bundle,
                         MwIssues *issues)
{
  g_autoptr (GHashTable) targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) filed = g_ptr_array_new ();
  Message     m = { self, bundle, targets, filed, issues };
  const char *id;
  JsonNode   *copy;
  MwRecord   *kept;

  check_form (self, bundle, issues);
  if (mw_issues_any (issues))
    return FALSE;
  id = mw_json_string (bundle, "entry[0].resource.id");
  if (g_hash_table_contains (self->messages, id))
    return TRUE;

  mw_sandbox_store_begin (self->store);
  unpack (&m);
  if (mw_issues_any (issues))
    {
      mw_sandbox_store_rollback (self->store);
      return FALSE;
    }
  copy = mw_json_copy (bundle);
  mw_json_remove (copy, "id");
  kept = mw_sandbox_store_put (self->store, copy);
  mw_sandbox_store_commit (self->store);

  g_hash_table_insert (self->messages, g_strdup (id), g_strdup (kept->id));
  self->message = g_strdup (id);
  for (guint i = 0; i < filed->len; i++)
    mw_site_notice (self, g_ptr_array_index (filed, i), NULL);
  mw_site_notice (self, kept, NULL);
  g_clear_pointer (&self->message, g_free);
  return TRUE;
}
