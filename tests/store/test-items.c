/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The life of an item on disk: the state table, the compare-and-set of undo and send, lanes */

#include "store-fixture.h"

#include "mw-follow-up.h"
#include "mw-journal.h"
#include "mw-request.h"

#include <string.h>

#define SECOND G_TIME_SPAN_SECOND
#define T0 (G_GINT64_CONSTANT (1767225600) * SECOND)

/* design.md, "The life of an item", as a reader of it would draw the arrows */
static const char *const arrows[MW_ITEM_N_STATES] = {
  [MW_ITEM_DRAFT] = "saved withdrawn",
  [MW_ITEM_SAVED] = "draft preparing attention withdrawn",
  [MW_ITEM_PREPARING] = "sending attention withdrawn draft handed-over waiting",
  [MW_ITEM_SENDING] = "preparing unknown handed-over waiting attention",
  [MW_ITEM_UNKNOWN] = "preparing sending handed-over waiting attention",
  [MW_ITEM_HANDED_OVER] = "waiting answered",
  [MW_ITEM_WAITING] = "answered overdue attention handed-over",
  [MW_ITEM_ANSWERED] = "",
  [MW_ITEM_OVERDUE] = "answered handed-over waiting attention",
  [MW_ITEM_ATTENTION] = "draft preparing unknown withdrawn handed-over waiting",
  [MW_ITEM_WITHDRAWN] = "draft",
};

static void
test_table (void)
{
  for (guint from = 0; from < MW_ITEM_N_STATES; from++)
    {
      g_auto (GStrv) next = g_strsplit (arrows[from], " ", -1);
      const MwItemStateRule *rule = mw_item_state_rule ((MwItemState) from);
      MwItemState            state;

      for (guint to = 0; to < MW_ITEM_N_STATES; to++)
        g_assert_cmpint (mw_item_state_may_become ((MwItemState) from, (MwItemState) to), ==,
                         g_strv_contains ((const char *const *) next, mw_item_state_word ((MwItemState) to)));
      g_assert_true (mw_item_state_from_word (rule->word, &state));
      g_assert_cmpuint (state, ==, from);
      /* G4: whatever the sender owns has a time, or is in its hands at this moment and cleared up at a start */
      if (rule->owner == MW_OWNER_SENDER)
        g_assert_true (rule->timed || mw_item_state_rule (rule->at_start)->timed);
      g_assert_true (rule->at_start == from || mw_item_state_may_become ((MwItemState) from, rule->at_start));
    }
  /* numbers on disk: they never change */
  g_assert_cmpint (MW_ITEM_DRAFT, ==, 0);
  g_assert_cmpint (MW_ITEM_UNKNOWN, ==, 4);
  g_assert_cmpint (MW_ITEM_ATTENTION, ==, 9);
  g_assert_cmpint (MW_ITEM_WITHDRAWN, ==, 10);
}

/* ---- every function in every state ----------------------------------- */

typedef enum
{
  OP_UPDATE,
  OP_SAVE,
  OP_UNDO,
  OP_SEND_NOW,
  OP_CLAIM,
  OP_PLAN,
  OP_BEGIN,
  OP_DONE,
  OP_LATER,
  OP_UNSURE,
  OP_REFUSED,
  OP_HOLD,
  OP_ATTENTION,
  OP_RETRY,
  OP_WITHDRAW,
  OP_EDIT,
  OP_ANSWER,
  OP_OVERDUE,
  OP_RESTART,
  N_OPS,
} Op;

/* What a reader of design.md expects to know about an item */
typedef struct
{
  gint64      id;
  MwItemState state;
  gint64      revision;
  gint64      attempt; /* 0: none open */
  gboolean    planned;
  gboolean    unsure; /* an attempt of which nobody knows the end */
  gboolean    left;   /* something may have left */
} Model;

static gboolean
in_state (const Model *m,
          const char  *words)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  return g_strv_contains ((const char *const *) list, mw_item_state_word (m->state));
}

static gint64
request_of (MwDb  *db,
            gint64 item)
{
  return mw_db_get_int (db, 0, "SELECT id FROM requests WHERE item = ?1", "i", item);
}

/* What an engine step that ends an attempt does: request, then item */
static gboolean
end_attempt (MwDb          *db,
             Model         *m,
             MwRequestState state,
             MwItemState    to,
             gint64         now,
             GError       **error)
{
  if (!mw_requests_end_attempt (db, request_of (db, m->id), m->attempt, state, "x", 0, NULL, NULL, now, error))
    return FALSE;
  if (to == MW_ITEM_HANDED_OVER)
    return mw_items_hand_over (db, m->id, FALSE, now, error);
  if (to == MW_ITEM_ATTENTION)
    return mw_items_need_attention (db, m->id, NULL, "rejected", "No.", now, error);
  return mw_items_move (db, m->id, MW_ITEM_SENDING, to, now, error) &&
         mw_items_hold (db, m->id, now + 5 * SECOND, NULL, MW_WAIT_BACK_OFF, NULL, now, error);
}

static gboolean
do_op (MwDb    *db,
       Model   *m,
       Op       op,
       gint64   now,
       GError **error)
{
  switch (op)
    {
    case OP_UPDATE:
      {
        g_autoptr (MwItem) item = mw_items_load (db, m->id, NULL);

        return mw_items_update_draft (db, item, now, error);
      }
    case OP_SAVE:
      return mw_items_save (db, m->id, now + 5 * SECOND, FALSE, now, error);
    case OP_UNDO:
      return mw_items_undo (db, m->id, now, error);
    case OP_SEND_NOW:
      return mw_items_send_now (db, m->id, now, error);
    case OP_CLAIM:
      return mw_items_move (db, m->id, MW_ITEM_SAVED, MW_ITEM_PREPARING, now, error);
    case OP_PLAN:
      {
        g_autoptr (GPtrArray) none = g_ptr_array_new ();

        /* as the engine does: only for the revision it has read, while it prepares */
        if (mw_db_get_int (db, 0, "SELECT count(*) FROM items WHERE id = ?1 AND state = 2", "i", m->id) != 1 || !mw_requests_replace (db, m->id, none, error))
          {
            g_clear_error (error);
            g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "no");
            return FALSE;
          }
        test_request_new (db, m->id);
        return TRUE;
      }
    case OP_BEGIN:
      return mw_items_move (db, m->id, m->state == MW_ITEM_UNKNOWN ? MW_ITEM_UNKNOWN : MW_ITEM_PREPARING, MW_ITEM_SENDING, now, error) &&
             (m->attempt = mw_requests_begin_attempt (db, request_of (db, m->id), now, error)) > 0;
    case OP_DONE:
      return end_attempt (db, m, MW_REQUEST_DONE, MW_ITEM_HANDED_OVER, now, error);
    case OP_LATER:
      return end_attempt (db, m, MW_REQUEST_PENDING, MW_ITEM_PREPARING, now, error);
    case OP_UNSURE:
      return end_attempt (db, m, MW_REQUEST_UNKNOWN, MW_ITEM_UNKNOWN, now, error);
    case OP_REFUSED:
      return end_attempt (db, m, MW_REQUEST_FAILED, MW_ITEM_ATTENTION, now, error);
    case OP_HOLD:
      return mw_items_hold (db, m->id, now + SECOND, "negotiate", MW_WAIT_NETWORK, "No network", now, error);
    case OP_ATTENTION:
      return mw_items_need_attention (db, m->id, "discover", "discover", "Nobody.", now, error);
    case OP_RETRY:
      return mw_items_retry (db, m->id, now, error);
    case OP_WITHDRAW:
      return mw_items_withdraw (db, m->id, now, error);
    case OP_EDIT:
      return mw_items_edit (db, m->id, now, error);
    case OP_ANSWER:
      return mw_items_answer (db, m->id, "Yes", now, error);
    case OP_OVERDUE:
      return mw_db_run (db, error, "UPDATE items SET answer_by = ?2 WHERE id = ?1", "ii", m->id, now) && mw_items_mark_overdue (db, now, error) >= 0;
    case OP_RESTART:
      return mw_items_check_at_start (db, now, error) >= 0;
    case N_OPS:
    default:
      g_assert_not_reached ();
    }
}

/* Whether the model allows it; then the model has moved on */
static gboolean
expect (Model *m,
        Op     op)
{
  switch (op)
    {
    case OP_UPDATE:
      return in_state (m, "draft");
    case OP_SAVE:
      if (!in_state (m, "draft"))
        return FALSE;
      m->state = MW_ITEM_SAVED;
      return TRUE;
    case OP_UNDO:
      if (!in_state (m, "saved"))
        return FALSE;
      m->state = MW_ITEM_DRAFT;
      m->revision++;
      return TRUE;
    case OP_SEND_NOW:
      return in_state (m, "saved");
    case OP_CLAIM:
      if (!in_state (m, "saved"))
        return FALSE;
      m->state = MW_ITEM_PREPARING;
      return TRUE;
    case OP_PLAN:
      if (!in_state (m, "preparing") || m->left)
        return FALSE;
      m->planned = TRUE;
      return TRUE;
    case OP_BEGIN:
      m->state = MW_ITEM_SENDING;
      m->left = TRUE;
      return TRUE;
    case OP_DONE:
      m->state = MW_ITEM_HANDED_OVER;
      return TRUE;
    case OP_LATER:
      m->state = MW_ITEM_PREPARING;
      m->left = FALSE;
      return TRUE;
    case OP_UNSURE:
      m->state = MW_ITEM_UNKNOWN;
      m->unsure = TRUE;
      return TRUE;
    case OP_REFUSED:
      m->state = MW_ITEM_ATTENTION;
      m->unsure = m->left = FALSE;
      return TRUE;
    case OP_HOLD:
      return in_state (m, "saved preparing unknown");
    case OP_ATTENTION:
      if (!in_state (m, "saved preparing sending unknown waiting overdue"))
        return FALSE;
      m->state = MW_ITEM_ATTENTION;
      return TRUE;
    case OP_RETRY:
      if (!in_state (m, "preparing unknown attention"))
        return FALSE;
      if (m->state == MW_ITEM_ATTENTION)
        m->state = m->unsure ? MW_ITEM_UNKNOWN : MW_ITEM_PREPARING;
      return TRUE;
    case OP_WITHDRAW:
      if (!in_state (m, "draft saved preparing attention") || m->left)
        return FALSE;
      m->state = MW_ITEM_WITHDRAWN;
      return TRUE;
    case OP_EDIT:
      if (!in_state (m, "saved preparing attention withdrawn") || m->left)
        return FALSE;
      m->state = MW_ITEM_DRAFT;
      m->revision++;
      m->planned = FALSE;
      return TRUE;
    case OP_ANSWER:
      if (in_state (m, "handed-over waiting overdue"))
        m->state = MW_ITEM_ANSWERED;
      return TRUE;
    case OP_OVERDUE:
      if (m->state == MW_ITEM_WAITING)
        m->state = MW_ITEM_OVERDUE;
      return TRUE;
    case OP_RESTART:
      if (m->state == MW_ITEM_SENDING)
        {
          m->state = MW_ITEM_UNKNOWN;
          m->unsure = TRUE;
        }
      return TRUE;
    case N_OPS:
    default:
      g_assert_not_reached ();
    }
}

/* The engine keeps these orders by its own code; anything else a person or a crash may do at any moment */
static gboolean
can_be_tried (const Model *m,
              Op           op)
{
  switch (op)
    {
    case OP_BEGIN:
      return m->planned && in_state (m, "preparing unknown");
    case OP_DONE:
    case OP_LATER:
    case OP_UNSURE:
    case OP_REFUSED:
      return m->state == MW_ITEM_SENDING && !(op == OP_LATER && m->unsure);
    case OP_ATTENTION:
      return m->state != MW_ITEM_SENDING;
    default:
      return TRUE;
    }
}

static void
check (MwDb        *db,
       const Model *m)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwItem) item = mw_items_load (db, m->id, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (mw_item_state_word (item->state), ==, mw_item_state_word (m->state));
  g_assert_cmpint (item->revision, ==, m->revision);
  /* G4: a next time, a wait that is shown, or attention with a reason */
  if (mw_item_state_rule (item->state)->timed)
    g_assert_cmpint (item->next_attempt, >, 0);
  else
    g_assert_cmpint (item->next_attempt, ==, 0);
  if (item->state == MW_ITEM_ATTENTION)
    g_assert_true (item->error != NULL && item->error_text != NULL);
  else if (item->state != MW_ITEM_WITHDRAWN)
    g_assert_null (item->error);
}

static void
test_random_walk (DbFixture    *f,
                  gconstpointer user_data)
{
  guint32 seed = 41;
  guint   steps = g_getenv ("MW_TEST_STEPS") != NULL ? (guint) g_ascii_strtoull (g_getenv ("MW_TEST_STEPS"), NULL, 10) : 10000;
  g_autoptr (GRand) rand = NULL;
  Model  m = { 0 };
  gint64 now = T0;
  guint  refused = 0, done = 0;

  if (g_getenv ("MW_TEST_SEED") != NULL)
    seed = (guint32) g_ascii_strtoull (g_getenv ("MW_TEST_SEED"), NULL, 10);
  g_test_message ("seed %u", seed);
  rand = g_rand_new_with_seed (seed);
  mw_db_exec (f->db, "PRAGMA synchronous = OFF", NULL);
  for (guint step = 0; step < steps; step++)
    {
      Op op = (Op) g_rand_int_range (rand, 0, N_OPS);
      g_autoptr (GError) error = NULL;
      gboolean expected, happened;
      Model    before;

      if (m.id == 0 || (in_state (&m, "answered withdrawn handed-over") && g_rand_int_range (rand, 0, 4) == 0))
        {
          m = (Model){ .id = test_item_new (f->db, 0, now), .state = MW_ITEM_DRAFT, .revision = 1 };
          check (f->db, &m);
        }
      if (!can_be_tried (&m, op))
        continue;
      now += SECOND;
      before = m;
      expected = expect (&m, op);
      mw_db_exec (f->db, "BEGIN IMMEDIATE", NULL);
      {
        Model subject = before;

        happened = do_op (f->db, &subject, op, now, &error);
        m.attempt = subject.attempt;
      }
      mw_db_exec (f->db, happened ? "COMMIT" : "ROLLBACK", NULL);
      if (happened != expected)
        g_error ("Step %u: operation %d on an item that is %s: %s", step, op, mw_item_state_word (before.state),
                 error != NULL ? error->message : "was let through");
      if (!happened)
        {
          g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
          refused++;
        }
      else
        done++;
      if (m.state != before.state)
        g_assert_true (mw_item_state_may_become (before.state, m.state));
      check (f->db, &m);
    }
  g_assert_cmpuint (refused, >, steps / 50);
  g_assert_cmpuint (done, >, steps / 10);
}

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
  g_assert_true (mw_items_discard (f->db, draft, &error));
  g_assert_null (mw_items_load (f->db, draft, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (mw_items_discard (f->db, saved, &error));
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
  g_test_add_func ("/store/items/table", test_table);
  ADD ("random-walk", test_random_walk);
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
