/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-ui"

#include "mw-id-list.h"

#include "mw-id-diff.h"

/* Between two readings while commits keep coming in: the eye reads no faster */
#define REFRESH_MILLISECONDS 500
/* How long one turn of the main loop may read rows, in µs */
#define READ_PER_TURN 1000
/* Rows that come into the list in one turn of the main loop, when they come singly; a list view makes
 * a widget for each, seen or not */
#define ROWS_PER_TURN 4
/* As many as a page has, when there was none */
#define FIRST_ROWS 24
/* As many at either end of what comes; the rows between them, which have no widgets, come in one turn */
#define ROWS_BY_TURNS 120

typedef struct _Reading Reading;

typedef struct
{
  MwIdList *list;
  gint64    id;
  MwRow    *row;
} LiveRow;

struct _MwIdList
{
  GObject parent_instance;

  MwStore      *store;
  guint         watch;
  GCancellable *cancellable;
  MwPlaceId     place;
  char         *text;
  gboolean      shown; /* what place the ids are of */
  MwPlaceId     shown_place;
  char         *shown_text;
  GArray       *ids;
  GHashTable   *live;           /* id → LiveRow */
  GArray       *pending;        /* ids of rows that were asked for and not read yet */
  gint64        read_this_turn; /* how long this turn of the main loop has read rows, in µs */
  guint         pending_source;
  gboolean      reading;
  gboolean      dirty;
  guint         refresh_source;
  Reading      *applying; /* what is being brought into the list, some rows at a turn */
  guint         apply_source;
};

/* One reading of the list, off the GTK thread */
struct _Reading
{
  MwIdList  *list;
  MwPlaceId  place;
  char      *text;
  gboolean   is_item;
  gboolean   replace;
  gboolean   same; /* what was typed has not changed since */
  gint64     now;
  GArray    *before;
  GArray    *live;
  GArray    *after;
  GArray    *splices;
  guint      next_splice;
  gboolean   begun;
  guint      n_first; /* rows of that splice that came in from its beginning, and from its end */
  guint      n_last;
  GPtrArray *rows;
};

enum
{
  SETTLED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void     mw_id_list_model_init (GListModelInterface *iface);
static void     refresh (MwIdList *self);
static gboolean refresh_again (gpointer user_data);

G_DEFINE_FINAL_TYPE_WITH_CODE (MwIdList, mw_id_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, mw_id_list_model_init))

static gboolean
of_items (MwPlaceId place)
{
  return mw_place_get (place)->content == MW_PLACE_OF_ITEMS;
}

/* ---- rows on screen --------------------------------------------------- */

static void
row_gone (gpointer data,
          GObject *where_it_was)
{
  LiveRow *live = data;

  g_hash_table_remove (live->list->live, &live->id);
}

static void
forget_live (MwIdList *self)
{
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      LiveRow *live = value;

      g_object_weak_unref (G_OBJECT (live->row), row_gone, live);
      g_hash_table_iter_remove (&iter);
    }
  g_array_set_size (self->pending, 0);
}

static void
read_row (MwIdList *self,
          MwDb     *db,
          MwRow    *row,
          gint64    id)
{
  gint64     begun = g_get_monotonic_time ();
  MwRowData *data = mw_row_data_load (db, id, of_items (self->shown_place));

  if (data != NULL)
    mw_row_take_data (row, data, g_get_real_time ());
  self->read_this_turn += g_get_monotonic_time () - begun;
}

static gboolean
read_pending (gpointer user_data)
{
  MwIdList *self = user_data;
  MwDb     *db = mw_store_get_reader (self->store, NULL);

  self->read_this_turn = 0;
  while (db != NULL && self->pending->len > 0 && self->read_this_turn < READ_PER_TURN)
    {
      gint64   id = g_array_index (self->pending, gint64, self->pending->len - 1);
      LiveRow *live = g_hash_table_lookup (self->live, &id);

      g_array_set_size (self->pending, self->pending->len - 1);
      if (live != NULL && mw_row_get_data (live->row) == NULL)
        read_row (self, db, live->row, id);
    }
  if (self->pending->len > 0 && db != NULL)
    return G_SOURCE_CONTINUE;
  self->read_this_turn = 0;
  self->pending_source = 0;
  return G_SOURCE_REMOVE;
}

static MwRow *
add_row (MwIdList *self,
         gint64    id)
{
  MwRow   *row = mw_row_new (id);
  LiveRow *live = g_new (LiveRow, 1);
  MwDb    *db = self->read_this_turn < READ_PER_TURN ? mw_store_get_reader (self->store, NULL) : NULL;

  live->list = self;
  live->id = id;
  live->row = row;
  g_object_weak_ref (G_OBJECT (row), row_gone, live);
  g_hash_table_insert (self->live, &live->id, live);
  /* a view asks for rows while it lays them out, and draws them in the same turn of the main loop: those
   * on screen, which it asks for first, are there in time; the rest is read before the next frame */
  if (db != NULL)
    read_row (self, db, row, id);
  else
    g_array_append_val (self->pending, id);
  if (self->pending_source == 0)
    self->pending_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, read_pending, self, NULL);
  return row;
}

static GType
mw_id_list_get_item_type (GListModel *model)
{
  return MW_TYPE_ROW;
}

static guint
mw_id_list_get_n_items (GListModel *model)
{
  return MW_ID_LIST (model)->ids->len;
}

static gpointer
mw_id_list_get_item (GListModel *model,
                     guint       position)
{
  MwIdList *self = MW_ID_LIST (model);
  LiveRow  *live;
  gint64    id;

  if (position >= self->ids->len)
    return NULL;
  id = g_array_index (self->ids, gint64, position);
  live = g_hash_table_lookup (self->live, &id);
  return live != NULL ? g_object_ref (live->row) : add_row (self, id);
}

static void
mw_id_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = mw_id_list_get_item_type;
  iface->get_n_items = mw_id_list_get_n_items;
  iface->get_item = mw_id_list_get_item;
}

/* ---- reading ----------------------------------------------------------- */

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->list);
  g_free (reading->text);
  g_array_unref (reading->before);
  g_array_unref (reading->live);
  g_array_unref (reading->after);
  g_clear_pointer (&reading->splices, g_array_unref);
  g_ptr_array_unref (reading->rows);
  g_free (reading);
}

static void
free_row_data (gpointer data)
{
  mw_row_data_free (data);
}

static gint64
run_reading (MwDb    *db,
             gpointer input,
             GError **error)
{
  Reading *reading = input;

  if (!mw_place_ids (db, reading->place, reading->text, reading->now, reading->same ? reading->before : NULL, reading->after, error))
    return -1;
  if (reading->replace)
    {
      MwIdSplice all = { 0, reading->before->len, reading->after->len };

      reading->splices = g_array_new (FALSE, FALSE, sizeof (MwIdSplice));
      if (all.n_removed > 0 || all.n_added > 0)
        g_array_append_val (reading->splices, all);
      return 0;
    }
  reading->splices = mw_id_diff ((const gint64 *) (gpointer) reading->before->data, reading->before->len,
                                 (const gint64 *) (gpointer) reading->after->data, reading->after->len);
  for (guint i = 0; i < reading->live->len; i++)
    {
      MwRowData *data = mw_row_data_load (db, g_array_index (reading->live, gint64, i), reading->is_item);

      if (data != NULL)
        g_ptr_array_add (reading->rows, data);
    }
  return 0;
}

/* Does a part of the next splice: what goes; then the first of what comes; then the last of it, from its end
 * on; then what lies between, at once. So the list is in order at each step, who looks at either end of
 * what comes sees it settle first, and no step makes many widgets: a list view has them only for the rows
 * near those that are seen. Returns how many rows came in */
static guint
apply_part (MwIdList *self,
            Reading  *reading)
{
  MwIdSplice *splice = &g_array_index (reading->splices, MwIdSplice, reading->next_splice);
  guint       removed = reading->begun ? 0 : splice->n_removed;
  guint       left = splice->n_added - reading->n_first - reading->n_last;
  guint       position = splice->position + reading->n_first;
  guint       from = position;
  guint       added = MIN (left, reading->replace && reading->n_first == 0 ? FIRST_ROWS : ROWS_PER_TURN);

  if (reading->n_first < ROWS_BY_TURNS)
    reading->n_first += added;
  else if (reading->n_last < ROWS_BY_TURNS)
    {
      from += left - added;
      reading->n_last += added;
    }
  else
    added = left;
  reading->begun = TRUE;
  if (removed > 0)
    g_array_remove_range (self->ids, splice->position, removed);
  if (added > 0)
    g_array_insert_vals (self->ids, position, &g_array_index (reading->after, gint64, from), added);
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
  if (added == left)
    {
      reading->next_splice++;
      reading->begun = FALSE;
      reading->n_first = reading->n_last = 0;
    }
  return added;
}

static void
apply_rows (MwIdList *self,
            Reading  *reading)
{
  for (guint i = 0; i < reading->rows->len; i++)
    {
      MwRowData *data = g_ptr_array_index (reading->rows, i);
      LiveRow   *live = g_hash_table_lookup (self->live, &data->id);

      if (live != NULL)
        {
          g_ptr_array_index (reading->rows, i) = NULL;
          mw_row_take_data (live->row, data, reading->now);
        }
    }
}

/* Brings a reading into the list, some rows at a turn. Returns whether that was all */
static gboolean
apply_some (MwIdList *self)
{
  Reading *reading = self->applying;
  guint    rows = 0;

  while (reading->next_splice < reading->splices->len && rows < ROWS_PER_TURN)
    rows += apply_part (self, reading);
  if (reading->next_splice < reading->splices->len)
    return FALSE;
  apply_rows (self, reading);
  g_clear_pointer (&self->applying, reading_free);
  if (!mw_id_list_is_settled (self))
    {
      refresh (self);
      return TRUE;
    }
  self->refresh_source = g_timeout_add (REFRESH_MILLISECONDS, refresh_again, self);
  g_signal_emit (self, signals[SETTLED], 0);
  return TRUE;
}

static gboolean
apply_more (gpointer user_data)
{
  g_autoptr (MwIdList) self = g_object_ref (user_data);

  if (!apply_some (self))
    return G_SOURCE_CONTINUE;
  self->apply_source = 0;
  return G_SOURCE_REMOVE;
}

static void
apply (MwIdList *self,
       Reading  *reading)
{
  if (reading->replace)
    forget_live (self);
  g_free (self->shown_text);
  self->shown_text = g_strdup (reading->text);
  self->shown_place = reading->place;
  self->shown = TRUE;
  self->applying = reading;
  if (!apply_some (self))
    self->apply_source = g_idle_add (apply_more, self);
}

static gboolean
refresh_again (gpointer user_data)
{
  MwIdList *self = user_data;

  self->refresh_source = 0;
  if (self->dirty)
    refresh (self);
  return G_SOURCE_REMOVE;
}

static void
reading_done (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Reading  *reading = user_data;
  MwIdList *self = reading->list;
  g_autoptr (GError) error = NULL;

  mw_store_read_finish (MW_STORE (source), result, &error);
  self->reading = FALSE;
  if (self->store == NULL)
    {
      reading_free (reading);
      return;
    }
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("A list could not be read: %s", error->message);
  if (self->place != reading->place || g_strcmp0 (self->text, reading->text) != 0)
    refresh (self);
  else if (error == NULL)
    {
      apply (self, g_steal_pointer (&reading));
      return;
    }
  reading_free (reading);
}

static void
refresh (MwIdList *self)
{
  Reading       *reading;
  GHashTableIter iter;
  gpointer       value;

  if (self->reading || self->applying != NULL)
    return;
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  reading = g_new0 (Reading, 1);
  reading->list = g_object_ref (self);
  reading->place = self->place;
  reading->text = g_strdup (self->text);
  reading->is_item = of_items (self->place);
  reading->replace = !self->shown || self->shown_place != self->place;
  reading->same = !reading->replace && g_strcmp0 (self->shown_text, self->text) == 0;
  reading->now = g_get_real_time ();
  reading->before = g_array_copy (self->ids);
  reading->after = g_array_new (FALSE, FALSE, sizeof (gint64));
  reading->live = g_array_new (FALSE, FALSE, sizeof (gint64));
  reading->rows = g_ptr_array_new_with_free_func (free_row_data);
  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_array_append_val (reading->live, ((LiveRow *) value)->id);
  self->reading = TRUE;
  self->dirty = FALSE;
  mw_store_read_async (self->store, run_reading, reading, NULL, self->cancellable, reading_done, reading);
}

static void
store_changed (MwStore *store,
               MwChange changes,
               gpointer user_data)
{
  MwIdList *self = user_data;
  MwChange  ours = of_items (self->place) ? MW_CHANGE_ITEMS : MW_CHANGE_ENTRIES;

  if ((changes & (ours | MW_CHANGE_PEOPLE)) == 0)
    return;
  self->dirty = TRUE;
  if (self->refresh_source == 0)
    refresh (self);
}

/* ---- object ------------------------------------------------------------ */

static void
mw_id_list_dispose (GObject *object)
{
  MwIdList *self = MW_ID_LIST (object);

  if (self->watch != 0)
    mw_store_unwatch (self->store, self->watch);
  self->watch = 0;
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->pending_source, g_source_remove);
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  g_clear_handle_id (&self->apply_source, g_source_remove);
  forget_live (self);
  g_clear_object (&self->store);
  g_clear_pointer (&self->applying, reading_free);
  G_OBJECT_CLASS (mw_id_list_parent_class)->dispose (object);
}

static void
mw_id_list_finalize (GObject *object)
{
  MwIdList *self = MW_ID_LIST (object);

  g_object_unref (self->cancellable);
  g_array_unref (self->ids);
  g_array_unref (self->pending);
  g_hash_table_unref (self->live);
  g_free (self->text);
  g_free (self->shown_text);
  G_OBJECT_CLASS (mw_id_list_parent_class)->finalize (object);
}

static void
mw_id_list_class_init (MwIdListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mw_id_list_dispose;
  object_class->finalize = mw_id_list_finalize;
  signals[SETTLED] = g_signal_new ("settled", MW_TYPE_ID_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mw_id_list_init (MwIdList *self)
{
  self->cancellable = g_cancellable_new ();
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->pending = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->live = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
}

/**
 * mw_id_list_new:
 *
 * Returns: (transfer full): an empty list, until mw_id_list_show() says of what
 */
MwIdList *
mw_id_list_new (MwStore *store)
{
  MwIdList *self = g_object_new (MW_TYPE_ID_LIST, NULL);

  self->store = g_object_ref (store);
  self->watch = mw_store_watch (store, store_changed, self);
  return self;
}

/**
 * mw_id_list_show:
 * @text: (nullable): a search within the place
 *
 * Has the list show a place. What it shows stays until the new ids are read.
 */
void
mw_id_list_show (MwIdList   *self,
                 MwPlaceId   place,
                 const char *text)
{
  g_autofree char *copy = g_strdup (text != NULL && *text != '\0' ? text : NULL);

  g_return_if_fail (MW_IS_ID_LIST (self));
  self->place = place;
  g_free (self->text);
  self->text = g_steal_pointer (&copy);
  refresh (self);
}

MwPlaceId
mw_id_list_get_place (MwIdList *self)
{
  return self->place;
}

const char *
mw_id_list_get_text (MwIdList *self)
{
  return self->text;
}

/**
 * mw_id_list_is_of_items:
 *
 * Returns: whether the ids that it holds now are of items, not of entries
 */
gboolean
mw_id_list_is_of_items (MwIdList *self)
{
  return self->shown && of_items (self->shown_place);
}

/**
 * mw_id_list_is_settled:
 *
 * Returns: whether it shows what was last asked for
 */
gboolean
mw_id_list_is_settled (MwIdList *self)
{
  return self->shown && self->applying == NULL && self->shown_place == self->place && g_strcmp0 (self->shown_text, self->text) == 0;
}

/**
 * mw_id_list_get_id:
 *
 * Returns: the id at @position without making a row; 0 beyond the end
 */
gint64
mw_id_list_get_id (MwIdList *self,
                   guint     position)
{
  return position < self->ids->len ? g_array_index (self->ids, gint64, position) : 0;
}

gboolean
mw_id_list_find (MwIdList *self,
                 gint64    id,
                 guint    *position)
{
  for (guint i = 0; i < self->ids->len; i++)
    if (g_array_index (self->ids, gint64, i) == id)
      {
        *position = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * mw_id_list_tick:
 *
 * Brings the times in the rows on screen up to date.
 *
 * Returns: whether one of them counts down by the second
 */
gboolean
mw_id_list_tick (MwIdList *self,
                 gint64    now)
{
  GHashTableIter iter;
  gpointer       value;
  gboolean       counting = FALSE;

  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    counting = mw_row_tick (((LiveRow *) value)->row, now) || counting;
  return counting;
}

/**
 * mw_id_list_n_live:
 *
 * Returns: how many rows exist as objects, for tests
 */
guint
mw_id_list_n_live (MwIdList *self)
{
  return g_hash_table_size (self->live);
}
