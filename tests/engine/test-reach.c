/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the store alone says of who an item is for and where that one is reached: nothing is taken for certain that is not */

#include "directory-fixture.h"

#include "mw-connections.h"
#include "mw-endpoint-row.h"
#include "mw-person.h"
#include "mw-reach.h"

#include <string.h>

static gint64
write_person (MwDb    *db,
              gpointer data,
              GError **error)
{
  return mw_people_put (db, data, error);
}

/* @who: but for what is the same of all */
static void
put (EngineFixture *f,
     MwPerson       who)
{
  who.active = TRUE;
  who.fetched = engine_fixture_now (f);
  g_assert_cmpint (mw_store_write (f->store, write_person, &who, NULL), >, 0);
}

#define PUT(...) put (f, (MwPerson){ __VA_ARGS__ })

static char *
at_home (EngineFixture *f,
         const char    *relative)
{
  return g_strconcat (f->home_url, "/", relative, NULL);
}

static MwReach *
reach_of (EngineFixture *f,
          const char    *to,
          const char    *to_name,
          gint64         item)
{
  g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_MESSAGE);

  draft->to = g_strdup (to);
  draft->to_name = g_strdup (to_name);
  return mw_reach_new (f->db, draft, item, engine_fixture_now (f), NULL);
}

/* An endpoint that is named, or an organisation above, says where somebody is reached: that it has not been read does
 * not mean that there is none */
static void
test_unread (EngineFixture *f,
             gconstpointer  user_data)
{
  g_autofree char *plain = at_home (f, "Organization/plain");
  g_autofree char *named = at_home (f, "Organization/named");
  g_autofree char *below = at_home (f, "Organization/below");
  g_autofree char *above = at_home (f, "Organization/above");
  g_autofree char *link = g_strdup_printf ("INSERT INTO endpoint_links (owner, endpoint, said_by) VALUES ('%s', '%s/Endpoint/7', '%s')", named, f->home_url, named);
  g_autoptr (MwReach) to_plain = NULL;
  g_autoptr (MwReach) to_named = NULL;
  g_autoptr (MwReach) to_below = NULL;

  PUT (.connection = f->home, .type = (char *) "Organization", .reference = plain, .name = (char *) "Plain House");
  PUT (.connection = f->home, .type = (char *) "Organization", .reference = named, .name = (char *) "Named House");
  PUT (.connection = f->home, .type = (char *) "Organization", .reference = below, .name = (char *) "Lower House", .organization = above);
  engine_fixture_sql (f, link);
  to_plain = reach_of (f, plain, NULL, 0);
  g_assert_cmpint (to_plain->end, ==, MW_REACH_READY);
  to_named = reach_of (f, named, NULL, 0);
  g_assert_cmpint (to_named->end, ==, MW_REACH_NOWHERE);
  g_assert_cmpuint (to_named->missing->len, ==, 1);
  to_below = reach_of (f, below, NULL, 0);
  g_assert_cmpint (to_below->end, ==, MW_REACH_NOWHERE);
  g_assert_cmpuint (to_below->missing->len, ==, 1);
}

/* A directory that gives a role, or a network, with an endpoint of its own, to those whom the home server lists */
static void
test_foreign (EngineFixture *f,
              gconstpointer  user_data)
{
  Peer            *peer = engine_fixture_add_peer (f, PEER_PLAIN);
  g_autofree char *person = at_home (f, "Practitioner/7");
  g_autofree char *place = at_home (f, "Organization/9");
  g_autofree char *role = g_strconcat (peer->url, "/PractitionerRole/1", NULL);
  g_autofree char *network = g_strconcat (peer->url, "/OrganizationAffiliation/1", NULL);
  g_autofree char *sql = g_strdup_printf ("INSERT INTO endpoint_links (owner, endpoint, said_by) SELECT o.value, e.reference, o.value FROM endpoints AS e, "
                                          "json_each('[\"%s\", \"%s\"]') AS o WHERE e.address = '%s'",
                                          role, network, peer->url);
  g_autoptr (MwReach) to_person = NULL;
  g_autoptr (MwReach) to_place = NULL;
  g_autoptr (MwReach) by_words = NULL;

  PUT (.connection = f->home, .type = (char *) "Practitioner", .reference = person, .name = (char *) "Falk, Ada");
  PUT (.connection = f->home, .type = (char *) "Organization", .reference = place, .name = (char *) "Plain House");
  PUT (.connection = peer->connection, .type = (char *) "PractitionerRole", .reference = role, .name = (char *) "Falk, Ada", .practitioner = person);
  PUT (.connection = peer->connection, .type = (char *) "OrganizationAffiliation", .reference = network, .name = (char *) "Network", .organization = place);
  engine_fixture_sql (f, sql);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM endpoint_links WHERE owner LIKE '%Role/1' OR owner LIKE '%Affiliation/1'"), ==, 2);
  to_person = reach_of (f, person, NULL, 0);
  g_assert_cmpint (to_person->end, ==, MW_REACH_READY);
  g_assert_cmpint (to_person->connection->id, ==, f->home);
  to_place = reach_of (f, place, NULL, 0);
  g_assert_cmpint (to_place->end, ==, MW_REACH_READY);
  g_assert_cmpint (to_place->connection->id, ==, f->home);

  /* by words her own row is one that fits, and the role does not stand for her */
  by_words = reach_of (f, NULL, "Ada Falk", 0);
  g_assert_cmpint (by_words->end, ==, MW_REACH_SEVERAL);
  g_assert_cmpuint (by_words->candidates->len, ==, 2);
}

/* Who was decided on and is not here any more is not replaced by whoever else has the name */
static void
test_gone (EngineFixture *f,
           gconstpointer  user_data)
{
  gint64           item = discover_message (f, "Plain House");
  g_autofree char *one = at_home (f, "Organization/one");
  g_autofree char *gone = at_home (f, "Organization/gone");
  g_autofree char *sql = g_strdup_printf ("INSERT INTO questions (item, stage, about, text, choices, asked, answer, answered) VALUES (%d, 'discover', '%s', '?', '[]', 1, '%s', 2)",
                                          (int) item, MW_QUESTION_RECIPIENT, gone);
  g_autoptr (MwReach) before = NULL;
  g_autoptr (MwReach) after = NULL;
  g_autoptr (MwReach) dormant = NULL;

  PUT (.connection = f->home, .type = (char *) "Organization", .reference = one, .name = (char *) "Plain House");
  before = reach_of (f, NULL, "Plain House", item);
  g_assert_cmpint (before->end, ==, MW_REACH_READY);
  engine_fixture_sql (f, sql);
  after = reach_of (f, NULL, "Plain House", item);
  g_assert_cmpint (after->end, ==, MW_REACH_SEVERAL);
  g_assert_cmpuint (after->candidates->len, ==, 1);

  /* nor does one count who is not active any more */
  PUT (.connection = f->home, .type = (char *) "Organization", .reference = gone, .name = (char *) "Plain House");
  engine_fixture_sql (f, "UPDATE people SET active = 0 WHERE reference LIKE '%/gone'");
  dormant = reach_of (f, NULL, "Plain House", item);
  g_assert_cmpint (dormant->end, ==, MW_REACH_SEVERAL);
  g_assert_cmpuint (dormant->candidates->len, ==, 1);
}

static void
test_inactive (EngineFixture *f,
               gconstpointer  user_data)
{
  g_autofree char *one = at_home (f, "Organization/one");
  g_autofree char *refusals = NULL;
  g_autoptr (MwReach) reach = NULL;

  PUT (.connection = f->home, .type = (char *) "Organization", .reference = one, .name = (char *) "Plain House");
  engine_fixture_sql (f, "UPDATE people SET active = 0 WHERE reference LIKE '%/one'");
  reach = reach_of (f, one, NULL, 0);
  g_assert_cmpint (reach->end, ==, MW_REACH_NOWHERE);
  refusals = mw_reach_refusals (reach, 1);
  g_assert_cmpstr (refusals, ==, "“Plain House”: The record found is no longer in use.");
  /* its server may say otherwise by now */
  g_assert_cmpuint (reach->missing->len, ==, 1);
}

static void
test_words (EngineFixture *f,
            gconstpointer  user_data)
{
  static const struct
  {
    const char *words;
    MwReachEnd  end;
  } cases[] = {
    { "Anna Mayer", MW_REACH_SEVERAL },
    { "Anna Mayerhöfer", MW_REACH_READY },
    { "anna MAYERHOFER", MW_REACH_READY },
    { "Mayerhoefer", MW_REACH_READY },
    { "Ann Mayerhöfer", MW_REACH_SEVERAL },
    { "Dr. Anna Mayerhöfer", MW_REACH_READY },
    { "card at St. Mary's", MW_REACH_SEVERAL },
    { "cardiology at Saint Marys", MW_REACH_READY },
    { "Cardiology at St. Mary", MW_REACH_SEVERAL },
    { "Bob Mayer", MW_REACH_NOBODY },
  };
  g_autofree char *anna = at_home (f, "Organization/anna");
  g_autofree char *marys = at_home (f, "Organization/marys");
  g_autofree char *heart = at_home (f, "Organization/heart");

  PUT (.connection = f->home, .type = (char *) "Organization", .reference = anna, .name = (char *) "Dr. Anna Mayerhöfer");
  PUT (.connection = f->home, .type = (char *) "Organization", .reference = marys, .name = (char *) "St. Mary’s Hospital");
  PUT (.connection = f->home, .type = (char *) "Organization", .reference = heart, .name = (char *) "Cardiology", .organization = marys);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MwReach) reach = reach_of (f, NULL, cases[i].words, 0);

      g_test_message ("%s", cases[i].words);
      g_assert_cmpint (reach->end, ==, cases[i].end);
      g_assert_cmpuint (reach->candidates->len, ==, cases[i].end == MW_REACH_SEVERAL ? 1 : 0);
    }
}

/* Of more than are looked at nobody knows whether there is a second one */
static void
test_many (EngineFixture *f,
           gconstpointer  user_data)
{
  g_autofree char *anna = at_home (f, "Organization/anna");
  g_autofree char *sql = g_strdup_printf ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 998) "
                                          "INSERT INTO people (connection, reference, type, name, fold, active) "
                                          "SELECT %d, '%s/Organization/b' || i, 'Organization', 'Bob Mayer', 'bob mayer', 1 FROM n",
                                          (int) f->home, f->home_url);
  g_autoptr (MwReach) few = NULL;
  g_autoptr (MwReach) many = NULL;

  PUT (.connection = f->home, .type = (char *) "Organization", .reference = anna, .name = (char *) "Anna Mayer");
  engine_fixture_sql (f, sql);
  few = reach_of (f, NULL, "Anna Mayer", 0);
  g_assert_cmpint (few->end, ==, MW_REACH_READY);
  engine_fixture_sql (f, "INSERT INTO people (connection, reference, type, name, fold, active) "
                         "SELECT connection, reference || 'x', type, name, fold, 1 FROM people WHERE name = 'Bob Mayer' LIMIT 10");
  many = reach_of (f, NULL, "Anna Mayer", 0);
  g_assert_cmpint (many->end, ==, MW_REACH_SEVERAL);
  g_assert_cmpuint (many->candidates->len, ==, 1);
}

/* A published list goes by its name */
static void
test_list (EngineFixture *f,
           gconstpointer  user_data)
{
  Peer            *peer = engine_fixture_add_peer (f, PEER_PLAIN);
  g_autofree char *url = g_strdup_printf ("UPDATE connections SET url = 'https://there.example/fhir' WHERE id = %d", (int) peer->connection);
  g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_MESSAGE);
  g_autoptr (MwReach) reach = NULL;
  g_autofree char *words = NULL;

  PUT (.type = (char *) "Organization", .reference = (char *) "list#1", .name = (char *) "Plain House", .source = (char *) "import:1a2b3c4d");
  engine_fixture_sql (f, url);
  engine_fixture_sql (f, "INSERT INTO published_lists (source, token, name, fetched, organizations, endpoints, report) "
                         "VALUES ('https://list.example/l', 'import:1a2b3c4d', 'list.example', 1, 1, 1, '')");
  engine_fixture_sql (f, "INSERT INTO endpoint_links (source, owner, endpoint, said_by) VALUES ('import:1a2b3c4d', 'list#1', 'list#2', 'list#1')");
  engine_fixture_sql (f, "INSERT INTO endpoints (source, reference, status, kinds, address, rank, fetched) "
                         "SELECT 'import:1a2b3c4d', 'list#2', 'active', kinds, 'https://there.example/fhir', 1, 1 FROM endpoints");
  draft->to = g_strdup ("list#1");
  reach = mw_reach_new (f->db, draft, 0, engine_fixture_now (f), NULL);
  g_assert_cmpint (reach->end, ==, MW_REACH_READY);
  words = mw_reach_words (reach, f->db, draft);
  discover_assert_says (words, "Plain House is listed by list.example.");
}

#define ADD(path, func) g_test_add ("/engine/reach/" path, EngineFixture, NULL, engine_fixture_set_up, func, engine_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("unread", test_unread);
  ADD ("foreign", test_foreign);
  ADD ("gone", test_gone);
  ADD ("inactive", test_inactive);
  ADD ("words", test_words);
  ADD ("many", test_many);
  ADD ("list", test_list);
  return g_test_run ();
}
