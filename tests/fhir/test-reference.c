/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-reference.h"

static void
check (const char     *literal,
       MwReferenceKind kind,
       const char     *type,
       const char     *id,
       const char     *absolute)
{
  g_autoptr (MwReference) ref = mw_reference_new_for_literal (literal);
  g_autofree char *got = mw_reference_absolute (ref, "https://a.example/fhir");

  g_assert_cmpint (ref->kind, ==, kind);
  g_assert_cmpstr (ref->type, ==, type);
  g_assert_cmpstr (ref->id, ==, id);
  g_assert_cmpstr (got, ==, absolute);
}

static void
test_forms (void)
{
  check ("Patient/1", MW_REFERENCE_RELATIVE, "Patient", "1", "https://a.example/fhir/Patient/1");
  check ("Patient/1/_history/7", MW_REFERENCE_RELATIVE, "Patient", "1", "https://a.example/fhir/Patient/1");
  check ("https://b.example/x/Patient/1/_history/2", MW_REFERENCE_ABSOLUTE, "Patient", "1", "https://b.example/x/Patient/1");
  check ("https://b.example/anything", MW_REFERENCE_ABSOLUTE, NULL, NULL, "https://b.example/anything");
  check ("urn:uuid:ABC", MW_REFERENCE_URN, NULL, NULL, "urn:uuid:abc");
  check ("#p1", MW_REFERENCE_CONTAINED, NULL, "p1", NULL);
  check ("Patient?identifier=a|b", MW_REFERENCE_CONDITIONAL, "Patient", NULL, NULL);
  check ("../../etc/passwd", MW_REFERENCE_NONE, NULL, NULL, NULL);
  check ("Patient/", MW_REFERENCE_NONE, NULL, NULL, NULL);
  check ("", MW_REFERENCE_NONE, NULL, NULL, NULL);
}

static void
test_logical (void)
{
  g_autoptr (JsonNode) node = mw_json_parse ("{\"type\":\"Patient\",\"identifier\":{\"system\":\"s\",\"value\":\"v\"},\"display\":\"D\"}", -1, NULL);
  g_autoptr (MwReference) ref = mw_reference_new (node);
  g_autoptr (MwReference) none = mw_reference_new (NULL);

  g_assert_cmpint (ref->kind, ==, MW_REFERENCE_LOGICAL);
  g_assert_cmpstr (ref->type, ==, "Patient");
  g_assert_cmpstr (ref->value, ==, "v");
  g_assert_cmpint (none->kind, ==, MW_REFERENCE_NONE);
}

static void
test_resolve (void)
{
  g_autoptr (JsonNode) bundle = mw_json_parse (
      "{\"resourceType\":\"Bundle\",\"entry\":["
      "{\"fullUrl\":\"urn:uuid:AA\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p\"}},"
      "{\"fullUrl\":\"urn:uuid:bb\",\"resource\":{\"resourceType\":\"Task\",\"id\":\"t\",\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"c\"}],"
      "\"for\":{\"reference\":\"urn:uuid:aa\"},\"owner\":{\"reference\":\"#c\"},\"focus\":{\"reference\":\"Patient/p\"},\"requester\":{\"reference\":\"Patient/zz\"}}}]}",
      -1, NULL);
  JsonNode *task = mw_json_get (bundle, "entry[1].resource");

  g_assert_cmpstr (mw_resource_id (mw_reference_resolve (mw_json_get (task, "for"), task, bundle)), ==, "p");
  g_assert_cmpstr (mw_resource_id (mw_reference_resolve (mw_json_get (task, "owner"), task, bundle)), ==, "c");
  g_assert_cmpstr (mw_resource_id (mw_reference_resolve (mw_json_get (task, "focus"), task, bundle)), ==, "p");
  g_assert_null (mw_reference_resolve (mw_json_get (task, "requester"), task, bundle));
  g_assert_null (mw_reference_resolve (NULL, task, bundle));
}

static void
test_base_url (void)
{
  static const char *const cases[][2] = {
    { "HTTPS://Host.Example/FHIR/R4/", "https://host.example/FHIR/R4" },
    { " http://127.0.0.1:8080/fhir/metadata ", "http://127.0.0.1:8080/fhir" },
    { "https://host.example", "https://host.example" },
    { "https://user:pw@host.example/fhir", NULL },
    { "ftp://host.example/fhir", NULL },
    { "file:///etc/passwd", NULL },
    { "host.example/fhir", NULL },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *got = mw_base_url_normalise (cases[i][0]);

      g_assert_cmpstr (got, ==, cases[i][1]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/reference/forms", test_forms);
  g_test_add_func ("/fhir/reference/logical", test_logical);
  g_test_add_func ("/fhir/reference/resolve", test_resolve);
  g_test_add_func ("/fhir/reference/base-url", test_base_url);
  return g_test_run ();
}
