/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the engine costs: draining items into a server, from saved to handed over with every step on disk,
 * against bare libsoup posting as many bodies, eight in flight. The server is the same for both, and takes
 * everything without a look. */

#include "bench.h"

#include "mw-connections.h"
#include "mw-engine.h"
#include "mw-fault-server.h"
#include "mw-outbox.h"
#include "mw-endpoint-row.h"
#include "mw-person.h"

#include <libsoup/soup.h>
#include <string.h>

#define N_ITEMS 300
#define IN_FLIGHT 8

typedef struct
{
  char          *folder;
  MwStore       *store;
  MwFaultServer *server;
  MwEngine      *engine;
  gboolean       changed;
  guint          sent;
  guint          done;
  guint          number;
  SoupSession   *session;
} Data;

static void
take (MwFaultRequest *request,
      MwFaultReply   *reply,
      gpointer        user_data)
{
  static const char statement[] = "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\",\"rest\":[{\"mode\":\"server\",\"resource\":["
                                  "{\"type\":\"Communication\",\"conditionalCreate\":true,\"interaction\":[{\"code\":\"create\"}]}]}]}";

  if (g_str_has_prefix (request->target, "/metadata"))
    {
      reply->status = 200;
      mw_fault_reply_header (reply, "Content-Type", "application/fhir+json");
      g_string_append (reply->body, statement);
      return;
    }
  reply->status = 201;
  mw_fault_reply_header (reply, "Location", "/Communication/1");
}

static gint64
write_servers (MwDb    *db,
               gpointer user_data,
               GError **error)
{
  Data         *data = user_data;
  MwConnection  base = { .name = (char *) "Home", .url = (char *) "http://127.0.0.1:9/home", .home = TRUE, .auth = (char *) "open" };
  MwConnection  there = { .name = (char *) "Server", .url = (char *) mw_fault_server_get_url (data->server), .auth = (char *) "open" };
  MwPerson      who = { .reference = (char *) "http://127.0.0.1:9/home/Organization/1", .type = (char *) "Organization", .name = (char *) "Server", .active = TRUE };
  MwEndpoint    address = { .status = (char *) "active", .kinds = MW_ENDPOINT_REST, .address = there.url, .start = G_MININT64, .end = G_MAXINT64, .rank = 1 };
  MwEndpointRow where = { .reference = (char *) "http://127.0.0.1:9/home/Endpoint/1", .endpoint = &address, .fetched = g_get_real_time () };

  who.connection = where.connection = mw_connections_add (db, &base, error);
  return mw_db_exec (db, "UPDATE connections SET enabled = 0", error) && mw_connections_add (db, &there, error) > 0 && mw_people_put (db, &who, error) > 0 &&
                 mw_endpoint_rows_put (db, &where, error) > 0 && mw_endpoint_rows_claim (db, NULL, where.reference, who.reference, error)
             ? 0
             : -1;
}

static gint64
write_items (MwDb    *db,
             gpointer data,
             GError **error)
{
  g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_MESSAGE);
  gint64 now = g_get_real_time ();

  draft->to = g_strdup ("http://127.0.0.1:9/home/Organization/1");
  draft->note = g_strnfill (2000, 'x');
  for (guint i = 0; i < N_ITEMS; i++)
    if (mw_outbox_post (db, draft, 0, NULL, now, FALSE, now, error) < 0)
      return -1;
  return 0;
}

static void
changed_cb (MwStore *store,
            MwChange changes,
            gpointer user_data)
{
  ((Data *) user_data)->changed = TRUE;
}

static double
drain (gpointer user_data)
{
  Data  *data = user_data;
  MwDb  *db = mw_store_get_reader (data->store, NULL);
  gint64 start;

  if (mw_store_write (data->store, write_items, NULL, NULL) < 0)
    g_error ("The items were not written");
  start = g_get_monotonic_time ();
  data->engine = mw_engine_new (data->store, NULL);
  mw_engine_start (data->engine);
  for (;;)
    {
      data->changed = FALSE;
      if (mw_db_get_int (db, -1, "SELECT count(*) FROM items WHERE state <> 5", "") == 0)
        break;
      while (!data->changed)
        g_main_context_iteration (NULL, TRUE);
    }
  start = g_get_monotonic_time () - start;
  mw_engine_stop (data->engine);
  g_clear_object (&data->engine);
  return (double) start / N_ITEMS;
}

static void post_next (Data *data);

static void
posted (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  Data *data = user_data;
  g_autoptr (GBytes) body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);

  if (body == NULL)
    g_error ("A message was not posted");
  data->done++;
  post_next (data);
}

static void
post_next (Data *data)
{
  g_autofree char *url = g_strconcat (mw_fault_server_get_url (data->server), "/Communication", NULL);
  g_autofree char *note = g_strnfill (2000, 'x');
  g_autofree char *condition = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) body = NULL;
  char *text;

  if (data->sent == N_ITEMS)
    return;
  data->sent++;
  data->number++;
  text = g_strdup_printf ("{\"resourceType\":\"Communication\",\"status\":\"completed\",\"identifier\":[{\"system\":\"urn:bare\",\"value\":\"%u\"}],"
                          "\"payload\":[{\"contentString\":\"%s\"}]}",
                          data->number, note);
  condition = g_strdup_printf ("identifier=urn:bare%%7C%u", data->number);
  body = g_bytes_new_take (text, strlen (text));
  message = soup_message_new ("POST", url);
  soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
  soup_message_headers_append (soup_message_get_request_headers (message), "If-None-Exist", condition);
  soup_message_set_request_body_from_bytes (message, "application/fhir+json", body);
  soup_session_send_and_read_async (data->session, message, G_PRIORITY_DEFAULT, NULL, posted, data);
}

static double
bare (gpointer user_data)
{
  Data  *data = user_data;
  gint64 start = g_get_monotonic_time ();

  data->sent = data->done = 0;
  data->session = soup_session_new_with_options ("max-conns", IN_FLIGHT, "max-conns-per-host", IN_FLIGHT, NULL);
  for (guint i = 0; i < IN_FLIGHT; i++)
    post_next (data);
  while (data->done < N_ITEMS)
    g_main_context_iteration (NULL, TRUE);
  start = g_get_monotonic_time () - start;
  g_clear_object (&data->session);
  return (double) start / N_ITEMS;
}

int
main (int    argc,
      char **argv)
{
  Data  data = { .folder = bench_folder_new () };
  guint watch;

  data.server = mw_fault_server_new (take, NULL, NULL);
  data.store = mw_store_open (data.folder, NULL);
  if (mw_store_write (data.store, write_servers, &data, NULL) < 0)
    g_error ("The servers were not written");
  watch = mw_store_watch (data.store, changed_cb, &data);

  bench_compare ("drain of an item", "engine", drain, "bare libsoup", bare, &data);

  mw_store_unwatch (data.store, watch);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  mw_store_close (data.store);
  g_object_unref (data.store);
  mw_fault_server_free (data.server);
  bench_folder_remove (data.folder);
  return 0;
}
