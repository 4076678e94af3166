/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-sandbox-fixture.h"

#include <gnutls/abstract.h>

G_BEGIN_DECLS

/* A client of the clinic's authorization server, as a test plays it */

/* 43 characters and its S256 challenge (RFC 7636, appendix B) */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define REDIRECT "http://127.0.0.1:45123/callback"
#define STATE "0123456789abcdefghijkl"

/* What a JWT says; what is NULL or 0 is right */
typedef struct
{
  const char *algorithm;
  const char *kid;
  const char *audience;
  const char *subject;
  const char *id;         /* jti */
  gint64      expires_in; /* seconds */
} Assertion;

guint fixture_auth (Fixture    *self,
                    const char *method,
                    const char *what,
                    const char *form,
                    const char *header,
                    const char *value);
guint fixture_get_with (Fixture    *self,
                        const char *token,
                        const char *path);
guint fixture_send_with (Fixture    *self,
                         const char *token,
                         const char *method,
                         const char *path,
                         const char *body);
char *fixture_authorize (Fixture    *self,
                         const char *scope,
                         const char *decision,
                         const char *parameter);
char *fixture_code (Fixture    *self,
                    const char *scope);
guint fixture_exchange (Fixture    *self,
                        const char *code,
                        const char *verifier);
char *fixture_sign_in (Fixture    *self,
                       const char *scope);
char *fixture_member (Fixture    *self,
                      const char *path);
void  fixture_assert_error (Fixture    *self,
                            guint       status,
                            const char *error);

gnutls_privkey_t fixture_key (gnutls_pk_algorithm_t kind);
char            *fixture_jwk (gnutls_privkey_t key,
                              const char      *kid);
char            *fixture_register (Fixture         *self,
                                   gnutls_privkey_t key,
                                   const char      *scope);
char            *fixture_assertion (Fixture         *self,
                                    gnutls_privkey_t key,
                                    const char      *client,
                                    const Assertion *what);
guint            fixture_assert_client (Fixture    *self,
                                        const char *assertion,
                                        const char *scope);

G_END_DECLS
