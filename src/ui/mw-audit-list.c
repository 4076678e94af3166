/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-audit-list.h"

#include "mw-audit-words.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

/* ---- a line ---------------------------------------------------------- */

struct _MwAuditLine
{
  GObject parent_instance;

  gint64   id;
  gboolean open; /* it left, and how that ended is not known yet */
  char    *title;
  char    *detail;
  char    *time;
};

typedef enum
{
  PROP_TITLE = 1,
  PROP_DETAIL,
  PROP_TIME,
  PROP_SPOKEN,
} MwAuditLineProp;

static GParamSpec *properties[PROP_SPOKEN + 1];

G_DEFINE_FINAL_TYPE (MwAuditLine, mw_audit_line, G_TYPE_OBJECT)

static void
mw_audit_line_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  MwAuditLine *self = MW_AUDIT_LINE (object);

  switch ((MwAuditLineProp) id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    case PROP_TIME:
      g_value_set_string (value, self->time);
      break;
    case PROP_SPOKEN:
      g_value_take_string (value, g_strdup_printf ("%s, %s, %s", self->time, self->title, self->detail));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
line_clear (MwAuditLine *self)
{
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->detail, g_free);
  g_clear_pointer (&self->time, g_free);
}

static void
mw_audit_line_finalize (GObject *object)
{
  line_clear (MW_AUDIT_LINE (object));
  G_OBJECT_CLASS (mw_audit_line_parent_class)->finalize (object);
}

static void
mw_audit_line_class_init (MwAuditLineClass *klass)
{
  static const char *const names[] = { "title", "detail", "time", "spoken" };
  GObjectClass            *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mw_audit_line_get_property;
  object_class->finalize = mw_audit_line_finalize;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      properties[i + 1] = g_param_spec_string (names[i], NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
      g_object_class_install_property (object_class, i + 1, properties[i + 1]);
    }
}

static void
mw_audit_line_init (MwAuditLine *self)
{
}

static void
line_read (MwAuditLine *self,
           MwDb        *db)
{
  g_autoptr (MwAuditRow) row = db != NULL ? mw_audit_load (db, self->id, NULL) : NULL;
  g_autoptr (MwAuditRow) last = NULL;
  g_autoptr (GString) detail = g_string_new (NULL);
  g_autofree char *event = NULL, *place = NULL, *who = NULL, *end = NULL;

  line_clear (self);
  if (row == NULL)
    {
      /* nobody removes a row of the audit while it is looked at, except one who must not */
      self->title = g_strdup (_ ("This row cannot be read"));
      self->detail = g_strdup ("");
      self->time = g_strdup ("");
      return;
    }
  event = mw_audit_words_event (db, row);
  place = mw_audit_words_place (db, row);
  who = mw_audit_words_who (db, row);
  end = mw_audit_words_end (db, row);
  last = end != NULL ? mw_audit_end_of (db, row) : NULL;
  self->open = end != NULL && last == NULL;
  self->time = mw_words_moment (row->at, g_get_real_time ());
  /* Translators: what happened, and where to */
  self->title = place != NULL ? g_strdup_printf (_ ("%s → %s"), event, place) : g_strdup (event);
  /* how it ended first: in a narrow window the rest is cut off */
  if (end != NULL)
    g_string_append_printf (detail, "%s · ", end);
  else if (row->http_status != 0)
    g_string_append_printf (detail, "HTTP %d · ", (int) row->http_status);
  g_string_append (detail, who);
  if (row->request != NULL)
    g_string_append_printf (detail, " · %s", row->request);
  self->detail = g_string_free (g_steal_pointer (&detail), FALSE);
}

/* ---- the list -------------------------------------------------------- */

struct _MwAuditList
{
  GObject parent_instance;

  MwStore      *store;
  guint         watch;
  GArray       *ids;
  GHashTable   *live; /* id → MwAuditLine, weak */
  MwAuditFilter filter;
  char         *item;
  GCancellable *reading;
  gboolean      again;
};

typedef enum
{
  SIGNAL_SETTLED,
  N_SIGNALS,
} MwAuditListSignal;

static guint signals[N_SIGNALS];

static GType
get_item_type (GListModel *model)
{
  return MW_TYPE_AUDIT_LINE;
}

static guint
get_n_items (GListModel *model)
{
  return MW_AUDIT_LIST (model)->ids->len;
}

/* Tells the list and the line's key apart from the line, which is gone by then */
typedef struct
{
  GHashTable *live;
  gint64      id;
} Grave;

static void
line_gone (gpointer data,
           GObject *line)
{
  Grave *grave = data;

  if (g_hash_table_lookup (grave->live, &grave->id) == (gpointer) line)
    g_hash_table_remove (grave->live, &grave->id);
  g_hash_table_unref (grave->live);
  g_free (grave);
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  MwAuditList *self = MW_AUDIT_LIST (model);
  MwAuditLine *line;
  Grave       *grave;
  gint64       id;

  if (position >= self->ids->len)
    return NULL;
  id = g_array_index (self->ids, gint64, position);
  line = g_hash_table_lookup (self->live, &id);
  if (line != NULL)
    return g_object_ref (line);
  line = g_object_new (MW_TYPE_AUDIT_LINE, NULL);
  line->id = id;
  line_read (line, mw_store_get_reader (self->store, NULL));
  grave = g_new0 (Grave, 1);
  grave->live = g_hash_table_ref (self->live);
  grave->id = id;
  g_object_weak_ref (G_OBJECT (line), line_gone, grave);
  g_hash_table_insert (self->live, g_memdup2 (&id, sizeof id), line);
  return line;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (MwAuditList, mw_audit_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

typedef struct
{
  MwAuditFilter filter;
  char         *item;
  GArray       *ids;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->item);
  g_array_unref (reading->ids);
  g_free (reading);
}

static gint64
run_read (MwDb    *db,
          gpointer data,
          GError **error)
{
  Reading *reading = data;

  return mw_audit_ids (db, &reading->filter, reading->ids, error) ? 0 : -1;
}

/* New rows come on top; everything else is another filter */
static void
take_ids (MwAuditList *self,
          GArray      *ids)
{
  g_autoptr (GArray) old = g_steal_pointer (&self->ids);
  guint more = ids->len >= old->len ? ids->len - old->len : 0;

  self->ids = g_array_ref (ids);
  if (old->len > 0 && ids->len >= old->len && g_array_index (old, gint64, 0) == g_array_index (ids, gint64, more) &&
      g_array_index (old, gint64, old->len - 1) == g_array_index (ids, gint64, ids->len - 1))
    {
      if (more > 0)
        g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, more);
      return;
    }
  g_list_model_items_changed (G_LIST_MODEL (self), 0, old->len, ids->len);
}

static void
close_open_lines (MwAuditList *self)
{
  MwDb          *db = mw_store_get_reader (self->store, NULL);
  GHashTableIter iter;
  gpointer       line;

  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, NULL, &line))
    {
      if (!MW_AUDIT_LINE (line)->open)
        continue;
      line_read (line, db);
      g_object_notify_by_pspec (line, properties[PROP_DETAIL]);
      g_object_notify_by_pspec (line, properties[PROP_SPOKEN]);
    }
}

static void begin_read (MwAuditList *self);

static void
read_done (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  MwAuditList *self = g_task_get_source_object (task);
  Reading     *reading = g_task_get_task_data (task);
  gint64       code = mw_store_read_finish (MW_STORE (source), result, NULL);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return;
  g_clear_object (&self->reading);
  if (code >= 0)
    {
      take_ids (self, reading->ids);
      close_open_lines (self);
    }
  if (self->again)
    begin_read (self);
  else
    g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
}

static void
begin_read (MwAuditList *self)
{
  Reading *reading = g_new0 (Reading, 1);
  GTask   *task;

  self->again = FALSE;
  self->reading = g_cancellable_new ();
  reading->filter = self->filter;
  reading->item = g_strdup (self->item);
  reading->filter.item = reading->item;
  reading->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  task = g_task_new (self, self->reading, NULL, NULL);
  g_task_set_task_data (task, reading, reading_free);
  mw_store_read_async (self->store, run_read, reading, NULL, self->reading, read_done, task);
}

static void
store_changed (MwStore *store,
               MwChange changes,
               gpointer user_data)
{
  MwAuditList *self = user_data;

  if ((changes & MW_CHANGE_AUDIT) == 0)
    return;
  if (self->reading != NULL)
    self->again = TRUE;
  else
    begin_read (self);
}

static void
mw_audit_list_dispose (GObject *object)
{
  MwAuditList *self = MW_AUDIT_LIST (object);

  if (self->store != NULL && self->watch != 0)
    mw_store_unwatch (self->store, self->watch);
  self->watch = 0;
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (mw_audit_list_parent_class)->dispose (object);
}

static void
mw_audit_list_finalize (GObject *object)
{
  MwAuditList *self = MW_AUDIT_LIST (object);

  g_array_unref (self->ids);
  g_hash_table_unref (self->live);
  g_free (self->item);
  G_OBJECT_CLASS (mw_audit_list_parent_class)->finalize (object);
}

static void
mw_audit_list_class_init (MwAuditListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = mw_audit_list_dispose;
  object_class->finalize = mw_audit_list_finalize;
  signals[SIGNAL_SETTLED] = g_signal_new ("settled", MW_TYPE_AUDIT_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mw_audit_list_init (MwAuditList *self)
{
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->live = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

MwAuditList *
mw_audit_list_new (MwStore *store)
{
  MwAuditList *self = g_object_new (MW_TYPE_AUDIT_LIST, NULL);

  self->store = g_object_ref (store);
  self->watch = mw_store_watch (store, store_changed, self);
  return self;
}

/**
 * mw_audit_list_show:
 * @filter: copied
 *
 * What the list is to have; read off the caller's thread.
 */
void
mw_audit_list_show (MwAuditList         *self,
                    const MwAuditFilter *filter)
{
  g_free (self->item);
  self->item = g_strdup (filter->item);
  self->filter = *filter;
  self->filter.item = self->item;
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  begin_read (self);
}

const MwAuditFilter *
mw_audit_list_get_filter (MwAuditList *self)
{
  return &self->filter;
}

/**
 * mw_audit_list_get_n_live:
 *
 * Returns: how many rows have words at the moment
 */
guint
mw_audit_list_get_n_live (MwAuditList *self)
{
  return g_hash_table_size (self->live);
}
