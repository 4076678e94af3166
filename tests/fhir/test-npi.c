/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-npi.h"

static void
test_valid (void)
{
  g_autofree char *text = g_strdup ("1234567890");
  guint            good = 0;

  g_assert_true (mw_npi_is_valid ("1234567893"));
  g_assert_false (mw_npi_is_valid ("1234567898"));
  /* exactly one check digit is right, and no two neighbours may be swapped */
  for (int digit = 0; digit <= 9; digit++)
    {
      text[9] = (char) ('0' + digit);
      good += mw_npi_is_valid (text) ? 1 : 0;
    }
  g_assert_cmpuint (good, ==, 1);
  g_assert_false (mw_npi_is_valid ("1234576893"));
  /* right by Luhn, but the first digit is 3 */
  g_assert_false (mw_npi_is_valid ("3234567899"));
  g_assert_false (mw_npi_is_valid ("123456789"));
  g_assert_false (mw_npi_is_valid ("12345678930"));
  g_assert_false (mw_npi_is_valid ("1234567893 "));
  g_assert_false (mw_npi_is_valid ("123456789a"));
  g_assert_false (mw_npi_is_valid ("1\xd9\xa1\xd9\xa1\xd9\xa1\xd9\xa1"));
  g_assert_false (mw_npi_is_valid (""));
  g_assert_false (mw_npi_is_valid (NULL));
}

static void
check (const char *identifiers,
       const char *expected,
       gboolean    expected_valid)
{
  g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"Practitioner\",\"identifier\":%s}", identifiers);
  g_autoptr (JsonNode) node = mw_json_parse (text, -1, NULL);
  gboolean         valid = !expected_valid;
  g_autofree char *npi = mw_npi_of (node, &valid);

  g_assert_nonnull (node);
  g_assert_cmpstr (npi, ==, expected);
  g_assert_true (valid == expected_valid);
}

static void
test_of (void)
{
  check ("[{\"system\":\"http://x\",\"value\":\"1\"},{\"system\":\"http://hl7.org/fhir/sid/us-npi\",\"value\":\"1234567893\"}]", "1234567893", TRUE);
  check ("[{\"system\":\"urn:oid:2.16.840.1.113883.4.6\",\"value\":\" 1234567893 \"}]", "1234567893", TRUE);
  check ("[{\"system\":\"http://hl7.org/fhir/sid/use-npi\",\"value\":\"1234567893\"}]", "1234567893", TRUE);
  check ("[{\"system\":\"http://hl7.org/fhir/sid/us-npi\",\"value\":1234567893}]", "1234567893", TRUE);
  check ("[{\"type\":{\"coding\":[{\"code\":\"NPI\"}]},\"value\":\"1234567893\"}]", "1234567893", TRUE);
  check ("[{\"system\":\"http://x\",\"type\":{\"coding\":[{\"code\":\"NPI\"}]},\"value\":\"1234567893\"}]", NULL, FALSE);
  check ("[{\"system\":\"http://hl7.org/fhir/sid/us-npi\",\"value\":\"1234567898\"}]", "1234567898", FALSE);
  check ("[{\"system\":\"http://hl7.org/fhir/sid/us-npi\",\"value\":\"1234567898\"},{\"system\":\"http://hl7.org/fhir/sid/us-npi\",\"value\":\"1234567893\"}]",
         "1234567893", TRUE);
  check ("[{\"system\":\"http://hl7.org/fhir/sid/us-npi\",\"use\":\"old\",\"value\":\"1234567893\"},"
         "{\"system\":\"http://hl7.org/fhir/sid/us-npi\",\"value\":\"1245319599\"}]",
         "1245319599", TRUE);
  check ("[{\"system\":\"http://hl7.org/fhir/sid/us-npi\"},null,7,[],{\"system\":\"http://hl7.org/fhir/sid/us-npi\",\"value\":{}}]", NULL, FALSE);
  check ("\"1234567893\"", NULL, FALSE);
  g_assert_null (mw_npi_of (NULL, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/npi/valid", test_valid);
  g_test_add_func ("/fhir/npi/of", test_of);
  return g_test_run ();
}
