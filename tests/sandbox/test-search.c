/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox-fixture.h"

#include "mw-search.h"

#include <string.h>

static void
assert_found (Fixture    *self,
              const char *path,
              const char *ids)
{
  g_autofree char *found = NULL;

  fixture_get (self, "practice", path);
  found = fixture_ids (self);
  g_assert_cmpstr (found, ==, ids);
}

static void
test_date_spans (void)
{
  static const struct
  {
    const char *text;
    gint64      seconds; /* that it lasts; 0: it is none */
  } cases[] = {
    { "2026", 365 * 86400 },
    { "2024", 366 * 86400 },
    { "2024-02", 29 * 86400 },
    { "2026-02-28", 86400 },
    { "2026-02-30", 0 },
    { "2026-13", 0 },
    { "2026-03-02T08:00", 60 },
    { "2026-03-02T08:00:00Z", 1 },
    { "2026-03-02T24:01:00Z", 0 },
    { "2026-03-02T08:00:00+15:00", 0 },
    { "2026-3-2", 0 },
    { "", 0 },
    { "today", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64   start, end;
      gboolean good = mw_search_parse_date (cases[i].text, &start, &end);

      g_assert_cmpint (good, ==, cases[i].seconds > 0);
      if (good)
        g_assert_cmpint (end - start, ==, cases[i].seconds * G_USEC_PER_SEC);
    }
}

static void
test_date_zone (void)
{
  gint64 start, end, other, other_end;

  g_assert_true (mw_search_parse_date ("2026-03-02T08:00:00.250Z", &start, &end));
  g_assert_cmpint (start, ==, G_GINT64_CONSTANT (1772438400250000));
  g_assert_cmpint (end - start, ==, 1000);
  g_assert_true (mw_search_parse_date ("2026-03-02T09:30:00.250+01:30", &other, &other_end));
  g_assert_cmpint (other, ==, start);
}

static void
test_names (Fixture      *self,
            gconstpointer data)
{
  assert_found (self, "Patient?family=dubois", "Patient/p01");
  /* accents and case do not matter, and what is meant is the beginning */
  assert_found (self, "Patient?family=KJ%C3%86RG", "Patient/p06");
  assert_found (self, "Patient?family=munoz", "Patient/p05");
  assert_found (self, "Patient?family=renard", "");
  assert_found (self, "Patient?family:contains=renard", "Patient/p01");
  assert_found (self, "Patient?family:exact=Kartika", "Patient/p10");
  assert_found (self, "Patient?family:exact=kartika", "");
  assert_found (self, "Patient?name=%D9%81%D8%A7%D8%B7%D9%85%D8%A9", "Patient/p03");
  assert_found (self, "Patient?given:missing=true", "Patient/p10");
  assert_found (self, "Patient?family=Kart,Okon&_sort=family", "Patient/p10 Patient/p08");
  assert_found (self, "Patient?birthdate=1958-03-14", "Patient/p01");
  assert_found (self, "Patient?birthdate=lt1942&_sort=birthdate", "Patient/p11 Patient/p02");
  assert_found (self, "Patient?birthdate=ge1990&birthdate=lt2000", "Patient/p07");
}

static void
test_tokens (Fixture      *self,
             gconstpointer data)
{
  assert_found (self, "Patient?identifier=https%3A%2F%2Flakeside.example%2Fid%2Fmrn%7CLFP-10037", "Patient/p01");
  assert_found (self, "Patient?identifier=LFP-10037", "Patient/p01");
  assert_found (self, "Patient?identifier=%7CLFP-10037", "");
  assert_found (self, "Patient?identifier=https%3A%2F%2Fother.example%7CLFP-10037", "");
  assert_found (self, "Endpoint?connection-type=hl7-fhir-rest&organization=Organization/plan-north", "Endpoint/plan-north-fhir");
  assert_found (self, "Patient?_id=p02,p01&gender=female", "Patient/p01");
  assert_found (self, "Patient?gender:not=female&birthdate=gt1980&_sort=birthdate", "Patient/p06 Patient/p10");
}

static void
test_references (Fixture      *self,
                 gconstpointer data)
{
  g_autofree char *absolute = g_strdup_printf ("CareTeam?patient=%s/Patient/p01", mw_sandbox_get_url (self->sandbox, "practice"));

  assert_found (self, "CareTeam?patient=Patient/p01", "CareTeam/p01-team");
  assert_found (self, "CareTeam?patient=p01", "CareTeam/p01-team");
  assert_found (self, "CareTeam?subject:Patient=p01", "CareTeam/p01-team");
  assert_found (self, absolute, "CareTeam/p01-team");
  assert_found (self, "CareTeam?participant=Practitioner/chidi-okafor", "CareTeam/lakeside-team");
  assert_found (self, "PractitionerRole?practitioner.family=Brandt", "PractitionerRole/jonas-brandt-role");
  assert_found (self, "Coverage?beneficiary.identifier=LFP-10037", "Coverage/coverage-p01");
  assert_found (self, "Patient?general-practitioner=Practitioner/maren-lindqvist&family=Kartika", "Patient/p10");
}

static void
test_includes (Fixture      *self,
               gconstpointer data)
{
  assert_found (self, "PractitionerRole?practitioner=Practitioner/jonas-brandt&_include=PractitionerRole:organization&_include=PractitionerRole:endpoint",
                "PractitionerRole/jonas-brandt-role Organization/st-marys-nephrology Endpoint/st-marys-nephrology-fhir");
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].search.mode"), ==, "match");
  g_assert_cmpstr (mw_json_string (self->json, "entry[1].search.mode"), ==, "include");
  assert_found (self, "Goal?_id=p01-goal&_revinclude=CarePlan:goal", "Goal/p01-goal CarePlan/p01-plan");
  g_assert_cmpuint (fixture_total (self), ==, 1);
}

static void
test_pages (Fixture      *self,
            gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *base = mw_sandbox_get_url (self->sandbox, "practice");
  guint       pages = 0;

  fixture_get (self, "practice", "Patient?_count=5&_sort=birthdate");
  for (;;)
    {
      g_autofree char *next = NULL;

      pages++;
      g_assert_cmpuint (fixture_total (self), ==, 12);
      for (guint i = 0; i < mw_json_length (self->json, "entry"); i++)
        g_assert_true (g_hash_table_add (seen, g_strdup (mw_json_string (mw_json_item (self->json, "entry", i), "fullUrl"))));
      for (guint i = 0; i < mw_json_length (self->json, "link"); i++)
        if (g_strcmp0 (mw_json_string (mw_json_item (self->json, "link", i), "relation"), "next") == 0)
          next = g_strdup (mw_json_string (mw_json_item (self->json, "link", i), "url"));
      if (next == NULL)
        break;
      g_assert_true (g_str_has_prefix (next, base));
      /* what is written meanwhile does not shift the pages */
      if (pages == 1)
        g_assert_cmpuint (fixture_post (self, "practice", "Patient", "{'resourceType':'Patient','birthDate':'1901-01-01'}"), ==, 201);
      fixture_get (self, "practice", next + strlen (base));
    }
  g_assert_cmpuint (pages, ==, 3);
  g_assert_cmpuint (g_hash_table_size (seen), ==, 12);
}

static void
test_forgotten_page (Fixture      *self,
                     gconstpointer data)
{
  fixture_get (self, "practice", "?_getpages=11111111-1111-4111-8111-111111111111&_offset=5");
  fixture_assert_refused (self, 410, NULL);
}

static void
test_last_updated (Fixture      *self,
                   gconstpointer data)
{
  g_autofree char *id = NULL;

  assert_found (self, "Patient?_lastUpdated=ge2026-03-02T08:00:00Z", "");
  mw_sandbox_advance (self->sandbox, 10 * G_USEC_PER_SEC);
  g_assert_cmpuint (fixture_post (self, "practice", "Basic", "{'resourceType':'Basic','code':{'text':'a'}}"), ==, 201);
  g_assert_cmpstr (mw_json_string (self->json, "meta.lastUpdated"), ==, "2026-03-02T08:00:10.000Z");
  id = g_strconcat ("Basic/", mw_resource_id (self->json), NULL);
  assert_found (self, "Basic?_lastUpdated=ge2026-03-02T08:00:10.000Z", id);
  assert_found (self, "Basic?_lastUpdated=gt2026-03-02T08:00:10.000Z", "");
  assert_found (self, "Basic?_lastUpdated=gt2026-03-02T08:00:09.999Z&_sort=-_lastUpdated", id);
  g_assert_cmpstr (fixture_header (self, "Date"), ==, "Mon, 02 Mar 2026 08:00:10 GMT");
}

static void
test_unknown_parameter (Fixture      *self,
                        gconstpointer data)
{
  fixture_get (self, "practice", "Patient?shoe-size=44");
  fixture_assert_refused (self, 400, NULL);
  fixture_get (self, "practice", "Patient?family:nonsense=x");
  fixture_assert_refused (self, 400, NULL);
  fixture_get (self, "practice", "Patient?birthdate=yesterday");
  fixture_assert_refused (self, 400, NULL);
  fixture_get (self, "practice", "Patient?_sort=nonsense");
  fixture_assert_refused (self, 400, NULL);
  fixture_get (self, "practice", "Patient?_include=Patient:nonsense");
  fixture_assert_refused (self, 400, NULL);

  fixture_send (self, "practice", "GET", "Patient?shoe-size=44&family=Kartika", NULL, "Prefer", "handling=lenient");
  g_assert_cmpuint (fixture_total (self), ==, 1);
  g_assert_cmpstr (mw_json_string (self->json, "entry[1].search.mode"), ==, "outcome");
  g_assert_null (strstr (mw_json_string (self->json, "link[0].url"), "shoe-size"));
}

static void
test_by_post (Fixture      *self,
              gconstpointer data)
{
  fixture_send (self, "practice", "POST", "Patient/_search", "family=Kartika&gender=male", "Content-Type", "application/x-www-form-urlencoded");
  g_assert_cmpuint (fixture_total (self), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox/search/date-spans", test_date_spans);
  g_test_add_func ("/sandbox/search/date-zone", test_date_zone);
  fixture_add ("/sandbox/search/names", test_names);
  fixture_add ("/sandbox/search/tokens", test_tokens);
  fixture_add ("/sandbox/search/references", test_references);
  fixture_add ("/sandbox/search/includes", test_includes);
  fixture_add ("/sandbox/search/pages", test_pages);
  fixture_add ("/sandbox/search/forgotten-page", test_forgotten_page);
  fixture_add ("/sandbox/search/last-updated", test_last_updated);
  fixture_add ("/sandbox/search/unknown-parameter", test_unknown_parameter);
  fixture_add ("/sandbox/search/by-post", test_by_post);

  return g_test_run ();
}
