/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-sandbox"

#include "mw-sandbox-private.h"

#include "mw-json.h"
#include "mw-definitions.h"

G_DEFINE_FINAL_TYPE (MwSandbox, mw_sandbox, G_TYPE_OBJECT)

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
  mw_sandbox_clear_world (self);

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
  mw_sandbox_build (self, g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  self->server = soup_server_new ("server-header", "Meanwhile-sandbox ", NULL);
  mw_sandbox_serve (self);
  g_signal_connect_object (listener, "incoming", G_CALLBACK (incoming_cb), self, 0);
  g_socket_service_start (listener);
  self->listener = g_steal_pointer (&listener);
  return TRUE;
}

/**
 * mw_sandbox_get_url:
 * @site: one of mw_sandbox_get_site_names(): "practice"
 *
 * Returns: (transfer none) (nullable): its FHIR base; NULL before mw_sandbox_listen()
 */
const char *
mw_sandbox_get_url (MwSandbox  *self,
                    const char *site)
{
  MwSite *found;

  g_return_val_if_fail (MW_IS_SANDBOX (self), NULL);

  found = mw_sandbox_find_site (self, site);
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

  mw_sandbox_build (self, 0);
  mw_day_play (self->day);
}

/**
 * mw_sandbox_dump:
 * @site: one of mw_sandbox_get_site_names(): "practice"
 *
 * Returns: (transfer full): everything there as a collection Bundle, for tests
 */
char *
mw_sandbox_dump (MwSandbox  *self,
                 const char *site)
{
  g_autoptr (JsonNode) bundle = mw_resource_new ("Bundle");
  MwSite    *found;
  GPtrArray *types;

  g_return_val_if_fail (MW_IS_SANDBOX (self), NULL);

  mw_sandbox_build (self, 0);
  found = mw_sandbox_find_site (self, site);
  g_return_val_if_fail (found != NULL, NULL);
  types = mw_definitions_resource_types (found->definitions);
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
