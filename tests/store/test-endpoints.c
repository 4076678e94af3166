/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Where people and places are reached, on disk */

#include "store-fixture.h"

#include "mw-endpoint-row.h"
#include "mw-person.h"
#include "mw-schema.h"

#define OWNER "https://d.example/fhir/Organization/1"
#define ENDPOINT "https://d.example/fhir/Endpoint/"

static MwEndpointRow *
row_new (const char *json,
         const char *source,
         const char *reference,
         gint64      connection)
{
  g_autofree char *text = g_strdup (json);
  g_autoptr (JsonNode) resource = NULL;
  MwEndpointRow *row = g_new0 (MwEndpointRow, 1);

  g_strdelimit (text, "'", '"');
  resource = mw_json_parse (text, -1, NULL);
  row->connection = connection;
  row->source = g_strdup (source);
  row->reference = g_strdup (reference);
  row->endpoint = mw_endpoint_new (resource);
  row->fetched = 1000;
  g_assert_nonnull (row->endpoint);
  return row;
}

static void
put (MwDb       *db,
     const char *json,
     const char *source,
     const char *reference,
     gint64      connection)
{
  g_autoptr (MwEndpointRow) row = row_new (json, source, reference, connection);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mw_endpoint_rows_put (db, row, &error), >, 0);
  g_assert_no_error (error);
}

static void
put_at (MwDb       *db,
        const char *id,
        const char *address,
        gint64      connection)
{
  g_autofree char *json = g_strdup_printf ("{'resourceType':'Endpoint','id':'%s','status':'active','connectionType':{'code':'hl7-fhir-rest'},'address':'%s'}", id, address);
  g_autofree char *reference = g_strconcat (ENDPOINT, id, NULL);

  put (db, json, NULL, reference, connection);
}

/* The references of an owner's endpoints, in order, without what they have in common */
static char *
owned (MwDb       *db,
       const char *owner)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = mw_endpoint_rows_of_owner (db, owner, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      MwEndpointRow *row = g_ptr_array_index (rows, i);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", g_str_has_prefix (row->reference, ENDPOINT) ? row->reference + strlen (ENDPOINT) : row->reference);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_owned (MwDb       *db,
              const char *owner,
              const char *expected)
{
  g_autofree char *text = owned (db, owner);

  g_assert_cmpstr (text, ==, expected);
}

static void
link_to (MwDb       *db,
         const char *one,
         const char *two)
{
  g_autofree char *first = g_strconcat (ENDPOINT, one, NULL);
  g_autofree char *second = g_strconcat (ENDPOINT, two, NULL);
  const char      *list[] = { one != NULL ? first : NULL, two != NULL ? second : NULL, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (mw_endpoint_rows_link (db, NULL, OWNER, list, &error));
  g_assert_no_error (error);
}

/* All that it says of itself is there again */
static void
test_whole (DbFixture    *f,
            gconstpointer user_data)
{
  static const char json[] =
      "{'resourceType':'Endpoint','id':'e1','name':'One','status':'active','connectionType':{'code':'hl7-fhir-rest'},"
      "'managingOrganization':{'reference':'Organization/1'},'period':{'start':'2020-01-01','end':'2030-01-01'},"
      "'payloadType':[{'coding':[{'system':'urn:p','code':'a'},{'system':'urn:p','code':'b'}]}],'address':'https://one.example/fhir/',"
      "'extension':[{'url':'http://hl7.org/fhir/us/ndh/StructureDefinition/base-ext-endpoint-rank','valuePositiveInt':3},"
      "{'url':'http://hl7.org/fhir/StructureDefinition/endpoint-fhir-version','valueCode':'4.0.1'},"
      "{'url':'http://x/environmentType','valueCodeableConcept':{'coding':[{'code':'prod'}]}}]}";
  g_autoptr (MwEndpointRow) wrote = row_new (json, NULL, ENDPOINT "e1", test_connection_new (f->db, "https://d.example/fhir", FALSE));
  g_autoptr (MwEndpointRow) read = NULL;

  g_assert_cmpint (mw_endpoint_rows_put (f->db, wrote, NULL), >, 0);
  read = mw_endpoint_rows_load (f->db, NULL, ENDPOINT "e1");
  g_assert_nonnull (read);
  g_assert_cmpint (read->connection, ==, wrote->connection);
  g_assert_cmpint (read->fetched, ==, 1000);
  g_assert_cmpstr (read->endpoint->id, ==, "e1");
  g_assert_cmpstr (read->endpoint->name, ==, "One");
  g_assert_cmpstr (read->endpoint->status, ==, "active");
  g_assert_cmpuint (read->endpoint->kinds, ==, MW_ENDPOINT_REST);
  g_assert_cmpstr (read->endpoint->raw_address, ==, "https://one.example/fhir/");
  g_assert_cmpstr (read->endpoint->address, ==, "https://one.example/fhir");
  g_assert_cmpstr (read->endpoint->message_address, ==, "https://one.example/fhir/$process-message");
  g_assert_cmpstr (read->endpoint->owner, ==, "Organization/1");
  g_assert_cmpint (read->endpoint->start, ==, wrote->endpoint->start);
  g_assert_cmpint (read->endpoint->end, ==, wrote->endpoint->end);
  g_assert_cmpint (read->endpoint->start, <, read->endpoint->end);
  g_assert_cmpstr (read->endpoint->payloads[0], ==, "urn:p|a");
  g_assert_cmpstr (read->endpoint->payloads[1], ==, "urn:p|b");
  g_assert_null (read->endpoint->payloads[2]);
  g_assert_cmpstr (read->endpoint->environments[0], ==, "prod");
  g_assert_cmpstr (read->endpoint->fhir_version, ==, "4.0.1");
  g_assert_cmpint (read->endpoint->rank, ==, 3);
  g_assert_null (mw_endpoint_rows_load (f->db, "list", ENDPOINT "e1"));
}

/* One that tells next to nothing can be chosen from all the same */
static void
test_bare (DbFixture    *f,
           gconstpointer user_data)
{
  MwEndpointWish wish = { .kinds = MW_ENDPOINT_REST, .now = 5 };
  g_autoptr (GPtrArray) endpoints = g_ptr_array_new ();
  g_autoptr (MwEndpointRow) read = NULL;
  g_autoptr (MwEndpointChoice) choice = NULL;

  put (f->db, "{'resourceType':'Endpoint'}", NULL, ENDPOINT "bare", test_connection_new (f->db, "https://d.example/fhir", FALSE));
  read = mw_endpoint_rows_load (f->db, NULL, ENDPOINT "bare");
  g_assert_cmpint (read->endpoint->start, ==, G_MININT64);
  g_assert_cmpint (read->endpoint->end, ==, G_MAXINT64);
  g_assert_cmpint (read->endpoint->rank, ==, MW_ENDPOINT_NO_RANK);
  g_assert_null (read->endpoint->payloads[0]);
  g_ptr_array_add (endpoints, read->endpoint);
  choice = mw_endpoints_choose (endpoints, &wish);
  g_assert_cmpuint (choice->refused->len, ==, 1);
}

static void
test_owners (DbFixture    *f,
             gconstpointer user_data)
{
  gint64 d = test_connection_new (f->db, "https://d.example/fhir", FALSE);
  g_autoptr (GError) error = NULL;

  /* named before it is here */
  link_to (f->db, "one", "two");
  assert_owned (f->db, OWNER, "");
  put_at (f->db, "one", "https://one.example/fhir", d);
  put_at (f->db, "two", "https://two.example/fhir", d);
  put_at (f->db, "three", "https://three.example/fhir", d);
  assert_owned (f->db, OWNER, "one two");
  /* one that says itself whose it is; and both of one are one */
  g_assert_true (mw_endpoint_rows_claim (f->db, NULL, ENDPOINT "three", OWNER, &error));
  g_assert_true (mw_endpoint_rows_claim (f->db, NULL, ENDPOINT "two", OWNER, &error));
  assert_owned (f->db, OWNER, "one two three");
  /* what the owner does not name any more goes, what still says so stays */
  link_to (f->db, NULL, NULL);
  assert_owned (f->db, OWNER, "two three");
  g_assert_true (mw_endpoint_rows_claim (f->db, NULL, ENDPOINT "two", NULL, &error));
  assert_owned (f->db, OWNER, "three");
  assert_owned (f->db, "https://d.example/fhir/Organization/2", "");
}

/* Somebody who names a thousand */
static void
test_many (DbFixture    *f,
           gconstpointer user_data)
{
  gint64 d = test_connection_new (f->db, "https://d.example/fhir", FALSE);

  for (guint i = 0; i < MW_ENDPOINT_ROWS_MAX + 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("m%u", i);
      g_autofree char *reference = g_strconcat (ENDPOINT, id, NULL);

      put_at (f->db, id, "https://one.example/fhir", d);
      g_assert_true (mw_endpoint_rows_claim (f->db, NULL, reference, OWNER, NULL));
    }
  {
    g_autoptr (GPtrArray) rows = mw_endpoint_rows_of_owner (f->db, OWNER, NULL);

    g_assert_cmpuint (rows->len, ==, MW_ENDPOINT_ROWS_MAX);
  }
}

/* A published list and a directory with the same names in them do not get into each other's way */
static void
test_lists (DbFixture    *f,
            gconstpointer user_data)
{
  static const char json[] = "{'resourceType':'Endpoint','id':'1','status':'active','connectionType':{'code':'hl7-fhir-rest'},'address':'https://%s.example/fhir'}";
  const char       *list[] = { "Endpoint/1", NULL };
  MwPerson          one = { .reference = (char *) "list-a#Organization/1", .type = (char *) "Organization", .name = (char *) "A", .source = (char *) "list-a", .active = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (MwPerson) person = NULL;

  g_assert_cmpint (mw_people_put (f->db, &one, &error), >, 0);
  put (f->db, json, "list-a", "Endpoint/1", 0);
  put (f->db, json, "list-b", "Endpoint/1", 0);
  g_assert_true (mw_endpoint_rows_link (f->db, "list-a", one.reference, list, &error));
  g_assert_true (mw_endpoint_rows_link (f->db, "list-b", one.reference, list, &error));
  {
    g_autoptr (GPtrArray) rows = mw_endpoint_rows_of_owner (f->db, one.reference, &error);
    MwEndpointRow *row = g_ptr_array_index (rows, 0);

    g_assert_cmpuint (rows->len, ==, 1);
    g_assert_cmpstr (row->source, ==, "list-a");
    g_assert_cmpint (row->connection, ==, 0);
  }
  person = mw_people_by_reference (f->db, one.reference);
  g_assert_cmpstr (person->source, ==, "list-a");
  g_assert_true (mw_endpoint_rows_forget (f->db, "list-a", &error));
  assert_owned (f->db, one.reference, "");
  g_assert_null (mw_endpoint_rows_load (f->db, "list-a", "Endpoint/1"));
  {
    g_autoptr (MwEndpointRow) kept = mw_endpoint_rows_load (f->db, "list-b", "Endpoint/1");

    g_assert_nonnull (kept);
  }
}

/* What was found at an address belongs to the address */
static void
test_probe (DbFixture    *f,
            gconstpointer user_data)
{
  gint64 d = test_connection_new (f->db, "https://d.example/fhir", FALSE);
  g_autoptr (MwEndpointRow) row = NULL;
  g_autofree char *trouble = NULL;
  g_autofree char *later = NULL;
  gint64           worked;

  put_at (f->db, "one", "https://one.example/fhir", d);
  g_assert_cmpint (mw_endpoint_rows_probed (f->db, "https://one.example/fhir", &worked, &trouble), ==, 0);
  g_assert_cmpint (worked, ==, 0);
  g_assert_true (mw_endpoint_rows_set_probe (f->db, "https://one.example/fhir", NULL, 50, NULL));
  g_assert_true (mw_endpoint_rows_set_probe (f->db, "https://one.example/fhir", "It is gone.", 60, NULL));
  g_assert_cmpint (mw_endpoint_rows_probed (f->db, "https://one.example/fhir", &worked, &trouble), ==, 60);
  g_assert_cmpint (worked, ==, 50);
  g_assert_cmpstr (trouble, ==, "It is gone.");
  /* read again with the same address: what is known of that stays */
  put_at (f->db, "one", "https://one.example/fhir", d);
  row = mw_endpoint_rows_load (f->db, NULL, ENDPOINT "one");
  g_assert_cmpint (row->probed, ==, 60);
  g_assert_cmpint (row->worked, ==, 50);
  /* another way there knows it too; one that has moved does not */
  put_at (f->db, "two", "https://one.example/fhir", d);
  put_at (f->db, "one", "https://new.example/fhir", d);
  g_clear_pointer (&row, mw_endpoint_row_free);
  row = mw_endpoint_rows_load (f->db, NULL, ENDPOINT "one");
  g_assert_cmpint (row->probed, ==, 0);
  g_assert_cmpint (row->worked, ==, 0);
  g_assert_null (row->trouble);
  g_assert_cmpint (mw_endpoint_rows_probed (f->db, "https://one.example/fhir", &worked, &later), ==, 60);
  g_assert_cmpint (worked, ==, 50);
}

/* When somebody was last read goes forward only, and survives that a message names them */
static void
test_age (DbFixture    *f,
          gconstpointer user_data)
{
  MwPerson one = { .reference = (char *) OWNER, .type = (char *) "PractitionerRole", .name = (char *) "A", .practitioner = (char *) "https://d.example/fhir/Practitioner/1", .active = TRUE, .fetched = 70 };
  g_autoptr (MwPerson) read = NULL;

  g_assert_cmpint (mw_people_put (f->db, &one, NULL), >, 0);
  one.fetched = 0;
  g_assert_cmpint (mw_people_put (f->db, &one, NULL), >, 0);
  read = mw_people_by_reference (f->db, OWNER);
  g_assert_cmpint (read->fetched, ==, 70);
  g_assert_cmpstr (read->practitioner, ==, "https://d.example/fhir/Practitioner/1");
}

/* Whatever table there is, all that came from outside goes: a table that a later version adds too */
static void
test_emptied (DbFixture    *f,
              gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_auto (MwQuery) query = MW_QUERY_INIT;
  guint n = 0;

  put_at (f->db, "one", "https://one.example/fhir", test_connection_new (f->db, "https://d.example/fhir", FALSE));
  link_to (f->db, "one", NULL);
  put (f->db, "{'resourceType':'Endpoint'}", "list-a", "Endpoint/1", 0);
  g_assert_true (mw_schema_empty (f->db, &error));
  g_assert_no_error (error);
  g_assert_true (mw_query_init (&query, f->db, &error,
                                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'search%' AND name NOT IN ('audit', 'settings')", ""));
  while (mw_query_step (&query, NULL))
    {
      g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM %s", mw_query_text (&query, 0));

      g_test_message ("%s", sql);
      g_assert_cmpint (mw_db_get_int (f->db, -1, g_intern_string (sql), ""), ==, 0);
      n++;
    }
  g_assert_cmpuint (n, >, 15);
}

#define ADD(path, func) g_test_add ("/store/endpoints/" path, DbFixture, NULL, db_fixture_set_up, func, db_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("whole", test_whole);
  ADD ("bare", test_bare);
  ADD ("owners", test_owners);
  ADD ("many", test_many);
  ADD ("lists", test_lists);
  ADD ("probe", test_probe);
  ADD ("age", test_age);
  ADD ("emptied", test_emptied);
  return g_test_run ();
}
