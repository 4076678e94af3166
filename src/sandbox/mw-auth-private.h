/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-auth-key.h"
#include "mw-auth-server.h"

G_BEGIN_DECLS

/* OAuth's own words for what is wrong (RFC 6749 4.1.2.1 and 5.2, RFC 7591 3.2.2) */
#define MW_AUTH_ERROR (mw_auth_error_quark ())
GQuark mw_auth_error_quark (void);

typedef enum
{
  MW_AUTH_ERROR_INVALID_REQUEST,
  MW_AUTH_ERROR_INVALID_CLIENT,
  MW_AUTH_ERROR_INVALID_GRANT,
  MW_AUTH_ERROR_INVALID_SCOPE,
  MW_AUTH_ERROR_UNAUTHORIZED_CLIENT,
  MW_AUTH_ERROR_UNSUPPORTED_GRANT_TYPE,
  MW_AUTH_ERROR_UNSUPPORTED_RESPONSE_TYPE,
  MW_AUTH_ERROR_ACCESS_DENIED,
  MW_AUTH_ERROR_INVALID_CLIENT_METADATA,
  MW_AUTH_ERROR_INVALID_REDIRECT_URI,
} MwAuthError;

/**
 * MwAuthClient:
 * @method: "none", "client_secret_basic", "client_secret_post", "private_key_jwt", or "client_secret" for
 *   both ways to send one
 * @scope: (nullable): the only scopes it may have
 */
typedef struct
{
  char     *id;
  char     *method;
  char     *secret; /* (nullable) */
  JsonNode *jwks;   /* (nullable) */
  char    **redirects;
  char     *scope;
} MwAuthClient;

/* What somebody allowed once; the code, the access and the refresh tokens that come of it share it */
typedef struct
{
  char    *client;
  char    *scope;
  char    *user;    /* (nullable): "Practitioner/id" */
  char    *patient; /* (nullable): an id */
  char    *nonce;   /* (nullable) */
  gboolean revoked;
} MwAuthGrant;

/* A request that waits for a person to decide, or the code that came of it */
typedef struct
{
  MwAuthClient *client;
  char         *redirect;
  char         *state;
  char         *scope;
  char         *challenge;
  char         *nonce;   /* (nullable) */
  gint64        expires; /* microseconds */
  MwAuthGrant  *grant;   /* (nullable): NULL until it was allowed */
  gboolean      used;
} MwAuthAsked;

typedef struct
{
  MwAuthGrant  *grant;
  MwAuthAccess *access;
  gint64        expires;
} MwAuthToken;

typedef struct
{
  MwAuthGrant *grant;
  gboolean     used;
} MwAuthRefresh;

struct _MwAuthServer
{
  MwSite      *site;
  char        *issuer;
  char        *user;
  MwAuthKey   *key;       /* (nullable): made when it is needed first */
  GHashTable  *clients;   /* id → MwAuthClient */
  GHashTable  *asked;     /* ticket → MwAuthAsked */
  GHashTable  *codes;     /* code → MwAuthAsked */
  GHashTable  *tokens;    /* access token → MwAuthToken */
  GHashTable  *refreshes; /* refresh token → MwAuthRefresh */
  GHashTable  *jtis;      /* client and jti → when it may be forgotten */
  guint        lifetime;  /* seconds */
  gint64       skew;      /* microseconds */
  MwAuthCounts counts;
};

const char   *mw_auth_error_name (const GError *error);
void          mw_auth_grant_unref (MwAuthGrant *grant);
void          mw_auth_asked_free (MwAuthAsked *asked);
gint64        mw_auth_now (MwAuthServer *self);
char         *mw_auth_url (MwAuthServer *self,
                           const char   *what);
MwReply      *mw_auth_reply_json (guint     status,
                                  JsonNode *json);
MwReply      *mw_auth_reply_error (MwAuthServer *self,
                                   const GError *error);
GHashTable   *mw_auth_read_query (const char *query,
                                  GError    **error);
GHashTable   *mw_auth_read_form (const MwRequest *request,
                                 GError         **error);
MwAuthClient *mw_auth_client_new (const char *id,
                                  const char *method,
                                  const char *secret);
void          mw_auth_client_free (MwAuthClient *client);
gboolean      mw_auth_client_redirects (MwAuthClient *client,
                                        const char   *uri);
MwReply      *mw_auth_register (MwAuthServer    *self,
                                const MwRequest *request);
MwAuthClient *mw_auth_authenticate (MwAuthServer    *self,
                                    const MwRequest *request,
                                    GHashTable      *form,
                                    GError         **error);
MwAuthClient *mw_auth_check_assertion (MwAuthServer *self,
                                       GHashTable   *form,
                                       GError      **error);
char         *mw_auth_grant_scope (MwAuthClient *client,
                                   const char   *asked,
                                   gboolean      person,
                                   GError      **error);
MwReply      *mw_auth_authorize (MwAuthServer    *self,
                                 const MwRequest *request);
MwReply      *mw_auth_token (MwAuthServer    *self,
                             const MwRequest *request);
MwReply      *mw_auth_revoke (MwAuthServer    *self,
                              const MwRequest *request);

G_END_DECLS
