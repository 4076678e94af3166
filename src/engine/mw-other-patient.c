/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-other-patient.h"

#include "mw-comparison.h"
#include "mw-item.h"
#include "mw-reference.h"
#include "mw-resource-row.h"
#include "mw-same-patient.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_IDENTIFIERS 200
#define MAX_DOCUMENTS 100

/* One side of the comparison */
typedef struct
{
  char     *reference; /* (nullable): absolute */
  JsonNode *patient;   /* (nullable): what is known of them */
  char     *name;      /* (nullable): what the resource calls them */
  gboolean  document;  /* it is a document that came along which says so */
} Subject;

static void
subject_clear (Subject *self)
{
  g_free (self->reference);
  g_clear_pointer (&self->patient, json_node_unref);
  g_free (self->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Subject, subject_clear)

/* ---- who they are ------------------------------------------------------ */

static JsonNode *
stored (MwDb       *db,
        const char *reference)
{
  g_autoptr (MwResourceRow) row = mw_resources_by_reference (db, reference);

  return row != NULL ? mw_json_parse (g_bytes_get_data (row->raw, NULL), (gssize) g_bytes_get_size (row->raw), NULL) : NULL;
}

/* What the directory knows of somebody whose resource is not kept: who came with a message, or is known here only */
static JsonNode *
from_row (const MwPerson *person)
{
  JsonNode *patient = mw_json_object_new ();
  g_auto (GStrv) tokens = g_strsplit (person->tokens != NULL ? person->tokens : "", "\n", -1);

  mw_json_set (patient, "resourceType", "Patient");
  mw_json_set (patient, "name[0].text", person->name);
  mw_json_set (patient, "birthDate", person->birth_date);
  mw_json_set (patient, "gender", person->gender);
  for (guint i = 0; i < MAX_IDENTIFIERS && tokens[i] != NULL; i++)
    {
      const char      *bar = strchr (tokens[i], '|');
      JsonNode        *identifier;
      g_autofree char *system = NULL;

      if (bar == NULL || bar[1] == '\0')
        continue;
      system = g_strndup (tokens[i], (gsize) (bar - tokens[i]));
      identifier = mw_json_object_new ();
      if (*system != '\0')
        mw_json_set (identifier, "system", system);
      mw_json_set (identifier, "value", bar + 1);
      mw_json_take (patient, "identifier[+]", identifier);
    }
  return patient;
}

/* Whom the request is about: of a thread that began here, the first item's patient, since the draft may have been about
 * somebody else when the thread was made */
static MwPerson *
expected_of (MwDb  *db,
             gint64 thread)
{
  gint64 id = mw_db_get_int (db, 0,
                             "SELECT coalesce((SELECT patient FROM (SELECT patient, entry FROM items WHERE thread = ?1 AND state NOT IN (?2, ?3) "
                             "ORDER BY id LIMIT 1) WHERE entry IS NULL), (SELECT patient FROM threads WHERE id = ?1))",
                             "iii", thread, (gint64) MW_ITEM_DRAFT, (gint64) MW_ITEM_WITHDRAWN);

  return id > 0 ? mw_people_load (db, id) : NULL;
}

/* The Reference by which a resource says whom it is about, where it does so without a place: by identifier */
static JsonNode *
logical_patient (JsonNode *resource)
{
  static const char *const paths[] = { "for", "subject", "patient" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      JsonNode   *reference = mw_json_get (resource, paths[i]);
      const char *type = mw_json_string (reference, "type");
      JsonNode   *patient;

      if (!mw_json_has (reference, "identifier.value") || (type != NULL && !g_str_equal (type, "Patient")))
        continue;
      patient = mw_json_object_new ();
      mw_json_set (patient, "resourceType", "Patient");
      mw_json_take (patient, "identifier[+]", mw_json_copy (mw_json_get (reference, "identifier")));
      return patient;
    }
  return NULL;
}

static JsonNode *
known_of (MwDb       *db,
          MwBatch    *batch,
          const char *reference)
{
  MwBatchArrival *arrival = g_hash_table_lookup (batch->by_reference, reference);
  g_autoptr (MwPerson) person = NULL;
  JsonNode *patient;

  if (arrival != NULL && mw_resource_is (arrival->resource, "Patient"))
    return json_node_ref (arrival->resource);
  patient = stored (db, reference);
  if (mw_resource_is (patient, "Patient"))
    return patient;
  g_clear_pointer (&patient, json_node_unref);
  person = mw_people_by_reference (db, reference);
  return person != NULL ? from_row (person) : NULL;
}

static void
subject_of_arrival (MwDb           *db,
                    MwBatch        *batch,
                    MwBatchArrival *arrival,
                    gint64          patient,
                    Subject        *subject)
{
  const MwMeaning *meaning = arrival->meaning;
  g_autoptr (MwPerson) person = patient > 0 ? mw_people_load (db, patient) : NULL;

  subject->reference = g_strdup (meaning->patient != NULL ? meaning->patient : arrival->patient);
  /* one who came with a message has a place in the directory all the same */
  if (subject->reference == NULL && person != NULL && g_str_has_suffix (person->reference, "#patient"))
    subject->reference = g_strdup (person->reference);
  subject->name = g_strdup (meaning->patient_name);
  if (meaning->patient_resource != NULL)
    subject->patient = json_node_ref (meaning->patient_resource);
  else if (subject->reference != NULL)
    subject->patient = known_of (db, batch, subject->reference);
  if (subject->patient == NULL)
    subject->patient = logical_patient (arrival->resource);
}

/* ---- what there is to decide --------------------------------------------- */

static char *
words_for (MwDb          *db,
           gint64         thread,
           const Subject *subject,
           const char    *who,
           const char    *whom)
{
  gboolean ours = mw_db_get_int (db, 0, "SELECT count(*) FROM items WHERE thread = ?1 AND state NOT IN (?2, ?3)", "iii", thread, (gint64) MW_ITEM_DRAFT,
                                 (gint64) MW_ITEM_WITHDRAWN) > 0;

  if (g_str_equal (who, whom))
    /* Translators: %s is a patient's name and birth date */
    return g_strdup_printf (_ ("This is about another record of the name %s than the request: no number of both agrees. Check before you use it."), who);
  if (subject->document)
    /* Translators: two patients, each with the birth date */
    return g_strdup_printf (_ ("A document that came with this is about %s; the request was about %s. Check before you use it."), who, whom);
  if (ours)
    /* Translators: two patients, each with the birth date */
    return g_strdup_printf (_ ("This answer is about %s; the request was about %s. Check before you use it."), who, whom);
  /* Translators: two patients, each with the birth date */
  return g_strdup_printf (_ ("This is about %s; what it belongs to is about %s. Check before you use it."), who, whom);
}

static char *
found_of (const MwBatchArrival *arrival,
          const Subject        *subject)
{
  JsonNode   *identifier = mw_json_item (subject->patient, "identifier", 0);
  const char *system = mw_json_string (identifier, "system");
  const char *value = mw_json_string (identifier, "value");

  if (subject->reference != NULL)
    return g_strdup (subject->reference);
  if (value != NULL)
    return g_strdup_printf ("%s|%s", system != NULL ? system : "", value);
  return g_strconcat (arrival->reference, "#patient", NULL);
}

static MwPatientCheck *
check_new (MwDb                 *db,
           const MwBatchArrival *arrival,
           gint64                resource,
           gint64                thread,
           const MwPerson       *expected,
           JsonNode             *here,
           const Subject        *subject,
           gint64                patient)
{
  MwPatientCheck  *self;
  g_autofree char *found = found_of (arrival, subject);
  g_autofree char *whom = mw_comparison_title (here);

  self = mw_patient_checks_find (db, resource, found);
  if (self == NULL)
    self = g_new0 (MwPatientCheck, 1);
  g_free (self->found);
  g_free (self->who);
  g_free (self->text);
  g_clear_pointer (&self->lines, json_node_unref);
  self->who = mw_same_patient_tells_who (subject->patient) || subject->name == NULL ? mw_comparison_title (subject->patient) : g_strdup (subject->name);
  self->thread = thread;
  self->resource = resource;
  self->expected = expected->id;
  self->found = g_steal_pointer (&found);
  /* the only one here with a number of theirs may be the request's own patient under another name */
  self->patient = patient == expected->id ? 0 : patient;
  self->text = words_for (db, thread, subject, self->who, whom);
  self->document = subject->document;
  self->lines = mw_comparison_lines (here, subject->patient);
  return self;
}

/* Returns: (transfer full): whom what came along says that it is about, if it does */
static Subject
subject_of_document (MwDb       *db,
                     MwBatch    *batch,
                     const char *absolute)
{
  MwBatchArrival *along = g_hash_table_lookup (batch->by_reference, absolute);
  g_autoptr (JsonNode) node = along != NULL && along->resource != NULL ? json_node_ref (along->resource) : stored (db, absolute);
  Subject its = { .document = TRUE };

  its.reference = node != NULL ? mw_batch_patient_of (batch, node) : NULL;
  its.patient = its.reference != NULL ? known_of (db, batch, its.reference) : logical_patient (node);
  return its;
}

static gboolean
has_found (GPtrArray  *checks,
           const char *found)
{
  for (guint i = 0; i < checks->len; i++)
    if (g_str_equal (((MwPatientCheck *) g_ptr_array_index (checks, i))->found, found))
      return TRUE;
  return FALSE;
}

/* What came along with an answer, such as a note, may be about somebody else although the answer is not, or although it
 * has been decided of the answer. @own is whose record the answer goes to */
static void
add_documents (MwDb           *db,
               MwBatch        *batch,
               MwBatchArrival *arrival,
               gint64          resource,
               gint64          thread,
               const MwPerson *expected,
               JsonNode       *here,
               gint64          own,
               GPtrArray      *checks)
{
  g_auto (GStrv) fetch = mw_batch_take_list (arrival->meaning->fetch);

  for (guint i = 0; i < MAX_DOCUMENTS && fetch[i] != NULL; i++)
    {
      g_autoptr (MwReference) reference = mw_reference_new_for_literal (fetch[i]);
      g_autofree char *absolute = mw_reference_absolute (reference, batch->connection->url);
      g_auto (Subject) its = { 0 };
      g_autofree char *found = NULL;
      MwPatientCheck  *check;
      gint64           patient;

      if (absolute == NULL)
        continue;
      its = subject_of_document (db, batch, absolute);
      if ((its.reference == NULL && its.patient == NULL) || !mw_same_patient_is_other (db, batch, thread, expected, here, its.reference, its.patient))
        continue;
      found = found_of (arrival, &its);
      if (has_found (checks, found))
        continue;
      patient = its.reference != NULL ? mw_db_get_int (db, 0, "SELECT id FROM people WHERE reference = ?1 AND type = 'Patient'", "s", its.reference) : 0;
      check = check_new (db, arrival, resource, thread, expected, here, &its, patient);
      check->own = own;
      g_ptr_array_add (checks, check);
    }
}

/* As nearly everything is: nothing needs to be read to know it */
static gboolean
is_plainly_hers (MwBatchArrival *arrival,
                 const MwPerson *expected)
{
  const char *reference = arrival->meaning->patient != NULL ? arrival->meaning->patient : arrival->patient;
  g_auto (GStrv) fetch = mw_batch_take_list (arrival->meaning->fetch);

  return fetch[0] == NULL && g_strcmp0 (reference, expected->reference) == 0;
}

static void
check_free (gpointer data)
{
  mw_patient_check_free (data);
}

/**
 * mw_other_patient_find:
 * @arrival: with a meaning
 * @resource: its row
 * @thread: the one that it belongs to
 * @patient: the row of its own patient; 0 for none
 *
 * Inside the write: compares whom the arrival, and what came along with it, is about with whom its thread is about, as
 * mw_same_patient_is_other() does.
 *
 * Returns: (transfer full): the MwPatientChecks to decide, or decided, each about another patient, its id 0 while it is
 *   not in the store; none when all is well
 */
GPtrArray *
mw_other_patient_find (MwDb           *db,
                       MwBatch        *batch,
                       MwBatchArrival *arrival,
                       gint64          resource,
                       gint64          thread,
                       gint64          patient)
{
  g_autoptr (MwPerson) expected = expected_of (db, thread);
  g_autoptr (JsonNode) here = NULL;
  g_auto (Subject) subject = { 0 };
  g_autoptr (GPtrArray) checks = g_ptr_array_new_with_free_func (check_free);

  if (expected == NULL || is_plainly_hers (arrival, expected))
    return g_steal_pointer (&checks);
  here = known_of (db, batch, expected->reference);
  subject_of_arrival (db, batch, arrival, patient, &subject);
  if ((subject.reference != NULL || subject.patient != NULL) && mw_same_patient_is_other (db, batch, thread, expected, here, subject.reference, subject.patient))
    {
      MwPatientCheck *check = check_new (db, arrival, resource, thread, expected, here, &subject, patient);

      g_ptr_array_add (checks, check);
      /* with what does not belong, nothing that it brought does */
      if (g_strcmp0 (check->decision, MW_CHECK_DOES_NOT_BELONG) == 0)
        return g_steal_pointer (&checks);
      patient = mw_patient_check_filed (check);
    }
  add_documents (db, batch, arrival, resource, thread, expected, here, patient, checks);
  return g_steal_pointer (&checks);
}

/**
 * mw_other_patient_of_document:
 * @arrival: with a meaning
 * @resource: its row
 * @absolute: the reference of what came along with it
 *
 * Returns: (transfer full) (nullable): what there is to decide, or was decided, about whom the document names
 */
MwPatientCheck *
mw_other_patient_of_document (MwDb           *db,
                              MwBatch        *batch,
                              MwBatchArrival *arrival,
                              gint64          resource,
                              const char     *absolute)
{
  g_auto (Subject) its = subject_of_document (db, batch, absolute);
  g_autofree char *found = its.reference != NULL || its.patient != NULL ? found_of (arrival, &its) : NULL;

  return found != NULL ? mw_patient_checks_find (db, resource, found) : NULL;
}

/**
 * mw_other_patient_warning:
 *
 * Returns: (transfer full): what is to be shown loudly with it. It stays when a person has decided, and says so
 */
char *
mw_other_patient_warning (const MwPatientCheck *check)
{
  if (check->decision == NULL)
    return g_strdup (check->text);
  if (g_str_equal (check->decision, MW_CHECK_BELONGS))
    /* Translators: %s is a patient's name and birth date */
    return g_strdup_printf (_ ("This names another patient, %s. You decided that it belongs to this request."), check->who);
  /* Translators: %s is a patient's name and birth date */
  return g_strdup_printf (_ ("This is about another patient, %s. You decided that it does not belong to this request."), check->who);
}

/**
 * mw_other_patient_raise:
 * @checks: of mw_other_patient_find()
 * @own: the row of the patient of the answer itself; 0 for none
 * @entry: where it is shown
 *
 * Keeps what there is to decide, and @resource out of the records until all is decided; then files it as decided. Once
 * decided it is not asked again.
 */
gboolean
mw_other_patient_raise (MwDb      *db,
                        GPtrArray *checks,
                        gint64     resource,
                        gint64     own,
                        gint64     entry,
                        gint64     now,
                        GError   **error)
{
  gint64 open = 0;

  for (guint i = 0; i < checks->len; i++)
    {
      MwPatientCheck *check = g_ptr_array_index (checks, i);

      check->entry = entry;
      check->id = mw_patient_checks_raise (db, check, now, error);
      if (check->id < 0)
        return FALSE;
      if (check->decision == NULL)
        open = check->id;
      if (!check->document)
        own = mw_patient_check_filed (check);
    }
  if (!mw_patient_checks_drop_open (db, resource, checks, error))
    return FALSE;
  return open > 0 ? mw_patient_checks_hold (db, open, resource, error) : mw_patient_checks_file (db, resource, own, error);
}
