/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-fault-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_HEADER (256 * 1024)
#define MAX_BODY (256 * 1024 * 1024)
#define TLS_HANDSHAKE 0x16
#define BAD_REQUEST "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

/* one accepted connection, on its thread */
typedef struct
{
  MwFaultServer        *server;
  GSocket              *socket;
  GIOStream            *stream;
  GBufferedInputStream *input;
  GOutputStream        *output;
  guint                 number;
} Peer;

MwFaultRequest *
mw_fault_request_ref (MwFaultRequest *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
mw_fault_request_unref (MwFaultRequest *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_free (self->method);
  g_free (self->target);
  g_hash_table_unref (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

const char *
mw_fault_request_header (MwFaultRequest *self,
                         const char     *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return g_hash_table_lookup (self->headers, lower);
}

void
mw_fault_reply_header (MwFaultReply *self,
                       const char   *name,
                       const char   *value)
{
  g_string_append_printf (self->headers, "%s: %s\r\n", name, value);
}

/* With no lingering, closing drops what is under way and sends a RST */
static void
reset (Peer *peer)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  if (setsockopt (g_socket_get_fd (peer->socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger) != 0)
    g_error ("SO_LINGER: %s", g_strerror (errno));
  g_socket_close (peer->socket, NULL);
}

/* Waits until the client goes, the time is over, or the server stops. FALSE when the time is over */
static gboolean
hold (Peer *peer,
      int   milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * G_TIME_SPAN_MILLISECOND;

  for (;;)
    {
      char   byte;
      gint64 left = milliseconds < 0 ? -1 : MAX (end - g_get_monotonic_time (), 0);

      if (!g_socket_condition_timed_wait (peer->socket, G_IO_IN, left, peer->server->stop, NULL))
        return g_cancellable_is_cancelled (peer->server->stop);
      if (recv (g_socket_get_fd (peer->socket), &byte, 1, MSG_DONTWAIT) <= 0)
        return TRUE;
    }
}

static void
be_silent (Peer *peer)
{
  int milliseconds;

  g_mutex_lock (&peer->server->mutex);
  milliseconds = peer->server->hold_ms;
  g_mutex_unlock (&peer->server->mutex);
  hold (peer, milliseconds);
}

static gboolean
write_all (Peer       *peer,
           const char *data,
           gsize       length)
{
  return g_output_stream_write_all (peer->output, data, length, NULL, peer->server->stop, NULL) &&
         g_output_stream_flush (peer->output, peer->server->stop, NULL);
}

static void
write_slowly (Peer       *peer,
              const char *data,
              gsize       length)
{
  guint pace;

  g_mutex_lock (&peer->server->mutex);
  pace = peer->server->pace_ms;
  g_mutex_unlock (&peer->server->mutex);
  for (gsize i = 0; i < length; i++)
    if (!write_all (peer, data + i, 1) || hold (peer, (int) pace))
      return;
}

/* FALSE when the connection is to be given up: it ended, or it holds no HTTP */
static gboolean
read_header (Peer           *peer,
             MwFaultRequest *request)
{
  GDataInputStream *input = G_DATA_INPUT_STREAM (peer->input);
  g_autofree char  *line = g_data_input_stream_read_line (input, NULL, peer->server->stop, NULL);
  g_auto (GStrv) words = line != NULL ? g_strsplit (line, " ", 3) : NULL;
  gsize total = 0;

  if (words == NULL || g_strv_length (words) != 3)
    return FALSE;
  request->method = g_strdup (words[0]);
  request->target = g_strdup (words[1]);
  while (total < MAX_HEADER)
    {
      g_autofree char *header = g_data_input_stream_read_line (input, NULL, peer->server->stop, NULL);
      char            *colon = header != NULL ? strchr (header, ':') : NULL;

      if (header != NULL && *header == '\0')
        return TRUE;
      if (colon == NULL)
        return FALSE;
      total += strlen (header);
      *colon = '\0';
      g_hash_table_insert (request->headers, g_ascii_strdown (header, -1), g_strstrip (g_strdup (colon + 1)));
    }
  return FALSE;
}

static gboolean
read_body (Peer           *peer,
           MwFaultRequest *request,
           gboolean        only_half)
{
  const char *value = g_hash_table_lookup (request->headers, "content-length");
  guint64     length = value != NULL ? g_ascii_strtoull (value, NULL, 10) : 0;
  gsize       n_read = 0;
  char       *data;
  gboolean    good;

  if (length > MAX_BODY)
    return FALSE;
  if (only_half)
    length /= 2;
  data = g_malloc (length + 1);
  good = g_input_stream_read_all (G_INPUT_STREAM (peer->input), data, length, &n_read, peer->server->stop, NULL) && n_read == length;
  request->body = g_bytes_new_take (data, n_read);
  return good;
}

static MwFaultRequest *
read_request (Peer       *peer,
              MwFaultKind fault)
{
  g_autoptr (MwFaultRequest) request = g_new0 (MwFaultRequest, 1);
  MwFaultServer *server = peer->server;

  g_atomic_ref_count_init (&request->references);
  request->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  request->connection = peer->number;
  if (!read_header (peer, request) || !read_body (peer, request, fault == MW_FAULT_RESET_IN_REQUEST))
    return NULL;

  g_mutex_lock (&server->mutex);
  g_ptr_array_add (server->requests, mw_fault_request_ref (request));
  g_mutex_unlock (&server->mutex);
  return g_steal_pointer (&request);
}

static void
fill_reply (MwFaultServer  *self,
            MwFaultStep    *step,
            MwFaultRequest *request,
            MwFaultReply   *reply)
{
  gsize       length;
  const char *data;

  if (step->status == 0)
    {
      g_mutex_lock (&self->handling);
      self->handler (request, reply, self->user_data);
      g_mutex_unlock (&self->handling);
      return;
    }
  reply->status = step->status;
  g_string_append (reply->headers, step->headers);
  data = g_bytes_get_data (step->body, &length);
  g_string_append_len (reply->body, data, (gssize) length);
}

static GString *
make_header (MwFaultKind         fault,
             const MwFaultReply *reply)
{
  GString *header = g_string_new (NULL);
  gsize    length = reply->body->len;

  g_string_append_printf (header, "HTTP/1.1 %u Status\r\n%s", reply->status, reply->headers->str);
  if (fault == MW_FAULT_LONG_LENGTH)
    length += 100;
  else if (fault == MW_FAULT_SHORT_LENGTH)
    length /= 2;
  if (fault == MW_FAULT_CUT_CHUNKED || fault == MW_FAULT_ENDLESS_BODY)
    g_string_append (header, "Transfer-Encoding: chunked\r\n");
  else if (reply->status != 204 && reply->status != 304)
    g_string_append_printf (header, "Content-Length: %" G_GSIZE_FORMAT "\r\n", length);
  g_string_append (header, "\r\n");
  return header;
}

static void
write_endlessly (Peer *peer)
{
  g_autofree char *chunk = g_strnfill (4096, ' ');

  while (write_all (peer, "1000\r\n", 6) && write_all (peer, chunk, 4096) && write_all (peer, "\r\n", 2))
    ;
}

/* TRUE when the connection may serve again */
static gboolean
write_reply (Peer               *peer,
             MwFaultKind         fault,
             const MwFaultReply *reply)
{
  g_autoptr (GString) header = make_header (fault, reply);
  g_autofree char *chunk = NULL;
  GString         *body = reply->body;

  switch (fault)
    {
    case MW_FAULT_CUT_HEADERS:
      write_all (peer, header->str, header->len / 2);
      return FALSE;
    case MW_FAULT_CUT_CHUNKED:
      chunk = g_strdup_printf ("%" G_GSIZE_MODIFIER "x\r\n", body->len);
      write_all (peer, header->str, header->len);
      if (body->len > 0 && write_all (peer, chunk, strlen (chunk)))
        write_all (peer, body->str, body->len / 2);
      return FALSE;
    case MW_FAULT_CUT_BODY:
    case MW_FAULT_STALL_BODY:
      write_all (peer, header->str, header->len);
      write_all (peer, body->str, body->len / 2);
      if (fault == MW_FAULT_STALL_BODY)
        be_silent (peer);
      return FALSE;
    case MW_FAULT_SLOW_HEADERS:
      write_slowly (peer, header->str, header->len);
      return FALSE;
    case MW_FAULT_SLOW_BODY:
      write_all (peer, header->str, header->len);
      write_slowly (peer, body->str, body->len);
      return FALSE;
    case MW_FAULT_ENDLESS_BODY:
      write_all (peer, header->str, header->len);
      write_endlessly (peer);
      return FALSE;
    default:
      /* in one write, so that no delayed acknowledgement falls between */
      g_string_append_len (header, body->str, (gssize) body->len);
      return write_all (peer, header->str, header->len) && fault == MW_FAULT_NONE;
    }
}

static gboolean
serve_request (Peer        *peer,
               MwFaultStep *step)
{
  g_autoptr (MwFaultRequest) request = NULL;
  MwFaultReply reply = { 0 };
  gboolean     again = FALSE;

  if (step->fault == MW_FAULT_RESET_BEFORE_READ)
    {
      reset (peer);
      return FALSE;
    }
  request = read_request (peer, step->fault);
  if (request == NULL)
    return FALSE;
  if (step->fault == MW_FAULT_RESET_IN_REQUEST || step->fault == MW_FAULT_RESET_BEFORE_EFFECT)
    {
      reset (peer);
      return FALSE;
    }
  if (step->fault == MW_FAULT_SILENT)
    {
      be_silent (peer);
      return FALSE;
    }
  reply.headers = g_string_new (NULL);
  reply.body = g_string_new (NULL);
  fill_reply (peer->server, step, request, &reply);
  if (step->fault == MW_FAULT_RESET_AFTER_EFFECT)
    reset (peer);
  else if (step->fault == MW_FAULT_SILENT_AFTER_EFFECT)
    be_silent (peer);
  else
    again = write_reply (peer, step->fault, &reply);
  g_string_free (reply.headers, TRUE);
  g_string_free (reply.body, TRUE);
  return again;
}

/* A step is taken when a request begins to arrive, so that an idle connection uses up none */
static gboolean
request_begins (Peer *peer)
{
  char byte;

  if (g_buffered_input_stream_get_available (peer->input) > 0)
    return TRUE;
  if (peer->server->certificate != NULL)
    return g_buffered_input_stream_fill (peer->input, -1, peer->server->stop, NULL) > 0;
  if (!g_socket_condition_wait (peer->socket, G_IO_IN, peer->server->stop, NULL) ||
      recv (g_socket_get_fd (peer->socket), &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 1)
    return FALSE;
  if (byte != TLS_HANDSHAKE)
    return TRUE;
  /* as a plain server does when it is spoken to in TLS */
  write_all (peer, BAD_REQUEST, strlen (BAD_REQUEST));
  return FALSE;
}

static GIOStream *
wrap (MwFaultServer     *self,
      GSocketConnection *connection)
{
  static const char *const protocols[] = { "h2", "http/1.1", NULL };
  g_autoptr (GIOStream) stream = NULL;

  if (self->certificate == NULL)
    return g_object_ref (G_IO_STREAM (connection));
  stream = g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, NULL);
  /* a client that lets itself be talked into HTTP/2 will get no answer here */
  if (stream != NULL)
    g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (stream), protocols);
  if (stream == NULL || !g_tls_connection_handshake (G_TLS_CONNECTION (stream), self->stop, NULL))
    return NULL;
  return g_steal_pointer (&stream);
}

/* Serves one connection, in its thread, until it ends or a fault ends it */
void
mw_fault_peer_serve (MwFaultServer *self, GSocketConnection *connection, guint number)
{
  Peer     peer = { .server = self, .socket = g_socket_connection_get_socket (connection), .number = number };
  gboolean again = TRUE;

  peer.stream = wrap (self, connection);
  if (peer.stream == NULL)
    return;
  peer.output = g_io_stream_get_output_stream (peer.stream);
  peer.input = G_BUFFERED_INPUT_STREAM (g_data_input_stream_new (g_io_stream_get_input_stream (peer.stream)));
  g_data_input_stream_set_newline_type (G_DATA_INPUT_STREAM (peer.input), G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  while (again && request_begins (&peer))
    {
      MwFaultStep *step = mw_fault_server_next_step (self);

      again = serve_request (&peer, step);
      mw_fault_step_free (step);
    }
  g_object_unref (peer.input);
  g_io_stream_close (peer.stream, NULL, NULL);
  g_object_unref (peer.stream);
}
