/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-auth-private.h"

#include "mw-json.h"
#include "mw-template.h"

#include <string.h>

/* seconds that an id token says it lasts */
#define ID_TOKEN_LIFETIME 3600

static gboolean
has_word (const char *scope,
          const char *word)
{
  g_auto (GStrv) words = g_strsplit (scope, " ", -1);

  return g_strv_contains ((const char *const *) words, word);
}

/* What can no longer be used is forgotten */
static void
forget_old (MwAuthServer *self)
{
  gint64         now = mw_sandbox_clock_now (self->site->clock);
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->tokens);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((MwAuthToken *) value)->expires <= now || ((MwAuthToken *) value)->grant->revoked)
      g_hash_table_iter_remove (&iter);
}

/* (transfer full): the answer that carries a new access token for @scope, which is part of the grant's */
static JsonNode *
issue_token (MwAuthServer *self,
             MwAuthGrant  *grant,
             const char   *scope)
{
  g_autofree char *value = mw_auth_random ();
  MwAuthToken     *token = g_new0 (MwAuthToken, 1);
  JsonNode        *answer = mw_template ("{'access_token':'%s','token_type':'Bearer','expires_in':%i,'scope':'%s'}", value, (gint64) self->lifetime, scope);

  forget_old (self);
  token->grant = g_rc_box_acquire (grant);
  token->access = mw_auth_access_new (scope, grant->patient);
  token->expires = mw_sandbox_clock_now (self->site->clock) + MW_SECONDS (self->lifetime);
  g_hash_table_insert (self->tokens, g_steal_pointer (&value), token);
  return answer;
}

static char *
id_token (MwAuthServer *self,
          MwAuthGrant  *grant)
{
  gint64           now = mw_auth_now (self) / G_USEC_PER_SEC;
  g_autofree char *user = g_strdup_printf ("%s/%s", self->site->url, grant->user);
  g_autoptr (JsonNode) claims = mw_template ("{'iss':'%s','sub':'%s','aud':'%s','iat':%i,'exp':%i}", self->issuer, grant->user, grant->client, now, now + ID_TOKEN_LIFETIME);

  if (has_word (grant->scope, "fhirUser"))
    mw_json_set (claims, "fhirUser", user);
  if (grant->nonce != NULL)
    mw_json_set (claims, "nonce", grant->nonce);
  if (self->key == NULL)
    self->key = mw_auth_key_new ("sandbox-1");
  return mw_auth_key_sign (self->key, claims);
}

/* The answer to a code or a refresh token */
static JsonNode *
issue_for_person (MwAuthServer *self,
                  MwAuthGrant  *grant,
                  const char   *scope)
{
  JsonNode *answer = issue_token (self, grant, scope);

  if (grant->patient != NULL)
    mw_json_set (answer, "patient", grant->patient);
  if (has_word (grant->scope, "offline_access"))
    {
      MwAuthRefresh   *refresh = g_new0 (MwAuthRefresh, 1);
      g_autofree char *value = mw_auth_random ();

      mw_json_set (answer, "refresh_token", value);
      refresh->grant = g_rc_box_acquire (grant);
      g_hash_table_insert (self->refreshes, g_steal_pointer (&value), refresh);
    }
  if (has_word (grant->scope, "openid"))
    {
      g_autofree char *token = id_token (self, grant);

      mw_json_set (answer, "id_token", token);
    }
  return answer;
}

static gboolean
is_verifier (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  return length >= 43 && length <= 128 && strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-._~") == length;
}

/* (transfer none) (nullable): what is wrong with the request for this code (RFC 6749 4.1.3, RFC 7636 4.6) */
static const char *
check_code (MwAuthServer *self,
            MwAuthClient *client,
            MwAuthAsked  *asked,
            GHashTable   *form)
{
  const char      *verifier = g_hash_table_lookup (form, "code_verifier");
  g_autofree char *challenge = is_verifier (verifier) ? mw_auth_challenge (verifier) : NULL;

  if (asked == NULL || asked->client != client)
    return "The code is not known, or was given to another client";
  if (asked->used)
    {
      /* somebody else has it as well (RFC 6749 4.1.2) */
      asked->grant->revoked = TRUE;
      return "The code was used before; what came of it is revoked";
    }
  asked->used = TRUE;
  if (asked->expires <= mw_sandbox_clock_now (self->site->clock))
    return "The code has expired";
  if (g_strcmp0 (g_hash_table_lookup (form, "redirect_uri"), asked->redirect) != 0)
    return "redirect_uri is not the one that the code was sent to";
  if (!mw_auth_same (challenge, asked->challenge))
    return "code_verifier is missing, malformed, or does not fit the code_challenge";
  return NULL;
}

static JsonNode *
exchange_code (MwAuthServer *self,
               MwAuthClient *client,
               GHashTable   *form,
               GError      **error)
{
  const char  *code = g_hash_table_lookup (form, "code");
  MwAuthAsked *asked = code != NULL ? g_hash_table_lookup (self->codes, code) : NULL;
  const char  *wrong = check_code (self, client, asked, form);

  if (wrong != NULL)
    {
      g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_GRANT, wrong);
      return NULL;
    }
  self->counts.authorization_code++;
  return issue_for_person (self, asked->grant, asked->grant->scope);
}

/* Each works once; one that comes twice is in the wrong hands, and ends the whole grant (RFC 9700 4.14.2) */
static JsonNode *
exchange_refresh (MwAuthServer *self,
                  MwAuthClient *client,
                  GHashTable   *form,
                  GError      **error)
{
  const char    *value = g_hash_table_lookup (form, "refresh_token"), *scope = g_hash_table_lookup (form, "scope");
  MwAuthRefresh *refresh = value != NULL ? g_hash_table_lookup (self->refreshes, value) : NULL;

  if (refresh == NULL || refresh->grant->revoked || refresh->used || !g_str_equal (refresh->grant->client, client->id))
    {
      if (refresh != NULL && refresh->used)
        refresh->grant->revoked = TRUE;
      g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_GRANT, "The refresh token is not known, was used before, or was revoked");
      return NULL;
    }
  if (scope != NULL)
    {
      g_auto (GStrv) words = g_strsplit (scope, " ", -1);

      for (char **word = words; *word != NULL; word++)
        if (!has_word (refresh->grant->scope, *word))
          {
            g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_SCOPE, "This is more than was allowed");
            return NULL;
          }
    }
  refresh->used = TRUE;
  self->counts.refreshed++;
  return issue_for_person (self, refresh->grant, scope != NULL ? scope : refresh->grant->scope);
}

static JsonNode *
exchange_credentials (MwAuthServer *self,
                      MwAuthClient *client,
                      GHashTable   *form,
                      GError      **error)
{
  g_autofree char *scope = NULL;
  MwAuthGrant     *grant;
  JsonNode        *answer;

  if (g_str_equal (client->method, "none"))
    {
      g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_UNAUTHORIZED_CLIENT, "A public client cannot act for itself");
      return NULL;
    }
  scope = mw_auth_grant_scope (client, g_hash_table_lookup (form, "scope"), FALSE, error);
  if (scope == NULL)
    return NULL;
  grant = g_rc_box_new0 (MwAuthGrant);
  grant->client = g_strdup (client->id);
  grant->scope = g_steal_pointer (&scope);
  self->counts.client_credentials++;
  answer = issue_token (self, grant, grant->scope);
  mw_auth_grant_unref (grant);
  return answer;
}

/**
 * mw_auth_token:
 *
 * The token endpoint (RFC 6749 3.2).
 */
MwReply *
mw_auth_token (MwAuthServer    *self,
               const MwRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) form = mw_auth_read_form (request, &error);
  const char   *type = form != NULL ? g_hash_table_lookup (form, "grant_type") : NULL;
  MwAuthClient *client = NULL;
  JsonNode     *answer = NULL;

  if (form != NULL && type == NULL)
    g_set_error_literal (&error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_REQUEST, "grant_type is missing");
  else if (form != NULL)
    client = mw_auth_authenticate (self, request, form, &error);
  if (client == NULL)
    return mw_auth_reply_error (self, error);
  if (g_str_equal (type, "authorization_code"))
    answer = exchange_code (self, client, form, &error);
  else if (g_str_equal (type, "refresh_token"))
    answer = exchange_refresh (self, client, form, &error);
  else if (g_str_equal (type, "client_credentials"))
    answer = exchange_credentials (self, client, form, &error);
  else
    g_set_error_literal (&error, MW_AUTH_ERROR, MW_AUTH_ERROR_UNSUPPORTED_GRANT_TYPE, "There are authorization_code, refresh_token and client_credentials");
  return answer != NULL ? mw_auth_reply_json (200, answer) : mw_auth_reply_error (self, error);
}

/**
 * mw_auth_revoke:
 *
 * The revocation endpoint (RFC 7009): a refresh token takes everything along that came of the same
 * grant. A token that is not known is as good as revoked.
 */
MwReply *
mw_auth_revoke (MwAuthServer    *self,
                const MwRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) form = mw_auth_read_form (request, &error);
  MwAuthClient  *client = form != NULL ? mw_auth_authenticate (self, request, form, &error) : NULL;
  const char    *value = client != NULL ? g_hash_table_lookup (form, "token") : NULL;
  MwAuthRefresh *refresh;
  MwAuthToken   *token;

  if (client != NULL && value == NULL)
    g_set_error_literal (&error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_REQUEST, "token is missing");
  if (error != NULL)
    return mw_auth_reply_error (self, error);
  refresh = g_hash_table_lookup (self->refreshes, value);
  token = g_hash_table_lookup (self->tokens, value);
  if (refresh != NULL && g_str_equal (refresh->grant->client, client->id))
    {
      refresh->grant->revoked = TRUE;
      self->counts.revoked++;
    }
  else if (token != NULL && g_str_equal (token->grant->client, client->id))
    {
      g_hash_table_remove (self->tokens, value);
      self->counts.revoked++;
    }
  return mw_auth_reply_json (200, NULL);
}
