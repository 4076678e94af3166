/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-patient-check.h"

#include "mw-audit-note.h"
#include "mw-journal.h"

#define SELECT "SELECT id, thread, entry, resource, expected, found, patient, who, text, lines, raised, decision, decided FROM patient_checks "

void
mw_patient_check_free (MwPatientCheck *self)
{
  if (self == NULL)
    return;
  g_free (self->found);
  g_free (self->who);
  g_free (self->text);
  g_clear_pointer (&self->lines, json_node_unref);
  g_free (self->decision);
  g_free (self);
}

static MwPatientCheck *
read_row (MwQuery *query)
{
  MwPatientCheck *self;
  int             i = 0;

  if (!mw_query_step (query, NULL))
    return NULL;
  self = g_new0 (MwPatientCheck, 1);
  self->id = mw_query_int (query, i++);
  self->thread = mw_query_int (query, i++);
  self->entry = mw_query_int (query, i++);
  self->resource = mw_query_int (query, i++);
  self->expected = mw_query_int (query, i++);
  self->found = mw_query_dup (query, i++);
  self->patient = mw_query_int (query, i++);
  self->who = mw_query_dup (query, i++);
  self->text = mw_query_dup (query, i++);
  self->lines = mw_json_parse (mw_query_text (query, i++), -1, NULL);
  self->raised = mw_query_int (query, i++);
  self->decision = mw_query_dup (query, i++);
  self->decided = mw_query_int (query, i++);
  return self;
}

/**
 * mw_patient_checks_load:
 *
 * Returns: (transfer full) (nullable): the check, open or decided
 */
MwPatientCheck *
mw_patient_checks_load (MwDb  *db,
                        gint64 id)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  return mw_query_init (&query, db, NULL, SELECT "WHERE id = ?1", "i", id) ? read_row (&query) : NULL;
}

/**
 * mw_patient_checks_find:
 *
 * Returns: (transfer full) (nullable): the check of this resource about this patient, open or decided
 */
MwPatientCheck *
mw_patient_checks_find (MwDb       *db,
                        gint64      resource,
                        const char *found)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  return mw_query_init (&query, db, NULL, SELECT "WHERE resource = ?1 AND found = ?2", "is", resource, found) ? read_row (&query) : NULL;
}

/**
 * mw_patient_checks_of_entry:
 *
 * Returns: (transfer full) (nullable): the entry's check: the one that is open, else the last that was decided
 */
MwPatientCheck *
mw_patient_checks_of_entry (MwDb  *db,
                            gint64 entry)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  return mw_query_init (&query, db, NULL, SELECT "WHERE entry = ?1 ORDER BY decided > 0, id DESC LIMIT 1", "i", entry) ? read_row (&query) : NULL;
}

/**
 * mw_patient_checks_open_in_thread:
 *
 * Returns: (transfer full) (nullable): the oldest open check of the thread
 */
MwPatientCheck *
mw_patient_checks_open_in_thread (MwDb  *db,
                                  gint64 thread)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  return mw_query_init (&query, db, NULL, SELECT "WHERE thread = ?1 AND decided = 0 ORDER BY id LIMIT 1", "i", thread) ? read_row (&query) : NULL;
}

/**
 * mw_patient_checks_raise:
 * @check: what to add; one that is there already keeps its decision and gets the newer words
 *
 * A new one brings its entry back to the inbox, unread.
 *
 * Returns: the check's id, or -1
 */
gint64
mw_patient_checks_raise (MwDb                 *db,
                         const MwPatientCheck *check,
                         gint64                now,
                         GError              **error)
{
  g_autofree char *lines = mw_json_to_text (check->lines, FALSE);

  if (check->id == 0 &&
      !mw_db_run (db, error, "UPDATE entries SET unread = 1, archived = 0, snoozed_until = 0 WHERE id = ?1", "i", check->entry))
    return -1;
  if (!mw_db_run (db, error,
                  "INSERT INTO patient_checks (thread, entry, resource, expected, found, patient, who, text, lines, raised) "
                  "VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, 0), ?7, ?8, ?9, ?10) "
                  "ON CONFLICT (resource, found) DO UPDATE SET entry = excluded.entry, patient = excluded.patient, who = excluded.who, text = excluded.text, lines = excluded.lines",
                  "iiiisisssi", check->thread, check->entry, check->resource, check->expected, check->found, check->patient, check->who, check->text, lines, now))
    return -1;
  mw_db_touch (db, MW_CHANGE_ENTRIES | MW_CHANGE_ITEMS);
  return mw_db_get_int (db, -1, "SELECT id FROM patient_checks WHERE resource = ?1 AND found = ?2", "is", check->resource, check->found);
}

/**
 * mw_patient_checks_drop_open:
 * @resource: what arrived anew
 * @but: (nullable): whom it is about now, when that is still somebody else
 *
 * A later version is about the right patient: nobody needs to decide any more.
 */
gboolean
mw_patient_checks_drop_open (MwDb       *db,
                             gint64      resource,
                             const char *but,
                             GError    **error)
{
  if (!mw_db_run (db, error, "DELETE FROM patient_checks WHERE resource = ?1 AND decided = 0 AND found IS NOT ?2", "is", resource, but))
    return FALSE;
  if (mw_db_n_changed (db) > 0)
    mw_db_touch (db, MW_CHANGE_ENTRIES | MW_CHANGE_ITEMS);
  return TRUE;
}

/**
 * mw_patient_checks_hold:
 * @id: an open check
 * @resource: a row that it is about
 *
 * Keeps the resource, and the entry that shows it, out of the records until the check is decided.
 */
gboolean
mw_patient_checks_hold (MwDb    *db,
                        gint64   id,
                        gint64   resource,
                        GError **error)
{
  return mw_db_run (db, error, "UPDATE resources SET held = ?1, patient = NULL WHERE id = ?2", "ii", id, resource) &&
         mw_db_run (db, error, "UPDATE entries SET patient = NULL WHERE resource = ?1 AND id = (SELECT entry FROM patient_checks WHERE id = ?2)", "ii", resource, id);
}

/**
 * mw_patient_checks_decide:
 * @decision: one of the codes
 *
 * A person decides, and what was held is filed: with the request's patient, or with the one that it names. The first
 * decision counts: MW_STORE_ERROR_STATE says that there is nothing to decide any more.
 */
gboolean
mw_patient_checks_decide (MwDb       *db,
                          gint64      id,
                          const char *decision,
                          gint64      now,
                          GError    **error)
{
  g_autoptr (MwPatientCheck) check = NULL;
  gint64 patient;

  if (!mw_db_run (db, error, "UPDATE patient_checks SET decision = ?2, decided = ?3 WHERE id = ?1 AND decided = 0", "isi", id, decision, now))
    return FALSE;
  if (mw_db_n_changed (db) != 1)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "This has been decided, or needs no decision any more");
      return FALSE;
    }
  check = mw_patient_checks_load (db, id);
  patient = g_str_equal (decision, MW_CHECK_BELONGS) ? check->expected : check->patient;
  if (!mw_db_run (db, error, "UPDATE resources SET patient = nullif(?2, 0), held = NULL WHERE held = ?1", "ii", id, patient) ||
      !mw_db_run (db, error, "UPDATE entries SET patient = nullif(?2, 0), changed = ?3 WHERE id = ?1", "iii", check->entry, patient, now))
    return FALSE;
  mw_db_touch (db, MW_CHANGE_ENTRIES | MW_CHANGE_ITEMS | MW_CHANGE_RESOURCES);
  return mw_audit_note_entry (db, check->entry, decision, now, error);
}
