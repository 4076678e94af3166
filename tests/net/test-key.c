/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which keys are taken, and in which sentence the others are refused */

#include "key-fixture.h"

#include "mw-base64url.h"

#include <gnutls/crypto.h>
#include <string.h>

/* RFC 7638, 3: of the members that make the key, in this order, without a space */
static char *
thumbprint (JsonNode *jwk)
{
  gboolean         rsa = g_strcmp0 (mw_json_string (jwk, "kty"), "RSA") == 0;
  g_autofree char *text = NULL;
  guint8           digest[32];

  if (rsa)
    text = g_strdup_printf ("{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}", mw_json_string (jwk, "e"), mw_json_string (jwk, "n"));
  else
    text = g_strdup_printf ("{\"crv\":\"P-384\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}", mw_json_string (jwk, "x"), mw_json_string (jwk, "y"));
  key_must (gnutls_hash_fast (GNUTLS_DIG_SHA256, text, strlen (text), digest));
  return mw_base64url_encode (digest, sizeof digest);
}

/* ---- reading ------------------------------------------------------------------------ */

/* The same key in each form is the same key: it has the same name, and its public set is the same */
static void
assert_forms (gnutls_x509_privkey_t made,
              const char           *algorithm)
{
  static const KeyForm forms[] = { KEY_PKCS1_OR_SEC1, KEY_PKCS8 };
  g_autoptr (JsonNode) jwk = key_to_jwk (made);
  g_autofree char *text = mw_json_to_text (jwk, TRUE);
  g_autofree char *name = thumbprint (jwk);
  g_autoptr (MwKey) by_jwk = key_read (text);

  key_assert_signs (by_jwk, algorithm);
  g_assert_cmpstr (mw_key_get_id (by_jwk), ==, name);
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree char *pem = key_to_pem (made, forms[i]);
      g_autofree char *indented = g_strconcat ("\n \t", pem, NULL);
      g_autoptr (MwKey) by_pem = key_read (indented);
      g_autofree char *again = mw_key_to_pem (by_pem);
      g_autoptr (MwKey) by_own = key_read (again);

      key_assert_signs (by_pem, algorithm);
      g_assert_cmpstr (mw_key_get_id (by_pem), ==, name);
      g_assert_cmpstr (mw_key_get_id (by_own), ==, name);
      key_assert_signs (by_own, algorithm);
    }
}

static void
test_elliptic (void)
{
  gnutls_x509_privkey_t made = key_make_elliptic (GNUTLS_ECC_CURVE_SECP384R1);

  assert_forms (made, MW_KEY_ES384);
  gnutls_x509_privkey_deinit (made);
}

static void
test_rsa (void)
{
  gnutls_x509_privkey_t made = key_make (GNUTLS_PK_RSA, 2048);

  assert_forms (made, MW_KEY_RS384);
  gnutls_x509_privkey_deinit (made);
}

/* One of 128 keys has a coordinate that begins with a zero, and some libraries drop it: the set must have all 48 bytes */
static void
test_leading_zeros (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      gnutls_x509_privkey_t made = key_make_elliptic (GNUTLS_ECC_CURVE_SECP384R1);
      g_autoptr (JsonNode) jwk = key_to_jwk (made);
      gboolean found = g_str_has_prefix (mw_json_string (jwk, "x"), "AA") || g_str_has_prefix (mw_json_string (jwk, "y"), "AA") ||
                       g_str_has_prefix (mw_json_string (jwk, "x"), "AB") || g_str_has_prefix (mw_json_string (jwk, "y"), "AB");

      if (found)
        assert_forms (made, MW_KEY_ES384);
      gnutls_x509_privkey_deinit (made);
      if (found)
        return;
    }
  g_assert_not_reached ();
}

static void
test_named (void)
{
  gnutls_x509_privkey_t made = key_make_elliptic (GNUTLS_ECC_CURVE_SECP384R1);
  gnutls_x509_privkey_t other = key_make_elliptic (GNUTLS_ECC_CURVE_SECP384R1);
  g_autoptr (JsonNode) jwk = key_to_jwk (made);
  JsonNode *set = mw_json_object_new ();
  JsonNode *public = key_to_jwk (other);
  g_autofree char *text = NULL, *set_text = NULL;
  g_autoptr (MwKey) alone = NULL;
  g_autoptr (MwKey) of_set = NULL;

  mw_json_set (jwk, "kid", "my key");
  text = mw_json_to_text (jwk, FALSE);
  alone = key_read (text);
  g_assert_cmpstr (mw_key_get_id (alone), ==, "my key");
  /* of a set the first one that is private */
  mw_json_remove (public, "d");
  mw_json_set (public, "kid", "public");
  mw_json_take (set, "keys[+]", public);
  mw_json_take (set, "keys[+]", g_steal_pointer (&jwk));
  set_text = mw_json_to_text (set, FALSE);
  of_set = key_read (set_text);
  g_assert_cmpstr (mw_key_get_id (of_set), ==, "my key");
  json_node_unref (set);
  gnutls_x509_privkey_deinit (made);
  gnutls_x509_privkey_deinit (other);
}

/* ---- refused -------------------------------------------------------------------------- */

/* @text: (transfer full) */
static void
assert_refused (char       *text,
                MwKeyError  code,
                const char *words)
{
  g_autofree char *owned = text;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwKey) key = mw_key_new (owned, &error);

  g_assert_null (key);
  g_assert_error (error, MW_KEY_ERROR, (gint) code);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” does not say “%s”", error->message, words);
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_null (strchr (error->message, '%'));
}

static void
test_kinds (void)
{
  static const char     words[] = "of a kind that servers do not take";
  gnutls_x509_privkey_t p256 = key_make_elliptic (GNUTLS_ECC_CURVE_SECP256R1);
  gnutls_x509_privkey_t weak = key_make (GNUTLS_PK_RSA, 1024);
  gnutls_x509_privkey_t edwards = key_make (GNUTLS_PK_EDDSA_ED25519, 256);
  g_autoptr (JsonNode) p256_jwk = key_to_jwk (p256);
  g_autoptr (JsonNode) weak_jwk = key_to_jwk (weak);

  assert_refused (key_to_pem (p256, KEY_PKCS8), MW_KEY_ERROR_KIND, words);
  assert_refused (key_to_pem (p256, KEY_PKCS1_OR_SEC1), MW_KEY_ERROR_KIND, words);
  assert_refused (mw_json_to_text (p256_jwk, FALSE), MW_KEY_ERROR_KIND, words);
  assert_refused (key_to_pem (weak, KEY_PKCS8), MW_KEY_ERROR_KIND, words);
  assert_refused (mw_json_to_text (weak_jwk, FALSE), MW_KEY_ERROR_KIND, words);
  assert_refused (key_to_pem (edwards, KEY_PKCS8), MW_KEY_ERROR_KIND, words);
  gnutls_x509_privkey_deinit (p256);
  gnutls_x509_privkey_deinit (weak);
  gnutls_x509_privkey_deinit (edwards);
}

static char *
without (gnutls_x509_privkey_t key,
         const char           *member)
{
  g_autoptr (JsonNode) jwk = key_to_jwk (key);

  g_assert_nonnull (mw_json_string (jwk, member));
  mw_json_remove (jwk, member);
  return mw_json_to_text (jwk, FALSE);
}

static char *
with (gnutls_x509_privkey_t key,
      const char           *member,
      const char           *value)
{
  g_autoptr (JsonNode) jwk = key_to_jwk (key);

  mw_json_set (jwk, member, value);
  return mw_json_to_text (jwk, FALSE);
}

static void
test_public_only (void)
{
  static const char     words[] = "only the public part";
  gnutls_x509_privkey_t elliptic = key_make_elliptic (GNUTLS_ECC_CURVE_SECP384R1);
  gnutls_x509_privkey_t rsa = key_make (GNUTLS_PK_RSA, 2048);
  g_autofree char      *pem = key_to_pem (elliptic, KEY_PKCS8);
  g_autoptr (MwKey) key = key_read (pem);
  g_autoptr (JsonNode) set = mw_key_to_public_set (key);

  assert_refused (key_to_pem (elliptic, KEY_PUBLIC), MW_KEY_ERROR_UNREADABLE, words);
  assert_refused (key_to_pem (rsa, KEY_PUBLIC), MW_KEY_ERROR_UNREADABLE, words);
  assert_refused (without (elliptic, "d"), MW_KEY_ERROR_UNREADABLE, words);
  assert_refused (without (rsa, "d"), MW_KEY_ERROR_UNREADABLE, words);
  assert_refused (mw_json_to_text (set, FALSE), MW_KEY_ERROR_UNREADABLE, words);
  gnutls_x509_privkey_deinit (elliptic);
  gnutls_x509_privkey_deinit (rsa);
}

static void
test_locked (void)
{
  gnutls_x509_privkey_t made = key_make_elliptic (GNUTLS_ECC_CURVE_SECP384R1);
  g_autofree char      *plain = key_to_pem (made, KEY_PKCS1_OR_SEC1);
  char                **lines = g_strsplit (plain, "\n", 2);

  assert_refused (key_to_pem (made, KEY_PKCS8_ENCRYPTED), MW_KEY_ERROR_UNREADABLE, "locked with a password");
  /* as OpenSSL writes it in its own form */
  assert_refused (g_strconcat (lines[0], "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n", lines[1], NULL), MW_KEY_ERROR_UNREADABLE,
                  "locked with a password");
  g_strfreev (lines);
  gnutls_x509_privkey_deinit (made);
}

static void
test_garbage (void)
{
  static const char        words[] = "not a private key that Meanwhile can read";
  static const char *const texts[] = { "", " ", "nonsense", "{}", "{", "[]", "{\"keys\":[]}", "{\"keys\":7}", "{\"d\":\"AQAB\"}", "{\"kty\":\"oct\",\"d\":\"AQAB\"}",
                                       "{\"kty\":[\"EC\"],\"d\":\"AQAB\"}", "\xff\xfe" };
  gnutls_x509_privkey_t    elliptic = key_make_elliptic (GNUTLS_ECC_CURVE_SECP384R1);
  gnutls_x509_privkey_t    other = key_make_elliptic (GNUTLS_ECC_CURVE_SECP384R1);
  gnutls_x509_privkey_t    rsa = key_make (GNUTLS_PK_RSA, 2048);
  gnutls_x509_privkey_t    other_rsa = key_make (GNUTLS_PK_RSA, 2048);
  g_autoptr (JsonNode) other_jwk = key_to_jwk (other);
  g_autoptr (JsonNode) other_rsa_jwk = key_to_jwk (other_rsa);
  g_autofree char *pem = key_to_pem (elliptic, KEY_PKCS8);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (g_strdup (texts[i]), MW_KEY_ERROR_UNREADABLE, words);
  assert_refused (g_strndup (pem, strlen (pem) / 2), MW_KEY_ERROR_UNREADABLE, words);
  assert_refused (without (elliptic, "x"), MW_KEY_ERROR_UNREADABLE, words);
  assert_refused (without (elliptic, "crv"), MW_KEY_ERROR_UNREADABLE, words);
  assert_refused (without (rsa, "n"), MW_KEY_ERROR_UNREADABLE, words);
  assert_refused (with (elliptic, "d", "a+b/"), MW_KEY_ERROR_UNREADABLE, words);
  assert_refused (with (elliptic, "d", "AA"), MW_KEY_ERROR_UNREADABLE, words);
  /* halves of two keys: what it signs nobody could check */
  assert_refused (with (elliptic, "d", mw_json_string (other_jwk, "d")), MW_KEY_ERROR_UNREADABLE, words);
  assert_refused (with (elliptic, "x", mw_json_string (other_jwk, "x")), MW_KEY_ERROR_UNREADABLE, words);
  assert_refused (with (rsa, "n", mw_json_string (other_rsa_jwk, "n")), MW_KEY_ERROR_UNREADABLE, words);
  assert_refused (with (rsa, "p", mw_json_string (other_rsa_jwk, "p")), MW_KEY_ERROR_UNREADABLE, words);
  gnutls_x509_privkey_deinit (elliptic);
  gnutls_x509_privkey_deinit (other);
  gnutls_x509_privkey_deinit (rsa);
  gnutls_x509_privkey_deinit (other_rsa);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/key/elliptic", test_elliptic);
  g_test_add_func ("/net/key/rsa", test_rsa);
  g_test_add_func ("/net/key/leading-zeros", test_leading_zeros);
  g_test_add_func ("/net/key/named", test_named);
  g_test_add_func ("/net/key/refused/kind", test_kinds);
  g_test_add_func ("/net/key/refused/public", test_public_only);
  g_test_add_func ("/net/key/refused/locked", test_locked);
  g_test_add_func ("/net/key/refused/garbage", test_garbage);
  return g_test_run ();
}
