/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What leaves when: undo and send, set times, threads and their order (G3), edits of what others change too */

#include "engine-fixture.h"

#include "mw-connections.h"
#include "mw-identity.h"
#include "mw-json.h"
#include "mw-resource-row.h"

#include <string.h>

#define SECOND G_TIME_SPAN_SECOND

static void
set_time (EngineFixture *f,
          gint64         offset)
{
  __atomic_store_n (&f->offset, offset, __ATOMIC_SEQ_CST);
}

static char *
note_of (MwFaultRequest *request)
{
  gsize       size;
  const char *data = g_bytes_get_data (request->body, &size);
  g_autoptr (JsonNode) node = size > 0 ? mw_json_parse (data, (gssize) size, NULL) : NULL;

  return g_strdup (mw_json_string (node, "payload[0].contentString"));
}

/* The notes of what was posted, in the order in which it arrived */
static char *
posted (Peer *peer)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < mw_fault_server_n_requests (peer->server); i++)
    {
      g_autoptr (MwFaultRequest) request = mw_fault_server_get_request (peer->server, i);
      g_autofree char *note = note_of (request);

      if (note != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", note);
    }
  return g_string_free (text, FALSE);
}

/* ---- undo and set times ---------------------------------------------- */

static void
test_undo (EngineFixture *f,
           gconstpointer  user_data)
{
  Peer  *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  gint64 item = engine_fixture_message (f, peer, 0, "old");
  g_autoptr (GError) error = NULL;
  g_autofree char *sent = NULL;

  engine_fixture_sql (f, "UPDATE items SET not_before = not_before + 60000000, next_attempt = next_attempt + 60000000");
  engine_fixture_start (f);
  engine_fixture_wait_state (f, engine_fixture_message (f, peer, 0, "other"), "handed-over");
  /* within the time to undo it stays, and a restart changes nothing about that */
  engine_fixture_stop (f);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, engine_fixture_message (f, peer, 0, "another"), "handed-over");
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_UNDO, item, &error));
  set_time (f, 120 * SECOND);
  mw_engine_wake (f->engine);
  engine_fixture_wait_state (f, engine_fixture_message (f, peer, 0, "later"), "handed-over");
  sent = posted (peer);
  g_assert_cmpstr (sent, ==, "other another later");
  engine_fixture_assert_once (f, peer);
  /* once it has left there is nothing to take back */
  g_assert_false (engine_fixture_act (f, MW_OUTBOX_UNDO, 2, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
}

/* Taken back at the very moment: it leaves with what was written last, or not at all */
static void
test_undo_race (EngineFixture *f,
                gconstpointer  user_data)
{
  Peer *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  guint undone = 0;

  engine_fixture_start (f);
  for (guint i = 0; i < 60; i++)
    {
      gint64 item = engine_fixture_message (f, peer, 0, "text");

      for (guint k = 0; k < i * 20; k++)
        g_main_context_iteration (NULL, FALSE);
      if (engine_fixture_act (f, MW_OUTBOX_UNDO, item, NULL) || engine_fixture_act (f, MW_OUTBOX_WITHDRAW, item, NULL))
        undone++;
    }
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state IN (1, 2, 3, 4)", 0);
  engine_fixture_stop (f);
  g_test_message ("%u taken back, %u sent", undone, mw_ledger_n_effects (peer->ledger));
  g_assert_cmpuint (mw_ledger_n_effects (peer->ledger) + undone, ==, 60);
  engine_fixture_assert_once (f, peer);
}

static void
test_later (EngineFixture *f,
            gconstpointer  user_data)
{
  Peer            *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  gint64           first = engine_fixture_message (f, peer, 0, "evening");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  engine_fixture_sql (f, "UPDATE items SET scheduled = 1, wait = 'time', not_before = not_before + 3600000000, next_attempt = next_attempt + 3600000000");
  engine_fixture_start (f);
  engine_fixture_wait_state (f, engine_fixture_message (f, peer, engine_fixture_thread (f, first), "now"), "handed-over");
  before = posted (peer);
  g_assert_cmpstr (before, ==, "now");
  g_assert_cmpint (engine_fixture_get (f, "SELECT state FROM items WHERE id = 1"), ==, MW_ITEM_SAVED);
  /* the computer slept over it */
  engine_fixture_stop (f);
  set_time (f, 7200 * SECOND);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, first, "handed-over");
  after = posted (peer);
  g_assert_cmpstr (after, ==, "now evening");
  engine_fixture_assert_once (f, peer);
}

/* ---- threads --------------------------------------------------------- */

static void
test_thread (EngineFixture *f,
             gconstpointer  user_data)
{
  Peer            *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  gint64           threads[4] = { 0 };
  g_autofree char *sent = NULL;
  g_auto (GStrv) notes = NULL;
  guint last[4] = { 0 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *note = g_strdup_printf ("%c%02u", 'a' + i % 4, i / 4 + 1);
      gint64           item = engine_fixture_message (f, peer, threads[i % 4], note);

      threads[i % 4] = engine_fixture_thread (f, item);
    }
  mw_fault_server_set_random (peer->server, 11, 0.2);
  engine_fixture_start (f);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 5", 40);
  engine_fixture_assert_once (f, peer);
  sent = posted (peer);
  notes = g_strsplit (sent, " ", -1);
  for (guint i = 0; notes[i] != NULL; i++)
    {
      guint thread = (guint) (notes[i][0] - 'a');
      guint number = (guint) g_ascii_strtoull (notes[i] + 1, NULL, 10);

      /* again, or the next: never back, never over one */
      g_assert_true (number == last[thread] || number == last[thread] + 1);
      last[thread] = number;
    }
}

/* One that is refused holds up its own thread, and nobody else */
static void
test_poisoned (EngineFixture *f,
               gconstpointer  user_data)
{
  Peer  *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  gint64 bad, behind;
  g_autoptr (GError) error = NULL;
  g_autofree char *sent = NULL;

  mw_fault_server_script_reply (peer->server, MW_FAULT_NONE, 422, NULL, NULL, -1);
  bad = engine_fixture_message (f, peer, 0, "bad");
  engine_fixture_start (f);
  engine_fixture_wait_state (f, bad, "attention");
  behind = engine_fixture_message (f, peer, engine_fixture_thread (f, bad), "behind");
  for (guint i = 0; i < 5; i++)
    engine_fixture_wait_state (f, engine_fixture_message (f, peer, 0, "other"), "handed-over");
  g_assert_cmpint (engine_fixture_get (f, "SELECT state FROM items WHERE id = 2"), ==, MW_ITEM_SAVED);
  /* withdrawn, it is out of the way */
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_WITHDRAW, bad, &error));
  engine_fixture_wait_state (f, behind, "handed-over");
  sent = posted (peer);
  g_assert_cmpstr (sent, ==, "bad other other other other other behind");
}

/* Edited after a refusal: the new text leaves, under the same identity */
static void
test_edit_refused (EngineFixture *f,
                   gconstpointer  user_data)
{
  Peer  *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  gint64 item;
  g_autoptr (GError) error = NULL;
  g_autofree char *sent = NULL;

  mw_fault_server_script_reply (peer->server, MW_FAULT_NONE, 422, NULL, NULL, -1);
  item = engine_fixture_message (f, peer, 0, "wrong");
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "attention");
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_EDIT, item, &error));
  engine_fixture_sql (f, "UPDATE items SET content = replace(content, 'wrong', 'right'), state = 1, saved = saved + 1, next_attempt = 1, not_before = 1 WHERE id = 1");
  engine_fixture_wait_state (f, item, "handed-over");
  sent = posted (peer);
  g_assert_cmpstr (sent, ==, "wrong right");
  engine_fixture_assert_once (f, peer);
}

/* A server that does not answer holds up nobody else's items */
static void
test_two_servers (EngineFixture *f,
                  gconstpointer  user_data)
{
  Peer  *slow = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  Peer  *quick = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  gint64 stuck = 0;

  for (guint i = 0; i < 12; i++)
    {
      mw_fault_server_script (slow->server, MW_FAULT_SILENT);
      stuck = engine_fixture_message (f, slow, 0, "slow");
    }
  engine_fixture_start (f);
  for (guint i = 0; i < 20; i++)
    engine_fixture_message (f, quick, 0, "quick");
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 5", 20);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM items WHERE state = 3"), ==, 8);
  g_assert_cmpint (stuck, ==, 12);
  /* stopped in the middle of it: what was open is uncertain, and cleared up at the next start */
  engine_fixture_stop (f);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM items WHERE state = 3"), ==, 8);
  mw_fault_server_set_random (slow->server, 1, 0);
  engine_fixture_start (f);
  g_assert_cmpint (mw_fault_server_n_requests (slow->server), >=, 8);
}

/* ---- edits ----------------------------------------------------------- */

typedef struct
{
  const char *reference;
  GBytes     *raw;
} Row;

static gint64
write_row (MwDb    *db,
           gpointer data,
           GError **error)
{
  Row          *input = data;
  gboolean      changed;
  MwResourceRow row = { .type = (char *) "Task", .fhir_id = (char *) "t1", .reference = (char *) input->reference, .raw = input->raw };

  return mw_resources_put (db, &row, &changed, error);
}

#define TASK "{\"resourceType\":\"Task\",\"id\":\"t1\",\"status\":\"requested\",\"intent\":\"order\",\"description\":\"Please see\"," \
             "\"focus\":{\"reference\":\"ServiceRequest/s1\"},\"requester\":{\"display\":\"Dr A\"}}"

/* The Task of a referral, here and on the peer, and an item that accepts it */
static gint64
accept_referral (EngineFixture *f,
                 Peer          *peer)
{
  g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_REFERRAL);
  g_autoptr (GBytes) raw = g_bytes_new_static (TASK, strlen (TASK));
  g_autofree char *reference = g_strconcat (peer->url, "/Task/t1", NULL);
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  MwFaultRequest request = { .method = (char *) "PUT", .target = (char *) "/Task/t1", .headers = headers, .body = raw };
  MwFaultReply   reply = { 0, g_string_new (NULL), g_string_new (NULL) };
  Row            row = { reference, raw };
  g_autoptr (GError) error = NULL;

  mw_ledger_handle (&request, &reply, peer->ledger);
  g_assert_cmpuint (reply.status, ==, 201);
  g_string_free (reply.headers, TRUE);
  g_string_free (reply.body, TRUE);
  mw_store_write (f->store, write_row, &row, &error);
  g_assert_no_error (error);
  draft->action = g_strdup ("accept");
  draft->target = g_strdup (reference);
  return engine_fixture_post (f, peer, 0, draft);
}

static JsonNode *
task_on (Peer *peer)
{
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  MwFaultRequest request = { .method = (char *) "GET", .target = (char *) "/Task/t1", .headers = headers };
  MwFaultReply   reply = { 0, g_string_new (NULL), g_string_new (NULL) };
  JsonNode      *node;

  mw_ledger_handle (&request, &reply, peer->ledger);
  node = mw_json_parse (reply.body->str, (gssize) reply.body->len, NULL);
  g_string_free (reply.headers, TRUE);
  g_string_free (reply.body, TRUE);
  return node;
}

/* Somebody changes the Task between our look and our write, as often as it says */
typedef struct
{
  Peer       *peer;
  guint       times;
  const char *from;
  const char *to;
} Meddler;

static void
meddle (MwFaultRequest *request,
        MwFaultReply   *reply,
        gpointer        user_data)
{
  Meddler *m = user_data;

  if (g_str_equal (request->method, "PUT") && m->times > 0)
    {
      g_autoptr (JsonNode) task = task_on (m->peer);
      g_autofree char *description = g_strdup_printf ("Please see, %u", m->times);
      g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (GBytes) body = NULL;
      char          *text;
      MwFaultReply   other = { 0, g_string_new (NULL), g_string_new (NULL) };
      MwFaultRequest change = { .method = (char *) "PUT", .target = (char *) "/Task/t1", .headers = headers };

      m->times--;
      mw_json_set (task, "description", description);
      if (m->to != NULL)
        mw_json_set (task, "status", m->to);
      text = mw_json_to_text (task, FALSE);
      body = g_bytes_new_take (text, strlen (text));
      change.body = body;
      mw_ledger_handle (&change, &other, m->peer->ledger);
      g_string_free (other.headers, TRUE);
      g_string_free (other.body, TRUE);
    }
  mw_ledger_handle (request, reply, m->peer->ledger);
}

static void
test_edit (EngineFixture *f,
           gconstpointer  user_data)
{
  Peer   *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  Meddler m = { peer, 2, NULL, NULL };
  gint64  item = accept_referral (f, peer);
  g_autoptr (JsonNode) task = NULL;

  peer->hook = meddle;
  peer->hook_data = &m;
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_stop (f);
  task = task_on (peer);
  /* both changes are there */
  g_assert_cmpstr (mw_json_string (task, "status"), ==, "accepted");
  g_assert_cmpstr (mw_json_string (task, "description"), ==, "Please see, 1");
}

/* Somebody else has decided meanwhile: nothing is written over it */
static void
test_edit_decided (EngineFixture *f,
                   gconstpointer  user_data)
{
  Peer   *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  Meddler m = { peer, 1, NULL, "cancelled" };
  gint64  item = accept_referral (f, peer);
  g_autoptr (JsonNode) task = NULL;
  g_autoptr (MwItem) row = NULL;

  peer->hook = meddle;
  peer->hook_data = &m;
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "attention");
  engine_fixture_stop (f);
  task = task_on (peer);
  g_assert_cmpstr (mw_json_string (task, "status"), ==, "cancelled");
  row = mw_items_load (f->db, item, NULL);
  g_assert_cmpstr (row->error, ==, "conflict");
}

/* The answer to the write is lost: it is seen to have worked, and not done again */
static void
test_edit_lost_answer (EngineFixture *f,
                       gconstpointer  user_data)
{
  Peer  *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  gint64 item = accept_referral (f, peer);
  guint  effects = mw_ledger_n_effects (peer->ledger);
  g_autoptr (JsonNode) task = NULL;

  mw_fault_server_script (peer->server, MW_FAULT_NONE);
  mw_fault_server_script (peer->server, MW_FAULT_RESET_AFTER_EFFECT);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_stop (f);
  task = task_on (peer);
  g_assert_cmpstr (mw_json_string (task, "status"), ==, "accepted");
  g_assert_cmpuint (mw_ledger_n_effects (peer->ledger), ==, effects + 1);
  g_assert_cmpuint (mw_json_length (task, "extension"), ==, 1);
}

/* Withdrawn while it was only being read about: nothing leaves, whatever the answer is */
static void
test_edit_withdrawn (EngineFixture *f,
                     gconstpointer  user_data)
{
  Peer  *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  gint64 item = accept_referral (f, peer);
  guint  effects = mw_ledger_n_effects (peer->ledger);
  g_autoptr (GError) error = NULL;

  mw_fault_server_set_pace (peer->server, 5);
  mw_fault_server_script (peer->server, GPOINTER_TO_INT (user_data) ? MW_FAULT_SLOW_BODY : MW_FAULT_STALL_BODY);
  engine_fixture_start (f);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 2 AND connection IS NOT NULL", 1);
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_WITHDRAW, item, &error));
  if (GPOINTER_TO_INT (user_data))
    engine_fixture_wait (f, "SELECT count(*) FROM connections WHERE id = 2 AND status = 'ok'", 1);
  engine_fixture_stop (f);
  g_assert_cmpint (engine_fixture_get (f, "SELECT state FROM items"), ==, MW_ITEM_WITHDRAWN);
  g_assert_cmpuint (mw_ledger_n_effects (peer->ledger), ==, effects);
}

/* ---- idle ------------------------------------------------------------ */

static void
idle_cb (MwEngine *engine,
         gpointer  user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* What waits for an answer, a person, a sign-in or its set time keeps nobody waiting */
static void
test_idle (EngineFixture *f,
           gconstpointer  user_data)
{
  Peer    *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  gint64   bad;
  gboolean idle = FALSE;

  mw_fault_server_script_reply (peer->server, MW_FAULT_NONE, 422, NULL, NULL, -1);
  bad = engine_fixture_message (f, peer, 0, "bad");
  engine_fixture_message (f, peer, engine_fixture_thread (f, bad), "behind");
  engine_fixture_message (f, peer, 0, "later");
  engine_fixture_sql (f, "UPDATE items SET scheduled = 1, next_attempt = next_attempt + 3600000000, not_before = not_before + 3600000000 WHERE id = 3");
  f->options.once = TRUE;
  f->engine = mw_engine_new (f->store, &f->options);
  g_signal_connect (f->engine, "idle", G_CALLBACK (idle_cb), &idle);
  mw_engine_start (f->engine);
  while (!idle)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM items WHERE id = 1 AND state = 9"), ==, 1);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM items WHERE state = 1"), ==, 2);
}

static gint64
write_enabled (MwDb    *db,
               gpointer data,
               GError **error)
{
  gint64 peer = mw_db_get_int (db, 0, "SELECT id FROM connections WHERE home = 0", "");

  return mw_connections_set_enabled (db, peer, GPOINTER_TO_INT (data), error) ? 0 : -1;
}

/* A person switches a connection off while the engine runs: nothing leaves over it, whatever was prepared; all does,
 * in its order, when it is on again, without anybody waking the engine */
static void
test_switched_off (EngineFixture *f,
                   gconstpointer  user_data)
{
  Peer  *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  gint64 first, last;
  guint  n_requests;
  g_autoptr (GError) error = NULL;
  g_autofree char *sent = NULL;

  engine_fixture_start (f);
  first = engine_fixture_message (f, peer, 0, "on");
  engine_fixture_wait_state (f, first, "handed-over");
  mw_store_write (f->store, write_enabled, GINT_TO_POINTER (FALSE), &error);
  g_assert_no_error (error);
  n_requests = mw_fault_server_n_requests (peer->server);
  first = engine_fixture_message (f, peer, 0, "one");
  engine_fixture_message (f, peer, engine_fixture_thread (f, first), "two");
  last = engine_fixture_message (f, peer, 0, "three");
  engine_fixture_wait_held (f, first, MW_WAIT_OFF);
  engine_fixture_wait_held (f, last, MW_WAIT_OFF);
  g_assert_cmpuint (mw_fault_server_n_requests (peer->server), ==, n_requests);
  mw_store_write (f->store, write_enabled, GINT_TO_POINTER (TRUE), &error);
  g_assert_no_error (error);
  engine_fixture_wait_state (f, first, "handed-over");
  engine_fixture_wait_state (f, last, "handed-over");
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE handed_over > 0", 4);
  engine_fixture_assert_once (f, peer);
  sent = posted (peer);
  g_assert_true (strstr (sent, "one") < strstr (sent, "two"));
}

#define ADD(path, data, test) g_test_add ("/engine/order/" path, EngineFixture, data, engine_fixture_set_up, test, engine_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("undo", NULL, test_undo);
  ADD ("undo-race", NULL, test_undo_race);
  ADD ("later", NULL, test_later);
  ADD ("thread", NULL, test_thread);
  ADD ("poisoned", NULL, test_poisoned);
  ADD ("edit-refused", NULL, test_edit_refused);
  ADD ("two-servers", NULL, test_two_servers);
  ADD ("edit", NULL, test_edit);
  ADD ("edit/decided", NULL, test_edit_decided);
  ADD ("edit/lost-answer", NULL, test_edit_lost_answer);
  ADD ("edit/withdrawn-slow", GINT_TO_POINTER (1), test_edit_withdrawn);
  ADD ("edit/withdrawn-stuck", GINT_TO_POINTER (0), test_edit_withdrawn);
  ADD ("switched-off", NULL, test_switched_off);
  ADD ("idle", NULL, test_idle);
  return g_test_run ();
}
