/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-jws.h"

#include "mw-base64url.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <string.h>

#define MAX_TOKEN (64 * 1024)
#define MAX_KEYS 100
#define RSA_MIN_BITS 2048

/* Signatures that servers put under what they say of a person (RFC 7518, 3.1). "none" and those with a shared secret
 * prove nothing here */
static const struct
{
  const char             *name;
  const char             *curve; /* NULL: RSA */
  gnutls_sign_algorithm_t sign;
  gnutls_ecc_curve_t      ecc;
  gsize                   half; /* bytes of each of the two numbers */
} algorithms[] = {
  { "RS256", NULL, GNUTLS_SIGN_RSA_SHA256, GNUTLS_ECC_CURVE_INVALID, 0 },
  { "RS384", NULL, GNUTLS_SIGN_RSA_SHA384, GNUTLS_ECC_CURVE_INVALID, 0 },
  { "ES256", "P-256", GNUTLS_SIGN_ECDSA_SHA256, GNUTLS_ECC_CURVE_SECP256R1, 32 },
  { "ES384", "P-384", GNUTLS_SIGN_ECDSA_SHA384, GNUTLS_ECC_CURVE_SECP384R1, 48 },
};

static gnutls_datum_t
datum (GBytes *bytes)
{
  gsize         size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  return (gnutls_datum_t){ (unsigned char *) data, (unsigned int) size };
}

static gboolean
import_key (gnutls_pubkey_t key,
            JsonNode       *jwk,
            gsize           algorithm)
{
  const char *curve = algorithms[algorithm].curve;
  gboolean    rsa = curve == NULL;
  g_autoptr (GBytes) first = mw_base64url_decode (mw_json_string (jwk, rsa ? "n" : "x"));
  g_autoptr (GBytes) second = mw_base64url_decode (mw_json_string (jwk, rsa ? "e" : "y"));
  gnutls_datum_t one, two;
  unsigned int   bits;

  if (first == NULL || second == NULL || g_strcmp0 (mw_json_string (jwk, "kty"), rsa ? "RSA" : "EC") != 0)
    return FALSE;
  one = datum (first);
  two = datum (second);
  if (rsa)
    return gnutls_pubkey_import_rsa_raw (key, &one, &two) >= 0 && gnutls_pubkey_get_pk_algorithm (key, &bits) >= 0 && bits >= RSA_MIN_BITS;
  return g_strcmp0 (mw_json_string (jwk, "crv"), curve) == 0 && gnutls_pubkey_import_ecc_raw (key, algorithms[algorithm].ecc, &one, &two) >= 0;
}

static gboolean
verify_with (JsonNode      *jwk,
             gsize          algorithm,
             gnutls_datum_t text,
             gnutls_datum_t signature)
{
  gnutls_pubkey_t key;
  gboolean        good = FALSE;

  if (gnutls_pubkey_init (&key) < 0)
    return FALSE;
  if (import_key (key, jwk, algorithm))
    good = gnutls_pubkey_verify_data2 (key, algorithms[algorithm].sign, 0, &text, &signature) >= 0;
  gnutls_pubkey_deinit (key);
  return good;
}

/* The two numbers of an elliptic signature stand one after the other (RFC 7518, 3.4); GnuTLS wants them as DER */
static gboolean
is_signed (JsonNode      *jwk,
           gsize          algorithm,
           gnutls_datum_t text,
           gnutls_datum_t signature)
{
  gsize          half = algorithms[algorithm].half;
  gnutls_datum_t r = { signature.data, (unsigned int) half };
  gnutls_datum_t s = { signature.data + half, (unsigned int) half };
  gnutls_datum_t der;
  gboolean       good;

  if (half == 0)
    return verify_with (jwk, algorithm, text, signature);
  if (signature.size != 2 * half || gnutls_encode_rs_value (&der, &r, &s) < 0)
    return FALSE;
  good = verify_with (jwk, algorithm, text, der);
  gnutls_free (der.data);
  return good;
}

static JsonNode *
parse_part (const char *part)
{
  g_autoptr (GBytes) bytes = mw_base64url_decode (part);

  return bytes != NULL ? mw_json_parse (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL) : NULL;
}

static gboolean
find_key (JsonNode      *keys,
          JsonNode      *header,
          gnutls_datum_t text,
          gnutls_datum_t signature)
{
  const char *name = mw_json_string (header, "alg"), *kid = mw_json_string (header, "kid");

  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (algorithms); i++)
    {
      if (!g_str_equal (algorithms[i].name, name))
        continue;
      for (guint k = 0; k < MIN (mw_json_length (keys, "keys"), MAX_KEYS); k++)
        {
          JsonNode   *jwk = mw_json_item (keys, "keys", k);
          const char *id = mw_json_string (jwk, "kid");

          if ((kid == NULL || id == NULL || g_str_equal (kid, id)) && is_signed (jwk, i, text, signature))
            return TRUE;
        }
    }
  return FALSE;
}

/**
 * mw_jws_verify:
 * @jws: (nullable): a compact JSON Web Signature (RFC 7515, 7.1)
 * @keys: (nullable): a JSON Web Key Set of whom it must come from (RFC 7517, 5)
 *
 * Returns: (transfer full) (nullable): what was signed, when it is JSON; NULL when it was not signed with one of @keys
 */
JsonNode *
mw_jws_verify (const char *jws,
               JsonNode   *keys)
{
  g_auto (GStrv) parts = jws != NULL && strlen (jws) <= MAX_TOKEN ? g_strsplit (jws, ".", 4) : NULL;
  g_autoptr (JsonNode) header = NULL;
  g_autoptr (GBytes) signature = NULL;
  gnutls_datum_t text;

  if (parts == NULL || g_strv_length (parts) != 3)
    return NULL;
  header = parse_part (parts[0]);
  signature = mw_base64url_decode (parts[2]);
  text = (gnutls_datum_t){ (unsigned char *) jws, (unsigned int) (strlen (parts[0]) + 1 + strlen (parts[1])) };
  /* an extension that is not understood must not be passed over (RFC 7515, 4.1.11) */
  if (header == NULL || signature == NULL || mw_json_has (header, "crit") || !find_key (keys, header, text, datum (signature)))
    return NULL;
  return parse_part (parts[1]);
}
