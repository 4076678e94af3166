/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Who an item is for and where that one is reached: looked up, asked about once, never guessed */

#include "directory-fixture.h"

#include "mw-connections.h"
#include "mw-endpoint-row.h"
#include "mw-json.h"
#include "mw-person.h"
#include "mw-reach.h"

#include <string.h>

#define DAY G_TIME_SPAN_DAY

/* ---- without a question --------------------------------------------------- */

static void
test_one (EngineFixture *f,
          gconstpointer  user_data)
{
  Directory directory;
  Receiver  receiver;
  gint64    item;

  directory_begin (&directory, f);
  receiver_begin (&receiver, f);
  directory_add_organization (&directory, "marys", "St. Mary’s Hospital", "");
  directory_add_organization (&directory, "heart", "Cardiology", "'partOf':{'reference':'Organization/marys'},'endpoint':[{'reference':'Endpoint/old'},{'reference':'Endpoint/new'}]");
  directory_add_organization (&directory, "kidney", "Nephrology", "'partOf':{'reference':'Organization/marys'}");
  directory_add_organization (&directory, "other", "Cardiology", "'partOf':{'reference':'Organization/county'}");
  directory_add_organization (&directory, "county", "County Hospital", "");
  directory_add_endpoint (&directory, "old", "off", "https://old.example/fhir");
  directory_add_endpoint (&directory, "new", "active", receiver.peer->url);
  item = discover_message (f, "cardiology at St. Mary's");
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_assert_once (f, receiver.peer);
  discover_assert_journal (f, "“cardiology at St. Mary's” is Cardiology, listed by National Directory.");
  discover_assert_journal (f, "Server new");
  discover_assert_journal (f, "“Server old”: It is no longer in use.");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM questions"), ==, 0);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM audit WHERE event = 'queried'"), >, 0);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM audit WHERE event = 'queried' AND instr(request, 'ary') > 0"), ==, 0);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM endpoints WHERE name LIKE 'Server%' AND worked > 0 AND trouble IS NULL"), ==, 1);

  /* the second one goes by what is here */
  directory.n_requests = 0;
  item = discover_message (f, "cardiology at St. Mary's");
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (directory.n_requests, ==, 0);
  directory_end (&directory);
}

/* Each step of the chain: role, its place, its organisation, a network, a parent */
static void
test_chain (EngineFixture *f,
            gconstpointer  user_data)
{
  static const struct
  {
    const char *role, *place, *organization, *affiliation, *parent;
  } steps[] = {
    { ",'endpoint':[{'reference':'Endpoint/good'}]", ",'endpoint':[{'reference':'Endpoint/bad'}]", "", "", "" },
    { "", ",'endpoint':[{'reference':'Endpoint/good'}]", "'endpoint':[{'reference':'Endpoint/bad'}]", "", "" },
    { "", "", "'endpoint':[{'reference':'Endpoint/good'}]", ",'endpoint':[{'reference':'Endpoint/bad'}]", "" },
    { "", "", "", ",'endpoint':[{'reference':'Endpoint/good'}]", "'endpoint':[{'reference':'Endpoint/bad'}]" },
    { "", "", "", "", "'endpoint':[{'reference':'Endpoint/good'}]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      Directory        directory;
      Receiver         good, bad;
      gint64           item;
      g_autofree char *organization = g_strdup_printf ("'partOf':{'reference':'Organization/top'}%s%s", *steps[i].organization != '\0' ? "," : "", steps[i].organization);

      engine_fixture_stop (f);
      engine_fixture_sql (f, "DELETE FROM items; DELETE FROM endpoint_links; DELETE FROM people; DELETE FROM connections WHERE home = 0");
      directory_begin (&directory, f);
      receiver_begin (&good, f);
      receiver_begin (&bad, f);
      engine_fixture_sql (f, "DELETE FROM people; DELETE FROM endpoints; DELETE FROM endpoint_links");
      directory_add (&directory, "{'resourceType':'Practitioner','id':'p','active':true,'name':[{'family':'Falk','given':['Ada']}],'identifier':[{'system':'http://hl7.org/fhir/sid/us-npi','value':'1234567893'}]}");
      directory_add (&directory, "{'resourceType':'PractitionerRole','id':'r','active':true,'practitioner':{'reference':'Practitioner/p'},'organization':{'reference':'Organization/o'},"
                                 "'location':[{'reference':'Location/l'}]%s}",
                     steps[i].role);
      directory_add (&directory, "{'resourceType':'Location','id':'l','status':'active','name':'Main Street'%s}", steps[i].place);
      directory_add_organization (&directory, "o", "Clinic", organization);
      directory_add_organization (&directory, "net", "Network", "");
      directory_add (&directory, "{'resourceType':'OrganizationAffiliation','id':'a','active':true,'organization':{'reference':'Organization/net'},'participatingOrganization':{'reference':'Organization/o'}%s}",
                     steps[i].affiliation);
      directory_add_organization (&directory, "top", "Group", steps[i].parent);
      directory_add_endpoint (&directory, "good", "active", good.peer->url);
      directory_add_endpoint (&directory, "bad", "active", bad.peer->url);
      item = discover_message (f, i % 2 == 0 ? "Ada Falk" : "1234567893");
      engine_fixture_start (f);
      engine_fixture_wait_state (f, item, "handed-over");
      engine_fixture_assert_once (f, good.peer);
      g_assert_cmpuint (mw_ledger_n_effects (bad.peer->ledger), ==, 0);
      directory_end (&directory);
    }
}

static void
test_none (EngineFixture *f,
           gconstpointer  user_data)
{
  Directory directory;
  Receiver  receiver;
  gint64    item;

  directory_begin (&directory, f);
  receiver_begin (&receiver, f);
  directory_add_organization (&directory, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'},{'reference':'Endpoint/two'}]");
  directory_add_organization (&directory, "quiet", "Quiet House", "");
  directory_add_endpoint (&directory, "one", "suspended", receiver.peer->url);
  directory_add (&directory, "{'resourceType':'Endpoint','id':'two','status':'active','name':'By mail','connectionType':{'code':'direct-project'},'address':'mailto:a@direct.example'}");
  engine_fixture_start (f);
  item = discover_message (f, "Lung House");
  discover_assert_attention (f, item, "Nobody called “Lung House” is in the directory.");
  item = discover_message (f, "Heart House");
  discover_assert_attention (f, item, "“Server one”: It is suspended for now.");
  discover_assert_attention (f, item, "“By mail”: It is an address for Direct");
  item = discover_message (f, "Quiet House");
  discover_assert_attention (f, item, "does not say where Quiet House is reached");
  g_assert_cmpuint (mw_ledger_n_effects (receiver.peer->ledger), ==, 0);
  /* the directory learns of them */
  directory_add_organization (&directory, "lung", "Lung House", "'endpoint':[{'reference':'Endpoint/three'}]");
  directory_add_endpoint (&directory, "three", "active", receiver.peer->url);
  item = discover_message (f, "Lung House");
  engine_fixture_wait_state (f, item, "handed-over");
  directory_end (&directory);
}

/* ---- with a question -------------------------------------------------------- */

static void
test_several (EngineFixture *f,
              gconstpointer  user_data)
{
  Directory        directory;
  Receiver         north, south;
  gint64           item, second;
  g_autofree char *value = NULL;
  g_autoptr (MwQuestion) question = NULL;

  directory_begin (&directory, f);
  receiver_begin (&north, f);
  receiver_begin (&south, f);
  directory_add_organization (&directory, "north", "Heart House North", "'address':[{'city':'Norwick'}],'endpoint':[{'reference':'Endpoint/n'}]");
  directory_add_organization (&directory, "south", "Heart House South", "'address':[{'city':'Sudbury'}],'endpoint':[{'reference':'Endpoint/s'}]");
  directory_add_endpoint (&directory, "n", "active", north.peer->url);
  directory_add_endpoint (&directory, "s", "active", south.peer->url);
  item = discover_message (f, "Heart House");
  second = discover_message (f, "Heart House");
  engine_fixture_start (f);
  question = discover_await_question (f, item, MW_QUESTION_RECIPIENT);
  value = g_strconcat (directory.url, "/Organization/south", NULL);
  discover_assert_says (question->text, "“Heart House”");
  g_assert_cmpuint (mw_json_length (question->choices, NULL), ==, 3);
  {
    JsonNode        *choice = mw_question_choice (question, value);
    g_autofree char *text = mw_json_to_text (choice, FALSE);

    g_assert_cmpstr (mw_json_string (choice, "title"), ==, "Heart House South");
    discover_assert_says (text, "\"there\":\"Sudbury\",\"verdict\":\"different\"");
    discover_assert_says (text, south.peer->url);
    discover_assert_says (text, "National Directory (");
    discover_assert_says (text, "\"there\":\"Organisation\",\"verdict\":\"unknown\"");
  }
  discover_take (f, item, value);
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_assert_once (f, south.peer);
  g_assert_cmpuint (mw_ledger_n_effects (north.peer->ledger), ==, 0);
  discover_assert_journal (f, "Heart House South, as you decided for “Heart House”");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM items WHERE recipient = 'Heart House South'"), ==, 1);

  /* the other one's answer is its own; and a no is not for ever */
  engine_fixture_wait_state (f, second, "attention");
  discover_take (f, second, MW_QUESTION_NONE);
  discover_assert_attention (f, second, "None of those who were found is meant.");
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_RETRY, second, NULL));
  engine_fixture_wait (f, "SELECT count(*) FROM questions WHERE answered = 0", 1);
  g_assert_cmpuint (mw_ledger_n_effects (north.peer->ledger), ==, 0);
  directory_end (&directory);
}

static void
test_equal (EngineFixture *f,
            gconstpointer  user_data)
{
  Directory directory;
  Receiver  east, west;
  gint64    item;
  g_autoptr (MwQuestion) question = NULL;

  directory_begin (&directory, f);
  receiver_begin (&east, f);
  receiver_begin (&west, f);
  directory_add_organization (&directory, "twin", "Twin Pines", "'endpoint':[{'reference':'Endpoint/e'},{'reference':'Endpoint/w'}]");
  directory_add_endpoint (&directory, "e", "active", east.peer->url);
  directory_add_endpoint (&directory, "w", "active", west.peer->url);
  item = discover_message (f, "Twin Pines");
  engine_fixture_start (f);
  question = discover_await_question (f, item, MW_QUESTION_ENDPOINT);
  g_assert_cmpuint (mw_json_length (question->choices, NULL), ==, 3);
  g_assert_cmpuint (mw_ledger_n_effects (east.peer->ledger) + mw_ledger_n_effects (west.peer->ledger), ==, 0);
  discover_take (f, item, west.peer->url);
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_assert_once (f, west.peer);
  g_assert_cmpuint (mw_ledger_n_effects (east.peer->ledger), ==, 0);
  directory_end (&directory);
}

static void
forget_connection (EngineFixture *f,
                   Peer          *peer)
{
  g_autofree char *sql = g_strdup_printf ("DELETE FROM connections WHERE id = %" G_GINT64_FORMAT, peer->connection);

  engine_fixture_sql (f, sql);
}

static void
test_connect (EngineFixture *f,
              gconstpointer  user_data)
{
  Directory        directory;
  Receiver         receiver;
  gint64           item;
  g_autofree char *sql = NULL;
  g_autoptr (MwQuestion) question = NULL;

  directory_begin (&directory, f);
  receiver_begin (&receiver, f);
  forget_connection (f, receiver.peer);
  directory_add_organization (&directory, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  directory_add_endpoint (&directory, "one", "active", receiver.peer->url);
  item = discover_message (f, "Heart House");
  engine_fixture_start (f);
  question = discover_await_question (f, item, MW_QUESTION_CONNECT);
  discover_assert_says (question->text, "Heart House is reached at 127.0.0.1, which is not one of your connections.");
  /* nothing went there before a person has agreed, not even a question */
  g_assert_cmpuint (receiver.n_metadata, ==, 0);
  discover_take (f, item, MW_QUESTION_NONE);
  discover_assert_attention (f, item, "you chose not to send there");
  g_assert_cmpuint (receiver.n_metadata, ==, 0);

  /* one that wants a sign-in: the item waits, and says so */
  receiver.status = 401;
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_RETRY, item, NULL));
  engine_fixture_wait (f, "SELECT count(*) FROM questions WHERE answered = 0", 1);
  discover_take (f, item, receiver.peer->url);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 2 AND wait = 'sign-in' AND stage = 'discover' AND instr(error_text, 'wants to know who you are') > 0", 1);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM connections WHERE home = 0"), ==, 1);

  /* it lets everybody in now */
  receiver.status = 0;
  engine_fixture_sql (f, "UPDATE items SET next_attempt = 1");
  engine_fixture_wait_state (f, item, "handed-over");
  sql = g_strdup_printf ("SELECT count(*) FROM connections WHERE url = '%s' AND home = 0", receiver.peer->url);
  g_assert_cmpint (engine_fixture_get (f, sql), ==, 1);
  g_assert_cmpuint (mw_ledger_n_effects (receiver.peer->ledger), ==, 1);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM questions"), ==, 1);
  directory_end (&directory);
}

/* ---- directories that are down, or lie -------------------------------------------- */

static void
test_dead (EngineFixture *f,
           gconstpointer  user_data)
{
  Directory dead, alive;
  Receiver  receiver;
  gint64    item;

  directory_begin (&dead, f);
  directory_begin (&alive, f);
  receiver_begin (&receiver, f);
  dead.broken = TRUE;
  engine_fixture_start (f);
  /* nobody else knows: that is no end, since the silent one may */
  item = discover_message (f, "Heart House");
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 2 AND wait = 'network' AND instr(error_text, 'National Directory cannot be asked now') > 0", 1);
  directory_add_organization (&alive, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  directory_add_endpoint (&alive, "one", "active", receiver.peer->url);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM journal WHERE event = 'attention'"), ==, 0);
  directory_end (&alive);
  directory_end (&dead);
}

static void
test_lying (EngineFixture *f,
            gconstpointer  user_data)
{
  Directory directory;
  Receiver  receiver;
  gint64    item;

  directory_begin (&directory, f);
  receiver_begin (&receiver, f);
  directory.lying = TRUE;
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *id = g_strdup_printf ("x%u", i);

      directory_add_organization (&directory, id, "Somebody Else", "");
    }
  directory_add (&directory, "{'resourceType':'Task','id':'t','status':'requested','intent':'order','owner':{'reference':'Practitioner/me'}}");
  directory_add_organization (&directory, "a", "Round House", "'partOf':{'reference':'Organization/b'}");
  directory_add_organization (&directory, "b", "Upper House", "'partOf':{'reference':'Organization/a'}");
  directory_add_organization (&directory, "heart", "Heart House", "'partOf':{'reference':'Organization/b'},'endpoint':[{'reference':'Endpoint/one'}]");
  directory_add_endpoint (&directory, "one", "active", receiver.peer->url);
  engine_fixture_start (f);
  item = discover_message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");
  /* a loop of parents ends */
  item = discover_message (f, "Round House");
  discover_assert_attention (f, item, "does not say where Round House is reached");
  /* what does not fit is not kept, and nothing of it is in the inbox */
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM people WHERE name = 'Somebody Else'"), ==, 0);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM entries"), ==, 0);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM resources WHERE type = 'Task'"), ==, 0);
  g_assert_cmpuint (directory.n_requests, <, 100);
  directory_end (&directory);
}

/* A directory that puts its own address on somebody whom another server lists */
static void
test_claim (EngineFixture *f,
            gconstpointer  user_data)
{
  Directory honest, rogue;
  Receiver  receiver, thief;
  gint64    item;

  directory_begin (&honest, f);
  directory_begin (&rogue, f);
  receiver_begin (&receiver, f);
  receiver_begin (&thief, f);
  directory_add_organization (&honest, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  directory_add_endpoint (&honest, "one", "active", receiver.peer->url);
  directory_add_organization (&rogue, "lung", "Heart Thief", "");
  directory_add (&rogue, "{'resourceType':'Endpoint','id':'x','status':'active','connectionType':{'code':'hl7-fhir-rest'},'managingOrganization':{'reference':'%s/Organization/heart'},'address':'%s',"
                         "'extension':[{'url':'http://hl7.org/fhir/us/ndh/StructureDefinition/base-ext-endpoint-rank','valuePositiveInt':1}]}",
                 honest.url, thief.peer->url);
  engine_fixture_start (f);
  item = discover_message (f, "Heart Thief");
  discover_assert_attention (f, item, "does not say where");
  item = discover_message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (mw_ledger_n_effects (receiver.peer->ledger), ==, 1);
  g_assert_cmpuint (mw_ledger_n_effects (thief.peer->ledger), ==, 0);
  directory_end (&rogue);
  directory_end (&honest);
}

/* ---- what changes --------------------------------------------------------------------- */

static void
test_moved (EngineFixture *f,
            gconstpointer  user_data)
{
  Directory        directory;
  Receiver         before, after;
  gint64           item;
  g_autofree char *sql = NULL;

  directory_begin (&directory, f);
  receiver_begin (&before, f);
  receiver_begin (&after, f);
  directory_add_organization (&directory, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  directory_add_endpoint (&directory, "one", "active", before.peer->url);
  engine_fixture_start (f);
  item = discover_message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");

  /* half a day later what is known of people is still young; the server is asked again, and is gone */
  before.status = 410;
  directory_clear (&directory);
  directory_add_organization (&directory, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  directory_add_endpoint (&directory, "one", "active", after.peer->url);
  engine_fixture_stop (f);
  engine_fixture_sql (f, "UPDATE capabilities SET fetched = 0");
  engine_fixture_start (f);
  item = discover_message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (mw_ledger_n_effects (before.peer->ledger), ==, 1);
  g_assert_cmpuint (mw_ledger_n_effects (after.peer->ledger), ==, 1);

  /* only its description is gone, and the directory, asked once more, knows no other place: it goes there as before */
  after.status = 404;
  engine_fixture_stop (f);
  engine_fixture_sql (f, "UPDATE capabilities SET fetched = 0");
  directory.n_requests = 0;
  engine_fixture_start (f);
  item = discover_message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (directory.n_requests, >, 0);
  g_assert_cmpuint (directory.n_requests, <, 10);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM endpoints WHERE name LIKE 'Server%' AND trouble IS NOT NULL AND worked > 0"), ==, 1);
  g_assert_cmpuint (mw_ledger_n_effects (after.peer->ledger), ==, 2);
  directory_end (&directory);
}

static void
test_old (EngineFixture *f,
          gconstpointer  user_data)
{
  Directory directory;
  Receiver  before, after;
  gint64    item;

  directory_begin (&directory, f);
  receiver_begin (&before, f);
  receiver_begin (&after, f);
  directory_add_organization (&directory, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  directory_add_endpoint (&directory, "one", "active", before.peer->url);
  engine_fixture_start (f);
  item = discover_message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_stop (f);

  /* three days later the directory is down: it goes by what is here, and says how old that is */
  f->offset += 3 * DAY;
  directory.broken = TRUE;
  engine_fixture_start (f);
  item = discover_message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (mw_ledger_n_effects (before.peer->ledger), ==, 2);
  discover_assert_journal (f, "National Directory could not be asked now.");
  engine_fixture_stop (f);

  /* it is back, and knows another address */
  directory.broken = FALSE;
  directory_clear (&directory);
  directory_add_organization (&directory, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  directory_add_endpoint (&directory, "one", "active", after.peer->url);
  engine_fixture_sql (f, "UPDATE connections SET paused_until = 0, failures = 0");
  engine_fixture_start (f);
  item = discover_message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (mw_ledger_n_effects (before.peer->ledger), ==, 2);
  g_assert_cmpuint (mw_ledger_n_effects (after.peer->ledger), ==, 1);
  directory_end (&directory);
}

/* What its directory does not have any more is not used, and that is told */
static void
test_deleted (EngineFixture *f,
              gconstpointer  user_data)
{
  Directory directory;
  Receiver  receiver;
  gint64    item;

  directory_begin (&directory, f);
  receiver_begin (&receiver, f);
  directory_add_organization (&directory, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  directory_add_endpoint (&directory, "one", "active", receiver.peer->url);
  engine_fixture_start (f);
  item = discover_message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");

  engine_fixture_stop (f);
  f->offset += 3 * DAY;
  directory_clear (&directory);
  directory_add_organization (&directory, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  engine_fixture_start (f);
  item = discover_message (f, "Heart House");
  discover_assert_attention (f, item, "“Server one”: It is no longer in use.");

  engine_fixture_stop (f);
  f->offset += 3 * DAY;
  directory_clear (&directory);
  engine_fixture_start (f);
  item = discover_message (f, "Heart House");
  discover_assert_attention (f, item, "Nobody called “Heart House” is in the directory.");
  g_assert_cmpuint (mw_ledger_n_effects (receiver.peer->ledger), ==, 1);
  directory_end (&directory);
}

/* An organisation's own endpoint, which only the endpoint tells, goes before that of the group above: when it cannot be
 * searched for now, the item waits */
static void
test_search_silent (EngineFixture *f,
                    gconstpointer  user_data)
{
  Directory directory;
  Receiver  own, above;
  gint64    item;

  directory_begin (&directory, f);
  receiver_begin (&own, f);
  receiver_begin (&above, f);
  directory_add_organization (&directory, "heart", "Heart House", "'partOf':{'reference':'Organization/top'}");
  directory_add_organization (&directory, "top", "Group", "'endpoint':[{'reference':'Endpoint/above'}]");
  directory_add_endpoint (&directory, "above", "active", above.peer->url);
  directory_add (&directory, "{'resourceType':'Endpoint','id':'own','status':'active','connectionType':{'code':'hl7-fhir-rest'},'managingOrganization':{'reference':'Organization/heart'},'address':'%s'}",
                 own.peer->url);
  directory.deaf = "Endpoint";
  engine_fixture_start (f);
  item = discover_message (f, "Heart House");
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 2 AND wait = 'network' AND instr(error_text, 'National Directory cannot be asked now') > 0", 1);
  directory.deaf = NULL;
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_assert_once (f, own.peer);
  g_assert_cmpuint (mw_ledger_n_effects (above.peer->ledger), ==, 0);
  directory_end (&directory);
}

/* The networks that an organisation takes part in are read with the rest of the home server's directory */
static void
test_home_networks (EngineFixture *f,
                    gconstpointer  user_data)
{
  Directory directory;

  directory_begin (&directory, f);
  directory_add_organization (&directory, "heart", "Heart House", "");
  directory_add (&directory, "{'resourceType':'OrganizationAffiliation','id':'a','active':true,'participatingOrganization':{'reference':'Organization/heart'},"
                             "'endpoint':[{'reference':'Endpoint/one'}]}");
  engine_fixture_sql (f, "DELETE FROM connections");
  engine_fixture_set_home (f, directory.url, "Practitioner/me");
  engine_fixture_start (f);
  engine_fixture_wait (f, "SELECT count(*) FROM endpoint_links WHERE owner LIKE '%/OrganizationAffiliation/a'", 1);
  directory_end (&directory);
}

/* ---- what a directory may name ----------------------------------------------------------- */

typedef struct
{
  const char *directory;
  const char *address;
} Place;

static gint64
write_place (MwDb    *db,
             gpointer data,
             GError **error)
{
  Place           *place = data;
  g_autofree char *organization = g_strconcat (place->directory, "/Organization/1", NULL);
  g_autofree char *endpoint = g_strconcat (place->directory, "/Endpoint/1", NULL);
  MwConnection     connection = { .name = (char *) "Directory", .url = (char *) place->directory, .auth = (char *) "open", .directory = TRUE };
  gint64           id = mw_connections_add (db, &connection, error);
  MwPerson         who = { .connection = id, .reference = organization, .type = (char *) "Organization", .name = (char *) "Place", .active = TRUE };
  MwEndpoint       address = { .status = (char *) "active", .kinds = MW_ENDPOINT_REST, .address = (char *) place->address, .start = G_MININT64, .end = G_MAXINT64, .rank = 1 };
  MwEndpointRow    row = { .connection = id, .reference = endpoint, .endpoint = &address, .fetched = 1 };

  return mw_people_put (db, &who, error) > 0 && mw_endpoint_rows_put (db, &row, error) > 0 && mw_endpoint_rows_claim (db, NULL, endpoint, organization, error) ? 0 : -1;
}

static void
test_addresses (EngineFixture *f,
                gconstpointer  user_data)
{
  static const struct
  {
    Place      place;
    MwReachEnd end;
  } cases[] = {
    { { "https://one.example/fhir", "https://there.example/fhir" }, MW_REACH_CONNECT },
    { { "https://two.example/fhir", "http://there.example/fhir" }, MW_REACH_NOWHERE },
    { { "https://three.example/fhir", "http://127.0.0.1:9/fhir" }, MW_REACH_NOWHERE },
    { { "https://four.example/fhir", "http://localhost:9/fhir" }, MW_REACH_NOWHERE },
    { { "http://127.0.0.1:10/fhir", "http://127.0.0.1:9/fhir" }, MW_REACH_CONNECT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_MESSAGE);
      g_autoptr (MwReach) reach = NULL;
      Place place = cases[i].place;

      g_assert_cmpint (mw_store_write (f->store, write_place, &place, NULL), ==, 0);
      draft->to = g_strconcat (place.directory, "/Organization/1", NULL);
      reach = mw_reach_new (f->db, draft, 0, engine_fixture_now (f), NULL);
      g_assert_cmpint (reach->end, ==, cases[i].end);
      g_assert_cmpuint (reach->refused->len, ==, cases[i].end == MW_REACH_NOWHERE ? 1 : 0);
    }
}

#define ADD(path, func) g_test_add ("/engine/discover/" path, EngineFixture, NULL, engine_fixture_set_up, func, engine_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("one", test_one);
  ADD ("chain", test_chain);
  ADD ("none", test_none);
  ADD ("several", test_several);
  ADD ("equal", test_equal);
  ADD ("connect", test_connect);
  ADD ("dead", test_dead);
  ADD ("lying", test_lying);
  ADD ("claim", test_claim);
  ADD ("moved", test_moved);
  ADD ("old", test_old);
  ADD ("deleted", test_deleted);
  ADD ("search-silent", test_search_silent);
  ADD ("home-networks", test_home_networks);
  ADD ("addresses", test_addresses);
  return g_test_run ();
}
