/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Items on disk: the compare-and-set of undo and send, lanes, the check at the start */

#include "store-fixture.h"

#include "mw-follow-up.h"
#include "mw-journal.h"
#include "mw-request.h"

#include <string.h>

#define SECOND G_TIME_SPAN_SECOND
#define T0 (G_GINT64_CONSTANT (1767225600) * SECOND)

/* ---- undo against send ----------------------------------------------- */

typedef struct
{
  char   *path;
  gint64 *ids;
  guint   n;
  gint   *go;
  guint   won;
} Racer;

static gpointer
racer_undo (gpointer data)
{
  Racer *r = data;
  MwDb  *db = mw_db_open (r->path, MW_DB_READ_WRITE, NULL);

  mw_db_exec (db, "PRAGMA synchronous = OFF", NULL);
  g_atomic_int_inc (r->go);
  while (g_atomic_int_get (r->go) < 2)
    ;
  for (guint i = 0; i < r->n; i++)
    {
      g_autoptr (GError) error = NULL;

      mw_db_exec (db, "BEGIN IMMEDIATE", NULL);
      if (mw_items_undo (db, r->ids[i], T0, &error))
        r->won++;
      else
        g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
      mw_db_exec (db, error == NULL ? "COMMIT" : "ROLLBACK", NULL);
    }
  mw_db_close (db);
  return NULL;
}

static gpointer
racer_claim (gpointer data)
{
  Racer *r = data;
  MwDb  *db = mw_db_open (r->path, MW_DB_READ_WRITE, NULL);

  mw_db_exec (db, "PRAGMA synchronous = OFF", NULL);
  g_atomic_int_inc (r->go);
  while (g_atomic_int_get (r->go) < 2)
    ;
  /* from the other end: somewhere in the middle they meet */
  for (guint i = r->n; i > 0; i--)
    {
      g_autoptr (GError) error = NULL;

      mw_db_exec (db, "BEGIN IMMEDIATE", NULL);
      if (mw_items_move (db, r->ids[i - 1], MW_ITEM_SAVED, MW_ITEM_PREPARING, T0, &error))
        r->won++;
      else
        g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
      mw_db_exec (db, error == NULL ? "COMMIT" : "ROLLBACK", NULL);
    }
  mw_db_close (db);
  return NULL;
}

static void
test_race (DbFixture    *f,
           gconstpointer user_data)
{
  gint64   ids[1000];
  gint     go = 0;
  Racer    undo = { f->path, ids, G_N_ELEMENTS (ids), &go, 0 };
  Racer    claim = undo;
  GThread *threads[2];

  mw_db_exec (f->db, "PRAGMA synchronous = OFF", NULL);
  mw_db_exec (f->db, "BEGIN", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = test_item_saved (f->db, 0, T0, T0);
  mw_db_exec (f->db, "COMMIT", NULL);
  threads[0] = g_thread_new ("undo", racer_undo, &undo);
  threads[1] = g_thread_new ("claim", racer_claim, &claim);
  g_thread_join (threads[0]);
  g_thread_join (threads[1]);
  g_test_message ("%u taken back, %u sent", undo.won, claim.won);
  g_assert_cmpuint (undo.won + claim.won, ==, G_N_ELEMENTS (ids));
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT count(*) FROM items WHERE state = 0 AND revision = 2", ""), ==, undo.won);
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT count(*) FROM items WHERE state = 2 AND revision = 1", ""), ==, claim.won);
}

/* ---- lanes (G3) ------------------------------------------------------ */

static char *
due (MwDb  *db,
     gint64 now)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (gint64 connection = 0; connection < 3; connection++)
    {
      mw_items_due (db, connection, now, 100, ids, &error);
      g_assert_no_error (error);
    }
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "", g_array_index (ids, gint64, i));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

#define ASSERT_DUE(now, wanted)                    \
  G_STMT_START                                     \
  {                                                \
    g_autofree char *due_now = due (f->db, (now)); \
    g_assert_cmpstr (due_now, ==, wanted);         \
  }                                                \
  G_STMT_END

static gint64
thread_of (MwDb  *db,
           gint64 id)
{
  return mw_db_get_int (db, 0, "SELECT thread FROM items WHERE id = ?1", "i", id);
}

static void
test_lanes (DbFixture    *f,
            gconstpointer user_data)
{
  gint64 a1 = test_item_saved (f->db, 0, T0 + 5 * SECOND, T0);
  gint64 a2 = test_item_saved (f->db, thread_of (f->db, a1), T0 + 5 * SECOND, T0);
  gint64 b1 = test_item_saved (f->db, 0, T0 + 5 * SECOND, T0);
  gint64 a3;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (b1, ==, 3);
  ASSERT_DUE (T0 + 5 * SECOND - 1, "");
  ASSERT_DUE (T0 + 5 * SECOND, "1 3");
  /* one that is under way, uncertain or needs attention holds up its own thread only */
  mw_items_move (f->db, a1, MW_ITEM_SAVED, MW_ITEM_PREPARING, T0, &error);
  mw_items_hold (f->db, a1, T0 + 60 * SECOND, NULL, MW_WAIT_BACK_OFF, NULL, T0, &error);
  g_assert_no_error (error);
  ASSERT_DUE (T0 + 10 * SECOND, "3");
  mw_items_move (f->db, a1, MW_ITEM_PREPARING, MW_ITEM_SENDING, T0, &error);
  ASSERT_DUE (T0 + 100 * SECOND, "3");
  mw_items_need_attention (f->db, a1, NULL, "rejected", "No.", T0, &error);
  g_assert_no_error (error);
  ASSERT_DUE (T0 + 100 * SECOND, "3");
  mw_items_withdraw (f->db, a1, T0, &error);
  g_assert_no_error (error);
  ASSERT_DUE (T0 + 100 * SECOND, "2 3");
  /* one for later holds up nobody, also when its time has come and the other is there already */
  a3 = test_item_new (f->db, thread_of (f->db, a1), T0);
  mw_items_save (f->db, a3, T0 + 3600 * SECOND, TRUE, T0, &error);
  {
    gint64 a4 = test_item_saved (f->db, thread_of (f->db, a1), T0, T0);

    mw_items_move (f->db, a2, MW_ITEM_SAVED, MW_ITEM_PREPARING, T0, &error);
    mw_items_move (f->db, a2, MW_ITEM_PREPARING, MW_ITEM_SENDING, T0, &error);
    mw_items_hand_over (f->db, a2, FALSE, T0, &error);
    g_assert_no_error (error);
    ASSERT_DUE (T0 + 100 * SECOND, "3 5");
    ASSERT_DUE (T0 + 3600 * SECOND, "3 4 5");
    g_assert_cmpint (a4, ==, 5);
  }
}

/* Two items of a thread to two servers do not wait for each other, once it is known where they go */
static void
test_lanes_connections (DbFixture    *f,
                        gconstpointer user_data)
{
  gint64 here = test_connection_new (f->db, "http://127.0.0.1/a", TRUE);
  gint64 there = test_connection_new (f->db, "http://127.0.0.1/b", FALSE);
  gint64 one = test_item_saved (f->db, 0, T0, T0);
  gint64 two = test_item_saved (f->db, thread_of (f->db, one), T0, T0);

  ASSERT_DUE (T0, "1");
  mw_items_address (f->db, one, here, NULL, NULL);
  ASSERT_DUE (T0, "1");
  mw_items_address (f->db, two, there, NULL, NULL);
  ASSERT_DUE (T0, "1 2");
  mw_items_address (f->db, two, here, NULL, NULL);
  ASSERT_DUE (T0, "1");
}

/* The order of a thread is the one in which the person sent, not that in which she began to write */
static void
test_lanes_saved_order (DbFixture    *f,
                        gconstpointer user_data)
{
  gint64 first = test_item_new (f->db, 0, T0);
  gint64 second = test_item_saved (f->db, thread_of (f->db, first), T0 + SECOND, T0 + SECOND);

  mw_items_save (f->db, first, T0 + 2 * SECOND, FALSE, T0 + 2 * SECOND, NULL);
  g_assert_cmpint (second, ==, 2);
  ASSERT_DUE (T0 + 10 * SECOND, "2");
  mw_items_move (f->db, second, MW_ITEM_SAVED, MW_ITEM_PREPARING, T0, NULL);
  mw_items_move (f->db, second, MW_ITEM_PREPARING, MW_ITEM_SENDING, T0, NULL);
  ASSERT_DUE (T0 + 10 * SECOND, "");
  mw_items_hand_over (f->db, second, FALSE, T0, NULL);
  ASSERT_DUE (T0 + 10 * SECOND, "1");
}

/* The sender looks after every exchange: that must cost the same whatever else is waiting */
static void
test_due_by_index (DbFixture    *f,
                   gconstpointer user_data)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GString) plan = g_string_new (NULL);

  g_assert_true (mw_query_init (&query, f->db, NULL,
                                "EXPLAIN QUERY PLAN SELECT id FROM items AS i WHERE connection IS nullif(?3, 0) AND state IN (1, 2, 4) AND next_attempt <= ?1 "
                                "ORDER BY priority DESC, saved, id LIMIT ?2",
                                "iii", T0, (gint64) 8, (gint64) 1));
  while (mw_query_step (&query, NULL))
    g_string_append_printf (plan, "%s\n", mw_query_text (&query, 3));
  g_assert_nonnull (strstr (plan->str, "USING INDEX items_due (connection=?)"));
  g_assert_null (strstr (plan->str, "TEMP B-TREE"));
}

static void
test_urgent_first (DbFixture    *f,
                   gconstpointer user_data)
{
  for (guint i = 0; i < 4; i++)
    test_item_saved (f->db, 0, T0, T0);
  mw_db_exec (f->db, "UPDATE items SET priority = id % 3", NULL);
  ASSERT_DUE (T0, "2 1 4 3");
}

/* The time at which the sender looks again is one at which something can be done: what is due waits for
 * no clock, and a timer that fires at once for ever is a busy loop */
static void
test_next_time (DbFixture    *f,
                gconstpointer user_data)
{
  gint64 stuck = test_item_saved (f->db, 0, T0, T0);

  test_item_saved (f->db, thread_of (f->db, stuck), T0, T0);
  mw_items_need_attention (f->db, stuck, NULL, "rejected", "No.", T0, NULL);
  g_assert_cmpint (mw_items_next_time (f->db, T0 + SECOND), ==, 0);
  test_item_saved (f->db, 0, T0 + 20 * SECOND, T0);
  g_assert_cmpint (mw_items_next_time (f->db, T0 + SECOND), ==, T0 + 20 * SECOND);
  mw_db_exec (f->db, "UPDATE items SET state = 6, next_attempt = 0, answer_by = 1767225610000000 WHERE id = 3", NULL);
  g_assert_cmpint (mw_items_next_time (f->db, T0 + SECOND), ==, T0 + 10 * SECOND);
}

/* ---- the check at the start ------------------------------------------ */

static void
test_start (DbFixture    *f,
            gconstpointer user_data)
{
  gint64 sending = test_item_saved (f->db, 0, T0, T0);
  gint64 lost = test_item_saved (f->db, 0, T0, T0);
  gint64 waits = test_item_saved (f->db, 0, T0 + 5 * SECOND, T0);
  gint64 far = test_item_saved (f->db, 0, T0, T0);
  gint64 leap = test_item_saved (f->db, 0, T0 + 400 * G_TIME_SPAN_DAY, T0);
  gint64 later = test_item_new (f->db, 0, T0);
  gint64 now = T0 + 60 * SECOND;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwItem) item = NULL;
  g_autoptr (GPtrArray) requests = NULL;

  mw_items_save (f->db, later, T0 + 400 * G_TIME_SPAN_DAY, TRUE, T0, &error);
  mw_items_move (f->db, sending, MW_ITEM_SAVED, MW_ITEM_PREPARING, T0, &error);
  test_request_new (f->db, sending);
  mw_items_move (f->db, sending, MW_ITEM_PREPARING, MW_ITEM_SENDING, T0, &error);
  mw_requests_begin_attempt (f->db, mw_db_get_int (f->db, 0, "SELECT id FROM requests", ""), T0, &error);
  mw_items_move (f->db, lost, MW_ITEM_SAVED, MW_ITEM_PREPARING, T0, &error);
  mw_db_exec (f->db, "UPDATE items SET next_attempt = 0 WHERE id = 2", NULL);
  mw_items_move (f->db, far, MW_ITEM_SAVED, MW_ITEM_PREPARING, T0, &error);
  mw_items_hold (f->db, far, T0 + 90 * G_TIME_SPAN_DAY, NULL, MW_WAIT_BACK_OFF, NULL, T0, &error);
  g_assert_no_error (error);

  g_assert_cmpint (mw_items_check_at_start (f->db, now, &error), ==, 1);
  g_assert_no_error (error);

  item = mw_items_load (f->db, sending, &error);
  g_assert_cmpstr (mw_item_state_word (item->state), ==, "unknown");
  requests = mw_requests_of_item (f->db, sending, &error);
  g_assert_cmpint (((MwRequest *) requests->pdata[0])->state, ==, MW_REQUEST_UNKNOWN);
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT count(*) FROM attempts WHERE outcome = 'died' AND ended > 0", ""), ==, 1);
  /* a clock that was ahead parks nothing, but for what a person has set for that time */
  ASSERT_DUE (now, "1 2 3 4 5");
  g_assert_cmpint (waits, ==, 3);
  g_assert_cmpint (leap, ==, 5);
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT next_attempt FROM items WHERE id = ?1", "i", later), ==, T0 + 400 * G_TIME_SPAN_DAY);
  /* a second start finds nothing more to do */
  g_assert_cmpint (mw_items_check_at_start (f->db, now, &error), ==, 0);
  ASSERT_DUE (now, "1 2 3 4 5");
}

/* ---- the rest -------------------------------------------------------- */

/* Whatever was planned for the old text is never sent; whoever edits an old revision is told */
static void
test_revision (DbFixture    *f,
               gconstpointer user_data)
{
  gint64 id = test_item_saved (f->db, 0, T0, T0);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwItem) old = mw_items_load (f->db, id, NULL);
  g_autoptr (MwItem) item = NULL;

  g_assert_true (mw_items_undo (f->db, id, T0, &error));
  g_assert_false (mw_items_update_draft (f->db, old, T0, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
  g_clear_error (&error);
  item = mw_items_load (f->db, id, NULL);
  g_assert_true (mw_items_update_draft (f->db, item, T0, &error));
  g_assert_no_error (error);
}

/* The person was asked, and has decided: a retry of what the server cannot be asked about is sent again.
 * Without that it would need attention for ever. */
static void
test_retry_unknown (DbFixture    *f,
                    gconstpointer user_data)
{
  gint64 id = test_item_saved (f->db, 0, T0, T0);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwItem) item = NULL;

  mw_items_move (f->db, id, MW_ITEM_SAVED, MW_ITEM_PREPARING, T0, &error);
  test_request_new (f->db, id);
  mw_db_exec (f->db, "UPDATE requests SET repeatable = 0, state = 3", NULL);
  /* while it is not asked about, a retry changes nothing about the uncertainty */
  mw_items_move (f->db, id, MW_ITEM_PREPARING, MW_ITEM_SENDING, T0, &error);
  mw_items_move (f->db, id, MW_ITEM_SENDING, MW_ITEM_UNKNOWN, T0, &error);
  g_assert_true (mw_items_retry (f->db, id, T0, &error));
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT state FROM requests", ""), ==, MW_REQUEST_UNKNOWN);
  mw_items_need_attention (f->db, id, NULL, "unknown", "Nobody knows.", T0, &error);
  g_assert_no_error (error);
  g_assert_true (mw_items_retry (f->db, id, T0, &error));
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT state FROM requests", ""), ==, MW_REQUEST_PENDING);
  item = mw_items_load (f->db, id, &error);
  g_assert_cmpstr (mw_item_state_word (item->state), ==, "preparing");
}

static void
test_discard (DbFixture    *f,
              gconstpointer user_data)
{
  gint64 draft = test_item_new (f->db, 0, T0);
  gint64 saved = test_item_saved (f->db, 0, T0, T0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  mw_items_ids (f->db, MW_ITEM_VIEW_DRAFTS, "zeb", ids, &error);
  g_assert_cmpuint (ids->len, ==, 1);
  g_assert_true (mw_items_discard (f->db, draft, 3, &error));
  g_assert_null (mw_items_load (f->db, draft, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (mw_items_discard (f->db, saved, 3, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
  g_clear_error (&error);
  g_array_set_size (ids, 0);
  mw_items_ids (f->db, MW_ITEM_VIEW_ALL, "zeb", ids, &error);
  g_assert_cmpuint (ids->len, ==, 1);
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT count(*) FROM search WHERE search MATCH 'zebra'", ""), ==, 1);
}

static void
test_views (DbFixture    *f,
            gconstpointer user_data)
{
  static const struct
  {
    MwItemView  view;
    const char *states;
  } views[] = {
    { MW_ITEM_VIEW_OUTBOX, "saved preparing sending unknown attention" },
    { MW_ITEM_VIEW_WAITING, "waiting overdue" },
    { MW_ITEM_VIEW_HANDED_OVER, "handed-over waiting answered overdue" },
    { MW_ITEM_VIEW_DRAFTS, "draft" },
    { MW_ITEM_VIEW_ATTENTION, "attention" },
    { MW_ITEM_VIEW_ALL, "saved preparing sending unknown attention handed-over waiting answered overdue withdrawn" },
  };

  for (guint i = 0; i < MW_ITEM_N_STATES; i++)
    {
      gint64 id = test_item_new (f->db, 0, T0);

      mw_db_run (f->db, NULL, "UPDATE items SET state = ?2 WHERE id = ?1", "id", id, (int) i);
    }
  for (gsize v = 0; v < G_N_ELEMENTS (views); v++)
    for (guint searched = 0; searched < 2; searched++)
      {
        g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
        g_auto (GStrv) wanted = g_strsplit (views[v].states, " ", -1);

        g_assert_true (mw_items_ids (f->db, views[v].view, searched ? "rossi" : NULL, ids, NULL));
        g_assert_cmpuint (ids->len, ==, g_strv_length (wanted));
        g_assert_cmpint (mw_items_count (f->db, views[v].view), ==, ids->len);
        for (guint i = 0; i < ids->len; i++)
          {
            g_autoptr (MwItem) item = mw_items_load (f->db, g_array_index (ids, gint64, i), NULL);

            g_assert_true (g_strv_contains ((const char *const *) wanted, mw_item_state_word (item->state)));
          }
      }
}

static void
test_follow_ups (DbFixture    *f,
                 gconstpointer user_data)
{
  gint64 connection = test_connection_new (f->db, "http://127.0.0.1/a", TRUE);
  gint64 id = test_item_saved (f->db, 0, T0, T0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = NULL;

  g_assert_true (mw_follow_ups_add (f->db, id, connection, "http://127.0.0.1/a/Task/1", T0 + SECOND, T0, &error));
  /* noted twice, it is followed once */
  g_assert_true (mw_follow_ups_add (f->db, id, connection, "http://127.0.0.1/a/Task/1", T0 + SECOND, T0, &error));
  g_assert_cmpint (mw_follow_ups_next_time (f->db, T0), ==, T0 + SECOND);
  all = mw_follow_ups_due (f->db, T0 + SECOND, 10, &error);
  g_assert_cmpuint (all->len, ==, 1);
  /* while its connection is paused it is due when the pause ends, and on one that is switched off never */
  mw_db_exec (f->db, "UPDATE connections SET paused_until = 1767225630000000", NULL);
  g_assert_cmpint (mw_follow_ups_next_time (f->db, T0 + 2 * SECOND), ==, T0 + 30 * SECOND);
  mw_db_exec (f->db, "UPDATE connections SET enabled = 0", NULL);
  g_assert_cmpint (mw_follow_ups_next_time (f->db, T0 + 2 * SECOND), ==, 0);
  /* an answer ends it */
  mw_db_exec (f->db, "UPDATE connections SET enabled = 1, paused_until = 0; UPDATE items SET state = 6, next_attempt = 0", NULL);
  g_assert_true (mw_items_answer (f->db, id, "Yes", T0, &error));
  g_assert_cmpint (mw_follow_ups_next_time (f->db, T0), ==, 0);
}

#define ADD(path, test) g_test_add ("/store/items/" path, DbFixture, NULL, db_fixture_set_up, test, db_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("race", test_race);
  ADD ("lanes", test_lanes);
  ADD ("lanes/connections", test_lanes_connections);
  ADD ("lanes/saved-order", test_lanes_saved_order);
  ADD ("due-by-index", test_due_by_index);
  ADD ("urgent-first", test_urgent_first);
  ADD ("next-time", test_next_time);
  ADD ("start", test_start);
  ADD ("revision", test_revision);
  ADD ("retry-unknown", test_retry_unknown);
  ADD ("discard", test_discard);
  ADD ("views", test_views);
  ADD ("follow-ups", test_follow_ups);
  return g_test_run ();
}
