/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-published-row.h"

#define COLUMNS "id, source, name, fetched, published, etag, organizations, endpoints, report, token"

void
mw_published_row_free (MwPublishedRow *self)
{
  if (self == NULL)
    return;
  g_free (self->source);
  g_free (self->token);
  g_free (self->name);
  g_free (self->published);
  g_free (self->etag);
  g_free (self->report);
  g_free (self);
}

static void
free_row (gpointer data)
{
  mw_published_row_free (data);
}

static MwPublishedRow *
read_row (MwQuery *query)
{
  MwPublishedRow *self = g_new0 (MwPublishedRow, 1);

  self->id = mw_query_int (query, 0);
  self->source = mw_query_dup (query, 1);
  self->name = mw_query_dup (query, 2);
  self->fetched = mw_query_int (query, 3);
  self->published = mw_query_dup (query, 4);
  self->etag = mw_query_dup (query, 5);
  self->organizations = mw_query_int (query, 6);
  self->endpoints = mw_query_int (query, 7);
  self->report = mw_query_dup (query, 8);
  self->token = mw_query_dup (query, 9);
  return self;
}

/**
 * mw_published_rows_by_source:
 *
 * Returns: (transfer full) (nullable): the list that was imported from there
 */
MwPublishedRow *
mw_published_rows_by_source (MwDb       *db,
                             const char *source)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (mw_query_init (&query, db, NULL, "SELECT " COLUMNS " FROM published_lists WHERE source = ?1", "s", source) && mw_query_step (&query, NULL))
    return read_row (&query);
  return NULL;
}

/**
 * mw_published_rows_by_token:
 * @token: (nullable): the source of a row of people or endpoints
 *
 * Returns: (transfer full) (nullable): the list that brought it
 */
MwPublishedRow *
mw_published_rows_by_token (MwDb       *db,
                            const char *token)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (mw_query_init (&query, db, NULL, "SELECT " COLUMNS " FROM published_lists WHERE token = ?1", "s", token) && mw_query_step (&query, NULL))
    return read_row (&query);
  return NULL;
}

/**
 * mw_published_rows_all:
 *
 * Returns: (transfer full) (element-type MwPublishedRow): every list, by name; NULL with an error
 */
GPtrArray *
mw_published_rows_all (MwDb    *db,
                       GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (free_row);

  if (!mw_query_init (&query, db, error, "SELECT " COLUMNS " FROM published_lists ORDER BY name COLLATE NOCASE, id", ""))
    return NULL;
  while (mw_query_step (&query, NULL))
    g_ptr_array_add (all, read_row (&query));
  return g_steal_pointer (&all);
}

/**
 * mw_published_rows_set_fetched:
 * @now: µs; when its publisher said that it has not changed
 */
gboolean
mw_published_rows_set_fetched (MwDb       *db,
                               const char *source,
                               gint64      now,
                               GError    **error)
{
  mw_db_touch (db, MW_CHANGE_PEOPLE);
  return mw_db_run (db, error, "UPDATE published_lists SET fetched = ?2 WHERE source = ?1", "si", source, now);
}

/**
 * mw_published_rows_forget:
 * @token: of a list, or of an import that is none any more
 * @limit: rows to delete at most, of each table
 *
 * Forgets a part of what came from a list, and the list itself with the last: to be called until it returns 0, so that
 * nobody waits long for the writer.
 *
 * Returns: how many rows were deleted, or -1
 */
gint64
mw_published_rows_forget (MwDb       *db,
                          const char *token,
                          guint       limit,
                          GError    **error)
{
  static const char *const parts[] = {
    "DELETE FROM people WHERE id IN (SELECT id FROM people WHERE source = ?1 AND source <> '' LIMIT ?2)",
    "DELETE FROM endpoint_links WHERE (source, owner, endpoint, said_by) IN "
    "(SELECT source, owner, endpoint, said_by FROM endpoint_links WHERE source = ?1 AND source <> '' LIMIT ?2)",
    "DELETE FROM endpoints WHERE id IN (SELECT id FROM endpoints WHERE source = ?1 AND source <> '' LIMIT ?2)",
  };
  gint64 n = 0;

  mw_db_touch (db, MW_CHANGE_PEOPLE);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (!mw_db_run (db, error, parts[i], "si", token, (gint64) limit))
        return -1;
      n += mw_db_n_changed (db);
    }
  if (n == 0 && (!mw_db_run (db, error, "DELETE FROM published_lists WHERE token = ?1", "s", token) ||
                 !mw_db_run (db, error, "DELETE FROM published_imports WHERE token = ?1", "s", token)))
    return -1;
  return n;
}
