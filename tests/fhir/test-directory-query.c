/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-directory-query.h"

#include <locale.h>
#include <string.h>

static const struct
{
  const char *text, *department, *name, *npi;
} word_cases[] = {
  { "cardiology at St. Mary's", "cardiology", "St. Mary's", NULL },
  { "  cardiology   AT  St. Mary's ", "cardiology", "St. Mary's", NULL },
  { "rehab @ Lake Clinic", "rehab", "Lake Clinic", NULL },
  { "St. Mary's", NULL, "St. Mary's", NULL },
  { "at St. Mary's", NULL, "at St. Mary's", NULL },
  { "cardiology at", NULL, "cardiology at", NULL },
  { "Beauty Atelier", NULL, "Beauty Atelier", NULL },
  { "1234567893", NULL, NULL, "1234567893" },
  { "1234567898", NULL, "1234567898", NULL },
};

static void
test_words (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (word_cases); i++)
    {
      g_autoptr (MwDirectoryWords) words = mw_directory_words_new (word_cases[i].text);

      g_test_message ("%s", word_cases[i].text);
      g_assert_cmpstr (words->department, ==, word_cases[i].department);
      g_assert_cmpstr (words->name, ==, word_cases[i].name);
      g_assert_cmpstr (words->npi, ==, word_cases[i].npi);
    }
  g_assert_null (mw_directory_words_new (" \n"));
  g_assert_null (mw_directory_words_new (NULL));
}

static MwCapability *
read_capability (const char *resources)
{
  g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\",\"rest\":[{\"mode\":\"server\",\"resource\":[%s]}]}", resources);
  g_autoptr (JsonNode) node = mw_json_parse (text, -1, NULL);
  MwCapability *capability = mw_capability_new (node, NULL);

  g_assert_nonnull (capability);
  return capability;
}

static void
check (const char   *text,
       MwCapability *capability,
       const char   *expected)
{
  g_autoptr (MwDirectoryWords) words = mw_directory_words_new (text);
  g_auto (GStrv) queries = mw_directory_queries (words, capability, 20);
  g_autofree char *joined = g_strjoinv ("\n", queries);

  g_assert_cmpstr (joined, ==, expected);
}

static void
test_unknown_server (void)
{
  check ("cardiology at St. Mary's", NULL,
         "HealthcareService?name=cardiology&organization.name=St.%20Mary%27s&active=true&_include=HealthcareService:organization&_include=HealthcareService:endpoint&_count=20\n"
         "Organization?name=cardiology&partof.name=St.%20Mary%27s&active=true&_include=Organization:endpoint&_count=20\n"
         "PractitionerRole?organization.name=St.%20Mary%27s&active=true&_include=PractitionerRole:practitioner&_include=PractitionerRole:organization&_include=PractitionerRole:endpoint&_count=20\n"
         "Organization?name=St.%20Mary%27s&active=true&_include=Organization:endpoint&_count=20");
  check ("1234567893", NULL,
         "PractitionerRole?practitioner.identifier=http%3A%2F%2Fhl7.org%2Ffhir%2Fsid%2Fus-npi%7C1234567893&active=true&_include=PractitionerRole:practitioner&_include=PractitionerRole:organization&_include=PractitionerRole:endpoint&_count=20\n"
         "Organization?identifier=http%3A%2F%2Fhl7.org%2Ffhir%2Fsid%2Fus-npi%7C1234567893&active=true&_include=Organization:endpoint&_count=20");
}

static void
test_known_server (void)
{
  g_autoptr (MwCapability) capability = read_capability (
      "{\"type\":\"Organization\",\"searchInclude\":[\"Organization:partof\"],\"searchParam\":[{\"name\":\"name\"},{\"name\":\"name:contains\"},{\"name\":\"identifier\"}]},"
      "{\"type\":\"HealthcareService\",\"searchInclude\":[\"*\"],\"searchParam\":[{\"name\":\"name\"},{\"name\":\"organization\"},{\"name\":\"active\"}]},"
      "{\"type\":\"PractitionerRole\",\"searchParam\":[{\"name\":\"specialty\"},{\"name\":\"specialty:text\"},{\"name\":\"organization\"}]}");

  /* part organisations cannot be searched for, Organization has no "active" and no such include */
  check ("heart & lung at St. Mary's of the Lake", capability,
         "HealthcareService?name=heart%20%26%20lung&organization.name:contains=Mary%27s&organization.name:contains=the&organization.name:contains=Lake&active=true"
         "&_include=HealthcareService:organization&_include=HealthcareService:endpoint&_count=20\n"
         "PractitionerRole?specialty:text=heart%20%26%20lung&organization.name:contains=Mary%27s&organization.name:contains=the&organization.name:contains=Lake"
         "&_include=PractitionerRole:practitioner&_include=PractitionerRole:organization&_include=PractitionerRole:endpoint&_count=20\n"
         "Organization?name:contains=Mary%27s&name:contains=the&name:contains=Lake&_count=20");
  /* no Location and no search for practitioners there */
  check ("a,b|c", capability, "Organization?name:contains=a%5C%2Cb%5C%7Cc&_count=20\n"
                              "HealthcareService?name=a%5C%2Cb%5C%7Cc&active=true&_include=HealthcareService:organization&_include=HealthcareService:endpoint&_count=20");
}

static void
test_poor_server (void)
{
  g_autoptr (MwCapability) capability = read_capability ("{\"type\":\"Patient\"}");

  check ("cardiology at St. Mary's", capability, "");
  check ("St. Mary's", capability, "");
  check ("1234567893", capability, "");
}

static void
test_endpoints (void)
{
  g_auto (GStrv) queries = mw_directory_query_endpoints ("Organization/9", NULL, 50);
  g_auto (GStrv) other = mw_directory_query_endpoints ("https://evil.example/Organization/9", NULL, 50);
  g_auto (GStrv) odd = mw_directory_query_endpoints ("Organization/9&x=y", NULL, 50);

  g_assert_cmpuint (g_strv_length (queries), ==, 2);
  g_assert_cmpstr (queries[0], ==, "Endpoint?organization=Organization%2F9&_count=50");
  g_assert_cmpstr (queries[1], ==,
                   "OrganizationAffiliation?participating-organization=Organization%2F9&active=true&_include=OrganizationAffiliation:endpoint"
                   "&_include=OrganizationAffiliation:primary-organization&_count=50");
  g_assert_cmpuint (g_strv_length (other), ==, 0);
  g_assert_cmpuint (g_strv_length (odd), ==, 0);
}

static const struct
{
  const char *resource, *text;
  gboolean    matches;
} match_cases[] = {
  { "{\"resourceType\":\"Organization\",\"name\":\"Saint Mary's Hospital\"}", "St. Mary's", TRUE },
  { "{\"resourceType\":\"Organization\",\"name\":\"St Marys\"}", "saint mary", TRUE },
  { "{\"resourceType\":\"Organization\",\"name\":\"Lakeside\",\"alias\":[\"Universitätsklinik\"]}", "universitaets", TRUE },
  { "{\"resourceType\":\"Organization\",\"name\":\"Lakeside\"}", "St. Mary's", FALSE },
  { "{\"resourceType\":\"PractitionerRole\",\"organization\":{\"display\":\"Lake Clinic\"},\"specialty\":[{\"coding\":[{\"display\":\"Cardiology\"}]}]}", "cardio lake", TRUE },
  { "{\"resourceType\":\"PractitionerRole\",\"specialty\":[{\"text\":\"Dermatology\"}]}", "cardiology", FALSE },
  { "{\"resourceType\":\"Practitioner\",\"name\":[{\"family\":\"Müller\",\"given\":[\"Eva\"]}]}", "eva mueller", TRUE },
  { "{\"resourceType\":\"Organization\",\"name\":\"X\"}", "-", FALSE },
  { "{\"resourceType\":\"Organization\",\"name\":7,\"alias\":{},\"type\":[null]}", "x", FALSE },
  { "7", "x", FALSE },
};

static void
test_matches (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (match_cases); i++)
    {
      g_autoptr (JsonNode) node = mw_json_parse (match_cases[i].resource, -1, NULL);

      g_test_message ("%s | %s", match_cases[i].resource, match_cases[i].text);
      g_assert_true (mw_directory_matches (node, match_cases[i].text) == match_cases[i].matches);
    }
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/directory-query/words", test_words);
  g_test_add_func ("/fhir/directory-query/unknown-server", test_unknown_server);
  g_test_add_func ("/fhir/directory-query/known-server", test_known_server);
  g_test_add_func ("/fhir/directory-query/poor-server", test_poor_server);
  g_test_add_func ("/fhir/directory-query/endpoints", test_endpoints);
  g_test_add_func ("/fhir/directory-query/matches", test_matches);
  return g_test_run ();
}
