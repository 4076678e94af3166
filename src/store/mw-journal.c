/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-journal.h"

void
mw_journal_line_free (MwJournalLine *self)
{
  if (self == NULL)
    return;
  g_free (self->event);
  g_free (self->detail);
  g_free (self);
}

static void
line_free (gpointer data)
{
  mw_journal_line_free (data);
}

/**
 * mw_journal_add:
 * @item: 0 when it belongs to no item
 * @entry: 0 when it belongs to no entry
 *
 * Appends a line, in the transaction of the change it tells.
 */
gboolean
mw_journal_add (MwDb       *db,
                gint64      thread,
                gint64      item,
                gint64      entry,
                gint64      at,
                const char *event,
                const char *detail,
                GError    **error)
{
  mw_db_touch (db, MW_CHANGE_JOURNAL);
  return mw_db_run (db, error,
                    "INSERT INTO journal (thread, item, entry, at, event, detail) "
                    "VALUES (?1, nullif(?2, 0), nullif(?3, 0), ?4, ?5, ?6)",
                    "iiiiss", thread, item, entry, at, event, detail);
}

static GPtrArray *
collect (MwQuery *query,
         GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (line_free);
  g_autoptr (GError) local = NULL;

  while (mw_query_step (query, &local))
    {
      MwJournalLine *line = g_new0 (MwJournalLine, 1);

      line->id = mw_query_int (query, 0);
      line->thread = mw_query_int (query, 1);
      line->item = mw_query_int (query, 2);
      line->entry = mw_query_int (query, 3);
      line->at = mw_query_int (query, 4);
      line->event = mw_query_dup (query, 5);
      line->detail = mw_query_dup (query, 6);
      g_ptr_array_add (lines, line);
    }
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return g_steal_pointer (&lines);
}

/**
 * mw_journal_of_thread:
 *
 * Returns: (transfer full) (element-type MwJournalLine): the thread's lines, oldest first
 */
GPtrArray *
mw_journal_of_thread (MwDb    *db,
                      gint64   thread,
                      GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (!mw_query_init (&query, db, error,
                      "SELECT id, thread, item, entry, at, event, detail FROM journal WHERE thread = ?1 ORDER BY id",
                      "i", thread))
    return NULL;
  return collect (&query, error);
}

GPtrArray *
mw_journal_of_item (MwDb    *db,
                    gint64   item,
                    GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (!mw_query_init (&query, db, error,
                      "SELECT id, thread, item, entry, at, event, detail FROM journal WHERE item = ?1 ORDER BY id",
                      "i", item))
    return NULL;
  return collect (&query, error);
}
