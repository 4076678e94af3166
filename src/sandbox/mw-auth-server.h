/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-auth-access.h"
#include "mw-rest.h"

G_BEGIN_DECLS

/* The authorization server of one site (SMART App Launch 2.2, RFC 6749, 7009, 7523, 7591, 7636, 8252):
 * strict, so that a client that gets along with it gets along elsewhere. Its time is the sandbox's. */

/** MW_AUTH_PUBLIC_CLIENT: a native app without a secret, known from the start */
#define MW_AUTH_PUBLIC_CLIENT "meanwhile-sandbox"
/** MW_AUTH_SECRET_CLIENT: a client with a secret, known from the start; everybody knows its secret too */
#define MW_AUTH_SECRET_CLIENT "sandbox-secret"
#define MW_AUTH_SECRET_VALUE "sandbox-secret-value"

/* How many token requests had which end, since the start */
typedef struct
{
  guint authorization_code;
  guint client_credentials;
  guint refreshed;
  guint refused;
  guint revoked;
  guint clients;
} MwAuthCounts;

MwAuthServer *mw_auth_server_new (MwSite     *site,
                                  const char *root,
                                  const char *user);
void          mw_auth_server_free (MwAuthServer *self);
void          mw_auth_server_set_lifetime (MwAuthServer *self,
                                           guint         seconds);
void          mw_auth_server_set_skew (MwAuthServer *self,
                                       gint64        microseconds);
void          mw_auth_server_expire (MwAuthServer *self);
MwAuthCounts  mw_auth_server_get_counts (MwAuthServer *self);

MwReply            *mw_auth_server_handle (MwAuthServer    *self,
                                           const char      *what,
                                           const MwRequest *request);
MwReply            *mw_auth_server_configuration (MwAuthServer *self);
JsonNode           *mw_auth_server_security (MwAuthServer *self);
const MwAuthAccess *mw_auth_server_check (MwAuthServer *self,
                                          const char   *authorization);

G_END_DECLS
