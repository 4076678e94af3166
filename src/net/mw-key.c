/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-key.h"

#include "mw-base64url.h"

#include <glib/gi18n-lib.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

/* bytes of each half of an ES384 signature, and of each coordinate (RFC 7518, 3.4 and 6.2.1) */
#define ES384_HALF 48
#define RSA_BITS 3072
#define RSA_MIN_BITS 2048
/* An assertion may live for five minutes (SMART App Launch 2.2, client-confidential-asymmetric); less leaves room
 * for clocks that differ */
#define ASSERTION_SECONDS 240

G_DEFINE_QUARK (mw_key_error, mw_key_error)

struct _MwKey
{
  gnutls_privkey_t key;
  gboolean         rsa;
  char            *id;
};

static gboolean
fail (GError **error)
{
  g_set_error_literal (error, MW_KEY_ERROR, MW_KEY_ERROR_UNREADABLE,
                       _ ("This is not a private key that Meanwhile can read. It takes a PEM file without a password, or a JSON Web Key."));
  return FALSE;
}

static gboolean
fail_public (GError **error)
{
  g_set_error_literal (error, MW_KEY_ERROR, MW_KEY_ERROR_UNREADABLE,
                       _ ("This is only the public part of a key, or a certificate. Meanwhile needs the private key that belongs to it."));
  return FALSE;
}

static gboolean
fail_kind (GError **error)
{
  g_set_error_literal (error, MW_KEY_ERROR, MW_KEY_ERROR_KIND,
                       _ ("This key is of a kind that servers do not take. It must be RSA of 2048 bits or more (RS384), or elliptic on P-384 (ES384)."));
  return FALSE;
}

/* What cannot fail with a key that was accepted, but for want of memory */
static void
must (int result)
{
  if (result < 0)
    g_error ("GnuTLS: %s", gnutls_strerror (result));
}

void
mw_key_free (MwKey *self)
{
  if (self == NULL)
    return;
  gnutls_privkey_deinit (self->key);
  g_free (self->id);
  g_free (self);
}

static MwKey *
key_new (void)
{
  MwKey *self = g_new0 (MwKey, 1);

  must (gnutls_privkey_init (&self->key));
  return self;
}

/* ---- the public part --------------------------------------------------- */

/* A coordinate keeps its leading zeros, GnuTLS may give it without or with one too many */
static char *
encode_half (const gnutls_datum_t *number)
{
  guint8        half[ES384_HALF] = { 0 };
  const guint8 *data = number->data;
  gsize         size = number->size;

  while (size > ES384_HALF && *data == 0)
    {
      data++;
      size--;
    }
  g_assert (size <= ES384_HALF);
  memcpy (half + ES384_HALF - size, data, size);
  return mw_base64url_encode (half, ES384_HALF);
}

static void
set_number (JsonNode       *node,
            const char     *member,
            gnutls_datum_t *number)
{
  g_autofree char *text = mw_base64url_encode (number->data, number->size);

  mw_json_set (node, member, text);
  gnutls_free (number->data);
}

/* The members that make the key, in the order of RFC 7638, 3.2, by which its thumbprint is made */
static JsonNode *
public_members (MwKey *self)
{
  JsonNode *node = mw_json_object_new ();
  gnutls_pubkey_t public;
  gnutls_datum_t     first, second;
  gnutls_ecc_curve_t curve;

  must (gnutls_pubkey_init (&public));
  must (gnutls_pubkey_import_privkey (public, self->key, 0, 0));
  if (self->rsa)
    {
      must (gnutls_pubkey_export_rsa_raw2 (public, &first, &second, GNUTLS_EXPORT_FLAG_NO_LZ));
      set_number (node, "e", &second);
      mw_json_set (node, "kty", "RSA");
      set_number (node, "n", &first);
    }
  else
    {
      g_autofree char *x = NULL, *y = NULL;

      must (gnutls_pubkey_export_ecc_raw2 (public, &curve, &first, &second, GNUTLS_EXPORT_FLAG_NO_LZ));
      x = encode_half (&first);
      y = encode_half (&second);
      gnutls_free (first.data);
      gnutls_free (second.data);
      mw_json_set (node, "crv", "P-384");
      mw_json_set (node, "kty", "EC");
      mw_json_set (node, "x", x);
      mw_json_set (node, "y", y);
    }
  gnutls_pubkey_deinit (public);
  return node;
}

/* RFC 7638: the same key has the same name wherever it is made out of */
static char *
thumbprint (MwKey *self)
{
  g_autoptr (JsonNode) members = public_members (self);
  g_autofree char *text = mw_json_to_text (members, FALSE);
  guint8           digest[32];

  must (gnutls_hash_fast (GNUTLS_DIG_SHA256, text, strlen (text), digest));
  return mw_base64url_encode (digest, sizeof digest);
}

/**
 * mw_key_to_public_set:
 *
 * Returns: (transfer full): the JSON Web Key Set (RFC 7517) to be given to a server: only the public part
 */
JsonNode *
mw_key_to_public_set (MwKey *self)
{
  JsonNode *set = mw_json_object_new ();
  JsonNode *key = public_members (self);

  mw_json_set (key, "kid", self->id);
  mw_json_set (key, "alg", mw_key_get_algorithm (self));
  mw_json_set (key, "use", "sig");
  mw_json_take (set, "keys[+]", key);
  return set;
}

/* ---- making and reading --------------------------------------------- */

/**
 * mw_key_generate:
 * @algorithm: MW_KEY_ES384 or MW_KEY_RS384
 *
 * Makes a new key. RSA takes some tenths of a second.
 *
 * Returns: (transfer full)
 */
MwKey *
mw_key_generate (const char *algorithm)
{
  MwKey *self = key_new ();

  self->rsa = g_str_equal (algorithm, MW_KEY_RS384);
  must (gnutls_privkey_generate (self->key, self->rsa ? GNUTLS_PK_RSA : GNUTLS_PK_ECDSA,
                                 self->rsa ? RSA_BITS : GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP384R1), 0));
  self->id = thumbprint (self);
  return self;
}

static gboolean
check_kind (MwKey   *self,
            GError **error)
{
  unsigned int       bits = 0;
  int                algorithm = gnutls_privkey_get_pk_algorithm (self->key, &bits);
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;

  self->rsa = algorithm == GNUTLS_PK_RSA;
  if (algorithm == GNUTLS_PK_ECDSA && gnutls_privkey_export_ecc_raw2 (self->key, &curve, NULL, NULL, NULL, 0) < 0)
    curve = GNUTLS_ECC_CURVE_INVALID;
  if ((self->rsa && bits >= RSA_MIN_BITS) || curve == GNUTLS_ECC_CURVE_SECP384R1)
    return TRUE;
  return fail_kind (error);
}

static gboolean
read_pem (MwKey      *self,
          const char *text,
          GError    **error)
{
  gnutls_datum_t data = { (unsigned char *) text, (unsigned int) strlen (text) };

  if (gnutls_privkey_import_x509_raw (self->key, &data, GNUTLS_X509_FMT_PEM, NULL, 0) >= 0)
    return TRUE;
  /* "ENCRYPTED PRIVATE KEY" of PKCS 8, "Proc-Type: 4,ENCRYPTED" of OpenSSL's own form */
  if (strstr (text, "ENCRYPTED") != NULL)
    {
      g_set_error_literal (error, MW_KEY_ERROR, MW_KEY_ERROR_UNREADABLE,
                           _ ("This key is locked with a password. Give Meanwhile a copy without one, in a file that only you can read."));
      return FALSE;
    }
  return strstr (text, "PUBLIC KEY--") != NULL || strstr (text, "CERTIFICATE--") != NULL ? fail_public (error) : fail (error);
}

typedef struct
{
  GBytes        *bytes;
  gnutls_datum_t datum;
} Number;

static void
number_clear (Number *number)
{
  g_clear_pointer (&number->bytes, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Number, number_clear)

static gboolean
read_number (JsonNode   *jwk,
             const char *member,
             Number     *number)
{
  gsize size = 0;

  number->bytes = mw_base64url_decode (mw_json_string (jwk, member));
  if (number->bytes == NULL)
    return FALSE;
  number->datum.data = (unsigned char *) g_bytes_get_data (number->bytes, &size);
  number->datum.size = (unsigned int) size;
  return TRUE;
}

static gboolean
read_rsa (MwKey    *self,
          JsonNode *jwk)
{
  g_auto (Number) n = { 0 };
  g_auto (Number) e = { 0 };
  g_auto (Number) d = { 0 };
  g_auto (Number) p = { 0 };
  g_auto (Number) q = { 0 };

  return read_number (jwk, "n", &n) && read_number (jwk, "e", &e) && read_number (jwk, "d", &d) && read_number (jwk, "p", &p) &&
         read_number (jwk, "q", &q) &&
         gnutls_privkey_import_rsa_raw (self->key, &n.datum, &e.datum, &d.datum, &p.datum, &q.datum, NULL, NULL, NULL) >= 0;
}

static gboolean
read_elliptic (MwKey    *self,
               JsonNode *jwk)
{
  g_auto (Number) x = { 0 };
  g_auto (Number) y = { 0 };
  g_auto (Number) d = { 0 };

  return g_strcmp0 (mw_json_string (jwk, "crv"), "P-384") == 0 && read_number (jwk, "x", &x) && read_number (jwk, "y", &y) && read_number (jwk, "d", &d) &&
         gnutls_privkey_import_ecc_raw (self->key, GNUTLS_ECC_CURVE_SECP384R1, &x.datum, &y.datum, &d.datum) >= 0;
}

static gboolean
is_other_curve (JsonNode *jwk)
{
  const char *curve = mw_json_string (jwk, "crv");

  return curve != NULL && !g_str_equal (curve, "P-384");
}

/* Of a set the first key with a private part counts */
static JsonNode *
private_key_of (JsonNode *document)
{
  guint n = mw_json_length (document, "keys");

  if (mw_json_string (document, "d") != NULL)
    return document;
  for (guint i = 0; i < n; i++)
    if (mw_json_string (mw_json_item (document, "keys", i), "d") != NULL)
      return mw_json_item (document, "keys", i);
  return NULL;
}

static gboolean
read_jwk (MwKey      *self,
          const char *text,
          GError    **error)
{
  g_autoptr (JsonNode) document = mw_json_parse (text, -1, NULL);
  JsonNode   *jwk = document != NULL && mw_json_is_object (document) ? private_key_of (document) : NULL;
  const char *type = mw_json_string (jwk, "kty");

  if (jwk == NULL && (mw_json_has (document, "kty") || mw_json_has (document, "keys[0].kty")))
    return fail_public (error);
  if (is_other_curve (jwk))
    return fail_kind (error);
  if (jwk == NULL || !(g_strcmp0 (type, "RSA") == 0 ? read_rsa (self, jwk) : g_strcmp0 (type, "EC") == 0 && read_elliptic (self, jwk)) ||
      gnutls_privkey_verify_params (self->key) < 0)
    return fail (error);
  self->id = g_strdup (mw_json_string (jwk, "kid"));
  return TRUE;
}

/**
 * mw_key_new:
 * @text: a private key in PEM (PKCS 1, PKCS 8 or SEC 1, without a password), a JSON Web Key or a set of them
 *
 * Returns: (transfer full): the key; NULL with a MwKeyError
 */
MwKey *
mw_key_new (const char *text,
            GError    **error)
{
  g_autoptr (MwKey) self = key_new ();
  const char *begin = text + strspn (text, " \t\r\n");

  if (!(*begin == '{' ? read_jwk (self, text, error) : read_pem (self, text, error)) || !check_kind (self, error))
    return NULL;
  if (self->id == NULL || *self->id == '\0')
    {
      g_free (self->id);
      self->id = thumbprint (self);
    }
  return g_steal_pointer (&self);
}

/**
 * mw_key_get_algorithm:
 *
 * Returns: (transfer none): MW_KEY_ES384 or MW_KEY_RS384
 */
const char *
mw_key_get_algorithm (MwKey *self)
{
  return self->rsa ? MW_KEY_RS384 : MW_KEY_ES384;
}

/**
 * mw_key_get_id:
 *
 * Returns: (transfer none): its "kid": the one that came with it, else its thumbprint (RFC 7638)
 */
const char *
mw_key_get_id (MwKey *self)
{
  return self->id;
}

/**
 * mw_key_to_pem:
 *
 * Returns: (transfer full): the private key in PEM (PKCS 8), for a keyring or a file of mode 0600
 */
char *
mw_key_to_pem (MwKey *self)
{
  gnutls_x509_privkey_t key;
  gnutls_datum_t        out;
  char                 *text;

  must (gnutls_privkey_export_x509 (self->key, &key));
  must (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &out));
  text = g_strndup ((const char *) out.data, out.size);
  gnutls_free (out.data);
  gnutls_x509_privkey_deinit (key);
  return text;
}

/* ---- signing ------------------------------------------------------------ */

/* ES384 writes its two numbers one after the other, not as DER (RFC 7518, 3.4) */
static char *
encode_elliptic (const gnutls_datum_t *signature)
{
  gnutls_datum_t   r, s;
  g_autofree char *first = NULL, *second = NULL;

  must (gnutls_decode_rs_value (signature, &r, &s));
  first = encode_half (&r);
  second = encode_half (&s);
  gnutls_free (r.data);
  gnutls_free (s.data);
  /* 48 bytes fill their characters without a rest */
  return g_strconcat (first, second, NULL);
}

/**
 * mw_key_sign:
 * @text: what is signed
 *
 * Returns: (transfer full): the signature as a JSON Web Signature writes it
 */
char *
mw_key_sign (MwKey      *self,
             const char *text)
{
  gnutls_datum_t data = { (unsigned char *) text, (unsigned int) strlen (text) };
  gnutls_datum_t signature;
  char          *encoded;

  must (gnutls_privkey_sign_data2 (self->key, self->rsa ? GNUTLS_SIGN_RSA_SHA384 : GNUTLS_SIGN_ECDSA_SHA384, 0, &data, &signature));
  encoded = self->rsa ? mw_base64url_encode (signature.data, signature.size) : encode_elliptic (&signature);
  gnutls_free (signature.data);
  return encoded;
}

/**
 * mw_key_make_assertion:
 * @audience: the token endpoint, exactly as the server writes it
 * @now: µs since 1970, by the server's clock where that is known
 *
 * The proof of SMART Backend Services (RFC 7523, 3): good for one use.
 *
 * Returns: (transfer full): a signed JSON Web Token
 */
char *
mw_key_make_assertion (MwKey      *self,
                       const char *client_id,
                       const char *audience,
                       gint64      now)
{
  g_autoptr (JsonNode) header = mw_json_object_new ();
  g_autoptr (JsonNode) claims = mw_json_object_new ();
  g_autofree char *jti = g_uuid_string_random ();
  g_autofree char *header_text = NULL, *claims_text = NULL, *first = NULL, *second = NULL, *input = NULL, *signature = NULL;

  mw_json_set (header, "alg", mw_key_get_algorithm (self));
  mw_json_set (header, "kid", self->id);
  mw_json_set (header, "typ", "JWT");
  mw_json_set (claims, "iss", client_id);
  mw_json_set (claims, "sub", client_id);
  mw_json_set (claims, "aud", audience);
  mw_json_set_integer (claims, "iat", now / G_TIME_SPAN_SECOND);
  mw_json_set_integer (claims, "exp", now / G_TIME_SPAN_SECOND + ASSERTION_SECONDS);
  mw_json_set (claims, "jti", jti);
  header_text = mw_json_to_text (header, FALSE);
  claims_text = mw_json_to_text (claims, FALSE);
  first = mw_base64url_encode (header_text, strlen (header_text));
  second = mw_base64url_encode (claims_text, strlen (claims_text));
  input = g_strconcat (first, ".", second, NULL);
  signature = mw_key_sign (self, input);
  return g_strconcat (input, ".", signature, NULL);
}
