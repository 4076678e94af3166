/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-audit-bundle.h"

#include "mw-audit-note.h"
#include "mw-fhir-date.h"
#include "mw-item.h"
#include "mw-journal.h"
#include "mw-json-canonical.h"
#include "mw-request.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_QUARK (mw_audit_bundle_error, mw_audit_bundle_error)

static const char how_to_check[] =
    "row.hash = SHA-256, in hex, over these values in this order, each as a netstring (length in bytes, ':', UTF-8, ',') and '-,' for null: "
    "the word 'meanwhile-audit-1', row, atMicroseconds, actor, agent, event, item, entry, connection, authority, request, bodyDigest, httpStatus, "
    "detail, previous; numbers in decimal. row.previous = hash of the row before. digest = SHA-256, in hex, over this document without the member "
    "'digest' in the form of RFC 8785. Only the rows are bound to the chain; items are what the program knows besides.";

/* ---- making ---------------------------------------------------------- */

static void
set (JsonNode   *node,
     const char *member,
     const char *value)
{
  if (value != NULL)
    mw_json_set (node, member, value);
  else
    mw_json_take (node, member, json_node_init_null (json_node_alloc ()));
}

static void
set_time (JsonNode   *node,
          const char *member,
          gint64      at)
{
  g_autofree char *text = at > 0 ? mw_fhir_date_from_unix (at) : NULL;

  set (node, member, text);
}

static JsonNode *
new_list (void)
{
  JsonNode *list = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (list, json_array_new ());
  return list;
}

static void
append (JsonNode *list,
        JsonNode *node)
{
  json_array_add_element (json_node_get_array (list), node);
}

/**
 * mw_audit_row_to_json:
 *
 * Returns: (transfer full): all that the row's hash is made of, and the hash
 */
JsonNode *
mw_audit_row_to_json (const MwAuditRow *row)
{
  JsonNode *node = mw_json_object_new ();

  mw_json_set_integer (node, "row", row->id);
  set_time (node, "at", row->at);
  mw_json_set_integer (node, "atMicroseconds", row->at);
  set (node, "actor", row->actor);
  set (node, "agent", row->agent);
  set (node, "event", row->event);
  set (node, "item", row->item);
  set (node, "entry", row->entry);
  set (node, "connection", row->connection);
  set (node, "authority", row->authority);
  set (node, "request", row->request);
  set (node, "bodyDigest", row->body_digest);
  if (row->http_status != 0)
    mw_json_set_integer (node, "httpStatus", row->http_status);
  else
    set (node, "httpStatus", NULL);
  set (node, "detail", row->detail);
  set (node, "previous", row->previous);
  set (node, "hash", row->hash);
  return node;
}

static JsonNode *
attempts_of (MwDb  *db,
             gint64 request)
{
  JsonNode *list = new_list ();
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (!mw_query_init (&query, db, NULL, "SELECT started, ended, outcome, http_status FROM attempts WHERE request = ?1 ORDER BY id", "i", request))
    return list;
  while (mw_query_step (&query, NULL))
    {
      JsonNode *node = mw_json_object_new ();

      set_time (node, "started", mw_query_int (&query, 0));
      set_time (node, "ended", mw_query_int (&query, 1));
      set (node, "outcome", mw_query_text (&query, 2));
      mw_json_set_integer (node, "httpStatus", mw_query_int (&query, 3));
      append (list, node);
    }
  return list;
}

static JsonNode *
requests_of (MwDb         *db,
             const MwItem *item)
{
  static const char *const states[] = { "pending", "under-way", "done", "unknown", "failed" };
  g_autoptr (GPtrArray) requests = mw_requests_of_item (db, item->id, NULL);
  g_autofree char *base = mw_db_get_text (db, "SELECT url FROM connections WHERE id = ?1", "i", item->connection);
  JsonNode        *list = new_list ();

  for (guint i = 0; requests != NULL && i < requests->len; i++)
    {
      const MwRequest *request = g_ptr_array_index (requests, i);
      g_autofree char *words = mw_audit_request (request->method, request->url, base);
      JsonNode        *node = mw_json_object_new ();

      set (node, "request", words);
      set (node, "identity", request->identity);
      set (node, "state", states[CLAMP ((int) request->state, 0, 4)]);
      mw_json_set_integer (node, "httpStatus", request->http_status);
      mw_json_take (node, "attempts", attempts_of (db, request->id));
      append (list, node);
    }
  return list;
}

/* Codes and times only: subject, names, note, recipient and every sentence stay here */
static JsonNode *
item_to_json (MwDb       *db,
              const char *identity)
{
  gint64 id = mw_db_get_int (db, 0, "SELECT id FROM items WHERE identity = ?1", "s", identity);
  g_autoptr (MwItem) item = id > 0 ? mw_items_load (db, id, NULL) : NULL;
  g_autoptr (GPtrArray) lines = NULL;
  JsonNode *node = mw_json_object_new ();
  JsonNode *journal = new_list ();

  set (node, "identity", identity);
  mw_json_set_boolean (node, "discarded", item == NULL);
  if (item == NULL)
    {
      mw_json_take (node, "journal", journal);
      return node;
    }
  set (node, "kind", item->kind);
  set (node, "action", item->action);
  set (node, "state", mw_item_state_word (item->state));
  set (node, "error", item->error);
  set_time (node, "created", item->created);
  set_time (node, "saved", item->saved);
  set_time (node, "handedOver", item->handed_over);
  set_time (node, "ended", item->ended);
  lines = mw_journal_of_item (db, item->id, NULL);
  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      const MwJournalLine *line = g_ptr_array_index (lines, i);
      JsonNode            *event = mw_json_object_new ();

      set_time (event, "at", line->at);
      set (event, "event", line->event);
      append (journal, event);
    }
  mw_json_take (node, "journal", journal);
  mw_json_take (node, "requests", requests_of (db, item));
  return node;
}

static gboolean
add_rows (MwDb     *db,
          GArray   *ids,
          JsonNode *bundle,
          GError  **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  JsonNode *rows = new_list ();
  JsonNode *items = new_list ();

  mw_json_take (bundle, "rows", rows);
  mw_json_take (bundle, "items", items);
  /* in the order of the chain: they were found newest first */
  for (guint i = ids->len; i > 0; i--)
    {
      g_autoptr (MwAuditRow) row = mw_audit_load (db, g_array_index (ids, gint64, i - 1), error);

      if (row == NULL)
        return FALSE;
      append (rows, mw_audit_row_to_json (row));
      if (row->item != NULL && g_hash_table_add (seen, g_strdup (row->item)))
        append (items, item_to_json (db, row->item));
    }
  return TRUE;
}

static void
add_scope (JsonNode            *bundle,
           const MwAuditFilter *scope)
{
  JsonNode *node = mw_json_object_new ();

  set (node, "item", scope->item);
  set_time (node, "from", scope->from);
  set_time (node, "to", scope->to);
  mw_json_take (bundle, "scope", node);
}

static gboolean
add_chain (MwDb       *db,
           const char *folder,
           JsonNode   *bundle,
           GError    **error)
{
  JsonNode     *node = mw_json_object_new ();
  MwAuditReport report;

  mw_json_take (bundle, "chain", node);
  if (!mw_audit_verify (db, folder, NULL, &report, error))
    return FALSE;
  mw_json_set_integer (node, "rows", report.head.count);
  set (node, "head", report.head.hash);
  set (node, "verdict", mw_audit_verdict_word (report.verdict));
  if (report.row > 0)
    mw_json_set_integer (node, "verdictRow", report.row);
  else
    set (node, "verdictRow", NULL);
  return TRUE;
}

static char *
digest_of (JsonNode *bundle)
{
  g_autofree char *text = mw_json_canonical (bundle, "digest");

  return text != NULL ? g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1) : NULL;
}

/**
 * mw_audit_bundle_new:
 * @db: a reader; the whole chain is read, so not the GTK thread's
 * @folder: the data folder
 * @scope: an item, or a period
 * @now: µs
 *
 * Makes a proof bundle. A chain that is not whole goes into it as it is, with what is wrong.
 *
 * Returns: (transfer full): the document, or NULL with a MwAuditBundleError or a MwStoreError
 */
JsonNode *
mw_audit_bundle_new (MwDb                *db,
                     const char          *folder,
                     const MwAuditFilter *scope,
                     gint64               now,
                     GError             **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (JsonNode) bundle = mw_json_object_new ();
  g_autofree char *digest = NULL;
  MwAuditFilter    filter = *scope;

  filter.limit = MW_AUDIT_BUNDLE_MAX_ROWS + 1;
  if (!mw_audit_ids (db, &filter, ids, error))
    return NULL;
  if (ids->len == 0)
    {
      g_set_error_literal (error, MW_AUDIT_BUNDLE_ERROR, MW_AUDIT_BUNDLE_ERROR_EMPTY, _ ("Nothing is recorded that could be exported."));
      return NULL;
    }
  if (ids->len > MW_AUDIT_BUNDLE_MAX_ROWS)
    {
      g_set_error_literal (error, MW_AUDIT_BUNDLE_ERROR, MW_AUDIT_BUNDLE_ERROR_LARGE, _ ("This is too much for one file. Choose a shorter period."));
      return NULL;
    }
  set (bundle, "format", MW_AUDIT_BUNDLE_FORMAT);
  set (bundle, "what", "What was done and sent, from the audit of Meanwhile. Without patient data.");
  set (bundle, "program", "Meanwhile " MW_VERSION);
  set_time (bundle, "made", now);
  set (bundle, "howToCheck", how_to_check);
  add_scope (bundle, scope);
  if (!add_chain (db, folder, bundle, error) || !add_rows (db, ids, bundle, error))
    return NULL;
  digest = digest_of (bundle);
  set (bundle, "digest", digest);
  return g_steal_pointer (&bundle);
}

/* ---- checking -------------------------------------------------------- */

static gboolean
fail (GError           **error,
      MwAuditBundleError code,
      const char        *sentence)
{
  g_set_error_literal (error, MW_AUDIT_BUNDLE_ERROR, (gint) code, sentence);
  return FALSE;
}

/**
 * mw_audit_bundle_parse:
 *
 * Returns: (transfer full): the document, or NULL with MW_AUDIT_BUNDLE_ERROR_FORMAT
 */
JsonNode *
mw_audit_bundle_parse (const char *text,
                       gsize       length,
                       GError    **error)
{
  g_autoptr (JsonNode) bundle = mw_json_parse (text, (gssize) length, NULL);

  if (bundle != NULL && g_strcmp0 (mw_json_string (bundle, "format"), MW_AUDIT_BUNDLE_FORMAT) == 0 && mw_json_length (bundle, "rows") > 0)
    return g_steal_pointer (&bundle);
  fail (error, MW_AUDIT_BUNDLE_ERROR_FORMAT, _ ("This file is no proof bundle, or one of a newer version of Meanwhile."));
  return NULL;
}

/* A row as it stands in a document; the strings belong to that */
static MwAuditRow
row_of (JsonNode *node)
{
  return (MwAuditRow){
    .id = mw_json_integer (node, "row", 0),
    .at = mw_json_integer (node, "atMicroseconds", 0),
    .actor = (char *) mw_json_string (node, "actor"),
    .agent = (char *) mw_json_string (node, "agent"),
    .event = (char *) mw_json_string (node, "event"),
    .item = (char *) mw_json_string (node, "item"),
    .entry = (char *) mw_json_string (node, "entry"),
    .connection = (char *) mw_json_string (node, "connection"),
    .authority = (char *) mw_json_string (node, "authority"),
    .request = (char *) mw_json_string (node, "request"),
    .body_digest = (char *) mw_json_string (node, "bodyDigest"),
    .http_status = mw_json_integer (node, "httpStatus", 0),
    .detail = (char *) mw_json_string (node, "detail"),
    .previous = (char *) mw_json_string (node, "previous"),
    .hash = (char *) mw_json_string (node, "hash"),
  };
}

static gboolean
row_fits (JsonNode         *node,
          const MwAuditRow *row,
          const MwAuditRow *before)
{
  g_autofree char *hash = mw_audit_hash (row);
  g_autofree char *at = row->at > 0 ? mw_fhir_date_from_unix (row->at) : NULL;

  if (g_strcmp0 (hash, row->hash) != 0 || g_strcmp0 (at, mw_json_string (node, "at")) != 0 || row->id <= before->id)
    return FALSE;
  return row->id != before->id + 1 || g_strcmp0 (row->previous, before->id == 0 ? MW_AUDIT_NO_PREVIOUS : before->hash) == 0;
}

/**
 * mw_audit_bundle_check:
 * @n_rows: (out) (optional): how many rows it has
 *
 * Whether a proof bundle is as it was written: its digest, the hash of each row, the order of the rows, that each follows
 * the one before where both are there, and that the last is the head when it says so. Needs nothing but the document.
 *
 * Returns: FALSE with MW_AUDIT_BUNDLE_ERROR_CHANGED
 */
gboolean
mw_audit_bundle_check (JsonNode *bundle,
                       guint    *n_rows,
                       GError  **error)
{
  MwAuditRow       before = { 0 };
  guint            n = mw_json_length (bundle, "rows");
  gint64           chain = mw_json_integer (bundle, "chain.rows", 0);
  g_autofree char *digest = digest_of (bundle);

  if (n_rows != NULL)
    *n_rows = n;
  for (guint i = 0; i < n; i++)
    {
      JsonNode  *node = mw_json_item (bundle, "rows", i);
      MwAuditRow row = row_of (node);

      if (!row_fits (node, &row, &before))
        {
          g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, row.id);

          g_set_error (error, MW_AUDIT_BUNDLE_ERROR, MW_AUDIT_BUNDLE_ERROR_CHANGED,
                       _ ("Row %s of this file is not as it was recorded. Do not rely on the file."), number);
          return FALSE;
        }
      before = row;
    }
  if (before.id > chain || (before.id == chain && g_strcmp0 (before.hash, mw_json_string (bundle, "chain.head")) != 0))
    return fail (error, MW_AUDIT_BUNDLE_ERROR_CHANGED, _ ("The rows of this file do not belong to the chain that it names. Do not rely on the file."));
  if (digest == NULL || g_strcmp0 (digest, mw_json_string (bundle, "digest")) != 0)
    return fail (error, MW_AUDIT_BUNDLE_ERROR_CHANGED, _ ("This file was changed after it was exported: its digest does not fit. Do not rely on it."));
  return TRUE;
}

/**
 * mw_audit_bundle_head:
 * @head: (out): the head of the chain when the bundle was made
 *
 * Returns: FALSE when it names none
 */
gboolean
mw_audit_bundle_head (JsonNode    *bundle,
                      MwAuditHead *head)
{
  const char *hash = mw_json_string (bundle, "chain.head");

  head->count = mw_json_integer (bundle, "chain.rows", 0);
  if (hash == NULL || strlen (hash) != 64 || head->count <= 0)
    return FALSE;
  g_strlcpy (head->hash, hash, sizeof head->hash);
  return TRUE;
}

/* ---- to a file, in the background ------------------------------------ */

typedef struct
{
  MwStore      *store;
  MwAuditFilter scope;
  char         *item;
  GFile        *file;
  gint64        n_rows;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_object_unref (export->store);
  g_object_unref (export->file);
  g_free (export->item);
  g_free (export);
}

/**
 * mw_audit_bundle_note_export:
 * @scope: a MwAuditFilter
 *
 * A MwStoreFunc: writes into the audit that a part of it has left.
 */
gint64
mw_audit_bundle_note_export (MwDb    *db,
                             gpointer scope,
                             GError **error)
{
  const MwAuditFilter *filter = scope;

  return mw_audit_note (db, MW_AUDIT_EXPORTED, filter->item != NULL ? "item" : "period", g_get_real_time (), error) ? 0 : -1;
}

static gint64
run_export (MwDb    *db,
            gpointer data,
            GError **error)
{
  Export *export = data;
  g_autoptr (JsonNode) bundle = mw_audit_bundle_new (db, mw_store_get_folder (export->store), &export->scope, g_get_real_time (), error);
  g_autofree char *text = NULL;

  if (bundle == NULL)
    return -1;
  export->n_rows = mw_json_length (bundle, "rows");
  text = mw_json_to_text (bundle, TRUE);
  return g_file_replace_contents (export->file, text, strlen (text), NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, NULL, error) ? export->n_rows : -1;
}

static void
export_noted (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *export = g_task_get_task_data (task);
  GError *error = NULL;

  if (mw_store_write_finish (MW_STORE (source), result, &error) < 0)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, export->n_rows);
}

static void
export_written (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *export = g_task_get_task_data (task);
  GError *error = NULL;

  if (mw_store_read_finish (MW_STORE (source), result, &error) < 0)
    {
      g_task_return_error (task, error);
      return;
    }
  mw_store_write_async (export->store, mw_audit_bundle_note_export, &export->scope, NULL, NULL, export_noted, g_steal_pointer (&task));
}

/**
 * mw_audit_bundle_export_async:
 * @scope: copied
 * @file: what is there is replaced
 *
 * Writes a proof bundle to a file, off the caller's thread, and then into the audit that it was.
 */
void
mw_audit_bundle_export_async (MwStore             *store,
                              const MwAuditFilter *scope,
                              GFile               *file,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  Export *export = g_new0 (Export, 1);

  export->store = g_object_ref (store);
  export->scope = *scope;
  export->item = g_strdup (scope->item);
  export->scope.item = export->item;
  export->file = g_object_ref (file);
  /* what is written is told as written, whatever was cancelled meanwhile */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, export, export_free);
  mw_store_read_async (store, run_export, export, NULL, cancellable, export_written, task);
}

gint64
mw_audit_bundle_export_finish (GAsyncResult *result,
                               GError      **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}
