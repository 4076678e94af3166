/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-auth-fixture.h"

#include <string.h>

#define BASIC "Basic c2FuZGJveC1zZWNyZXQ6c2FuZGJveC1zZWNyZXQtdmFsdWU=" /* sandbox-secret:sandbox-secret-value */
#define OFFLINE "openid fhirUser offline_access user/Patient.rs"

static void
test_configuration (Fixture      *self,
                    gconstpointer data)
{
  const char      *base = mw_sandbox_get_url (self->sandbox, "clinic");
  g_autofree char *root = g_strndup (base, strlen (base) - strlen ("/fhir"));
  g_autofree char *token = g_strconcat (root, "/auth/token", NULL);

  g_assert_cmpuint (fixture_get (self, "clinic", ".well-known/smart-configuration"), ==, 200);
  g_assert_cmpstr (mw_json_string (self->json, "issuer"), ==, root);
  g_assert_cmpstr (mw_json_string (self->json, "token_endpoint"), ==, token);
  g_assert_cmpuint (mw_json_length (self->json, "code_challenge_methods_supported"), ==, 1);
  g_assert_cmpstr (mw_json_string (self->json, "code_challenge_methods_supported"), ==, "S256");
  g_assert_cmpuint (fixture_get (self, "clinic", "metadata"), ==, 200);
  g_assert_cmpstr (mw_json_string (self->json, "rest.security.service.coding.code"), ==, "SMART-on-FHIR");
  /* the open sites have nothing of the kind */
  g_assert_cmpuint (fixture_get (self, "practice", ".well-known/smart-configuration"), ==, 404);
  g_assert_cmpuint (fixture_get (self, "practice", "Patient"), ==, 200);
}

static GBytes *
decode (const char *text)
{
  g_autoptr (GString) padded = g_string_new (text);
  gsize   length;
  guchar *bytes;

  g_strdelimit (padded->str, "-", '+');
  g_strdelimit (padded->str, "_", '/');
  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');
  bytes = g_base64_decode (padded->str, &length);
  return g_bytes_new_take (bytes, length);
}

/* the id token by the key that is published, checked by GnuTLS alone */
static JsonNode *
read_id_token (Fixture    *self,
               const char *token)
{
  g_auto (GStrv) part = g_strsplit (token, ".", -1);
  g_autoptr (GBytes) claims = decode (part[1]);
  g_autoptr (GBytes) signature = decode (part[2]);
  g_autofree char *input = g_strconcat (part[0], ".", part[1], NULL);
  g_autoptr (GBytes) n = NULL;
  g_autoptr (GBytes) e = NULL;
  gnutls_pubkey_t key;
  gnutls_datum_t  text, value, modulus, exponent;

  g_assert_cmpuint (g_strv_length (part), ==, 3);
  g_assert_cmpuint (fixture_auth (self, "GET", "jwks", NULL, NULL, NULL), ==, 200);
  g_assert_cmpstr (mw_json_string (self->json, "keys.alg"), ==, "RS256");
  n = decode (mw_json_string (self->json, "keys.n"));
  e = decode (mw_json_string (self->json, "keys.e"));
  modulus = (gnutls_datum_t){ (unsigned char *) g_bytes_get_data (n, NULL), (unsigned int) g_bytes_get_size (n) };
  exponent = (gnutls_datum_t){ (unsigned char *) g_bytes_get_data (e, NULL), (unsigned int) g_bytes_get_size (e) };
  text = (gnutls_datum_t){ (unsigned char *) input, (unsigned int) strlen (input) };
  value = (gnutls_datum_t){ (unsigned char *) g_bytes_get_data (signature, NULL), (unsigned int) g_bytes_get_size (signature) };
  g_assert_cmpint (gnutls_pubkey_init (&key), ==, 0);
  g_assert_cmpint (gnutls_pubkey_import_rsa_raw (key, &modulus, &exponent), ==, 0);
  g_assert_cmpint (gnutls_pubkey_verify_data2 (key, GNUTLS_SIGN_RSA_SHA256, 0, &text, &value), >=, 0);
  gnutls_pubkey_deinit (key);
  return mw_json_parse (g_bytes_get_data (claims, NULL), (gssize) g_bytes_get_size (claims), NULL);
}

static void
test_code (Fixture      *self,
           gconstpointer data)
{
  g_autofree char *code = fixture_code (self, OFFLINE " launch/patient");
  g_autofree char *token = NULL;
  g_autofree char *user = g_strconcat (mw_sandbox_get_url (self->sandbox, "clinic"), "/", mw_sandbox_get_user (self->sandbox, "clinic"), NULL);
  g_autofree char *id_token = NULL;
  g_autoptr (JsonNode) claims = NULL;

  g_assert_cmpuint (fixture_exchange (self, code, VERIFIER), ==, 200);
  g_assert_cmpstr (fixture_header (self, "Cache-Control"), ==, "no-store");
  g_assert_cmpstr (mw_json_string (self->json, "token_type"), ==, "Bearer");
  g_assert_cmpint (mw_json_integer (self->json, "expires_in", 0), ==, 300);
  g_assert_cmpstr (mw_json_string (self->json, "scope"), ==, OFFLINE " launch/patient");
  g_assert_cmpstr (mw_json_string (self->json, "patient"), ==, "c01");
  token = fixture_member (self, "access_token");
  id_token = fixture_member (self, "id_token");
  claims = read_id_token (self, id_token);
  g_assert_cmpstr (mw_json_string (claims, "fhirUser"), ==, user);
  g_assert_cmpstr (mw_json_string (claims, "aud"), ==, "meanwhile-sandbox");
  g_assert_cmpstr (mw_json_string (claims, "nonce"), ==, "n-1");
  g_assert_cmpuint (fixture_get_with (self, token, "Patient/c01"), ==, 200);
  g_assert_cmpuint (mw_sandbox_count_tokens (self->sandbox, "clinic", "authorization_code"), ==, 1);
}

static void
test_denied (Fixture      *self,
             gconstpointer data)
{
  g_autofree char *error = fixture_authorize (self, OFFLINE, "deny", "error");
  g_autofree char *code = fixture_authorize (self, OFFLINE, "deny", "code");

  g_assert_cmpstr (error, ==, "access_denied");
  g_assert_null (code);
}

static void
test_code_refused (Fixture      *self,
                   gconstpointer data)
{
  g_autofree char *wrong = fixture_code (self, OFFLINE);
  g_autofree char *late = NULL;

  /* one character of the verifier is another */
  fixture_exchange (self, wrong, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl");
  fixture_assert_error (self, 400, "invalid_grant");
  late = fixture_code (self, OFFLINE);
  mw_sandbox_advance (self->sandbox, 61 * G_TIME_SPAN_SECOND);
  fixture_exchange (self, late, VERIFIER);
  fixture_assert_error (self, 400, "invalid_grant");
  fixture_exchange (self, "nonsense", VERIFIER);
  fixture_assert_error (self, 400, "invalid_grant");
  g_assert_cmpuint (mw_sandbox_count_tokens (self->sandbox, "clinic", "refused"), ==, 3);
}

static void
test_code_twice (Fixture      *self,
                 gconstpointer data)
{
  g_autofree char *code = fixture_code (self, OFFLINE);
  g_autofree char *token = NULL;
  g_autofree char *refresh = NULL;
  g_autofree char *form = NULL;

  g_assert_cmpuint (fixture_exchange (self, code, VERIFIER), ==, 200);
  token = fixture_member (self, "access_token");
  refresh = fixture_member (self, "refresh_token");
  g_assert_cmpuint (fixture_get_with (self, token, "Patient"), ==, 200);
  fixture_exchange (self, code, VERIFIER);
  fixture_assert_error (self, 400, "invalid_grant");
  /* what came of it the first time is gone too */
  g_assert_cmpuint (fixture_get_with (self, token, "Patient"), ==, 401);
  form = g_strdup_printf ("grant_type=refresh_token&client_id=meanwhile-sandbox&refresh_token=%s", refresh);
  fixture_auth (self, "POST", "token", form, NULL, NULL);
  fixture_assert_error (self, 400, "invalid_grant");
}

static guint
refresh (Fixture    *self,
         const char *token,
         const char *more)
{
  g_autofree char *form = g_strdup_printf ("grant_type=refresh_token&client_id=meanwhile-sandbox&refresh_token=%s%s", token, more);

  return fixture_auth (self, "POST", "token", form, NULL, NULL);
}

static void
test_refresh (Fixture      *self,
              gconstpointer data)
{
  g_autofree char *code = fixture_code (self, OFFLINE);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *access = NULL;

  g_assert_cmpuint (fixture_exchange (self, code, VERIFIER), ==, 200);
  first = fixture_member (self, "refresh_token");
  refresh (self, first, "&scope=user%2FTask.rs");
  fixture_assert_error (self, 400, "invalid_scope");
  g_assert_cmpuint (refresh (self, first, ""), ==, 200);
  second = fixture_member (self, "refresh_token");
  access = fixture_member (self, "access_token");
  g_assert_cmpstr (first, !=, second);
  g_assert_cmpuint (fixture_get_with (self, access, "Patient"), ==, 200);
  g_assert_cmpuint (mw_sandbox_count_tokens (self->sandbox, "clinic", "refreshed"), ==, 1);
  /* the old one again: somebody else has it, and everything ends */
  refresh (self, first, "");
  fixture_assert_error (self, 400, "invalid_grant");
  g_assert_cmpuint (fixture_get_with (self, access, "Patient"), ==, 401);
  refresh (self, second, "");
  fixture_assert_error (self, 400, "invalid_grant");
}

static void
test_no_offline (Fixture      *self,
                 gconstpointer data)
{
  g_autofree char *token = fixture_sign_in (self, "openid user/Patient.rs");

  g_assert_cmpuint (strlen (token), ==, 43);
  g_assert_false (mw_json_has (self->json, "refresh_token"));
}

static void
test_revoke (Fixture      *self,
             gconstpointer data)
{
  g_autofree char *code = fixture_code (self, OFFLINE);
  g_autofree char *token = NULL;
  g_autofree char *form = NULL;

  g_assert_cmpuint (fixture_exchange (self, code, VERIFIER), ==, 200);
  token = fixture_member (self, "access_token");
  form = g_strdup_printf ("client_id=meanwhile-sandbox&token_type_hint=refresh_token&token=%s", mw_json_string (self->json, "refresh_token"));
  g_assert_cmpuint (fixture_auth (self, "POST", "revoke", form, NULL, NULL), ==, 200);
  g_assert_cmpuint (fixture_get_with (self, token, "Patient"), ==, 401);
  /* what is not known is as good as revoked (RFC 7009 2.2) */
  g_assert_cmpuint (fixture_auth (self, "POST", "revoke", "client_id=meanwhile-sandbox&token=nonsense", NULL, NULL), ==, 200);
  fixture_auth (self, "POST", "revoke", "client_id=nobody&token=nonsense", NULL, NULL);
  fixture_assert_error (self, 401, "invalid_client");
}

static void
test_expiry (Fixture      *self,
             gconstpointer data)
{
  g_autofree char *token = NULL;
  g_autofree char *other = NULL;

  mw_sandbox_set_token_lifetime (self->sandbox, 20);
  token = fixture_sign_in (self, "user/Patient.rs");
  g_assert_cmpint (mw_json_integer (self->json, "expires_in", 0), ==, 20);
  mw_sandbox_advance (self->sandbox, 19 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (fixture_get_with (self, token, "Patient"), ==, 200);
  mw_sandbox_advance (self->sandbox, G_TIME_SPAN_SECOND);
  g_assert_cmpuint (fixture_get_with (self, token, "Patient"), ==, 401);
  g_assert_cmpstr (fixture_header (self, "WWW-Authenticate"), ==, "Bearer error=\"invalid_token\"");
  other = fixture_sign_in (self, "user/Patient.rs");
  mw_sandbox_expire_tokens (self->sandbox);
  g_assert_cmpuint (fixture_get_with (self, other, "Patient"), ==, 401);
}

/* each is right but for one thing; in @back it comes back to the app, else the person is told */
static void
test_authorize_refused (Fixture      *self,
                        gconstpointer data)
{
  static const struct
  {
    const char *right;
    const char *wrong;
    const char *back;
  } cases[] = {
    { "client_id=meanwhile-sandbox", "client_id=nobody", NULL },
    { "callback", "elsewhere", NULL },
    { "127.0.0.1%3A45123", "localhost%3A45123", NULL },
    { "127.0.0.1%3A45123", "evil.example", NULL },
    { "state=" STATE, "state=0123456789abcde", "invalid_request" },
    { "state=" STATE, "other=1", "invalid_request" },
    { "code_challenge=" CHALLENGE, "other=1", "invalid_request" },
    { "method=S256", "method=plain", "invalid_request" },
    { "fhir&", "fhir%2F&", "invalid_request" },
    { "response_type=code", "response_type=token", "unsupported_response_type" },
    { "scope=user%2FPatient.rs", "scope=system%2FPatient.rs", "invalid_scope" },
    { "scope=user%2FPatient.rs", "scope=user%2FPatient.sr", "invalid_scope" },
    { "nonce=1", "state=" STATE, NULL },
  };
  g_autofree char *audience = g_uri_escape_string (mw_sandbox_get_url (self->sandbox, "clinic"), NULL, FALSE);
  g_autofree char *right = g_strdup_printf ("authorize?response_type=code&client_id=meanwhile-sandbox&redirect_uri=http%%3A%%2F%%2F127.0.0.1%%3A45123%%2Fcallback"
                                            "&scope=user%%2FPatient.rs&state=" STATE "&aud=%s&code_challenge=" CHALLENGE "&code_challenge_method=S256&nonce=1",
                                            audience);

  g_assert_cmpuint (fixture_auth (self, "GET", right, NULL, NULL, NULL), ==, 200);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) part = g_strsplit (right, cases[i].right, 2);
      g_autofree char *what = NULL;
      g_autofree char *found = g_strconcat ("error=", cases[i].back, "&", NULL);

      g_assert_cmpuint (g_strv_length (part), ==, 2);
      what = g_strconcat (part[0], cases[i].wrong, part[1], NULL);
      fixture_auth (self, "GET", what, NULL, NULL, NULL);
      if (cases[i].back == NULL)
        {
          g_assert_cmpuint (self->status, ==, 400);
          g_assert_null (fixture_header (self, "Location"));
        }
      else
        {
          g_assert_cmpuint (self->status, ==, 303);
          g_assert_true (g_str_has_prefix (fixture_header (self, "Location"), REDIRECT "?"));
          g_assert_nonnull (strstr (fixture_header (self, "Location"), found));
        }
    }
}

static void
test_secret (Fixture      *self,
             gconstpointer data)
{
  static const char *const wrong[] = {
    "grant_type=client_credentials&scope=system%2FPatient.rs&client_id=sandbox-secret&client_secret=sandbox-secret-valuf",
    "grant_type=client_credentials&scope=system%2FPatient.rs&client_id=sandbox-secret",
    "grant_type=client_credentials&scope=system%2FPatient.rs",
  };
  g_autofree char *token = NULL;

  g_assert_cmpuint (fixture_auth (self, "POST", "token", "grant_type=client_credentials&scope=system%2FPatient.rs", "Authorization", BASIC), ==, 200);
  token = fixture_member (self, "access_token");
  g_assert_false (mw_json_has (self->json, "refresh_token"));
  g_assert_cmpuint (fixture_get_with (self, token, "Patient"), ==, 200);
  g_assert_cmpuint (fixture_auth (self, "POST", "token", "grant_type=client_credentials&scope=system%2FPatient.rs&client_id=sandbox-secret&client_secret=sandbox-secret-value", NULL, NULL), ==, 200);
  g_assert_cmpuint (mw_sandbox_count_tokens (self->sandbox, "clinic", "client_credentials"), ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      fixture_auth (self, "POST", "token", wrong[i], NULL, NULL);
      fixture_assert_error (self, 401, "invalid_client");
      g_assert_nonnull (fixture_header (self, "WWW-Authenticate"));
    }
  fixture_auth (self, "POST", "token", "grant_type=client_credentials&scope=system%2FPatient.rs&client_id=sandbox-secret&client_secret=sandbox-secret-value", "Authorization", BASIC);
  fixture_assert_error (self, 400, "invalid_request");
  fixture_auth (self, "POST", "token", "grant_type=client_credentials&scope=user%2FPatient.rs", "Authorization", BASIC);
  fixture_assert_error (self, 400, "invalid_scope");
  fixture_auth (self, "POST", "token", "grant_type=client_credentials&client_id=meanwhile-sandbox&scope=system%2FPatient.rs", NULL, NULL);
  fixture_assert_error (self, 400, "unauthorized_client");
  fixture_auth (self, "POST", "token", "grant_type=password", "Authorization", BASIC);
  fixture_assert_error (self, 400, "unsupported_grant_type");
  fixture_auth (self, "POST", "token", "grant_type=refresh_token&grant_type=client_credentials", "Authorization", BASIC);
  fixture_assert_error (self, 400, "invalid_request");
}

/* a client that registered one way to send its secret has no other */
static void
test_registered_secret (Fixture      *self,
                        gconstpointer data)
{
  g_autofree char *form = NULL;
  g_autofree char *pair = NULL;
  g_autofree char *encoded = NULL;
  g_autofree char *header = NULL;

  g_assert_cmpuint (fixture_auth (self, "POST", "register", "{\"client_name\":\"A\",\"token_endpoint_auth_method\":\"client_secret_post\",\"scope\":\"system/Patient.r\"}", NULL, NULL), ==, 201);
  form = g_strdup_printf ("grant_type=client_credentials&scope=system%%2FPatient.r+system%%2FTask.r&client_id=%s&client_secret=%s",
                          mw_json_string (self->json, "client_id"), mw_json_string (self->json, "client_secret"));
  pair = g_strdup_printf ("%s:%s", mw_json_string (self->json, "client_id"), mw_json_string (self->json, "client_secret"));
  encoded = g_base64_encode ((const guchar *) pair, strlen (pair));
  header = g_strconcat ("Basic ", encoded, NULL);
  g_assert_cmpuint (fixture_auth (self, "POST", "token", form, NULL, NULL), ==, 200);
  /* no more than it registered for */
  g_assert_cmpstr (mw_json_string (self->json, "scope"), ==, "system/Patient.r");
  fixture_auth (self, "POST", "token", "grant_type=client_credentials&scope=system%2FPatient.r", "Authorization", header);
  fixture_assert_error (self, 401, "invalid_client");
}

static void
test_register_refused (Fixture      *self,
                       gconstpointer data)
{
  static const struct
  {
    const char *body;
    const char *error;
  } cases[] = {
    { "nonsense", "invalid_client_metadata" },
    { "[]", "invalid_client_metadata" },
    { "{\"token_endpoint_auth_method\":\"none\"}", "invalid_client_metadata" },
    { "{\"client_name\":\"A\",\"token_endpoint_auth_method\":\"magic\"}", "invalid_client_metadata" },
    { "{\"client_name\":\"A\",\"token_endpoint_auth_method\":\"private_key_jwt\"}", "invalid_client_metadata" },
    { "{\"client_name\":\"A\",\"jwks\":{\"keys\":[]}}", "invalid_client_metadata" },
    { "{\"client_name\":\"A\",\"jwks\":{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}}", "invalid_client_metadata" },
    { "{\"client_name\":\"A\",\"jwks\":{\"keys\":[{\"kty\":\"EC\",\"kid\":\"k\",\"crv\":\"P-384\",\"x\":\"AA\",\"y\":\"AA\",\"d\":\"AA\"}]}}", "invalid_client_metadata" },
    { "{\"client_name\":\"A\",\"redirect_uris\":[\"/callback\"]}", "invalid_redirect_uri" },
    { "{\"client_name\":\"A\",\"redirect_uris\":[\"http://127.0.0.1/#here\"]}", "invalid_redirect_uri" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      fixture_auth (self, "POST", "register", cases[i].body, NULL, NULL);
      fixture_assert_error (self, 400, cases[i].error);
    }
  g_assert_cmpuint (mw_sandbox_count_tokens (self->sandbox, "clinic", "clients"), ==, 2);
}

static guint
control (Fixture    *self,
         const char *method,
         const char *path,
         const char *body)
{
  const char      *base = mw_sandbox_get_url (self->sandbox, "clinic");
  g_autofree char *url = g_strdup_printf ("%.*ssandbox/%s", (int) (strlen (base) - strlen ("clinic/fhir")), base, path);

  return fixture_send_to (self, url, method, body, "application/json", NULL, NULL);
}

static void
test_controls (Fixture      *self,
               gconstpointer data)
{
  g_autofree char *token = NULL;

  g_assert_cmpuint (control (self, "POST", "auth/settings", "{\"tokenLifetime\":7,\"skew\":3600}"), ==, 200);
  token = fixture_sign_in (self, "user/Patient.rs");
  g_assert_cmpint (mw_json_integer (self->json, "expires_in", 0), ==, 7);
  /* 08:00 and an hour */
  g_assert_nonnull (strstr (fixture_header (self, "Date"), "09:00:00"));
  g_assert_cmpuint (fixture_get_with (self, token, "Patient"), ==, 200);
  g_assert_cmpuint (control (self, "POST", "auth/expire", ""), ==, 200);
  g_assert_cmpuint (fixture_get_with (self, token, "Patient"), ==, 401);
  g_assert_cmpuint (control (self, "GET", "auth", NULL), ==, 200);
  g_assert_cmpint (mw_json_integer (self->json, "clinic.issued.authorization_code", -1), ==, 1);
  g_assert_cmpint (mw_json_integer (self->json, "clinic.refused", -1), ==, 0);
  g_assert_cmpint (mw_json_integer (self->json, "clinic.clients", -1), ==, 2);
  g_assert_cmpuint (control (self, "POST", "auth/settings", "{\"tokenLifetime\":0}"), ==, 400);
  g_assert_cmpuint (control (self, "POST", "auth/settings", "nonsense"), ==, 400);
  g_assert_cmpuint (control (self, "GET", "auth/expire", NULL), ==, 404);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/sandbox/auth/configuration", test_configuration);
  fixture_add ("/sandbox/auth/code", test_code);
  fixture_add ("/sandbox/auth/denied", test_denied);
  fixture_add ("/sandbox/auth/code-refused", test_code_refused);
  fixture_add ("/sandbox/auth/code-twice", test_code_twice);
  fixture_add ("/sandbox/auth/refresh", test_refresh);
  fixture_add ("/sandbox/auth/no-offline", test_no_offline);
  fixture_add ("/sandbox/auth/revoke", test_revoke);
  fixture_add ("/sandbox/auth/expiry", test_expiry);
  fixture_add ("/sandbox/auth/authorize-refused", test_authorize_refused);
  fixture_add ("/sandbox/auth/secret", test_secret);
  fixture_add ("/sandbox/auth/registered-secret", test_registered_secret);
  fixture_add ("/sandbox/auth/register-refused", test_register_refused);
  fixture_add ("/sandbox/auth/controls", test_controls);

  return g_test_run ();
}
