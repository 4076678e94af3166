/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-item.h"

#include "mw-audit-note.h"
#include "mw-journal.h"
#include "mw-question.h"
#include "mw-json.h"
#include "mw-search-index.h"
#include "mw-threads.h"

#define COLUMNS                                                                                           \
  "id, identity, thread, entry, kind, action, state, revision, content, subject, recipient, "             \
  "recipient_ref, patient, patient_name, connection, priority, created, changed, saved, not_before, "     \
  "scheduled, next_attempt, attempts, same_failures, stage, wait, answer_by, handed_over, ended, error, " \
  "error_text, way"

void
mw_item_free (MwItem *self)
{
  if (self == NULL)
    return;
  g_free (self->identity);
  g_free (self->kind);
  g_free (self->action);
  g_free (self->content);
  g_free (self->subject);
  g_free (self->recipient);
  g_free (self->recipient_ref);
  g_free (self->patient_name);
  g_free (self->stage);
  g_free (self->wait);
  g_free (self->error);
  g_free (self->error_text);
  g_free (self->way);
  g_free (self);
}

static MwItem *
read_row (MwQuery *query)
{
  MwItem *self = g_new0 (MwItem, 1);
  int     i = 0;

  self->id = mw_query_int (query, i++);
  self->identity = mw_query_dup (query, i++);
  self->thread = mw_query_int (query, i++);
  self->entry = mw_query_int (query, i++);
  self->kind = mw_query_dup (query, i++);
  self->action = mw_query_dup (query, i++);
  self->state = (MwItemState) mw_query_int (query, i++);
  self->revision = mw_query_int (query, i++);
  self->content = mw_query_dup (query, i++);
  self->subject = mw_query_dup (query, i++);
  self->recipient = mw_query_dup (query, i++);
  self->recipient_ref = mw_query_dup (query, i++);
  self->patient = mw_query_int (query, i++);
  self->patient_name = mw_query_dup (query, i++);
  self->connection = mw_query_int (query, i++);
  self->priority = (MwPriority) mw_query_int (query, i++);
  self->created = mw_query_int (query, i++);
  self->changed = mw_query_int (query, i++);
  self->saved = mw_query_int (query, i++);
  self->not_before = mw_query_int (query, i++);
  self->scheduled = mw_query_int (query, i++) != 0;
  self->next_attempt = mw_query_int (query, i++);
  self->attempts = mw_query_int (query, i++);
  self->same_failures = mw_query_int (query, i++);
  self->stage = mw_query_dup (query, i++);
  self->wait = mw_query_dup (query, i++);
  self->answer_by = mw_query_int (query, i++);
  self->handed_over = mw_query_int (query, i++);
  self->ended = mw_query_int (query, i++);
  self->error = mw_query_dup (query, i++);
  self->error_text = mw_query_dup (query, i++);
  self->way = mw_query_dup (query, i++);
  return self;
}

/**
 * mw_items_load:
 *
 * Returns: (transfer full): the item, or NULL with MW_STORE_ERROR_NOT_FOUND
 */
MwItem *
mw_items_load (MwDb    *db,
               gint64   id,
               GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GError) local = NULL;

  if (!mw_query_init (&query, db, error, "SELECT " COLUMNS " FROM items WHERE id = ?1", "i", id))
    return NULL;
  if (mw_query_step (&query, &local))
    return read_row (&query);
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND, "There is no such item");
  return NULL;
}

static gboolean
fill (MwQuery *query,
      GArray  *ids,
      GError **error)
{
  g_autoptr (GError) local = NULL;

  while (mw_query_step (query, &local))
    {
      gint64 id = mw_query_int (query, 0);

      g_array_append_val (ids, id);
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * mw_items_ids:
 * @words: (nullable): a full-text search; NULL for all of the view
 * @ids: (element-type gint64): the ids are appended, newest first
 */
gboolean
mw_items_ids (MwDb       *db,
              MwItemView  view,
              const char *words,
              GArray     *ids,
              GError    **error)
{
  static const char *const plain[] = {
    [MW_ITEM_VIEW_OUTBOX] = "SELECT id FROM items WHERE state IN (1, 2, 3, 4, 9) ORDER BY id DESC",
    [MW_ITEM_VIEW_WAITING] = "SELECT id FROM items WHERE state IN (6, 8) ORDER BY state DESC, id DESC",
    [MW_ITEM_VIEW_HANDED_OVER] = "SELECT id FROM items WHERE state IN (5, 6, 7, 8) ORDER BY handed_over DESC, id DESC",
    [MW_ITEM_VIEW_DRAFTS] = "SELECT id FROM items WHERE state = 0 ORDER BY changed DESC, id DESC",
    [MW_ITEM_VIEW_ATTENTION] = "SELECT id FROM items WHERE state = 9 ORDER BY id DESC",
    [MW_ITEM_VIEW_ALL] = "SELECT id FROM items WHERE state <> 0 ORDER BY id DESC",
  };
  static const char *const searched[] = {
#define SEARCHED(states) "SELECT rowid / 2 FROM search WHERE search MATCH ?1 AND rowid % 2 = 1 AND " \
                         "EXISTS (SELECT 1 FROM items WHERE id = search.rowid / 2 AND state IN (" states ")) ORDER BY rowid DESC"
    [MW_ITEM_VIEW_OUTBOX] = SEARCHED ("1, 2, 3, 4, 9"),
    [MW_ITEM_VIEW_WAITING] = SEARCHED ("6, 8"),
    [MW_ITEM_VIEW_HANDED_OVER] = SEARCHED ("5, 6, 7, 8"),
    [MW_ITEM_VIEW_DRAFTS] = SEARCHED ("0"),
    [MW_ITEM_VIEW_ATTENTION] = SEARCHED ("9"),
    [MW_ITEM_VIEW_ALL] = SEARCHED ("1, 2, 3, 4, 5, 6, 7, 8, 9, 10"),
#undef SEARCHED
  };
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autofree char *match = words != NULL ? mw_search_match (words, NULL) : NULL;

  if (match != NULL ? !mw_query_init (&query, db, error, searched[view], "s", match)
                    : !mw_query_init (&query, db, error, plain[view], ""))
    return FALSE;
  return fill (&query, ids, error);
}

gint64
mw_items_count (MwDb      *db,
                MwItemView view)
{
  static const char *const sql[] = {
    [MW_ITEM_VIEW_OUTBOX] = "SELECT count(*) FROM items WHERE state IN (1, 2, 3, 4, 9)",
    [MW_ITEM_VIEW_WAITING] = "SELECT count(*) FROM items WHERE state IN (6, 8)",
    [MW_ITEM_VIEW_HANDED_OVER] = "SELECT count(*) FROM items WHERE state IN (5, 6, 7, 8)",
    [MW_ITEM_VIEW_DRAFTS] = "SELECT count(*) FROM items WHERE state = 0",
    [MW_ITEM_VIEW_ATTENTION] = "SELECT count(*) FROM items WHERE state = 9",
    [MW_ITEM_VIEW_ALL] = "SELECT count(*) FROM items WHERE state <> 0",
  };

  return mw_db_get_int (db, 0, sql[view], "");
}

GArray *
mw_items_of_thread (MwDb    *db,
                    gint64   thread,
                    GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!mw_query_init (&query, db, error, "SELECT id FROM items WHERE thread = ?1 ORDER BY id", "i", thread) ||
      !fill (&query, ids, error))
    return NULL;
  return g_steal_pointer (&ids);
}

/* ---- drafts ---------------------------------------------------------- */

static gboolean
index_item (MwDb         *db,
            const MwItem *item,
            GError      **error)
{
  g_autoptr (JsonNode) content = mw_json_parse (item->content, -1, NULL);
  static const char *const texts[] = { "note", "service", "reason", "about" };
  g_autoptr (GString) body = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint k = 0; k < mw_json_length (content, texts[i]); k++)
      {
        g_autofree char *text = mw_json_scalar (mw_json_item (content, texts[i], k), NULL);

        if (text != NULL)
          g_string_append_printf (body, "%s\n", text);
      }
  return mw_search_index_item (db, item->id, item->subject, item->recipient, item->patient_name, body->str, error);
}

/**
 * mw_items_create:
 * @draft: identity, kind, content, subject and whatever else is known; thread 0 begins a new one
 *
 * Puts a draft on disk.
 *
 * Returns: its id, or -1
 */
gint64
mw_items_create (MwDb         *db,
                 const MwItem *draft,
                 gint64        now,
                 GError      **error)
{
  g_autofree char *key = g_strconcat ("urn:uuid:", draft->identity, NULL);
  char            *keys[] = { key, NULL };
  gint64           thread = draft->thread;
  MwItem           row = *draft;

  if (thread == 0)
    thread = mw_threads_ensure (db, keys, draft->subject, draft->patient, now, error);
  else if (!mw_threads_add_key (db, thread, key, error))
    return -1;
  if (thread < 0)
    return -1;
  if (!mw_db_run (db, error,
                  "INSERT INTO items (identity, thread, entry, kind, action, state, content, subject, recipient, recipient_ref, patient, "
                  "patient_name, connection, priority, created, changed, answer_by) "
                  "VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, 0, ?6, ?7, ?8, ?9, nullif(?10, 0), ?11, nullif(?12, 0), ?13, ?14, ?14, ?15)",
                  "siissssss"
                  "isidii",
                  draft->identity, thread, draft->entry, draft->kind, draft->action, draft->content, draft->subject,
                  draft->recipient, draft->recipient_ref, draft->patient, draft->patient_name, draft->connection,
                  (int) draft->priority, now, draft->answer_by))
    return -1;
  row.id = mw_db_last_id (db);
  mw_db_touch (db, MW_CHANGE_ITEMS);
  if (!index_item (db, &row, error))
    return -1;
  return row.id;
}

/* Fails with MW_STORE_ERROR_STATE unless the last statement changed exactly one row */
static gboolean
expect_one (MwDb    *db,
            GError **error)
{
  if (mw_db_n_changed (db) == 1)
    return TRUE;
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "The item has moved on meanwhile");
  return FALSE;
}

/**
 * mw_items_update_draft:
 * @draft: id and the revision that was edited, and the new content
 *
 * Fails with MW_STORE_ERROR_STATE when the row is no draft any more or has another revision.
 */
gboolean
mw_items_update_draft (MwDb         *db,
                       const MwItem *draft,
                       gint64        now,
                       GError      **error)
{
  mw_db_touch (db, MW_CHANGE_ITEMS);
  return mw_db_run (db, error,
                    "UPDATE items SET kind = ?3, action = ?4, content = ?5, subject = ?6, recipient = ?7, recipient_ref = ?8, "
                    "patient = nullif(?9, 0), patient_name = ?10, connection = nullif(?11, 0), priority = ?12, answer_by = ?13, changed = ?14 "
                    "WHERE id = ?1 AND revision = ?2 AND state = 0",
                    "iissssss"
                    "isidii",
                    draft->id, draft->revision, draft->kind, draft->action, draft->content, draft->subject, draft->recipient,
                    draft->recipient_ref, draft->patient, draft->patient_name, draft->connection, (int) draft->priority,
                    draft->answer_by, now) &&
         expect_one (db, error) && index_item (db, draft, error);
}

static gint64
thread_of (MwDb  *db,
           gint64 id)
{
  return mw_db_get_int (db, 0, "SELECT thread FROM items WHERE id = ?1", "i", id);
}

/* What a person does stands in the item's own history and in the audit */
static gboolean
write_down (MwDb       *db,
            gint64      id,
            gint64      now,
            const char *event,
            const char *audit,
            GError    **error)
{
  mw_db_touch (db, MW_CHANGE_ITEMS);
  return mw_journal_add (db, thread_of (db, id), id, 0, now, event, NULL, error) && mw_audit_note_item (db, id, audit, now, error);
}

/**
 * mw_items_save:
 * @not_before: µs; the end of the undo window, or the time that the person set
 * @scheduled: whether the person set it
 *
 * From here on the item leaves by itself.
 */
gboolean
mw_items_save (MwDb    *db,
               gint64   id,
               gint64   not_before,
               gboolean scheduled,
               gint64   now,
               GError **error)
{
  return mw_db_run (db, error,
                    "UPDATE items SET state = 1, saved = ?2, changed = ?2, not_before = ?3, next_attempt = ?3, scheduled = ?4, "
                    "wait = ?5, error = NULL, error_text = NULL, attempts = 0, same_failures = 0 WHERE id = ?1 AND state = 0",
                    "iiids", id, now, not_before, (int) scheduled, scheduled ? MW_WAIT_TIME : MW_WAIT_UNDO) &&
         expect_one (db, error) &&
         write_down (db, id, now, scheduled ? MW_EVENT_SCHEDULED : MW_EVENT_SAVED, scheduled ? MW_AUDIT_SCHEDULED : MW_AUDIT_SAVED, error);
}

/**
 * mw_items_undo:
 *
 * Takes a saved item back into the drafts. One compare-and-set decides between this and the sender's
 * claim: MW_STORE_ERROR_STATE means that it was too late. The revision rises, so that whatever was
 * planned for the old text is never sent.
 */
gboolean
mw_items_undo (MwDb    *db,
               gint64   id,
               gint64   now,
               GError **error)
{
  return mw_db_run (db, error,
                    "UPDATE items SET state = 0, revision = revision + 1, changed = ?2, not_before = 0, next_attempt = 0, scheduled = 0, wait = NULL "
                    "WHERE id = ?1 AND state = 1",
                    "ii", id, now) &&
         expect_one (db, error) &&
         write_down (db, id, now, MW_EVENT_UNDONE, MW_AUDIT_UNDONE, error);
}

/**
 * mw_items_send_now:
 *
 * Ends a saved item's wait for its set time.
 */
gboolean
mw_items_send_now (MwDb    *db,
                   gint64   id,
                   gint64   now,
                   GError **error)
{
  return mw_db_run (db, error, "UPDATE items SET not_before = ?2, next_attempt = ?2, scheduled = 0, changed = ?2 WHERE id = ?1 AND state = 1",
                    "ii", id, now) &&
         expect_one (db, error) &&
         write_down (db, id, now, MW_EVENT_RETRIED, MW_AUDIT_SENT_NOW, error);
}

/**
 * mw_items_retry:
 *
 * A person says: again, now. Resets the count of tries; every identity stays, so a repeat is known
 * for one. An item whose last attempt is uncertain is looked up first, unless the server could not be
 * asked and the person was: then she has decided.
 */
gboolean
mw_items_retry (MwDb    *db,
                gint64   id,
                gint64   now,
                GError **error)
{
  return mw_db_run (db, error,
                    "UPDATE requests SET state = 0 WHERE item = ?1 AND state = 3 AND EXISTS (SELECT 1 FROM items WHERE id = ?1 AND state = 9 AND error = 'unknown')",
                    "i", id) &&
         mw_db_run (db, error,
                    "UPDATE items SET state = CASE WHEN state = 9 THEN "
                    "  CASE WHEN EXISTS (SELECT 1 FROM requests WHERE item = items.id AND state = 3) THEN 4 ELSE 2 END ELSE state END, "
                    "attempts = 0, same_failures = 0, next_attempt = ?2, changed = ?2, ended = 0, wait = NULL, error = NULL, error_text = NULL "
                    "WHERE id = ?1 AND state IN (2, 4, 9)",
                    "ii", id, now) &&
         expect_one (db, error) && mw_questions_drop_open (db, id, error) &&
         write_down (db, id, now, MW_EVENT_RETRIED, MW_AUDIT_RETRIED, error);
}

/**
 * mw_items_withdraw:
 *
 * Keeps an item from leaving. Only while it is certain that nothing of it has left: an uncertain one
 * cannot be withdrawn from here, and MW_STORE_ERROR_STATE says so.
 */
gboolean
mw_items_withdraw (MwDb    *db,
                   gint64   id,
                   gint64   now,
                   GError **error)
{
  return mw_db_run (db, error,
                    "UPDATE items SET state = 10, changed = ?2, ended = ?2, next_attempt = 0, wait = NULL WHERE id = ?1 AND state IN (0, 1, 2, 9) "
                    "AND NOT EXISTS (SELECT 1 FROM requests WHERE item = ?1 AND state IN (1, 2, 3))",
                    "ii", id, now) &&
         expect_one (db, error) && mw_questions_drop_open (db, id, error) &&
         write_down (db, id, now, MW_EVENT_WITHDRAWN, MW_AUDIT_WITHDRAWN, error);
}

/**
 * mw_items_edit:
 *
 * Takes an item that needs attention, waits to be prepared or was withdrawn back into the drafts, under
 * the same condition as mw_items_withdraw(). Its plan is forgotten.
 */
gboolean
mw_items_edit (MwDb    *db,
               gint64   id,
               gint64   now,
               GError **error)
{
  return mw_db_run (db, error,
                    "UPDATE items SET state = 0, revision = revision + 1, changed = ?2, ended = 0, next_attempt = 0, not_before = 0, wait = NULL, "
                    "stage = NULL, error = NULL, error_text = NULL, connection = NULL WHERE id = ?1 AND state IN (1, 2, 9, 10) "
                    "AND NOT EXISTS (SELECT 1 FROM requests WHERE item = ?1 AND state IN (1, 2, 3))",
                    "ii", id, now) &&
         expect_one (db, error) &&
         mw_db_run (db, error, "DELETE FROM requests WHERE item = ?1", "i", id) && mw_questions_forget (db, id, error) &&
         write_down (db, id, now, MW_EVENT_UNDONE, MW_AUDIT_EDITED, error);
}

/**
 * mw_items_discard:
 *
 * Deletes a draft or a withdrawn item for good. Of one that was saved once the audit remains.
 */
gboolean
mw_items_discard (MwDb    *db,
                  gint64   id,
                  gint64   now,
                  GError **error)
{
  gboolean was_saved = mw_db_get_int (db, 0, "SELECT saved FROM items WHERE id = ?1", "i", id) > 0;

  mw_db_touch (db, MW_CHANGE_ITEMS);
  return (!was_saved || mw_audit_note_item (db, id, MW_AUDIT_DISCARDED, now, error)) &&
         mw_db_run (db, error, "DELETE FROM items WHERE id = ?1 AND state IN (0, 10)", "i", id) &&
         expect_one (db, error) &&
         mw_search_unindex_item (db, id, error);
}

/**
 * mw_items_of_patient:
 * @patient: people row
 * @ids: (element-type gint64): the ids are appended, newest first
 *
 * All items about a patient, whatever state they are in.
 */
gboolean
mw_items_of_patient (MwDb    *db,
                     gint64   patient,
                     GArray  *ids,
                     GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GError) local = NULL;

  if (!mw_query_init (&query, db, error, "SELECT id FROM items WHERE patient = ?1 ORDER BY id DESC", "i", patient))
    return FALSE;
  while (mw_query_step (&query, &local))
    {
      gint64 id = mw_query_int (&query, 0);

      g_array_append_val (ids, id);
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
