/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-json.h"

#include <string.h>

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = mw_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return node;
}

static void
test_decimals_keep_their_text (void)
{
  g_autoptr (JsonNode) node = parse ("{\"a\":1.00,\"b\":[-0.50e-3,12345678901234567890],\"c\":7}");
  g_autofree char *text = mw_json_to_text (node, FALSE);
  g_autofree char *a = mw_json_scalar (node, "a");
  g_autofree char *b = mw_json_scalar (node, "b[1]");

  g_assert_cmpstr (text, ==, "{\"a\":1.00,\"b\":[-0.50e-3,12345678901234567890],\"c\":7}");
  g_assert_cmpstr (a, ==, "1.00");
  g_assert_cmpstr (b, ==, "12345678901234567890");
  g_assert_null (mw_json_string (node, "a"));
  g_assert_cmpint (mw_json_integer (node, "c", -1), ==, 7);
}

static void
test_a_string_cannot_pose_as_a_decimal (void)
{
  g_autoptr (JsonNode) node = parse ("{\"a\":\"\xEF\xB7\x90"
                                     "1}\",\"b\":\"\\uFDD0,\",\"c\":\"x\\u0000y\",\"d\":\"\\ud800\"}");
  g_autofree char *text = mw_json_to_text (node, FALSE);

  g_assert_cmpstr (text, ==, "{\"a\":\"\xEF\xBF\xBD"
                             "1}\",\"b\":\"\xEF\xBF\xBD,\",\"c\":\"x\xEF\xBF\xBDy\",\"d\":\"\xEF\xBF\xBD\"}");
}

static void
test_paths (void)
{
  g_autoptr (JsonNode) node = parse ("\xEF\xBB\xBF{\"code\":{\"coding\":[{\"display\":\"A\"},{\"display\":\"B\"}]},\"s\":\"x\",\"n\":null,\"e\":\"\"}");

  g_assert_cmpstr (mw_json_string (node, "code.coding.display"), ==, "A");
  g_assert_cmpstr (mw_json_string (node, "code.coding[1].display"), ==, "B");
  g_assert_cmpstr (mw_json_string (node, "code[0].coding[0].display"), ==, "A");
  g_assert_null (mw_json_string (node, "code.coding[2].display"));
  g_assert_null (mw_json_string (node, "s.deeper"));
  g_assert_null (mw_json_string (node, "e"));
  g_assert_false (mw_json_has (node, "n"));
  g_assert_cmpuint (mw_json_length (node, "code.coding"), ==, 2);
  g_assert_cmpuint (mw_json_length (node, "s"), ==, 1);
  g_assert_cmpuint (mw_json_length (NULL, "s"), ==, 0);
}

static void
test_choice (void)
{
  g_autoptr (JsonNode) node = parse ("{\"valuesOther\":1,\"valueQuantity\":{\"value\":5}}");
  const char *suffix;

  g_assert_cmpint (mw_json_integer (mw_json_choice (node, "value", &suffix), "value", 0), ==, 5);
  g_assert_cmpstr (suffix, ==, "Quantity");
  g_assert_null (mw_json_choice (node, "effective", NULL));
}

static void
test_refuses (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  static const char *const bad[] = { "", "{", "{\"a\":", "\"\xFF\"", "{\"a\":\"b}", "<html></html>", "[1,", "{\"a\":\"\\u12\"}" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_null (mw_json_parse (bad[i], -1, &error));
      g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_SYNTAX);
      g_clear_error (&error);
    }
  for (int i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  g_assert_null (mw_json_parse (deep->str, (gssize) deep->len, &error));
  g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_TOO_DEEP);
}

static void
test_write (void)
{
  g_autoptr (JsonNode) node = mw_resource_new ("Task");
  g_autoptr (JsonNode) copy = NULL;
  g_autofree char *text = NULL;
  g_autofree char *changed = NULL;

  mw_json_set (node, "code.coding[0].system", "s");
  mw_json_set (node, "code.coding[0].code", "c");
  mw_json_set (node, "code.coding[+].code", "d");
  mw_json_set (node, "note[+].text", "n");
  mw_json_set (node, "absent", NULL);
  mw_json_set_decimal (node, "q.value", "2.50");
  text = mw_json_to_text (node, FALSE);
  g_assert_cmpstr (text, ==, "{\"resourceType\":\"Task\",\"code\":{\"coding\":[{\"system\":\"s\",\"code\":\"c\"},{\"code\":\"d\"}]},\"note\":[{\"text\":\"n\"}],\"q\":{\"value\":2.50}}");

  copy = mw_json_copy (node);
  mw_json_set (copy, "code.coding[0].code", "z");
  g_assert_cmpstr (mw_json_string (node, "code.coding[0].code"), ==, "c");
  mw_json_take (copy, "code.coding[0]", mw_json_object_new ());
  changed = mw_json_to_text (mw_json_get (copy, "code"), FALSE);
  g_assert_cmpstr (changed, ==, "{\"coding\":[{},{\"code\":\"d\"}]}");
}

static void
test_slice (void)
{
  const char      *text = " { \"a\" : \"resource\", \"n\":{\"resource\":1}, \"resource\" : { \"x\": [1.00, \"}\\\"\"] } , \"z\":2 }";
  const char      *start;
  gsize            size;
  g_autofree char *got = NULL;

  g_assert_true (mw_json_slice (text, strlen (text), "resource", &start, &size));
  got = g_strndup (start, size);
  g_assert_cmpstr (got, ==, "{ \"x\": [1.00, \"}\\\"\"] }");
  g_assert_true (mw_json_slice (text, strlen (text), "z", &start, &size));
  g_assert_cmpuint (size, ==, 1);
  g_assert_false (mw_json_slice (text, strlen (text), "x", &start, &size));
  g_assert_false (mw_json_slice ("[]", 2, "x", &start, &size));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/json/decimals-keep-their-text", test_decimals_keep_their_text);
  g_test_add_func ("/fhir/json/a-string-cannot-pose-as-a-decimal", test_a_string_cannot_pose_as_a_decimal);
  g_test_add_func ("/fhir/json/paths", test_paths);
  g_test_add_func ("/fhir/json/choice", test_choice);
  g_test_add_func ("/fhir/json/refuses", test_refuses);
  g_test_add_func ("/fhir/json/write", test_write);
  g_test_add_func ("/fhir/json/slice", test_slice);
  return g_test_run ();
}
