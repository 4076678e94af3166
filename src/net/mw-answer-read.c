/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-answer-private.h"

#include "mw-config.h"
#include "mw-json.h"
#include "mw-judge.h"
#include "mw-outcome.h"
#include "mw-url.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What is shorter may be part of any word */
#define SHORTEST_TOKEN 8
/* of a list that a server can make as long as it likes */
#define MAX_LOOKED_AT 100

/* A header may hold any bytes; what we keep must be fit to be stored, shown and sent back */
static char *
dup_header (SoupMessageHeaders *headers,
            const char         *name)
{
  const char *value = soup_message_headers_get_one (headers, name);

  if (value == NULL || *value == '\0')
    return NULL;
  for (const char *at = value; *at != '\0'; at++)
    if (!g_ascii_isprint (*at))
      return NULL;
  return g_strdup (value);
}

static char *
dup_link (SoupMessageHeaders *headers,
          const char         *name,
          const char         *page_url)
{
  return mw_url_join (page_url, soup_message_headers_get_one (headers, name));
}

static char *
dup_media_type (SoupMessageHeaders *headers)
{
  g_autofree char *value = dup_header (headers, "Content-Type");
  char            *end;

  if (value == NULL)
    return NULL;
  end = strchr (value, ';');
  if (end != NULL)
    *end = '\0';
  g_strstrip (value);
  return *value != '\0' ? g_ascii_strdown (value, -1) : NULL;
}

static gint64
read_date (SoupMessageHeaders *headers)
{
  const char *value = soup_message_headers_get_one (headers, "Date");
  g_autoptr (GDateTime) date = value != NULL ? soup_date_time_new_from_http_string (value) : NULL;
  gint64 seconds = date != NULL ? g_date_time_to_unix (date) : 0;

  return MAX (seconds, 0) * G_TIME_SPAN_SECOND;
}

/**
 * mw_answer_read_headers:
 * @self: a fresh answer
 * @message: one whose headers have arrived
 * @page_url: where it was sent; relative links start from there
 *
 * Fills in all that stands above the body.
 */
void
mw_answer_read_headers (MwAnswer    *self,
                        SoupMessage *message,
                        const char  *page_url)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);

  self->status = soup_message_get_status (message);
  self->content_type = dup_media_type (headers);
  self->location = dup_link (headers, "Location", page_url);
  self->content_location = dup_link (headers, "Content-Location", page_url);
  self->etag = dup_header (headers, "ETag");
  self->server_date = read_date (headers);
  self->retry_after = mw_judge_retry_after (soup_message_headers_get_one (headers, "Retry-After"),
                                            self->server_date,
                                            g_get_real_time ());
}

/**
 * mw_answer_read_detail:
 * @self: an answer with its resource
 *
 * Fills in what an OperationOutcome has to say. Errors and warnings are worth a person's eye, "all
 * went well" is not.
 */
void
mw_answer_read_detail (MwAnswer *self)
{
  guint n = mw_json_length (self->resource, "issue");

  if (!mw_resource_is (self->resource, "OperationOutcome"))
    return;
  for (guint i = 0; i < MIN (n, MAX_LOOKED_AT); i++)
    {
      const char *severity = mw_json_string (mw_json_item (self->resource, "issue", i), "severity");

      if (g_strcmp0 (severity, "information") != 0 && g_strcmp0 (severity, "success") != 0)
        {
          self->detail = mw_outcome_to_text (self->resource);
          return;
        }
    }
}

/**
 * mw_answer_hide_token:
 * @body: the bytes that came
 * @token: (nullable): that the request went with
 *
 * Puts asterisks in place of @token, as often as it stands there. Some servers repeat in an error what they were sent, and
 * an error is shown, and kept in the journal.
 */
void
mw_answer_hide_token (GByteArray *body,
                      const char *token)
{
  gsize length = token != NULL ? strlen (token) : 0;

  if (length < SHORTEST_TOKEN)
    return;
  for (gsize i = 0; i + length <= body->len; i++)
    {
      const guint8 *next = memchr (body->data + i, *token, body->len - length - i + 1);

      if (next == NULL)
        return;
      i = (gsize) (next - body->data);
      if (memcmp (next, token, length) == 0)
        memset (body->data + i, '*', length);
    }
}

/**
 * mw_answer_take_body:
 * @self: an answer with its headers
 * @body: the bytes that came; emptied
 * @complete: whether that was all of it; a part is kept for the journal, but never read
 *
 * Fills in the body and what it says.
 */
void
mw_answer_take_body (MwAnswer   *self,
                     GByteArray *body,
                     gboolean    complete)
{
  gsize length = body->len;

  if (length == 0)
    return;
  self->body = g_bytes_new_take (g_byte_array_steal (body, NULL), length);
  if (!complete || !mw_judge_may_be_json (self->content_type))
    return;
  self->resource = mw_json_parse (g_bytes_get_data (self->body, NULL), (gssize) length, NULL);
  if (self->resource != NULL && !mw_json_is_object (self->resource))
    g_clear_pointer (&self->resource, json_node_unref);
  mw_answer_read_detail (self);
}

/**
 * mw_answer_read_next:
 * @self: an answer that holds a Bundle, or not
 * @page_url: where it came from
 * @base_url: where the connection leads
 *
 * Fills in the next page, when there is one and it lies with the same server: what a server names
 * is fetched with the connection's token, and a link to itself would never end.
 */
void
mw_answer_read_next (MwAnswer   *self,
                     const char *page_url,
                     const char *base_url)
{
  guint n = mw_json_length (self->resource, "link");

  if (!mw_resource_is (self->resource, "Bundle"))
    return;
  for (guint i = 0; i < MIN (n, MAX_LOOKED_AT); i++)
    {
      JsonNode        *link = mw_json_item (self->resource, "link", i);
      g_autofree char *url = NULL;

      if (g_strcmp0 (mw_json_string (link, "relation"), "next") != 0)
        continue;
      url = mw_url_join (page_url, mw_json_string (link, "url"));
      if (mw_url_same_origin (url, base_url) && g_strcmp0 (url, page_url) != 0)
        self->next = g_steal_pointer (&url);
      else if (self->detail == NULL)
        self->detail = g_strdup (_ ("The server’s link to the next page leads elsewhere, so the rest was not fetched"));
      return;
    }
}
