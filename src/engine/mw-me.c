/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-me.h"

#include "mw-reference.h"

/* Who the clinician is on a connection: herself and, as the receiver finds them, her roles, teams and
 * organisations. Kept as a setting, one absolute reference a line. */

/**
 * mw_me_load:
 * @home: (nullable): the connection
 *
 * Returns: (transfer full): her absolute references there, herself first; empty when nobody has said who she is
 */
GStrv
mw_me_load (MwDb               *db,
            const MwConnection *home)
{
  g_autofree char *key = NULL;
  g_autofree char *known = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) lines = NULL;
  g_autofree char *self = NULL;

  if (home == NULL || home->me == NULL)
    return g_strv_builder_end (builder);
  {
    g_autoptr (MwReference) reference = mw_reference_new_for_literal (home->me);

    self = mw_reference_absolute (reference, home->url);
  }
  if (self == NULL)
    return g_strv_builder_end (builder);
  g_strv_builder_add (builder, self);
  key = g_strdup_printf ("me.%" G_GINT64_FORMAT, home->id);
  known = mw_db_get_text (db, "SELECT value FROM settings WHERE key = ?1", "s", key);
  lines = g_strsplit (known != NULL ? known : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && !g_str_equal (lines[i], self))
      g_strv_builder_add (builder, lines[i]);
  return g_strv_builder_end (builder);
}

gboolean
mw_me_store (MwDb    *db,
             gint64   connection,
             GStrv    references,
             GError **error)
{
  g_autofree char *key = g_strdup_printf ("me.%" G_GINT64_FORMAT, connection);
  g_autofree char *value = g_strjoinv ("\n", references);

  return mw_db_run (db, error, "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", "ss", key, value);
}
