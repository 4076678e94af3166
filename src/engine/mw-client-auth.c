/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-client-auth.h"

#include "mw-key.h"
#include "mw-oauth.h"
#include "mw-secret.h"

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

struct _MwClientAuth
{
  char    *client_id;
  char    *endpoint;
  char    *secret;
  MwKey   *key;
  gboolean basic;
};

void
mw_client_auth_free (MwClientAuth *self)
{
  if (self == NULL)
    return;
  g_free (self->client_id);
  g_free (self->endpoint);
  g_free (self->secret);
  g_clear_pointer (&self->key, mw_key_free);
  g_free (self);
}

static gboolean
uses (const MwConnection *connection,
      const char         *auth)
{
  return g_strcmp0 (connection->auth, auth) == 0;
}

/**
 * mw_client_auth_kind:
 *
 * Returns: (nullable): what the client proves itself with: MW_SECRET_CLIENT or MW_SECRET_KEY; NULL where its name is all
 */
const char *
mw_client_auth_kind (const MwConnection *connection)
{
  if (uses (connection, "key") || (uses (connection, "smart") && connection->key_file != NULL))
    return MW_SECRET_KEY;
  if (uses (connection, "secret") || (uses (connection, "smart") && connection->secret_file != NULL))
    return MW_SECRET_CLIENT;
  return NULL;
}

/**
 * mw_client_auth_file:
 *
 * Returns: (nullable): where that is, when the person named a file
 */
const char *
mw_client_auth_file (const MwConnection *connection)
{
  const char *kind = mw_client_auth_kind (connection);

  if (kind == NULL)
    return NULL;
  return g_str_equal (kind, MW_SECRET_KEY) ? connection->key_file : connection->secret_file;
}

/**
 * mw_client_auth_new:
 * @secret: (nullable): what mw_client_auth_kind() names
 *
 * Returns: (transfer full): the proof; NULL with a translated sentence when @secret is no key where one is wanted
 */
MwClientAuth *
mw_client_auth_new (const MwConnection *connection,
                    const char         *secret,
                    GError            **error)
{
  g_autoptr (MwClientAuth) self = g_new0 (MwClientAuth, 1);
  const char *kind = mw_client_auth_kind (connection);

  self->client_id = g_strdup (connection->client_id);
  self->endpoint = g_strdup (connection->token_endpoint);
  self->basic = g_strcmp0 (connection->token_auth, "client_secret_post") != 0;
  if (g_strcmp0 (kind, MW_SECRET_CLIENT) == 0)
    self->secret = g_strdup (secret);
  if (g_strcmp0 (kind, MW_SECRET_KEY) != 0)
    return g_steal_pointer (&self);
  self->key = mw_key_new (secret, error);
  return self->key != NULL ? g_steal_pointer (&self) : NULL;
}

/** mw_form_add: @fields is of texts that it frees */
void
mw_form_add (GPtrArray  *fields,
             const char *name,
             const char *value)
{
  /* the end that mw_oauth_token_async() looks for stays the last */
  if (fields->len > 0 && fields->pdata[fields->len - 1] == NULL)
    g_ptr_array_set_size (fields, (int) fields->len - 1);
  g_ptr_array_add (fields, g_strdup (name));
  g_ptr_array_add (fields, g_strdup (value));
  g_ptr_array_add (fields, NULL);
}

/**
 * mw_client_auth_begin:
 * @grant_type: (nullable): of a token request; NULL for a revocation
 * @now: µs since 1970, by the server's clock where that is known
 * @authorization: (out) (transfer full) (nullable): the header that goes with it
 *
 * A server takes each assertion once: every request begins here.
 *
 * Returns: (transfer full) (element-type utf8): the fields of a form so far, for mw_form_add(); ends with NULL
 */
GPtrArray *
mw_client_auth_begin (MwClientAuth *self,
                      const char   *grant_type,
                      gint64        now,
                      char        **authorization)
{
  GPtrArray *fields = g_ptr_array_new_with_free_func (g_free);

  *authorization = NULL;
  if (grant_type != NULL)
    mw_form_add (fields, "grant_type", grant_type);
  if (self->key != NULL)
    {
      g_autofree char *assertion = mw_key_make_assertion (self->key, self->client_id, self->endpoint, now);

      mw_form_add (fields, "client_assertion_type", ASSERTION_TYPE);
      mw_form_add (fields, "client_assertion", assertion);
    }
  else if (self->secret != NULL && self->basic)
    *authorization = mw_oauth_basic (self->client_id, self->secret);
  else
    mw_form_add (fields, "client_id", self->client_id);
  if (self->secret != NULL && !self->basic)
    mw_form_add (fields, "client_secret", self->secret);
  return fields;
}
