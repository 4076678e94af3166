/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-record.h"

#include "mw-config.h"
#include "mw-datatypes.h"
#include "mw-person.h"
#include "mw-resource-row.h"
#include "mw-when.h"

#include <glib/gi18n-lib.h>

struct _MwRecord
{
  GObject parent_instance;

  gint64   id;
  char    *reference;
  char    *type;
  char    *title;
  char    *detail;
  char    *fold;
  gint64   happened;
  gboolean selected;
};

G_DEFINE_FINAL_TYPE (MwRecord, mw_record, G_TYPE_OBJECT)

typedef enum
{
  PROP_SELECTED = 1,
} MwRecordProp;

static GParamSpec *properties[PROP_SELECTED + 1];

static void
mw_record_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  switch ((MwRecordProp) prop_id)
    {
    case PROP_SELECTED:
      g_value_set_boolean (value, MW_RECORD (object)->selected);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mw_record_set_property (GObject      *object,
                        guint         prop_id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  MwRecord *self = MW_RECORD (object);

  switch ((MwRecordProp) prop_id)
    {
    case PROP_SELECTED:
      if (self->selected == g_value_get_boolean (value))
        break;
      self->selected = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mw_record_finalize (GObject *object)
{
  MwRecord *self = MW_RECORD (object);

  g_free (self->reference);
  g_free (self->type);
  g_free (self->title);
  g_free (self->detail);
  g_free (self->fold);
  G_OBJECT_CLASS (mw_record_parent_class)->finalize (object);
}

static void
mw_record_class_init (MwRecordClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mw_record_get_property;
  object_class->set_property = mw_record_set_property;
  object_class->finalize = mw_record_finalize;
  properties[PROP_SELECTED] = g_param_spec_boolean ("selected", NULL, NULL, FALSE,
                                                    G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
mw_record_init (MwRecord *self)
{
}

static MwRecord *
new_record (const MwResourceRow *row,
            GDateTime           *now)
{
  MwRecord *self = g_object_new (MW_TYPE_RECORD, NULL);
  g_autoptr (GDateTime) time = row->happened != 0 ? g_date_time_new_from_unix_local (row->happened / G_USEC_PER_SEC) : NULL;
  g_autofree char *all = NULL;

  self->id = row->id;
  self->happened = row->happened;
  self->reference = g_strdup (row->reference);
  self->type = g_strdup (row->type);
  self->title = row->title != NULL && row->title[0] != '\0' ? g_strdup (row->title) : mw_resource_type_text (row->type);
  self->detail = time != NULL ? mw_when_text (time, now, FALSE) : g_strdup (_ ("No date"));
  all = g_strconcat (self->title, " ", self->detail, NULL);
  self->fold = mw_people_fold (all);
  return self;
}

/**
 * mw_record_new_heading:
 *
 * Returns: (transfer full): the heading over resources of @type
 */
MwRecord *
mw_record_new_heading (const char *type)
{
  MwRecord *self = g_object_new (MW_TYPE_RECORD, NULL);

  self->type = g_strdup (type);
  self->title = mw_resource_type_text (type);
  return self;
}

gboolean
mw_record_is_heading (MwRecord *self)
{
  return self->reference == NULL;
}

gint64
mw_record_get_id (MwRecord *self)
{
  return self->id;
}

const char *
mw_record_get_reference (MwRecord *self)
{
  return self->reference;
}

const char *
mw_record_get_resource_type (MwRecord *self)
{
  return self->type;
}

const char *
mw_record_get_title (MwRecord *self)
{
  return self->title;
}

/**
 * mw_record_get_detail:
 *
 * Returns: the date on which it happened, in words
 */
const char *
mw_record_get_detail (MwRecord *self)
{
  return self->detail;
}

/**
 * mw_record_get_fold:
 *
 * Returns: its words as mw_people_fold() gives them, for the search
 */
const char *
mw_record_get_fold (MwRecord *self)
{
  return self->fold;
}

/* The order in which a clinician reads a record; what is not named comes after, by its name */
static guint
type_rank (const char *type)
{
  static const char *const order[] = {
    "Flag", "AllergyIntolerance", "Condition", "MedicationRequest", "MedicationStatement", "MedicationAdministration",
    "MedicationDispense", "Encounter", "Procedure", "Immunization", "DiagnosticReport", "Observation", "ImagingStudy",
    "DocumentReference", "Composition", "CarePlan", "CareTeam", "Goal", "ServiceRequest", "Coverage"
  };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (g_strcmp0 (order[i], type) == 0)
      return i;
  return G_N_ELEMENTS (order);
}

static int
compare_records (gconstpointer a,
                 gconstpointer b)
{
  const MwRecord *one = *(const MwRecord **) a;
  const MwRecord *two = *(const MwRecord **) b;
  guint           rank_one = type_rank (one->type);
  guint           rank_two = type_rank (two->type);

  if (rank_one != rank_two)
    return rank_one < rank_two ? -1 : 1;
  if (g_strcmp0 (one->type, two->type) != 0)
    return g_strcmp0 (one->type, two->type);
  if (one->happened != two->happened)
    return one->happened > two->happened ? -1 : 1;
  return one->id > two->id ? -1 : one->id < two->id;
}

typedef struct
{
  gint64     patient;
  GPtrArray *records;
} Job;

static void
clear_job (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->records, g_ptr_array_unref);
}

static void
unref_job (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_job);
}

/**
 * mw_records_read:
 * @patient: people row
 *
 * Returns: (transfer full) (element-type MwRecord): as mw_records_load_finish() does; NULL with an error
 */
GPtrArray *
mw_records_read (MwDb    *db,
                 gint64   patient,
                 GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  GPtrArray *records;

  if (!mw_resources_of_patient (db, patient, ids, error))
    return NULL;
  records = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (MwResourceRow) row = mw_resources_load (db, g_array_index (ids, gint64, i));

      /* the patient's own resource goes along with everything anyhow */
      if (row != NULL && g_strcmp0 (row->type, "Patient") != 0)
        g_ptr_array_add (records, new_record (row, now));
    }
  g_ptr_array_sort (records, compare_records);
  return records;
}

static gint64
run (MwDb    *db,
     gpointer input,
     GError **error)
{
  Job       *job = input;
  GPtrArray *records = mw_records_read (db, job->patient, error);

  if (records == NULL)
    return -1;
  job->records = records;
  return records->len;
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Job    *job = g_task_get_task_data (task);
  GError *error = NULL;

  mw_store_read_finish (MW_STORE (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_ptr_array_ref (job->records), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * mw_records_load_async:
 * @patient: people row
 */
void
mw_records_load_async (MwStore            *store,
                       gint64              patient,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  Job   *job = g_atomic_rc_box_new0 (Job);

  job->patient = patient;
  g_task_set_source_tag (task, (gpointer) (guintptr) mw_records_load_async);
  g_task_set_task_data (task, g_atomic_rc_box_acquire (job), unref_job);
  mw_store_read_async (store, run, job, unref_job, cancellable, done_cb, task);
}

/**
 * mw_records_load_finish:
 *
 * Returns: (transfer full) (element-type MwRecord): the record without headings, by type in clinical
 *   order, newest first
 */
GPtrArray *
mw_records_load_finish (MwStore      *store,
                        GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
