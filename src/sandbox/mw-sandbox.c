/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-sandbox"

#include "mw-sandbox.h"

#include "mw-day.h"
#include "mw-json.h"
#include "mw-r4.h"
#include "mw-rest.h"
#include "mw-arrivals.h"
#include "mw-world.h"

#include <libsoup/soup.h>
#include <string.h>

/* bytes of one request; what is longer gets 413 */
#define MAX_BODY (20 * 1024 * 1024)
#define PRACTICE_ABILITIES (MW_SITE_MESSAGES | MW_SITE_TRANSACTIONS | MW_SITE_CLIENT_IDS | MW_SITE_HOME)
#define HOSPITAL_ABILITIES (MW_SITE_MESSAGES | MW_SITE_TRANSACTIONS)
#define PLAN_ABILITIES MW_SITE_FEW_WRITES

struct _MwSandbox
{
  GObject parent_instance;

  guint64         seed;
  MwWorld         world;
  MwDay          *day;
  SoupServer     *server;
  GSocketService *listener;
};

G_DEFINE_FINAL_TYPE (MwSandbox, mw_sandbox, G_TYPE_OBJECT)

/* The servers' URLs are written into the world, so it is made once they are known */
static void
build (MwSandbox *self,
       guint      port)
{
  static const struct
  {
    const char   *name;
    const char   *title;
    MwSiteAbility abilities;
  } sites[] = {
    { "practice", "Lakeside Family Practice", PRACTICE_ABILITIES },
    { "hospital", "St. Mary’s Hospital", HOSPITAL_ABILITIES },
    { "plan", "Plan North", PLAN_ABILITIES },
  };
  MwSite **slots[] = { &self->world.practice, &self->world.hospital, &self->world.plan };

  if (self->world.practice != NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    {
      g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/%s/fhir", port, sites[i].name);

      *slots[i] = mw_site_new (sites[i].name, sites[i].title, url, sites[i].abilities, self->world.clock);
    }
  self->world.random = g_rand_new_with_seed ((guint32) (self->seed ^ (self->seed >> 32)));
  self->world.seed = self->seed;
  self->world.start = mw_sandbox_clock_now (self->world.clock);
  mw_world_fill (&self->world);
  mw_morning_fill (&self->world);
  self->day = mw_day_new (&self->world);
}

static MwSite *
find_site (MwSandbox  *self,
           const char *name)
{
  MwSite *sites[] = { self->world.practice, self->world.hospital, self->world.plan };

  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    if (sites[i] != NULL && g_str_equal (sites[i]->name, name))
      return sites[i];
  return NULL;
}

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
  set_date (headers, "Date", mw_sandbox_clock_now (self->world.clock));
  if (reply->etag != NULL)
    soup_message_headers_replace (headers, "ETag", reply->etag);
  if (reply->location != NULL)
    soup_message_headers_replace (headers, "Location", reply->location);
  if (reply->modified != 0)
    set_date (headers, "Last-Modified", reply->modified);
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

/* "/practice/fhir/Patient/1" → the site, and "Patient/1" */
static MwSite *
take_site (MwSandbox   *self,
           const char  *path,
           const char **rest)
{
  g_auto (GStrv) part = g_strsplit (path, "/", 4);

  if (g_strv_length (part) < 3 || !g_str_equal (part[2], "fhir"))
    return NULL;
  *rest = path + strlen (part[1]) + strlen ("//fhir");
  if (**rest == '/')
    (*rest)++;
  return find_site (self, part[1]);
}

static void
handle_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  MwSandbox          *self = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody    *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (MwReply) reply = NULL;
  const char *rest = NULL;
  MwSite     *site = take_site (self, path, &rest);
  MwRequest   request;

  if (g_object_get_data (G_OBJECT (message), "mw-too-large") != NULL)
    {
      refuse (self, message, 413, "too-long", "The body is longer than this server takes");
      return;
    }
  if (site == NULL)
    {
      refuse (self, message, 404, "not-found", "There is no FHIR server at this address");
      return;
    }
  bytes = soup_message_body_flatten (body);
  request = (MwRequest){
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
  };
  reply = mw_rest_handle (site, &request);
  send_reply (self, message, reply);
}

/* The listener is our own: that of libsoup 3.2 keeps the socket of every connection open for ever */
static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           user_data)
{
  MwSandbox *self = user_data;
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);

  soup_server_accept_iostream (self->server, G_IO_STREAM (connection), local, remote, NULL);
  return TRUE;
}

static void
mw_sandbox_finalize (GObject *object)
{
  MwSandbox *self = MW_SANDBOX (object);

  if (self->listener != NULL)
    g_socket_service_stop (self->listener);
  g_clear_object (&self->listener);
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->world.clock, mw_sandbox_clock_free);
  g_clear_pointer (&self->day, mw_day_free);
  g_clear_pointer (&self->world.practice, mw_site_free);
  g_clear_pointer (&self->world.hospital, mw_site_free);
  g_clear_pointer (&self->world.plan, mw_site_free);
  g_clear_pointer (&self->world.random, g_rand_free);

  G_OBJECT_CLASS (mw_sandbox_parent_class)->finalize (object);
}

static void
mw_sandbox_class_init (MwSandboxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mw_sandbox_finalize;
}

static void
mw_sandbox_init (MwSandbox *self)
{
  self->world.clock = mw_sandbox_clock_new (g_get_real_time ());
}

/**
 * mw_sandbox_new:
 * @seed: chooses among the worlds; the same seed and time make the same one
 *
 * A network that does nothing yet: mw_sandbox_listen(), then mw_sandbox_play(). Its clock starts
 * with the computer's and stands still until mw_sandbox_set_speed(). Everything runs on the
 * thread-default main context of the caller.
 */
MwSandbox *
mw_sandbox_new (guint64 seed)
{
  MwSandbox *self = g_object_new (MW_TYPE_SANDBOX, NULL);

  self->seed = seed;
  return self;
}

/**
 * mw_sandbox_set_time:
 * @now: microseconds since 1970 UTC
 *
 * Sets the clock, before the world is made: everything in it is dated from there.
 */
void
mw_sandbox_set_time (MwSandbox *self,
                     gint64     now)
{
  g_return_if_fail (MW_IS_SANDBOX (self));
  g_return_if_fail (self->world.practice == NULL);

  mw_sandbox_clock_set_now (self->world.clock, now);
}

/**
 * mw_sandbox_listen:
 * @port: 0 for any that is free
 *
 * Listens on 127.0.0.1 and no other address.
 */
gboolean
mw_sandbox_listen (MwSandbox *self,
                   guint      port,
                   GError   **error)
{
  g_autoptr (GSocketService) listener = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocketAddress) bound = NULL;

  g_return_val_if_fail (MW_IS_SANDBOX (self), FALSE);
  g_return_val_if_fail (self->server == NULL && self->world.practice == NULL, FALSE);

  listener = g_socket_service_new ();
  address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (listener), address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound, error))
    return FALSE;
  build (self, g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  self->server = soup_server_new ("server-header", "Meanwhile-sandbox ", NULL);
  soup_server_add_early_handler (self->server, NULL, early_cb, self, NULL);
  soup_server_add_handler (self->server, NULL, handle_cb, self, NULL);
  g_signal_connect_object (listener, "incoming", G_CALLBACK (incoming_cb), self, 0);
  g_socket_service_start (listener);
  self->listener = g_steal_pointer (&listener);
  return TRUE;
}

/**
 * mw_sandbox_get_url:
 * @site: "practice", "hospital" or "plan"
 *
 * Returns: (transfer none) (nullable): its FHIR base; NULL before mw_sandbox_listen()
 */
const char *
mw_sandbox_get_url (MwSandbox  *self,
                    const char *site)
{
  MwSite *found;

  g_return_val_if_fail (MW_IS_SANDBOX (self), NULL);

  found = find_site (self, site);
  return found != NULL ? found->url : NULL;
}

/**
 * mw_sandbox_get_me:
 *
 * Returns: (transfer none): the clinician whose inbox the practice keeps, relative to its base
 */
const char *
mw_sandbox_get_me (MwSandbox *self)
{
  g_return_val_if_fail (MW_IS_SANDBOX (self), NULL);

  return MW_ME;
}

/**
 * mw_sandbox_set_speed:
 * @speed: how many seconds pass in the sandbox in a real one; 0: only by mw_sandbox_advance()
 */
void
mw_sandbox_set_speed (MwSandbox *self,
                      double     speed)
{
  g_return_if_fail (MW_IS_SANDBOX (self));
  g_return_if_fail (speed >= 0);

  mw_sandbox_clock_set_speed (self->world.clock, speed);
}

/**
 * mw_sandbox_advance:
 *
 * Lets time pass at once: what falls due happens in order, each thing at its own time.
 */
void
mw_sandbox_advance (MwSandbox *self,
                    gint64     microseconds)
{
  g_return_if_fail (MW_IS_SANDBOX (self));
  g_return_if_fail (microseconds >= 0);

  mw_sandbox_clock_advance (self->world.clock, microseconds);
}

/**
 * mw_sandbox_get_now:
 *
 * Returns: microseconds since 1970 UTC, by the sandbox's clock
 */
gint64
mw_sandbox_get_now (MwSandbox *self)
{
  g_return_val_if_fail (MW_IS_SANDBOX (self), 0);

  return mw_sandbox_clock_now (self->world.clock);
}

/**
 * mw_sandbox_play:
 *
 * Starts the day: from now on things arrive by themselves.
 */
void
mw_sandbox_play (MwSandbox *self)
{
  g_return_if_fail (MW_IS_SANDBOX (self));

  build (self, 0);
  mw_day_play (self->day);
}

/**
 * mw_sandbox_dump:
 * @site: "practice", "hospital" or "plan"
 *
 * Returns: (transfer full): everything there as a collection Bundle, for tests
 */
char *
mw_sandbox_dump (MwSandbox  *self,
                 const char *site)
{
  g_autoptr (JsonNode) bundle = mw_resource_new ("Bundle");
  GPtrArray *types = mw_r4_resource_types ();
  MwSite    *found;

  g_return_val_if_fail (MW_IS_SANDBOX (self), NULL);

  build (self, 0);
  found = find_site (self, site);
  g_return_val_if_fail (found != NULL, NULL);
  mw_json_set (bundle, "type", "collection");
  for (guint i = 0; i < types->len; i++)
    {
      GPtrArray *list = mw_sandbox_store_list (found->store, g_ptr_array_index (types, i));

      for (guint j = 0; list != NULL && j < list->len; j++)
        {
          MwRecord        *record = g_ptr_array_index (list, j);
          JsonNode        *entry = mw_json_object_new ();
          g_autofree char *url = g_strdup_printf ("%s/%s/%s", found->url, record->type, record->id);

          mw_json_set (entry, "fullUrl", url);
          mw_json_take (entry, "resource", json_node_ref (mw_record_resource (record)));
          mw_json_take (bundle, "entry[+]", entry);
        }
    }
  return mw_json_to_text (bundle, FALSE);
}
