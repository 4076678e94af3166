/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which version is spoken, and what was learned when something was refused */

#include "mw-capability.h"
#include "mw-learned.h"
#include "mw-versions.h"

#include <string.h>

static MwVersions *
versions_of (const char *text)
{
  g_autoptr (JsonNode) node = mw_json_parse (text, -1, NULL);

  return mw_versions_new (node, NULL);
}

static void
test_choose (void)
{
  static const struct
  {
    const char   *answer; /* NULL: $versions is not known there */
    const char   *stated;
    MwFhirVersion version;
    const char   *media_type;
  } cases[] = {
    { NULL, "4.0.1", MW_FHIR_VERSION_R4, "application/fhir+json" },
    { NULL, "4.3.0", MW_FHIR_VERSION_R4B, "application/fhir+json" },
    { NULL, "5.0.0", MW_FHIR_VERSION_R5, "application/fhir+json" },
    /* by the definition a code, by the specification's example a string */
    { "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"version\",\"valueCode\":\"5.0\"},{\"name\":\"version\",\"valueCode\":\"4.0\"},{\"name\":\"default\",\"valueCode\":\"5.0\"}]}",
      "5.0.0", MW_FHIR_VERSION_R4, "application/fhir+json; fhirVersion=4.0" },
    { "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"version\",\"valueString\":\"3.0\"},{\"name\":\"version\",\"valueString\":\"4.3.0\"},{\"name\":\"version\",\"valueString\":\"5.0.0\"}]}",
      "3.0.2", MW_FHIR_VERSION_R4B, "application/fhir+json; fhirVersion=4.3" },
    { "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"version\",\"valueCode\":\"3.0\"},{\"name\":\"version\",\"valueCode\":\"5.0\"}]}", NULL,
      MW_FHIR_VERSION_R5, "application/fhir+json; fhirVersion=5.0" },
    /* one alone is no choice: the parameter is not sent */
    { "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"version\",\"valueCode\":\"4.0\"},{\"name\":\"default\",\"valueCode\":\"4.0\"}]}", "4.0.1",
      MW_FHIR_VERSION_R4, "application/fhir+json" },
    /* the list counts, not what the statement says beside it */
    { "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"default\",\"valueCode\":\"5.0\"}]}", "4.0.1", MW_FHIR_VERSION_R5, "application/fhir+json" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MwVersions) versions = cases[i].answer != NULL ? versions_of (cases[i].answer) : NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *media_type = NULL;

      g_assert_true (cases[i].answer == NULL || versions != NULL);
      g_assert_cmpint (mw_versions_choose (versions, cases[i].stated, &error), ==, cases[i].version);
      g_assert_no_error (error);
      media_type = mw_versions_media_type (versions, cases[i].version);
      g_assert_cmpstr (media_type, ==, cases[i].media_type);
    }
}

static void
test_not_spoken (void)
{
  static const struct
  {
    const char *answer;
    const char *stated;
    const char *words;
  } cases[] = {
    { NULL, "3.0.2", "STU3 (3.0.2)" },
    { NULL, "1.0.2", "DSTU2 (1.0.2)" },
    { NULL, "6.0.0-ballot3", "R6 (6.0.0-ballot3)" },
    /* a draft of R5 is not R5 */
    { NULL, "4.6.0", "4.6.0" },
    { NULL, "ninety-nine<script>alert(1)</script>", "ninety-nine<script>a" },
    { NULL, NULL, "does not say" },
    { "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"version\",\"valueCode\":\"3.0\"},{\"name\":\"version\",\"valueCode\":\"1.0\"}]}", "4.0.1", "STU3 (3.0), DSTU2 (1.0)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MwVersions) versions = cases[i].answer != NULL ? versions_of (cases[i].answer) : NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (mw_versions_choose (versions, cases[i].stated, &error), ==, MW_FHIR_VERSION_UNKNOWN);
      g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_VERSION);
      g_assert_nonnull (strstr (error->message, cases[i].words));
      g_assert_cmpuint (strlen (error->message), <, 250);
    }
}

static void
test_no_versions (void)
{
  static const char *const answers[] = {
    "{\"resourceType\":\"OperationOutcome\"}",
    "{\"resourceType\":\"Parameters\"}",
    "{\"resourceType\":\"Parameters\",\"parameter\":{\"name\":\"version\"}}",
    "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"version\",\"valueCode\":\"four\"},{\"name\":\"version\",\"valueCode\":\"4\"},{\"name\":\"version\",\"valueDecimal\":4.0}]}",
    "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"version\",\"valueCode\":\"4.\\r\\nX-Evil: 1\"},{\"name\":\"version\",\"valueCode\":\"40000.0\"}]}",
    "[]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (JsonNode) node = mw_json_parse (answers[i], -1, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (mw_versions_new (node, &error));
      g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR);
    }
}

/* The version becomes a header: nothing but digits and a dot may come through */
static void
test_header (void)
{
  g_autoptr (MwVersions) versions =
      versions_of ("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"version\",\"valueCode\":\"4.0\\r\\nX-Evil: 1\"},{\"name\":\"version\",\"valueCode\":\"5.0\"}]}");
  g_autofree char *media_type = mw_versions_media_type (versions, MW_FHIR_VERSION_R4);

  g_assert_cmpstr (media_type, ==, "application/fhir+json; fhirVersion=4.0");
}

/* ---- what was learned -------------------------------------------------- */

static void
test_words (void)
{
  g_autofree char *one = mw_learned_add (NULL, "transaction");
  g_autofree char *two = mw_learned_add (one, "max-body:1000");
  g_autofree char *three = mw_learned_add (two, "max-body:500");
  g_autofree char *larger = mw_learned_add (three, "max-body:700");
  g_autofree char *again = mw_learned_add (larger, "transaction");
  g_autofree char *broken = mw_learned_add (again, "two words");
  g_autofree char *nothing = mw_learned_add (broken, "max-body:none");
  g_auto (GStrv) words = mw_learned_parse (nothing);
  g_auto (GStrv) strange = mw_learned_parse ("\n\ncreate:Task\nhas space\n\x01\n");
  g_autofree char *limit = mw_learned_max_body_word (1048577);

  g_assert_cmpstr (nothing, ==, "transaction\nmax-body:500");
  g_assert_cmpuint (g_strv_length (words), ==, 2);
  g_assert_cmpint (mw_learned_max_body ((const char *const *) words), ==, 500);
  g_assert_cmpuint (g_strv_length (strange), ==, 1);
  g_assert_cmpstr (strange[0], ==, "create:Task");
  g_assert_cmpstr (limit, ==, "max-body:1048576");
  g_assert_null (mw_learned_max_body_word (0));
}

static void
test_bounded (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  for (guint i = 0; i < MW_LEARNED_MAX_WORDS + 50; i++)
    {
      g_autofree char *word = g_strdup_printf ("create:Type%u", i);
      char            *longer = mw_learned_add (text, word);

      g_free (text);
      text = longer;
    }
  words = mw_learned_parse (text);
  g_assert_cmpuint (g_strv_length (words), ==, MW_LEARNED_MAX_WORDS);
}

static void
test_overlay (void)
{
  static const char *const refused[] = { "transaction", "process-message", "conditional-create:Task", "create:Communication", "max-body:1048576", "operation:Patient/$match", NULL };
  g_autoptr (JsonNode) node = mw_json_parse ("{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\",\"rest\":[{\"mode\":\"server\",\"interaction\":[{\"code\":\"transaction\"},{\"code\":\"batch\"}],"
                                             "\"operation\":[{\"name\":\"process-message\"},{\"name\":\"match\"}],\"resource\":["
                                             "{\"type\":\"Task\",\"interaction\":[{\"code\":\"create\"}],\"conditionalCreate\":true},"
                                             "{\"type\":\"Communication\",\"interaction\":[{\"code\":\"create\"}],\"conditionalCreate\":true},"
                                             "{\"type\":\"Patient\",\"operation\":[{\"name\":\"$match\"}]}]}]}",
                                             -1, NULL);
  g_autoptr (MwCapability) said = mw_capability_new (node, NULL);
  g_autoptr (MwCapability) known = mw_capability_with_refused (said, refused);
  g_autoptr (MwCapability) unasked = mw_capability_with_refused (NULL, refused);

  g_assert_cmpint (mw_capability_supports_system (said, "transaction"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_capability_supports_operation (said, "Patient", "$match"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_capability_get_max_body (said), ==, 0);
  g_assert_cmpint (mw_capability_get_max_body (NULL), ==, 0);

  g_assert_cmpint (mw_capability_supports_system (known, "transaction"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_supports_system (known, "batch"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_capability_supports_operation (known, NULL, "$process-message"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_supports_operation (known, "Patient", "match"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_supports_operation (known, NULL, "match"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_capability_conditional_create (known, "Task"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_supports (known, "Task", "create"), ==, MW_SUPPORT_YES);
  /* what cannot be created cannot be created conditionally */
  g_assert_cmpint (mw_capability_supports (known, "Communication", "create"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_conditional_create (known, "Communication"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_get_max_body (known), ==, 1048576);
  g_assert_cmpint (mw_capability_get_version (known), ==, MW_FHIR_VERSION_R4);
  g_assert_true (mw_capability_was_refused (known, "create:Communication"));
  g_assert_false (mw_capability_was_refused (known, "create:Task"));
  g_assert_false (mw_capability_was_refused (said, "create:Communication"));
  g_assert_false (mw_capability_was_refused (NULL, "create:Communication"));

  g_assert_cmpint (mw_capability_supports_system (unasked, "transaction"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_supports (unasked, "Task", "create"), ==, MW_SUPPORT_UNKNOWN);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/versions/choose", test_choose);
  g_test_add_func ("/fhir/versions/not-spoken", test_not_spoken);
  g_test_add_func ("/fhir/versions/no-versions", test_no_versions);
  g_test_add_func ("/fhir/versions/header", test_header);
  g_test_add_func ("/fhir/learned/words", test_words);
  g_test_add_func ("/fhir/learned/bounded", test_bounded);
  g_test_add_func ("/fhir/learned/overlay", test_overlay);
  return g_test_run ();
}
