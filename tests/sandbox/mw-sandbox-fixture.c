/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox-fixture.h"

#include <string.h>

void
fixture_set_up (Fixture      *self,
                gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->sandbox = mw_sandbox_new (13);
  mw_sandbox_set_time (self->sandbox, FIXTURE_START);
  g_assert_true (mw_sandbox_listen (self->sandbox, 0, &error));
  g_assert_no_error (error);
  self->session = soup_session_new ();
}

static void
forget (Fixture *self)
{
  g_clear_object (&self->message);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->json, json_node_unref);
}

void
fixture_tear_down (Fixture      *self,
                   gconstpointer data)
{
  forget (self);
  soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_assert_finalize_object (self->sandbox);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *self = user_data;
  g_autoptr (GError) error = NULL;

  self->body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  g_assert_no_error (error);
}

/**
 * fixture_quote:
 *
 * Returns: (transfer full): @text with ' turned into ", so that JSON reads well in C
 */
char *
fixture_quote (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

/* @body: (nullable); @header: (nullable): one more header. No redirect is followed. */
guint
fixture_send_to (Fixture    *self,
                 const char *url,
                 const char *method,
                 const char *body,
                 const char *type,
                 const char *header,
                 const char *value)
{
  gsize       length;
  const char *data;

  forget (self);
  self->message = soup_message_new (method, url);
  g_assert_nonnull (self->message);
  soup_message_add_flags (self->message, SOUP_MESSAGE_NO_REDIRECT);
  if (header != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (self->message), header, value);
  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (self->message, type, bytes);
    }
  soup_session_send_and_read_async (self->session, self->message, G_PRIORITY_DEFAULT, NULL, sent_cb, self);
  while (self->body == NULL)
    g_main_context_iteration (NULL, TRUE);
  data = g_bytes_get_data (self->body, &length);
  if (length > 0)
    self->json = mw_json_parse (data, (gssize) length, NULL);
  self->status = soup_message_get_status (self->message);
  return self->status;
}

/* @body: (nullable): JSON with ' for "; @header: (nullable): one more header */
guint
fixture_send (Fixture    *self,
              const char *site,
              const char *method,
              const char *path,
              const char *body,
              const char *header,
              const char *value)
{
  g_autofree char *url = g_strconcat (mw_sandbox_get_url (self->sandbox, site), *path == '\0' || *path == '?' ? "" : "/", path, NULL);
  g_autofree char *text = body != NULL ? fixture_quote (body) : NULL;
  const char      *type = g_strcmp0 (header, "Content-Type") == 0 ? value : FHIR;

  return fixture_send_to (self, url, method, text, type, header, value);
}

guint
fixture_get (Fixture    *self,
             const char *site,
             const char *path)
{
  return fixture_send (self, site, "GET", path, NULL, NULL, NULL);
}

guint
fixture_post (Fixture    *self,
              const char *site,
              const char *path,
              const char *body)
{
  return fixture_send (self, site, "POST", path, body, NULL, NULL);
}

const char *
fixture_header (Fixture    *self,
                const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (self->message), name);
}

guint
fixture_total (Fixture *self)
{
  g_assert_cmpuint (self->status, ==, 200);
  g_assert_true (mw_resource_is (self->json, "Bundle"));
  return (guint) mw_json_integer (self->json, "total", G_MAXUINT);
}

/**
 * fixture_ids:
 *
 * Returns: (transfer full): "Type/id" of what the last search found, parted by a space, in order
 */
char *
fixture_ids (Fixture *self)
{
  GString *out = g_string_new (NULL);
  guint    n = mw_json_length (self->json, "entry");

  g_assert_cmpuint (self->status, ==, 200);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *resource = mw_json_get (mw_json_item (self->json, "entry", i), "resource");

      g_string_append_printf (out, "%s%s/%s", i > 0 ? " " : "", mw_resource_type (resource), mw_resource_id (resource));
    }
  return g_string_free (out, FALSE);
}

/* @expression: (nullable): what one of the issues has to point at */
void
fixture_assert_refused (Fixture    *self,
                        guint       status,
                        const char *expression)
{
  gboolean found = expression == NULL;
  guint    n = mw_json_length (self->json, "issue");

  g_assert_cmpuint (self->status, ==, status);
  g_assert_true (mw_resource_is (self->json, "OperationOutcome"));
  g_assert_cmpuint (n, >, 0);
  for (guint i = 0; i < n; i++)
    found = found || g_strcmp0 (mw_json_string (mw_json_item (self->json, "issue", i), "expression[0]"), expression) == 0;
  g_assert_true (found);
}
