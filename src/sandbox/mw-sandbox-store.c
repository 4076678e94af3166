/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox-store.h"

#include "mw-identity.h"
#include "mw-json.h"

struct _MwSandboxStore
{
  const MwDefinitions *definitions;
  MwSandboxClock      *clock;
  char                *name;
  GHashTable          *by_id;         /* "Type/id" → MwRecord */
  GHashTable          *by_type;       /* type → GPtrArray of MwRecord, in order of creation */
  GHashTable          *by_identifier; /* "Type|value" → GPtrArray of MwRecord */
  GPtrArray           *changed;       /* one MwRecord for each version put since begin */
  guint64              created;
  guint64              ids;
  gboolean             in_transaction;
};

static void
version_free (gpointer data)
{
  MwVersion *version = data;

  g_clear_pointer (&version->resource, json_node_unref);
  g_free (version);
}

static void
record_free (gpointer data)
{
  MwRecord *record = data;

  g_free (record->type);
  g_free (record->id);
  g_ptr_array_unref (record->versions);
  g_free (record);
}

MwSandboxStore *
mw_sandbox_store_new (MwSandboxClock      *clock,
                      const MwDefinitions *definitions,
                      const char          *name)
{
  MwSandboxStore *self = g_new0 (MwSandboxStore, 1);

  self->clock = clock;
  self->definitions = definitions;
  self->name = g_strdup (name);
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, record_free);
  self->by_type = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->by_identifier = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->changed = g_ptr_array_new ();
  return self;
}

void
mw_sandbox_store_free (MwSandboxStore *self)
{
  g_hash_table_unref (self->by_identifier);
  g_hash_table_unref (self->by_type);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->changed);
  g_free (self->name);
  g_free (self);
}

/**
 * mw_sandbox_store_get_definitions:
 *
 * Returns: (transfer none): the version of FHIR that its resources are of
 */
const MwDefinitions *
mw_sandbox_store_get_definitions (MwSandboxStore *self)
{
  return self->definitions;
}

MwVersion *
mw_record_current (MwRecord *self)
{
  return g_ptr_array_index (self->versions, self->versions->len - 1);
}

/**
 * mw_record_resource:
 *
 * Returns: (transfer none) (nullable): the resource as it is now; NULL when it was deleted
 */
JsonNode *
mw_record_resource (MwRecord *self)
{
  return mw_record_current (self)->resource;
}

guint
mw_record_version (MwRecord *self)
{
  return self->versions->len;
}

MwRecord *
mw_sandbox_store_find (MwSandboxStore *self,
                       const char     *type,
                       const char     *id)
{
  g_autofree char *key = g_strconcat (type, "/", id, NULL);

  return g_hash_table_lookup (self->by_id, key);
}

/**
 * mw_sandbox_store_get:
 *
 * Returns: (transfer none) (nullable): the resource, unless it never was or is deleted
 */
JsonNode *
mw_sandbox_store_get (MwSandboxStore *self,
                      const char     *type,
                      const char     *id)
{
  MwRecord *record = mw_sandbox_store_find (self, type, id);

  return record != NULL ? mw_record_resource (record) : NULL;
}

static GPtrArray *
ensure_list (GHashTable *table,
             const char *key)
{
  GPtrArray *list = g_hash_table_lookup (table, key);

  if (list == NULL)
    {
      list = g_ptr_array_new ();
      g_hash_table_insert (table, g_strdup (key), list);
    }
  return list;
}

static void
index_identifiers (MwSandboxStore *self,
                   MwRecord       *record,
                   JsonNode       *resource,
                   gboolean        add)
{
  guint n = mw_json_length (resource, "identifier");

  for (guint i = 0; i < n; i++)
    {
      const char      *value = mw_json_string (mw_json_item (resource, "identifier", i), "value");
      g_autofree char *key = g_strconcat (record->type, "|", value, NULL);
      GPtrArray       *list;

      if (value == NULL)
        continue;
      list = ensure_list (self->by_identifier, key);
      if (!add)
        g_ptr_array_remove (list, record);
      else if (!g_ptr_array_find (list, record, NULL))
        g_ptr_array_add (list, record);
    }
}

static void
add_version (MwSandboxStore *self,
             MwRecord       *record,
             JsonNode       *resource)
{
  MwVersion *version = g_new0 (MwVersion, 1);

  version->resource = resource;
  version->updated = mw_sandbox_clock_now (self->clock);
  g_ptr_array_add (record->versions, version);
  if (self->in_transaction)
    g_ptr_array_add (self->changed, record);
}

/**
 * mw_sandbox_store_new_id:
 *
 * Returns: (transfer full): an id never given before, the same in each run
 */
char *
mw_sandbox_store_new_id (MwSandboxStore *self)
{
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, ++self->ids);

  return mw_identity_derive (self->name, number);
}

/**
 * mw_sandbox_store_put:
 * @resource: (transfer full): a mutable resource; without an id it gets one
 *
 * Stores the next version of @resource, with its meta.versionId and meta.lastUpdated set.
 *
 * Returns: (transfer none): its record
 */
MwRecord *
mw_sandbox_store_put (MwSandboxStore *self,
                      JsonNode       *resource)
{
  const char      *type = mw_resource_type (resource);
  g_autofree char *updated = mw_sandbox_instant (mw_sandbox_clock_now (self->clock));
  g_autofree char *number = NULL;
  MwRecord        *record;

  if (mw_resource_id (resource) == NULL)
    {
      g_autofree char *id = mw_sandbox_store_new_id (self);

      mw_json_set (resource, "id", id);
    }
  record = mw_sandbox_store_find (self, type, mw_resource_id (resource));
  if (record == NULL)
    {
      record = g_new0 (MwRecord, 1);
      record->type = g_strdup (type);
      record->id = g_strdup (mw_resource_id (resource));
      record->number = self->created++;
      record->versions = g_ptr_array_new_with_free_func (version_free);
      g_hash_table_insert (self->by_id, g_strconcat (type, "/", record->id, NULL), record);
      g_ptr_array_add (ensure_list (self->by_type, type), record);
    }
  number = g_strdup_printf ("%u", record->versions->len + 1);
  mw_json_set (resource, "meta.versionId", number);
  mw_json_set (resource, "meta.lastUpdated", updated);
  add_version (self, record, resource);
  index_identifiers (self, record, resource, TRUE);
  return record;
}

void
mw_sandbox_store_delete (MwSandboxStore *self,
                         MwRecord       *record)
{
  add_version (self, record, NULL);
}

/**
 * mw_sandbox_store_list:
 *
 * Returns: (transfer none) (nullable) (element-type MwRecord): all of @type, oldest first, deleted
 *   ones among them
 */
GPtrArray *
mw_sandbox_store_list (MwSandboxStore *self,
                       const char     *type)
{
  return g_hash_table_lookup (self->by_type, type);
}

/**
 * mw_sandbox_store_by_identifier:
 * @system: (nullable): NULL for any
 *
 * Returns: (transfer container) (element-type MwRecord): those that have the identifier now
 */
GPtrArray *
mw_sandbox_store_by_identifier (MwSandboxStore *self,
                                const char     *type,
                                const char     *system,
                                const char     *value)
{
  g_autofree char *key = g_strconcat (type, "|", value, NULL);
  GPtrArray       *candidates = g_hash_table_lookup (self->by_identifier, key);
  GPtrArray       *found = g_ptr_array_new ();

  for (guint i = 0; candidates != NULL && i < candidates->len; i++)
    {
      MwRecord *record = g_ptr_array_index (candidates, i);
      JsonNode *resource = mw_record_resource (record);
      guint     n = mw_json_length (resource, "identifier");

      for (guint j = 0; j < n; j++)
        {
          JsonNode *identifier = mw_json_item (resource, "identifier", j);

          if (g_strcmp0 (mw_json_string (identifier, "value"), value) == 0 &&
              (system == NULL || g_strcmp0 (mw_json_string (identifier, "system"), system) == 0))
            {
              g_ptr_array_add (found, record);
              break;
            }
        }
    }
  return found;
}

void
mw_sandbox_store_begin (MwSandboxStore *self)
{
  g_return_if_fail (!self->in_transaction);

  self->in_transaction = TRUE;
}

void
mw_sandbox_store_commit (MwSandboxStore *self)
{
  g_ptr_array_set_size (self->changed, 0);
  self->in_transaction = FALSE;
}

static void
forget (MwSandboxStore *self,
        MwRecord       *record)
{
  g_autofree char *key = g_strconcat (record->type, "/", record->id, NULL);

  g_ptr_array_remove (g_hash_table_lookup (self->by_type, record->type), record);
  g_hash_table_remove (self->by_id, key);
}

/**
 * mw_sandbox_store_rollback:
 *
 * Undoes everything since mw_sandbox_store_begin().
 */
void
mw_sandbox_store_rollback (MwSandboxStore *self)
{
  for (guint i = self->changed->len; i > 0; i--)
    {
      MwRecord *record = g_ptr_array_index (self->changed, i - 1);
      JsonNode *resource = mw_record_resource (record);

      if (resource != NULL && record->versions->len == 1)
        index_identifiers (self, record, resource, FALSE);
      g_ptr_array_remove_index (record->versions, record->versions->len - 1);
      if (record->versions->len == 0)
        forget (self, record);
    }
  mw_sandbox_store_commit (self);
}
