/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Connections that are removed while the engine works with them: nothing is lost, nothing is doubled (G2, G4) */

#include "engine-fixture.h"

#include "mw-connection-remove.h"

#include <string.h>

typedef struct
{
  MwRemoved *removed;
  GError    *error;
  gboolean   done;
} Removing;

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Removing *removing = user_data;

  removing->removed = mw_connection_remove_finish (result, &removing->error);
  removing->done = TRUE;
}

static MwRemoved *
remove_peer (EngineFixture  *f,
             Peer           *peer,
             MwWaitingChoice choice,
             GError        **error)
{
  Removing removing = { 0 };

  mw_connection_remove_async (f->store, peer->connection, choice, NULL, removed_cb, &removing);
  while (!removing.done)
    g_main_context_iteration (NULL, TRUE);
  if (removing.error != NULL)
    g_propagate_error (error, removing.error);
  return removing.removed;
}

static gint64
write_again (MwDb    *db,
             gpointer data,
             GError **error)
{
  Peer        *peer = data;
  MwConnection wanted = { .name = (char *) "Again", .url = peer->url, .auth = (char *) "open" };

  return mw_connections_add (db, &wanted, error);
}

static void
connect_again (EngineFixture *f,
               Peer          *peer)
{
  g_assert_cmpint (mw_store_write (f->store, write_again, peer, NULL), ==, peer->connection);
}

static void
assert_sentence (EngineFixture *f,
                 const char    *beginning)
{
  g_autofree char *text = engine_fixture_get_text (f, "SELECT error_text FROM items WHERE id = 1 AND error = 'removed'");

  g_assert_nonnull (text);
  g_assert_true (g_str_has_prefix (text, beginning));
}

/* What waits for one that is off is addressed to it, though nothing was planned yet */
static void
test_waiting (EngineFixture *f,
              gconstpointer  user_data)
{
  Peer  *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  gint64 item;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwRemoved) none = NULL;
  g_autoptr (MwRemoved) removed = NULL;

  engine_fixture_sql (f, "UPDATE connections SET enabled = 0");
  item = engine_fixture_message (f, peer, 0, "text");
  engine_fixture_start (f);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 2 AND wait = 'off'", 1);
  none = remove_peer (f, peer, MW_WAITING_ASK, &error);
  g_assert_null (none);
  g_assert_error (error, MW_REMOVE_ERROR, MW_REMOVE_ERROR_WAITING);
  g_assert_true (g_str_has_prefix (error->message, "1 item waits"));

  removed = remove_peer (f, peer, MW_WAITING_KEEP, NULL);
  g_assert_cmpint (removed->kept, ==, 1);
  g_assert_null (removed->secret_text);
  engine_fixture_wait_state (f, item, "attention");
  assert_sentence (f, "The connection was removed");

  /* retried without connecting again: told at once, not kept waiting (G4) */
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_RETRY, item, NULL));
  engine_fixture_wait_state (f, item, "attention");
  assert_sentence (f, "The connection was removed");
  g_assert_cmpuint (mw_ledger_n_effects (peer->ledger), ==, 0);

  connect_again (f, peer);
  engine_fixture_sql (f, "UPDATE connections SET enabled = 1 WHERE home = 0");
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_RETRY, item, NULL));
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (mw_ledger_n_effects (peer->ledger), ==, 1);
  engine_fixture_assert_once (f, peer);
}

typedef struct
{
  Peer *peer;
  gint  shut; /* atomic */
} Shutter;

/* It takes one thing, and cannot be asked from then on */
static void
shut_after_post (MwFaultRequest *request,
                 MwFaultReply   *reply,
                 gpointer        user_data)
{
  Shutter *shutter = user_data;

  if (g_atomic_int_get (&shutter->shut))
    reply->status = 503;
  else
    mw_ledger_handle (request, reply, shutter->peer->ledger);
  if (g_str_equal (request->method, "POST") && g_str_equal (request->target, "/Communication"))
    g_atomic_int_set (&shutter->shut, TRUE);
}

/* Nobody was told that it had arrived. Removed, connected again, retried: the server is asked, and has it once */
static void
test_uncertain (EngineFixture *f,
                gconstpointer  user_data)
{
  Peer            *peer = engine_fixture_add_peer (f, PEER_SEARCH);
  gint64           item = engine_fixture_message (f, peer, 0, "text");
  Shutter          shutter = { peer, FALSE };
  g_autofree char *journal = NULL;
  g_autoptr (MwRemoved) removed = NULL;

  peer->hook = shut_after_post;
  peer->hook_data = &shutter;
  mw_fault_server_script (peer->server, MW_FAULT_RESET_AFTER_EFFECT);
  engine_fixture_start (f);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 4", 1);
  engine_fixture_stop (f);
  removed = remove_peer (f, peer, MW_WAITING_WITHDRAW, NULL);
  g_assert_cmpint (removed->withdrawn, ==, 0);
  g_assert_cmpint (removed->kept, ==, 1);
  assert_sentence (f, "It is not known whether this arrived");
  g_assert_false (engine_fixture_act (f, MW_OUTBOX_WITHDRAW, item, NULL));

  connect_again (f, peer);
  peer->hook = NULL;
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_RETRY, item, NULL));
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  journal = engine_fixture_journal (f, item);
  g_assert_nonnull (strstr (journal, "looked-up"));
  g_assert_cmpuint (mw_ledger_n_effects (peer->ledger), ==, 1);
  engine_fixture_assert_once (f, peer);
}

/* Removed at the very moment: each arrives once, or needs attention; none is in between */
static void
test_race (EngineFixture *f,
           gconstpointer  user_data)
{
  Peer  *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  gint64 arrived;

  engine_fixture_start (f);
  for (guint i = 0; i < 40; i++)
    {
      engine_fixture_message (f, peer, 0, "text");
      for (guint k = 0; k < i * 20; k++)
        g_main_context_iteration (NULL, FALSE);
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (MwRemoved) removed = remove_peer (f, peer, MW_WAITING_KEEP, &error);

        if (removed == NULL)
          g_assert_error (error, MW_REMOVE_ERROR, MW_REMOVE_ERROR_SENDING);
        else
          connect_again (f, peer);
      }
    }
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state IN (1, 2, 3, 4)", 0);
  engine_fixture_stop (f);
  arrived = engine_fixture_get (f, "SELECT count(*) FROM items WHERE state = 5");
  g_test_message ("%" G_GINT64_FORMAT " arrived", arrived);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM items WHERE state = 9"), ==, 40 - arrived);
  g_assert_cmpuint (mw_ledger_n_effects (peer->ledger), ==, arrived);
  engine_fixture_assert_once (f, peer);
}

#define ADD(path, func) g_test_add ("/engine/removal/" path, EngineFixture, NULL, engine_fixture_set_up, func, engine_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("waiting", test_waiting);
  ADD ("uncertain", test_uncertain);
  ADD ("race", test_race);
  return g_test_run ();
}
