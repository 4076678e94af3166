/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-ui"

#include "mw-overview.h"

#include "mw-watermark.h"

#define REFRESH_MILLISECONDS 500

typedef struct
{
  gint64     counts[MW_N_PLACES];
  gboolean   any[MW_N_PLACES];
  gint64     attention;
  gboolean   was_connected;
  GPtrArray *connections; /* MwConnectionLine */
} Facts;

struct _MwOverview
{
  GObject parent_instance;

  MwStore      *store;
  guint         watch;
  GCancellable *cancellable;
  Facts        *facts;
  gboolean      reading;
  gboolean      dirty;
  guint         source;
};

typedef struct
{
  MwOverview *overview;
  Facts      *facts;
  gint64      now;
} Reading;

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MwOverview, mw_overview, G_TYPE_OBJECT)

static void read_facts (MwOverview *self);

static void
connection_line_free (gpointer data)
{
  MwConnectionLine *line = data;

  mw_connection_free (line->connection);
  g_free (line);
}

static Facts *
facts_new (void)
{
  Facts *facts = g_new0 (Facts, 1);

  facts->connections = g_ptr_array_new_with_free_func (connection_line_free);
  return facts;
}

static void
facts_free (Facts *facts)
{
  g_clear_pointer (&facts->connections, g_ptr_array_unref);
  g_free (facts);
}

static gboolean
any_entry (MwDb                *db,
           const MwEntryFilter *filter)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  MwEntryFilter one = *filter;

  one.limit = 1;
  return mw_entries_ids (db, &one, ids, NULL) && ids->len > 0;
}

static void
count_place (MwDb     *db,
             Facts    *facts,
             MwPlaceId id,
             gint64    now)
{
  const MwPlace *place = mw_place_get (id);
  MwEntryFilter  filter = { .kind = place->kind, .now = now };

  if (place->content == MW_PLACE_OF_ITEMS)
    {
      facts->counts[id] = mw_items_count (db, place->view);
      return;
    }
  if (place->content != MW_PLACE_OF_ENTRIES || id == MW_PLACE_ARCHIVE)
    return;
  if (id != MW_PLACE_SNOOZED)
    facts->counts[id] = mw_entries_count_unread (db, place->kind, now);
  filter.snoozed = id == MW_PLACE_SNOOZED;
  if (place->optional)
    facts->any[id] = any_entry (db, &filter);
}

static gboolean
read_connections (MwDb    *db,
                  Facts   *facts,
                  GError **error)
{
  g_autoptr (GPtrArray) connections = mw_connections_all (db, error);

  for (guint i = 0; connections != NULL && i < connections->len; i++)
    {
      MwConnection     *connection = g_ptr_array_index (connections, i);
      MwConnectionLine *line = g_new0 (MwConnectionLine, 1);

      line->connection = mw_connections_load (db, connection->id, NULL);
      line->complete = mw_watermarks_complete_up_to (db, connection->id);
      if (line->connection != NULL)
        g_ptr_array_add (facts->connections, line);
      else
        connection_line_free (line);
    }
  return connections != NULL;
}

static gint64
run_reading (MwDb    *db,
             gpointer input,
             GError **error)
{
  Reading *reading = input;

  if (!read_connections (db, reading->facts, error))
    return -1;
  for (guint i = 0; i < MW_N_PLACES; i++)
    count_place (db, reading->facts, (MwPlaceId) i, reading->now);
  reading->facts->was_connected = mw_db_get_int (db, 0, "SELECT EXISTS (SELECT 1 FROM connections)", "") != 0;
  reading->facts->attention = mw_items_count (db, MW_ITEM_VIEW_ATTENTION);
  return 0;
}

static gboolean
read_again (gpointer user_data)
{
  MwOverview *self = user_data;

  self->source = 0;
  if (self->dirty)
    read_facts (self);
  return G_SOURCE_REMOVE;
}

static void
reading_done (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Reading *reading = user_data;
  g_autoptr (MwOverview) self = reading->overview;
  g_autoptr (GError) error = NULL;

  mw_store_read_finish (MW_STORE (source), result, &error);
  self->reading = FALSE;
  if (error == NULL && self->store != NULL)
    {
      g_clear_pointer (&self->facts, facts_free);
      self->facts = g_steal_pointer (&reading->facts);
      self->source = g_timeout_add (REFRESH_MILLISECONDS, read_again, self);
      g_signal_emit (self, signals[CHANGED], 0);
    }
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("The counts could not be read: %s", error->message);
  g_clear_pointer (&reading->facts, facts_free);
  g_free (reading);
}

static void
read_facts (MwOverview *self)
{
  Reading *reading;

  self->dirty = TRUE;
  if (self->reading || self->source != 0)
    return;
  self->dirty = FALSE;
  self->reading = TRUE;
  reading = g_new0 (Reading, 1);
  reading->overview = g_object_ref (self);
  reading->facts = facts_new ();
  reading->now = g_get_real_time ();
  mw_store_read_async (self->store, run_reading, reading, NULL, self->cancellable, reading_done, reading);
}

static void
store_changed (MwStore *store,
               MwChange changes,
               gpointer user_data)
{
  if ((changes & (MW_CHANGE_ENTRIES | MW_CHANGE_ITEMS | MW_CHANGE_CONNECTIONS | MW_CHANGE_WATERMARKS)) != 0)
    read_facts (user_data);
}

static void
mw_overview_dispose (GObject *object)
{
  MwOverview *self = MW_OVERVIEW (object);

  if (self->watch != 0)
    mw_store_unwatch (self->store, self->watch);
  self->watch = 0;
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (mw_overview_parent_class)->dispose (object);
}

static void
mw_overview_finalize (GObject *object)
{
  MwOverview *self = MW_OVERVIEW (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->facts, facts_free);
  G_OBJECT_CLASS (mw_overview_parent_class)->finalize (object);
}

static void
mw_overview_class_init (MwOverviewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mw_overview_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_overview_finalize;
  signals[CHANGED] = g_signal_new ("changed", MW_TYPE_OVERVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mw_overview_init (MwOverview *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * mw_overview_new:
 *
 * Reads the connections at once: they say which page a window opens on. Every count is 0 until it is read,
 * and counting waits for the main loop to turn, so that the list of a window that opens now is read first.
 */
MwOverview *
mw_overview_new (MwStore *store)
{
  MwOverview *self = g_object_new (MW_TYPE_OVERVIEW, NULL);
  MwDb       *db = mw_store_get_reader (store, NULL);

  self->store = g_object_ref (store);
  self->watch = mw_store_watch (store, store_changed, self);
  self->facts = facts_new ();
  if (db == NULL || !read_connections (db, self->facts, NULL))
    g_clear_pointer (&self->facts, facts_free);
  self->dirty = TRUE;
  self->source = g_idle_add (read_again, self);
  return self;
}

/**
 * mw_overview_is_known:
 *
 * Returns: whether the connections were read
 */
gboolean
mw_overview_is_known (MwOverview *self)
{
  return self->facts != NULL;
}

/**
 * mw_overview_get_count:
 *
 * Returns: what the badge of a place says: unread entries, or items
 */
gint64
mw_overview_get_count (MwOverview *self,
                       MwPlaceId   place)
{
  return self->facts != NULL ? self->facts->counts[place] : 0;
}

/**
 * mw_overview_has_any:
 *
 * Returns: whether an optional place has something in it
 */
gboolean
mw_overview_has_any (MwOverview *self,
                     MwPlaceId   place)
{
  return self->facts != NULL && self->facts->any[place];
}

gint64
mw_overview_get_attention (MwOverview *self)
{
  return self->facts != NULL ? self->facts->attention : 0;
}

/**
 * mw_overview_get_connections:
 *
 * Returns: (transfer none) (nullable) (element-type MwConnectionLine): valid until the next "changed"
 */
GPtrArray *
mw_overview_get_connections (MwOverview *self)
{
  return self->facts != NULL ? self->facts->connections : NULL;
}

const MwConnection *
mw_overview_get_home (MwOverview *self)
{
  GPtrArray *lines = mw_overview_get_connections (self);

  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      MwConnectionLine *line = g_ptr_array_index (lines, i);

      if (line->connection->home)
        return line->connection;
    }
  return NULL;
}

/**
 * mw_overview_was_connected:
 *
 * Returns: whether there is, or was, any connection: what came from one that was removed is still to be read
 */
gboolean
mw_overview_was_connected (MwOverview *self)
{
  return self->facts != NULL && self->facts->was_connected;
}

/**
 * mw_overview_is_offline:
 *
 * Returns: whether the last contact with the home server failed for want of a network
 */
gboolean
mw_overview_is_offline (MwOverview *self)
{
  const MwConnection *home = mw_overview_get_home (self);

  return home != NULL && home->enabled && g_strcmp0 (home->status, "offline") == 0;
}

gboolean
mw_overview_is_sandbox (MwOverview *self)
{
  const MwConnection *home = mw_overview_get_home (self);

  return home != NULL && home->sandbox;
}
