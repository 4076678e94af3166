/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-smart-configuration.h"

#include <locale.h>
#include <string.h>

#define BASE "https://ehr.example/apis/fhir"

static MwSmartConfiguration *
read_at (const char *text,
         const char *base,
         GError    **error)
{
  g_autoptr (JsonNode) node = mw_json_parse (text, -1, NULL);

  g_assert_nonnull (node);
  return mw_smart_configuration_new (node, base, error);
}

static void
test_full (void)
{
  g_autoptr (MwSmartConfiguration) self = read_at (
      "{\"issuer\":\"https://ehr.example/\",\"jwks_uri\":\"https://ehr.example/jwks\",\"authorization_endpoint\":\"https://ehr.example/auth?realm=a\","
      "\"token_endpoint\":\"https://login.example/token\",\"revocation_endpoint\":\"https://ehr.example/revoke\","
      "\"introspection_endpoint\":\"https://ehr.example/introspect\",\"registration_endpoint\":\"https://ehr.example/register\","
      "\"management_endpoint\":\"https://ehr.example/manage\",\"user_access_brand_bundle\":\"https://ehr.example/brands.json\","
      "\"user_access_brand_identifier\":\"urn:ietf:rfc:3986|https://hospital.example\","
      "\"grant_types_supported\":[\"authorization_code\",\"client_credentials\"],\"scopes_supported\":[\"openid\",\"user/*.rs\"],"
      "\"token_endpoint_auth_methods_supported\":[\"private_key_jwt\"],\"token_endpoint_auth_signing_alg_values_supported\":[\"RS384\",\"ES384\"],"
      "\"code_challenge_methods_supported\":[\"S256\"],\"capabilities\":[\"launch-standalone\",\"permission-v2\"],"
      "\"associated_endpoints\":[{\"url\":\"https://ehr.example/r5\",\"capabilities\":[\"x\"]},{\"url\":\"http://other.example/\"}]}",
      BASE, NULL);

  g_assert_nonnull (self);
  g_assert_cmpstr (self->issuer, ==, "https://ehr.example/");
  g_assert_cmpstr (self->jwks_uri, ==, "https://ehr.example/jwks");
  g_assert_cmpstr (self->authorization_endpoint, ==, "https://ehr.example/auth?realm=a");
  g_assert_cmpstr (self->token_endpoint, ==, "https://login.example/token");
  g_assert_cmpstr (self->revocation_endpoint, ==, "https://ehr.example/revoke");
  g_assert_cmpstr (self->introspection_endpoint, ==, "https://ehr.example/introspect");
  g_assert_cmpstr (self->registration_endpoint, ==, "https://ehr.example/register");
  g_assert_cmpstr (self->management_endpoint, ==, "https://ehr.example/manage");
  g_assert_cmpstr (self->brand_bundle, ==, "https://ehr.example/brands.json");
  g_assert_cmpstr (self->brand_identifier, ==, "urn:ietf:rfc:3986|https://hospital.example");
  g_assert_cmpuint (g_strv_length (self->scopes), ==, 2);
  g_assert_cmpstr (self->signing_algs[1], ==, "ES384");
  g_assert_cmpuint (g_strv_length (self->associated_endpoints), ==, 1);
  g_assert_cmpuint (g_strv_length (self->notes), ==, 0);
  g_assert_true (mw_smart_configuration_has_capability (self, "launch-standalone"));
  g_assert_false (mw_smart_configuration_has_capability (self, "launch-ehr"));
  g_assert_false (mw_smart_configuration_scopes_v1 (self));
  g_assert_cmpint (mw_smart_configuration_supports_grant (self, "client_credentials"), ==, MW_SUPPORT_YES);
  g_assert_cmpint (mw_smart_configuration_supports_auth (self, "client_secret_basic"), ==, MW_SUPPORT_NO);
}

/* What a server of version 1 publishes: few members, and relative URLs */
static void
test_old (void)
{
  g_autoptr (MwSmartConfiguration) self = read_at (
      "{\"authorization_endpoint\":\"/oauth/authorize\",\"token_endpoint\":\" oauth/token \",\"capabilities\":\"launch-standalone permission-v1\","
      "\"revocation_endpoint\":\"../revoke\"}",
      BASE, NULL);

  g_assert_nonnull (self);
  g_assert_cmpstr (self->authorization_endpoint, ==, "https://ehr.example/oauth/authorize");
  g_assert_cmpstr (self->token_endpoint, ==, BASE "/oauth/token");
  g_assert_cmpstr (self->revocation_endpoint, ==, "https://ehr.example/apis/revoke");
  g_assert_null (self->issuer);
  g_assert_null (self->jwks_uri);
  g_assert_true (mw_smart_configuration_has_capability (self, "permission-v1"));
  g_assert_true (mw_smart_configuration_scopes_v1 (self));
  g_assert_cmpuint (g_strv_length (self->grant_types), ==, 0);
  g_assert_cmpint (mw_smart_configuration_supports_grant (self, "authorization_code"), ==, MW_SUPPORT_UNKNOWN);
  g_assert_cmpint (mw_smart_configuration_supports_auth (self, "private_key_jwt"), ==, MW_SUPPORT_UNKNOWN);
}

static void
test_only_token (void)
{
  g_autoptr (MwSmartConfiguration) self = read_at (
      "{\"token_endpoint\":\"https://h/t\",\"capabilities\":[\"launch-ehr\"],\"code_challenge_methods_supported\":[\"plain\"]}", BASE, NULL);

  g_assert_nonnull (self);
  g_assert_cmpint (mw_smart_configuration_supports_grant (self, "authorization_code"), ==, MW_SUPPORT_NO);
  g_assert_cmpuint (g_strv_length (self->notes), ==, 3);
  g_assert_nonnull (strstr (self->notes[0], "S256"));
  g_assert_nonnull (strstr (self->notes[1], "plain"));
  g_assert_nonnull (strstr (self->notes[2], "not where"));
}

/* The token endpoint, the base, and what is made of it; NULL is refused */
static const struct
{
  const char *base, *endpoint, *expected;
} url_cases[] = {
  { BASE, "https://other.example:8443/t", "https://other.example:8443/t" },
  { BASE, "//other.example/t", "https://other.example/t" },
  { BASE "/", "t", BASE "/t" },
  { BASE, "http://ehr.example/t", NULL },
  { BASE, "http://127.0.0.1:631/t", NULL },
  { BASE, "https://user:secret@ehr.example/t", NULL },
  { BASE, "https://ehr.example@evil.example/t", NULL },
  { BASE, "https://ehr.example/t#x", NULL },
  { BASE, "javascript:alert(1)", NULL },
  { BASE, "file:///etc/passwd", NULL },
  { BASE, "https:///t", NULL },
  { BASE, "https://[::1", NULL },
  { "http://127.0.0.1:8080/fhir", "http://127.0.0.1:9090/t", "http://127.0.0.1:9090/t" },
  { "http://127.0.0.1:8080/fhir", "/t", "http://127.0.0.1:8080/t" },
  { "http://localhost:8080/fhir", "http://[::1]:9090/t", "http://[::1]:9090/t" },
  { "http://127.0.0.1:8080/fhir", "http://127.0.0.1.evil.example/t", NULL },
  { "http://127.0.0.1:8080/fhir", "http://0.0.0.0/t", "http://0.0.0.0/t" },
  { BASE, "http://0.0.0.0/t", NULL },
  { "http://clinic.example/fhir", "/t", NULL },
  { "http://clinic.example/fhir", "https://clinic.example/t", "https://clinic.example/t" },
};

static void
test_urls (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (url_cases); i++)
    {
      g_autofree char *needed = g_strdup_printf ("{\"token_endpoint\":\"%s\"}", url_cases[i].endpoint);
      g_autofree char *spare = g_strdup_printf ("{\"token_endpoint\":\"https://h/t\",\"revocation_endpoint\":\"%s\"}", url_cases[i].endpoint);
      g_autoptr (GError) error = NULL;
      g_autoptr (MwSmartConfiguration) one = read_at (needed, url_cases[i].base, &error);
      g_autoptr (MwSmartConfiguration) other = read_at (spare, url_cases[i].base, NULL);

      g_test_message ("%s", url_cases[i].endpoint);
      g_assert_nonnull (other);
      g_assert_cmpstr (other->revocation_endpoint, ==, url_cases[i].expected);
      g_assert_cmpuint (g_strv_length (other->notes), ==, url_cases[i].expected != NULL ? 0 : 1);
      if (url_cases[i].expected != NULL)
        {
          g_assert_no_error (error);
          g_assert_cmpstr (one->token_endpoint, ==, url_cases[i].expected);
          continue;
        }
      g_assert_null (one);
      g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_INSECURE);
      g_assert_nonnull (strstr (error->message, "token_endpoint"));
      g_assert_null (strstr (error->message, "secret"));
      g_assert_nonnull (strstr (other->notes[0], "revocation_endpoint"));
    }
}

static void
test_refused (void)
{
  static const char *const documents[] = {
    "[]",
    "\"https://h/t\"",
    "{}",
    "{\"authorization_endpoint\":\"https://h/a\"}",
    "{\"token_endpoint\":17}",
    "{\"token_endpoint\":{\"url\":\"https://h/t\"}}",
    "{\"token_endpoint\":null,\"capabilities\":[]}",
  };
  g_autoptr (GError) nothing = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_at (documents[i], BASE, &error));
      g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR);
    }
  g_assert_null (mw_smart_configuration_new (NULL, BASE, &nothing));
  g_assert_error (nothing, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR);
}

static void
test_hostile (void)
{
  GString         *text = g_string_new ("{\"token_endpoint\":\"https://h/t\",\"authorization_endpoint\":[\"https://h/a\"],"
                                                "\"grant_types_supported\":{\"a\":1},\"code_challenge_methods_supported\":[1,null,[\"S256\"],{},\"S256\"],"
                                                "\"issuer\":\"");
  g_autofree char *filler = g_strnfill (100000, 'x');
  g_autoptr (MwSmartConfiguration) self = NULL;

  g_string_append_printf (text, "%s\",\"jwks_uri\":\"https://h/%s\",\"associated_endpoints\":\"x\",\"capabilities\":[\"%s\",", filler, filler, filler);
  for (int i = 0; i < 20000; i++)
    g_string_append_printf (text, "\"c%d\",", i);
  g_string_append (text, "\"last\"]}");
  self = read_at (text->str, BASE, NULL);
  g_string_free (text, TRUE);

  g_assert_nonnull (self);
  g_assert_cmpstr (self->authorization_endpoint, ==, "https://h/a");
  g_assert_null (self->issuer);
  g_assert_null (self->jwks_uri);
  g_assert_cmpuint (g_strv_length (self->grant_types), ==, 0);
  g_assert_cmpuint (g_strv_length (self->challenge_methods), ==, 1);
  g_assert_cmpuint (g_strv_length (self->capabilities), <=, MW_SMART_MAX_LIST);
  g_assert_cmpstr (self->capabilities[0], ==, "c0");
}

static MwSmartConfiguration *
read_capability (const char *uris,
                 GError    **error)
{
  g_autofree char *text = g_strdup_printf (
      "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\",\"rest\":[{\"mode\":\"server\",\"security\":{\"extension\":["
      "{\"url\":\"http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris\",\"extension\":[%s]}]}}]}",
      uris);
  g_autoptr (JsonNode) node = mw_json_parse (text, -1, NULL);
  g_autoptr (MwCapability) capability = mw_capability_new (node, NULL);

  g_assert_nonnull (capability);
  return mw_smart_configuration_new_from_capability (capability, BASE, error);
}

static void
test_capability (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwSmartConfiguration) self = read_capability (
      "{\"url\":\"token\",\"valueUri\":\"oauth/token\"},{\"url\":\"authorize\",\"valueUri\":\"https://ehr.example/a\"},"
      "{\"url\":\"register\",\"valueUri\":\"https://ehr.example/r\"},{\"url\":\"manage\",\"valueUri\":\"https://ehr.example/m\"},"
      "{\"url\":\"introspect\",\"valueUri\":\"https://ehr.example/i\"},{\"url\":\"revoke\",\"valueUri\":\"https://ehr.example/v\"}",
      NULL);

  g_assert_nonnull (self);
  g_assert_cmpstr (self->token_endpoint, ==, BASE "/oauth/token");
  g_assert_cmpstr (self->authorization_endpoint, ==, "https://ehr.example/a");
  g_assert_cmpstr (self->registration_endpoint, ==, "https://ehr.example/r");
  g_assert_cmpstr (self->management_endpoint, ==, "https://ehr.example/m");
  g_assert_cmpstr (self->introspection_endpoint, ==, "https://ehr.example/i");
  g_assert_cmpstr (self->revocation_endpoint, ==, "https://ehr.example/v");
  g_assert_true (mw_smart_configuration_scopes_v1 (self));

  /* an open server is no error */
  g_assert_null (read_capability ("", &error));
  g_assert_no_error (error);
  g_assert_null (read_capability ("{\"url\":\"token\",\"valueUri\":\"http://ehr.example/t\"}", &error));
  g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_INSECURE);
}

static void
test_place (void)
{
  g_autofree char *one = mw_smart_configuration_url (BASE);
  g_autofree char *other = mw_smart_configuration_url (BASE "/");

  g_assert_cmpstr (one, ==, BASE "/.well-known/smart-configuration");
  g_assert_cmpstr (other, ==, one);
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/smart-configuration/full", test_full);
  g_test_add_func ("/fhir/smart-configuration/old", test_old);
  g_test_add_func ("/fhir/smart-configuration/only-token", test_only_token);
  g_test_add_func ("/fhir/smart-configuration/urls", test_urls);
  g_test_add_func ("/fhir/smart-configuration/refused", test_refused);
  g_test_add_func ("/fhir/smart-configuration/hostile", test_hostile);
  g_test_add_func ("/fhir/smart-configuration/capability", test_capability);
  g_test_add_func ("/fhir/smart-configuration/place", test_place);
  return g_test_run ();
}
