/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-connection-removal.h"

#include "mw-audit-note.h"
#include "mw-item.h"
#include "mw-journal.h"

/* A removed connection keeps its row: entries, threads, journal and audit point to it. It has no place in any list, and
 * nothing is received or sent over it.
 *
 * What becomes of an item that is addressed to it, by the state table of mw-item-state.c:
 *
 * saved, preparing   as the person says: withdrawn, or attention. One of which a request is done already cannot be
 *                    withdrawn: attention
 * sending            the removal is refused: what is on the wire cannot be called back, and how it ends must be written down
 * unknown            attention, with its requests left uncertain: a retry after connecting again looks it up first (G2)
 * waiting, overdue   stays: it has arrived. Its answer is fetched again after connecting again, or comes another way
 * attention          stays, or is withdrawn
 */

#define ADDRESSED " FROM items WHERE connection = ?1 AND state "

/**
 * mw_connections_weigh:
 * @load: (out): what hangs on it
 */
void
mw_connections_weigh (MwDb             *db,
                      gint64            id,
                      MwConnectionLoad *load)
{
  load->waiting = mw_db_get_int (db, 0, "SELECT count(*)" ADDRESSED "IN (1, 2, 9)", "i", id);
  load->sending = mw_db_get_int (db, 0, "SELECT count(*)" ADDRESSED "= 3", "i", id);
  load->uncertain = mw_db_get_int (db, 0, "SELECT count(*)" ADDRESSED "= 4", "i", id);
  load->answers = mw_db_get_int (db, 0,
                                 "SELECT count(DISTINCT i.id) FROM items AS i JOIN follow_ups AS f ON f.item = i.id AND f.done = 0 "
                                 "WHERE f.connection = ?1 AND i.state IN (6, 8)",
                                 "i", id);
}

static GArray *
list_items (MwDb       *db,
            const char *sql,
            gint64      id,
            GError    **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GError) local = NULL;

  if (!mw_query_init (&query, db, error, sql, "i", id))
    return NULL;
  while (mw_query_step (&query, &local))
    {
      gint64 item = mw_query_int (&query, 0);

      g_array_append_val (ids, item);
    }
  if (local == NULL)
    return g_steal_pointer (&ids);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static gboolean
hold_for_person (MwDb            *db,
                 gint64           item,
                 const MwRemoval *removal,
                 gint64           now,
                 GError         **error)
{
  gboolean uncertain = mw_db_get_int (db, 0, "SELECT EXISTS (SELECT 1 FROM requests WHERE item = ?1 AND state IN (1, 3))", "i", item) != 0;

  return mw_items_need_attention (db, item, "discover", MW_REMOVED_CODE, uncertain ? removal->uncertain_text : removal->waiting_text, now, error);
}

static gboolean
settle_item (MwDb      *db,
             gint64     item,
             MwRemoval *removal,
             gint64     now,
             GError   **error)
{
  MwItemState state = (MwItemState) mw_db_get_int (db, -1, "SELECT state FROM items WHERE id = ?1", "i", item);
  g_autoptr (GError) local = NULL;

  if (removal->choice == MW_WAITING_WITHDRAW && state != MW_ITEM_UNKNOWN)
    {
      if (mw_items_withdraw (db, item, now, &local))
        {
          removal->withdrawn++;
          return TRUE;
        }
      /* a part of it has left already */
      if (!g_error_matches (local, MW_STORE_ERROR, MW_STORE_ERROR_STATE))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  removal->kept++;
  return state == MW_ITEM_ATTENTION || hold_for_person (db, item, removal, now, error);
}

static gboolean
settle_items (MwDb      *db,
              gint64     id,
              MwRemoval *removal,
              gint64     now,
              GError   **error)
{
  g_autoptr (GArray) items = list_items (db, "SELECT id" ADDRESSED "IN (1, 2, 4, 9) ORDER BY id", id, error);
  g_autoptr (GArray) awaited = NULL;

  if (items == NULL)
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    if (!settle_item (db, g_array_index (items, gint64, i), removal, now, error))
      return FALSE;
  awaited = list_items (db,
                        "SELECT DISTINCT i.id FROM items AS i JOIN follow_ups AS f ON f.item = i.id AND f.done = 0 "
                        "WHERE f.connection = ?1 AND i.state IN (6, 8) ORDER BY i.id",
                        id, error);
  if (awaited == NULL)
    return FALSE;
  for (guint i = 0; i < awaited->len; i++)
    {
      gint64 item = g_array_index (awaited, gint64, i);
      gint64 thread = mw_db_get_int (db, 0, "SELECT thread FROM items WHERE id = ?1", "i", item);

      if (!mw_journal_add (db, thread, item, 0, now, MW_EVENT_DISCONNECTED, removal->answers_text, error))
        return FALSE;
    }
  return TRUE;
}

/* Whether it may go; else a sentence for the log, and a code from which the engine makes one for a person */
static gboolean
may_go (MwDb            *db,
        gint64           id,
        const MwRemoval *removal,
        GError         **error)
{
  MwConnectionLoad load;

  if (mw_db_get_int (db, 0, "SELECT 1 FROM connections WHERE id = ?1 AND removed = 0", "i", id) == 0)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND, "There is no such connection");
      return FALSE;
    }
  if (!removal->by_engine && mw_db_get_int (db, 0, "SELECT origin IS NOT NULL FROM connections WHERE id = ?1", "i", id) != 0)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "The connection is an administrator's");
      return FALSE;
    }
  mw_connections_weigh (db, id, &load);
  if (load.sending > 0 || (removal->choice == MW_WAITING_ASK && load.waiting + load.uncertain > 0))
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "Items are on their way over this connection");
      return FALSE;
    }
  return TRUE;
}

/**
 * mw_connections_remove:
 * @removal: @withdrawn and @kept are counted
 *
 * Removes a connection, inside the caller's transaction: what waits for it is settled, what it was let in with and what the
 * server can do is forgotten, and it is marked as removed. What has come from there stays, with the marks up to which it
 * has come, so that connecting again (mw_connections_add()) goes on where this ended.
 *
 * Returns: FALSE with MW_STORE_ERROR_NOT_FOUND, or with MW_STORE_ERROR_STATE as long as something is on the wire, or
 *   something waits and nothing was decided about it
 */
gboolean
mw_connections_remove (MwDb      *db,
                       gint64     id,
                       MwRemoval *removal,
                       gint64     now,
                       GError   **error)
{
  removal->withdrawn = removal->kept = 0;
  if (!may_go (db, id, removal, error) || !settle_items (db, id, removal, now, error))
    return FALSE;
  mw_db_touch (db, MW_CHANGE_CONNECTIONS | MW_CHANGE_ITEMS | MW_CHANGE_JOURNAL | MW_CHANGE_WATERMARKS);
  /* the audit names who acts by the home connection: it is written while that is one */
  return mw_audit_note_connection (db, id, MW_AUDIT_CONNECTION_REMOVED, removal->by_engine ? "administrator" : NULL, now, error) &&
         mw_db_run (db, error, "DELETE FROM capabilities WHERE connection = ?1", "i", id) &&
         mw_db_run (db, error,
                    "UPDATE connections SET removed = ?2, home = 0, home_shipped = 0, directory = 0, origin = NULL, status = 'new', status_text = NULL, paused_until = 0, "
                    "failures = 0, token_file = NULL, secret_file = NULL, key_file = NULL, cert_file = NULL, granted = NULL, token_endpoint = NULL, "
                    "token_auth = NULL, revocation_endpoint = NULL WHERE id = ?1",
                    "ii", id, now);
}

#define STRANDED \
  " FROM connections AS c CROSS JOIN items AS i ON i.connection = c.id WHERE c.removed <> 0 AND i.state IN (1, 2, 4) AND i.next_attempt <= ?1"

/**
 * mw_connections_any_stranded:
 *
 * Returns: whether an item is due that goes to a removed connection: a person has retried it there
 */
gboolean
mw_connections_any_stranded (MwDb  *db,
                             gint64 now)
{
  return mw_db_get_int (db, 0, "SELECT 1" STRANDED " LIMIT 1", "i", now) != 0;
}

/**
 * mw_connections_settle_stranded:
 * @removal: the texts
 *
 * Such items need attention: nobody sends them (G4).
 */
gboolean
mw_connections_settle_stranded (MwDb            *db,
                                const MwRemoval *removal,
                                gint64           now,
                                GError         **error)
{
  g_autoptr (GArray) items = list_items (db, "SELECT i.id" STRANDED " ORDER BY i.id", now, error);

  if (items == NULL)
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    if (!hold_for_person (db, g_array_index (items, gint64, i), removal, now, error))
      return FALSE;
  return TRUE;
}
