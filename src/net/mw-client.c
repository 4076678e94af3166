/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-net"

#include "mw-exchange-private.h"

#include "mw-config.h"
#include "mw-trust.h"
#include "mw-url.h"

#define MAX_CONNS 8
#define IDLE_SECONDS 30

/* A server may think for a while over a large transaction, so a stall is not called early; what
 * takes longer than five minutes is better begun anew in smaller parts. */
static const MwClientLimits default_limits = {
  .connect_seconds = 15,
  .stall_seconds = 60,
  .total_seconds = 300,
};

struct _MwClient
{
  GObject parent;

  SoupSession     *session;
  GTlsCertificate *certificate;
  char            *base_url;
  char            *token;
  guint            token_serial;
  gboolean         closed;
  MwClientLimits   limits;
};

G_DEFINE_FINAL_TYPE (MwClient, mw_client, G_TYPE_OBJECT)

static void
mw_client_finalize (GObject *object)
{
  MwClient *self = MW_CLIENT (object);

  g_clear_object (&self->session);
  g_clear_object (&self->certificate);
  g_free (self->base_url);
  g_free (self->token);
  G_OBJECT_CLASS (mw_client_parent_class)->finalize (object);
}

static void
mw_client_class_init (MwClientClass *class)
{
  G_OBJECT_CLASS (class)->finalize = mw_client_finalize;
}

static void
mw_client_init (MwClient *self)
{
  self->limits = default_limits;
}

static SoupSession *
make_session (GTlsDatabase *trust)
{
  SoupSession *session = soup_session_new_with_options ("max-conns", MAX_CONNS * 2,
                                                        "max-conns-per-host", MAX_CONNS,
                                                        "idle-timeout", IDLE_SECONDS,
                                                        "user-agent", "Meanwhile/" MW_VERSION,
                                                        NULL);

  /* a server's wish for a name and password is answered by the engine, with a token or a person;
   * a WebSocket that inflates has no limit (platform notes) */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
  if (trust != NULL)
    soup_session_set_tls_database (session, trust);
  return session;
}

/**
 * mw_client_new:
 * @base_url: the base URL of a FHIR server, http or https
 * @ca_file: (nullable): a PEM file of authorities to trust besides the system's
 *
 * Makes the client of one connection. It belongs to the thread and the thread-default main context
 * that are current here: all its calls are made and all its callbacks run there. TLS is always
 * verified; there is no way to switch that off. No cookies, no redirects by libsoup, HTTP/1.1 only.
 *
 * Returns: (transfer full): a client, or NULL when @base_url is no such URL or @ca_file cannot be read
 */
MwClient *
mw_client_new (const char *base_url,
               const char *ca_file,
               GError    **error)
{
  g_autofree char *clean = NULL;
  g_autoptr (GTlsDatabase) trust = NULL;
  MwClient *self;

  g_return_val_if_fail (base_url != NULL, NULL);

  clean = mw_url_base (base_url, error);
  if (clean == NULL)
    return NULL;
  if (ca_file != NULL)
    {
      trust = mw_trust_new (ca_file, error);
      if (trust == NULL)
        return NULL;
    }
  self = g_object_new (MW_TYPE_CLIENT, NULL);
  self->base_url = g_steal_pointer (&clean);
  self->session = make_session (trust);
  return self;
}

/**
 * mw_client_get_base_url:
 * @self: a client
 *
 * Returns: (transfer none): the base URL, normalised, without a trailing slash
 */
const char *
mw_client_get_base_url (MwClient *self)
{
  g_return_val_if_fail (MW_IS_CLIENT (self), NULL);

  return self->base_url;
}

/* Of all clients: an answer for a token of one that was replaced is not taken for its successor's */
static int serials;

/**
 * mw_client_set_token:
 * @self: a client
 * @token: (nullable): a bearer token; NULL for none
 *
 * From now on sent to the origin of the base URL and nowhere else; exchanges under way keep the one
 * they began with. White space around it is dropped; a token that could not stand in a header
 * (RFC 6750, 2.1) counts as none, so that the server's 401 tells about it.
 */
void
mw_client_set_token (MwClient   *self,
                     const char *token)
{
  g_return_if_fail (MW_IS_CLIENT (self));

  if (self->token != NULL && g_strcmp0 (self->token, token) == 0)
    return;
  g_clear_pointer (&self->token, g_free);
  self->token_serial = (guint) g_atomic_int_add (&serials, 1) + 1;
  if (token == NULL)
    return;
  self->token = g_strstrip (g_strdup (token));
  for (const char *at = self->token; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at))
      {
        g_warning ("A token holds characters that no token can have, and is not used");
        g_clear_pointer (&self->token, g_free);
        return;
      }
  if (*self->token == '\0')
    g_clear_pointer (&self->token, g_free);
}

/**
 * mw_client_get_token_serial:
 *
 * Returns: a number that changes with the token; an answer bears that of the token its request went with
 */
guint
mw_client_get_token_serial (MwClient *self)
{
  g_return_val_if_fail (MW_IS_CLIENT (self), 0);

  return self->token_serial;
}

/**
 * mw_client_set_certificate:
 * @certificate: (nullable): with its private key
 *
 * From now on shown to the origin of the base URL, when it asks who calls, and to the place that a request with
 * show_certificate goes to; to no other origin, also when one of these points there.
 */
void
mw_client_set_certificate (MwClient        *self,
                           GTlsCertificate *certificate)
{
  g_return_if_fail (MW_IS_CLIENT (self));

  g_set_object (&self->certificate, certificate);
}

/**
 * mw_client_close:
 *
 * Forgets the token. From now on every exchange is answered with MW_ANSWER_NOT_SENT and never leaves; one that is under
 * way comes to its end.
 */
void
mw_client_close (MwClient *self)
{
  g_return_if_fail (MW_IS_CLIENT (self));

  mw_client_set_token (self, NULL);
  self->closed = TRUE;
}

/**
 * mw_client_set_limits:
 * @self: a client
 * @limits: for exchanges begun from now on; each at least 1
 *
 * Without a call: 15 s to connect, 60 s without a byte, 300 s in all, waiting for a free connection
 * included.
 */
void
mw_client_set_limits (MwClient             *self,
                      const MwClientLimits *limits)
{
  g_return_if_fail (MW_IS_CLIENT (self));
  g_return_if_fail (limits->connect_seconds > 0 && limits->stall_seconds > 0 && limits->total_seconds > 0);

  self->limits = *limits;
}

/**
 * mw_client_resolve:
 * @self: a client
 * @url: (nullable): relative to the base URL, or absolute
 *
 * Joins as FHIR does: "Task/1" lies below the whole base URL, "" is the base itself.
 *
 * Returns: (transfer full) (nullable): an absolute http or https URL; NULL when @url starts with a
 *   slash, climbs out of the base, has another scheme or carries a name or password
 */
char *
mw_client_resolve (MwClient   *self,
                   const char *url)
{
  g_return_val_if_fail (MW_IS_CLIENT (self), NULL);

  return mw_url_below (self->base_url, url);
}

/**
 * mw_client_is_same_origin:
 * @self: a client
 * @url: (nullable): an absolute URL
 *
 * Returns: whether @url has the scheme, host and port of the base URL
 */
gboolean
mw_client_is_same_origin (MwClient   *self,
                          const char *url)
{
  g_return_val_if_fail (MW_IS_CLIENT (self), FALSE);

  return mw_url_same_origin (self->base_url, url);
}

void
mw_client_plan (MwClient       *self,
                MwExchangePlan *plan)
{
  plan->session = self->session;
  plan->base_url = self->base_url;
  plan->token = self->token;
  plan->token_serial = self->token_serial;
  plan->certificate = self->certificate;
  plan->closed = self->closed;
  plan->limits = self->limits;
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError   *error = NULL;
  MwAnswer *answer = mw_exchange_run_finish (result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) mw_answer_free);
  else
    g_task_return_error (task, error);
}

/**
 * mw_client_send_async:
 * @self: a client
 * @request: what to do; copied
 * @cancellable: (nullable): gives up. Of a write that has begun, nobody knows then what became
 * @callback: (scope async): on the client's main context
 * @user_data: for @callback
 *
 * Makes one exchange. Redirects are followed as the wire notes 0.2 say: at most five, never from
 * https to http, never with the token to another origin, and for anything but a GET not to another
 * origin at all. The answer's body is capped while it streams in, as decoded; a watchdog ends what
 * does not move.
 */
void
mw_client_send_async (MwClient            *self,
                      const MwHttpRequest *request,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autofree char *url = NULL;
  MwHttpRequest    absolute;
  MwExchangePlan   plan = { 0 };
  GTask           *task;

  g_return_if_fail (MW_IS_CLIENT (self));
  g_return_if_fail (request != NULL && request->method != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_name (task, "mw_client_send_async");
  url = mw_client_resolve (self, request->url);
  absolute = *request;
  absolute.url = url;
  plan.request = &absolute;
  mw_client_plan (self, &plan);
  mw_exchange_run_async (&plan, cancellable, sent_cb, task);
}

/**
 * mw_client_send_finish:
 * @self: a client
 * @result: from the callback
 *
 * A request whose url cannot be resolved, or whose fields could not stand in a header, is answered
 * with MW_ANSWER_REJECTED and status 0 and never leaves.
 *
 * Returns: (transfer full): the answer, for every way in which the world can fail; NULL only with
 *   G_IO_ERROR_CANCELLED
 */
MwAnswer *
mw_client_send_finish (MwClient     *self,
                       GAsyncResult *result,
                       GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
