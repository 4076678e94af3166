/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-threads.h"

/**
 * mw_threads_find:
 * @keys: absolute references and urn:uuid identities that a resource has or names
 *
 * Returns: the oldest thread that one of @keys belongs to; 0 for none
 */
gint64
mw_threads_find (MwDb *db,
                 GStrv keys)
{
  gint64 found = 0;

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      gint64 thread = mw_db_get_int (db, 0, "SELECT thread FROM thread_keys WHERE key = ?1", "s", keys[i]);

      if (thread > 0 && (found == 0 || thread < found))
        found = thread;
    }
  return found;
}

/**
 * mw_threads_add_key:
 *
 * Ties @key to @thread. A key that has a thread keeps it: threads once shown apart are not merged
 * under the clinician's eyes, but what comes later joins the older one.
 */
gboolean
mw_threads_add_key (MwDb       *db,
                    gint64      thread,
                    const char *key,
                    GError    **error)
{
  return mw_db_run (db, error, "INSERT INTO thread_keys (key, thread) VALUES (?1, ?2) ON CONFLICT DO NOTHING", "si", key, thread);
}

/**
 * mw_threads_ensure:
 * @keys: what ties the new thing to others
 * @patient: 0 when there is none
 *
 * Finds the thread that @keys belong to, or begins one, and ties all of @keys to it.
 *
 * Returns: the thread, or -1 with @error set
 */
gint64
mw_threads_ensure (MwDb       *db,
                   GStrv       keys,
                   const char *subject,
                   gint64      patient,
                   gint64      now,
                   GError    **error)
{
  gint64 thread = mw_threads_find (db, keys);

  if (thread == 0)
    {
      if (!mw_db_run (db, error, "INSERT INTO threads (subject, patient, created) VALUES (?1, nullif(?2, 0), ?3)", "sii",
                      subject, patient, now))
        return -1;
      thread = mw_db_last_id (db);
    }
  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!mw_threads_add_key (db, thread, keys[i], error))
      return -1;
  return thread;
}
