/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-set-up.h"

#include "mw-access-forget.h"
#include "mw-connect.h"
#include "mw-managed.h"

/* The connections that an administrator ships are taken up when the engine begins. Nobody has looked at their servers: each
 * is looked at once, as when a person connects to it, and again when a person or the network asks for a new look. */

struct _MwSetUp
{
  MwCore     *core;
  GHashTable *tried; /* ids that were looked at since then */
  guint       busy;
  gboolean    taken_up;
};

typedef struct
{
  MwSetUp *set_up;
  gint64   connection;
} Look;

MwSetUp *
mw_set_up_new (MwCore *core)
{
  MwSetUp *self = g_new0 (MwSetUp, 1);

  self->core = core;
  self->tried = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return self;
}

void
mw_set_up_free (MwSetUp *self)
{
  g_hash_table_unref (self->tried);
  g_free (self);
}

gboolean
mw_set_up_is_busy (MwSetUp *self)
{
  return self->busy > 0;
}

/**
 * mw_set_up_again:
 *
 * What did not work is to be tried once more.
 */
void
mw_set_up_again (MwSetUp *self)
{
  g_hash_table_remove_all (self->tried);
}

typedef struct
{
  gint64      connection;
  const char *status;
  const char *text;
  gint64      now;
} Trouble;

static gint64
write_trouble (MwDb    *db,
               gpointer data,
               GError **error)
{
  Trouble *trouble = data;

  return mw_connections_set_status (db, trouble->connection, trouble->status, trouble->text, 0, trouble->now, error) ? 0 : -1;
}

static const char *
status_of (const GError *error)
{
  if (g_error_matches (error, MW_CONNECT_ERROR, MW_CONNECT_ERROR_UNREACHABLE))
    return "offline";
  if (g_error_matches (error, MW_CONNECT_ERROR, MW_CONNECT_ERROR_SIGN_IN))
    return "sign-in";
  return "trouble";
}

static void
looked (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autofree Look *look = user_data;
  MwSetUp         *self = look->set_up;
  g_autoptr (GError) error = NULL;

  self->busy--;
  if (mw_connect_finish (MW_STORE (source), result, &error) < 0 && !g_cancellable_is_cancelled (self->core->cancellable))
    {
      Trouble trouble = { look->connection, status_of (error), error->message, mw_core_now (self->core) };

      mw_store_write (self->core->store, write_trouble, &trouble, NULL);
    }
  mw_core_kick (self->core);
}

static void
look_at (MwSetUp            *self,
         const MwConnection *connection)
{
  Look *look = g_new0 (Look, 1);

  look->set_up = self;
  look->connection = connection->id;
  self->busy++;
  g_hash_table_add (self->tried, g_memdup2 (&connection->id, sizeof connection->id));
  mw_connect_async (self->core->store, connection, NULL, self->core->cancellable, looked, look);
}

/* A sign-in needs a person, and then looks by itself */
static gboolean
needs_look (const MwConnection *connection)
{
  gboolean tokens = g_strcmp0 (connection->auth, "secret") == 0 || g_strcmp0 (connection->auth, "key") == 0;

  return connection->origin != NULL && connection->enabled && g_strcmp0 (connection->auth, "smart") != 0 &&
         (connection->fhir_version == NULL || (tokens && connection->token_endpoint == NULL));
}

static void
forgotten (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  MwSetUp *self = user_data;
  g_autoptr (GError) error = NULL;

  self->busy--;
  if (!mw_access_forget_finish (result, &error))
    g_warning ("What an administrator's connection was let in with is still kept: %s", error->message);
  mw_core_kick (self->core);
}

static void
take_up (MwSetUp *self)
{
  g_autoptr (GPtrArray) past = mw_managed_take_up (self->core->store, TRUE);

  self->taken_up = TRUE;
  for (guint i = 0; i < past->len; i++)
    {
      self->busy++;
      mw_access_forget_async (self->core->store, past->pdata[i], self->core->cancellable, forgotten, self);
    }
}

/**
 * mw_set_up_pump:
 *
 * Takes up what the administrator ships, and looks at the servers that nobody has looked at.
 */
void
mw_set_up_pump (MwSetUp *self)
{
  g_autoptr (GPtrArray) all = NULL;

  if (!self->core->options.managed)
    return;
  if (!self->taken_up)
    take_up (self);
  all = mw_connections_all (self->core->db, NULL);
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const MwConnection *connection = g_ptr_array_index (all, i);

      if (needs_look (connection) && !g_hash_table_contains (self->tried, &connection->id))
        look_at (self, connection);
    }
}
