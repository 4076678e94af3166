/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a key signs, checked anew by GnuTLS from what the public set says, as a server would; and that no private part
 * gets out */

#include "key-fixture.h"

#include "mw-base64url.h"

#include <string.h>

#define NOW ((gint64) 1800000000 * G_TIME_SPAN_SECOND)
#define AUDIENCE "https://login.example/oauth2/token?tenant=a&b=c"
#define CLIENT "client \"one\""

/* ---- signing --------------------------------------------------------------------------- */

/* r and s keep their leading zeros: one of them has one in every 128 signatures */
static void
test_raw_signature (void)
{
  g_autoptr (MwKey) key = mw_key_generate (MW_KEY_ES384);
  g_autoptr (JsonNode) set = mw_key_to_public_set (key);
  gnutls_pubkey_t public = key_public_of (mw_json_item (set, "keys", 0));

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *text = g_strdup_printf ("text %u", i);
      g_autofree char *signature = mw_key_sign (key, text);

      g_assert_cmpuint (strlen (signature), ==, 128);
      g_assert_true (key_verifies (public, FALSE, text, signature));
    }
  gnutls_pubkey_deinit (public);
}

static JsonNode *
decode_part (const char *part)
{
  g_autoptr (GBytes) bytes = mw_base64url_decode (part);
  gsize       size;
  const char *data;

  g_assert_nonnull (bytes);
  data = g_bytes_get_data (bytes, &size);
  return mw_json_parse (data, (gssize) size, NULL);
}

/* SMART App Launch 2.2, client-confidential-asymmetric; RFC 7515, 7.1 */
static void
test_assertion (gconstpointer data)
{
  const char *algorithm = data;
  g_autoptr (MwKey) key = mw_key_generate (algorithm);
  g_autofree char *token = mw_key_make_assertion (key, CLIENT, AUDIENCE, NOW);
  g_auto (GStrv) parts = g_strsplit (token, ".", -1);
  g_autoptr (JsonNode) header = decode_part (parts[0]);
  g_autoptr (JsonNode) claims = decode_part (parts[1]);
  g_autoptr (JsonNode) set = mw_key_to_public_set (key);
  gnutls_pubkey_t public = key_public_of (mw_json_item (set, "keys", 0));
  g_autofree char *input = g_strconcat (parts[0], ".", parts[1], NULL);
  gint64           now = NOW / G_TIME_SPAN_SECOND;

  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  g_assert_null (strpbrk (token, "=+/ \n"));
  g_assert_cmpstr (mw_json_string (header, "alg"), ==, algorithm);
  g_assert_cmpstr (mw_json_string (header, "typ"), ==, "JWT");
  g_assert_cmpstr (mw_json_string (header, "kid"), ==, mw_json_string (set, "keys[0].kid"));
  g_assert_cmpuint (json_object_get_size (json_node_get_object (header)), ==, 3);
  g_assert_cmpstr (mw_json_string (claims, "iss"), ==, CLIENT);
  g_assert_cmpstr (mw_json_string (claims, "sub"), ==, CLIENT);
  g_assert_cmpstr (mw_json_string (claims, "aud"), ==, AUDIENCE);
  g_assert_cmpint (mw_json_integer (claims, "exp", 0), >, now + 60);
  g_assert_cmpint (mw_json_integer (claims, "exp", 0), <=, now + 300);
  g_assert_cmpint (mw_json_integer (claims, "iat", 0), ==, now);
  g_assert_true (key_verifies (public, g_str_equal (algorithm, MW_KEY_RS384), input, parts[2]));
  gnutls_pubkey_deinit (public);
}

/* A server takes each once (RFC 7523, 3) */
static void
test_once (void)
{
  g_autoptr (MwKey) key = mw_key_generate (MW_KEY_ES384);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *token = mw_key_make_assertion (key, CLIENT, AUDIENCE, NOW);
      g_auto (GStrv) parts = g_strsplit (token, ".", -1);
      g_autoptr (JsonNode) claims = decode_part (parts[1]);
      const char *jti = mw_json_string (claims, "jti");

      g_assert_nonnull (jti);
      g_assert_cmpuint (strlen (jti), >=, 22);
      g_assert_true (g_hash_table_add (seen, g_strdup (jti)));
    }
}

/* ---- what gets out ---------------------------------------------------------------------- */

static void
assert_public_only (gnutls_x509_privkey_t made)
{
  static const char *const allowed[] = { "kty", "crv", "x", "y", "n", "e", "kid", "alg", "use", NULL };
  static const char *const private[] = { "d", "p", "q", "dp", "dq", "qi" };
  g_autoptr (JsonNode) jwk = key_to_jwk (made);
  g_autofree char *text = mw_json_to_text (jwk, FALSE);
  g_autoptr (MwKey) key = key_read (text);
  g_autoptr (JsonNode) set = mw_key_to_public_set (key);
  g_autofree char *published = mw_json_to_text (set, FALSE);
  g_autoptr (GList) members = json_object_get_members (json_node_get_object (mw_json_item (set, "keys", 0)));

  g_assert_cmpuint (json_object_get_size (json_node_get_object (set)), ==, 1);
  g_assert_cmpuint (mw_json_length (set, "keys"), ==, 1);
  for (GList *at = members; at != NULL; at = at->next)
    g_assert_true (g_strv_contains (allowed, at->data));
  for (guint i = 0; i < G_N_ELEMENTS (private); i++)
    if (mw_json_string (jwk, private[i]) != NULL)
      g_assert_null (strstr (published, mw_json_string (jwk, private[i])));
  g_assert_cmpstr (mw_json_string (set, "keys[0].use"), ==, "sig");
}

static void
test_public_set (void)
{
  gnutls_x509_privkey_t elliptic = key_make_elliptic (GNUTLS_ECC_CURVE_SECP384R1);
  gnutls_x509_privkey_t rsa = key_make (GNUTLS_PK_RSA, 2048);

  assert_public_only (elliptic);
  assert_public_only (rsa);
  gnutls_x509_privkey_deinit (elliptic);
  gnutls_x509_privkey_deinit (rsa);
}

static void
test_generate (void)
{
  g_autoptr (MwKey) elliptic = mw_key_generate (MW_KEY_ES384);
  g_autoptr (MwKey) rsa = mw_key_generate (MW_KEY_RS384);
  g_autoptr (JsonNode) set = mw_key_to_public_set (rsa);
  g_autoptr (GBytes) modulus = mw_base64url_decode (mw_json_string (set, "keys[0].n"));

  key_assert_signs (elliptic, MW_KEY_ES384);
  key_assert_signs (rsa, MW_KEY_RS384);
  g_assert_cmpuint (g_bytes_get_size (modulus), ==, 3072 / 8);
}

/* ---- base64url ---------------------------------------------------------------------------- */

static void
test_base64url (void)
{
  static const char *const bad[] = { NULL, "", "A", "AAAAA", "AA==", "A+B/", "AA A", "AA\n", "caf\xc3\xa9" };
  static const guint8      high[] = { 0xfb, 0xff, 0xfe, 0xff };
  g_autofree char         *text = mw_base64url_encode (high, sizeof high);

  /* RFC 4648, 5 and 10 */
  g_assert_cmpstr (text, ==, "-__-_w");
  for (guint length = 1; length < 6; length++)
    {
      static const char *const vectors[] = { "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE" };
      g_autofree char         *encoded = mw_base64url_encode ("foobar", length);
      g_autoptr (GBytes) decoded = mw_base64url_decode (encoded);

      g_assert_cmpstr (encoded, ==, vectors[length - 1]);
      g_assert_cmpmem (g_bytes_get_data (decoded, NULL), g_bytes_get_size (decoded), "foobar", length);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (mw_base64url_decode (bad[i]));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/assertion/raw-signature", test_raw_signature);
  g_test_add_data_func ("/net/assertion/made/ES384", MW_KEY_ES384, test_assertion);
  g_test_add_data_func ("/net/assertion/made/RS384", MW_KEY_RS384, test_assertion);
  g_test_add_func ("/net/assertion/once", test_once);
  g_test_add_func ("/net/assertion/public-set", test_public_set);
  g_test_add_func ("/net/assertion/generate", test_generate);
  g_test_add_func ("/net/assertion/base64url", test_base64url);
  return g_test_run ();
}
