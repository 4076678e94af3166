/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-outcome.h"

#include <string.h>

static void
check (const char    *issues,
       MwOutcomeClass expected,
       const char    *expected_text)
{
  g_autofree char *json = g_strdup_printf ("{\"resourceType\":\"OperationOutcome\",\"issue\":%s}", issues);
  g_autoptr (JsonNode) node = mw_json_parse (json, -1, NULL);
  g_autofree char *text = mw_outcome_to_text (node);

  g_assert_nonnull (node);
  g_assert_cmpint (mw_outcome_classify (node), ==, expected);
  g_assert_cmpstr (text, ==, expected_text);
}

static void
test_classes (void)
{
  check ("[{\"severity\":\"error\",\"code\":\"transient\",\"details\":{\"text\":\"Busy\"}}]", MW_OUTCOME_TEMPORARY, "Busy");
  check ("[{\"severity\":\"fatal\",\"code\":\"throttled\"}]", MW_OUTCOME_TEMPORARY, "Throttled");
  check ("[{\"severity\":\"error\",\"code\":\"business-rule\",\"details\":{\"coding\":[{\"display\":\"No consent\"}]}}]", MW_OUTCOME_PERMANENT, "No consent");
  check ("[{\"severity\":\"error\",\"code\":\"not-supported\"}]", MW_OUTCOME_UNSUPPORTED, "Not supported");
  check ("[{\"severity\":\"error\",\"code\":\"processing\",\"diagnostics\":\"HAPI-0302: This server does not know how to handle POST operation[$x]\"}]",
         MW_OUTCOME_UNSUPPORTED, "This server does not know how to handle POST operation[$x]");
  check ("[{\"severity\":\"error\",\"code\":\"processing\",\"diagnostics\":\"No\"}]", MW_OUTCOME_NONE, "No");
  check ("[{\"severity\":\"warning\",\"code\":\"invalid\",\"diagnostics\":\"Odd\"}]", MW_OUTCOME_INFORMATION, "Odd");
  check ("[{\"severity\":\"success\",\"code\":\"success\",\"diagnostics\":\"Done\"}]", MW_OUTCOME_INFORMATION, "Done");
  check ("[{\"severity\":\"error\",\"code\":\"timeout\",\"diagnostics\":\"a\"},{\"severity\":\"error\",\"code\":\"value\",\"diagnostics\":\"b\"}]",
         MW_OUTCOME_PERMANENT, "a; b");
  check ("[]", MW_OUTCOME_NONE, NULL);
}

static void
test_text (void)
{
  check ("[{\"severity\":\"information\",\"diagnostics\":\"Note.\"},{\"severity\":\"error\",\"code\":\"processing\",\"diagnostics\":\"HAPI-0513: HAPI-0389: Failed.\\n\\tat ca.uhn.Foo(Foo.java:1)\"},"
         "{\"severity\":\"error\",\"code\":\"processing\",\"diagnostics\":\"Failed.\"}]",
         MW_OUTCOME_NONE, "Failed. Note.");
  check ("[{\"severity\":\"error\",\"code\":\"processing\",\"details\":{\"text\":\"a\\u202eb\\u0007c\"},\"diagnostics\":\"not this\"}]", MW_OUTCOME_NONE, "abc");
}

static void
test_narrative (void)
{
  g_autoptr (JsonNode) node = mw_json_parse (
      "{\"resourceType\":\"OperationOutcome\",\"text\":{\"div\":\"<div><h1>Problem</h1><p>No such patient</p></div>\"},\"issue\":[{\"severity\":\"error\",\"code\":\"not-found\"}]}", -1, NULL);
  g_autoptr (JsonNode) patient = mw_json_parse ("{\"resourceType\":\"Patient\",\"issue\":[{\"code\":\"value\"}]}", -1, NULL);
  g_autofree char *text = mw_outcome_to_text (node);

  g_assert_cmpstr (text, ==, "Problem No such patient");
  g_assert_true (mw_outcome_has_code (node, "not-found"));
  g_assert_true (mw_outcome_has_errors (node));
  g_assert_null (mw_outcome_to_text (patient));
  g_assert_cmpint (mw_outcome_classify (patient), ==, MW_OUTCOME_NONE);
  g_assert_cmpint (mw_outcome_classify (NULL), ==, MW_OUTCOME_NONE);
}

static void
test_cap (void)
{
  g_autofree char *long_text = g_strnfill (100000, 'x');
  g_autofree char *json = g_strdup_printf ("{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"diagnostics\":\"%s\"}]}", long_text);
  g_autoptr (JsonNode) node = mw_json_parse (json, -1, NULL);
  g_autofree char *text = mw_outcome_to_text (node);

  g_assert_cmpuint (strlen (text), <, 400);
  g_assert_true (g_str_has_suffix (text, "…"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/outcome/classes", test_classes);
  g_test_add_func ("/fhir/outcome/text", test_text);
  g_test_add_func ("/fhir/outcome/narrative", test_narrative);
  g_test_add_func ("/fhir/outcome/cap", test_cap);
  return g_test_run ();
}
