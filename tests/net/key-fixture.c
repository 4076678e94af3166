/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "key-fixture.h"

#include "mw-base64url.h"

#include <gnutls/crypto.h>
#include <string.h>

void
key_must (int result)
{
  if (result < 0)
    g_error ("GnuTLS: %s", gnutls_strerror (result));
}

/* ---- keys of the test's own ---------------------------------------------------- */

gnutls_x509_privkey_t
key_make (gnutls_pk_algorithm_t algorithm,
          unsigned int          bits)
{
  gnutls_x509_privkey_t key;

  key_must (gnutls_x509_privkey_init (&key));
  key_must (gnutls_x509_privkey_generate (key, algorithm, bits, 0));
  return key;
}

gnutls_x509_privkey_t
key_make_elliptic (gnutls_ecc_curve_t curve)
{
  return key_make (GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (curve));
}

static char *
take_text (gnutls_datum_t *data)
{
  char *text = g_strndup ((const char *) data->data, data->size);

  gnutls_free (data->data);
  return text;
}

char *
key_to_pem (gnutls_x509_privkey_t key,
            KeyForm               form)
{
  gnutls_datum_t out;
  gnutls_privkey_t private;
  gnutls_pubkey_t public;

  switch (form)
    {
    case KEY_PKCS1_OR_SEC1:
      key_must (gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_PEM, &out));
      break;
    case KEY_PKCS8:
      key_must (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &out));
      break;
    case KEY_PKCS8_ENCRYPTED:
      key_must (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, "password", GNUTLS_PKCS_PBES2_AES_256, &out));
      break;
    case KEY_PUBLIC:
    default:
      key_must (gnutls_privkey_init (&private));
      key_must (gnutls_privkey_import_x509 (private, key, 0));
      key_must (gnutls_pubkey_init (&public));
      key_must (gnutls_pubkey_import_privkey (public, private, 0, 0));
      key_must (gnutls_pubkey_export2 (public, GNUTLS_X509_FMT_PEM, &out));
      gnutls_pubkey_deinit (public);
      gnutls_privkey_deinit (private);
    }
  return take_text (&out);
}

/* A number as JSON Web Keys have it: at least @size bytes, for the coordinates of elliptic keys */
static void
set_number (JsonNode       *jwk,
            const char     *member,
            gnutls_datum_t *number,
            gsize           size)
{
  gsize              skip = 0;
  g_autofree guint8 *padded = NULL;
  g_autofree char   *text = NULL;
  gsize              length;

  while (skip < number->size && number->data[skip] == 0)
    skip++;
  length = MAX (number->size - skip, size);
  padded = g_malloc0 (length);
  memcpy (padded + length - (number->size - skip), number->data + skip, number->size - skip);
  text = mw_base64url_encode (padded, length);
  mw_json_set (jwk, member, text);
  gnutls_free (number->data);
}

JsonNode *
key_to_jwk (gnutls_x509_privkey_t key)
{
  JsonNode          *jwk = mw_json_object_new ();
  gnutls_datum_t     m, e, d, p, q, u, e1, e2;
  gnutls_ecc_curve_t curve;

  if (gnutls_x509_privkey_get_pk_algorithm (key) == GNUTLS_PK_RSA)
    {
      key_must (gnutls_x509_privkey_export_rsa_raw2 (key, &m, &e, &d, &p, &q, &u, &e1, &e2));
      mw_json_set (jwk, "kty", "RSA");
      set_number (jwk, "n", &m, 0);
      set_number (jwk, "e", &e, 0);
      set_number (jwk, "d", &d, 0);
      set_number (jwk, "p", &p, 0);
      set_number (jwk, "q", &q, 0);
      set_number (jwk, "dp", &e1, 0);
      set_number (jwk, "dq", &e2, 0);
      set_number (jwk, "qi", &u, 0);
      return jwk;
    }
  key_must (gnutls_x509_privkey_export_ecc_raw (key, &curve, &m, &e, &d));
  mw_json_set (jwk, "kty", "EC");
  mw_json_set (jwk, "crv", curve == GNUTLS_ECC_CURVE_SECP384R1 ? "P-384" : "P-256");
  set_number (jwk, "x", &m, curve == GNUTLS_ECC_CURVE_SECP384R1 ? 48 : 32);
  set_number (jwk, "y", &e, curve == GNUTLS_ECC_CURVE_SECP384R1 ? 48 : 32);
  set_number (jwk, "d", &d, curve == GNUTLS_ECC_CURVE_SECP384R1 ? 48 : 32);
  return jwk;
}

MwKey *
key_read (const char *text)
{
  g_autoptr (GError) error = NULL;
  MwKey *key = mw_key_new (text, &error);

  g_assert_no_error (error);
  return key;
}

/* ---- a server's eye -------------------------------------------------------------- */

static void
read_number (JsonNode       *jwk,
             const char     *member,
             GBytes        **bytes,
             gnutls_datum_t *number)
{
  gsize size;

  *bytes = mw_base64url_decode (mw_json_string (jwk, member));
  g_assert_nonnull (*bytes);
  number->data = (unsigned char *) g_bytes_get_data (*bytes, &size);
  number->size = (unsigned int) size;
}

gnutls_pubkey_t
key_public_of (JsonNode *jwk)
{
  gboolean rsa = g_strcmp0 (mw_json_string (jwk, "kty"), "RSA") == 0;
  g_autoptr (GBytes) first_bytes = NULL;
  g_autoptr (GBytes) second_bytes = NULL;
  gnutls_datum_t first, second;
  gnutls_pubkey_t public;

  key_must (gnutls_pubkey_init (&public));
  read_number (jwk, rsa ? "n" : "x", &first_bytes, &first);
  read_number (jwk, rsa ? "e" : "y", &second_bytes, &second);
  if (rsa)
    key_must (gnutls_pubkey_import_rsa_raw (public, &first, &second));
  else
    {
      g_assert_cmpuint (first.size, ==, 48);
      g_assert_cmpuint (second.size, ==, 48);
      key_must (gnutls_pubkey_import_ecc_raw (public, GNUTLS_ECC_CURVE_SECP384R1, &first, &second));
    }
  return public;
}

gboolean
key_verifies (gnutls_pubkey_t public,
              gboolean    rsa,
              const char *text,
              const char *signature)
{
  g_autoptr (GBytes) bytes = mw_base64url_decode (signature);
  gsize          size = 0;
  unsigned char *raw = bytes != NULL ? (unsigned char *) g_bytes_get_data (bytes, &size) : NULL;
  gnutls_datum_t data = { (unsigned char *) text, (unsigned int) strlen (text) };
  gnutls_datum_t r = { raw, 48 }, s = { raw + 48, 48 };
  gnutls_datum_t der = { raw, (unsigned int) size };
  int            result;

  if (!rsa)
    {
      g_assert_cmpuint (size, ==, 96);
      key_must (gnutls_encode_rs_value (&der, &r, &s));
    }
  result = gnutls_pubkey_verify_data2 (public, rsa ? GNUTLS_SIGN_RSA_SHA384 : GNUTLS_SIGN_ECDSA_SHA384, 0, &data, &der);
  if (!rsa)
    gnutls_free (der.data);
  return result >= 0;
}

/* What @key signs is true for who only has its public set, and nothing else is */
void
key_assert_signs (MwKey      *key,
                  const char *algorithm)
{
  g_autoptr (JsonNode) set = mw_key_to_public_set (key);
  gboolean rsa = g_str_equal (algorithm, MW_KEY_RS384);
  gnutls_pubkey_t public = key_public_of (mw_json_item (set, "keys", 0));
  g_autofree char *signature = mw_key_sign (key, "some text");

  g_assert_cmpstr (mw_key_get_algorithm (key), ==, algorithm);
  g_assert_cmpstr (mw_json_string (set, "keys[0].alg"), ==, algorithm);
  g_assert_true (key_verifies (public, rsa, "some text", signature));
  g_assert_false (key_verifies (public, rsa, "some texT", signature));
  gnutls_pubkey_deinit (public);
}
