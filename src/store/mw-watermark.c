/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-watermark.h"

void
mw_watermark_free (MwWatermark *self)
{
  if (self == NULL)
    return;
  g_free (self->query);
  g_free (self->since);
  g_free (self->next_page);
  g_free (self->problem);
  g_free (self);
}

/**
 * mw_watermarks_load:
 *
 * Returns: (transfer full): the query's watermark; an empty one when it has none yet
 */
MwWatermark *
mw_watermarks_load (MwDb       *db,
                    gint64      connection,
                    const char *query_text)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  MwWatermark *self = g_new0 (MwWatermark, 1);

  self->connection = connection;
  self->query = g_strdup (query_text);
  if (mw_query_init (&query, db, NULL, "SELECT since, next_page, complete, swept, problem FROM watermarks WHERE connection = ?1 AND query = ?2",
                     "is", connection, query_text) &&
      mw_query_step (&query, NULL))
    {
      self->since = mw_query_dup (&query, 0);
      self->next_page = mw_query_dup (&query, 1);
      self->complete = mw_query_int (&query, 2);
      self->swept = mw_query_int (&query, 3);
      self->problem = mw_query_dup (&query, 4);
    }
  return self;
}

/**
 * mw_watermarks_store:
 *
 * To be called in the transaction that writes the entries which prove it (G5).
 */
gboolean
mw_watermarks_store (MwDb              *db,
                     const MwWatermark *watermark,
                     GError           **error)
{
  mw_db_touch (db, MW_CHANGE_WATERMARKS);
  return mw_db_run (db, error,
                    "INSERT INTO watermarks (connection, query, since, next_page, complete, swept, problem) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
                    "ON CONFLICT (connection, query) DO UPDATE SET since = excluded.since, next_page = excluded.next_page, "
                    "complete = excluded.complete, swept = excluded.swept, problem = excluded.problem",
                    "isssiis", watermark->connection, watermark->query, watermark->since, watermark->next_page,
                    watermark->complete, watermark->swept, watermark->problem);
}

/**
 * mw_watermarks_complete_up_to:
 *
 * Returns: µs up to which every inbox query of the connection is complete; 0 while one of them has not
 *   been walked once. Queries that the server refuses do not count; those of records, marked by a
 *   leading '~', neither.
 */
gint64
mw_watermarks_complete_up_to (MwDb  *db,
                              gint64 connection)
{
  return mw_db_get_int (db, 0, "SELECT min(complete) FROM watermarks WHERE connection = ?1 AND problem IS NULL AND query NOT LIKE '~%'", "i", connection);
}
