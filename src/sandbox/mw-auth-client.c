/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-auth-private.h"

#include "mw-json.h"

#include <string.h>

#define MAX_CLIENTS 1000
#define MAX_KEYS 10

static const char *const methods[] = { "none", "client_secret_basic", "client_secret_post", "private_key_jwt", NULL };

MwAuthClient *
mw_auth_client_new (const char *id,
                    const char *method,
                    const char *secret)
{
  MwAuthClient *client = g_new0 (MwAuthClient, 1);

  client->id = g_strdup (id);
  client->method = g_strdup (method);
  client->secret = g_strdup (secret);
  return client;
}

void
mw_auth_client_free (MwAuthClient *client)
{
  g_free (client->id);
  g_free (client->method);
  g_free (client->secret);
  g_clear_pointer (&client->jwks, json_node_unref);
  g_strfreev (client->redirects);
  g_free (client->scope);
  g_free (client);
}

/* The port of a loopback address is the client's to choose (RFC 8252 7.3); "localhost" is none */
static char *
without_port (const char *uri)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_ENCODED, NULL);
  const char *host = parsed != NULL ? g_uri_get_host (parsed) : NULL;
  gboolean    loopback = host != NULL && (g_str_equal (host, "127.0.0.1") || g_str_equal (host, "::1"));
  const char *path;

  if (!loopback || !g_str_equal (g_uri_get_scheme (parsed), "http") || g_uri_get_userinfo (parsed) != NULL)
    return g_strdup (uri);
  path = g_uri_get_path (parsed);
  return g_uri_join (G_URI_FLAGS_ENCODED, "http", NULL, host, -1, *path != '\0' ? path : "/", g_uri_get_query (parsed), g_uri_get_fragment (parsed));
}

/**
 * mw_auth_client_redirects:
 * @uri: (nullable)
 *
 * Returns: whether @uri is registered for @client
 */
gboolean
mw_auth_client_redirects (MwAuthClient *client,
                          const char   *uri)
{
  g_autofree char *asked = uri != NULL ? without_port (uri) : NULL;

  for (char **redirect = client->redirects; asked != NULL && redirect != NULL && *redirect != NULL; redirect++)
    {
      g_autofree char *known = without_port (*redirect);

      if (g_str_equal (known, asked))
        return TRUE;
    }
  return FALSE;
}

static gboolean
read_redirects (MwAuthClient *client,
                JsonNode     *wanted,
                GError      **error)
{
  guint      n = mw_json_length (wanted, "redirect_uris");
  GPtrArray *list = g_ptr_array_new ();
  gboolean   good = TRUE;

  for (guint i = 0; good && i < n; i++)
    {
      const char *uri = mw_json_string (mw_json_item (wanted, "redirect_uris", i), NULL);
      g_autoptr (GUri) parsed = uri != NULL ? g_uri_parse (uri, G_URI_FLAGS_ENCODED, NULL) : NULL;

      good = parsed != NULL && g_uri_get_fragment (parsed) == NULL;
      if (good)
        g_ptr_array_add (list, g_strdup (uri));
      else
        g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_REDIRECT_URI, "A redirect URI is absolute and has no fragment");
    }
  g_ptr_array_add (list, NULL);
  client->redirects = (char **) g_ptr_array_free (list, FALSE);
  return good;
}

static gboolean
read_keys (MwAuthClient *client,
           JsonNode     *wanted,
           GError      **error)
{
  guint       n = mw_json_length (wanted, "jwks.keys");
  const char *wrong = n == 0 ? "private_key_jwt needs jwks with at least one key" : n > MAX_KEYS ? "There are too many keys"
                                                                                                 : NULL;

  for (guint i = 0; wrong == NULL && i < n; i++)
    wrong = mw_auth_check_jwk (mw_json_item (wanted, "jwks.keys", i));
  if (wrong != NULL)
    g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_CLIENT_METADATA, wrong);
  else
    client->jwks = mw_json_copy (mw_json_get (wanted, "jwks"));
  return wrong == NULL;
}

static MwAuthClient *
read_client (MwAuthServer *self,
             JsonNode     *wanted,
             GError      **error)
{
  gboolean         keys = mw_json_has (wanted, "jwks");
  const char      *method = mw_json_string (wanted, "token_endpoint_auth_method");
  g_autofree char *id = mw_auth_random ();
  g_autofree char *secret = mw_auth_random ();
  MwAuthClient    *client;

  if (method == NULL)
    method = keys ? "private_key_jwt" : "client_secret_basic";
  if (!mw_json_is_object (wanted) || mw_json_string (wanted, "client_name") == NULL || !g_strv_contains (methods, method) ||
      keys != g_str_equal (method, "private_key_jwt"))
    {
      g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_CLIENT_METADATA, "A client has a client_name, and a token_endpoint_auth_method that is known here; jwks goes with private_key_jwt");
      return NULL;
    }
  if (g_hash_table_size (self->clients) >= MAX_CLIENTS)
    {
      g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_CLIENT_METADATA, "There are too many clients already");
      return NULL;
    }
  id[16] = '\0';
  client = mw_auth_client_new (id, method, g_str_has_prefix (method, "client_secret") ? secret : NULL);
  client->scope = g_strdup (mw_json_string (wanted, "scope"));
  if (read_redirects (client, wanted, error) && (!keys || read_keys (client, wanted, error)))
    return client;
  mw_auth_client_free (client);
  return NULL;
}

/**
 * mw_auth_register:
 *
 * Dynamic registration (RFC 7591). In a sandbox anybody may.
 */
MwReply *
mw_auth_register (MwAuthServer    *self,
                  const MwRequest *request)
{
  gsize       length = 0;
  const char *data = request->body != NULL ? g_bytes_get_data (request->body, &length) : NULL;
  g_autoptr (JsonNode) wanted = length > 0 ? mw_json_parse (data, (gssize) length, NULL) : NULL;
  g_autoptr (GError) error = NULL;
  MwAuthClient *client = read_client (self, wanted, &error);
  JsonNode     *answer;

  if (client == NULL)
    return mw_auth_reply_error (self, error);
  g_hash_table_insert (self->clients, client->id, client);
  answer = mw_json_copy (wanted);
  mw_json_set (answer, "client_id", client->id);
  mw_json_set (answer, "token_endpoint_auth_method", client->method);
  mw_json_set_integer (answer, "client_id_issued_at", mw_auth_now (self) / G_USEC_PER_SEC);
  if (client->secret != NULL)
    {
      mw_json_set (answer, "client_secret", client->secret);
      mw_json_set_integer (answer, "client_secret_expires_at", 0);
    }
  return mw_auth_reply_json (201, answer);
}

/* "Basic base64(urlencode(id):urlencode(secret))" (RFC 6749 2.3.1) */
static gboolean
read_basic (const char *header,
            char      **id,
            char      **secret)
{
  gsize            length;
  g_autofree char *text = NULL;
  g_auto (GStrv) part = NULL;

  text = (char *) g_base64_decode (header + strlen ("Basic "), &length);
  part = g_strsplit (text, ":", 2);
  if (strlen (text) != length || g_strv_length (part) != 2)
    return FALSE;
  g_strdelimit (part[0], "+", ' ');
  g_strdelimit (part[1], "+", ' ');
  *id = g_uri_unescape_string (part[0], NULL);
  *secret = g_uri_unescape_string (part[1], NULL);
  return *id != NULL && *secret != NULL;
}

/* Whether @client may identify itself in this way, and with this secret */
static gboolean
check_secret (MwAuthClient *client,
              const char   *way,
              const char   *secret)
{
  if (g_str_equal (client->method, "none"))
    return secret == NULL;
  if (!g_str_equal (client->method, way) && !g_str_equal (client->method, "client_secret"))
    return FALSE;
  return mw_auth_same (secret, client->secret);
}

/**
 * mw_auth_authenticate:
 * @form: the body of a token or revocation request
 *
 * Returns: (transfer none) (nullable): who asks (RFC 6749 2.3); NULL with @error
 */
MwAuthClient *
mw_auth_authenticate (MwAuthServer    *self,
                      const MwRequest *request,
                      GHashTable      *form,
                      GError         **error)
{
  gboolean         basic = request->authorization != NULL && g_ascii_strncasecmp (request->authorization, "Basic ", strlen ("Basic ")) == 0;
  const char      *posted = g_hash_table_lookup (form, "client_secret");
  const char      *named = g_hash_table_lookup (form, "client_id");
  gboolean         assertion = g_hash_table_contains (form, "client_assertion");
  g_autofree char *id = NULL;
  g_autofree char *secret = NULL;
  MwAuthClient    *client;

  if ((guint) basic + (posted != NULL) + assertion > 1)
    {
      g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_REQUEST, "A client authenticates in one way only");
      return NULL;
    }
  if (assertion)
    return mw_auth_check_assertion (self, form, error);
  if (basic && (!read_basic (request->authorization, &id, &secret) || (named != NULL && !g_str_equal (named, id))))
    {
      g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_REQUEST, "The Authorization header cannot be read, or names another client than client_id");
      return NULL;
    }
  client = basic || named != NULL ? g_hash_table_lookup (self->clients, basic ? id : named) : NULL;
  if (client != NULL && check_secret (client, basic ? "client_secret_basic" : "client_secret_post", basic ? secret : posted))
    return client;
  g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_CLIENT, "The client is not known, or did not prove who it is in the way it registered");
  return NULL;
}

static gboolean
allowed_to (MwAuthClient *client,
            const char   *word)
{
  g_auto (GStrv) allowed = client->scope != NULL ? g_strsplit (client->scope, " ", -1) : NULL;

  return allowed == NULL || g_strv_contains ((const char *const *) allowed, word);
}

/**
 * mw_auth_grant_scope:
 * @asked: (nullable): scopes parted by spaces
 * @person: whether a person is there to allow it; else the client acts for itself
 *
 * Returns: (transfer full) (nullable): what of it can be granted; NULL with @error when that is nothing
 */
char *
mw_auth_grant_scope (MwAuthClient *client,
                     const char   *asked,
                     gboolean      person,
                     GError      **error)
{
  static const char *const others[] = { "openid", "fhirUser", "offline_access", "launch/patient", NULL };
  g_auto (GStrv) words = g_strsplit (asked != NULL ? asked : "", " ", -1);
  g_autoptr (GString) granted = g_string_new (NULL);
  gboolean resources = FALSE;

  for (char **word = words; *word != NULL; word++)
    {
      g_autoptr (MwScope) scope = mw_scope_parse (*word);
      gboolean good = scope != NULL ? g_str_equal (scope->level, "system") != person : person && g_strv_contains (others, *word);

      if (!good || !allowed_to (client, *word))
        continue;
      resources = resources || scope != NULL || g_str_equal (*word, "openid");
      g_string_append_printf (granted, "%s%s", granted->len > 0 ? " " : "", *word);
    }
  if (resources)
    return g_string_free (g_steal_pointer (&granted), FALSE);
  g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_SCOPE, person ? "None of these scopes can be granted to a person’s app" : "None of these scopes can be granted: without a person there are system/ scopes only");
  return NULL;
}
