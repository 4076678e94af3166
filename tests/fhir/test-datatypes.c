/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-datatypes.h"

static void
check (const char *type,
       const char *json,
       const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = mw_json_parse (json, -1, &error);
  g_autofree char *named = NULL;
  g_autofree char *guessed = NULL;

  g_assert_no_error (error);
  named = mw_datatype_to_text (node, type);
  g_assert_cmpstr (named, ==, expected);
  /* the same by its members alone */
  guessed = mw_datatype_to_text (node, NULL);
  g_assert_cmpstr (guessed, ==, expected);
}

static void
test_people (void)
{
  check ("HumanName", "{\"prefix\":[\"Dr\"],\"given\":[\"Jane\",\"M\"],\"family\":\"Doe\",\"suffix\":[\"MD\"],\"text\":\"x\"}", "Dr Jane M Doe MD");
  check ("HumanName", "{\"use\":\"official\",\"text\":\"Jane Doe\",\"given\":[\"\"]}", "Jane Doe");
  check ("Address", "{\"line\":[\"1 Main St\"],\"city\":\"Ann Arbor\",\"state\":\"MI\",\"postalCode\":\"48104\",\"country\":\"USA\"}", "1 Main St, Ann Arbor, MI 48104, USA");
  check ("ContactPoint", "{\"system\":\"phone\",\"value\":\"+1 555 0100\",\"use\":\"mobile\"}", "+1 555 0100 (mobile)");
  check ("ContactPoint", "{\"system\":\"email\",\"value\":\"a@x.example\"}", "a@x.example");
  check ("Identifier", "{\"type\":{\"coding\":[{\"code\":\"MR\"}]},\"value\":\"0012\"}", "Record number 0012");
  check ("Identifier", "{\"type\":{\"text\":\"Badge\"},\"value\":\"7\"}", "Badge 7");
  check ("Identifier", "{\"system\":\"urn:ietf:rfc:3986\",\"value\":\"urn:uuid:1\"}", NULL);
}

/* A provider's number is checked where it is shown, and read all the same */
static void
test_npi (void)
{
  static const struct
  {
    const char *json;
    const char *text;
  } rows[] = {
    { "{\"system\":\"http://hl7.org/fhir/sid/us-npi\",\"value\":\"1234567893\"}", "NPI 1234567893" },
    { "{\"system\":\"urn:oid:2.16.840.1.113883.4.6\",\"value\":\"1234567893\"}", "NPI 1234567893" },
    { "{\"type\":{\"coding\":[{\"code\":\"NPI\"}]},\"value\":\"1234567898\"}", "NPI 1234567898 (check digit is wrong)" },
    { "{\"system\":\"http://hl7.org/fhir/sid/us-npi\",\"type\":{\"text\":\"Provider\"},\"value\":\"1234567898\"}", "NPI 1234567898 (check digit is wrong)" },
    { "{\"system\":\"http://hl7.org/fhir/sid/us-npi\",\"value\":\"12345\"}", "NPI 12345 (not a valid number)" },
    { "{\"system\":\"http://example.org\",\"value\":\"1234567898\"}", "1234567898" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (JsonNode) node = mw_json_parse (rows[i].json, -1, NULL);
      g_autofree char *text = mw_identifier_text (node);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_patient_name (void)
{
  g_autoptr (JsonNode) patient = mw_json_parse (
      "{\"resourceType\":\"Patient\",\"name\":[{\"use\":\"maiden\",\"family\":\"Old\"},{\"use\":\"nickname\",\"given\":[\"Janey\"]},"
      "{\"use\":\"usual\",\"family\":\"Doe\",\"given\":[\"Jane\"]}]}",
      -1, NULL);
  g_autofree char *name = mw_patient_name (patient);
  g_autofree char *title = mw_resource_title (patient);

  g_assert_cmpstr (name, ==, "Jane Doe");
  g_assert_cmpstr (title, ==, "Jane Doe");
  g_assert_null (mw_patient_name (NULL));
}

static void
test_codes (void)
{
  check ("CodeableConcept", "{\"text\":\"Flu\",\"coding\":[{\"display\":\"Influenza\"}]}", "Flu");
  check ("CodeableConcept", "{\"coding\":[{\"code\":\"1\"},{\"display\":\"Influenza\"}]}", "Influenza");
  check ("CodeableConcept", "{\"coding\":[{\"system\":\"s\",\"code\":\"follow-up\"}]}", "Follow up");
  check ("Coding", "{\"system\":\"s\",\"code\":\"EMER\"}", "Emergency");
  check ("CodeableReference", "{\"concept\":{\"text\":\"Flu\"}}", "Flu");
  check ("CodeableReference", "{\"reference\":{\"display\":\"Flu of May\"}}", "Flu of May");
}

static void
test_numbers (void)
{
  check ("Quantity", "{\"value\":1.00,\"unit\":\"mg\"}", "1.00 mg");
  check ("Quantity", "{\"value\":95,\"unit\":\"%\"}", "95%");
  check ("Quantity", "{\"comparator\":\"<=\",\"value\":3,\"code\":\"mm[Hg]\"}", "≤3 mmHg");
  check ("Range", "{\"low\":{\"value\":1,\"unit\":\"g\"},\"high\":{\"value\":2,\"unit\":\"g\"}}", "1 – 2 g");
  check ("Range", "{\"high\":{\"value\":2,\"unit\":\"g\"}}", "≤ 2 g");
  check ("Ratio", "{\"numerator\":{\"value\":5,\"unit\":\"mg\"},\"denominator\":{\"value\":1,\"unit\":\"mL\"}}", "5 mg / 1 mL");
  check ("Money", "{\"value\":12.50,\"currency\":\"EUR\"}", "12.50 EUR");
  check ("SampledData", "{\"origin\":{\"value\":0,\"unit\":\"mV\"},\"period\":10,\"dimensions\":1,\"data\":\"1 2  E\"}", "3 measured values in mV");
}

static void
test_times (void)
{
  check ("Period", "{\"start\":\"2026-01-05\",\"end\":\"2026-01-07\"}", "5 January 2026 – 7 January 2026");
  check ("Timing", "{\"repeat\":{\"frequency\":1,\"period\":8,\"periodUnit\":\"h\"}}", "every 8 hours");
  check ("Timing", "{\"repeat\":{\"frequency\":2,\"period\":1,\"periodUnit\":\"d\",\"when\":[\"AC\"],\"dayOfWeek\":[\"mon\"]}}", "2 times a day, Monday, before meals");
  check ("Dosage", "{\"text\":\"One at night\",\"route\":{\"text\":\"oral\"}}", "One at night");
  check ("Dosage", "{\"doseQuantity\":{\"value\":2,\"unit\":\"puff\"},\"asNeededBoolean\":true}", "2 puff, as needed");
  check ("Annotation", "{\"text\":\"Call back\",\"authorString\":\"Dr Adams\",\"time\":\"2026-01-05\"}", "Call back (Dr Adams, 5 January 2026)");
  check ("Signature", "{\"sigFormat\":\"x\",\"data\":\"aGk=\",\"who\":{\"display\":\"Dr Adams\"},\"when\":\"2026-01-05\"}", "Signed by Dr Adams on 5 January 2026");
}

static void
test_others (void)
{
  check ("Attachment", "{\"contentType\":\"application/pdf\",\"data\":\"aGk=\"}", "PDF document");
  check ("Attachment", "{\"contentType\":\"image/png\",\"title\":\"Chest\"}", "Chest");
  check ("Reference", "{\"reference\":\"Patient/1\"}", "Patient");
  check ("Reference", "{\"reference\":\"Practitioner/1\",\"display\":\"Dr Adams\"}", "Dr Adams");
  check (NULL, "\"2026-01-05\"", "5 January 2026");
  check (NULL, "true", "Yes");
  check (NULL, "{\"a\":{\"b\":1}}", NULL);
  check (NULL, "[]", NULL);
  check (NULL, "\"{\\\"a\\\": 1}\"", "Data for a program");
}

static void
test_has_code (void)
{
  g_autoptr (JsonNode) node = mw_json_parse (
      "{\"status\":\"active\",\"category\":[{\"coding\":[{\"system\":\"s\",\"code\":\"a\"}]},{\"coding\":[{\"system\":\"t\",\"code\":\"b\"}]}],"
      "\"class\":{\"system\":\"s\",\"code\":\"AMB\"},\"code\":{\"concept\":{\"coding\":[{\"code\":\"c\"}]}}}",
      -1, NULL);

  g_assert_true (mw_concept_has_code (node, "category", "t", "b"));
  g_assert_true (mw_concept_has_code (node, "category", NULL, "a"));
  g_assert_false (mw_concept_has_code (node, "category", "s", "b"));
  g_assert_true (mw_concept_has_code (node, "class", "s", "AMB"));
  g_assert_true (mw_concept_has_code (node, "code", NULL, "c"));
  g_assert_true (mw_concept_has_code (node, "status", NULL, "active"));
  g_assert_false (mw_concept_has_code (node, "missing", NULL, "x"));
  g_assert_true (mw_concept_has_code (mw_json_get (node, "category[1]"), NULL, NULL, "b"));
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/datatypes/people", test_people);
  g_test_add_func ("/fhir/datatypes/npi", test_npi);
  g_test_add_func ("/fhir/datatypes/patient-name", test_patient_name);
  g_test_add_func ("/fhir/datatypes/codes", test_codes);
  g_test_add_func ("/fhir/datatypes/numbers", test_numbers);
  g_test_add_func ("/fhir/datatypes/times", test_times);
  g_test_add_func ("/fhir/datatypes/others", test_others);
  g_test_add_func ("/fhir/datatypes/has-code", test_has_code);
  return g_test_run ();
}
