/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-patient-chart.h"

#include "mw-connections.h"
#include "mw-entry.h"
#include "mw-item.h"
#include "mw-record.h"
#include "mw-resource-row.h"

/* The newest observations that are read for the trends */
#define MAX_OBSERVATIONS 600
#define MAX_THREADS 30

static void
free_thread (gpointer data)
{
  MwChartThread *thread = data;

  g_free (thread->kind);
  g_free (thread->subject);
  g_free (thread->party);
  g_free (thread);
}

static void
unref_group (gpointer data)
{
  g_ptr_array_unref (data);
}

static void
unref_node (gpointer data)
{
  json_node_unref (data);
}

void
mw_chart_free (MwChart *self)
{
  if (self == NULL)
    return;
  mw_person_free (self->person);
  g_free (self->base);
  g_clear_pointer (&self->types, g_ptr_array_unref);
  g_clear_pointer (&self->threads, g_ptr_array_unref);
  g_clear_pointer (&self->trends, g_ptr_array_unref);
  g_free (self);
}

static void
group_records (MwChart   *chart,
               GPtrArray *records)
{
  GPtrArray  *group = NULL;
  const char *type = NULL;

  for (guint i = 0; i < records->len; i++)
    {
      MwRecord *record = g_ptr_array_index (records, i);

      if (group == NULL || g_strcmp0 (type, mw_record_get_resource_type (record)) != 0)
        {
          type = mw_record_get_resource_type (record);
          group = g_ptr_array_new_with_free_func (g_object_unref);
          g_ptr_array_add (chart->types, group);
        }
      g_ptr_array_add (group, g_object_ref (record));
    }
}

static void
read_trends (MwDb      *db,
             MwChart   *chart,
             GPtrArray *records)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new_with_free_func (unref_node);

  for (guint i = 0; i < records->len && nodes->len < MAX_OBSERVATIONS; i++)
    {
      MwRecord *record = g_ptr_array_index (records, i);
      g_autoptr (MwResourceRow) row = NULL;
      JsonNode *node;

      if (g_strcmp0 (mw_record_get_resource_type (record), "Observation") != 0)
        continue;
      row = mw_resources_load (db, mw_record_get_id (record));
      if (row == NULL || row->raw == NULL)
        continue;
      node = mw_json_parse (g_bytes_get_data (row->raw, NULL), (gssize) g_bytes_get_size (row->raw), NULL);
      if (node != NULL)
        g_ptr_array_add (nodes, node);
    }
  chart->trends = mw_trends_from_observations (nodes);
}

static void
add_entry (MwDb    *db,
           MwChart *chart,
           gint64   id)
{
  g_autoptr (MwEntry) entry = mw_entries_load (db, id, NULL);
  MwChartThread *thread;

  if (entry == NULL)
    return;
  thread = g_new0 (MwChartThread, 1);
  thread->id = id;
  thread->kind = g_strdup (entry->kind);
  thread->subject = g_strdup (entry->subject);
  thread->party = g_strdup (entry->sender);
  thread->at = entry->received;
  thread->unread = entry->unread;
  g_ptr_array_add (chart->threads, thread);
}

static void
add_item (MwDb    *db,
          MwChart *chart,
          gint64   id)
{
  g_autoptr (MwItem) item = mw_items_load (db, id, NULL);
  MwChartThread *thread;

  if (item == NULL)
    return;
  thread = g_new0 (MwChartThread, 1);
  thread->id = id;
  thread->is_item = TRUE;
  thread->kind = g_strdup (item->kind);
  thread->subject = g_strdup (item->subject);
  thread->party = g_strdup (item->recipient);
  thread->at = item->changed;
  g_ptr_array_add (chart->threads, thread);
}

static int
compare_threads (gconstpointer a,
                 gconstpointer b)
{
  const MwChartThread *one = *(const MwChartThread **) a;
  const MwChartThread *two = *(const MwChartThread **) b;

  return one->at == two->at ? 0 : one->at > two->at ? -1
                                                    : 1;
}

static gboolean
read_threads (MwDb    *db,
              MwChart *chart,
              gint64   patient,
              GError **error)
{
  MwEntryFilter filter = { .patient = patient, .now = g_get_real_time (), .limit = MAX_THREADS };
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!mw_entries_ids (db, &filter, entries, error))
    return FALSE;
  filter.archived = TRUE;
  if (!mw_entries_ids (db, &filter, entries, error) || !mw_items_of_patient (db, patient, items, error))
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    add_entry (db, chart, g_array_index (entries, gint64, i));
  for (guint i = 0; i < MIN (items->len, MAX_THREADS); i++)
    add_item (db, chart, g_array_index (items, gint64, i));
  g_ptr_array_sort (chart->threads, compare_threads);
  if (chart->threads->len > MAX_THREADS)
    g_ptr_array_set_size (chart->threads, MAX_THREADS);
  return TRUE;
}

typedef struct
{
  gint64   patient;
  MwChart *chart;
} Job;

static void
clear_job (gpointer data)
{
  mw_chart_free (((Job *) data)->chart);
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
  Job     *job = input;
  MwChart *chart = job->chart;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (MwConnection) connection = NULL;

  chart->person = mw_people_load (db, job->patient);
  if (chart->person == NULL)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND, "No such patient");
      return -1;
    }
  connection = mw_connections_load (db, chart->person->connection, NULL);
  chart->base = connection != NULL ? g_strdup (connection->url) : NULL;
  records = mw_records_read (db, job->patient, error);
  if (records == NULL)
    return -1;
  group_records (chart, records);
  read_trends (db, chart, records);
  return read_threads (db, chart, job->patient, error) ? 1 : -1;
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
    g_task_return_pointer (task, g_steal_pointer (&job->chart), (GDestroyNotify) mw_chart_free);
}

/**
 * mw_chart_load_async:
 * @patient: people row
 *
 * Reads the patient's record and threads, off the GTK thread.
 */
void
mw_chart_load_async (MwStore            *store,
                     gint64              patient,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  Job   *job = g_atomic_rc_box_new0 (Job);

  job->patient = patient;
  job->chart = g_new0 (MwChart, 1);
  job->chart->types = g_ptr_array_new_with_free_func (unref_group);
  job->chart->threads = g_ptr_array_new_with_free_func (free_thread);
  g_task_set_source_tag (task, (gpointer) (guintptr) mw_chart_load_async);
  g_task_set_task_data (task, g_atomic_rc_box_acquire (job), unref_job);
  mw_store_read_async (store, run, job, unref_job, cancellable, done_cb, task);
}

/**
 * mw_chart_load_finish:
 *
 * Returns: (transfer full): the chart, or NULL
 */
MwChart *
mw_chart_load_finish (MwStore      *store,
                      GAsyncResult *result,
                      GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
