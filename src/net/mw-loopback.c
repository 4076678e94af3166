/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-loopback.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

struct _MwLoopback
{
  SoupServer        *server;
  SoupServerMessage *message; /* the one that brought it */
  char              *redirect;
  char              *path;
  char              *host; /* what a browser that was sent here calls us */
  char              *state;
  MwSmartCallback   *callback; /* what came, until it is taken */
  gboolean           had;      /* it came; nothing else counts */
  GTask             *task;
  GSource           *cancelled;
  GSource           *ending;
  gboolean           shown;
};

/* ---- pages ----------------------------------------------------------- */

static void
show_page (SoupServerMessage *message,
           guint              status,
           const char        *title,
           const char        *text)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char    *page = g_markup_printf_escaped ("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
                                                         "<title>%s</title></head><body><h1>%s</h1><p>%s</p></body></html>\n",
                                                      title, title, text);

  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  soup_message_headers_replace (headers, "Connection", "close");
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_COPY, page, strlen (page));
}

/* ---- what comes -------------------------------------------------------- */

static void
end_wait (MwLoopback *self)
{
  GTask *task = g_steal_pointer (&self->task);

  if (task == NULL)
    return;
  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);
  if (self->callback != NULL)
    g_task_return_pointer (task, g_steal_pointer (&self->callback), (GDestroyNotify) mw_smart_callback_free);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Nobody waits any more");
  g_object_unref (task);
}

static gboolean
run_end (gpointer user_data)
{
  end_wait (user_data);
  return G_SOURCE_REMOVE;
}

/* The page is there: whoever waits may take the listener away, but not from below libsoup's feet */
static void
page_shown (SoupServerMessage *message,
            MwLoopback        *self)
{
  self->shown = TRUE;
  self->ending = g_idle_source_new ();
  g_source_set_callback (self->ending, run_end, self, NULL);
  g_source_attach (self->ending, g_main_context_get_thread_default ());
}

static void
take (MwLoopback        *self,
      SoupServerMessage *message,
      MwSmartCallback   *callback)
{
  self->had = TRUE;
  self->callback = callback;
  self->message = g_object_ref (message);
  g_signal_connect (message, "finished", G_CALLBACK (page_shown), self);
  if (callback->code != NULL)
    show_page (message, SOUP_STATUS_OK, _ ("Back to Meanwhile"), _ ("Meanwhile has the answer and goes on with the sign-in. You can close this page."));
  else
    show_page (message, SOUP_STATUS_OK, _ ("Not signed in"), _ ("The server has not let you in. Meanwhile says why. You can close this page."));
}

static void
asked (SoupServer        *server,
       SoupServerMessage *message,
       const char        *path,
       GHashTable        *query,
       gpointer           user_data)
{
  MwLoopback      *self = user_data;
  const char      *host = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Host");
  MwSmartCallback *callback;

  /* a page of the web that has got a name to mean this computer does not know what we are called */
  if (g_strcmp0 (soup_server_message_get_method (message), "GET") != 0 || g_strcmp0 (path, self->path) != 0 || g_strcmp0 (host, self->host) != 0)
    {
      show_page (message, SOUP_STATUS_NOT_FOUND, _ ("Nothing here"), _ ("Only a sign-in of Meanwhile comes back to this place."));
      return;
    }
  callback = mw_smart_callback_new (g_uri_get_query (soup_server_message_get_uri (message)), self->state);
  if (callback == NULL)
    show_page (message, SOUP_STATUS_BAD_REQUEST, _ ("Not this sign-in"),
               _ ("This answer does not belong to the sign-in that Meanwhile waits for. It was not used."));
  else if (self->had)
    {
      mw_smart_callback_free (callback);
      show_page (message, SOUP_STATUS_CONFLICT, _ ("Answered before"), _ ("Meanwhile has had its answer for this sign-in. This one was not used."));
    }
  else
    take (self, message, callback);
}

/* ---- the listener ------------------------------------------------------ */

static gboolean
fail (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("This is no address to come back to. It looks like http://127.0.0.1:8123/callback."));
  return FALSE;
}

/* Returns: whether a browser may come back to @redirect: to this computer, by HTTP */
static gboolean
read_redirect (MwLoopback              *self,
               const char              *redirect,
               guint                   *port,
               SoupServerListenOptions *options,
               GError                 **error)
{
  g_autoptr (GUri) uri = g_uri_parse (redirect, G_URI_FLAGS_ENCODED, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || g_strcmp0 (g_uri_get_scheme (uri), "http") != 0 || g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL ||
      g_uri_get_fragment (uri) != NULL)
    return fail (error);
  if (g_str_equal (host, "::1"))
    *options = SOUP_SERVER_LISTEN_IPV6_ONLY;
  else if (g_str_equal (host, "localhost"))
    *options = 0;
  else if (!g_str_equal (host, "127.0.0.1"))
    return fail (error);
  *port = g_uri_get_port (uri) > 0 ? (guint) g_uri_get_port (uri) : 0;
  self->path = g_strdup (*g_uri_get_path (uri) != '\0' ? g_uri_get_path (uri) : "/");
  self->host = g_strdup (host);
  return TRUE;
}

static gboolean
listen (MwLoopback *self,
        const char *redirect,
        GError    **error)
{
  SoupServerListenOptions options = SOUP_SERVER_LISTEN_IPV4_ONLY;
  guint                   port = 0;
  g_autoptr (GError) local = NULL;
  g_autofree char *name = NULL;
  GSList          *uris;

  if (!read_redirect (self, redirect != NULL ? redirect : "http://127.0.0.1" MW_LOOPBACK_PATH, &port, &options, error))
    return FALSE;
  if (!soup_server_listen_local (self->server, port, options, &local))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, _ ("The browser cannot come back to this computer: %s"), local->message);
      return FALSE;
    }
  if (port == 0)
    {
      uris = soup_server_get_uris (self->server);
      port = (guint) g_uri_get_port (uris->data);
      g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
    }
  name = g_steal_pointer (&self->host);
  self->host = strchr (name, ':') != NULL ? g_strdup_printf ("[%s]:%u", name, port) : g_strdup_printf ("%s:%u", name, port);
  /* a registered address goes out as it was registered, to the letter */
  self->redirect = redirect != NULL && strstr (redirect, self->host) != NULL ? g_strdup (redirect) : g_strdup_printf ("http://%s%s", self->host, self->path);
  return TRUE;
}

/**
 * mw_loopback_new:
 * @redirect: (nullable): the address that is registered with the server, when that insists on one; without a port a
 *   fresh one is taken
 * @state: what the browser has to bring
 *
 * Listens on this computer, for one answer. Whoever else knocks gets a page that says so, and changes nothing.
 *
 * Returns: (transfer full): the listener; NULL with a translated sentence
 */
MwLoopback *
mw_loopback_new (const char *redirect,
                 const char *state,
                 GError    **error)
{
  g_autoptr (MwLoopback) self = g_new0 (MwLoopback, 1);

  self->server = soup_server_new ("server-header", "Meanwhile", NULL);
  self->state = g_strdup (state);
  soup_server_add_handler (self->server, NULL, asked, self, NULL);
  return listen (self, redirect, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * mw_loopback_free:
 *
 * Whoever still waits is told that it was cancelled.
 */
void
mw_loopback_free (MwLoopback *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->callback, mw_smart_callback_free);
  end_wait (self);
  if (self->ending != NULL)
    g_source_destroy (self->ending);
  g_clear_pointer (&self->ending, g_source_unref);
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
  soup_server_remove_handler (self->server, NULL);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_free (self->redirect);
  g_free (self->path);
  g_free (self->host);
  g_free (self->state);
  g_free (self);
}

/**
 * mw_loopback_get_redirect:
 *
 * Returns: what the server is told as redirect_uri, both times
 */
const char *
mw_loopback_get_redirect (MwLoopback *self)
{
  return self->redirect;
}

static gboolean
give_up (GCancellable *cancellable,
         gpointer      user_data)
{
  end_wait (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * mw_loopback_wait_async:
 *
 * Waits for the browser, once.
 */
void
mw_loopback_wait_async (MwLoopback         *self,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (NULL, NULL, callback, user_data);
  if (self->shown)
    {
      end_wait (self);
      return;
    }
  if (cancellable == NULL)
    return;
  self->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (give_up), self, NULL);
  g_source_attach (self->cancelled, g_main_context_get_thread_default ());
}

/**
 * mw_loopback_wait_finish:
 *
 * Returns: (transfer full): what the browser brought; NULL with G_IO_ERROR_CANCELLED
 */
MwSmartCallback *
mw_loopback_wait_finish (GAsyncResult *result,
                         GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
