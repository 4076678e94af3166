/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-net"

#include "mw-exchange-private.h"

#include "mw-answer-private.h"
#include "mw-judge.h"
#include "mw-url.h"
#include "mw-watchdog-private.h"

#define MAX_REDIRECTS 5
#define DEFAULT_MAX_BODY (16 * 1024 * 1024)
#define CHUNK (64 * 1024)
#define FHIR_JSON "application/fhir+json"

/* One exchange: a request, the redirects it is sent on, and its answer. Each connection it makes
 * use of is a hop. The exchange belongs to its task; every pending call of libsoup holds the task,
 * and finds it done when the watchdog or the caller was quicker. */
typedef struct
{
  GTask           *task; /* borrowed: each pending call holds it */
  SoupSession     *session;
  char            *base_url;
  char            *token;
  guint            token_serial;
  gboolean         own_secret;
  GTlsCertificate *certificate;
  gboolean         show_certificate; /* also to the first origin, where that is not the connection's own */
  gboolean         asked;            /* the server wants to see a certificate, and there is none for it */
  GTlsConnection  *tls;              /* of this hop, when it made a connection */
  char            *method;
  char            *url;
  char            *first_url;
  char            *accept;
  char            *content_type;
  GBytes          *upload;
  GPtrArray       *headers; /* name, value, name, value ... */
  gboolean         repeatable;
  gsize            max_body;
  MwExchangeSink   sink;
  gpointer         sink_data;
  gsize            sink_max;
  MwExchangeEnd    sink_end;

  GCancellable *cancellable; /* of the hop */
  GSource      *cancelled;   /* by the caller */
  MwWatchdog   *watchdog;
  GHashTable   *visited;
  guint         n_redirects;

  SoupMessage  *message;
  GInputStream *stream;
  guint8       *chunk;
  GByteArray   *body;
  gsize         received;
  gboolean      started;   /* this hop's request may have reached the server, in part or whole */
  gboolean      answering; /* this hop's headers have come: the call of libsoup ends by itself */
  gboolean      reused;    /* this hop runs on a connection that has served before */
  gboolean      resent;    /* a stale connection was replaced once */
  gboolean      acted;     /* a write was answered with 303: it has had its effect */
  gboolean      streaming; /* the body goes to the sink */
  gboolean      done;
  MwAnswer     *answer;
} Exchange;

static void start_hop (Exchange *self);
static void read_more (Exchange *self);

static void
exchange_free (gpointer data)
{
  Exchange *self = data;

  g_clear_object (&self->session);
  g_clear_object (&self->certificate);
  g_clear_object (&self->tls);
  g_free (self->base_url);
  g_free (self->token);
  g_free (self->method);
  g_free (self->url);
  g_free (self->first_url);
  g_free (self->accept);
  g_free (self->content_type);
  g_clear_pointer (&self->upload, g_bytes_unref);
  g_clear_pointer (&self->headers, g_ptr_array_unref);
  g_clear_pointer (&self->visited, g_hash_table_unref);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_clear_pointer (&self->answer, mw_answer_free);
  g_free (self->chunk);
  g_free (self);
}

/* Up to libsoup 3.6.5 a request that is cancelled after its headers have come and before its callback has run is
 * released once too often (soup-session.c, run_until_read_done). It needs no cancelling: the callback is due, finds
 * the exchange done and drops the stream. Only behind 421, which libsoup answers itself, a body is read first. */
static gboolean
must_cancel (Exchange *self)
{
  return self->stream != NULL || !self->answering || soup_message_get_status (self->message) == SOUP_STATUS_MISDIRECTED_REQUEST;
}

static void
end_hop (Exchange *self)
{
  if (self->message != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->message, self);
      if (must_cancel (self))
        g_cancellable_cancel (self->cancellable);
    }
  g_clear_object (&self->cancellable);
  /* an unfinished body is not drained: closing only gives the connection up */
  g_clear_object (&self->stream);
  g_clear_object (&self->message);
  mw_watchdog_rest (self->watchdog);
}

static void
release (Exchange *self)
{
  self->done = TRUE;
  end_hop (self);
  g_clear_pointer (&self->watchdog, mw_watchdog_free);
  if (self->cancelled != NULL)
    {
      g_source_destroy (self->cancelled);
      g_clear_pointer (&self->cancelled, g_source_unref);
    }
}

static void
read_streamed (Exchange *self)
{
  g_autoptr (GError) error = NULL;
  MwAnswer *answer = self->answer;

  answer->answer_class = MW_ANSWER_DONE;
  if (!self->sink_end (answer, self->sink_data, &error))
    answer->answer_class = MW_ANSWER_NOT_FHIR;
}

/* Hands the answer over; MW_TROUBLE_NONE when it is complete. @self may be gone afterwards. */
static void
conclude (Exchange *self,
          MwTrouble trouble)
{
  g_autoptr (GTask) task = g_object_ref (self->task);
  MwAnswer *answer = self->answer;

  answer->resent = self->resent;
  if (trouble == MW_TROUBLE_TLS && self->message != NULL)
    answer->tls_errors = soup_message_get_tls_peer_certificate_errors (self->message);
  release (self);
  /* any other number says enough without its body */
  if (answer->status == 0 || mw_judge_is_success_status (answer->status))
    answer->trouble = trouble;

  mw_answer_hide_token (self->body, self->token);
  if (!self->streaming)
    mw_answer_take_body (answer, self->body, trouble == MW_TROUBLE_NONE);
  if (answer->trouble != MW_TROUBLE_NONE)
    answer->answer_class = mw_judge_broken (self->method, self->started, answer);
  else if (!mw_judge_is_success_status (answer->status))
    answer->answer_class = mw_judge_status (self->method, answer->status, answer->resource);
  else if (self->streaming)
    read_streamed (self);
  else
    answer->answer_class = mw_judge_body (self->method, self->accept, answer);
  mw_answer_read_next (answer, self->url, self->base_url);
  answer->token_serial = self->token_serial;

  if (self->acted && !mw_answer_is_success (answer))
    answer->answer_class = MW_ANSWER_UNKNOWN;
  g_debug ("%s ended with status %u, class %d, trouble %d", self->method, answer->status, answer->answer_class, answer->trouble);
  g_task_return_pointer (task, g_steal_pointer (&self->answer), (GDestroyNotify) mw_answer_free);
}

/* The answer to a request that is not to be followed up */
static void
conclude_refused (Exchange     *self,
                  MwAnswerClass answer_class,
                  MwTrouble     trouble)
{
  g_autoptr (GTask) task = g_object_ref (self->task);
  MwAnswer *answer = self->answer;

  release (self);
  answer->answer_class = self->acted ? MW_ANSWER_UNKNOWN : answer_class;
  answer->trouble = trouble;
  g_task_return_pointer (task, g_steal_pointer (&self->answer), (GDestroyNotify) mw_answer_free);
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  Exchange *self = user_data;
  g_autoptr (GTask) task = g_object_ref (self->task);

  release (self);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  return G_SOURCE_REMOVE;
}

static void
watchdog_cb (MwTrouble trouble,
             gpointer  user_data)
{
  conclude (user_data, trouble);
}

/* 303: what was asked for lies elsewhere, to be read (RFC 9110, 15.4.4; wire notes 0.2) */
static void
become_get (Exchange *self)
{
  self->acted = self->acted || !mw_judge_is_read (self->method);
  g_free (self->method);
  self->method = g_strdup ("GET");
  g_clear_pointer (&self->upload, g_bytes_unref);
  mw_exchange_headers_drop (self->headers, "Prefer");
  mw_exchange_headers_drop (self->headers, "If-None-Exist");
  mw_exchange_headers_drop (self->headers, "If-Match");
}

static gboolean
visit (Exchange *self)
{
  return g_hash_table_add (self->visited, g_strconcat (self->method, " ", self->url, NULL));
}

static void
follow (Exchange *self)
{
  g_autofree char *target = g_strdup (self->answer->location);

  if (self->answer->status == 303)
    become_get (self);
  if (self->own_secret || self->n_redirects >= MAX_REDIRECTS || !mw_judge_may_follow (self->method, self->first_url, self->url, target))
    {
      conclude_refused (self, MW_ANSWER_REJECTED, MW_TROUBLE_REDIRECT);
      return;
    }
  g_free (self->url);
  self->url = g_steal_pointer (&target);
  self->n_redirects++;
  if (!visit (self))
    {
      conclude_refused (self, MW_ANSWER_REJECTED, MW_TROUBLE_REDIRECT);
      return;
    }
  mw_answer_free (self->answer);
  self->answer = mw_answer_new ();
  end_hop (self);
  start_hop (self);
}

static void
network_event_cb (SoupMessage       *message,
                  GSocketClientEvent event,
                  GIOStream         *connection,
                  gpointer           user_data)
{
  static const char *const protocols[] = { "http/1.1", NULL };
  Exchange                *self = user_data;

  self->reused = FALSE;
  mw_watchdog_connecting (self->watchdog);
  /* HTTP/2 uploads of libsoup have had use-after-free faults, and a GET's connection may serve a
   * write next */
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING && G_IS_TLS_CONNECTION (connection))
    {
      g_set_object (&self->tls, G_TLS_CONNECTION (connection));
      g_tls_connection_set_advertised_protocols (self->tls, protocols);
    }
}

/* From here on a byte may be on its way: it is not ours to say that the server has not seen it */
static void
starting_cb (SoupMessage *message,
             gpointer     user_data)
{
  Exchange *self = user_data;

  self->started = TRUE;
  mw_watchdog_progress (self->watchdog);
}

static void
wrote_body_data_cb (SoupMessage *message,
                    guint        size,
                    gpointer     user_data)
{
  Exchange *self = user_data;

  mw_watchdog_progress (self->watchdog);
}

static void
moved_cb (SoupMessage *message,
          gpointer     user_data)
{
  Exchange *self = user_data;

  mw_watchdog_progress (self->watchdog);
}

static void
got_headers_cb (SoupMessage *message,
                gpointer     user_data)
{
  Exchange *self = user_data;

  self->answering = TRUE;
  mw_watchdog_progress (self->watchdog);
}

static gboolean
append (Exchange  *self,
        gsize      length,
        MwTrouble *trouble)
{
  g_autoptr (GError) error = NULL;

  self->received += length;
  if (self->received > (self->streaming ? self->sink_max : self->max_body))
    {
      *trouble = MW_TROUBLE_TOO_BIG;
      return FALSE;
    }
  if (!self->streaming)
    {
      g_byte_array_append (self->body, self->chunk, (guint) length);
      return TRUE;
    }
  /* the sink keeps the error and gives it again at the end */
  *trouble = MW_TROUBLE_NONE;
  return self->sink ((const char *) self->chunk, length, self->sink_data, &error);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Exchange *self = g_task_get_task_data (task);
  MwTrouble trouble;
  gssize    length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (self->done)
    return;
  if (length < 0)
    conclude (self, mw_judge_error (error, TRUE));
  else if (length == 0)
    conclude (self, MW_TROUBLE_NONE);
  else if (!append (self, (gsize) length, &trouble))
    conclude (self, trouble);
  else
    {
      mw_watchdog_progress (self->watchdog);
      read_more (self);
    }
}

static void
read_more (Exchange *self)
{
  if (self->chunk == NULL)
    self->chunk = g_malloc (CHUNK);
  g_input_stream_read_async (self->stream, self->chunk, CHUNK, G_PRIORITY_DEFAULT, self->cancellable, read_cb, g_object_ref (self->task));
}

/* A server may close a connection that idles at the moment we use it again. A request that carries
 * its own identity is worth a second, fresh one; of any other we would never know. */
static gboolean
may_resend (Exchange *self)
{
  return self->repeatable && self->reused && self->started && !self->resent;
}

static gboolean
shows_certificate (Exchange *self)
{
  return self->certificate != NULL && (mw_url_same_origin (self->url, self->base_url) || (self->show_certificate && self->n_redirects == 0));
}

/* Whether this hop's server has come as far as to show its own */
static gboolean
has_certificate (Exchange *self)
{
  return self->tls != NULL && g_tls_connection_get_peer_certificate (self->tls) != NULL;
}

/* Up to TLS 1.2 a server refuses the certificate of who calls within the handshake, from TLS 1.3 on after that. Who is told
 * that one is needed was not listened to. Many servers just hang up: then it is not certain that nothing had its effect */
static MwTrouble
judge_hop (Exchange     *self,
           const GError *error)
{
  MwTrouble trouble;

  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED))
    {
      self->started = FALSE;
      return MW_TROUBLE_CERTIFICATE;
    }
  trouble = mw_judge_error (error, self->started);
  if ((!self->asked && !shows_certificate (self)) || self->reused)
    return trouble;
  /* the handshake fails, but not for a fault of the server's own certificate */
  if (trouble == MW_TROUBLE_TLS && soup_message_get_tls_peer_certificate_errors (self->message) == 0 && has_certificate (self))
    return MW_TROUBLE_CERTIFICATE;
  return trouble == MW_TROUBLE_CUT_OFF && has_certificate (self) ? MW_TROUBLE_CERTIFICATE : trouble;
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  Exchange *self = g_task_get_task_data (task);

  if (self->done)
    return;
  if (stream == NULL && may_resend (self))
    {
      self->resent = TRUE;
      end_hop (self);
      start_hop (self);
      return;
    }
  if (stream == NULL)
    {
      conclude (self, judge_hop (self, error));
      return;
    }
  self->stream = g_steal_pointer (&stream);
  mw_watchdog_progress (self->watchdog);
  mw_answer_read_headers (self->answer, self->message, self->url);
  if (mw_judge_is_redirect_status (self->answer->status))
    {
      follow (self);
      return;
    }
  self->streaming = self->sink != NULL && self->answer->status == 200 && mw_judge_may_be_json (self->answer->content_type);
  read_more (self);
}

static SoupMessage *
make_message (Exchange *self)
{
  g_autoptr (GUri) uri = g_uri_parse (self->url, SOUP_HTTP_URI_FLAGS | G_URI_FLAGS_PARSE_RELAXED, NULL);
  SoupMessage     *message = uri != NULL ? soup_message_new_from_uri (self->method, uri) : NULL;
  SoupMessageFlags flags = SOUP_MESSAGE_NO_REDIRECT;

  if (message == NULL)
    return NULL;
  if (self->repeatable)
    flags |= SOUP_MESSAGE_IDEMPOTENT;
  /* libsoup takes every PUT and DELETE for repeatable and sends it again when a used connection
   * fails; with If-Match the second one would be told a lie. A fresh connection is never repeated. */
  if (self->resent || (!self->repeatable && !mw_judge_is_read (self->method)))
    flags |= SOUP_MESSAGE_NEW_CONNECTION;
  soup_message_set_flags (message, flags);
  /* the token is good at one place, whichever way led there (G7) */
  mw_exchange_headers_put (self->headers, mw_url_same_origin (self->url, self->base_url) ? self->token : NULL, message);
  if (shows_certificate (self))
    soup_message_set_tls_client_certificate (message, self->certificate);
  if (self->upload != NULL)
    soup_message_set_request_body_from_bytes (message, self->content_type, self->upload);
  return message;
}

static gboolean
request_certificate_cb (SoupMessage          *message,
                        GTlsClientConnection *connection,
                        gpointer              user_data)
{
  ((Exchange *) user_data)->asked = TRUE;
  return FALSE;
}

/* libsoup sends again on a connection of its own choice what is repeatable, but has read the body to its end by
 * then: without this the second one would arrive empty */
static void
restarted_cb (SoupMessage *message,
              gpointer     user_data)
{
  Exchange *self = user_data;

  self->answering = FALSE;
  if (self->upload != NULL)
    soup_message_set_request_body_from_bytes (message, self->content_type, self->upload);
}

static void
start_hop (Exchange *self)
{
  self->started = FALSE;
  self->answering = FALSE;
  self->reused = TRUE;
  self->message = make_message (self);
  if (self->message == NULL)
    {
      conclude_refused (self, MW_ANSWER_REJECTED, MW_TROUBLE_NO_ADDRESS);
      return;
    }
  self->cancellable = g_cancellable_new ();
  g_signal_connect (self->message, "network-event", G_CALLBACK (network_event_cb), self);
  self->asked = FALSE;
  g_clear_object (&self->tls);
  g_signal_connect (self->message, "request-certificate", G_CALLBACK (request_certificate_cb), self);
  g_signal_connect (self->message, "starting", G_CALLBACK (starting_cb), self);
  g_signal_connect (self->message, "restarted", G_CALLBACK (restarted_cb), self);
  g_signal_connect (self->message, "wrote-headers", G_CALLBACK (moved_cb), self);
  g_signal_connect (self->message, "wrote-body-data", G_CALLBACK (wrote_body_data_cb), self);
  g_signal_connect (self->message, "got-headers", G_CALLBACK (got_headers_cb), self);
  soup_session_send_async (self->session, self->message, G_PRIORITY_DEFAULT, self->cancellable, sent_cb, g_object_ref (self->task));
}

static Exchange *
exchange_new (const MwExchangePlan *plan)
{
  const MwHttpRequest *request = plan->request;
  Exchange            *self = g_new0 (Exchange, 1);

  self->session = g_object_ref (plan->session);
  self->base_url = g_strdup (plan->base_url);
  self->token = request->own_secret ? NULL : g_strdup (plan->token);
  self->token_serial = plan->token_serial;
  self->certificate = plan->certificate != NULL ? g_object_ref (plan->certificate) : NULL;
  self->show_certificate = request->show_certificate;
  self->own_secret = request->own_secret;
  self->method = g_strdup (request->method);
  self->url = g_strdup (request->url);
  self->first_url = g_strdup (request->url);
  self->accept = g_strdup (request->accept != NULL ? request->accept : FHIR_JSON);
  self->content_type = g_strdup (request->content_type != NULL ? request->content_type : FHIR_JSON);
  self->upload = request->body != NULL ? g_bytes_ref (request->body) : NULL;
  self->repeatable = request->repeatable;
  self->max_body = request->max_body > 0 ? request->max_body : DEFAULT_MAX_BODY;
  self->sink = plan->sink;
  self->sink_data = plan->sink_data;
  self->sink_max = plan->sink_max;
  self->sink_end = plan->sink_end;
  self->headers = mw_exchange_headers_new (plan, self->accept);
  self->visited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->body = g_byte_array_new ();
  self->answer = mw_answer_new ();
  return self;
}

/**
 * mw_exchange_run_async:
 * @plan: what to do
 * @cancellable: (nullable): gives up; what the server makes of it is then unknown
 * @callback: (scope async): called on the thread-default context of the caller
 * @user_data: for @callback
 *
 * Makes one exchange, redirects included.
 */
void
mw_exchange_run_async (const MwExchangePlan *plan,
                       GCancellable         *cancellable,
                       GAsyncReadyCallback   callback,
                       gpointer              user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Exchange *self = exchange_new (plan);

  g_task_set_name (task, "mw_exchange_run_async");
  g_task_set_task_data (task, self, exchange_free);
  self->task = task;
  if (g_cancellable_is_cancelled (cancellable))
    {
      self->done = TRUE;
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
      return;
    }
  self->watchdog = mw_watchdog_new (g_task_get_context (task), &plan->limits, watchdog_cb, self);
  if (plan->closed)
    {
      conclude_refused (self, MW_ANSWER_NOT_SENT, MW_TROUBLE_OFFLINE);
      return;
    }
  if (self->url == NULL || self->headers == NULL)
    {
      conclude_refused (self, MW_ANSWER_REJECTED, self->url == NULL ? MW_TROUBLE_NO_ADDRESS : MW_TROUBLE_NONE);
      return;
    }
  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancelled, G_SOURCE_FUNC (cancelled_cb), self, NULL);
      g_source_attach (self->cancelled, g_task_get_context (task));
    }
  visit (self);
  start_hop (self);
}

/**
 * mw_exchange_run_finish:
 * @result: from the callback
 *
 * Returns: (transfer full): the answer, for every way in which the world can fail; NULL only with
 *   G_IO_ERROR_CANCELLED
 */
MwAnswer *
mw_exchange_run_finish (GAsyncResult *result,
                        GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
