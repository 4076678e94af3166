/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-demographics.h"
#include "mw-match.h"
#include "mw-member-match.h"

#include <locale.h>

#define BASE "https://h.example/fhir"
#define JONAS "\"name\":[{\"family\":\"Meyer\",\"given\":[\"Jonas\"]}],\"birthDate\":\"2016-01-05\",\"gender\":\"male\""

static JsonNode *
parse (const char *text)
{
  JsonNode *node = mw_json_parse (text, -1, NULL);

  g_assert_nonnull (node);
  return node;
}

static void
test_demographics (void)
{
  static const char text[] = "{\"family\":\"Meyer\",\"given\":[\"Jonas\",\"Karl\"],\"birthDate\":\"2016-01\",\"gender\":\"male\","
                             "\"identifier\":[{\"system\":\"http://x\",\"value\":\"a|b\"},{\"value\":\"7\"}],\"phone\":\"+49 1\","
                             "\"address\":{\"line\":[\"Weg 1\"],\"city\":\"Ulm\",\"state\":\"BW\",\"postalCode\":\"89073\",\"country\":\"DE\"}}";
  g_autoptr (JsonNode) draft = parse (text);
  g_autoptr (MwDemographics) one = mw_demographics_new (draft, NULL);
  g_autoptr (JsonNode) written = mw_demographics_to_json (one);
  g_autofree char *again = mw_json_to_text (written, FALSE);
  g_autoptr (JsonNode) patient = mw_demographics_to_patient (one);
  g_autofree char *patient_text = mw_json_to_text (patient, FALSE);
  g_autoptr (MwDemographics) back = mw_demographics_new_from_patient (patient);
  g_autoptr (JsonNode) rewritten = mw_demographics_to_json (back);
  g_autofree char *back_text = mw_json_to_text (rewritten, FALSE);

  g_assert_cmpstr (again, ==, text);
  g_assert_cmpstr (back_text, ==, text);
  g_assert_cmpstr (patient_text, ==,
                   "{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":\"http://x\",\"value\":\"a|b\"},{\"value\":\"7\"}],"
                   "\"name\":[{\"family\":\"Meyer\",\"given\":[\"Jonas\",\"Karl\"]}],\"telecom\":[{\"system\":\"phone\",\"value\":\"+49 1\"}],"
                   "\"gender\":\"male\",\"birthDate\":\"2016-01\",\"address\":[{\"line\":[\"Weg 1\"],\"city\":\"Ulm\",\"state\":\"BW\","
                   "\"postalCode\":\"89073\",\"country\":\"DE\"}]}");
  g_assert_true (mw_demographics_is_enough (one));
}

static void
test_demographics_bad (void)
{
  static const char *const bad[] = { "[]", "\"Meyer\"", "{\"birthDate\":\"05.01.2016\"}", "{\"birthDate\":\"2016-01-05T10:00:00Z\"}", "{\"gender\":\"m\"}" };
  g_autoptr (JsonNode) odd = parse ("{\"resourceType\":\"Patient\",\"birthDate\":\"yesterday\",\"name\":\"Jonas\",\"telecom\":7,\"address\":[[]],"
                                    "\"identifier\":[{},null,{\"value\":{}}]}");
  g_autoptr (JsonNode) thin = parse ("{\"family\":\"Meyer\"}");
  g_autoptr (JsonNode) names = parse ("{\"resourceType\":\"Patient\",\"name\":[{\"use\":\"maiden\",\"family\":\"A\"},{\"family\":\"B\"},{\"family\":\"C\"}]}");
  g_autoptr (MwDemographics) known = mw_demographics_new_from_patient (odd);
  g_autoptr (MwDemographics) little = mw_demographics_new (thin, NULL);
  g_autoptr (MwDemographics) named = mw_demographics_new_from_patient (names);
  g_autoptr (MwDemographics) nothing = mw_demographics_new_from_patient (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (JsonNode) node = parse (bad[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (mw_demographics_new (node, &error));
      g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR);
    }
  g_assert_null (known->birth_date);
  g_assert_null (known->identifiers[0]);
  g_assert_false (mw_demographics_is_enough (known));
  g_assert_false (mw_demographics_is_enough (little));
  g_assert_false (mw_demographics_is_enough (nothing));
  g_assert_cmpstr (named->family, ==, "B");
}

static void
test_parameters (void)
{
  g_autoptr (JsonNode) patient = parse ("{\"resourceType\":\"Patient\",\"id\":\"9\",\"text\":{\"div\":\"<div>secret</div>\"},\"photo\":[{\"data\":\"AA\"}],"
                                        "\"identifier\":[{\"system\":\"s\",\"value\":\"1\",\"assigner\":{\"reference\":\"Organization/1\"}}],"
                                        "\"managingOrganization\":{\"reference\":\"Organization/1\"}," JONAS "}");
  g_autoptr (JsonNode) one = mw_match_parameters_new (patient, TRUE, 5);
  g_autoptr (JsonNode) other = mw_match_parameters_new (patient, FALSE, 0);
  g_autofree char *text = mw_json_to_text (one, FALSE);

  g_assert_cmpstr (text, ==,
                   "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"resource\",\"resource\":{\"resourceType\":\"Patient\","
                   "\"identifier\":[{\"system\":\"s\",\"value\":\"1\"}],\"name\":[{\"family\":\"Meyer\",\"given\":[\"Jonas\"]}],"
                   "\"gender\":\"male\",\"birthDate\":\"2016-01-05\"}},{\"name\":\"onlyCertainMatches\",\"valueBoolean\":true},"
                   "{\"name\":\"count\",\"valueInteger\":5}]}");
  g_assert_cmpuint (mw_json_length (other, "parameter"), ==, 2);
  g_assert_false (mw_json_boolean (other, "parameter[1].valueBoolean", TRUE));
}

static void
test_forms (void)
{
  g_autoptr (JsonNode) full = parse ("{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":\"http://x\",\"value\":\"a,1&b\"}]," JONAS "}");
  g_autoptr (JsonNode) thin = parse ("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Meyer\"}]}");
  g_autoptr (JsonNode) named = parse ("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Groß\",\"given\":[\"A B\"]}]}");
  g_auto (GStrv) forms = mw_match_search_forms (full, 20);
  g_auto (GStrv) none = mw_match_search_forms (thin, 20);
  g_auto (GStrv) some = mw_match_search_forms (named, 20);

  g_assert_cmpuint (g_strv_length (forms), ==, 3);
  g_assert_cmpstr (forms[0], ==, "identifier=http%3A%2F%2Fx%7Ca%5C%2C1%26b&_count=20");
  g_assert_cmpstr (forms[1], ==, "family=Meyer&given=Jonas&birthdate=2016-01-05&_count=20");
  g_assert_cmpstr (forms[2], ==, "family=Meyer&birthdate=2016-01-05&_count=20");
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_assert_cmpuint (g_strv_length (some), ==, 1);
  g_assert_cmpstr (some[0], ==, "family=Gro%C3%9F&given=A%20B&_count=20");
}

static void
test_member (void)
{
  g_autoptr (JsonNode) patient = parse ("{\"resourceType\":\"Patient\",\"id\":\"9\",\"text\":{\"div\":\"x\"}," JONAS "}");
  g_autoptr (JsonNode) coverage = parse ("{\"resourceType\":\"Coverage\",\"id\":\"c\",\"meta\":{\"versionId\":\"3\"},\"status\":\"active\",\"subscriberId\":\"S1\","
                                         "\"subscriber\":{\"reference\":\"" BASE "/Patient/9\"},\"beneficiary\":{\"reference\":\"Patient/9\",\"display\":\"J\"},"
                                         "\"payor\":[{\"reference\":\"Organization/4\"},{\"reference\":\"#p\"}],\"contained\":[{\"resourceType\":\"Organization\",\"id\":\"p\"}]}");
  g_autoptr (JsonNode) consent = parse ("{\"resourceType\":\"Consent\",\"patient\":{\"reference\":\"Patient/9\"}}");
  g_autoptr (JsonNode) one = mw_member_match_parameters_new (patient, coverage, NULL, BASE);
  g_autoptr (JsonNode) other = mw_member_match_parameters_new (patient, coverage, consent, BASE);
  g_autofree char *text = mw_json_to_text (one, FALSE);

  g_assert_cmpstr (text, ==,
                   "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"MemberPatient\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"member\","
                   "\"name\":[{\"family\":\"Meyer\",\"given\":[\"Jonas\"]}],\"gender\":\"male\",\"birthDate\":\"2016-01-05\"}},"
                   "{\"name\":\"CoverageToMatch\",\"resource\":{\"resourceType\":\"Coverage\",\"id\":\"coverage\",\"status\":\"active\",\"subscriberId\":\"S1\","
                   "\"subscriber\":{\"reference\":\"Patient/member\"},\"payor\":[{\"reference\":\"" BASE "/Organization/4\"},{\"reference\":\"#p\"}],"
                   "\"contained\":[{\"resourceType\":\"Organization\",\"id\":\"p\"}],\"beneficiary\":{\"reference\":\"Patient/member\"}}}]}");
  g_assert_cmpuint (mw_json_length (other, "parameter"), ==, 3);
  g_assert_cmpstr (mw_json_string (other, "parameter[2].name"), ==, "Consent");
  g_assert_cmpstr (mw_json_string (other, "parameter[2].resource.patient.reference"), ==, "Patient/member");
  g_assert_null (mw_member_match_parameters_new (patient, patient, NULL, BASE));
  g_assert_null (mw_member_match_parameters_new (patient, coverage, patient, BASE));
}

static void
test_member_answer (void)
{
  g_autoptr (JsonNode) good = parse ("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"MemberIdentifier\",\"valueIdentifier\":{\"system\":\"http://plan\",\"value\":\"M1\"}},"
                                     "{\"name\":\"MemberId\",\"valueReference\":{\"reference\":\"Patient/55\"}}]}");
  g_autoptr (JsonNode) refused = parse ("{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"diagnostics\":\"No match\"}]}");
  g_autoptr (JsonNode) empty = parse ("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"MemberIdentifier\",\"valueString\":\"M1\"}]}");
  g_autoptr (MwMemberMatch) match = mw_member_match_new (good, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other = NULL;

  g_assert_cmpstr (match->system, ==, "http://plan");
  g_assert_cmpstr (match->value, ==, "M1");
  g_assert_cmpstr (match->reference, ==, "Patient/55");
  g_assert_null (mw_member_match_new (refused, &error));
  g_assert_cmpstr (error->message, ==, "No match");
  g_assert_null (mw_member_match_new (empty, &other));
  g_assert_error (other, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR);
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/match-request/demographics", test_demographics);
  g_test_add_func ("/fhir/match-request/demographics-bad", test_demographics_bad);
  g_test_add_func ("/fhir/match-request/parameters", test_parameters);
  g_test_add_func ("/fhir/match-request/forms", test_forms);
  g_test_add_func ("/fhir/match-request/member", test_member);
  g_test_add_func ("/fhir/match-request/member-answer", test_member_answer);
  return g_test_run ();
}
