/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-patient-link.h"

#include "mw-audit-note.h"

#define COLUMNS "id, patient, connection, reference, how, made, revoked"

void
mw_patient_link_free (MwPatientLink *self)
{
  if (self == NULL)
    return;
  g_free (self->patient);
  g_free (self->reference);
  g_free (self->how);
  g_free (self);
}

static void
free_link (gpointer data)
{
  mw_patient_link_free (data);
}

static MwPatientLink *
read_row (MwQuery *query)
{
  MwPatientLink *self = g_new0 (MwPatientLink, 1);

  self->id = mw_query_int (query, 0);
  self->patient = mw_query_dup (query, 1);
  self->connection = mw_query_int (query, 2);
  self->reference = mw_query_dup (query, 3);
  self->how = mw_query_dup (query, 4);
  self->made = mw_query_int (query, 5);
  self->revoked = mw_query_int (query, 6);
  return self;
}

/**
 * mw_patient_links_load:
 *
 * Returns: (transfer full) (nullable): the link, valid or revoked
 */
MwPatientLink *
mw_patient_links_load (MwDb  *db,
                       gint64 id)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (!mw_query_init (&query, db, NULL, "SELECT " COLUMNS " FROM patient_links WHERE id = ?1", "i", id) || !mw_query_step (&query, NULL))
    return NULL;
  return read_row (&query);
}

/**
 * mw_patient_links_find:
 * @patient: as in MwPatientLink
 *
 * Returns: (transfer full) (nullable): the valid link to who that is on @connection
 */
MwPatientLink *
mw_patient_links_find (MwDb       *db,
                       const char *patient,
                       gint64      connection)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (!mw_query_init (&query, db, NULL, "SELECT " COLUMNS " FROM patient_links WHERE patient = ?1 AND connection = ?2 AND revoked = 0", "si", patient,
                      connection) ||
      !mw_query_step (&query, NULL))
    return NULL;
  return read_row (&query);
}

static gboolean
end_link (MwDb    *db,
          gint64   id,
          gint64   now,
          GError **error)
{
  if (!mw_db_run (db, error, "UPDATE patient_links SET revoked = ?2 WHERE id = ?1 AND revoked = 0", "ii", id, now))
    return FALSE;
  if (mw_db_n_changed (db) != 1)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "There is no such link any more");
      return FALSE;
    }
  mw_db_touch (db, MW_CHANGE_PEOPLE | MW_CHANGE_ITEMS);
  /* what is planned by it and has not left is planned anew; what may have left cannot be called back */
  return mw_db_run (db, error,
                    "UPDATE items SET way = NULL WHERE state IN (2, 9) AND way <> '' AND connection = (SELECT connection FROM patient_links WHERE id = ?1) "
                    "AND patient = (SELECT p.id FROM people AS p JOIN patient_links AS l ON l.patient = p.reference WHERE l.id = ?1) "
                    "AND NOT EXISTS (SELECT 1 FROM requests AS r WHERE r.item = items.id AND r.state IN (1, 2, 3))",
                    "i", id);
}

/**
 * mw_patient_links_make:
 * @patient: as in MwPatientLink
 * @reference: absolute, on @connection
 * @item: for which it was found out
 *
 * From now on @patient is @reference there. A link that is the same stays as it is; another one is revoked.
 *
 * Returns: the link's id, or -1
 */
gint64
mw_patient_links_make (MwDb       *db,
                       const char *patient,
                       gint64      connection,
                       const char *reference,
                       const char *how,
                       gint64      item,
                       gint64      now,
                       GError    **error)
{
  g_autoptr (MwPatientLink) old = mw_patient_links_find (db, patient, connection);
  MwAuditSend made = { .event = MW_AUDIT_LINK_MADE, .item = item, .connection = connection, .detail = how, .now = now };
  MwAuditSend replaced = { .event = MW_AUDIT_LINK_REVOKED, .item = item, .connection = connection, .detail = "replaced", .now = now };
  gboolean    by_person = g_strcmp0 (how, MW_LINK_PERSON) == 0;
  gint64      id;

  if (old != NULL && g_strcmp0 (old->reference, reference) == 0)
    return old->id;
  if (old != NULL && (!end_link (db, old->id, now, error) || !mw_audit_note_link (db, &replaced, by_person, error)))
    return -1;
  if (!mw_db_run (db, error, "INSERT INTO patient_links (patient, connection, reference, how, made) VALUES (?1, ?2, ?3, ?4, ?5)", "sissi", patient,
                  connection, reference, how, now))
    return -1;
  id = mw_db_last_id (db);
  mw_db_touch (db, MW_CHANGE_PEOPLE);
  return mw_audit_note_link (db, &made, by_person, error) ? id : -1;
}

/**
 * mw_patient_links_list:
 *
 * Returns: (transfer full) (element-type MwPatientLink): all links, the newest first, revoked ones too
 */
GPtrArray *
mw_patient_links_list (MwDb    *db,
                       GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func (free_link);
  g_autoptr (GError) local = NULL;

  if (!mw_query_init (&query, db, error, "SELECT " COLUMNS " FROM patient_links ORDER BY id DESC", ""))
    return NULL;
  while (mw_query_step (&query, &local))
    g_ptr_array_add (links, read_row (&query));
  if (local == NULL)
    return g_steal_pointer (&links);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/**
 * mw_patient_links_revoke:
 *
 * Nothing goes by this link any more. Fails with MW_STORE_ERROR_STATE when that is so already.
 */
gboolean
mw_patient_links_revoke (MwDb    *db,
                         gint64   id,
                         gint64   now,
                         GError **error)
{
  gint64 connection = mw_db_get_int (db, 0, "SELECT connection FROM patient_links WHERE id = ?1", "i", id);

  return end_link (db, id, now, error) && mw_audit_note_connection (db, connection, MW_AUDIT_LINK_REVOKED, NULL, now, error);
}
