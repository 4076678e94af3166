/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "engine-fixture.h"
#include "mw-connections.h"

#include <string.h>

/* How the engine gets in by a client's secret, when what a person gave is wrong and is mended, and when the place for
 * tokens is out of order. */

#define SECOND G_USEC_PER_SEC

typedef struct
{
  Peer *peer;
  int   broken; /* atomic: the token endpoint says 500 */
  int   asked;  /* atomic: how often a token was asked for */
  int   slow;   /* atomic: the token endpoint does not answer yet */
} Clinic;

static void
give_token (Clinic         *clinic,
            MwFaultRequest *request,
            MwFaultReply   *reply)
{
  g_autofree char *form = g_strndup (g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body));
  gboolean         good = strstr (form, "client_secret=good") != NULL;

  g_atomic_int_inc (&clinic->asked);
  while (g_atomic_int_get (&clinic->slow))
    g_thread_yield ();
  mw_fault_reply_header (reply, "Content-Type", "application/json");
  reply->status = g_atomic_int_get (&clinic->broken) ? 500 : good ? 200
                                                                  : 400;
  g_string_assign (reply->body, good ? "{\"access_token\":\"good\",\"token_type\":\"bearer\",\"expires_in\":3600}" : "{\"error\":\"invalid_client\"}");
}

static void
handle (MwFaultRequest *request,
        MwFaultReply   *reply,
        gpointer        user_data)
{
  Clinic *clinic = user_data;

  if (g_str_has_suffix (request->target, "/token"))
    give_token (clinic, request, reply);
  else if (g_strcmp0 (mw_fault_request_header (request, "authorization"), "Bearer good") == 0)
    mw_ledger_handle (request, reply, clinic->peer->ledger);
  else
    reply->status = 401;
}

static void
write_secret (EngineFixture *f,
              const char    *secret)
{
  g_autofree char *path = g_build_filename (f->folder, "secret", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, secret, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error);
  g_assert_no_error (error);
}

static void
add_clinic (EngineFixture *f,
            Clinic        *clinic,
            const char    *secret)
{
  g_autofree char *sql = NULL;

  write_secret (f, secret);
  clinic->peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  clinic->peer->hook = handle;
  clinic->peer->hook_data = clinic;
  sql = g_strdup_printf ("UPDATE connections SET auth = 'secret', client_id = 'c', token_auth = 'client_secret_post', token_endpoint = url || '/token', "
                         "secret_file = '%s/secret' WHERE id = 2",
                         f->folder);
  engine_fixture_sql (f, sql);
}

/* The same program, the same file: nobody has to connect again */
static void
test_secret_is_mended (EngineFixture *f,
                       gconstpointer  user_data)
{
  Clinic clinic = { 0 };
  gint64 item;

  add_clinic (f, &clinic, "wrong");
  f->options.pace = 1;
  item = engine_fixture_message (f, clinic.peer, 0, "One");
  engine_fixture_start (f);
  engine_fixture_wait (f, "SELECT count(*) FROM connections WHERE status = 'sign-in'", 1);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 2 AND wait = 'sign-in' AND attempts = 0", 1);
  write_secret (f, "good");
  mw_engine_wake (f->engine);
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_assert_once (f, clinic.peer);
}

/* Each time it waits longer before it asks again */
static void
test_no_token_for_a_while (EngineFixture *f,
                           gconstpointer  user_data)
{
  Clinic clinic = { .broken = 1 };
  gint64 item, before = 0, offset = 0;

  add_clinic (f, &clinic, "good");
  f->options.pace = 1;
  item = engine_fixture_message (f, clinic.peer, 0, "Waits");
  engine_fixture_start (f);
  for (gint64 failures = 1; failures <= 4; failures++)
    {
      gint64 wait;

      engine_fixture_wait (f, "SELECT failures FROM connections WHERE id = 2", failures);
      wait = engine_fixture_get (f, "SELECT paused_until FROM connections WHERE id = 2") - engine_fixture_now (f);
      g_test_message ("after failure %d: %d s", (int) failures, (int) (wait / SECOND));
      g_assert_cmpint (wait, >, before);
      g_assert_cmpint (g_atomic_int_get (&clinic.asked), ==, failures);
      before = wait;
      offset += wait + SECOND;
      if (failures == 4)
        g_atomic_int_set (&clinic.broken, 0);
      __atomic_store_n (&f->offset, offset, __ATOMIC_SEQ_CST);
      mw_engine_wake (f->engine);
    }
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpint (g_atomic_int_get (&clinic.asked), ==, 5);
  engine_fixture_assert_once (f, clinic.peer);
}

static gint64
switch_off_and_on (MwDb    *db,
                   gpointer data,
                   GError **error)
{
  return mw_connections_set_enabled (db, 2, FALSE, error) && mw_connections_set_enabled (db, 2, TRUE, error) ? 0 : -1;
}

/* What waits for a new token while its connection is opened anew goes on with the new one */
static void
test_opened_anew_while_renewing (EngineFixture *f,
                                 gconstpointer  user_data)
{
  Clinic clinic = { 0 };
  gint64 item;
  g_autoptr (GError) error = NULL;

  add_clinic (f, &clinic, "good");
  /* a token that works, one request with it, a token that has ended, and no answer to the question for the next one */
  mw_fault_server_script (clinic.peer->server, MW_FAULT_NONE);
  mw_fault_server_script (clinic.peer->server, MW_FAULT_NONE);
  mw_fault_server_script_reply (clinic.peer->server, MW_FAULT_NONE, 401, "", NULL, -1);
  mw_fault_server_script (clinic.peer->server, MW_FAULT_SILENT);
  item = engine_fixture_message (f, clinic.peer, 0, "First");
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  item = engine_fixture_message (f, clinic.peer, 0, "Second");
  while (mw_fault_server_n_requests (clinic.peer->server) < 4)
    g_thread_yield ();
  g_assert_cmpint (mw_store_write (f->store, switch_off_and_on, NULL, &error), ==, 0);
  g_assert_no_error (error);
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_assert_once (f, clinic.peer);
}

/* She takes it back while it is made ready and puts it off till tomorrow: what comes of the run before is not about it */
static void
test_put_off_meanwhile (EngineFixture *f,
                        gconstpointer  user_data)
{
  Clinic           clinic = { .broken = 1, .slow = 1 };
  gint64           item, other, tomorrow = engine_fixture_now (f) + G_TIME_SPAN_DAY;
  g_autofree char *sql = NULL;
  g_autoptr (GError) error = NULL;

  add_clinic (f, &clinic, "good");
  f->options.pace = 1;
  item = engine_fixture_message (f, clinic.peer, 0, "First");
  engine_fixture_start (f);
  while (g_atomic_int_get (&clinic.asked) < 1)
    g_thread_yield ();
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_EDIT, item, &error));
  g_assert_no_error (error);
  sql = g_strdup_printf ("UPDATE items SET state = 1, scheduled = 1, not_before = %" G_GINT64_FORMAT ", next_attempt = %" G_GINT64_FORMAT " WHERE id = %" G_GINT64_FORMAT, tomorrow, tomorrow, item);
  engine_fixture_sql (f, sql);
  g_atomic_int_set (&clinic.slow, 0);
  engine_fixture_wait (f, "SELECT failures FROM connections WHERE id = 2", 1);
  /* one that comes after the other's end */
  other = engine_fixture_message (f, clinic.peer, 0, "Second");
  engine_fixture_wait_held (f, other, "pause");
  g_assert_cmpint (engine_fixture_get (f, "SELECT next_attempt FROM items WHERE id = 1"), ==, tomorrow);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/engine/access/secret-is-mended", EngineFixture, NULL, engine_fixture_set_up, test_secret_is_mended, engine_fixture_tear_down);
  g_test_add ("/engine/access/no-token-for-a-while", EngineFixture, NULL, engine_fixture_set_up, test_no_token_for_a_while, engine_fixture_tear_down);
  g_test_add ("/engine/access/opened-anew-while-renewing", EngineFixture, NULL, engine_fixture_set_up, test_opened_anew_while_renewing, engine_fixture_tear_down);
  g_test_add ("/engine/access/put-off-meanwhile", EngineFixture, NULL, engine_fixture_set_up, test_put_off_meanwhile, engine_fixture_tear_down);
  return g_test_run ();
}
