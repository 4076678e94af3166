/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-file-row.h"

void
mw_file_row_free (MwFileRow *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->content_type);
  g_clear_pointer (&self->data, g_bytes_unref);
  g_free (self);
}

static void
row_free (gpointer data)
{
  mw_file_row_free (data);
}

gint64
mw_files_add (MwDb       *db,
              gint64      item,
              const char *title,
              const char *content_type,
              GBytes     *data,
              GError    **error)
{
  mw_db_touch (db, MW_CHANGE_ITEMS);
  if (!mw_db_run (db, error, "INSERT INTO files (item, title, content_type, size, data) VALUES (?1, ?2, ?3, ?4, ?5)", "issib",
                  item, title, content_type, (gint64) g_bytes_get_size (data), data))
    return -1;
  return mw_db_last_id (db);
}

gboolean
mw_files_remove (MwDb    *db,
                 gint64   id,
                 GError **error)
{
  mw_db_touch (db, MW_CHANGE_ITEMS);
  return mw_db_run (db, error, "DELETE FROM files WHERE id = ?1 AND item IN (SELECT id FROM items WHERE state = 0)", "i", id);
}

/**
 * mw_files_of_item:
 * @with_data: FALSE leaves data NULL, for lists
 *
 * Returns: (transfer full) (element-type MwFileRow): the item's files in the order they were added
 */
GPtrArray *
mw_files_of_item (MwDb    *db,
                  gint64   item,
                  gboolean with_data,
                  GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (row_free);
  g_autoptr (GError) local = NULL;

  if (!mw_query_init (&query, db, error, "SELECT id, item, title, content_type, size, CASE WHEN ?2 THEN data END FROM files WHERE item = ?1 ORDER BY id",
                      "id", item, (int) with_data))
    return NULL;
  while (mw_query_step (&query, &local))
    {
      MwFileRow *row = g_new0 (MwFileRow, 1);

      row->id = mw_query_int (&query, 0);
      row->item = mw_query_int (&query, 1);
      row->title = mw_query_dup (&query, 2);
      row->content_type = mw_query_dup (&query, 3);
      row->size = mw_query_int (&query, 4);
      row->data = with_data ? mw_query_bytes (&query, 5) : NULL;
      g_ptr_array_add (all, row);
    }
  if (local == NULL)
    return g_steal_pointer (&all);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
