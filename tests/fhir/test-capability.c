/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-capability.h"

static const char statement[] =
    "{\"resourceType\":\"CapabilityStatement\",\"status\":\"active\",\"fhirVersion\":\"4.0.1\",\"software\":{\"name\":\"HAPI FHIR Server\",\"version\":\"7.0\"},"
    "\"implementation\":{\"description\":\"Test hospital\"},\"patchFormat\":[\"application/json-patch+json\"],"
    "\"rest\":[{\"mode\":\"client\",\"interaction\":[{\"code\":\"batch\"}]},"
    "{\"mode\":\"server\",\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket\",\"valueUri\":\"wss://x.example/ws\"}],"
    "\"security\":{\"extension\":[{\"url\":\"http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris\",\"extension\":[{\"url\":\"token\",\"valueUri\":\"https://x.example/token\"}]}],"
    "\"service\":[{\"coding\":[{\"code\":\"SMART-on-FHIR\"}]},{\"text\":\"Own\"}]},"
    "\"interaction\":[{\"code\":\"transaction\"}],\"operation\":[{\"name\":\"$process-message\"},{\"name\":\"everything\"}],"
    "\"resource\":[{\"type\":\"Task\",\"interaction\":[{\"code\":\"read\"},{\"code\":\"create\"}],\"versioning\":\"versioned-update\",\"conditionalCreate\":true,\"updateCreate\":false,"
    "\"searchParam\":[{\"name\":\"owner\"}],\"operation\":[{\"name\":\"$close\"}]},{\"type\":\"Patient\"},7,null]}],"
    "\"messaging\":[{\"endpoint\":[{\"address\":\"https://x.example/msg\"}]}]}";

static void
test_reading (void)
{
  g_autoptr (JsonNode) node = mw_json_parse (statement, -1, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwCapability) capability = mw_capability_new (node, &error);

  g_assert_no_error (error);
  g_assert_cmpint (mw_capability_get_version (capability), ==, MW_FHIR_VERSION_R4);
  g_assert_cmpstr (mw_capability_get_software (capability), ==, "HAPI FHIR Server");
  g_assert_cmpstr (mw_capability_get_name (capability), ==, "Test hospital");
  g_assert_cmpint (mw_capability_supports (capability, "Task", "create"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_capability_supports (capability, "Task", "delete"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_supports (capability, "Patient", "create"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_capability_supports (capability, "Flag", "create"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_supports_system (capability, "transaction"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_capability_supports_system (capability, "batch"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_conditional_create (capability, "Task"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_capability_conditional_create (capability, "Patient"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_capability_conditional_update (capability, "Task"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_capability_update_create (capability, "Task"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_versioned_update (capability, "Task"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_capability_supports_operation (capability, NULL, "process-message"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_capability_supports_operation (capability, NULL, "$everything"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_capability_supports_operation (capability, NULL, "$match"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_supports_operation (capability, "Task", "close"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_capability_supports_operation (capability, "Patient", "$match"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_capability_supports_search (capability, "Task", "owner"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_capability_supports_search (capability, "Task", "code"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_supports_search (capability, "Task", "_lastUpdated"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_capability_patch_format (capability, "application/json-patch+json"), ==, MW_SUPPORT_YES);
  g_assert_cmpstr (mw_capability_get_websocket (capability), ==, "wss://x.example/ws");
  g_assert_true (mw_capability_has_security (capability, "smart-on-fhir"));
  g_assert_true (mw_capability_has_security (capability, "Own"));
  g_assert_cmpstr (mw_capability_get_oauth_uri (capability, "token"), ==, "https://x.example/token");
  g_assert_cmpstr (mw_capability_get_messaging_endpoints (capability)[0], ==, "https://x.example/msg");
  g_assert_cmpstr (mw_capability_get_types (capability)[0], ==, "Task");
  g_assert_cmpstr (mw_capability_get_types (capability)[1], ==, "Patient");
  g_assert_null (mw_capability_get_types (capability)[2]);
}

static void
test_silence (void)
{
  g_autoptr (JsonNode) node = mw_json_parse ("{\"resourceType\":\"CapabilityStatement\"}", -1, NULL);
  g_autoptr (MwCapability) capability = mw_capability_new (node, NULL);

  g_assert_cmpint (mw_capability_get_version (capability), ==, MW_FHIR_VERSION_UNKNOWN);
  g_assert_cmpint (mw_capability_supports (capability, "Task", "create"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_capability_supports_system (capability, "transaction"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_capability_conditional_create (capability, "Task"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_capability_supports_operation (capability, NULL, "x"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_null (mw_capability_get_websocket (capability));
  g_assert_null (mw_capability_get_security (capability)[0]);
}

static void
test_not_one (void)
{
  g_autoptr (JsonNode) node = mw_json_parse ("{\"resourceType\":\"Patient\"}", -1, NULL);
  g_autoptr (JsonNode) old = mw_json_parse ("{\"resourceType\":\"Conformance\",\"fhirVersion\":\"1.0.2\"}", -1, NULL);
  g_autoptr (MwCapability) capability = mw_capability_new (old, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (mw_capability_new (node, &error));
  g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR);
  g_assert_cmpint (mw_capability_get_version (capability), ==, MW_FHIR_VERSION_DSTU2);
}

static void
test_versions (void)
{
  static const struct
  {
    const char   *text;
    MwFhirVersion version;
  } cases[] = {
    { "1.0.2", MW_FHIR_VERSION_DSTU2 }, { "3.0.2", MW_FHIR_VERSION_STU3 }, { "4.0.0", MW_FHIR_VERSION_R4 }, { "4.0", MW_FHIR_VERSION_R4 }, { "4.1.0", MW_FHIR_VERSION_R4B }, { "4.3.0", MW_FHIR_VERSION_R4B }, { "4.6.0", MW_FHIR_VERSION_R5 }, { "5.0.0", MW_FHIR_VERSION_R5 }, { "6.0.0-ballot2", MW_FHIR_VERSION_R6 }, { "9.9", MW_FHIR_VERSION_UNKNOWN }, { NULL, MW_FHIR_VERSION_UNKNOWN }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (mw_fhir_version_parse (cases[i].text), ==, cases[i].version);
}

/* A statement that says two things is believed where that is the safer thing */
static void
test_contradictory (void)
{
  g_autoptr (JsonNode) node = mw_json_parse (
      "{\"resourceType\":\"CapabilityStatement\",\"rest\":[{\"mode\":\"server\",\"operation\":[{\"name\":\"$everything\"},{\"name\":\"everything\"},{\"name\":7}],\"resource\":["
      "{\"type\":\"Task\",\"interaction\":[{\"code\":\"create\"}],\"conditionalCreate\":true,\"conditionalUpdate\":false},"
      "{\"type\":\"Task\",\"interaction\":[{\"code\":\"read\"},{\"code\":\"update\"}],\"conditionalCreate\":false,\"conditionalUpdate\":true},"
      "{\"type\":\"Flag\",\"interaction\":[{\"code\":\"read\"}],\"conditionalCreate\":true,\"conditionalUpdate\":true,\"updateCreate\":true},"
      "{\"type\":\"Goal\",\"conditionalCreate\":true,\"updateCreate\":true},"
      "{\"type\":\"List\",\"interaction\":[{\"code\":\"create\"},{\"code\":\"update\"}],\"conditionalCreate\":true,\"conditionalUpdate\":true,\"updateCreate\":true}]},"
      "{\"mode\":\"server\",\"resource\":[{\"type\":\"List\",\"updateCreate\":false}]}]}",
      -1, NULL);
  g_autoptr (MwCapability) capability = mw_capability_new (node, NULL);

  /* twice the same type */
  g_assert_cmpint (mw_capability_supports (capability, "Task", "create"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_capability_conditional_create (capability, "Task"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_conditional_update (capability, "Task"), ==, MW_SUPPORT_NO);
  g_assert_cmpuint (g_strv_length ((char **) mw_capability_get_types (capability)), ==, 4);
  /* a condition without the interaction */
  g_assert_cmpint (mw_capability_conditional_create (capability, "Flag"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_conditional_update (capability, "Flag"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_update_create (capability, "Flag"), ==, MW_SUPPORT_NO);
  /* no list of interactions at all is no contradiction */
  g_assert_cmpint (mw_capability_conditional_create (capability, "Goal"), ==, MW_SUPPORT_YES);
  /* two "rest" of one server */
  g_assert_cmpint (mw_capability_conditional_update (capability, "List"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_capability_update_create (capability, "List"), ==, MW_SUPPORT_NO);
  g_assert_cmpint (mw_capability_supports_operation (capability, NULL, "everything"), ==, MW_SUPPORT_YES);
}

/* More than 5 MB, as some servers with many profiles say; what is kept is bounded, and so is the time */
static void
test_huge (void)
{
  g_autoptr (GString) text = g_string_new ("{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\",\"rest\":[{\"mode\":\"server\",\"resource\":[");
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (MwCapability) capability = NULL;
  gint64 start;

  for (guint i = 0; i < 3000; i++)
    {
      g_string_append_printf (text, "%s{\"type\":\"Type%u\",\"interaction\":[{\"code\":\"create\"}],\"searchParam\":[", i > 0 ? "," : "", i);
      for (guint k = 0; k < 60; k++)
        g_string_append_printf (text, "%s{\"name\":\"parameter-%u\",\"type\":\"token\"}", k > 0 ? "," : "", k);
      g_string_append (text, "]}");
    }
  /* one type alone, listed without end */
  for (guint i = 0; i < 4000; i++)
    g_string_append (text, ",{\"type\":\"Task\",\"searchParam\":[{\"name\":\"owner\"}]}");
  g_string_append (text, "]}]}");
  g_assert_cmpuint (text->len, >, 5 * 1024 * 1024);
  start = g_get_monotonic_time ();
  node = mw_json_parse (text->str, (gssize) text->len, NULL);
  g_assert_nonnull (node);
  capability = mw_capability_new (node, NULL);
  g_assert_nonnull (capability);
  /* a second here, sanitizers included; a reading that is not linear takes minutes */
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);
  g_assert_cmpuint (g_strv_length ((char **) mw_capability_get_types (capability)), ==, 2000);
  g_assert_cmpint (mw_capability_supports_search (capability, "Type7", "parameter-59"), ==, MW_SUPPORT_YES);
}

/* What a plan asks of a server whose statement has not been fetched yet */
static void
test_not_asked_yet (void)
{
  g_assert_cmpint (mw_capability_supports_type (NULL, "Task"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_capability_supports (NULL, "Task", "create"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_capability_supports_system (NULL, "transaction"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_capability_supports_operation (NULL, NULL, "process-message"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_capability_supports_search (NULL, "Task", "identifier"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_capability_conditional_create (NULL, "Task"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_capability_update_create (NULL, "Task"), ==, MW_SUPPORT_UNKNOWN);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/capability/reading", test_reading);
  g_test_add_func ("/fhir/capability/silence", test_silence);
  g_test_add_func ("/fhir/capability/not-one", test_not_one);
  g_test_add_func ("/fhir/capability/versions", test_versions);
  g_test_add_func ("/fhir/capability/contradictory", test_contradictory);
  g_test_add_func ("/fhir/capability/huge", test_huge);
  g_test_add_func ("/fhir/capability/not-asked-yet", test_not_asked_yet);
  return g_test_run ();
}
