/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-patient-check.h"

#include "mw-audit-note.h"
#include "mw-journal.h"

#define SELECT "SELECT id, thread, entry, resource, expected, found, patient, who, text, lines, raised, decision, decided, document, own FROM patient_checks "

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
  self->document = mw_query_int (query, i++) != 0;
  self->own = mw_query_int (query, i++);
  return self;
}

/**
 * mw_patient_check_filed:
 *
 * Returns: the row of whose record what it is about goes to, the answer or the document; 0 for none, and while nobody has
 *   decided
 */
gint64
mw_patient_check_filed (const MwPatientCheck *self)
{
  if (self->decision == NULL)
    return 0;
  return g_str_equal (self->decision, MW_CHECK_BELONGS) ? self->expected : self->patient;
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
 * Returns: (transfer full) (nullable): the entry's check: the oldest that is open, else the last that was decided
 */
MwPatientCheck *
mw_patient_checks_of_entry (MwDb  *db,
                            gint64 entry)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  return mw_query_init (&query, db, NULL, SELECT "WHERE entry = ?1 ORDER BY decided > 0, CASE WHEN decided = 0 THEN id ELSE -id END LIMIT 1", "i", entry) ? read_row (&query) : NULL;
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
                  "INSERT INTO patient_checks (thread, entry, resource, expected, found, patient, who, text, lines, raised, document, own) "
                  "VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, 0), ?7, ?8, ?9, ?10, ?11, nullif(?12, 0)) "
                  "ON CONFLICT (resource, found) DO UPDATE SET entry = excluded.entry, patient = excluded.patient, who = excluded.who, text = excluded.text, lines = excluded.lines, "
                  "document = excluded.document, own = excluded.own",
                  "iiiisisssi"
                  "di",
                  check->thread, check->entry, check->resource, check->expected, check->found, check->patient, check->who, check->text, lines, now,
                  (int) check->document, check->own))
    return -1;
  mw_db_touch (db, MW_CHANGE_ENTRIES | MW_CHANGE_ITEMS);
  return mw_db_get_int (db, -1, "SELECT id FROM patient_checks WHERE resource = ?1 AND found = ?2", "is", check->resource, check->found);
}

static gboolean
is_among (GPtrArray *checks,
          gint64     id)
{
  for (guint i = 0; checks != NULL && i < checks->len; i++)
    if (((MwPatientCheck *) g_ptr_array_index (checks, i))->id == id)
      return TRUE;
  return FALSE;
}

/**
 * mw_patient_checks_drop_open:
 * @resource: what arrived anew
 * @but: (nullable): the MwPatientChecks that it raises now
 *
 * A later version is about the right patient, or has left the wrong document out: nobody needs to decide any more. What
 * came along and was held goes back to the one that it names; whoever files @resource does so anew.
 */
gboolean
mw_patient_checks_drop_open (MwDb      *db,
                             gint64     resource,
                             GPtrArray *but,
                             GError   **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local = NULL;

  if (!mw_query_init (&query, db, error, "SELECT id FROM patient_checks WHERE resource = ?1 AND decided = 0", "i", resource))
    return FALSE;
  while (mw_query_step (&query, &local))
    {
      gint64 id = mw_query_int (&query, 0);

      if (!is_among (but, id))
        g_array_append_val (gone, id);
    }
  mw_query_clear (&query);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  for (guint i = 0; i < gone->len; i++)
    {
      gint64 id = g_array_index (gone, gint64, i);

      /* one that came anew in the meantime has a patient already */
      if (!mw_db_run (db, error,
                      "UPDATE resources SET patient = coalesce(patient, (SELECT patient FROM patient_checks WHERE id = ?1)), held = NULL "
                      "WHERE held = ?1 AND id <> ?2",
                      "ii", id, resource) ||
          !mw_db_run (db, error, "DELETE FROM patient_checks WHERE id = ?1", "i", id))
        return FALSE;
      mw_db_touch (db, MW_CHANGE_ENTRIES | MW_CHANGE_ITEMS | MW_CHANGE_RESOURCES);
    }
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
 * mw_patient_checks_file:
 * @resource: a row about which a person has decided
 * @patient: 0 takes it out of every record
 *
 * Puts the resource, and the entry of a check that shows it, with the patient, whatever its newest version says.
 */
gboolean
mw_patient_checks_file (MwDb    *db,
                        gint64   resource,
                        gint64   patient,
                        GError **error)
{
  return mw_db_run (db, error, "UPDATE resources SET patient = nullif(?2, 0), held = NULL WHERE id = ?1", "ii", resource, patient) &&
         mw_db_run (db, error,
                    "UPDATE entries SET patient = nullif(?2, 0) WHERE id IN (SELECT entry FROM patient_checks WHERE resource = ?1)",
                    "ii", resource, patient);
}

/* The answer goes where it belongs with the last of its checks; until then the others hold it */
static gboolean
file_answer (MwDb                 *db,
             const MwPatientCheck *check,
             GError              **error)
{
  gint64 filed = check->document ? check->own : mw_patient_check_filed (check);
  gint64 other = mw_db_get_int (db, 0, "SELECT max(id) FROM patient_checks WHERE resource = ?1 AND decided = 0", "i", check->resource);

  if (!check->document && !mw_db_run (db, error, "UPDATE patient_checks SET own = nullif(?2, 0) WHERE resource = ?1 AND document AND decided = 0", "ii", check->resource, filed))
    return FALSE;
  return other > 0 ? mw_patient_checks_hold (db, other, check->resource, error) : mw_patient_checks_file (db, check->resource, filed, error);
}

/**
 * mw_patient_checks_decide:
 * @decision: one of the codes
 *
 * A person decides, and what was held is filed: with the request's patient, or with the one that it names. Of a document
 * only the document is, and the answer that brought it stays with its own. The first decision counts: MW_STORE_ERROR_STATE says that there is nothing to decide any more.
 */
gboolean
mw_patient_checks_decide (MwDb       *db,
                          gint64      id,
                          const char *decision,
                          gint64      now,
                          GError    **error)
{
  g_autoptr (MwPatientCheck) check = NULL;

  if (!mw_db_run (db, error, "UPDATE patient_checks SET decision = ?2, decided = ?3 WHERE id = ?1 AND decided = 0", "isi", id, decision, now))
    return FALSE;
  if (mw_db_n_changed (db) != 1)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "This has been decided, or needs no decision any more");
      return FALSE;
    }
  check = mw_patient_checks_load (db, id);
  if (!mw_db_run (db, error, "UPDATE resources SET patient = nullif(?2, 0), held = NULL WHERE held = ?1 AND id <> ?3", "iii", id, mw_patient_check_filed (check), check->resource) ||
      !file_answer (db, check, error) ||
      !mw_db_run (db, error, "UPDATE entries SET changed = ?2 WHERE id = ?1", "ii", check->entry, now))
    return FALSE;
  mw_db_touch (db, MW_CHANGE_ENTRIES | MW_CHANGE_ITEMS | MW_CHANGE_RESOURCES);
  return mw_audit_note_entry (db, check->entry, decision, now, error);
}
