/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-source-words.h"

#include "mw-published-row.h"

#include <glib/gi18n-lib.h>

/**
 * mw_source_words_age:
 * @fetched: µs when it was read; 0 for not known
 * @now: µs
 *
 * Returns: (transfer full) (nullable): "read 3 days ago"; NULL for what was read within a day, or when nobody knows
 */
char *
mw_source_words_age (gint64 fetched,
                     gint64 now)
{
  guint days = fetched > 0 && now > fetched ? (guint) MIN ((now - fetched) / G_TIME_SPAN_DAY, G_MAXINT) : 0;

  if (days == 0)
    return NULL;
  /* Translators: how old what a directory said is */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "read %u day ago", "read %u days ago", days), days);
}

/**
 * mw_source_words_directory:
 * @source: (nullable): as rows of people and endpoints have it
 *
 * Returns: (transfer full) (nullable): the published list or the connection that something was read from
 */
char *
mw_source_words_directory (MwDb       *db,
                           gint64      connection,
                           const char *source)
{
  g_autoptr (MwPublishedRow) list = source != NULL && source[0] != '\0' ? mw_published_rows_by_token (db, source) : NULL;

  return list != NULL ? g_strdup (list->name) : mw_db_get_text (db, "SELECT name FROM connections WHERE id = ?1", "i", connection);
}

/**
 * mw_source_words_name:
 * @fetched: (out) (optional): µs when it was read there
 *
 * Returns: (transfer full) (nullable): the directory or the published list that somebody is known from; NULL for the home
 *   connection, which is always kept up to date, and for messages
 */
char *
mw_source_words_name (MwDb           *db,
                      const MwPerson *person,
                      gint64         *fetched)
{
  gboolean listed = person->source != NULL && person->source[0] != '\0';
  g_autoptr (MwPublishedRow) list = listed ? mw_published_rows_by_token (db, person->source) : NULL;

  if (fetched != NULL)
    *fetched = list != NULL ? list->fetched : person->fetched;
  if (list != NULL)
    return g_strdup (list->name);
  return mw_db_get_text (db, "SELECT name FROM connections WHERE id = ?1 AND home = 0", "i", person->connection);
}

/**
 * mw_source_words:
 * @now: µs
 *
 * Returns: (transfer full) (nullable): "Amberly Provider Directory · read 3 days ago", for a list of people
 */
char *
mw_source_words (MwDb           *db,
                 const MwPerson *person,
                 gint64          now)
{
  gint64           fetched;
  g_autofree char *name = mw_source_words_name (db, person, &fetched);
  g_autofree char *age = name != NULL ? mw_source_words_age (fetched, now) : NULL;

  return age != NULL ? g_strdup_printf ("%s · %s", name, age) : g_steal_pointer (&name);
}
