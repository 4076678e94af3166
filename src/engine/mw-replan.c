/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-replan.h"

#include "mw-learned.h"
#include "mw-request.h"

/**
 * mw_replan_is_due:
 *
 * Returns: whether the item has to be planned before it can be sent: for the first time, or for another way
 */
gboolean
mw_replan_is_due (MwDb         *db,
                  const MwItem *item)
{
  return item->state == MW_ITEM_SAVED || item->connection == 0 ||
         mw_db_get_int (db, 0, "SELECT count(*) FROM requests WHERE item = ?1", "i", item->id) == 0 ||
         (item->state == MW_ITEM_PREPARING && item->way == NULL);
}

/**
 * mw_replan_capability:
 * @capability: what the server can do
 *
 * Returns: (transfer full): the same; for an item of which a part is done already, without the ways that would send
 *   everything at once, and so that part again
 */
MwCapability *
mw_replan_capability (MwLink       *link,
                      gint64        item,
                      MwCapability *capability)
{
  g_auto (GStrv) words = mw_learned_parse (link->learned);
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();
  g_auto (GStrv) refused = NULL;

  if (mw_db_get_int (link->core->db, 0, "SELECT count(*) FROM requests WHERE item = ?1 AND state = 2", "i", item) == 0)
    return mw_capability_ref (capability);
  g_strv_builder_addv (all, (const char **) words);
  g_strv_builder_add (all, "transaction");
  g_strv_builder_add (all, "process-message");
  refused = g_strv_builder_end (all);
  return mw_capability_with_refused (capability, (const char *const *) refused);
}

static gboolean
is_same (const MwRequest *one,
         const MwRequest *other)
{
  if ((one->body == NULL) != (other->body == NULL) || (one->body != NULL && !g_bytes_equal (one->body, other->body)))
    return FALSE;
  return g_strcmp0 (one->method, other->method) == 0 && g_strcmp0 (one->url, other->url) == 0 && g_strcmp0 (one->if_none_exist, other->if_none_exist) == 0 &&
         g_strcmp0 (one->content_type, other->content_type) == 0 && g_strcmp0 (one->edit, other->edit) == 0;
}

/**
 * mw_replan_is_refused:
 * @requests: (element-type MwRequest): of a new plan
 *
 * Returns: whether it has a request in it that was refused just as it is: then there is no other way
 */
gboolean
mw_replan_is_refused (MwDb      *db,
                      gint64     item,
                      GPtrArray *requests)
{
  g_autoptr (GPtrArray) known = mw_requests_of_item (db, item, NULL);

  for (guint i = 0; known != NULL && i < known->len; i++)
    for (guint j = 0; j < requests->len; j++)
      if (((MwRequest *) g_ptr_array_index (known, i))->state == MW_REQUEST_FAILED &&
          is_same (g_ptr_array_index (known, i), g_ptr_array_index (requests, j)))
        return TRUE;
  return FALSE;
}

/**
 * mw_replan_write_end:
 * @item: a pointer to the id of an item for which there is no other way
 *
 * Has it keep the one it had: only a person tries that again.
 */
gint64
mw_replan_write_end (MwDb    *db,
                     gpointer item,
                     GError **error)
{
  return mw_db_run (db, error, "UPDATE items SET way = '' WHERE id = ?1 AND state = 2", "i", *(gint64 *) item) ? 0 : -1;
}
