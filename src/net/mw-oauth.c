/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-oauth.h"

#include <string.h>

#define MAX_ANSWER (256 * 1024)
/* RFC 6749 leaves the lifetime open; SMART recommends five minutes for backend services (wire notes 1.2) */
#define LIFETIME_UNKNOWN (300 * G_TIME_SPAN_SECOND)
#define LIFETIME_MAX (366 * G_TIME_SPAN_DAY)

void
mw_oauth_answer_free (MwOauthAnswer *self)
{
  if (self == NULL)
    return;
  mw_answer_free (self->answer);
  g_free (self->access_token);
  g_free (self->refresh_token);
  g_free (self->id_token);
  g_free (self->scope);
  g_free (self->error);
  g_free (self);
}

/**
 * mw_oauth_basic:
 *
 * Returns: (transfer full): an Authorization header for a client and its secret (RFC 6749, 2.3.1: both escaped first)
 */
char *
mw_oauth_basic (const char *client_id,
                const char *secret)
{
  g_autofree char *id = g_uri_escape_string (client_id, NULL, FALSE);
  g_autofree char *word = g_uri_escape_string (secret, NULL, FALSE);
  g_autofree char *pair = g_strconcat (id, ":", word, NULL);
  g_autofree char *base64 = g_base64_encode ((const guchar *) pair, strlen (pair));

  return g_strconcat ("Basic ", base64, NULL);
}

/* Some write it as a text. What is no time at all counts as not said: a token that has ended as it comes would be asked
 * for without end */
static gint64
read_lifetime (JsonNode *node)
{
  g_autofree char *text = mw_json_scalar (node, "expires_in");
  double           seconds = text != NULL ? g_ascii_strtod (text, NULL) : 0;

  if (!(seconds >= 1))
    return LIFETIME_UNKNOWN;
  if (seconds >= (double) (LIFETIME_MAX / G_TIME_SPAN_SECOND))
    return LIFETIME_MAX;
  return (gint64) seconds * G_TIME_SPAN_SECOND;
}

/* RFC 6749, 7.1: a token of a kind that one does not know is not to be used. Some leave the kind out */
static gboolean
is_bearer (JsonNode *node)
{
  const char *type = mw_json_string (node, "token_type");

  return !mw_json_has (node, "token_type") || (type != NULL && g_ascii_strcasecmp (type, "bearer") == 0);
}

static char *
dup_printable (JsonNode   *node,
               const char *member)
{
  const char *text = mw_json_string (node, member);

  if (text == NULL || *text == '\0')
    return NULL;
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at))
      return NULL;
  return g_strdup (text);
}

static void
answered (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError        *error = NULL;
  MwAnswer      *answer = mw_client_send_finish (MW_CLIENT (source), result, &error);
  MwOauthAnswer *self;
  JsonNode      *node;

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self = g_new0 (MwOauthAnswer, 1);
  self->answer = answer;
  node = answer->resource;
  if (answer->status == 200 && answer->answer_class == MW_ANSWER_DONE && is_bearer (node))
    {
      self->access_token = dup_printable (node, "access_token");
      self->refresh_token = dup_printable (node, "refresh_token");
      self->id_token = dup_printable (node, "id_token");
      self->scope = g_strdup (mw_json_string (node, "scope"));
      self->lifetime = read_lifetime (node);
    }
  else
    self->error = dup_printable (node, "error");
  g_task_return_pointer (task, self, (GDestroyNotify) mw_oauth_answer_free);
}

/**
 * mw_oauth_token_async:
 * @client: of the connection: its certificates count, its token is not sent
 * @endpoint: the token endpoint that was agreed on; no redirect leads away from it
 * @authorization: (nullable): from mw_oauth_basic()
 * @fields: (array zero-terminated=1): name, value, name, value … of the form; a NULL value is not possible
 *
 * Asks for a token (RFC 6749, 3.2).
 */
void
mw_oauth_token_async (MwClient           *client,
                      const char         *endpoint,
                      const char         *authorization,
                      const char *const  *fields,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_autoptr (GString) form = g_string_new (NULL);
  g_autoptr (GBytes) body = NULL;
  MwHttpRequest request = {
    .method = "POST",
    .url = endpoint,
    .content_type = "application/x-www-form-urlencoded",
    .accept = "application/json",
    .authorization = authorization,
    .own_secret = TRUE,
    .show_certificate = TRUE,
    .max_body = MAX_ANSWER,
  };

  for (guint i = 0; fields[i] != NULL; i += 2)
    {
      g_autofree char *value = g_uri_escape_string (fields[i + 1], NULL, FALSE);

      g_string_append_printf (form, "%s%s=%s", i > 0 ? "&" : "", fields[i], value);
    }
  body = g_string_free_to_bytes (g_steal_pointer (&form));
  request.body = body;
  mw_client_send_async (client, &request, cancellable, answered, g_task_new (NULL, NULL, callback, user_data));
}

/**
 * mw_oauth_token_finish:
 *
 * Returns: (transfer full): what was said, also when that is no; NULL only with G_IO_ERROR_CANCELLED
 */
MwOauthAnswer *
mw_oauth_token_finish (GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
