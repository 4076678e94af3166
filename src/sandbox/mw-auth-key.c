/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-auth-key.h"

#include "mw-json.h"
#include "mw-template.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <string.h>

#define RSA_BITS 2048
/* bytes of each half of an ES384 signature (RFC 7518 3.4) */
#define ES384_HALF 48

struct _MwAuthKey
{
  char            *kid;
  gnutls_privkey_t key;
};

/* What cannot fail but for want of memory */
static void
must (int result)
{
  if (result < 0)
    g_error ("GnuTLS: %s", gnutls_strerror (result));
}

/**
 * mw_auth_encode:
 *
 * Returns: (transfer full): base64url without padding (RFC 7515 2)
 */
char *
mw_auth_encode (gconstpointer data,
                gsize         length)
{
  char *text = g_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

/**
 * mw_auth_decode:
 * @text: (nullable)
 *
 * Returns: (transfer full) (nullable): what the base64url @text stands for; NULL where it is none
 */
GBytes *
mw_auth_decode (const char *text)
{
  g_autoptr (GString) padded = NULL;
  gsize   length, size;
  guchar *data;

  if (text == NULL || *text == '\0')
    return NULL;
  length = strlen (text);
  if (length % 4 == 1 ||
      strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != length)
    return NULL;
  padded = g_string_new_len (text, (gssize) length);
  g_strdelimit (padded->str, "-", '+');
  g_strdelimit (padded->str, "_", '/');
  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');
  data = g_base64_decode (padded->str, &size);
  return g_bytes_new_take (data, size);
}

/**
 * mw_auth_random:
 *
 * Returns: (transfer full): 256 bits that nobody can guess, as base64url
 */
char *
mw_auth_random (void)
{
  guchar bytes[32];

  must (gnutls_rnd (GNUTLS_RND_KEY, bytes, sizeof bytes));
  return mw_auth_encode (bytes, sizeof bytes);
}

/**
 * mw_auth_challenge:
 *
 * Returns: (transfer full): the code challenge of @verifier by S256 (RFC 7636 4.2)
 */
char *
mw_auth_challenge (const char *verifier)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize  length = sizeof digest;

  g_checksum_update (sum, (const guchar *) verifier, (gssize) strlen (verifier));
  g_checksum_get_digest (sum, digest, &length);
  return mw_auth_encode (digest, length);
}

/**
 * mw_auth_same:
 * @one: (nullable)
 * @other: (nullable)
 *
 * Returns: whether both are the same secret; how long it takes does not tell where they differ
 */
gboolean
mw_auth_same (const char *one,
              const char *other)
{
  return one != NULL && other != NULL && strlen (one) == strlen (other) && gnutls_memcmp (one, other, strlen (one)) == 0;
}

static gnutls_datum_t
datum_of (GBytes *bytes)
{
  gsize         size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  return (gnutls_datum_t){ (unsigned char *) data, (unsigned int) size };
}

/* @number: a member of @jwk that holds a big number */
static GBytes *
number_of (JsonNode   *jwk,
           const char *number)
{
  return mw_auth_decode (mw_json_string (jwk, number));
}

/* (transfer full) (nullable): the key of a JWK that a client published */
static gnutls_pubkey_t
import_jwk (JsonNode *jwk)
{
  gboolean rsa = g_strcmp0 (mw_json_string (jwk, "kty"), "RSA") == 0;
  gboolean ec = g_strcmp0 (mw_json_string (jwk, "kty"), "EC") == 0 && g_strcmp0 (mw_json_string (jwk, "crv"), "P-384") == 0;
  g_autoptr (GBytes) first = number_of (jwk, rsa ? "n" : "x");
  g_autoptr (GBytes) second = number_of (jwk, rsa ? "e" : "y");
  gnutls_pubkey_t key = NULL;
  gnutls_datum_t  a, b;
  int             result;

  if ((!rsa && !ec) || first == NULL || second == NULL)
    return NULL;
  a = datum_of (first);
  b = datum_of (second);
  if (gnutls_pubkey_init (&key) != GNUTLS_E_SUCCESS)
    return NULL;
  result = rsa ? gnutls_pubkey_import_rsa_raw (key, &a, &b) : gnutls_pubkey_import_ecc_raw (key, GNUTLS_ECC_CURVE_SECP384R1, &a, &b);
  if (result == GNUTLS_E_SUCCESS)
    return key;
  gnutls_pubkey_deinit (key);
  return NULL;
}

/**
 * mw_auth_check_jwk:
 * @jwk: what a client wants to register
 *
 * Returns: (transfer none) (nullable): NULL for a public key that RS384 or ES384 can use, else what is
 *   wrong with it
 */
const char *
mw_auth_check_jwk (JsonNode *jwk)
{
  static const char *const private_members[] = { "d", "p", "q", "dp", "dq", "qi", "oth", "k" };
  gnutls_pubkey_t          key;
  unsigned int             bits = 0;
  int                      algorithm;

  for (guint i = 0; i < G_N_ELEMENTS (private_members); i++)
    if (mw_json_has (jwk, private_members[i]))
      return "This is a private key: nobody but its owner may ever see it";
  if (mw_json_string (jwk, "kid") == NULL)
    return "A key needs a kid";
  key = import_jwk (jwk);
  if (key == NULL)
    return "A key is RSA, or EC on P-384";
  algorithm = gnutls_pubkey_get_pk_algorithm (key, &bits);
  gnutls_pubkey_deinit (key);
  return algorithm == GNUTLS_PK_RSA && bits < RSA_BITS ? "An RSA key has 2048 bits or more" : NULL;
}

/* r and s side by side, as JWS has them → DER, as X.509 has them */
static gboolean
verify_es384 (gnutls_pubkey_t       key,
              const gnutls_datum_t *data,
              GBytes               *signature)
{
  gsize          size;
  const guchar  *bytes = g_bytes_get_data (signature, &size);
  gnutls_datum_t r = { (unsigned char *) bytes, ES384_HALF }, s, der = { NULL, 0 };
  gboolean       good;

  if (size != 2 * ES384_HALF)
    return FALSE;
  s = (gnutls_datum_t){ (unsigned char *) bytes + ES384_HALF, ES384_HALF };
  if (gnutls_encode_rs_value (&der, &r, &s) != GNUTLS_E_SUCCESS)
    return FALSE;
  good = gnutls_pubkey_verify_data2 (key, GNUTLS_SIGN_ECDSA_SHA384, 0, data, &der) >= 0;
  gnutls_free (der.data);
  return good;
}

/**
 * mw_auth_verify:
 * @algorithm: (nullable): "RS384" or "ES384"; anything else is never right
 * @data: what was signed
 *
 * Returns: whether @signature is that of the owner of @jwk (RFC 7518 3.3 and 3.4)
 */
gboolean
mw_auth_verify (JsonNode   *jwk,
                const char *algorithm,
                const char *data,
                gsize       length,
                GBytes     *signature)
{
  gnutls_pubkey_t key = import_jwk (jwk);
  gnutls_datum_t  text = { (unsigned char *) data, (unsigned int) length };
  gnutls_datum_t  value;
  int             kind;
  gboolean        good = FALSE;

  if (key == NULL)
    return FALSE;
  kind = gnutls_pubkey_get_pk_algorithm (key, NULL);
  value = datum_of (signature);
  if (g_strcmp0 (algorithm, "RS384") == 0 && kind == GNUTLS_PK_RSA)
    good = gnutls_pubkey_verify_data2 (key, GNUTLS_SIGN_RSA_SHA384, 0, &text, &value) >= 0;
  else if (g_strcmp0 (algorithm, "ES384") == 0 && kind == GNUTLS_PK_ECDSA)
    good = verify_es384 (key, &text, signature);
  gnutls_pubkey_deinit (key);
  return good;
}

/**
 * mw_auth_key_new:
 *
 * Makes a new RSA key, which takes a moment. It is never written anywhere.
 */
MwAuthKey *
mw_auth_key_new (const char *kid)
{
  MwAuthKey *self = g_new0 (MwAuthKey, 1);

  self->kid = g_strdup (kid);
  must (gnutls_privkey_init (&self->key));
  must (gnutls_privkey_generate (self->key, GNUTLS_PK_RSA, RSA_BITS, 0));
  return self;
}

void
mw_auth_key_free (MwAuthKey *self)
{
  gnutls_privkey_deinit (self->key);
  g_free (self->kid);
  g_free (self);
}

/**
 * mw_auth_key_public:
 *
 * Returns: (transfer full): its public half as a JWK
 */
JsonNode *
mw_auth_key_public (MwAuthKey *self)
{
  gnutls_datum_t   n = { NULL, 0 }, e = { NULL, 0 };
  g_autofree char *modulus = NULL;
  g_autofree char *exponent = NULL;

  must (gnutls_privkey_export_rsa_raw2 (self->key, &n, &e, NULL, NULL, NULL, NULL, NULL, NULL, GNUTLS_EXPORT_FLAG_NO_LZ));
  modulus = mw_auth_encode (n.data, n.size);
  exponent = mw_auth_encode (e.data, e.size);
  gnutls_free (n.data);
  gnutls_free (e.data);
  return mw_template ("{'kty':'RSA','use':'sig','alg':'RS256','kid':'%s','n':'%s','e':'%s'}", self->kid, modulus, exponent);
}

/**
 * mw_auth_key_sign:
 *
 * Returns: (transfer full): @claims as a compact JWS, by RS256
 */
char *
mw_auth_key_sign (MwAuthKey *self,
                  JsonNode  *claims)
{
  g_autoptr (JsonNode) header = mw_template ("{'alg':'RS256','typ':'JWT','kid':'%s'}", self->kid);
  g_autofree char *header_text = mw_json_to_text (header, FALSE);
  g_autofree char *claims_text = mw_json_to_text (claims, FALSE);
  g_autofree char *first = mw_auth_encode (header_text, strlen (header_text));
  g_autofree char *second = mw_auth_encode (claims_text, strlen (claims_text));
  g_autofree char *input = g_strconcat (first, ".", second, NULL);
  g_autofree char *third = NULL;
  gnutls_datum_t   data = { (unsigned char *) input, (unsigned int) strlen (input) }, signature = { NULL, 0 };

  must (gnutls_privkey_sign_data2 (self->key, GNUTLS_SIGN_RSA_SHA256, 0, &data, &signature));
  third = mw_auth_encode (signature.data, signature.size);
  gnutls_free (signature.data);
  return g_strconcat (input, ".", third, NULL);
}
