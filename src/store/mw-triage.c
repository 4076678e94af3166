/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-triage.h"

#include "mw-entry.h"

typedef struct
{
  MwTriage verb;
  gint64  *ids;
  guint    n_ids;
  gint64   until;
  gint64   now;
} Input;

static void
input_free (gpointer data)
{
  Input *input = data;

  g_free (input->ids);
  g_free (input);
}

static gboolean
apply_one (MwDb    *db,
           MwTriage verb,
           gint64   id,
           gint64   until,
           gint64   now,
           GError **error)
{
  switch (verb)
    {
    case MW_TRIAGE_READ:
      return mw_entries_set_unread (db, id, FALSE, error);
    case MW_TRIAGE_UNREAD:
      return mw_entries_set_unread (db, id, TRUE, error);
    case MW_TRIAGE_FLAG:
      return mw_entries_set_flagged (db, id, TRUE, error);
    case MW_TRIAGE_UNFLAG:
      return mw_entries_set_flagged (db, id, FALSE, error);
    case MW_TRIAGE_ARCHIVE:
      return mw_entries_archive (db, id, TRUE, now, error);
    case MW_TRIAGE_UNARCHIVE:
      return mw_entries_archive (db, id, FALSE, now, error);
    case MW_TRIAGE_ACKNOWLEDGE:
      return mw_entries_acknowledge (db, id, now, error);
    case MW_TRIAGE_SNOOZE:
      return mw_entries_snooze (db, id, until, now, error);
    case MW_TRIAGE_UNSNOOZE:
      return mw_entries_snooze (db, id, 0, now, error);
    default:
      g_assert_not_reached ();
    }
}

/**
 * mw_triage_apply:
 * @until: µs; of MW_TRIAGE_SNOOZE
 *
 * Inside a write: applies @verb to all of @ids or to none.
 *
 * Returns: how many, or -1
 */
gint64
mw_triage_apply (MwDb         *db,
                 MwTriage      verb,
                 const gint64 *ids,
                 guint         n_ids,
                 gint64        until,
                 gint64        now,
                 GError      **error)
{
  for (guint i = 0; i < n_ids; i++)
    if (!apply_one (db, verb, ids[i], until, now, error))
      return -1;
  return n_ids;
}

static gint64
run (MwDb    *db,
     gpointer data,
     GError **error)
{
  Input *input = data;

  return mw_triage_apply (db, input->verb, input->ids, input->n_ids, input->until, input->now, error);
}

/**
 * mw_triage_async:
 * @ids: (array length=n_ids): entries; copied
 * @until: µs; of MW_TRIAGE_SNOOZE
 * @now: µs
 *
 * Applies @verb to all of @ids in one transaction.
 */
void
mw_triage_async (MwStore            *store,
                 MwTriage            verb,
                 const gint64       *ids,
                 guint               n_ids,
                 gint64              until,
                 gint64              now,
                 GCancellable       *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer            user_data)
{
  Input *input = g_new0 (Input, 1);

  input->verb = verb;
  input->ids = g_memdup2 (ids, n_ids * sizeof *ids);
  input->n_ids = n_ids;
  input->until = until;
  input->now = now;
  mw_store_write_async (store, run, input, input_free, cancellable, callback, user_data);
}

gint64
mw_triage_finish (MwStore      *store,
                  GAsyncResult *result,
                  GError      **error)
{
  return mw_store_write_finish (store, result, error);
}
