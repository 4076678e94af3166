/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-auth-private.h"

#include "mw-json.h"

#include <string.h>

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
/* seconds that an assertion may last (SMART App Launch 2.2, client-confidential-asymmetric) */
#define MAX_AHEAD 300

/* A compact JWS, taken apart */
typedef struct
{
  const char *text;
  gsize       signed_length;
  JsonNode   *header;
  JsonNode   *claims;
  GBytes     *signature;
} Jws;

static void
jws_clear (Jws *jws)
{
  g_clear_pointer (&jws->header, json_node_unref);
  g_clear_pointer (&jws->claims, json_node_unref);
  g_clear_pointer (&jws->signature, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Jws, jws_clear)

static JsonNode *
decode_object (const char *text)
{
  g_autoptr (GBytes) bytes = mw_auth_decode (text);
  gsize       length;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  g_autoptr (JsonNode) node = data != NULL ? mw_json_parse (data, (gssize) length, NULL) : NULL;

  return mw_json_is_object (node) ? g_steal_pointer (&node) : NULL;
}

static gboolean
jws_read (Jws        *jws,
          const char *text)
{
  g_auto (GStrv) part = g_strsplit (text, ".", -1);

  if (g_strv_length (part) != 3)
    return FALSE;
  jws->text = text;
  jws->signed_length = strlen (part[0]) + 1 + strlen (part[1]);
  jws->header = decode_object (part[0]);
  jws->claims = decode_object (part[1]);
  jws->signature = mw_auth_decode (part[2]);
  return jws->header != NULL && jws->claims != NULL && jws->signature != NULL;
}

static gboolean
is_for (JsonNode   *claims,
        const char *audience)
{
  guint n = mw_json_length (claims, "aud");

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (mw_json_string (mw_json_item (claims, "aud", i), NULL), audience) == 0)
      return TRUE;
  return FALSE;
}

/* (nullable): what is wrong with the times */
static const char *
check_times (MwAuthServer *self,
             JsonNode     *claims)
{
  gint64 now = mw_auth_now (self) / G_USEC_PER_SEC;
  gint64 expires = mw_json_integer (claims, "exp", -1);

  if (expires < 0)
    return "exp is missing";
  if (expires <= now)
    return "The assertion has expired, by the clock of this server";
  if (expires > now + MAX_AHEAD)
    return "exp is more than five minutes ahead, by the clock of this server";
  if (mw_json_integer (claims, "nbf", now) > now)
    return "The assertion is not valid yet, by the clock of this server";
  return NULL;
}

/* whether @jti was not there before; it is from now on */
static gboolean
take_jti (MwAuthServer *self,
          const char   *client,
          JsonNode     *claims)
{
  g_autofree char *key = g_strconcat (client, " ", mw_json_string (claims, "jti"), NULL);
  gint64           now = mw_auth_now (self) / G_USEC_PER_SEC, *until;
  GHashTableIter   iter;
  gpointer         value;

  g_hash_table_iter_init (&iter, self->jtis);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (*(gint64 *) value <= now)
      g_hash_table_iter_remove (&iter);
  if (g_hash_table_contains (self->jtis, key))
    return FALSE;
  until = g_new (gint64, 1);
  *until = mw_json_integer (claims, "exp", now);
  g_hash_table_insert (self->jtis, g_steal_pointer (&key), until);
  return TRUE;
}

static JsonNode *
find_key (MwAuthClient *client,
          const char   *kid)
{
  guint n = mw_json_length (client->jwks, "keys");

  for (guint i = 0; kid != NULL && i < n; i++)
    if (g_strcmp0 (mw_json_string (mw_json_item (client->jwks, "keys", i), "kid"), kid) == 0)
      return mw_json_item (client->jwks, "keys", i);
  return NULL;
}

/* (nullable): what is wrong with the assertion */
static const char *
check_jws (MwAuthServer *self,
           MwAuthClient *client,
           const Jws    *jws)
{
  g_autofree char *audience = mw_auth_url (self, "token");
  const char      *type = mw_json_string (jws->header, "typ");
  JsonNode        *key;

  if (client == NULL || g_strcmp0 (mw_json_string (jws->claims, "iss"), client->id) != 0)
    return "iss and sub have to be the client_id of a client that is registered here";
  if (!g_str_equal (client->method, "private_key_jwt"))
    return "This client did not register to authenticate with a key";
  if (type != NULL && g_ascii_strcasecmp (type, "JWT") != 0)
    return "typ has to be JWT";
  key = find_key (client, mw_json_string (jws->header, "kid"));
  if (key == NULL)
    return "The client has no key of this kid";
  if (!mw_auth_verify (key, mw_json_string (jws->header, "alg"), jws->text, jws->signed_length, jws->signature))
    return "The signature is not that of the client’s key, or alg is neither RS384 nor ES384";
  if (!is_for (jws->claims, audience))
    return "aud has to be the URL of the token endpoint";
  if (mw_json_string (jws->claims, "jti") == NULL)
    return "jti is missing";
  return check_times (self, jws->claims);
}

/**
 * mw_auth_check_assertion:
 * @form: with client_assertion
 *
 * Checks a JWT that a client signed (SMART App Launch 2.2, client-confidential-asymmetric; RFC 7523 3).
 *
 * Returns: (transfer none) (nullable): the client; NULL with @error
 */
MwAuthClient *
mw_auth_check_assertion (MwAuthServer *self,
                         GHashTable   *form,
                         GError      **error)
{
  const char *named = g_hash_table_lookup (form, "client_id");
  g_auto (Jws) jws = { 0 };
  const char   *subject, *wrong;
  MwAuthClient *client;

  if (g_strcmp0 (g_hash_table_lookup (form, "client_assertion_type"), ASSERTION_TYPE) != 0)
    {
      g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_REQUEST, "client_assertion_type has to be " ASSERTION_TYPE);
      return NULL;
    }
  if (!jws_read (&jws, g_hash_table_lookup (form, "client_assertion")))
    {
      g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_CLIENT, "client_assertion is no signed JWT");
      return NULL;
    }
  subject = mw_json_string (jws.claims, "sub");
  client = subject != NULL ? g_hash_table_lookup (self->clients, subject) : NULL;
  wrong = check_jws (self, client, &jws);
  if (wrong == NULL && named != NULL && !g_str_equal (named, subject))
    wrong = "client_id names another client than the assertion";
  if (wrong == NULL && !take_jti (self, subject, jws.claims))
    wrong = "This jti was used before";
  if (wrong == NULL)
    return client;
  g_set_error_literal (error, MW_AUTH_ERROR, MW_AUTH_ERROR_INVALID_CLIENT, wrong);
  return NULL;
}
