/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-fault-private.h"

#include <string.h>

#define RANDOM_HOLD_MS 150

void
mw_fault_step_free (gpointer data)
{
  MwFaultStep *self = data;

  g_free (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

static MwFaultStep *
step_new (MwFaultKind fault,
          guint       status,
          const char *headers,
          const char *body,
          gssize      length)
{
  MwFaultStep *step = g_new0 (MwFaultStep, 1);

  step->fault = fault;
  step->status = status;
  step->headers = g_strdup (headers != NULL ? headers : "");
  step->body = g_bytes_new (body, body == NULL ? 0 : length < 0 ? strlen (body)
                                                                : (gsize) length);
  return step;
}

/* None of these claims an effect it has not had: no client could see through that */
static MwFaultStep *
random_step (MwFaultServer *self)
{
  static const MwFaultKind kinds[] = {
    MW_FAULT_RESET_BEFORE_READ,
    MW_FAULT_RESET_IN_REQUEST,
    MW_FAULT_RESET_BEFORE_EFFECT,
    MW_FAULT_RESET_AFTER_EFFECT,
    MW_FAULT_CUT_HEADERS,
    MW_FAULT_CUT_BODY,
    MW_FAULT_CUT_CHUNKED,
    MW_FAULT_LONG_LENGTH,
    MW_FAULT_SHORT_LENGTH,
    MW_FAULT_SILENT,
    MW_FAULT_SILENT_AFTER_EFFECT,
    MW_FAULT_STALL_BODY,
  };
  static const struct
  {
    guint       status;
    const char *headers;
    const char *body;
  } replies[] = {
    { 429, "Retry-After: 0\r\n", "" },
    { 429, "", "" },
    { 500, "Content-Type: text/html\r\n", "<html>Oops</html>" },
    { 502, "Content-Type: text/html\r\n", "<html>Bad gateway</html>" },
    { 503, "Retry-After: 1\r\n", "" },
    { 503, "", "" },
    { 504, "", "" },
    { 200, "Content-Type: text/html\r\n", "<html>Please log in to this network</html>" },
    { 200, "Content-Type: application/json\r\n", "{\"status\":\"ok\"}" },
  };
  gint32 i = g_rand_int_range (self->random, 0, G_N_ELEMENTS (kinds) + G_N_ELEMENTS (replies));

  if (i < (gint32) G_N_ELEMENTS (kinds))
    return step_new (kinds[i], 0, NULL, NULL, -1);
  i -= G_N_ELEMENTS (kinds);
  return step_new (MW_FAULT_NONE, replies[i].status, replies[i].headers, replies[i].body, -1);
}

MwFaultStep *
mw_fault_server_next_step (MwFaultServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  MwFaultStep *step = g_queue_pop_head (&self->script);

  if (step == NULL && self->random != NULL && g_rand_double (self->random) < self->rate)
    step = random_step (self);
  if (step == NULL)
    return step_new (MW_FAULT_NONE, 0, NULL, NULL, -1);
  self->n_faults++;
  return step;
}

/* In the accepting thread: whatever is accepted is waited for at the end */
static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           user_data)
{
  MwFaultServer *self = user_data;

  g_mutex_lock (&self->mutex);
  self->n_running++;
  g_object_set_data (G_OBJECT (connection), "mw-number", GUINT_TO_POINTER (++self->n_connections));
  g_mutex_unlock (&self->mutex);
  return FALSE;
}

static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection      *connection,
        GObject                *source,
        gpointer                user_data)
{
  MwFaultServer *self = user_data;

  mw_fault_peer_serve (self, connection, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (connection), "mw-number")));
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);

  g_mutex_lock (&self->mutex);
  self->n_running--;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static gpointer
thread_func (gpointer data)
{
  MwFaultServer *self = data;
  g_autoptr (GSocketService) service = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (self->context);
  service = g_threaded_socket_service_new (-1);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error))
    g_error ("Cannot listen on loopback: %s", error->message);
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), self);
  g_signal_connect (service, "run", G_CALLBACK (run_cb), self);
  g_socket_service_start (service);

  g_mutex_lock (&self->mutex);
  self->url = g_strdup_printf ("%s://127.0.0.1:%u", self->certificate != NULL ? "https" : "http",
                               g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective)));
  self->ready = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);

  g_main_loop_run (self->loop);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

/**
 * mw_fault_server_new:
 * @handler: has the effects
 * @user_data: for @handler
 * @certificate: (nullable): with its key, to speak TLS
 *
 * Returns: (transfer full): a server that listens
 */
MwFaultServer *
mw_fault_server_new (MwFaultHandler   handler,
                     gpointer         user_data,
                     GTlsCertificate *certificate)
{
  MwFaultServer *self = g_new0 (MwFaultServer, 1);

  self->handler = handler;
  self->user_data = user_data;
  self->certificate = certificate != NULL ? g_object_ref (certificate) : NULL;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->stop = g_cancellable_new ();
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_fault_request_unref);
  self->pace_ms = 100;
  self->hold_ms = -1;
  g_mutex_init (&self->mutex);
  g_mutex_init (&self->handling);
  g_cond_init (&self->cond);
  g_queue_init (&self->script);
  self->thread = g_thread_new ("mw-fault-server", thread_func, self);
  g_mutex_lock (&self->mutex);
  while (!self->ready)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
  return self;
}

static gboolean
quit_cb (gpointer user_data)
{
  MwFaultServer *self = user_data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

/**
 * mw_fault_server_free:
 * @self: (nullable): a server
 *
 * Cuts all connections and waits for their threads.
 */
void
mw_fault_server_free (MwFaultServer *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->stop);
  g_main_context_invoke (self->context, quit_cb, self);
  g_thread_join (self->thread);
  g_mutex_lock (&self->mutex);
  while (self->n_running > 0)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);

  g_queue_clear_full (&self->script, mw_fault_step_free);
  g_ptr_array_unref (self->requests);
  g_clear_pointer (&self->random, g_rand_free);
  g_clear_object (&self->certificate);
  g_object_unref (self->stop);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_mutex_clear (&self->handling);
  g_cond_clear (&self->cond);
  g_free (self->url);
  g_free (self);
}

const char *
mw_fault_server_get_url (MwFaultServer *self)
{
  return self->url;
}

/**
 * mw_fault_server_script:
 * @fault: what goes wrong with the next request that has no step yet
 *
 * The handler has the effect and writes the reply, as far as @fault lets it.
 */
void
mw_fault_server_script (MwFaultServer *self,
                        MwFaultKind    fault)
{
  mw_fault_server_script_reply (self, fault, 0, NULL, NULL, -1);
}

/**
 * mw_fault_server_script_reply:
 * @status: HTTP status; the handler is not asked
 * @headers: (nullable): whole lines with CR LF
 * @body: (nullable): of @length bytes, or with NUL at its end when @length is -1
 */
void
mw_fault_server_script_reply (MwFaultServer *self,
                              MwFaultKind    fault,
                              guint          status,
                              const char    *headers,
                              const char    *body,
                              gssize         length)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_queue_push_tail (&self->script, step_new (fault, status, headers, body, length));
}

/**
 * mw_fault_server_set_random:
 * @seed: of the order of faults
 * @rate: in [0, 1]: how many of the requests meet one, of every kind alike
 *
 * Silence lasts a fraction of a second in this mode, and ends with the connection.
 */
void
mw_fault_server_set_random (MwFaultServer *self,
                            guint32        seed,
                            double         rate)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_clear_pointer (&self->random, g_rand_free);
  self->random = g_rand_new_with_seed (seed);
  self->rate = rate;
  self->hold_ms = RANDOM_HOLD_MS;
}

/**
 * mw_fault_server_set_pace:
 * @milliseconds: between two bytes of a slow reply
 */
void
mw_fault_server_set_pace (MwFaultServer *self,
                          guint          milliseconds)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->pace_ms = milliseconds;
}

guint
mw_fault_server_n_connections (MwFaultServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->n_connections;
}

guint
mw_fault_server_n_requests (MwFaultServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->requests->len;
}

guint
mw_fault_server_n_faults (MwFaultServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->n_faults;
}

/**
 * mw_fault_server_get_request:
 * @index: in the order of arrival
 *
 * Returns: (transfer full): the request; it is an error when there are not as many
 */
MwFaultRequest *
mw_fault_server_get_request (MwFaultServer *self,
                             guint          index)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_assert_cmpuint (index, <, self->requests->len);
  return mw_fault_request_ref (self->requests->pdata[index]);
}
