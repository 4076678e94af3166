/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-batch-private.h"

#include "mw-entry.h"
#include "mw-fhir-date.h"
#include "mw-other-patient.h"
#include "mw-reference.h"
#include "mw-resource-row.h"
#include "mw-settle.h"
#include "mw-threads.h"

/* The row of the patient it is about: by place; else by the one link that leads there; else by identifier when exactly one patient of the home
 * connection has it, since a patient is never guessed; else as one who came with the message */
static gint64
resolve_patient (MwDb           *db,
                 MwBatch        *self,
                 MwBatchArrival *arrival,
                 GError        **error)
{
  MwMeaning  *meaning = arrival->meaning;
  const char *reference = meaning != NULL && meaning->patient != NULL ? meaning->patient : arrival->patient;
  gint64      id = 0;

  if (reference != NULL)
    id = mw_db_get_int (db, 0, "SELECT id FROM people WHERE reference = ?1 AND type = 'Patient'", "s", reference);
  if (reference != NULL && id == 0)
    id = mw_db_get_int (db, 0,
                        "SELECT min(p.id) FROM patient_links AS l JOIN people AS p ON p.reference = l.patient WHERE l.reference = ?1 AND l.revoked = 0 "
                        "HAVING count(*) = 1",
                        "s", reference);
  if (id == 0 && meaning != NULL && meaning->patient_resource != NULL)
    {
      g_autofree char *place = g_strdup_printf ("%s#patient", arrival->reference);
      g_autoptr (MwPerson) person = mw_person_from_resource (meaning->patient_resource, place, self->connection->url, self->connection->id);

      id = mw_people_find_by_tokens (db, "Patient", person->tokens);
      if (id == 0)
        {
          /* not one of the home connection's: kept for the banner, not offered for writing about */
          person->active = FALSE;
          id = mw_people_put (db, person, error);
        }
    }
  return id;
}

/* Returns: the entry's id, or -1 */
static gint64
write_entry (MwDb           *db,
             MwBatch        *self,
             MwBatchArrival *arrival,
             gint64          resource,
             gint64          thread,
             gint64          patient,
             const char     *warning,
             GError        **error)
{
  MwMeaning *meaning = arrival->meaning;
  gint64     updated = mw_fhir_date_to_unix (mw_json_string (arrival->resource, "meta.lastUpdated"), self->now);
  MwEntry    entry = { 0 };
  gboolean   is_new;
  gint64     id;

  entry.thread = thread;
  entry.connection = self->connection->id;
  entry.resource = resource;
  entry.identity = meaning->identity;
  entry.kind = meaning->kind;
  entry.state = meaning->state;
  entry.priority = (MwPriority) meaning->priority;
  entry.subject = meaning->subject;
  entry.sender = meaning->sender;
  entry.sender_ref = meaning->sender_ref;
  entry.preview = meaning->preview;
  entry.patient = patient;
  entry.patient_name = meaning->patient_name;
  entry.sent = meaning->sent != 0 ? meaning->sent : updated;
  entry.received = MIN (updated, self->now);
  entry.changed = self->now;
  entry.unread = TRUE;
  entry.warning = (char *) warning;
  id = mw_entries_put (db, &entry, meaning->body, &is_new, error);
  if (id >= 0 && is_new)
    self->n_new++;
  return id;
}

/* An order and the Task that asks for it are one referral, and the Task is the one to act on */
static gboolean
is_order_of_task (MwDb           *db,
                  MwBatchArrival *arrival,
                  gint64          thread)
{
  return mw_resource_is (arrival->resource, "ServiceRequest") &&
         mw_db_get_int (db, 0,
                        "SELECT count(*) FROM entries AS e JOIN resources AS r ON r.id = e.resource WHERE e.thread = ?1 AND e.kind = ?2 AND r.type = 'Task'",
                        "is", thread, arrival->meaning->kind) > 0;
}

/* The order may have come first: its entry becomes the Task's */
static gboolean
take_over_order (MwDb           *db,
                 MwBatchArrival *arrival,
                 gint64          thread,
                 GError        **error)
{
  if (!mw_resource_is (arrival->resource, "Task") || mw_db_get_int (db, 0, "SELECT count(*) FROM entries WHERE identity = ?1", "s", arrival->meaning->identity) > 0)
    return TRUE;
  return mw_db_run (db, error,
                    "UPDATE entries SET identity = ?2 WHERE id = (SELECT e.id FROM entries AS e JOIN resources AS r ON r.id = e.resource "
                    "WHERE e.thread = ?1 AND e.kind = ?3 AND r.type = 'ServiceRequest' LIMIT 1)",
                    "iss", thread, arrival->meaning->identity, arrival->meaning->kind);
}

/* What is to be shown loudly with it: one that the workflow has is not lost behind the others */
static char *
warning_of (MwBatchArrival *arrival,
            GPtrArray      *others)
{
  GString *text = g_string_new (arrival->meaning->warning);

  for (guint i = 0; i < others->len; i++)
    {
      g_autofree char *said = mw_other_patient_warning (g_ptr_array_index (others, i));

      if (text->len > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, said);
    }
  return g_string_free (text, FALSE);
}

/* It, or what it brought, is about another patient than what it belongs to: it is shown, whatever it is, and a person
 * decides. It answers once all is decided, and all belongs */
static gboolean
write_other (MwDb           *db,
             MwBatch        *self,
             MwBatchArrival *arrival,
             gint64          resource,
             gint64          thread,
             gint64          patient,
             GPtrArray      *others,
             GError        **error)
{
  MwArrival        context = mw_batch_context_of (self, arrival);
  g_autofree char *warning = warning_of (arrival, others);
  g_autoptr (GArray) are_new = g_array_new (FALSE, FALSE, sizeof (gboolean));
  gboolean belong = TRUE;
  gint64   entry;

  for (guint i = 0; i < others->len; i++)
    {
      MwPatientCheck *other = g_ptr_array_index (others, i);
      gboolean        is_new = other->id == 0;

      belong = belong && g_strcmp0 (other->decision, MW_CHECK_BELONGS) == 0;
      g_array_append_val (are_new, is_new);
    }
  if (!mw_resources_file (db, resource, thread, 0, error))
    return FALSE;
  entry = write_entry (db, self, arrival, resource, thread, 0, warning, error);
  if (entry < 0 || !mw_other_patient_raise (db, others, resource, patient, entry, self->now, error))
    return FALSE;
  context.lookup = NULL;
  for (guint i = 0; i < others->len; i++)
    if (g_array_index (are_new, gboolean, i) &&
        !mw_settle_thread (db, thread, &context, ((MwPatientCheck *) g_ptr_array_index (others, i))->who, self->now, error))
      return FALSE;
  return !belong || mw_settle_thread (db, thread, &context, NULL, self->now, error);
}

static gboolean
write_meaning (MwDb           *db,
               MwBatch        *self,
               MwBatchArrival *arrival,
               gint64          resource,
               gint64          patient,
               GError        **error)
{
  g_auto (GStrv) keys = mw_batch_take_list (arrival->meaning->keys);
  g_autoptr (GPtrArray) others = NULL;
  MwArrival context = mw_batch_context_of (self, arrival);
  gboolean  begins;
  gint64    thread;

  begins = mw_threads_find (db, keys) == 0;
  thread = mw_threads_ensure (db, keys, arrival->meaning->subject, patient, self->now, error);
  if (thread < 0)
    return FALSE;
  others = begins ? NULL : mw_other_patient_find (db, self, arrival, resource, thread, patient);
  if (others != NULL && others->len > 0)
    return write_other (db, self, arrival, resource, thread, patient, others, error);
  if (!mw_patient_checks_drop_open (db, resource, NULL, error) || !mw_resources_file (db, resource, thread, patient, error))
    return FALSE;
  if (arrival->meaning->entry && !is_order_of_task (db, arrival, thread) &&
      (!take_over_order (db, arrival, thread, error) ||
       write_entry (db, self, arrival, resource, thread, patient, arrival->meaning->warning, error) < 0))
    return FALSE;
  /* what is stored is not asked here: the lookup belongs to the engine's thread */
  context.lookup = NULL;
  return mw_settle_thread (db, thread, &context, NULL, self->now, error);
}

static gboolean
write_one (MwDb           *db,
           MwBatch        *self,
           MwBatchArrival *arrival,
           GError        **error)
{
  MwResourceRow row = { 0 };
  gboolean      changed;
  gint64        id, patient;

  if (arrival->resource == NULL)
    return mw_quarantine_put (db, self->connection->id, arrival->origin, arrival->reason, arrival->raw, self->now, error) >= 0;
  if (arrival->person != NULL && mw_people_put (db, arrival->person, error) < 0)
    return FALSE;
  if (arrival->reach != NULL && !mw_endpoint_reading_write (db, arrival->reach, arrival->reference, error))
    return FALSE;
  patient = mw_resource_is (arrival->resource, "Patient")
                ? mw_db_get_int (db, 0, "SELECT id FROM people WHERE reference = ?1", "s", arrival->reference)
                : resolve_patient (db, self, arrival, error);
  if (patient < 0)
    return FALSE;
  row.connection = self->connection->id;
  row.type = (char *) mw_resource_type (arrival->resource);
  row.fhir_id = (char *) mw_resource_id (arrival->resource);
  row.reference = arrival->reference;
  row.version = (char *) mw_json_string (arrival->resource, "meta.versionId");
  row.last_updated = (char *) mw_json_string (arrival->resource, "meta.lastUpdated");
  row.patient = patient;
  row.title = arrival->title;
  row.happened = arrival->happened;
  row.received = self->now;
  row.raw = arrival->raw;
  id = mw_resources_put (db, &row, &changed, error);
  if (id < 0)
    return FALSE;
  /* the same version again: everything that follows from it is here already */
  if (!changed || arrival->meaning == NULL)
    return TRUE;
  return write_meaning (db, self, arrival, id, patient, error);
}

/* What a check is about stays out of the records with it, and then where it was put; what has a thread of its own is
 * filed there */
static gboolean
file_document (MwDb           *db,
               MwBatch        *self,
               MwBatchArrival *arrival,
               gint64          resource,
               gint64          thread,
               const char     *absolute,
               GError        **error)
{
  gint64 id = mw_db_get_int (db, 0, "SELECT id FROM resources WHERE reference = ?1 AND thread = ?2", "si", absolute, thread);
  g_autoptr (MwPatientCheck) check = id > 0 ? mw_other_patient_of_document (db, self, arrival, resource, absolute) : NULL;

  if (check == NULL)
    return TRUE;
  return check->decision == NULL ? mw_patient_checks_hold (db, check->id, id, error)
                                 : mw_patient_checks_file (db, id, mw_patient_check_filed (check), error);
}

/* What belongs to it, such as the note that answers a question, is read in the same thread. People and what has a
 * thread of its own stay where they are */
static gboolean
file_along (MwDb           *db,
            MwBatch        *self,
            MwBatchArrival *arrival,
            GError        **error)
{
  g_auto (GStrv) fetch = NULL;
  gint64 thread, id;

  if (arrival->meaning == NULL)
    return TRUE;
  fetch = mw_batch_take_list (arrival->meaning->fetch);
  if (fetch[0] == NULL)
    return TRUE;
  thread = mw_db_get_int (db, 0, "SELECT thread FROM resources WHERE reference = ?1", "s", arrival->reference);
  id = mw_db_get_int (db, 0, "SELECT id FROM resources WHERE reference = ?1", "s", arrival->reference);
  for (guint i = 0; thread > 0 && fetch[i] != NULL; i++)
    {
      g_autoptr (MwReference) reference = mw_reference_new_for_literal (fetch[i]);
      g_autofree char *absolute = mw_reference_absolute (reference, self->connection->url);

      if (absolute == NULL)
        continue;
      if (!mw_db_run (db, error,
                      "UPDATE resources SET thread = ?2 WHERE reference = ?1 AND thread IS NULL AND reference NOT IN (SELECT reference FROM people)",
                      "si", absolute, thread) ||
          !file_document (db, self, arrival, id, thread, absolute, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * mw_batch_write:
 * @batch: a MwBatch, recognised
 *
 * A MwStoreFunc: writes everything, and the watermark with it (G5).
 *
 * Returns: how many new entries there are, or -1
 */
gint64
mw_batch_write (MwDb    *db,
                gpointer batch,
                GError **error)
{
  MwBatch *self = batch;

  self->n_new = 0;
  /* removed while this was under way: nothing is received from there any more, and no mark says so */
  if (mw_db_get_int (db, 0, "SELECT removed FROM connections WHERE id = ?1", "i", self->connection->id) != 0)
    return 0;
  /* people first, so that what is about them finds them whatever the order of the page; orders last, behind their Tasks */
  for (guint pass = 0; pass < 3; pass++)
    for (guint i = 0; i < self->arrivals->len; i++)
      {
        MwBatchArrival *arrival = g_ptr_array_index (self->arrivals, i);
        guint           turn = arrival->person != NULL ? 0 : mw_resource_is (arrival->resource, "ServiceRequest") ? 2
                                                                                                                  : 1;

        if (turn != pass)
          continue;
        if (!write_one (db, self, arrival, error))
          return -1;
      }
  for (guint i = 0; i < self->arrivals->len; i++)
    if (!file_along (db, self, g_ptr_array_index (self->arrivals, i), error))
      return -1;
  if (self->watermark != NULL && !mw_watermarks_store (db, self->watermark, error))
    return -1;
  return self->n_new;
}
