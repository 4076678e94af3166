/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-patient-list.h"

/* More than any practice has; 8 bytes each */
#define MAX_PATIENTS 1000000

struct _MwPatientRow
{
  GObject parent_instance;

  MwPerson *person;
};

G_DEFINE_FINAL_TYPE (MwPatientRow, mw_patient_row, G_TYPE_OBJECT)

static void
mw_patient_row_finalize (GObject *object)
{
  mw_person_free (MW_PATIENT_ROW (object)->person);
  G_OBJECT_CLASS (mw_patient_row_parent_class)->finalize (object);
}

static void
mw_patient_row_class_init (MwPatientRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mw_patient_row_finalize;
}

static void
mw_patient_row_init (MwPatientRow *self)
{
}

/**
 * mw_patient_row_get_person:
 *
 * Returns: (transfer none) (nullable): NULL when the row is gone from the store
 */
const MwPerson *
mw_patient_row_get_person (MwPatientRow *self)
{
  return self->person;
}

struct _MwPatientList
{
  GObject parent_instance;

  MwStore      *store;
  GArray       *ids;
  char         *words;
  GCancellable *cancellable;
  guint         watch;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MwPatientList, mw_patient_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return MW_TYPE_PATIENT_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return MW_PATIENT_LIST (model)->ids->len;
}

/* One short read by primary key, for a row that comes into sight */
static gpointer
get_item (GListModel *model,
          guint       position)
{
  MwPatientList *self = MW_PATIENT_LIST (model);
  MwDb          *db = self->store != NULL ? mw_store_get_reader (self->store, NULL) : NULL;
  MwPatientRow  *row;

  if (position >= self->ids->len)
    return NULL;
  row = g_object_new (MW_TYPE_PATIENT_ROW, NULL);
  if (db != NULL)
    row->person = mw_people_load (db, g_array_index (self->ids, gint64, position));
  return row;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

typedef struct
{
  char   *words;
  GArray *ids;
} Job;

static void
clear_job (gpointer data)
{
  Job *job = data;

  g_free (job->words);
  g_array_unref (job->ids);
}

static void
unref_job (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_job);
}

static gint64
run (MwDb    *db,
     gpointer input,
     GError **error)
{
  static const char *const types[] = { "Patient", NULL };
  Job                     *job = input;

  return mw_people_search (db, job->words, types, MAX_PATIENTS, job->ids, error) ? (gint64) job->ids->len : -1;
}

/* The smallest change that makes the old list the new one, when rows came or went in one place */
static void
take_ids (MwPatientList *self,
          GArray        *ids)
{
  g_autoptr (GArray) old = g_steal_pointer (&self->ids);
  guint begin = 0, end = 0;
  guint shorter = MIN (old->len, ids->len);

  self->ids = g_array_ref (ids);
  while (begin < shorter && g_array_index (old, gint64, begin) == g_array_index (ids, gint64, begin))
    begin++;
  while (end < shorter - begin && g_array_index (old, gint64, old->len - 1 - end) == g_array_index (ids, gint64, ids->len - 1 - end))
    end++;
  if (old->len - begin - end > 0 || ids->len - begin - end > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), begin, old->len - begin - end, ids->len - begin - end);
}

typedef struct
{
  MwPatientList *list;
  Job           *job;
} Pending;

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Pending *pending = user_data;
  g_autoptr (MwPatientList) self = pending->list;
  g_autoptr (GError) error = NULL;

  mw_store_read_finish (MW_STORE (source), result, &error);
  if (error == NULL && self->store != NULL)
    take_ids (self, pending->job->ids);
  unref_job (pending->job);
  g_free (pending);
}

static void
refresh (MwPatientList *self)
{
  Job     *job = g_atomic_rc_box_new0 (Job);
  Pending *pending = g_new0 (Pending, 1);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  job->words = g_strdup (self->words);
  job->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  pending->list = g_object_ref (self);
  pending->job = g_atomic_rc_box_acquire (job);
  mw_store_read_async (self->store, run, job, unref_job, self->cancellable, done_cb, pending);
}

static void
watch_cb (MwStore *store,
          MwChange changes,
          gpointer user_data)
{
  if (changes & MW_CHANGE_PEOPLE)
    refresh (user_data);
}

static void
mw_patient_list_dispose (GObject *object)
{
  MwPatientList *self = MW_PATIENT_LIST (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->watch != 0)
    mw_store_unwatch (self->store, self->watch);
  self->watch = 0;
  g_clear_object (&self->store);
  G_OBJECT_CLASS (mw_patient_list_parent_class)->dispose (object);
}

static void
mw_patient_list_finalize (GObject *object)
{
  MwPatientList *self = MW_PATIENT_LIST (object);

  g_array_unref (self->ids);
  g_free (self->words);
  G_OBJECT_CLASS (mw_patient_list_parent_class)->finalize (object);
}

static void
mw_patient_list_class_init (MwPatientListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mw_patient_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_patient_list_finalize;
}

static void
mw_patient_list_init (MwPatientList *self)
{
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
}

MwPatientList *
mw_patient_list_new (MwStore *store)
{
  MwPatientList *self = g_object_new (MW_TYPE_PATIENT_LIST, NULL);

  self->store = g_object_ref (store);
  self->watch = mw_store_watch (store, watch_cb, self);
  refresh (self);
  return self;
}

/**
 * mw_patient_list_search:
 * @words: (nullable): beginnings of words of name, identifiers or birth date
 */
void
mw_patient_list_search (MwPatientList *self,
                        const char    *words)
{
  g_free (self->words);
  self->words = g_strdup (words);
  refresh (self);
}

/**
 * mw_patient_list_get_id:
 *
 * Returns: the people row at @position, or 0
 */
gint64
mw_patient_list_get_id (MwPatientList *self,
                        guint          position)
{
  return position < self->ids->len ? g_array_index (self->ids, gint64, position) : 0;
}

gboolean
mw_patient_list_find (MwPatientList *self,
                      gint64         id,
                      guint         *position)
{
  for (guint i = 0; i < self->ids->len; i++)
    if (g_array_index (self->ids, gint64, i) == id)
      {
        *position = i;
        return TRUE;
      }
  return FALSE;
}
