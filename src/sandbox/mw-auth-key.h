/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What the authorization server needs of cryptography: base64url, the keys of clients (RFC 7517), the
 * signatures of what they send (RFC 7515), and a key of its own for id tokens. */

typedef struct _MwAuthKey MwAuthKey;

MwAuthKey *mw_auth_key_new (const char *kid);
void       mw_auth_key_free (MwAuthKey *self);
JsonNode  *mw_auth_key_public (MwAuthKey *self);
char      *mw_auth_key_sign (MwAuthKey *self,
                             JsonNode  *claims);

char    *mw_auth_encode (gconstpointer data,
                         gsize         length);
GBytes  *mw_auth_decode (const char *text);
char    *mw_auth_random (void);
char    *mw_auth_challenge (const char *verifier);
gboolean mw_auth_same (const char *one,
                       const char *other);

const char *mw_auth_check_jwk (JsonNode *jwk);
gboolean    mw_auth_verify (JsonNode   *jwk,
                            const char *algorithm,
                            const char *data,
                            gsize       length,
                            GBytes     *signature);

G_END_DECLS
