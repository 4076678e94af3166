/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-auth-fixture.h"

#include <gnutls/crypto.h>

#include <string.h>

#define FORM "application/x-www-form-urlencoded"
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

static char *
base64url (gconstpointer data,
           gsize         length)
{
  char *text = g_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

/* Asks @what of the clinic's authorization server: "token", or "authorize?…"; @form is the body */
guint
fixture_auth (Fixture    *self,
              const char *method,
              const char *what,
              const char *form,
              const char *header,
              const char *value)
{
  const char      *base = mw_sandbox_get_url (self->sandbox, "clinic");
  g_autofree char *url = g_strdup_printf ("%.*sauth/%s", (int) (strlen (base) - strlen ("fhir")), base, what);

  return fixture_send_to (self, url, method, form, FORM, header, value);
}

guint
fixture_send_with (Fixture    *self,
                   const char *token,
                   const char *method,
                   const char *path,
                   const char *body)
{
  g_autofree char *value = token != NULL ? g_strconcat ("Bearer ", token, NULL) : NULL;

  return fixture_send (self, "clinic", method, path, body, token != NULL ? "Authorization" : NULL, value);
}

guint
fixture_get_with (Fixture    *self,
                  const char *token,
                  const char *path)
{
  return fixture_send_with (self, token, "GET", path, NULL);
}

/* What stands in the page between @before and the next quotation mark */
static char *
between (Fixture    *self,
         const char *before)
{
  g_autofree char *page = g_strndup (g_bytes_get_data (self->body, NULL), g_bytes_get_size (self->body));
  const char      *start = strstr (page, before);

  g_assert_nonnull (start);
  start += strlen (before);
  return g_strndup (start, strcspn (start, "\""));
}

/**
 * fixture_authorize:
 * @decision: the button that the person presses
 * @parameter: (nullable): a parameter of the answer
 *
 * Plays the app, the browser and the person, up to the redirect.
 *
 * Returns: (transfer full) (nullable): @parameter of the redirect
 */
char *
fixture_authorize (Fixture    *self,
                   const char *scope,
                   const char *decision,
                   const char *parameter)
{
  g_autofree char *audience = g_uri_escape_string (mw_sandbox_get_url (self->sandbox, "clinic"), NULL, FALSE);
  g_autofree char *asked = g_uri_escape_string (scope, NULL, FALSE);
  g_autofree char *what = g_strdup_printf ("authorize?response_type=code&client_id=meanwhile-sandbox&redirect_uri=http%%3A%%2F%%2F127.0.0.1%%3A45123%%2Fcallback"
                                           "&scope=%s&state=" STATE "&aud=%s&code_challenge=" CHALLENGE "&code_challenge_method=S256&nonce=n-1",
                                           asked, audience);
  g_autofree char *ticket = NULL;
  g_autofree char *form = NULL;
  g_autoptr (GHashTable) values = NULL;
  g_autoptr (GUri) location = NULL;

  g_assert_cmpuint (fixture_auth (self, "GET", what, NULL, NULL, NULL), ==, 200);
  g_assert_cmpstr (fixture_header (self, "Cache-Control"), ==, "no-store");
  g_assert_true (g_str_has_prefix (fixture_header (self, "Content-Type"), "text/html"));
  ticket = between (self, "name=\"ticket\" value=\"");
  form = g_strdup_printf ("ticket=%s&user=ines-marchetti&patient=c01&decision=%s", ticket, decision);
  g_assert_cmpuint (fixture_auth (self, "POST", "authorize", form, NULL, NULL), ==, 303);
  location = g_uri_parse (fixture_header (self, "Location"), G_URI_FLAGS_ENCODED, NULL);
  g_assert_nonnull (location);
  g_assert_cmpint (g_uri_get_port (location), ==, 45123);
  values = g_uri_parse_params (g_uri_get_query (location), -1, "&", G_URI_PARAMS_NONE, NULL);
  g_assert_cmpstr (g_hash_table_lookup (values, "state"), ==, STATE);
  return parameter != NULL ? g_strdup (g_hash_table_lookup (values, parameter)) : NULL;
}

char *
fixture_code (Fixture    *self,
              const char *scope)
{
  char *code = fixture_authorize (self, scope, "allow", "code");

  g_assert_nonnull (code);
  return code;
}

guint
fixture_exchange (Fixture    *self,
                  const char *code,
                  const char *verifier)
{
  g_autofree char *form = g_strdup_printf ("grant_type=authorization_code&code=%s&redirect_uri=http%%3A%%2F%%2F127.0.0.1%%3A45123%%2Fcallback"
                                           "&client_id=meanwhile-sandbox&code_verifier=%s",
                                           code, verifier);

  return fixture_auth (self, "POST", "token", form, NULL, NULL);
}

/* (transfer full): a member of the last answer */
char *
fixture_member (Fixture    *self,
                const char *path)
{
  g_assert_nonnull (mw_json_string (self->json, path));
  return g_strdup (mw_json_string (self->json, path));
}

/* (transfer full): an access token for @scope */
char *
fixture_sign_in (Fixture    *self,
                 const char *scope)
{
  g_autofree char *code = fixture_code (self, scope);

  g_assert_cmpuint (fixture_exchange (self, code, VERIFIER), ==, 200);
  return fixture_member (self, "access_token");
}

void
fixture_assert_error (Fixture    *self,
                      guint       status,
                      const char *error)
{
  g_assert_cmpuint (self->status, ==, status);
  g_assert_cmpstr (mw_json_string (self->json, "error"), ==, error);
  g_assert_nonnull (mw_json_string (self->json, "error_description"));
  g_assert_cmpstr (fixture_header (self, "Cache-Control"), ==, "no-store");
}

/* A key for this run alone */
gnutls_privkey_t
fixture_key (gnutls_pk_algorithm_t kind)
{
  gnutls_privkey_t key;
  unsigned int     bits = kind == GNUTLS_PK_RSA ? 2048 : GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP384R1);

  g_assert_cmpint (gnutls_privkey_init (&key), ==, GNUTLS_E_SUCCESS);
  g_assert_cmpint (gnutls_privkey_generate (key, kind, bits, 0), ==, GNUTLS_E_SUCCESS);
  return key;
}

static char *
padded (gnutls_datum_t *number,
        gsize           length)
{
  g_autofree guchar *bytes = g_malloc0 (length);
  gsize              skip = number->size > length ? number->size - length : 0;
  gsize              size = number->size - skip;

  memcpy (bytes + length - size, number->data + skip, size);
  gnutls_free (number->data);
  return base64url (bytes, length);
}

char *
fixture_jwk (gnutls_privkey_t key,
             const char      *kid)
{
  gnutls_datum_t        a, b;
  gnutls_ecc_curve_t    curve;
  g_autofree char      *first = NULL;
  g_autofree char      *second = NULL;
  gnutls_pk_algorithm_t kind = (gnutls_pk_algorithm_t) gnutls_privkey_get_pk_algorithm (key, NULL);

  if (kind == GNUTLS_PK_RSA)
    {
      g_assert_cmpint (gnutls_privkey_export_rsa_raw2 (key, &a, &b, NULL, NULL, NULL, NULL, NULL, NULL, GNUTLS_EXPORT_FLAG_NO_LZ), ==, GNUTLS_E_SUCCESS);
      first = base64url (a.data, a.size);
      second = base64url (b.data, b.size);
      gnutls_free (a.data);
      gnutls_free (b.data);
      return g_strdup_printf ("{'kty':'RSA','kid':'%s','n':'%s','e':'%s'}", kid, first, second);
    }
  g_assert_cmpint (gnutls_privkey_export_ecc_raw2 (key, &curve, &a, &b, NULL, 0), ==, GNUTLS_E_SUCCESS);
  first = padded (&a, 48);
  second = padded (&b, 48);
  return g_strdup_printf ("{'kty':'EC','crv':'P-384','kid':'%s','x':'%s','y':'%s'}", kid, first, second);
}

/* (transfer full): the client_id of a new client whose key this is, under the kid "k1" */
char *
fixture_register (Fixture         *self,
                  gnutls_privkey_t key,
                  const char      *scope)
{
  g_autofree char *jwk = fixture_jwk (key, "k1");
  g_autofree char *body = g_strdup_printf ("{'client_name':'A test','jwks':{'keys':[%s]},'scope':'%s'}", jwk, scope);

  g_autofree char *json = fixture_quote (body);

  g_assert_cmpuint (fixture_auth (self, "POST", "register", json, NULL, NULL), ==, 201);
  g_assert_cmpstr (mw_json_string (self->json, "token_endpoint_auth_method"), ==, "private_key_jwt");
  return fixture_member (self, "client_id");
}

static char *
sign (gnutls_privkey_t key,
      const char      *text)
{
  gnutls_datum_t   data = { (unsigned char *) text, (unsigned int) strlen (text) }, signature, r, s;
  gboolean         rsa = gnutls_privkey_get_pk_algorithm (key, NULL) == GNUTLS_PK_RSA;
  g_autofree char *first = NULL;
  guchar           raw[96] = { 0 };
  char            *encoded;

  g_assert_cmpint (gnutls_privkey_sign_data2 (key, rsa ? GNUTLS_SIGN_RSA_SHA384 : GNUTLS_SIGN_ECDSA_SHA384, 0, &data, &signature), ==, GNUTLS_E_SUCCESS);
  if (rsa)
    encoded = base64url (signature.data, signature.size);
  else
    {
      gsize skip_r, skip_s;

      g_assert_cmpint (gnutls_decode_rs_value (&signature, &r, &s), ==, GNUTLS_E_SUCCESS);
      skip_r = r.size > 48 ? r.size - 48 : 0;
      skip_s = s.size > 48 ? s.size - 48 : 0;
      memcpy (raw + 48 - (r.size - skip_r), r.data + skip_r, r.size - skip_r);
      memcpy (raw + 96 - (s.size - skip_s), s.data + skip_s, s.size - skip_s);
      gnutls_free (r.data);
      gnutls_free (s.data);
      encoded = base64url (raw, sizeof raw);
    }
  gnutls_free (signature.data);
  return encoded;
}

/* (transfer full): a JWT by @client; @what says in what it differs from a right one */
char *
fixture_assertion (Fixture         *self,
                   gnutls_privkey_t key,
                   const char      *client,
                   const Assertion *what)
{
  static guint     number;
  gboolean         rsa = gnutls_privkey_get_pk_algorithm (key, NULL) == GNUTLS_PK_RSA;
  const char      *base = mw_sandbox_get_url (self->sandbox, "clinic");
  g_autofree char *endpoint = g_strdup_printf ("%.*sauth/token", (int) (strlen (base) - strlen ("fhir")), base);
  g_autofree char *id = g_strdup_printf ("jti-%u", ++number);
  gint64           now = mw_sandbox_get_now (self->sandbox) / G_USEC_PER_SEC;
  g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}", what->algorithm != NULL ? what->algorithm : rsa ? "RS384"
                                                                                                                                                : "ES384",
                                             what->kid != NULL ? what->kid : "k1");
  g_autofree char *claims = g_strdup_printf ("{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"jti\":\"%s\",\"exp\":%" G_GINT64_FORMAT "}", client,
                                             what->subject != NULL ? what->subject : client, what->audience != NULL ? what->audience : endpoint,
                                             what->id != NULL ? what->id : id, now + (what->expires_in != 0 ? what->expires_in : 240));
  g_autofree char *first = base64url (header, strlen (header));
  g_autofree char *second = base64url (claims, strlen (claims));
  g_autofree char *text = g_strconcat (first, ".", second, NULL);
  g_autofree char *signature = sign (key, text);

  return g_strconcat (text, ".", signature, NULL);
}

guint
fixture_assert_client (Fixture    *self,
                       const char *assertion,
                       const char *scope)
{
  g_autofree char *asked = g_uri_escape_string (scope, NULL, FALSE);
  g_autofree char *form = g_strdup_printf ("grant_type=client_credentials&scope=%s&client_assertion_type=" ASSERTION_TYPE "&client_assertion=%s", asked, assertion);

  return fixture_auth (self, "POST", "token", form, NULL, NULL);
}
