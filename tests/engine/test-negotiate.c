/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is agreed on with a server: in which version of FHIR, how that is told, and for how long a refusal counts */

#include "engine-fixture.h"

#include "mw-connections.h"
#include "mw-json.h"

#include <string.h>

#define DAY G_TIME_SPAN_DAY
#define TRANSACTIONS (PEER_CONDITIONAL | PEER_TRANSACTION)
#define PARAMETERS(list) "{\"resourceType\":\"Parameters\",\"parameter\":[" list "]}"
#define VERSION(code) "{\"name\":\"version\",\"valueCode\":\"" code "\"}"

/* A peer that says of itself what a test wants */
typedef struct
{
  Peer       *peer;
  const char *fhir_version; /* of its statement */
  const char *software;
  const char *date;
  gboolean    offers;          /* whether it lists $versions */
  guint       versions_status; /* what $versions answers */
  const char *versions;
  const char *versions_type;
  guint       metadata_status; /* 0: 200 */
  guint       refuses;         /* the status of each transaction; 0: it takes them */
} Server;

static char *
statement (Server *server)
{
  static const char *const types[] = { "Communication", "Patient" };
  g_autoptr (JsonNode) node = mw_resource_new ("CapabilityStatement");

  mw_json_set (node, "fhirVersion", server->fhir_version);
  if (server->date != NULL)
    mw_json_set (node, "date", server->date);
  mw_json_set (node, "software.name", server->software != NULL ? server->software : "Peer");
  mw_json_set (node, "rest[0].mode", "server");
  if (server->peer->flags & PEER_TRANSACTION)
    mw_json_set (node, "rest[0].interaction[0].code", "transaction");
  if (server->offers)
    mw_json_set (node, "rest[0].operation[0].name", "$versions");
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      JsonNode *resource = mw_json_object_new ();

      mw_json_set (resource, "type", types[i]);
      mw_json_set (resource, "interaction[0].code", "create");
      mw_json_set (resource, "interaction[1].code", "read");
      mw_json_take (resource, "conditionalCreate", json_node_init_boolean (json_node_alloc (), TRUE));
      mw_json_take (node, "rest[0].resource[+]", resource);
    }
  return mw_json_to_text (node, FALSE);
}

static void
handle (MwFaultRequest *request,
        MwFaultReply   *reply,
        gpointer        user_data)
{
  Server *server = user_data;

  if (g_str_equal (request->target, "/metadata"))
    {
      g_autofree char *text = statement (server);

      reply->status = server->metadata_status != 0 ? server->metadata_status : 200;
      mw_fault_reply_header (reply, "Content-Type", "application/fhir+json");
      if (reply->status == 200)
        g_string_assign (reply->body, text);
    }
  else if (g_str_equal (request->target, "/$versions"))
    {
      reply->status = server->versions_status != 0 ? server->versions_status : 200;
      mw_fault_reply_header (reply, "Content-Type", server->versions_type != NULL ? server->versions_type : "application/fhir+json");
      g_string_assign (reply->body, server->versions != NULL ? server->versions : "");
    }
  else if (server->refuses != 0 && g_str_equal (request->method, "POST") && g_str_equal (request->target, "/"))
    reply->status = server->refuses;
  else
    mw_ledger_handle (request, reply, server->peer->ledger);
}

/* Nothing is known of the server yet */
static void
begin (EngineFixture *f,
       Server        *server,
       PeerFlags      flags)
{
  server->peer = engine_fixture_add_peer (f, flags);
  server->peer->hook_data = server;
  server->peer->hook = handle;
  if (server->fhir_version == NULL)
    server->fhir_version = "4.0.1";
  engine_fixture_sql (f, "DELETE FROM capabilities WHERE connection > 1");
}

static guint
count (Peer       *peer,
       const char *method,
       const char *target)
{
  guint n = 0;

  for (guint i = 0; i < mw_fault_server_n_requests (peer->server); i++)
    {
      g_autoptr (MwFaultRequest) request = mw_fault_server_get_request (peer->server, i);

      n += g_str_equal (request->method, method) && g_str_equal (request->target, target);
    }
  return n;
}

/* In which version the note was handed over */
static void
assert_content_type (Peer       *peer,
                     const char *content_type)
{
  for (guint i = 0; i < mw_fault_server_n_requests (peer->server); i++)
    {
      g_autoptr (MwFaultRequest) request = mw_fault_server_get_request (peer->server, i);

      if (g_str_equal (request->method, "POST") && g_str_equal (request->target, "/Communication"))
        {
          g_assert_cmpstr (mw_fault_request_header (request, "content-type"), ==, content_type);
          return;
        }
    }
  g_assert_not_reached ();
}

static void
assert_versions (EngineFixture *f,
                 Server        *server,
                 const char    *text)
{
  g_autofree char *versions = mw_capabilities_dup_versions (f->db, server->peer->connection);

  g_assert_cmpstr (versions, ==, text);
}

static void
assert_learned (EngineFixture *f,
                Server        *server,
                const char    *words)
{
  g_autofree char *learned = mw_capabilities_dup_learned (f->db, server->peer->connection);

  g_assert_cmpstr (learned, ==, words);
}

static void
send_note (EngineFixture *f,
           Server        *server)
{
  engine_fixture_wait_state (f, engine_fixture_message (f, server->peer, 0, "Hello"), "handed-over");
}

/* Two resources, so that it takes a transaction: nobody can be searched for there, so that the patient goes along */
static void
send_record (EngineFixture *f,
             Server        *server)
{
  g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_PUSH);

  draft->to = g_strdup (server->peer->organization);
  draft->patient = g_strconcat (f->home_url, "/Patient/p1", NULL);
  draft->note = g_strdup ("As agreed on the telephone");
  engine_fixture_wait_state (f, engine_fixture_post (f, server->peer, 0, draft), "handed-over");
}

/* The engine is started anew at a later time: nothing it knows is only in its memory */
static void
let_pass (EngineFixture *f,
          gint64         time)
{
  engine_fixture_stop (f);
  __atomic_store_n (&f->offset, f->offset + time, __ATOMIC_SEQ_CST);
  engine_fixture_start (f);
}

/* ---- versions ------------------------------------------------------------ */

typedef struct
{
  const char *name;
  const char *stated;
  gboolean    offers;
  guint       status;
  const char *content_type;
  const char *answer;
  const char *kept;   /* of the versions */
  const char *spoken; /* the media type */
} Offer;

#define PLAIN "application/fhir+json"

static const Offer offers[] = {
  { "several", "5.0.0", TRUE, 200, PLAIN, PARAMETERS (VERSION ("4.0") "," VERSION ("5.0") ",{\"name\":\"default\",\"valueCode\":\"5.0\"}"), "4.0\n5.0", PLAIN "; fhirVersion=4.0" },
  { "several-as-strings", "4.0.1", TRUE, 200, "application/json", PARAMETERS ("{\"name\":\"version\",\"valueString\":\"4.3\"}," VERSION ("5.0.0")), "4.3\n5.0", PLAIN "; fhirVersion=4.3" },
  { "without-r4", "5.0.0", TRUE, 200, PLAIN, PARAMETERS (VERSION ("3.0") "," VERSION ("5.0")), "3.0\n5.0", PLAIN "; fhirVersion=5.0" },
  { "one", "4.0.1", TRUE, 200, PLAIN, PARAMETERS (VERSION ("4.0")), "4.0", PLAIN },
  { "only-default", "4.0.1", TRUE, 200, PLAIN, PARAMETERS ("{\"name\":\"default\",\"valueCode\":\"4.0\"}"), "4.0", PLAIN },
  { "not-listed", "4.0.1", FALSE, 200, PLAIN, PARAMETERS (VERSION ("4.0") "," VERSION ("5.0")), "", PLAIN },
  { "404", "4.0.1", TRUE, 404, PLAIN, "", "", PLAIN },
  { "405", "4.0.1", TRUE, 405, PLAIN, "", "", PLAIN },
  { "501", "4.0.1", TRUE, 501, PLAIN, "{\"resourceType\":\"OperationOutcome\"}", "", PLAIN },
  { "500", "4.0.1", TRUE, 500, "text/html", "<html>Oops</html>", "", PLAIN },
  { "html", "4.0.1", TRUE, 200, "text/html", "<html>Portal</html>", "", PLAIN },
  { "no-json", "4.0.1", TRUE, 200, PLAIN, "{\"resourceType\":\"Parameters\",", "", PLAIN },
  { "other-resource", "4.0.1", TRUE, 200, PLAIN, "{\"resourceType\":\"Bundle\",\"parameter\":[" VERSION ("4.0") "," VERSION ("5.0") "]}", "", PLAIN },
  { "no-parameters", "4.0.1", TRUE, 200, PLAIN, PARAMETERS (""), "", PLAIN },
  { "odd-parameters", "4.0.1", TRUE, 200, PLAIN, PARAMETERS ("null,7,\"x\",{\"name\":7,\"valueCode\":\"4.0\"},{\"name\":\"version\",\"valueCode\":{\"a\":1}}"), "", PLAIN },
  { "header-in-it", "4.0.1", TRUE, 200, PLAIN, PARAMETERS (VERSION ("4.0\\r\\nX-Evil: 1") "," VERSION ("5.0; charset=x")), "4.0\n5.0", PLAIN "; fhirVersion=4.0" },
  { "numbers-without-end", "4.0.1", TRUE, 200, PLAIN, PARAMETERS (VERSION ("4000.0") "," VERSION ("4.00000000") "," VERSION (".5") "," VERSION ("4")), "", PLAIN },
};

static void
test_offer (EngineFixture *f,
            gconstpointer  user_data)
{
  const Offer *offer = user_data;
  Server       server = { .fhir_version = offer->stated, .offers = offer->offers, .versions_status = offer->status, .versions_type = offer->content_type, .versions = offer->answer };

  begin (f, &server, PEER_CONDITIONAL);
  engine_fixture_start (f);
  send_note (f, &server);
  assert_versions (f, &server, offer->kept);
  assert_content_type (server.peer, offer->spoken);
  g_assert_cmpuint (count (server.peer, "GET", "/$versions"), ==, offer->offers ? 1 : 0);
  /* what was answered is known for a day, also when it was no */
  send_note (f, &server);
  let_pass (f, DAY / 2);
  send_note (f, &server);
  g_assert_cmpuint (count (server.peer, "GET", "/metadata"), ==, 1);
  g_assert_cmpuint (count (server.peer, "GET", "/$versions"), ==, offer->offers ? 1 : 0);
}

/* Ten thousand versions are looked at as far as anybody needs */
static void
test_many (EngineFixture *f,
           gconstpointer  user_data)
{
  g_autoptr (GString) list = g_string_new ("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"version\",\"valueCode\":\"4.0\"}");
  Server           server = { .offers = TRUE };
  g_autofree char *kept = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (list, ",{\"name\":\"version\",\"valueCode\":\"%u.%u\"}", 7 + i / 100, i % 100);
  g_string_append (list, "]}");
  server.versions = list->str;
  begin (f, &server, PEER_CONDITIONAL);
  engine_fixture_start (f);
  send_note (f, &server);
  assert_content_type (server.peer, PLAIN "; fhirVersion=4.0");
  kept = mw_capabilities_dup_versions (f->db, server.peer->connection);
  g_assert_cmpuint (strlen (kept), <, 1000);
}

/* $versions counts more than the statement: a server that speaks nothing in common is told of in words */
static void
test_nothing_in_common (EngineFixture *f,
                        gconstpointer  user_data)
{
  Server server = { .offers = TRUE, .versions = PARAMETERS (VERSION ("1.0") "," VERSION ("3.0")) };
  g_autoptr (MwItem) row = NULL;
  gint64 item;

  begin (f, &server, PEER_CONDITIONAL);
  engine_fixture_start (f);
  item = engine_fixture_message (f, server.peer, 0, "Hello");
  engine_fixture_wait_state (f, item, "attention");
  row = mw_items_load (f->db, item, NULL);
  g_assert_nonnull (strstr (row->error_text, "speaks FHIR"));
  g_assert_nonnull (strstr (row->error_text, "3.0"));
  g_assert_cmpuint (mw_ledger_n_effects (server.peer->ledger), ==, 0);
}

/* A server that changes: what it offers is looked at anew each day */
static void
test_versions_change (EngineFixture *f,
                      gconstpointer  user_data)
{
  Server server = { .offers = TRUE, .versions = PARAMETERS (VERSION ("4.0") "," VERSION ("5.0")) };

  begin (f, &server, PEER_CONDITIONAL);
  engine_fixture_start (f);
  send_note (f, &server);
  assert_versions (f, &server, "4.0\n5.0");
  server.versions_status = 404;
  let_pass (f, DAY + G_TIME_SPAN_HOUR);
  send_note (f, &server);
  assert_versions (f, &server, "");
  g_assert_cmpuint (count (server.peer, "GET", "/$versions"), ==, 2);
}

/* No answer is no other answer */
static void
test_versions_down (EngineFixture *f,
                    gconstpointer  user_data)
{
  Server server = { .fhir_version = "5.0.0", .offers = TRUE, .versions = PARAMETERS (VERSION ("4.0") "," VERSION ("5.0")) };

  begin (f, &server, PEER_CONDITIONAL);
  engine_fixture_start (f);
  send_note (f, &server);
  server.versions_status = GPOINTER_TO_UINT (user_data);
  let_pass (f, DAY + G_TIME_SPAN_HOUR);
  send_note (f, &server);
  assert_versions (f, &server, "4.0\n5.0");
  g_assert_cmpuint (count (server.peer, "GET", "/$versions"), ==, 2);
}

/* For a server that is down for a moment an old statement is better than none */
static void
test_old_statement (EngineFixture *f,
                    gconstpointer  user_data)
{
  Server server = { .offers = TRUE, .versions = PARAMETERS (VERSION ("4.0") "," VERSION ("5.0")) };

  begin (f, &server, PEER_CONDITIONAL);
  engine_fixture_start (f);
  send_note (f, &server);
  server.metadata_status = GPOINTER_TO_UINT (user_data);
  let_pass (f, DAY + G_TIME_SPAN_HOUR);
  send_note (f, &server);
  assert_versions (f, &server, "4.0\n5.0");
  engine_fixture_assert_once (f, server.peer);
}

/* ---- refusals --------------------------------------------------------------- */

/* It refuses a transaction once; after that each record goes another way */
static void
refuse_once (EngineFixture *f,
             Server        *server)
{
  begin (f, server, TRANSACTIONS);
  server->refuses = 405;
  engine_fixture_start (f);
  send_record (f, server);
  assert_learned (f, server, "transaction");
  send_record (f, server);
  g_assert_cmpuint (count (server->peer, "POST", "/"), ==, 1);
  server->refuses = 0;
}

static void
assert_goes_on (EngineFixture *f,
                Server        *server,
                guint          n_transactions)
{
  send_record (f, server);
  g_assert_cmpuint (count (server->peer, "POST", "/"), ==, n_transactions);
  assert_learned (f, server, n_transactions > 1 ? NULL : "transaction");
  g_assert_cmpuint (mw_ledger_n_doubled (server->peer->ledger), ==, 0);
}

/* Asked again after a day, the server says the same of itself, but for the date: the refusal counts on */
static void
test_same_statement (EngineFixture *f,
                     gconstpointer  user_data)
{
  Server server = { .date = "2026-01-01" };

  refuse_once (f, &server);
  server.date = "2026-01-02";
  let_pass (f, DAY + G_TIME_SPAN_HOUR);
  assert_goes_on (f, &server, 1);
  g_assert_cmpuint (count (server.peer, "GET", "/metadata"), >=, 2);
}

/* A server that was changed may take by now what it refused */
static void
test_other_statement (EngineFixture *f,
                      gconstpointer  user_data)
{
  Server server = { .software = "Peer 1" };

  refuse_once (f, &server);
  server.software = "Peer 2";
  let_pass (f, DAY + G_TIME_SPAN_HOUR);
  assert_goes_on (f, &server, 2);
}

/* Read again because of a refusal, a statement that is worded anew each time does not undo what was learned */
static void
test_surprise (EngineFixture *f,
               gconstpointer  user_data)
{
  Server server = { .software = "Peer 1" };

  begin (f, &server, TRANSACTIONS);
  engine_fixture_start (f);
  send_record (f, &server);
  g_assert_cmpuint (count (server.peer, "GET", "/metadata"), ==, 1);
  server.refuses = 405;
  server.software = "Peer 2";
  send_record (f, &server);
  g_assert_cmpuint (count (server.peer, "GET", "/metadata"), ==, 2);
  assert_learned (f, &server, "transaction");
  send_record (f, &server);
  g_assert_cmpuint (count (server.peer, "POST", "/"), ==, 2);
  g_assert_cmpuint (count (server.peer, "GET", "/metadata"), ==, 2);
}

/* No refusal counts for ever: what stood in the way may have been put right without a word in the statement */
static void
test_expiry (EngineFixture *f,
             gconstpointer  user_data)
{
  Server server = { 0 };

  refuse_once (f, &server);
  let_pass (f, 29 * DAY);
  assert_goes_on (f, &server, 1);
  let_pass (f, 2 * DAY);
  assert_goes_on (f, &server, 2);
}

/* A limit that was learned ends likewise, and one that still stands is learned anew, at the cost of one refusal */
static void
test_limit (EngineFixture *f,
            gconstpointer  user_data)
{
  Server           server = { 0 };
  g_autofree char *first = NULL;

  begin (f, &server, TRANSACTIONS);
  server.refuses = 413;
  engine_fixture_start (f);
  send_record (f, &server);
  first = mw_capabilities_dup_learned (f->db, server.peer->connection);
  g_assert_true (g_str_has_prefix (first, "max-body:"));
  let_pass (f, 31 * DAY);
  send_record (f, &server);
  send_record (f, &server);
  g_assert_cmpuint (count (server.peer, "POST", "/"), ==, 2);
  assert_learned (f, &server, first);
}

#define ADD(name, data, func) g_test_add ("/engine/negotiate/" name, EngineFixture, data, engine_fixture_set_up, func, engine_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      g_autofree char *path = g_strconcat ("/engine/negotiate/versions/", offers[i].name, NULL);

      g_test_add (path, EngineFixture, &offers[i], engine_fixture_set_up, test_offer, engine_fixture_tear_down);
    }
  ADD ("versions/many", NULL, test_many);
  ADD ("versions/nothing-in-common", NULL, test_nothing_in_common);
  ADD ("versions/change", NULL, test_versions_change);
  ADD ("versions/down-500", GUINT_TO_POINTER (500), test_versions_down);
  ADD ("versions/down-429", GUINT_TO_POINTER (429), test_versions_down);
  ADD ("old-statement/503", GUINT_TO_POINTER (503), test_old_statement);
  ADD ("old-statement/404", GUINT_TO_POINTER (404), test_old_statement);
  ADD ("learned/same-statement", NULL, test_same_statement);
  ADD ("learned/other-statement", NULL, test_other_statement);
  ADD ("learned/surprise", NULL, test_surprise);
  ADD ("learned/expiry", NULL, test_expiry);
  ADD ("learned/limit", NULL, test_limit);
  return g_test_run ();
}
