/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox-fixture.h"

#include <string.h>

static void
assert_ids (Fixture    *self,
            const char *site,
            const char *path,
            const char *expected)
{
  g_autofree char *found = NULL;

  fixture_get (self, site, path);
  found = fixture_ids (self);
  g_assert_cmpstr (found, ==, expected);
}

/* the chain from a person to an endpoint, in one request */
static void
test_directory_role (Fixture      *self,
                     gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *npi = NULL;

  fixture_get (self, "directory", "Practitioner/elena-castellanos");
  npi = g_strdup (mw_json_string (self->json, "identifier.value"));
  path = g_strdup_printf ("PractitionerRole?practitioner.identifier=http%%3A%%2F%%2Fhl7.org%%2Ffhir%%2Fsid%%2Fus-npi%%7C%s&active=true"
                          "&_include=PractitionerRole:practitioner&_include=PractitionerRole:organization&_include=PractitionerRole:endpoint&_count=50",
                          npi);
  assert_ids (self, "directory", path,
              "PractitionerRole/elena-castellanos-role Practitioner/elena-castellanos Organization/st-marys-cardiology Endpoint/st-marys-cardiology-fhir");
  g_assert_cmpstr (mw_json_string (self->json, "entry[3].resource.address"), ==, mw_sandbox_get_url (self->sandbox, "hospital"));
  g_assert_cmpstr (mw_json_string (self->json, "entry[3].search.mode"), ==, "include");
}

static void
test_directory_names (Fixture      *self,
                      gconstpointer data)
{
  assert_ids (self, "directory", "Organization?name:contains=cardiology&_include=Organization:endpoint",
              "Organization/st-marys-cardiology Organization/county-cardiology Endpoint/st-marys-cardiology-old Endpoint/st-marys-cardiology-fhir Endpoint/county-fhir");
  assert_ids (self, "directory", "HealthcareService?name=Cardiology", "HealthcareService/st-marys-heart HealthcareService/county-heart");
}

/* nothing of its own: only the exchange that it belongs to */
static void
test_directory_affiliation (Fixture      *self,
                            gconstpointer data)
{
  assert_ids (self, "directory", "Organization?_id=hilltop&_include=Organization:endpoint", "Organization/hilltop");
  assert_ids (self, "directory", "Endpoint?organization=Organization/hilltop", "");
  assert_ids (self, "directory",
              "OrganizationAffiliation?participating-organization=Organization/hilltop&_include=OrganizationAffiliation:endpoint&_include=OrganizationAffiliation:primary-organization",
              "OrganizationAffiliation/amberly-hilltop Endpoint/amberly-fhir Organization/amberly-hie");
}

static void
test_directory_traps (Fixture      *self,
                      gconstpointer data)
{
  g_autofree char *slash = g_strconcat (mw_sandbox_get_url (self->sandbox, "limited"), "/", NULL);

  assert_ids (self, "directory", "Endpoint?organization=Organization/old-mill",
              "Endpoint/old-mill-suspended Endpoint/old-mill-over Endpoint/old-mill-direct Endpoint/old-mill-fhir");
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.status"), ==, "suspended");
  g_assert_cmpstr (mw_json_string (self->json, "entry[1].resource.period.end"), <, "2026-03-02");
  g_assert_cmpstr (mw_json_string (self->json, "entry[2].resource.connectionType.code"), ==, "direct-project");
  g_assert_true (g_str_has_prefix (mw_json_string (self->json, "entry[2].resource.address"), "mailto:"));
  g_assert_cmpstr (mw_json_string (self->json, "entry[3].resource.address"), ==, slash);
  g_assert_cmpint (mw_json_integer (mw_json_extension (mw_json_get (self->json, "entry[3].resource"), "http://hl7.org/fhir/us/ndh/StructureDefinition/base-ext-endpoint-rank"), "valuePositiveInt", 0), ==, 4);
  assert_ids (self, "directory", "Endpoint?organization=Organization/twin-pines&status=active&connection-type=hl7-fhir-rest", "Endpoint/twin-pines-east Endpoint/twin-pines-west");
}

/* Luhn over 80840 and the number, written out here once more */
static gboolean
is_npi (const char *text)
{
  g_autofree char *whole = g_strconcat ("80840", text, NULL);
  guint            sum = 0, length = (guint) strlen (whole);

  for (guint i = 0; i < length; i++)
    {
      guint digit = (guint) (whole[length - 1 - i] - '0') * (i % 2 + 1);

      sum += digit / 10 + digit % 10;
    }
  return length == 15 && sum % 10 == 0;
}

static void
test_directory_npi (Fixture      *self,
                    gconstpointer data)
{
  static const char *const types[] = { "Organization", "Practitioner" };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *path = g_strconcat (types[i], "?_count=100", NULL);

      fixture_get (self, "directory", path);
      g_assert_cmpuint (fixture_total (self), >=, 8);
      for (guint j = 0; j < mw_json_length (self->json, "entry"); j++)
        g_assert_true (is_npi (mw_json_string (mw_json_item (self->json, "entry", j), "resource.identifier.value")));
    }
}

static void
test_directory_read_only (Fixture      *self,
                          gconstpointer data)
{
  g_assert_cmpuint (fixture_get (self, "directory", "metadata"), ==, 200);
  g_assert_cmpuint (mw_json_length (self->json, "rest.resource"), ==, 8);
  fixture_post (self, "directory", "Organization", "{'resourceType':'Organization','name':'Mine'}");
  fixture_assert_refused (self, 405, NULL);
  fixture_send (self, "directory", "DELETE", "Organization/county", NULL, NULL, NULL);
  fixture_assert_refused (self, 405, NULL);
  fixture_get (self, "directory", "Patient");
  fixture_assert_refused (self, 404, NULL);
}

static void
test_limited (Fixture      *self,
              gconstpointer data)
{
  static const char *const note = "{'resourceType':'Communication','identifier':[{'system':'urn:ietf:rfc:3986','value':'urn:uuid:6c1f0c7e-0000-4000-8000-000000000001'}],"
                                  "'status':'completed','subject':{'reference':'Patient/ru-9001'},'payload':[{'contentString':'Hello'}]}";

  g_assert_cmpuint (fixture_get (self, "limited", "metadata"), ==, 200);
  g_assert_false (mw_json_has (self->json, "rest.interaction"));
  g_assert_false (mw_json_has (self->json, "rest.operation"));
  for (guint i = 0; i < mw_json_length (self->json, "rest.resource"); i++)
    g_assert_false (mw_json_boolean (mw_json_item (self->json, "rest.resource", i), "conditionalCreate", TRUE));

  fixture_send (self, "limited", "POST", "Communication", note, "If-None-Exist", "identifier=urn:ietf:rfc:3986|urn:uuid:6c1f0c7e-0000-4000-8000-000000000001");
  fixture_assert_refused (self, 400, NULL);
  g_assert_cmpstr (mw_json_string (self->json, "issue.code"), ==, "not-supported");
  fixture_get (self, "limited", "Communication");
  g_assert_cmpuint (fixture_total (self), ==, 0);
  fixture_post (self, "limited", "", "{'resourceType':'Bundle','type':'transaction','entry':[]}");
  fixture_assert_refused (self, 405, NULL);
  fixture_post (self, "limited", "$process-message", "{'resourceType':'Bundle','type':'message'}");
  fixture_assert_refused (self, 404, NULL);
  fixture_post (self, "limited", "Patient/$match", "{'resourceType':'Parameters'}");
  fixture_assert_refused (self, 404, NULL);
  /* but it does take one thing after the other */
  g_assert_cmpuint (fixture_post (self, "limited", "Communication", note), ==, 201);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/sandbox/sites/directory-role", test_directory_role);
  fixture_add ("/sandbox/sites/directory-names", test_directory_names);
  fixture_add ("/sandbox/sites/directory-affiliation", test_directory_affiliation);
  fixture_add ("/sandbox/sites/directory-traps", test_directory_traps);
  fixture_add ("/sandbox/sites/directory-npi", test_directory_npi);
  fixture_add ("/sandbox/sites/directory-read-only", test_directory_read_only);
  fixture_add ("/sandbox/sites/limited", test_limited);

  return g_test_run ();
}
