/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-follow-up.h"

void
mw_follow_up_free (MwFollowUp *self)
{
  if (self == NULL)
    return;
  g_free (self->reference);
  g_free (self->etag);
  g_free (self);
}

static void
follow_up_free (gpointer data)
{
  mw_follow_up_free (data);
}

gboolean
mw_follow_ups_add (MwDb       *db,
                   gint64      item,
                   gint64      connection,
                   const char *reference,
                   gint64      next_poll,
                   gint64      now,
                   GError    **error)
{
  return mw_db_run (db, error,
                    "INSERT INTO follow_ups (item, connection, reference, begun, next_poll) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
                    "iisii", item, connection, reference, now, next_poll);
}

/**
 * mw_follow_ups_due:
 *
 * Returns: (transfer full) (element-type MwFollowUp): what is to be looked at by @now, on enabled connections
 */
GPtrArray *
mw_follow_ups_due (MwDb    *db,
                   gint64   now,
                   guint    limit,
                   GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (follow_up_free);
  g_autoptr (GError) local = NULL;

  if (!mw_query_init (&query, db, error,
                      "SELECT f.id, f.item, f.connection, f.reference, f.etag, f.begun, f.next_poll, f.polls FROM follow_ups AS f "
                      "JOIN connections AS c ON c.id = f.connection AND c.enabled = 1 AND c.removed = 0 WHERE f.done = 0 AND f.next_poll <= ?1 ORDER BY f.next_poll LIMIT ?2",
                      "ii", now, (gint64) limit))
    return NULL;
  while (mw_query_step (&query, &local))
    {
      MwFollowUp *self = g_new0 (MwFollowUp, 1);

      self->id = mw_query_int (&query, 0);
      self->item = mw_query_int (&query, 1);
      self->connection = mw_query_int (&query, 2);
      self->reference = mw_query_dup (&query, 3);
      self->etag = mw_query_dup (&query, 4);
      self->begun = mw_query_int (&query, 5);
      self->next_poll = mw_query_int (&query, 6);
      self->polls = mw_query_int (&query, 7);
      g_ptr_array_add (all, self);
    }
  if (local == NULL)
    return g_steal_pointer (&all);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

gboolean
mw_follow_ups_polled (MwDb       *db,
                      gint64      id,
                      const char *etag,
                      gint64      next_poll,
                      gboolean    done,
                      GError    **error)
{
  return mw_db_run (db, error, "UPDATE follow_ups SET polls = polls + 1, etag = coalesce(?2, etag), next_poll = ?3, done = max(done, ?4) WHERE id = ?1",
                    "isid", id, etag, next_poll, (int) done);
}

/**
 * mw_follow_ups_next_time:
 *
 * One that is due already is being looked at, or is due again when the pause of its connection ends.
 *
 * Returns: µs of the earliest look after @now; 0 for none
 */
gint64
mw_follow_ups_next_time (MwDb  *db,
                         gint64 now)
{
  return mw_db_get_int (db, 0,
                        "SELECT min(max(f.next_poll, c.paused_until)) FROM follow_ups AS f JOIN connections AS c ON c.id = f.connection AND c.enabled = 1 AND c.removed = 0 "
                        "WHERE f.done = 0 AND max(f.next_poll, c.paused_until) > ?1",
                        "i", now);
}
