/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A day's worth of work at once, for the meter of the window's main loop: fills an outbox with items and
 * serves an inbox with entries, and takes what the outbox sends.
 *
 * usage: busy-day FOLDER ITEMS ENTRIES
 * Prints "ready" when the folder can be opened by the window, then serves until its standard input ends. */

#include "mw-connections.h"
#include "mw-outbox.h"
#include "mw-person.h"

#include <gio/gunixinputstream.h>
#include <libsoup/soup.h>
#include <string.h>

#define PAGE 200

typedef struct
{
  char      *base;
  guint      n_items;
  guint      n_entries;
  GPtrArray *pages;
  guint      taken;
} Day;

static const char capability[] =
    "{\"resourceType\":\"CapabilityStatement\",\"status\":\"active\",\"kind\":\"instance\",\"fhirVersion\":\"4.0.1\",\"format\":[\"json\"],"
    "\"software\":{\"name\":\"Busy day\"},\"rest\":[{\"mode\":\"server\",\"resource\":[{\"type\":\"Communication\","
    "\"interaction\":[{\"code\":\"create\"},{\"code\":\"search-type\"}],\"conditionalCreate\":true}]}]}";

static char *
make_page (Day  *day,
           guint index)
{
  GString *page = g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",");
  guint    first = index * PAGE;

  if (first + PAGE < day->n_entries)
    g_string_append_printf (page, "\"link\":[{\"relation\":\"next\",\"url\":\"%s/Communication?page=%u\"}],", day->base, index + 1);
  g_string_append (page, "\"entry\":[");
  for (guint i = first; i < MIN (first + PAGE, day->n_entries); i++)
    g_string_append_printf (page,
                            "%s{\"fullUrl\":\"%s/Communication/c%u\",\"resource\":{\"resourceType\":\"Communication\",\"id\":\"c%u\","
                            "\"meta\":{\"versionId\":\"1\",\"lastUpdated\":\"2026-03-02T%02u:%02u:%02u.000Z\"},\"status\":\"completed\","
                            "\"priority\":\"%s\",\"topic\":{\"text\":\"Question %u\"},\"sent\":\"2026-03-02T08:00:00Z\","
                            "\"subject\":{\"display\":\"Patient Number %u\"},\"sender\":{\"display\":\"Sender Number %u\"},"
                            "\"payload\":[{\"contentString\":\"What do you think of the values of patient number %u? They have changed since last week.\"}]}}",
                            i == first ? "" : ",", day->base, i, i, (i / 3600) % 24, (i / 60) % 60, i % 60, i % 50 == 0 ? "urgent" : "routine", i,
                            i % 700, i % 90, i % 700);
  g_string_append (page, "]}");
  return g_string_free (page, FALSE);
}

static void
reply (SoupServerMessage *message,
       guint              status,
       const char        *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/fhir+json", SOUP_MEMORY_COPY, text, strlen (text));
}

static void
handle (SoupServer        *server,
        SoupServerMessage *message,
        const char        *path,
        GHashTable        *query,
        gpointer           user_data)
{
  Day        *day = user_data;
  const char *page = query != NULL ? g_hash_table_lookup (query, "page") : NULL;
  guint       index = page != NULL ? (guint) g_ascii_strtoull (page, NULL, 10) : 0;

  if (g_str_equal (soup_server_message_get_method (message), "POST"))
    {
      g_autofree char *location = g_strdup_printf ("%s/Communication/t%u", day->base, ++day->taken);

      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location", location);
      reply (message, 201, "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"information\",\"code\":\"informational\"}]}");
    }
  else if (g_str_has_suffix (path, "/metadata"))
    reply (message, 200, capability);
  else if (g_str_has_suffix (path, "/Communication") && index < day->pages->len && !g_hash_table_contains (query, "_lastUpdated"))
    reply (message, 200, g_ptr_array_index (day->pages, index));
  else
    reply (message, 200, "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"}");
}

/* The listener of libsoup 3.2 keeps the descriptor of every connection that its client closes */
static gboolean
incoming (GSocketService    *service,
          GSocketConnection *connection,
          GObject           *source,
          gpointer           user_data)
{
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);

  soup_server_accept_iostream (user_data, G_IO_STREAM (connection), local, remote, NULL);
  return TRUE;
}

static guint16
listen_local (SoupServer     *server,
              GSocketService *service)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) got = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &got, &error))
    g_error ("%s", error->message);
  g_signal_connect (service, "incoming", G_CALLBACK (incoming), server);
  g_socket_service_start (service);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
}

static gint64
seed (MwDb    *db,
      gpointer data,
      GError **error)
{
  Day             *day = data;
  g_autofree char *team = g_strdup_printf ("%s/CareTeam/team", day->base);
  /* cppcheck-suppress legacyUninitvar */
  MwConnection home = { .name = (char *) "Busy day", .url = day->base, .home = TRUE, .auth = (char *) "open", .fhir_version = (char *) "4.0.1" };
  MwPerson     person = { .reference = team, .type = (char *) "CareTeam", .name = (char *) "The team", .active = TRUE };
  g_autoptr (GBytes) json = g_bytes_new_static (capability, strlen (capability));

  person.connection = mw_connections_add (db, &home, error);
  if (person.connection < 0 || !mw_capabilities_store (db, person.connection, json, "4.0.1", "Busy day", g_get_real_time (), error) ||
      mw_people_put (db, &person, error) < 0)
    return -1;
  for (guint i = 0; i < day->n_items; i++)
    {
      g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_MESSAGE);

      draft->to = g_strdup (team);
      draft->note = g_strdup_printf ("Note number %u to the team, written while nobody was listening.", i);
      if (mw_outbox_post (db, draft, 0, NULL, g_get_real_time (), FALSE, g_get_real_time (), error) < 0)
        return -1;
    }
  return 0;
}

static void
input_ended (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_main_loop_quit (user_data);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GInputStream) input = g_unix_input_stream_new (0, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwStore) store = NULL;
  Day  day = { 0 };
  char byte;

  if (argc != 4)
    return 2;
  day.n_items = (guint) g_ascii_strtoull (argv[2], NULL, 10);
  day.n_entries = (guint) g_ascii_strtoull (argv[3], NULL, 10);
  day.base = g_strdup_printf ("http://127.0.0.1:%u/fhir", listen_local (server, service));
  day.pages = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i * PAGE < day.n_entries; i++)
    g_ptr_array_add (day.pages, make_page (&day, i));
  soup_server_add_handler (server, NULL, handle, &day, NULL);

  store = mw_store_open (argv[1], &error);
  if (store == NULL || mw_store_write (store, seed, &day, &error) < 0)
    g_error ("%s", error->message);
  mw_store_close (store);
  g_print ("ready\n");
  g_input_stream_read_async (input, &byte, 1, G_PRIORITY_DEFAULT, NULL, input_ended, loop);
  g_main_loop_run (loop);
  g_ptr_array_unref (day.pages);
  g_free (day.base);
  return 0;
}
