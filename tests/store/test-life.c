/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The life of an item: the state table, and ten thousand random steps against a model of it */

#include "store-fixture.h"

#include "mw-request.h"

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

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/life/table", test_table);
  g_test_add ("/store/life/random-walk", DbFixture, NULL, db_fixture_set_up, test_random_walk, db_fixture_tear_down);
  return g_test_run ();
}
