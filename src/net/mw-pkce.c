/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-pkce.h"

#include "mw-base64url.h"

#include <gnutls/crypto.h>
#include <string.h>

#define SECRET_BYTES 32
#define SHA256_BYTES 32

/**
 * mw_pkce_new_secret:
 *
 * Returns: (transfer full): 43 characters that nobody can guess: a code verifier, a state or a nonce
 */
char *
mw_pkce_new_secret (void)
{
  guchar bytes[SECRET_BYTES];
  int    result = gnutls_rnd (GNUTLS_RND_KEY, bytes, sizeof bytes);

  if (result < 0)
    g_error ("There are no random numbers");
  return mw_base64url_encode (bytes, sizeof bytes);
}

/**
 * mw_pkce_challenge:
 *
 * Returns: (transfer full): the challenge for @verifier (RFC 7636, 4.2)
 */
char *
mw_pkce_challenge (const char *verifier)
{
  guchar digest[SHA256_BYTES];
  gsize  length = sizeof digest;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, (const guchar *) verifier, (gssize) strlen (verifier));
  g_checksum_get_digest (checksum, digest, &length);
  return mw_base64url_encode (digest, length);
}
