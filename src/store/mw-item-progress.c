/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* How the engine moves an item on. Every function is one step inside the caller's transaction. */

#include "mw-item.h"

#include "mw-audit-note.h"
#include "mw-journal.h"

static gint64
thread_of (MwDb  *db,
           gint64 id)
{
  return mw_db_get_int (db, 0, "SELECT thread FROM items WHERE id = ?1", "i", id);
}

static gboolean
expect_one (MwDb    *db,
            GError **error)
{
  mw_db_touch (db, MW_CHANGE_ITEMS);
  if (mw_db_n_changed (db) == 1)
    return TRUE;
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "The item has moved on meanwhile");
  return FALSE;
}

/**
 * mw_items_move:
 *
 * The compare-and-set of the state table: fails with MW_STORE_ERROR_STATE unless the item is in @from.
 * A step that the table does not know is a programming error.
 */
gboolean
mw_items_move (MwDb       *db,
               gint64      id,
               MwItemState from,
               MwItemState to,
               gint64      now,
               GError    **error)
{
  g_return_val_if_fail (mw_item_state_may_become (from, to), FALSE);

  return mw_db_run (db, error,
                    "UPDATE items SET state = ?3, changed = ?4, next_attempt = CASE WHEN ?5 THEN max(next_attempt, ?4) ELSE 0 END "
                    "WHERE id = ?1 AND state = ?2",
                    "iddid", id, (int) from, (int) to, now, (int) mw_item_state_rule (to)->timed) &&
         expect_one (db, error);
}

/**
 * mw_items_hold:
 * @stage: (nullable): the stage that holds it
 * @wait: one of the MW_WAIT codes
 * @error_text: (nullable): what happened last, in words
 *
 * Leaves the item in its state until @next_attempt, and says why.
 */
gboolean
mw_items_hold (MwDb       *db,
               gint64      id,
               gint64      next_attempt,
               const char *stage,
               const char *wait,
               const char *error_text,
               gint64      now,
               GError    **error)
{
  return mw_db_run (db, error,
                    "UPDATE items SET next_attempt = ?2, stage = ?3, wait = ?4, error_text = ?5, changed = ?6 WHERE id = ?1 AND state IN (1, 2, 4)",
                    "iisssi", id, next_attempt, stage, wait, error_text, now) &&
         expect_one (db, error);
}

/**
 * mw_items_need_attention:
 * @code: what stands in the way, for programs
 * @sentence: the same for a person: what happened and what can be done
 */
gboolean
mw_items_need_attention (MwDb       *db,
                         gint64      id,
                         const char *stage,
                         const char *code,
                         const char *sentence,
                         gint64      now,
                         GError    **error)
{
  return mw_db_run (db, error,
                    "UPDATE items SET state = 9, stage = ?2, error = ?3, error_text = ?4, changed = ?5, next_attempt = 0, wait = NULL "
                    "WHERE id = ?1 AND state IN (1, 2, 3, 4, 6, 8)",
                    "isssi", id, stage, code, sentence, now) &&
         expect_one (db, error) &&
         mw_journal_add (db, thread_of (db, id), id, 0, now, MW_EVENT_ATTENTION, sentence, error);
}

/**
 * mw_items_address:
 * @way: (nullable): how it will be sent, in words
 *
 * Notes where the item goes, once that is discovered. Fails with MW_STORE_ERROR_STATE when that connection was removed
 * meanwhile: then it is to be discovered anew.
 */
gboolean
mw_items_address (MwDb       *db,
                  gint64      id,
                  gint64      connection,
                  const char *way,
                  GError    **error)
{
  return mw_db_run (db, error, "UPDATE items SET connection = ?2, way = coalesce(?3, way) WHERE id = ?1 AND EXISTS (SELECT 1 FROM connections WHERE id = ?2 AND removed = 0)", "iis", id, connection, way) &&
         expect_one (db, error);
}

/**
 * mw_items_hand_over:
 * @waiting: whether an answer is awaited
 */
gboolean
mw_items_hand_over (MwDb    *db,
                    gint64   id,
                    gboolean waiting,
                    gint64   now,
                    GError **error)
{
  gint64 thread = thread_of (db, id);

  return mw_db_run (db, error,
                    "UPDATE items SET state = ?2, handed_over = ?3, ended = CASE WHEN ?2 = 5 THEN ?3 ELSE 0 END, changed = ?3, next_attempt = 0, "
                    "stage = NULL, wait = NULL, error = NULL, error_text = NULL WHERE id = ?1 AND state IN (2, 3, 4)",
                    "idi", id, waiting ? MW_ITEM_WAITING : MW_ITEM_HANDED_OVER, now) &&
         expect_one (db, error) &&
         mw_journal_add (db, thread, id, 0, now, MW_EVENT_HANDED_OVER, NULL, error) &&
         (!waiting || mw_journal_add (db, thread, id, 0, now, MW_EVENT_WAITING, NULL, error));
}

/**
 * mw_items_answer:
 * @detail: (nullable): the answer in a few words
 *
 * An answer has come. Later ones add a journal line and nothing else.
 */
gboolean
mw_items_answer (MwDb       *db,
                 gint64      id,
                 const char *detail,
                 gint64      now,
                 GError    **error)
{
  gboolean is_first;

  if (!mw_db_run (db, error, "UPDATE items SET state = 7, ended = ?2, changed = ?2 WHERE id = ?1 AND state IN (5, 6, 8)", "ii", id, now))
    return FALSE;
  is_first = mw_db_n_changed (db) == 1;
  if ((is_first && !mw_audit_note_send (db, &(MwAuditSend){ .event = MW_AUDIT_ANSWERED, .item = id, .now = now }, error)) ||
      !mw_db_run (db, error, "UPDATE follow_ups SET done = 1 WHERE item = ?1 AND EXISTS (SELECT 1 FROM items WHERE id = ?1 AND state = 7)", "i", id))
    return FALSE;
  mw_db_touch (db, MW_CHANGE_ITEMS);
  return mw_journal_add (db, thread_of (db, id), id, 0, now, MW_EVENT_ANSWERED, detail, error);
}

/**
 * mw_items_note_order:
 * @item: as loaded
 *
 * Has a saved item that stands behind an earlier one of its thread say that it waits for that one: the order of
 * mw_items_due(), which leaves no mark on the row.
 */
void
mw_items_note_order (MwDb   *db,
                     MwItem *item)
{
  if (item->state != MW_ITEM_SAVED || item->scheduled ||
      mw_db_get_int (db, 0,
                     "SELECT 1 FROM items AS i JOIN items AS e ON e.thread = i.thread WHERE i.id = ?1 AND (e.saved, e.id) < (i.saved, i.id) AND "
                     "(e.state IN (2, 3, 4, 9) OR (e.state = 1 AND e.scheduled = 0)) AND "
                     "(e.connection IS i.connection OR e.connection IS NULL OR i.connection IS NULL) LIMIT 1",
                     "i", item->id) == 0)
    return;
  g_free (item->wait);
  item->wait = g_strdup (MW_WAIT_ORDER);
}

/**
 * mw_items_due:
 * @connection: the items of which one; 0 for those of which it is not known yet where they go
 * @limit: for one that has room for so many; the others' items are not looked at
 * @ids: (element-type gint64): the ids are appended, urgent first, then oldest first
 *
 * The items that the sender may take up now: due, and with nothing unfinished before them in their
 * lane (G3), in the order in which the person sent them. One that she has scheduled holds up nobody;
 * one that needs attention holds up its lane only.
 */
gboolean
mw_items_due (MwDb    *db,
              gint64   connection,
              gint64   now,
              guint    limit,
              GArray  *ids,
              GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GError) local = NULL;

  if (!mw_query_init (&query, db, error,
                      "SELECT id FROM items AS i WHERE connection IS nullif(?3, 0) AND state IN (1, 2, 4) AND next_attempt <= ?1 AND NOT EXISTS ("
                      "  SELECT 1 FROM items AS e WHERE e.thread = i.thread AND (e.saved, e.id) < (i.saved, i.id) AND "
                      "  (e.state IN (2, 3, 4, 9) OR (e.state = 1 AND e.scheduled = 0)) AND "
                      "  (e.connection IS i.connection OR e.connection IS NULL OR i.connection IS NULL)) "
                      "ORDER BY priority DESC, saved, id LIMIT ?2",
                      "iii", now, (gint64) limit, connection))
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

/**
 * mw_items_next_time:
 *
 * What is due already needs no clock: it is under way, or goes on when what it waits for has ended.
 *
 * Returns: µs when the sender must look again: the earliest next_attempt after @now, or answer_by; 0 for never
 */
gint64
mw_items_next_time (MwDb  *db,
                    gint64 now)
{
  /* three looks at the end of an index, whatever the number of items */
  gint64 attempt = mw_db_get_int (db, 0,
                                  "SELECT min(at) FROM (SELECT min(next_attempt) AS at FROM items WHERE state = 1 AND next_attempt > ?1 "
                                  "UNION ALL SELECT min(next_attempt) FROM items WHERE state = 2 AND next_attempt > ?1 "
                                  "UNION ALL SELECT min(next_attempt) FROM items WHERE state = 4 AND next_attempt > ?1)",
                                  "i", now);
  gint64 answer = mw_db_get_int (db, 0, "SELECT min(answer_by) FROM items WHERE state = 6 AND answer_by > 0", "");

  if (attempt == 0 || (answer > 0 && answer < attempt))
    return answer;
  return attempt;
}

/* What the last run was sending when it ended: nobody knows how that went */
static gboolean
audit_open_ones (MwDb    *db,
                 gint64   now,
                 GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GError) local = NULL;

  if (!mw_query_init (&query, db, error, "SELECT id FROM items WHERE state = 3 ORDER BY id", ""))
    return FALSE;
  while (mw_query_step (&query, &local))
    {
      gint64 id = mw_query_int (&query, 0);

      g_array_append_val (ids, id);
    }
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  for (guint i = 0; i < ids->len; i++)
    {
      MwAuditSend died = { .event = MW_AUDIT_UNKNOWN, .item = g_array_index (ids, gint64, i), .detail = "died", .now = now };

      if (!mw_audit_note_send (db, &died, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * mw_items_check_at_start:
 *
 * The start-up check of the state table: a request that the last run left open becomes uncertain, what
 * waits in memory-timed states is due at once, and every timed row gets a next attempt.
 *
 * Returns: how many items were found in the middle of sending, or -1
 */
gint64
mw_items_check_at_start (MwDb    *db,
                         gint64   now,
                         GError **error)
{
  gint64 found;

  if (!mw_db_run (db, error, "UPDATE attempts SET ended = ?1, outcome = 'died' WHERE ended = 0", "i", now) ||
      !mw_db_run (db, error, "UPDATE requests SET state = 3 WHERE state = 1", "") ||
      !mw_db_run (db, error,
                  "INSERT INTO journal (thread, item, at, event, detail) SELECT thread, id, ?1, '" MW_EVENT_UNKNOWN "', NULL FROM items WHERE state = 3",
                  "i", now) ||
      !audit_open_ones (db, now, error) ||
      !mw_db_run (db, error, "UPDATE items SET state = 4, next_attempt = ?1, changed = ?1 WHERE state = 3", "i", now))
    return -1;
  found = mw_db_n_changed (db);
  if (!mw_db_run (db, error,
                  "UPDATE items SET next_attempt = ?1 WHERE state IN (2, 4) AND (next_attempt = 0 OR wait IS NOT '" MW_WAIT_BACK_OFF "')", "i", now) ||
      !mw_db_run (db, error, "UPDATE items SET next_attempt = max(not_before, 1) WHERE state = 1 AND next_attempt <> not_before", "") ||
      /* a clock that was ahead when they were written must not park them: the cap on any wait is a day, and the
       * time to undo is seconds */
      !mw_db_run (db, error, "UPDATE items SET next_attempt = ?1, not_before = ?1 WHERE state = 1 AND scheduled = 0 AND next_attempt > ?2", "ii", now,
                  now + G_TIME_SPAN_HOUR) ||
      !mw_db_run (db, error, "UPDATE items SET next_attempt = ?1 WHERE state IN (2, 4) AND next_attempt > ?2", "ii", now, now + G_TIME_SPAN_DAY) ||
      !mw_db_run (db, error, "UPDATE follow_ups SET next_poll = ?1 WHERE done = 0", "i", now) ||
      !mw_db_run (db, error, "UPDATE items SET state = 9, error = 'lost', error_text = NULL WHERE state = 9 AND error IS NULL", ""))
    return -1;
  mw_db_touch (db, MW_CHANGE_ITEMS | MW_CHANGE_JOURNAL);
  return found;
}

/**
 * mw_items_mark_overdue:
 *
 * Items whose answer was due by now become overdue.
 *
 * Returns: how many, or -1
 */
gint64
mw_items_mark_overdue (MwDb    *db,
                       gint64   now,
                       GError **error)
{
  if (mw_db_get_int (db, 0, "SELECT count(*) FROM items WHERE state = 6 AND answer_by > 0 AND answer_by <= ?1", "i", now) == 0)
    return 0;
  if (!mw_db_run (db, error,
                  "INSERT INTO journal (thread, item, at, event) SELECT thread, id, ?1, '" MW_EVENT_OVERDUE "' FROM items "
                  "WHERE state = 6 AND answer_by > 0 AND answer_by <= ?1",
                  "i", now) ||
      !mw_db_run (db, error, "UPDATE items SET state = 8, changed = ?1 WHERE state = 6 AND answer_by > 0 AND answer_by <= ?1", "i", now))
    return -1;
  mw_db_touch (db, MW_CHANGE_ITEMS | MW_CHANGE_JOURNAL);
  return mw_db_n_changed (db);
}
