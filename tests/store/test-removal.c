/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Removing a connection: what becomes of each item that is addressed to it, and what stays */

#include "store-fixture.h"

#include "mw-audit.h"
#include "mw-connection-removal.h"
#include "mw-connections.h"
#include "mw-follow-up.h"
#include "mw-journal.h"

#define SECOND G_TIME_SPAN_SECOND
#define T0 (G_GINT64_CONSTANT (1767225600) * SECOND)
#define HOME "https://home.example/fhir"
#define THERE "https://there.example/fhir"

static MwItemState
state_of (MwDb  *db,
          gint64 item)
{
  return (MwItemState) mw_db_get_int (db, -1, "SELECT state FROM items WHERE id = ?1", "i", item);
}

static MwRemoval
removal (MwWaitingChoice choice)
{
  return (MwRemoval){ .choice = choice, .waiting_text = "It waits", .uncertain_text = "It is uncertain", .answers_text = "no more" };
}

/* One that was on its way to a state by the written table, with one request */
static gint64
item_in (MwDb       *db,
         gint64      connection,
         MwItemState state,
         int         request)
{
  gint64 item = test_item_saved (db, 0, T0, T0);

  test_request_new (db, item);
  g_assert_true (mw_items_address (db, item, connection, NULL, NULL));
  g_assert_true (mw_db_run (db, NULL, "UPDATE items SET state = ?2, next_attempt = 1 WHERE id = ?1", "id", item, (int) state));
  g_assert_true (mw_db_run (db, NULL, "UPDATE requests SET state = ?2 WHERE item = ?1", "id", item, request));
  return item;
}

static void
assert_attention (MwDb       *db,
                  gint64      item,
                  const char *sentence)
{
  g_autoptr (MwItem) row = mw_items_load (db, item, NULL);

  g_assert_cmpint (row->state, ==, MW_ITEM_ATTENTION);
  g_assert_cmpstr (row->error, ==, MW_REMOVED_CODE);
  g_assert_cmpstr (row->error_text, ==, sentence);
  g_assert_cmpint (mw_db_get_int (db, 0, "SELECT count(*) FROM journal WHERE item = ?1 AND event = '" MW_EVENT_ATTENTION "'", "i", item), ==, 1);
}

static void
test_keep (DbFixture    *f,
           gconstpointer data)
{
  gint64    here = test_connection_new (f->db, HOME, TRUE);
  gint64    there = test_connection_new (f->db, THERE, FALSE);
  gint64    saved = item_in (f->db, there, MW_ITEM_SAVED, 0);
  gint64    preparing = item_in (f->db, there, MW_ITEM_PREPARING, 0);
  gint64    unknown = item_in (f->db, there, MW_ITEM_UNKNOWN, 3);
  gint64    waiting = item_in (f->db, there, MW_ITEM_WAITING, 2);
  gint64    done = item_in (f->db, there, MW_ITEM_HANDED_OVER, 2);
  gint64    elsewhere = item_in (f->db, here, MW_ITEM_SAVED, 0);
  MwRemoval ask = removal (MW_WAITING_ASK);
  MwRemoval keep = removal (MW_WAITING_KEEP);
  g_autoptr (GError) error = NULL;
  MwConnectionLoad load;

  g_assert_true (mw_db_run (f->db, NULL, "INSERT INTO follow_ups (item, connection, reference, begun, next_poll) VALUES (?1, ?2, 'x', 1, 1)", "ii", waiting, there));
  mw_connections_weigh (f->db, there, &load);
  g_assert_cmpint (load.waiting, ==, 2);
  g_assert_cmpint (load.uncertain, ==, 1);
  g_assert_cmpint (load.sending, ==, 0);
  g_assert_cmpint (load.answers, ==, 1);

  g_assert_false (mw_connections_remove (f->db, there, &ask, T0, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
  g_clear_error (&error);
  g_assert_cmpint (state_of (f->db, saved), ==, MW_ITEM_SAVED);
  g_assert_cmpint (mw_db_get_int (f->db, -1, "SELECT removed FROM connections WHERE id = ?1", "i", there), ==, 0);

  g_assert_true (mw_connections_remove (f->db, there, &keep, T0 + SECOND, &error));
  g_assert_no_error (error);
  g_assert_cmpint (keep.kept, ==, 3);
  g_assert_cmpint (keep.withdrawn, ==, 0);
  assert_attention (f->db, saved, "It waits");
  assert_attention (f->db, preparing, "It waits");
  assert_attention (f->db, unknown, "It is uncertain");
  g_assert_cmpint (state_of (f->db, waiting), ==, MW_ITEM_WAITING);
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT count(*) FROM journal WHERE item = ?1 AND event = '" MW_EVENT_DISCONNECTED "'", "i", waiting), ==, 1);
  g_assert_cmpint (state_of (f->db, done), ==, MW_ITEM_HANDED_OVER);
  g_assert_cmpint (state_of (f->db, elsewhere), ==, MW_ITEM_SAVED);

  /* nobody asks there for the answer, until it is connected again */
  {
    g_autoptr (GPtrArray) due = mw_follow_ups_due (f->db, T0 + SECOND, 10, NULL);
    g_autoptr (GPtrArray) again = NULL;

    g_assert_cmpuint (due->len, ==, 0);
    g_assert_cmpint (mw_follow_ups_next_time (f->db, 0), ==, 0);
    g_assert_cmpint (test_connection_new (f->db, THERE, FALSE), ==, there);
    again = mw_follow_ups_due (f->db, T0 + SECOND, 10, NULL);
    g_assert_cmpuint (again->len, ==, 1);
  }
  /* what is uncertain is looked up when it is retried: never sent on a guess (G2) */
  g_assert_true (mw_items_retry (f->db, unknown, T0 + SECOND, NULL));
  g_assert_cmpint (state_of (f->db, unknown), ==, MW_ITEM_UNKNOWN);
  g_assert_cmpint (mw_db_get_int (f->db, -1, "SELECT state FROM requests WHERE item = ?1", "i", unknown), ==, 3);
  g_assert_true (mw_items_retry (f->db, saved, T0 + SECOND, NULL));
  g_assert_cmpint (state_of (f->db, saved), ==, MW_ITEM_PREPARING);
}

static void
test_withdraw (DbFixture    *f,
               gconstpointer data)
{
  gint64    there = test_connection_new (f->db, THERE, FALSE);
  gint64    saved = item_in (f->db, there, MW_ITEM_SAVED, 0);
  gint64    half = item_in (f->db, there, MW_ITEM_PREPARING, 2);
  gint64    unknown = item_in (f->db, there, MW_ITEM_UNKNOWN, 3);
  gint64    attention = item_in (f->db, there, MW_ITEM_ATTENTION, 0);
  MwRemoval withdraw = removal (MW_WAITING_WITHDRAW);
  g_autoptr (GError) error = NULL;

  g_assert_true (mw_connections_remove (f->db, there, &withdraw, T0, &error));
  g_assert_no_error (error);
  g_assert_cmpint (withdraw.withdrawn, ==, 2);
  g_assert_cmpint (withdraw.kept, ==, 2);
  g_assert_cmpint (state_of (f->db, saved), ==, MW_ITEM_WITHDRAWN);
  g_assert_cmpint (state_of (f->db, attention), ==, MW_ITEM_WITHDRAWN);
  assert_attention (f->db, half, "It waits");
  assert_attention (f->db, unknown, "It is uncertain");
}

/* What is on the wire cannot be called back: whatever was chosen, nothing is touched */
static void
test_sending (DbFixture    *f,
              gconstpointer data)
{
  gint64                there = test_connection_new (f->db, THERE, FALSE);
  gint64                sending = item_in (f->db, there, MW_ITEM_SENDING, 1);
  gint64                saved = item_in (f->db, there, MW_ITEM_SAVED, 0);
  const MwWaitingChoice choices[] = { MW_WAITING_ASK, MW_WAITING_KEEP, MW_WAITING_WITHDRAW };

  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      MwRemoval how = removal (choices[i]);
      g_autoptr (GError) error = NULL;

      g_assert_false (mw_connections_remove (f->db, there, &how, T0, &error));
      g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
      g_assert_cmpint (state_of (f->db, sending), ==, MW_ITEM_SENDING);
      g_assert_cmpint (state_of (f->db, saved), ==, MW_ITEM_SAVED);
    }
}

static void
test_forgets (DbFixture    *f,
              gconstpointer data)
{
  MwConnection wanted = { .name = (char *) "Home", .url = (char *) HOME, .home = TRUE, .me = (char *) "Practitioner/1", .auth = (char *) "key", .client_id = (char *) "c", .key_file = (char *) "/k", .cert_file = (char *) "/c", .token_endpoint = (char *) HOME "/token", .granted = (char *) "system/*.rs" };
  gint64       id = mw_connections_add (f->db, &wanted, NULL);
  MwRemoval    how = removal (MW_WAITING_ASK);
  g_autoptr (GBytes) json = g_bytes_new_static ("{}", 2);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (MwConnection) row = NULL;
  g_autofree char *actor = NULL;
  g_autofree char *place = NULL;

  g_assert_true (mw_capabilities_store (f->db, id, json, "4.0.1", NULL, T0, NULL));
  g_assert_true (mw_db_run (f->db, NULL, "INSERT INTO watermarks (connection, query, since, complete) VALUES (?1, 'Task', 'x', 5)", "i", id));
  g_assert_true (mw_connections_remove (f->db, id, &how, T0, NULL));

  all = mw_connections_all (f->db, NULL);
  g_assert_cmpuint (all->len, ==, 0);
  g_assert_null (mw_connections_home (f->db));
  g_assert_null (mw_connections_by_url (f->db, HOME));
  g_assert_null (mw_connections_by_reference (f->db, HOME "/Patient/1"));
  row = mw_connections_load (f->db, id, NULL);
  g_assert_cmpint (row->removed, ==, T0);
  g_assert_cmpstr (row->name, ==, "Home");
  g_assert_false (row->home);
  g_assert_null (row->key_file);
  g_assert_null (row->cert_file);
  g_assert_null (row->token_endpoint);
  g_assert_null (row->granted);
  g_assert_null (mw_capabilities_load (f->db, id, NULL));
  /* the audit says it, by the name that the actor had until now */
  actor = mw_db_get_text (f->db, "SELECT actor FROM audit WHERE event = '" MW_AUDIT_CONNECTION_REMOVED "'", "");
  g_assert_cmpstr (actor, ==, HOME "/Practitioner/1");
  place = mw_db_get_text (f->db, "SELECT connection FROM audit WHERE event = '" MW_AUDIT_CONNECTION_REMOVED "'", "");
  g_assert_cmpstr (place, ==, HOME);

  /* nothing changes a removed one, but adding it again: then it goes on from its mark */
  g_assert_true (mw_connections_set_status (f->db, id, "ok", NULL, T0, T0, NULL));
  g_assert_true (mw_connections_rename (f->db, id, "Other", NULL));
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT count(*) FROM connections WHERE name = 'Other' OR status = 'ok'", ""), ==, 0);
  g_assert_false (mw_connections_remove (f->db, id, &how, T0, NULL));
  g_assert_cmpint (mw_connections_add (f->db, &wanted, NULL), ==, id);
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT complete FROM watermarks WHERE connection = ?1", "i", id), ==, 5);
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT count(*) FROM audit WHERE event = '" MW_AUDIT_CONNECTION_ADDED "'", ""), ==, 2);
}

/* Who retries without connecting again is told at once; who edits is free to choose another recipient */
static void
test_stranded (DbFixture    *f,
               gconstpointer data)
{
  gint64    there = test_connection_new (f->db, THERE, FALSE);
  gint64    one = item_in (f->db, there, MW_ITEM_PREPARING, 0);
  gint64    two = item_in (f->db, there, MW_ITEM_UNKNOWN, 3);
  MwRemoval keep = removal (MW_WAITING_KEEP);
  g_autoptr (GError) error = NULL;

  g_assert_true (mw_connections_remove (f->db, there, &keep, T0, NULL));
  g_assert_false (mw_connections_any_stranded (f->db, T0 + SECOND));
  g_assert_true (mw_items_retry (f->db, one, T0 + SECOND, NULL));
  g_assert_true (mw_items_retry (f->db, two, T0 + SECOND, NULL));
  g_assert_true (mw_connections_any_stranded (f->db, T0 + SECOND));
  g_assert_true (mw_connections_settle_stranded (f->db, &keep, T0 + SECOND, &error));
  g_assert_no_error (error);
  g_assert_false (mw_connections_any_stranded (f->db, T0 + SECOND));
  g_assert_cmpint (state_of (f->db, one), ==, MW_ITEM_ATTENTION);
  g_assert_cmpint (state_of (f->db, two), ==, MW_ITEM_ATTENTION);
  g_assert_cmpint (mw_db_get_int (f->db, -1, "SELECT state FROM requests WHERE item = ?1", "i", two), ==, 3);
  g_assert_false (mw_items_address (f->db, one, there, NULL, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
  g_assert_true (mw_items_edit (f->db, one, T0 + SECOND, NULL));
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT coalesce(connection, 0) FROM items WHERE id = ?1", "i", one), ==, 0);
}

#define ADD(path, func) g_test_add ("/store/removal/" path, DbFixture, NULL, db_fixture_set_up, func, db_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("keep", test_keep);
  ADD ("withdraw", test_withdraw);
  ADD ("sending", test_sending);
  ADD ("forgets", test_forgets);
  ADD ("stranded", test_stranded);
  return g_test_run ();
}
