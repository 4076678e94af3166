/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-edit.h"

static const char task_text[] =
    "{\"resourceType\":\"Task\",\"status\":\"requested\",\"x-unknown\":{\"a\":1.50},\"output\":[{\"v\":1}]}";

static void
test_apply (void)
{
  g_autoptr (JsonNode) task = mw_json_parse (task_text, -1, NULL);
  g_autoptr (JsonNode) edit = mw_edit_new ("00000000-0000-4000-8000-000000000001");
  g_autoptr (JsonNode) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = NULL;

  mw_edit_require (edit, "status", "requested", "received", NULL);
  mw_edit_set (edit, "status", "accepted");
  mw_edit_append (edit, "output", mw_json_parse ("{\"v\":2}", -1, NULL));
  g_assert_false (mw_edit_is_applied (edit, task));

  result = mw_edit_apply (edit, task, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mw_json_string (result, "status"), ==, "accepted");
  g_assert_cmpstr (mw_json_string (task, "status"), ==, "requested");
  g_assert_cmpuint (mw_json_length (result, "output"), ==, 2);
  kept = mw_json_scalar (result, "x-unknown.a");
  g_assert_cmpstr (kept, ==, "1.50");
  g_assert_true (mw_edit_is_applied (edit, result));
}

static void
test_somebody_was_faster (void)
{
  g_autoptr (JsonNode) task = mw_json_parse ("{\"resourceType\":\"Task\",\"status\":\"cancelled\"}", -1, NULL);
  g_autoptr (JsonNode) edit = mw_edit_new ("00000000-0000-4000-8000-000000000001");
  g_autoptr (GError) error = NULL;

  mw_edit_require (edit, "status", "requested", NULL);
  mw_edit_set (edit, "status", "accepted");
  g_assert_null (mw_edit_apply (edit, task, &error));
  g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_CONFLICT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/edit/apply", test_apply);
  g_test_add_func ("/fhir/edit/somebody-was-faster", test_somebody_was_faster);
  return g_test_run ();
}
