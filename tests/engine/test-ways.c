/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Receivers that take less than they say: each gets the item another way, and once (G2) */

#include "engine-fixture.h"

#include "mw-connections.h"
#include "mw-json.h"
#include "mw-person.h"
#include "mw-sandbox.h"

#include <string.h>

#define TRANSACTIONS (PEER_CONDITIONAL | PEER_TRANSACTION | PEER_SEARCH)

/* What a peer refuses, whatever it says */
typedef struct
{
  Peer       *peer;
  const char *target;
  gboolean    conditions_only;
  guint       status;
} Lie;

static void
lying (MwFaultRequest *request,
       MwFaultReply   *reply,
       gpointer        user_data)
{
  Lie *lie = user_data;

  if (g_str_equal (request->method, "POST") && g_str_equal (request->target, lie->target) &&
      (!lie->conditions_only || mw_fault_request_header (request, "if-none-exist") != NULL))
    reply->status = lie->status;
  else if (g_str_equal (request->target, "/metadata"))
    reply->status = 500; /* what is known of it stays as it is: it may only be down */
  else
    mw_ledger_handle (request, reply, lie->peer->ledger);
}

static void
lie_about (Lie *lie)
{
  lie->peer->hook = lying;
  lie->peer->hook_data = lie;
}

static guint
count_posts (Peer       *peer,
             const char *target)
{
  guint n = 0;

  for (guint i = 0; i < mw_fault_server_n_requests (peer->server); i++)
    {
      g_autoptr (MwFaultRequest) request = mw_fault_server_get_request (peer->server, i);

      n += g_str_equal (request->method, "POST") && g_str_equal (request->target, target);
    }
  return n;
}

/* A patient and a note about them: two resources */
static gint64
push (EngineFixture *f,
      Peer          *peer)
{
  g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_PUSH);

  draft->to = g_strdup (peer->organization);
  draft->patient = g_strconcat (f->home_url, "/Patient/p1", NULL);
  draft->note = g_strdup ("As agreed on the telephone");
  return engine_fixture_post (f, peer, 0, draft);
}

static void
assert_both_once (Peer *peer)
{
  g_assert_cmpuint (mw_ledger_n_doubled (peer->ledger), ==, 0);
  g_assert_cmpuint (mw_ledger_n_effects (peer->ledger), ==, 2);
}

static void
assert_learned (EngineFixture *f,
                Peer          *peer,
                const char    *words)
{
  g_autofree char *learned = mw_capabilities_dup_learned (f->db, peer->connection);

  g_assert_cmpstr (learned, ==, words);
}

/* It claims transactions: what comes instead is not a try more, and the next item knows */
static void
test_no_transaction (EngineFixture *f,
                     gconstpointer  user_data)
{
  Peer            *peer = engine_fixture_add_peer (f, TRANSACTIONS);
  Lie              lie = { peer, "/", FALSE, GPOINTER_TO_UINT (user_data) };
  gint64           item = push (f, peer);
  g_autofree char *journal = NULL;
  g_autofree char *way = NULL;
  g_autofree char *detail = NULL;

  lie_about (&lie);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  assert_both_once (peer);
  assert_learned (f, peer, "transaction");
  journal = engine_fixture_journal (f, item);
  g_assert_cmpstr (journal, ==, "saved identified discovered negotiated other-way identified discovered negotiated request-done handed-over");
  detail = engine_fixture_get_text (f, "SELECT detail FROM journal WHERE event = 'other-way'");
  g_assert_cmpstr (detail, ==, "Peer 1 does not take transactions. Another way is taken.");
  way = engine_fixture_get_text (f, "SELECT way FROM items");
  g_assert_cmpstr (way, ==, "resource by resource");
  g_assert_cmpint (engine_fixture_get (f, "SELECT attempts FROM items"), ==, 0);
  g_assert_cmpuint (count_posts (peer, "/"), ==, 1);

  engine_fixture_wait_state (f, push (f, peer), "handed-over");
  g_assert_cmpuint (count_posts (peer, "/"), ==, 1);
  g_assert_cmpuint (mw_ledger_n_doubled (peer->ledger), ==, 0);
}

/* What was done before the refusal is not done again */
static void
test_half_done (EngineFixture *f,
                gconstpointer  user_data)
{
  Peer  *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL | PEER_SEARCH);
  Lie    lie = { peer, "/Communication", TRUE, 501 };
  gint64 item = push (f, peer);

  lie_about (&lie);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  assert_both_once (peer);
  assert_learned (f, peer, "conditional-create:Communication");
  g_assert_cmpuint (count_posts (peer, "/Patient"), ==, 1);
  g_assert_cmpuint (count_posts (peer, "/Communication"), ==, 2);
}

/* The first time it worked, but nobody was told; the second time it is refused */
static void
test_uncertain (EngineFixture *f,
                gconstpointer  user_data)
{
  Peer            *peer = engine_fixture_add_peer (f, TRANSACTIONS);
  Lie              lie = { peer, "/nothing", FALSE, 405 };
  gint64           item = push (f, peer);
  g_autofree char *journal = NULL;

  lie_about (&lie);
  /* the searches for the patient: by number, as a form and then in the URL; by names, which go into forms only */
  for (guint i = 0; i < 4; i++)
    mw_fault_server_script (peer->server, MW_FAULT_NONE);
  mw_fault_server_script (peer->server, MW_FAULT_RESET_AFTER_EFFECT);
  mw_fault_server_script_reply (peer->server, MW_FAULT_NONE, 405, NULL, NULL, -1);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  assert_both_once (peer);
  journal = engine_fixture_journal (f, item);
  g_assert_nonnull (strstr (journal, "looked-up"));
  g_assert_null (strstr (journal, "other-way"));
  g_assert_cmpuint (count_posts (peer, "/"), ==, 2);
  g_assert_cmpuint (count_posts (peer, "/Communication"), ==, 0);
}

/* As above, but the gateway said 504, which is no uncertainty as long as the same is sent again */
static void
test_gateway (EngineFixture *f,
              gconstpointer  user_data)
{
  Peer  *peer = engine_fixture_add_peer (f, TRANSACTIONS);
  Lie    lie = { peer, "/nothing", FALSE, 405 };
  gint64 item = push (f, peer);

  lie_about (&lie);
  /* the searches for the patient: by number, as a form and then in the URL; by names, which go into forms only */
  for (guint i = 0; i < 4; i++)
    mw_fault_server_script (peer->server, MW_FAULT_NONE);
  mw_fault_server_script_reply (peer->server, MW_FAULT_NONE, 504, NULL, NULL, -1);
  mw_fault_server_script_reply (peer->server, MW_FAULT_NONE, 501, NULL, NULL, -1);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  assert_both_once (peer);
  {
    g_autofree char *journal = engine_fixture_journal (f, item);

    g_assert_nonnull (strstr (journal, "looked-up other-way"));
  }
}

static void
test_too_large (EngineFixture *f,
                gconstpointer  user_data)
{
  Peer            *peer = engine_fixture_add_peer (f, TRANSACTIONS);
  Lie              lie = { peer, "/", FALSE, 413 };
  gint64           item = push (f, peer);
  g_autofree char *learned = NULL;

  lie_about (&lie);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  assert_both_once (peer);
  learned = mw_capabilities_dup_learned (f->db, peer->connection);
  g_assert_true (g_str_has_prefix (learned, "max-body:"));
  g_assert_cmpint (g_ascii_strtoll (learned + strlen ("max-body:"), NULL, 10), >, 100);
  g_assert_cmpuint (count_posts (peer, "/"), ==, 1);
}

/* Every way is refused: it ends, with a sentence, and a person's retry tries again */
static void
test_no_way (EngineFixture *f,
             gconstpointer  user_data)
{
  Peer  *peer = engine_fixture_add_peer (f, PEER_CONDITIONAL | PEER_SEARCH);
  Lie    lie = { peer, "/Communication", FALSE, GPOINTER_TO_UINT (user_data) };
  gint64 item = engine_fixture_message (f, peer, 0, "Hello");
  g_autoptr (MwItem) row = NULL;
  g_autoptr (GError) error = NULL;

  lie_about (&lie);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "attention");
  row = mw_items_load (f->db, item, NULL);
  g_assert_cmpstr (row->error, ==, "unsupported");
  g_assert_cmpstr (row->error_text, ==, "Peer 1 cannot take this kind of thing.");
  g_assert_cmpuint (count_posts (peer, "/Communication"), ==, 2);
  peer->hook = NULL;
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_RETRY, item, &error));
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_assert_once (f, peer);
}

/* ---- one push to three ------------------------------------------------- */

typedef struct
{
  const char *site;
  const char *organization; /* a word of the id of the one that it belongs to */
  const char *way;
  const char *url;
  char       *reference;
} Receiver;

static const Receiver receivers[] = {
  { "hospital", "\"id\":\"st-marys\"", "as one message", NULL, NULL },
  { "county", "\"id\":\"county\"", "as one message, in FHIR R5", NULL, NULL },
  { "limited", "\"id\":\"riverside\"", "resource by resource", NULL, NULL },
};

/* The nodes of @type on @site in which @text stands somewhere, or all */
static guint
find_there (MwSandbox  *sandbox,
            const char *site,
            const char *type,
            const char *text,
            char      **first)
{
  g_autofree char *dump = mw_sandbox_dump (sandbox, site);
  g_autoptr (JsonNode) bundle = mw_json_parse (dump, -1, NULL);
  guint found = 0;

  for (guint i = 0; i < mw_json_length (bundle, "entry"); i++)
    {
      JsonNode        *resource = mw_json_get (mw_json_item (bundle, "entry", i), "resource");
      g_autofree char *json = mw_json_to_text (resource, FALSE);

      if (!mw_resource_is (resource, type) || (text != NULL && strstr (json, text) == NULL))
        continue;
      if (found++ == 0 && first != NULL)
        *first = g_strdup (mw_json_string (mw_json_item (bundle, "entry", i), "fullUrl"));
    }
  return found;
}

static gint64
write_receiver (MwDb    *db,
                gpointer data,
                GError **error)
{
  Receiver    *receiver = data;
  MwConnection row = { .name = (char *) receiver->site, .url = (char *) receiver->url, .auth = (char *) "open" };
  MwPerson     person = { .reference = receiver->reference, .type = (char *) "Organization", .name = (char *) receiver->site, .active = TRUE };

  person.connection = mw_connections_add (db, &row, error);
  return person.connection > 0 && mw_people_put (db, &person, error) >= 0 ? 0 : -1;
}

static void
test_three_receivers (EngineFixture *f,
                      gconstpointer  user_data)
{
  static const char words[] = "Words that stand nowhere else";
  g_autoptr (GError) error = NULL;
  MwSandbox *sandbox = mw_sandbox_new (7);
  gint64     items[G_N_ELEMENTS (receivers)];

  g_assert_true (mw_sandbox_listen (sandbox, 0, &error));
  for (gsize i = 0; i < G_N_ELEMENTS (receivers); i++)
    {
      Receiver receiver = { receivers[i].site, NULL, NULL, mw_sandbox_get_url (sandbox, receivers[i].site), NULL };
      g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_PUSH);

      g_assert_cmpuint (find_there (sandbox, receiver.site, "Organization", receivers[i].organization, &receiver.reference), >, 0);
      g_assert_cmpint (mw_store_write (f->store, write_receiver, &receiver, &error), >=, 0);
      draft->to = receiver.reference;
      draft->patient = g_strconcat (f->home_url, "/Patient/p1", NULL);
      draft->note = g_strdup (words);
      items[i] = engine_fixture_post (f, NULL, 0, draft);
    }
  engine_fixture_start (f);
  for (gsize i = 0; i < G_N_ELEMENTS (receivers); i++)
    {
      g_autoptr (MwItem) item = NULL;

      engine_fixture_wait_state (f, items[i], "handed-over");
      item = mw_items_load (f->db, items[i], NULL);
      g_assert_cmpstr (item->way, ==, receivers[i].way);
      g_assert_cmpuint (find_there (sandbox, receivers[i].site, "Communication", words, NULL), ==, 1);
      g_assert_cmpuint (find_there (sandbox, receivers[i].site, "Patient", "4711", NULL), ==, 1);
    }
  engine_fixture_stop (f);
  g_object_unref (sandbox);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, func) g_test_add ("/engine/ways/" name, EngineFixture, data, engine_fixture_set_up, func, engine_fixture_tear_down)
  ADD ("no-transaction-405", GUINT_TO_POINTER (405), test_no_transaction);
  ADD ("no-transaction-501", GUINT_TO_POINTER (501), test_no_transaction);
  ADD ("half-done", NULL, test_half_done);
  ADD ("uncertain", NULL, test_uncertain);
  ADD ("gateway", NULL, test_gateway);
  ADD ("too-large", NULL, test_too_large);
  ADD ("no-way-405", GUINT_TO_POINTER (405), test_no_way);
  ADD ("no-way-415", GUINT_TO_POINTER (415), test_no_way);
  ADD ("no-way-501", GUINT_TO_POINTER (501), test_no_way);
  ADD ("three-receivers", NULL, test_three_receivers);
  return g_test_run ();
}
