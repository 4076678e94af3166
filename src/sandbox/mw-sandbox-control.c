/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox-private.h"

#include "mw-json.h"
#include "mw-template.h"

#include <string.h>

/* a day: who wants tokens to last longer wants none */
#define MAX_LIFETIME 86400
#define MAX_SKEW 86400

typedef void (*ServerFunc) (MwAuthServer *server,
                            gint64        value);

static void
for_each_server (MwSandbox *self,
                 ServerFunc func,
                 gint64     value)
{
  g_auto (GStrv) names = mw_sandbox_get_site_names (self);

  for (char **name = names; *name != NULL; name++)
    {
      MwSite *site = mw_sandbox_find_site (self, *name);

      if (site != NULL && site->auth != NULL)
        func (site->auth, value);
    }
}

static void
set_lifetime (MwAuthServer *server,
              gint64        value)
{
  mw_auth_server_set_lifetime (server, (guint) value);
}

static void
expire (MwAuthServer *server,
        gint64        value)
{
  mw_auth_server_expire (server);
}

/**
 * mw_sandbox_set_token_lifetime:
 *
 * How long the access tokens last that are issued from now on, by the sandbox's clock.
 */
void
mw_sandbox_set_token_lifetime (MwSandbox *self,
                               guint      seconds)
{
  g_return_if_fail (MW_IS_SANDBOX (self));
  g_return_if_fail (seconds > 0 && seconds <= MAX_LIFETIME);

  for_each_server (self, set_lifetime, seconds);
}

/**
 * mw_sandbox_set_skew:
 * @microseconds: how far its clock is ahead; below 0: behind
 *
 * Makes every server's clock wrong: the Date header, and the time by which an assertion is judged.
 */
void
mw_sandbox_set_skew (MwSandbox *self,
                     gint64     microseconds)
{
  g_return_if_fail (MW_IS_SANDBOX (self));

  self->skew = microseconds;
  for_each_server (self, mw_auth_server_set_skew, microseconds);
}

/**
 * mw_sandbox_expire_tokens:
 *
 * Ends all access tokens at once; refresh tokens live on.
 */
void
mw_sandbox_expire_tokens (MwSandbox *self)
{
  g_return_if_fail (MW_IS_SANDBOX (self));

  for_each_server (self, expire, 0);
}

/**
 * mw_sandbox_count_tokens:
 * @site: one that is protected
 * @what: "authorization_code" or "client_credentials": tokens issued that way; "refreshed", "refused", "revoked", "clients"
 *
 * Returns: how often that happened since the start
 */
guint
mw_sandbox_count_tokens (MwSandbox  *self,
                         const char *site,
                         const char *what)
{
  MwSite      *found;
  MwAuthCounts counts;

  g_return_val_if_fail (MW_IS_SANDBOX (self), 0);
  found = mw_sandbox_find_site (self, site);
  g_return_val_if_fail (found != NULL && found->auth != NULL, 0);

  counts = mw_auth_server_get_counts (found->auth);
  if (g_str_equal (what, "authorization_code"))
    return counts.authorization_code;
  if (g_str_equal (what, "client_credentials"))
    return counts.client_credentials;
  if (g_str_equal (what, "refreshed"))
    return counts.refreshed;
  if (g_str_equal (what, "refused"))
    return counts.refused;
  if (g_str_equal (what, "revoked"))
    return counts.revoked;
  g_return_val_if_fail (g_str_equal (what, "clients"), 0);
  return counts.clients;
}

static JsonNode *
describe (MwSandbox *self)
{
  g_auto (GStrv) names = mw_sandbox_get_site_names (self);
  JsonNode *answer = mw_json_object_new ();

  for (char **name = names; *name != NULL; name++)
    {
      MwSite      *site = mw_sandbox_find_site (self, *name);
      MwAuthCounts counts;

      if (site == NULL || site->auth == NULL)
        continue;
      counts = mw_auth_server_get_counts (site->auth);
      mw_json_take (answer, *name,
                    mw_template ("{'issued':{'authorization_code':%i,'client_credentials':%i},'refreshed':%i,'refused':%i,'revoked':%i,'clients':%i}",
                                 (gint64) counts.authorization_code, (gint64) counts.client_credentials, (gint64) counts.refreshed,
                                 (gint64) counts.refused, (gint64) counts.revoked, (gint64) counts.clients));
    }
  return answer;
}

static gboolean
apply (MwSandbox *self,
       JsonNode  *settings)
{
  gint64 lifetime = mw_json_integer (settings, "tokenLifetime", 1), skew = mw_json_integer (settings, "skew", 0);

  if (!mw_json_is_object (settings) || lifetime < 1 || lifetime > MAX_LIFETIME || ABS (skew) > MAX_SKEW)
    return FALSE;
  if (mw_json_has (settings, "tokenLifetime"))
    mw_sandbox_set_token_lifetime (self, (guint) lifetime);
  if (mw_json_has (settings, "skew"))
    mw_sandbox_set_skew (self, MW_SECONDS (skew));
  return TRUE;
}

static MwReply *
reply_json (guint     status,
            JsonNode *json)
{
  MwReply *reply = g_new0 (MwReply, 1);
  char    *text = mw_json_to_text (json, FALSE);

  reply->status = status;
  reply->no_store = TRUE;
  reply->content_type = g_strdup ("application/json");
  reply->raw = g_bytes_new_take (text, strlen (text));
  json_node_unref (json);
  return reply;
}

/**
 * mw_sandbox_control:
 * @path: what follows "/sandbox/"
 *
 * What a test outside turns and reads, and no FHIR client ever asks for:
 * GET auth tells the counts; POST auth/expire ends all access tokens; POST auth/settings takes
 * {"tokenLifetime": seconds, "skew": seconds}.
 *
 * Returns: (transfer full) (nullable): NULL where there is no such thing
 */
MwReply *
mw_sandbox_control (MwSandbox  *self,
                    const char *method,
                    const char *path,
                    GBytes     *body)
{
  gboolean post = g_str_equal (method, "POST");

  if (g_str_equal (path, "auth") && g_str_equal (method, "GET"))
    return reply_json (200, describe (self));
  if (g_str_equal (path, "auth/expire") && post)
    {
      mw_sandbox_expire_tokens (self);
      return reply_json (200, describe (self));
    }
  if (g_str_equal (path, "auth/settings") && post)
    {
      gsize       length;
      const char *data = g_bytes_get_data (body, &length);
      g_autoptr (JsonNode) settings = length > 0 ? mw_json_parse (data, (gssize) length, NULL) : NULL;
      gboolean good = apply (self, settings);

      return reply_json (good ? 200 : 400, describe (self));
    }
  return NULL;
}
