/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Who can be written to: what is kept of them, and how they are found */

#include "engine-fixture.h"

#include "mw-batch.h"
#include "mw-person.h"

#include <string.h>

typedef struct
{
  gint64      connection;
  const char *text; /* apostrophes for quotes */
  const char *reference;
} Put;

static gint64
write_person (MwDb    *db,
              gpointer data,
              GError **error)
{
  Put             *put = data;
  g_autofree char *text = g_strdelimit (g_strdup (put->text), "'", '"');
  g_autoptr (JsonNode) node = mw_json_parse (text, -1, error);
  g_autoptr (MwPerson) person = mw_person_from_resource (node, put->reference, "http://127.0.0.1:9/home", put->connection);

  return mw_people_put (db, person, error);
}

static gint64
put_person (EngineFixture *f,
            const char    *reference,
            const char    *text)
{
  Put put = { f->home, text, reference };
  g_autoptr (GError) error = NULL;
  gint64 id = mw_store_write (f->store, write_person, &put, &error);

  g_assert_no_error (error);
  return id;
}

/* Returns: the only one found; 0 for none, -1 for several */
static gint64
find (EngineFixture *f,
      const char    *words)
{
  static const char *const types[] = { "Practitioner", "PractitionerRole", "Organization", NULL };
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;

  g_assert_true (mw_people_search (f->db, words, types, 10, ids, &error));
  g_assert_no_error (error);
  return ids->len == 1 ? g_array_index (ids, gint64, 0) : ids->len == 0 ? 0
                                                                        : -1;
}

/* It stands first, whatever other numbers there are, and is searched by */
static void
test_npi (EngineFixture *f,
          gconstpointer  user_data)
{
  gint64 carla = put_person (f, "http://127.0.0.1:9/home/Practitioner/carla",
                             "{'resourceType':'Practitioner','id':'carla','name':[{'text':'Carla Rossi'}],'identifier':[{'system':'http://a','value':'1'},"
                             "{'system':'http://b','value':'2'},{'system':'http://c','value':'3'},{'system':'http://hl7.org/fhir/sid/us-npi','value':'1234567893'}]}");
  gint64 house = put_person (f, "http://127.0.0.1:9/home/Organization/house",
                             "{'resourceType':'Organization','id':'house','name':'Heart House','identifier':[{'system':'http://hl7.org/fhir/sid/us-npi','value':'1234567898'}]}");
  g_autoptr (MwPerson) clinician = mw_people_load (f->db, carla);
  g_autoptr (MwPerson) place = mw_people_load (f->db, house);

  g_assert_cmpstr (clinician->identifiers, ==, "NPI 1234567893 · 1 · 2");
  g_assert_cmpstr (place->identifiers, ==, "NPI 1234567898 (check digit is wrong)");
  g_assert_cmpint (find (f, "1234567893"), ==, carla);
  g_assert_cmpint (find (f, "NPI 1234567893"), ==, carla);
  g_assert_cmpint (find (f, "1234567898"), ==, house);
  g_assert_cmpint (find (f, "1245319599"), ==, 0);
}

#define ADD(path, test) g_test_add ("/engine/people/" path, EngineFixture, NULL, engine_fixture_set_up, test, engine_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("npi", test_npi);
  return g_test_run ();
}
