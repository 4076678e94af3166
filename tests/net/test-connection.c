/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The connections below: used again, gone stale, refused, given up */

#include "net-fixture.h"

#include <libsoup/soup.h>

/* A repeatable POST shares the connection; one that is not gets its own */
static void
test_connections (Fixture      *self,
                  gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (MwAnswer) answer = fixture_post (self);

      g_assert_true (mw_answer_is_success (answer));
    }
  g_assert_cmpuint (mw_fault_server_n_connections (self->server), ==, 1);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (MwAnswer) answer = fixture_post_minimal (self, "Task");

      g_assert_true (mw_answer_is_success (answer));
    }
  g_assert_cmpuint (mw_fault_server_n_connections (self->server), ==, 4);
}

/* A connection that the server gave up while it idled costs a repeatable request nothing */
static void
test_stale_connection (Fixture      *self,
                       gconstpointer data)
{
  g_autoptr (MwAnswer) warm = fixture_post (self);
  g_autoptr (MwAnswer) again = NULL;
  g_autoptr (MwAnswer) twice = NULL;

  mw_fault_server_script (self->server, MW_FAULT_RESET_BEFORE_READ);
  again = fixture_post (self);
  g_assert_cmpint (again->answer_class, ==, MW_ANSWER_DONE);
  g_assert_cmpuint (mw_fault_server_n_connections (self->server), ==, 2);

  /* a server that fails on a fresh one too is in trouble, and is not pressed */
  mw_fault_server_script (self->server, MW_FAULT_RESET_BEFORE_READ);
  mw_fault_server_script (self->server, MW_FAULT_RESET_BEFORE_READ);
  twice = fixture_post (self);
  g_assert_cmpint (twice->answer_class, ==, MW_ANSWER_UNKNOWN);
  g_assert_cmpuint (mw_fault_server_n_connections (self->server), ==, 3);
}

static void
test_unreachable (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16          port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *refused_url = g_strdup_printf ("http://127.0.0.1:%u", port);
  g_autoptr (MwClient) refused = mw_client_new (refused_url, NULL, NULL);
  g_autoptr (MwClient) unnamed = mw_client_new ("http://no-such-host.invalid/fhir", NULL, NULL);
  g_autoptr (GBytes) body = g_bytes_new_static (TASK, sizeof TASK - 1);
  MwHttpRequest request = { .method = "POST", .url = "Task", .body = body };
  g_autoptr (MwAnswer) answer = NULL;
  g_autoptr (MwAnswer) lost = NULL;

  g_socket_listener_close (listener);
  answer = fixture_run (refused, &request);
  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_NOT_SENT);
  g_assert_cmpint (answer->trouble, ==, MW_TROUBLE_REFUSED);
  lost = fixture_run (unnamed, &request);
  g_assert_cmpint (lost->answer_class, ==, MW_ANSWER_NOT_SENT);
  g_assert_cmpint (lost->trouble, ==, MW_TROUBLE_NO_ADDRESS);
}

static void
cancelled_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean *done = user_data;

  g_assert_null (mw_client_send_finish (MW_CLIENT (source), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *done = TRUE;
}

static gboolean
cancel_when_read_cb (gpointer user_data)
{
  gpointer *both = user_data;

  if (mw_fault_server_n_requests (both[0]) == 0)
    return G_SOURCE_CONTINUE;
  g_cancellable_cancel (both[1]);
  return G_SOURCE_REMOVE;
}

static void
test_cancel (Fixture      *self,
             gconstpointer data)
{
  MwHttpRequest request = { .method = "GET", .url = "metadata" };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer both[] = { self->server, cancellable };
  gboolean done = FALSE;

  mw_fault_server_script (self->server, MW_FAULT_SILENT);
  mw_client_send_async (self->client, &request, cancellable, cancelled_cb, &done);
  g_idle_add (cancel_when_read_cb, both);
  while (!done)
    g_main_context_iteration (NULL, TRUE);

  /* and one that is cancelled before it begins */
  done = FALSE;
  mw_client_send_async (self->client, &request, cancellable, cancelled_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (mw_fault_server_n_requests (self->server), ==, 1);
}

typedef struct
{
  GSocket      *listener;
  GCancellable *cancellable;
} Answering;

/* The whole answer lies ready the moment the request is out, and the caller gives up just then */
static gboolean
answer_and_cancel_cb (GSignalInvocationHint *hint,
                      guint                  n_values,
                      const GValue          *values,
                      gpointer               user_data)
{
  static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: 2\r\n\r\n{}";
  Answering        *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) peer = g_socket_accept (self->listener, NULL, &error);
  char request[4096];

  g_assert_no_error (error);
  g_assert_cmpint (g_socket_receive (peer, request, sizeof request, NULL, &error), >, 0);
  g_assert_cmpint (g_socket_send (peer, answer, sizeof answer - 1, NULL, &error), ==, sizeof answer - 1);
  g_assert_no_error (error);
  g_cancellable_cancel (self->cancellable);
  return FALSE;
}

/* libsoup 3.6.5 lost count of its own request there */
static void
test_cancel_answered (void)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocket) listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) address = NULL;
  g_autofree char *url = NULL;
  MwHttpRequest    request = { .method = "GET", .url = "metadata" };

  g_assert_true (g_socket_bind (listener, any, TRUE, NULL) && g_socket_listen (listener, NULL));
  address = g_socket_get_local_address (listener, NULL);
  url = g_strdup_printf ("http://127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (MwClient) client = mw_client_new (url, NULL, NULL);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Answering answering = { listener, cancellable };
      gboolean  done = FALSE;

      mw_client_send_async (client, &request, cancellable, cancelled_cb, &done);
      g_signal_add_emission_hook (g_signal_lookup ("wrote-body", SOUP_TYPE_MESSAGE), 0, answer_and_cancel_cb, &answering, NULL);
      while (!done)
        g_main_context_iteration (NULL, TRUE);
      while (g_main_context_pending (NULL))
        g_main_context_iteration (NULL, FALSE);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/net/connection/reused", test_connections);
  fixture_add ("/net/connection/stale", test_stale_connection);
  g_test_add_func ("/net/connection/unreachable", test_unreachable);
  fixture_add ("/net/connection/cancel", test_cancel);
  g_test_add_func ("/net/connection/cancel-answered", test_cancel_answered);
  return g_test_run ();
}
