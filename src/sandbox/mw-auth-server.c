/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-auth-private.h"

#include "mw-json.h"
#include "mw-template.h"

#include <string.h>

/* seconds */
#define DEFAULT_LIFETIME 300
#define MAX_BODY (256 * 1024)

G_DEFINE_QUARK (mw_auth_error, mw_auth_error)

/**
 * mw_auth_error_name:
 *
 * Returns: (transfer none): how the standard spells the code of @error
 */
const char *
mw_auth_error_name (const GError *error)
{
  static const char *const names[] = { "invalid_request", "invalid_client", "invalid_grant", "invalid_scope", "unauthorized_client",
                                       "unsupported_grant_type", "unsupported_response_type", "access_denied",
                                       "invalid_client_metadata", "invalid_redirect_uri" };

  g_return_val_if_fail (error->domain == MW_AUTH_ERROR, names[0]);

  return names[error->code];
}

static void
grant_clear (gpointer data)
{
  MwAuthGrant *grant = data;

  g_free (grant->client);
  g_free (grant->scope);
  g_free (grant->user);
  g_free (grant->patient);
  g_free (grant->nonce);
}

void
mw_auth_grant_unref (MwAuthGrant *grant)
{
  g_rc_box_release_full (grant, grant_clear);
}

void
mw_auth_asked_free (MwAuthAsked *asked)
{
  g_clear_pointer (&asked->grant, mw_auth_grant_unref);
  g_free (asked->redirect);
  g_free (asked->state);
  g_free (asked->scope);
  g_free (asked->challenge);
  g_free (asked->nonce);
  g_free (asked);
}

static void
token_free (gpointer data)
{
  MwAuthToken *token = data;

  mw_auth_grant_unref (token->grant);
  mw_auth_access_free (token->access);
  g_free (token);
}

static void
refresh_free (gpointer data)
{
  MwAuthRefresh *refresh = data;

  mw_auth_grant_unref (refresh->grant);
  g_free (refresh);
}

static void
add_client (MwAuthServer *self,
            MwAuthClient *client)
{
  g_hash_table_insert (self->clients, client->id, client);
}

/**
 * mw_auth_server_new:
 * @site: (transfer none): whose data it guards; has to outlive it
 * @root: what its URLs begin with, before "/auth/…"
 * @user: who signs in unless the person chooses another: "Practitioner/id"
 */
MwAuthServer *
mw_auth_server_new (MwSite     *site,
                    const char *root,
                    const char *user)
{
  /* the port of a loopback redirect is the client's to choose (RFC 8252 7.3) */
  static const char *const loopback[] = { "http://127.0.0.1/callback", "http://127.0.0.1/", "http://[::1]/callback", "http://[::1]/", NULL };
  MwAuthServer            *self = g_new0 (MwAuthServer, 1);
  MwAuthClient            *native = mw_auth_client_new (MW_AUTH_PUBLIC_CLIENT, "none", NULL);
  MwAuthClient            *secret = mw_auth_client_new (MW_AUTH_SECRET_CLIENT, "client_secret", MW_AUTH_SECRET_VALUE);

  self->site = site;
  self->issuer = g_strdup (root);
  self->user = g_strdup (user);
  self->lifetime = DEFAULT_LIFETIME;
  self->clients = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) mw_auth_client_free);
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) mw_auth_asked_free);
  self->codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) mw_auth_asked_free);
  self->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, token_free);
  self->refreshes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, refresh_free);
  self->jtis = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  native->redirects = g_strdupv ((char **) loopback);
  secret->redirects = g_strdupv ((char **) loopback);
  add_client (self, native);
  add_client (self, secret);
  return self;
}

void
mw_auth_server_free (MwAuthServer *self)
{
  g_hash_table_unref (self->jtis);
  g_hash_table_unref (self->refreshes);
  g_hash_table_unref (self->tokens);
  g_hash_table_unref (self->codes);
  g_hash_table_unref (self->asked);
  g_hash_table_unref (self->clients);
  g_clear_pointer (&self->key, mw_auth_key_free);
  g_free (self->issuer);
  g_free (self->user);
  g_free (self);
}

/**
 * mw_auth_server_set_lifetime:
 *
 * How long the access tokens last that are issued from now on.
 */
void
mw_auth_server_set_lifetime (MwAuthServer *self,
                             guint         seconds)
{
  self->lifetime = seconds;
}

/**
 * mw_auth_server_set_skew:
 *
 * How far its clock is ahead of the sandbox's when it looks at the times in an assertion.
 */
void
mw_auth_server_set_skew (MwAuthServer *self,
                         gint64        microseconds)
{
  self->skew = microseconds;
}

/**
 * mw_auth_server_expire:
 *
 * Ends all access tokens at once; refresh tokens live on.
 */
void
mw_auth_server_expire (MwAuthServer *self)
{
  g_hash_table_remove_all (self->tokens);
}

MwAuthCounts
mw_auth_server_get_counts (MwAuthServer *self)
{
  MwAuthCounts counts = self->counts;

  counts.clients = g_hash_table_size (self->clients);
  return counts;
}

/* microseconds: by the clock that the Date header shows */
gint64
mw_auth_now (MwAuthServer *self)
{
  return mw_sandbox_clock_now (self->site->clock) + self->skew;
}

/* (transfer full): the URL of an endpoint: "token" */
char *
mw_auth_url (MwAuthServer *self,
             const char   *what)
{
  return g_strdup_printf ("%s/auth/%s", self->issuer, what);
}

/* @json: (transfer full) (nullable) */
MwReply *
mw_auth_reply_json (guint     status,
                    JsonNode *json)
{
  MwReply *reply = g_new0 (MwReply, 1);

  reply->status = status;
  reply->no_store = TRUE;
  if (json != NULL)
    {
      char *text = mw_json_to_text (json, FALSE);

      reply->content_type = g_strdup ("application/json");
      reply->raw = g_bytes_new_take (text, strlen (text));
      json_node_unref (json);
    }
  return reply;
}

/* (RFC 6749 5.2) */
MwReply *
mw_auth_reply_error (MwAuthServer *self,
                     const GError *error)
{
  gboolean client = g_error_matches (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_CLIENT);
  MwReply *reply = mw_auth_reply_json (client ? 401 : 400, mw_template ("{'error':'%s','error_description':'%s'}", mw_auth_error_name (error), error->message));

  if (client)
    reply->challenge = g_strdup_printf ("Basic realm=\"%s\"", self->site->name);
  self->counts.refused++;
  return reply;
}

/**
 * mw_auth_read_query:
 * @query: (nullable): form-urlencoded
 *
 * Returns: (transfer full) (nullable): name → value; NULL where it cannot be read or names one twice
 *   (RFC 6749 3.1)
 */
GHashTable *
mw_auth_read_query (const char *query,
                    GError    **error)
{
  g_autoptr (GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GUriParamsIter iter;
  char          *name, *value;
  g_autoptr (GError) wrong = NULL;

  g_uri_params_iter_init (&iter, query != NULL ? query : "", -1, "&", G_URI_PARAMS_WWW_FORM);
  while (g_uri_params_iter_next (&iter, &name, &value, &wrong))
    if (g_hash_table_contains (values, name))
      {
        g_set_error (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_REQUEST, "“%s” is there twice", name);
        g_free (name);
        g_free (value);
        return NULL;
      }
    else
      g_hash_table_insert (values, name, value);
  if (wrong != NULL)
    {
      g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_REQUEST, "The parameters cannot be read");
      return NULL;
    }
  return g_steal_pointer (&values);
}

/* The body, which has to be a form */
GHashTable *
mw_auth_read_form (const MwRequest *request,
                   GError         **error)
{
  gsize            length = 0;
  const char      *data = request->body != NULL ? g_bytes_get_data (request->body, &length) : NULL;
  g_autofree char *text = NULL;

  if (request->content_type == NULL || !g_str_has_prefix (request->content_type, "application/x-www-form-urlencoded"))
    {
      g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_REQUEST, "The body has to be application/x-www-form-urlencoded");
      return NULL;
    }
  if (length > MAX_BODY || (length > 0 && memchr (data, '\0', length) != NULL))
    {
      g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_REQUEST, "The body cannot be read");
      return NULL;
    }
  text = g_strndup (data != NULL ? data : "", length);
  return mw_auth_read_query (text, error);
}

static MwReply *
reply_keys (MwAuthServer *self)
{
  JsonNode *keys = mw_json_object_new ();
  MwReply  *reply;

  if (self->key == NULL)
    self->key = mw_auth_key_new ("sandbox-1");
  mw_json_take (keys, "keys[+]", mw_auth_key_public (self->key));
  reply = mw_auth_reply_json (200, keys);
  reply->no_store = FALSE;
  return reply;
}

/**
 * mw_auth_server_handle:
 * @what: the end of the path: "token"
 *
 * Answers a request to one of the server's own endpoints.
 *
 * Returns: (transfer full)
 */
MwReply *
mw_auth_server_handle (MwAuthServer    *self,
                       const char      *what,
                       const MwRequest *request)
{
  gboolean get = g_str_equal (request->method, "GET"), post = g_str_equal (request->method, "POST");

  if (g_str_equal (what, "authorize") && (get || post))
    return mw_auth_authorize (self, request);
  if (g_str_equal (what, "token") && post)
    return mw_auth_token (self, request);
  if (g_str_equal (what, "revoke") && post)
    return mw_auth_revoke (self, request);
  if (g_str_equal (what, "register") && post)
    return mw_auth_register (self, request);
  if (g_str_equal (what, "jwks") && get)
    return reply_keys (self);
  return mw_auth_reply_json (g_strv_contains ((const char *const[]){ "authorize", "token", "revoke", "register", "jwks", NULL }, what) ? 405 : 404,
                             mw_template ("{'error':'invalid_request','error_description':'There is no such endpoint, or it is not asked in this way'}"));
}

/**
 * mw_auth_server_configuration:
 *
 * Returns: (transfer full): the answer to .well-known/smart-configuration (SMART App Launch 2.2, conformance)
 */
MwReply *
mw_auth_server_configuration (MwAuthServer *self)
{
  g_autofree char *authorize = mw_auth_url (self, "authorize");
  g_autofree char *token = mw_auth_url (self, "token");
  g_autofree char *revoke = mw_auth_url (self, "revoke");
  g_autofree char *enrol = mw_auth_url (self, "register");
  g_autofree char *jwks = mw_auth_url (self, "jwks");
  MwReply         *reply = mw_auth_reply_json (
              200, mw_template (
                       "{'issuer':'%s','jwks_uri':'%s','authorization_endpoint':'%s','token_endpoint':'%s','revocation_endpoint':'%s',"
                               "'registration_endpoint':'%s','grant_types_supported':['authorization_code','client_credentials','refresh_token'],"
                               "'response_types_supported':['code'],'code_challenge_methods_supported':['S256'],"
                               "'token_endpoint_auth_methods_supported':['client_secret_basic','client_secret_post','private_key_jwt','none'],"
                               "'token_endpoint_auth_signing_alg_values_supported':['RS384','ES384'],"
                               "'id_token_signing_alg_values_supported':['RS256'],'subject_types_supported':['public'],"
                               "'authorization_response_iss_parameter_supported':true,"
                               "'scopes_supported':['openid','fhirUser','offline_access','launch/patient','patient/*.rs','user/*.cruds','system/*.cruds'],"
                               "'capabilities':['launch-standalone','authorize-post','client-public','client-confidential-symmetric',"
                               "'client-confidential-asymmetric','sso-openid-connect','context-standalone-patient','permission-offline',"
                               "'permission-patient','permission-user','permission-v1','permission-v2']}",
                       self->issuer, jwks, authorize, token, revoke, enrol));

  reply->no_store = FALSE;
  return reply;
}

/**
 * mw_auth_server_security:
 *
 * Returns: (transfer full): CapabilityStatement.rest.security, with the extension that older clients read
 */
JsonNode *
mw_auth_server_security (MwAuthServer *self)
{
  g_autofree char *authorize = mw_auth_url (self, "authorize");
  g_autofree char *token = mw_auth_url (self, "token");
  g_autofree char *revoke = mw_auth_url (self, "revoke");
  g_autofree char *enrol = mw_auth_url (self, "register");

  return mw_template ("{'extension':[{'url':'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris','extension':["
                      "{'url':'authorize','valueUri':'%s'},{'url':'token','valueUri':'%s'},{'url':'revoke','valueUri':'%s'},"
                      "{'url':'register','valueUri':'%s'}]}],'service':[{'coding':[{"
                      "'system':'http://terminology.hl7.org/CodeSystem/restful-security-service','code':'SMART-on-FHIR'}]}]}",
                      authorize, token, revoke, enrol);
}

/**
 * mw_auth_server_check:
 * @authorization: (nullable): the header of a request
 *
 * Returns: (transfer none) (nullable): what its bearer may do; NULL where there is no token or none that
 *   is good
 */
const MwAuthAccess *
mw_auth_server_check (MwAuthServer *self,
                      const char   *authorization)
{
  MwAuthToken *token;

  if (authorization == NULL || g_ascii_strncasecmp (authorization, "Bearer ", strlen ("Bearer ")) != 0)
    return NULL;
  token = g_hash_table_lookup (self->tokens, authorization + strlen ("Bearer "));
  if (token == NULL || token->grant->revoked || token->expires <= mw_sandbox_clock_now (self->site->clock))
    return NULL;
  return token->access;
}
