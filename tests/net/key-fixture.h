/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-key.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

G_BEGIN_DECLS

/* Keys that GnuTLS makes while a test runs, in the forms in which people have them, and the eye of a server, which has
 * only the public set. Whatever fails here fails the test. */

typedef enum
{
  KEY_PKCS1_OR_SEC1,
  KEY_PKCS8,
  KEY_PKCS8_ENCRYPTED,
  KEY_PUBLIC,
} KeyForm;

void                  key_must (int result);
gnutls_x509_privkey_t key_make (gnutls_pk_algorithm_t algorithm,
                                unsigned int          bits);
gnutls_x509_privkey_t key_make_elliptic (gnutls_ecc_curve_t curve);
char                 *key_to_pem (gnutls_x509_privkey_t key,
                                  KeyForm               form);
JsonNode             *key_to_jwk (gnutls_x509_privkey_t key);
MwKey                *key_read (const char *text);
gnutls_pubkey_t       key_public_of (JsonNode *jwk);
gboolean              key_verifies (gnutls_pubkey_t public,
                                    gboolean    rsa,
                                    const char *text,
                                    const char *signature);
void                  key_assert_signs (MwKey      *key,
                                        const char *algorithm);

G_END_DECLS
