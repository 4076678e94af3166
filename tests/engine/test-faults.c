/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything that can go wrong with one exchange, each with what the item must say and do, and one
 * effect at the end (G2, G4) */

#include "engine-fixture.h"

#include "mw-connections.h"
#include "mw-identity.h"

#include <string.h>

#define SECOND G_TIME_SPAN_SECOND

/* ---- one fault, one item --------------------------------------------- */

typedef struct
{
  const char *name;
  MwFaultKind fault;
  guint       status; /* 0: the ledger's answer */
  const char *headers;
  const char *body;
  const char *event; /* what the timeline says about it */
  guint       attempts;
  gint64      tries; /* how many it uses up */
} Case;

#define JSON "Content-Type: application/fhir+json\r\n"
#define HTML "Content-Type: text/html\r\n"
#define OUTCOME "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"transient\"}]}"

static const Case cases[] = {
  { "none", MW_FAULT_NONE, 0, NULL, NULL, NULL, 1, 0 },
  { "reset-before-read", MW_FAULT_RESET_BEFORE_READ, 0, NULL, NULL, "unknown", 2, 1 },
  { "reset-in-request", MW_FAULT_RESET_IN_REQUEST, 0, NULL, NULL, "unknown", 2, 1 },
  { "reset-before-effect", MW_FAULT_RESET_BEFORE_EFFECT, 0, NULL, NULL, "unknown", 2, 1 },
  { "reset-after-effect", MW_FAULT_RESET_AFTER_EFFECT, 0, NULL, NULL, "unknown", 2, 1 },
  /* where it is cut decides: the number may have arrived, and a write owes no body */
  { "cut-headers", MW_FAULT_CUT_HEADERS, 0, NULL, NULL, "", 0, 0 },
  { "cut-body", MW_FAULT_CUT_BODY, 0, NULL, NULL, "unknown", 2, 1 },
  { "cut-chunked", MW_FAULT_CUT_CHUNKED, 0, NULL, NULL, "unknown", 2, 1 },
  { "slow-body", MW_FAULT_SLOW_BODY, 0, NULL, NULL, NULL, 1, 0 },
  { "408", MW_FAULT_NONE, 408, NULL, NULL, "trouble", 2, 1 },
  { "425", MW_FAULT_NONE, 425, NULL, NULL, "trouble", 2, 1 },
  { "429", MW_FAULT_NONE, 429, NULL, NULL, "trouble", 2, 1 },
  { "429-1", MW_FAULT_NONE, 429, "Retry-After: 1\r\n", NULL, "trouble", 2, 1 },
  { "429-0", MW_FAULT_NONE, 429, "Retry-After: 0\r\n", NULL, "trouble", 2, 1 },
  { "429-negative", MW_FAULT_NONE, 429, "Retry-After: -7\r\n", NULL, "trouble", 2, 1 },
  { "429-nonsense", MW_FAULT_NONE, 429, "Retry-After: soon\r\n", NULL, "trouble", 2, 1 },
  { "429-past", MW_FAULT_NONE, 429, "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n", NULL, "trouble", 2, 1 },
  { "500", MW_FAULT_NONE, 500, JSON, OUTCOME, "trouble", 2, 1 },
  { "502-html", MW_FAULT_NONE, 502, HTML, "<html>Bad gateway</html>", "trouble", 2, 1 },
  { "503-2", MW_FAULT_NONE, 503, "Retry-After: 2\r\n", NULL, "trouble", 2, 1 },
  { "504", MW_FAULT_NONE, 504, NULL, NULL, "trouble", 2, 1 },
  /* a captive portal says 200 to everything */
  { "200-html", MW_FAULT_NONE, 200, HTML, "<html>Please pay for your WLAN</html>", "unknown", 2, 1 },
  { "201-html", MW_FAULT_NONE, 201, HTML, "<html/>", "unknown", 2, 1 },
  { "200-truncated", MW_FAULT_NONE, 200, JSON, "{\"resourceType\":\"Communic", "unknown", 2, 1 },
  { "200-no-fhir", MW_FAULT_NONE, 200, JSON, "{\"ok\":true}", "unknown", 2, 1 },
  { "200-array", MW_FAULT_NONE, 200, JSON, "[1,2,3]", "unknown", 2, 1 },
};

static void
run_case (EngineFixture *f,
          const Case    *c,
          PeerFlags      flags)
{
  Peer            *peer = engine_fixture_add_peer (f, flags | PEER_SEARCH);
  gint64           item;
  g_autofree char *journal = NULL;
  g_autofree char *count = NULL;

  mw_fault_server_set_pace (peer->server, 0);
  if (c->status != 0)
    mw_fault_server_script_reply (peer->server, c->fault, c->status, c->headers, c->body, -1);
  else if (c->fault != MW_FAULT_NONE)
    mw_fault_server_script (peer->server, c->fault);
  item = engine_fixture_message (f, peer, 0, "Hello");
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_assert_once (f, peer);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM attempts WHERE ended = 0"), ==, 0);
  if (c->attempts == 0)
    return;
  journal = engine_fixture_journal (f, item);
  if (c->event == NULL)
    g_assert_cmpstr (journal, ==, "saved discovered negotiated handed-over");
  else if (strstr (journal, c->event) == NULL)
    g_error ("%s: %s", c->name, journal);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM attempts"), ==, c->attempts);
  g_assert_cmpint (engine_fixture_get (f, "SELECT attempts FROM items"), ==, c->tries);
}

static void
test_conditional (EngineFixture *f,
                  gconstpointer  user_data)
{
  run_case (f, user_data, PEER_CONDITIONAL);
}

static void
test_client_ids (EngineFixture *f,
                 gconstpointer  user_data)
{
  run_case (f, user_data, PEER_CLIENT_IDS);
}

/* Nothing that a server could know a repeat by: what is uncertain is looked up before it is repeated */
static void
test_plain (EngineFixture *f,
            gconstpointer  user_data)
{
  const Case *c = user_data;
  Case        plain = *c;
  Peer       *peer;

  /* the effect is found: one attempt, and the look-up in its place */
  if (c->fault == MW_FAULT_RESET_AFTER_EFFECT || c->fault == MW_FAULT_CUT_BODY || c->fault == MW_FAULT_CUT_CHUNKED)
    plain.attempts = 1;
  /* it may have been done, whatever a gateway says */
  if (c->status == 408 || c->status == 500 || c->status == 502 || c->status == 504)
    plain.event = "unknown";
  run_case (f, &plain, PEER_IGNORES_IF);
  peer = f->peers->pdata[0];
  if (g_strcmp0 (plain.event, "unknown") == 0)
    {
      g_autofree char *journal = engine_fixture_journal (f, 1);
      guint            looks = 0;

      g_assert_nonnull (strstr (journal, "looked-up"));
      for (guint i = 0; i < mw_fault_server_n_requests (peer->server); i++)
        {
          g_autoptr (MwFaultRequest) request = mw_fault_server_get_request (peer->server, i);

          looks += g_str_equal (request->method, "GET") && g_str_has_prefix (request->target, "/Communication?identifier=");
        }
      g_assert_cmpuint (looks, ==, 1);
    }
}

/* ---- refusals -------------------------------------------------------- */

typedef struct
{
  guint       status;
  const char *code;
} Refusal;

static const Refusal refusals[] = {
  { 400, "rejected" },
  { 403, "forbidden" },
  { 404, "not-found" },
  { 410, "not-found" },
  { 413, "too-large" },
  { 422, "rejected" },
};

/* Final at once, with a sentence; a person's retry goes on with the same identity. Where another way may work, that is
 * tried first: see test-ways.c */
static void
test_refused (EngineFixture *f,
              gconstpointer  user_data)
{
  Peer          *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  const Refusal *refusal = user_data;
  gint64         item;
  g_autoptr (MwItem) row = NULL;
  g_autoptr (GError) error = NULL;

  mw_fault_server_script_reply (peer->server, MW_FAULT_NONE, refusal->status, JSON,
                                "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"invalid\",\"diagnostics\":\"No such thing\"}]}", -1);
  item = engine_fixture_message (f, peer, 0, "Hello");
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "attention");
  row = mw_items_load (f->db, item, &error);
  g_assert_cmpstr (row->error, ==, refusal->code);
  g_assert_nonnull (row->error_text);
  g_assert_cmpuint (mw_ledger_n_effects (peer->ledger), ==, 0);
  g_assert_cmpuint (mw_fault_server_n_requests (peer->server), ==, 1);
  /* nothing happens by itself any more; a person's word makes it the same thing again */
  g_assert_cmpint (row->next_attempt, ==, 0);
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_RETRY, item, &error));
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_assert_once (f, peer);
}

/* ---- pauses, sign-in ------------------------------------------------- */

typedef struct
{
  const char *header;
  gint64      seconds; /* of the pause at the real pace */
} Pause;

static const Pause pauses[] = {
  { "Retry-After: 120\r\n", 120 },
  { "Retry-After: 0\r\n", 1 },
  { "Retry-After: -7\r\n", 1 },
  { "Retry-After: 31536000\r\n", 86400 },
  { "Retry-After: 999999999999999999999\r\n", 86400 },
  { "Date: Thu, 01 Jan 2026 12:00:00 GMT\r\nRetry-After: Thu, 01 Jan 2026 12:01:30 GMT\r\n", 90 },
  { "Date: Thu, 01 Jan 2026 12:00:00 GMT\r\nRetry-After: Wed, 31 Dec 2025 12:01:30 GMT\r\n", 1 },
};

/* The connection is paused for as long as the server says, for all its items, and nobody else's */
static void
test_pause (EngineFixture *f,
            gconstpointer  user_data)
{
  const Pause *pause = user_data;
  Peer        *peer, *other;
  gint64       item, second, before = engine_fixture_now (f);
  gint64       until;

  f->options.pace = 1;
  peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  other = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  mw_fault_server_script_reply (peer->server, MW_FAULT_NONE, 503, pause->header, NULL, -1);
  item = engine_fixture_message (f, peer, 0, "Hello");
  engine_fixture_start (f);
  engine_fixture_wait (f, "SELECT paused_until > 0 FROM connections WHERE id = 2", 1);
  until = engine_fixture_get (f, "SELECT paused_until FROM connections WHERE id = 2");
  g_assert_cmpint (until, >=, before + pause->seconds * SECOND);
  g_assert_cmpint (until, <=, engine_fixture_now (f) + pause->seconds * SECOND);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE id = 1 AND wait = 'pause'", 1);
  /* never before the server has allowed it */
  g_assert_cmpint (engine_fixture_get (f, "SELECT next_attempt FROM items WHERE id = 1"), >=, until);
  if (pause->seconds > 60)
    {
      second = engine_fixture_message (f, peer, 0, "Also");
      engine_fixture_wait (f, "SELECT count(*) FROM items WHERE id = 2 AND state = 2 AND wait = 'pause'", 1);
      g_assert_cmpint (second, ==, 2);
      g_assert_cmpuint (mw_fault_server_n_requests (peer->server), ==, 1);
      /* the pause is over */
      engine_fixture_wait_state (f, engine_fixture_message (f, other, 0, "Elsewhere"), "handed-over");
      engine_fixture_stop (f);
      __atomic_store_n (&f->offset, pause->seconds * SECOND + SECOND, __ATOMIC_SEQ_CST);
      engine_fixture_start (f);
    }
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state NOT IN (5)", 0);
  engine_fixture_assert_once (f, peer);
}

/* An answer to what left before the server asked for quiet does not end the quiet */
static void
test_pause_stays (EngineFixture *f,
                  gconstpointer  user_data)
{
  Peer *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);

  f->options.pace = 1;
  mw_fault_server_set_pace (peer->server, 2);
  mw_fault_server_script (peer->server, MW_FAULT_SLOW_BODY);
  mw_fault_server_script_reply (peer->server, MW_FAULT_NONE, 429, "Retry-After: 3600\r\n", NULL, -1);
  engine_fixture_message (f, peer, 0, "Slow");
  engine_fixture_message (f, peer, 0, "Refused");
  engine_fixture_start (f);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 5", 1);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE wait = 'pause'", 1);
  g_assert_cmpint (engine_fixture_get (f, "SELECT paused_until FROM connections WHERE id = 2"), >, engine_fixture_now (f) + 3000 * SECOND);
}

static void
write_token (EngineFixture *f,
             const char    *token)
{
  g_autofree char *path = g_build_filename (f->folder, "token", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, token, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error);
  g_assert_no_error (error);
}

static void
guarded (MwFaultRequest *request,
         MwFaultReply   *reply,
         gpointer        user_data)
{
  Peer *peer = user_data;

  if (g_strcmp0 (mw_fault_request_header (request, "authorization"), "Bearer good") == 0)
    mw_ledger_handle (request, reply, peer->ledger);
  else
    reply->status = 401;
}

static gint64
connect_again (MwDb    *db,
               gpointer data,
               GError **error)
{
  g_autoptr (MwConnection) row = mw_connections_load (db, *(gint64 *) data, error);

  return row != NULL ? mw_connections_add (db, row, error) : -1;
}

/* A 401 parks the connection's items, uses up no tries, and is nobody else's trouble; a new token lets them go on */
static void
test_sign_in (EngineFixture *f,
              gconstpointer  user_data)
{
  gboolean again = GPOINTER_TO_INT (user_data);
  Peer    *peer, *other;

  write_token (f, "old");
  f->options.pace = 1;
  peer = engine_fixture_add_peer (f, PEER_CONDITIONAL | PEER_TOKEN);
  other = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  peer->hook = guarded;
  peer->hook_data = peer;
  engine_fixture_message (f, peer, 0, "One");
  engine_fixture_start (f);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 2 AND wait = 'sign-in' AND attempts = 0", 1);
  engine_fixture_message (f, peer, 0, "Two");
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 2 AND wait = 'sign-in' AND attempts = 0", 2);
  engine_fixture_wait (f, "SELECT count(*) FROM connections WHERE status = 'sign-in'", 1);
  g_assert_cmpuint (mw_fault_server_n_requests (peer->server), ==, 1);
  engine_fixture_wait_state (f, engine_fixture_message (f, other, 0, "Elsewhere"), "handed-over");

  write_token (f, "good");
  if (again)
    {
      g_autoptr (GError) error = NULL;

      mw_store_write (f->store, connect_again, &peer->connection, &error);
      g_assert_no_error (error);
    }
  else
    {
      /* or the person merely says: now */
      mw_engine_wake (f->engine);
    }
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 5", 3);
  engine_fixture_assert_once (f, peer);
}

/* ---- offline --------------------------------------------------------- */

/* Nothing can be reached: all of it waits, says so, and uses up no tries. Then it leaves by itself, in order, once */
static void
test_offline (EngineFixture *f,
              gconstpointer  user_data)
{
  g_autofree char *url = NULL;
  Peer            *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  gint64           thread = 0;
  g_autofree char *sql = NULL;
  g_auto (GStrv) effects = NULL;

  /* nobody listens at the discard port */
  url = g_strdup (peer->url);
  f->options.pace = 500;
  engine_fixture_sql (f, "UPDATE connections SET url = 'http://127.0.0.1:9' WHERE id = 2");
  sql = g_strdup_printf ("UPDATE endpoints SET address = 'http://127.0.0.1:9' WHERE address = '%s'", url);
  engine_fixture_sql (f, sql);
  for (guint i = 0; i < 12; i++)
    {
      gint64 item = engine_fixture_message (f, peer, i % 3 == 0 ? 0 : thread, "Hello");

      thread = engine_fixture_thread (f, item);
    }
  engine_fixture_start (f);
  /* the first of each thread has tried, the others are behind it */
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 2 AND wait = 'network'", 4);
  engine_fixture_wait (f, "SELECT max(failures) >= 2 FROM connections WHERE status = 'offline'", 1);
  g_assert_cmpint (engine_fixture_get (f, "SELECT max(attempts) FROM items"), ==, 0);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM items WHERE state = 1"), ==, 8);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM items WHERE state = 2 AND error_text IS NULL"), ==, 0);
  engine_fixture_stop (f);
  g_free (sql);
  sql = g_strdup_printf ("UPDATE endpoints SET address = '%s' WHERE address = 'http://127.0.0.1:9'; UPDATE connections SET url = '%s' WHERE id = 2", url, url);
  engine_fixture_sql (f, sql);
  engine_fixture_start (f);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 5", 12);
  engine_fixture_assert_once (f, peer);
}

/* Eight at once that meet the same broken line are one failure of the connection, not eight */
static void
test_one_failure (EngineFixture *f,
                  gconstpointer  user_data)
{
  Peer *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);

  f->options.pace = 1;
  for (guint i = 0; i < 8; i++)
    {
      mw_fault_server_script (peer->server, MW_FAULT_RESET_BEFORE_READ);
      engine_fixture_message (f, peer, 0, "Hello");
    }
  engine_fixture_start (f);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 4", 8);
  g_assert_cmpint (engine_fixture_get (f, "SELECT failures FROM connections WHERE id = 2"), <=, 2);
  g_assert_cmpint (engine_fixture_get (f, "SELECT paused_until FROM connections WHERE id = 2"), <, engine_fixture_now (f) + 15 * SECOND);
}

/* ---- uncertain, and nobody to ask ------------------------------------ */

static void
unsearchable (MwFaultRequest *request,
              MwFaultReply   *reply,
              gpointer        user_data)
{
  Peer *peer = user_data;

  if (strchr (request->target, '?') != NULL)
    reply->status = 403;
  else
    mw_ledger_handle (request, reply, peer->ledger);
}

/* The server can neither recognise a repeat nor be asked: a person is asked, once, and her word counts */
static void
test_ask_once (EngineFixture *f,
               gconstpointer  user_data)
{
  Peer  *peer = engine_fixture_add_peer (f, PEER_IGNORES_IF);
  gint64 item;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwItem) row = NULL;

  peer->hook = unsearchable;
  peer->hook_data = peer;
  mw_fault_server_script (peer->server, MW_FAULT_RESET_BEFORE_EFFECT);
  item = engine_fixture_message (f, peer, 0, "Hello");
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "attention");
  row = mw_items_load (f->db, item, NULL);
  g_assert_cmpstr (row->error, ==, "unknown");
  g_assert_cmpuint (mw_ledger_n_effects (peer->ledger), ==, 0);
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_RETRY, item, &error));
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_assert_once (f, peer);
}

/* A lenient server leaves out of a search what it does not know and answers with everything it has (FHIR R4
 * search.html#errors): none of that is ours */
static void
test_lenient_search (EngineFixture *f,
                     gconstpointer  user_data)
{
  Peer *peer = engine_fixture_add_peer (f, PEER_IGNORES_IF | PEER_ANSWERS_ALL);

  engine_fixture_start (f);
  engine_fixture_wait_state (f, engine_fixture_message (f, peer, 0, "First"), "handed-over");
  mw_fault_server_script (peer->server, MW_FAULT_RESET_BEFORE_EFFECT);
  engine_fixture_wait_state (f, engine_fixture_message (f, peer, 0, "Second"), "handed-over");
  g_assert_cmpuint (mw_ledger_n_effects (peer->ledger), ==, 2);
  engine_fixture_assert_once (f, peer);
}

/* ---- transactions ---------------------------------------------------- */

static gint64
post_two (EngineFixture *f,
          Peer          *peer)
{
  g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_REFERRAL);

  draft->to = g_strdup (peer->organization);
  draft->to_name = g_strdup ("Peer");
  draft->patient = g_strconcat (f->home_url, "/Patient/p1", NULL);
  draft->service = g_strdup ("Cardiology consult");
  draft->reason = g_strdup ("Palpitations");
  return engine_fixture_post (f, peer, 0, draft);
}

/* Patient, order and Task in one transaction, the answer to which is lost, at a server that creates whatever it gets */
static void
test_transaction (EngineFixture *f,
                  gconstpointer  user_data)
{
  Peer  *peer = engine_fixture_add_peer (f, PEER_TRANSACTION | PEER_SEARCH | PEER_IGNORES_IF);
  gint64 item;

  /* after the look for the patient */
  mw_fault_server_script (peer->server, MW_FAULT_NONE);
  mw_fault_server_script (peer->server, MW_FAULT_RESET_AFTER_EFFECT);
  item = post_two (f, peer);
  engine_fixture_start (f);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 6", 1);
  g_assert_cmpint (item, ==, 1);
  /* the patient, the order and the Task */
  g_assert_cmpuint (mw_ledger_n_effects (peer->ledger), ==, 3);
  g_assert_cmpuint (mw_ledger_n_doubled (peer->ledger), ==, 0);
  /* and its Task is followed, though the answer that named it is lost */
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM follow_ups WHERE reference LIKE '%/Task/L%'"), ==, 1);
}

/* The same without transactions: the second refers to what became of the first, also when that is only known
 * by looking it up */
static void
test_in_steps (EngineFixture *f,
               gconstpointer  user_data)
{
  PeerFlags flags = (PeerFlags) GPOINTER_TO_INT (user_data);
  Peer     *peer = engine_fixture_add_peer (f, flags | PEER_SEARCH);
  g_autoptr (MwFaultRequest) last = NULL;
  g_autofree char *body = NULL;

  mw_fault_server_script (peer->server, MW_FAULT_NONE);
  for (guint i = 0; i < 5; i++)
    mw_fault_server_script (peer->server, i % 2 == 0 ? MW_FAULT_RESET_AFTER_EFFECT : MW_FAULT_NONE);
  post_two (f, peer);
  engine_fixture_start (f);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 6", 1);
  /* the patient, the order and the Task */
  g_assert_cmpuint (mw_ledger_n_effects (peer->ledger), ==, 3);
  g_assert_cmpuint (mw_ledger_n_doubled (peer->ledger), ==, 0);
  for (guint i = 0; i < mw_fault_server_n_requests (peer->server); i++)
    {
      g_autoptr (MwFaultRequest) request = mw_fault_server_get_request (peer->server, i);

      if (!g_str_equal (request->method, "GET") && strstr (request->target, "/Task") == request->target)
        {
          g_clear_pointer (&last, mw_fault_request_unref);
          last = mw_fault_request_ref (request);
        }
    }
  g_assert_nonnull (last);
  body = g_strndup (g_bytes_get_data (last->body, NULL), g_bytes_get_size (last->body));
  g_assert_nonnull (strstr (body, "\"reference\":\"ServiceRequest/"));
  g_assert_null (strstr (body, "\"reference\":\"urn:uuid:"));
}

/* ---- main ------------------------------------------------------------ */

#define ADD(path, data, test) g_test_add ("/engine/faults/" path, EngineFixture, data, engine_fixture_set_up, test, engine_fixture_tear_down)

static void
add (const char   *group,
     const char   *name,
     gconstpointer data,
     void (*test) (EngineFixture *f,
                   gconstpointer  user_data))
{
  g_autofree char *path = g_strdup_printf ("/engine/faults/%s/%s", group, name);

  g_test_add (path, EngineFixture, data, engine_fixture_set_up, test, engine_fixture_tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      add ("conditional", cases[i].name, &cases[i], test_conditional);
      add ("client-ids", cases[i].name, &cases[i], test_client_ids);
      add ("plain", cases[i].name, &cases[i], test_plain);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", refusals[i].status);

      add ("refused", name, &refusals[i], test_refused);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (pauses); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", (guint) i);

      add ("pause", name, &pauses[i], test_pause);
    }
  ADD ("pause-stays", NULL, test_pause_stays);
  ADD ("sign-in/again", GINT_TO_POINTER (TRUE), test_sign_in);
  ADD ("sign-in/wake", GINT_TO_POINTER (FALSE), test_sign_in);
  ADD ("offline", NULL, test_offline);
  ADD ("one-failure", NULL, test_one_failure);
  ADD ("ask-once", NULL, test_ask_once);
  ADD ("lenient-search", NULL, test_lenient_search);
  ADD ("transaction", NULL, test_transaction);
  ADD ("in-steps/conditional", GINT_TO_POINTER (PEER_CONDITIONAL), test_in_steps);
  ADD ("in-steps/client-ids", GINT_TO_POINTER (PEER_CLIENT_IDS), test_in_steps);
  ADD ("in-steps/plain", GINT_TO_POINTER (PEER_IGNORES_IF), test_in_steps);
  return g_test_run ();
}
