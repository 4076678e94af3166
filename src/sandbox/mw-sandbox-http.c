/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-sandbox"

#include "mw-sandbox-private.h"

#include "mw-json.h"

#include <string.h>

/* bytes of one request; what is longer gets 413 */
#define MAX_BODY (20 * 1024 * 1024)

static void
set_date (SoupMessageHeaders *headers,
          const char         *name,
          gint64              when)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (when / G_USEC_PER_SEC);
  g_autofree char *text = soup_date_time_to_string (time, SOUP_DATE_HTTP);

  soup_message_headers_replace (headers, name, text);
}

static void
send_reply (MwSandbox         *self,
            SoupServerMessage *message,
            MwReply           *reply)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, reply->status, NULL);
  set_date (headers, "Date", mw_sandbox_clock_now (self->world.clock) + self->skew);
  if (reply->etag != NULL)
    soup_message_headers_replace (headers, "ETag", reply->etag);
  if (reply->location != NULL)
    soup_message_headers_replace (headers, "Location", reply->location);
  if (reply->modified != 0)
    set_date (headers, "Last-Modified", reply->modified);
  if (reply->challenge != NULL)
    soup_message_headers_replace (headers, "WWW-Authenticate", reply->challenge);
  if (reply->no_store)
    {
      soup_message_headers_replace (headers, "Cache-Control", "no-store");
      soup_message_headers_replace (headers, "Pragma", "no-cache");
    }
  if (reply->content_type != NULL && g_str_has_prefix (reply->content_type, "text/html"))
    soup_message_headers_replace (headers, "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  if (reply->raw != NULL)
    {
      gsize       length;
      const char *data = g_bytes_get_data (reply->raw, &length);

      soup_server_message_set_response (message, reply->content_type, SOUP_MEMORY_COPY, data, length);
    }
  else if (reply->resource != NULL)
    {
      char *text = mw_json_to_text (reply->resource, FALSE);

      soup_server_message_set_response (message, "application/fhir+json; charset=utf-8", SOUP_MEMORY_TAKE, text, strlen (text));
    }
}

static void
refuse (MwSandbox         *self,
        SoupServerMessage *message,
        guint              status,
        const char        *code,
        const char        *text)
{
  g_autoptr (MwReply) reply = g_new0 (MwReply, 1);

  reply->status = status;
  reply->resource = mw_outcome_new ("error", code, text);
  send_reply (self, message, reply);
}

/* Counts what comes in; past the limit it is thrown away and the answer will be 413 */
static void
got_chunk_cb (SoupServerMessage *message,
              GBytes            *chunk,
              gpointer           user_data)
{
  gsize *total = user_data;

  *total += g_bytes_get_size (chunk);
  if (*total > MAX_BODY)
    {
      SoupMessageBody *body = soup_server_message_get_request_body (message);

      soup_message_body_set_accumulate (body, FALSE);
      soup_message_body_truncate (body);
      g_object_set_data (G_OBJECT (message), "mw-too-large", GINT_TO_POINTER (TRUE));
    }
}

static void
free_total (gpointer  data,
            GClosure *closure)
{
  g_free (data);
}

static void
early_cb (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  gsize *total = g_new0 (gsize, 1);

  g_signal_connect_data (message, "got-chunk", G_CALLBACK (got_chunk_cb), total, free_total, 0);
}

/* "/practice/fhir/Patient/1" → the site, "fhir" and "Patient/1" */
static MwSite *
take_site (MwSandbox   *self,
           const char  *path,
           char       **service,
           const char **rest)
{
  g_auto (GStrv) part = g_strsplit (path, "/", 4);

  if (g_strv_length (part) < 3)
    return NULL;
  *service = g_strdup (part[2]);
  *rest = path + strlen (part[1]) + strlen (part[2]) + strlen ("//");
  if (**rest == '/')
    (*rest)++;
  return mw_sandbox_find_site (self, part[1]);
}

static MwReply *
refuse_token (void)
{
  MwReply *reply = g_new0 (MwReply, 1);

  reply->status = 401;
  reply->challenge = g_strdup ("Bearer error=\"invalid_token\"");
  reply->resource = mw_outcome_new ("error", "login", "This server needs an access token that is good");
  return reply;
}

/* What everybody may know before they sign in */
static gboolean
is_public (const MwRequest *request)
{
  return (g_str_equal (request->method, "GET") || g_str_equal (request->method, "HEAD")) && (g_str_equal (request->path, "metadata") || g_str_equal (request->path, "$versions"));
}

static MwReply *
answer_fhir (MwSite    *site,
             MwRequest *request)
{
  gboolean configuration = g_str_equal (request->path, ".well-known/smart-configuration") && g_str_equal (request->method, "GET");

  if (site->auth != NULL && configuration)
    return mw_auth_server_configuration (site->auth);
  if (site->auth != NULL && !is_public (request))
    {
      request->access = mw_auth_server_check (site->auth, request->authorization);
      if (request->access == NULL)
        return refuse_token ();
    }
  return mw_rest_handle (site, request);
}

/* (nullable): NULL where nobody lives */
static MwReply *
answer (MwSandbox         *self,
        SoupServerMessage *message,
        const char        *path)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autofree char *service = NULL;
  const char      *rest = NULL;
  MwSite          *site = take_site (self, path, &service, &rest);
  MwRequest        request = {
           .method = soup_server_message_get_method (message),
           .path = rest,
           .query = g_uri_get_query (soup_server_message_get_uri (message)),
           .accept = soup_message_headers_get_list (headers, "Accept"),
           .content_type = soup_message_headers_get_one (headers, "Content-Type"),
           .if_match = soup_message_headers_get_one (headers, "If-Match"),
           .if_none_match = soup_message_headers_get_list (headers, "If-None-Match"),
           .if_none_exist = soup_message_headers_get_one (headers, "If-None-Exist"),
           .prefer = soup_message_headers_get_list (headers, "Prefer"),
           .body = bytes,
           .authorization = soup_message_headers_get_one (headers, "Authorization"),
  };

  /* a web page may not turn the knobs, even though a browser on this computer would reach them */
  if (g_str_has_prefix (path, "/sandbox/") && soup_message_headers_get_one (headers, "Origin") == NULL)
    return mw_sandbox_control (self, request.method, path + strlen ("/sandbox/"), bytes);
  if (site == NULL)
    return NULL;
  if (g_str_equal (service, "fhir"))
    return answer_fhir (site, &request);
  return g_str_equal (service, "auth") && site->auth != NULL ? mw_auth_server_handle (site->auth, rest, &request) : NULL;
}

static void
handle_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  MwSandbox *self = user_data;
  g_autoptr (MwReply) reply = NULL;

  if (g_object_get_data (G_OBJECT (message), "mw-too-large") != NULL)
    {
      refuse (self, message, 413, "too-long", "The body is longer than this server takes");
      return;
    }
  reply = answer (self, message, path);
  if (reply != NULL)
    send_reply (self, message, reply);
  else
    refuse (self, message, 404, "not-found", "There is no FHIR server at this address");
}

/**
 * mw_sandbox_serve:
 *
 * From now on the SoupServer of @self answers for all its sites.
 */
void
mw_sandbox_serve (MwSandbox *self)
{
  soup_server_add_early_handler (self->server, NULL, early_cb, self, NULL);
  soup_server_add_handler (self->server, NULL, handle_cb, self, NULL);
}
