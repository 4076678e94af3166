/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-resource-row.h"

#include "mw-fhir-date.h"

/* What is kept of something that cannot be read */
#define QUARANTINE_MAX_BYTES (1024 * 1024)

void
mw_resource_row_free (MwResourceRow *self)
{
  if (self == NULL)
    return;
  g_free (self->type);
  g_free (self->fhir_id);
  g_free (self->reference);
  g_free (self->version);
  g_free (self->last_updated);
  g_free (self->title);
  g_clear_pointer (&self->raw, g_bytes_unref);
  g_free (self);
}

static MwResourceRow *
read_row (MwQuery *query)
{
  MwResourceRow *self = g_new0 (MwResourceRow, 1);

  self->id = mw_query_int (query, 0);
  self->connection = mw_query_int (query, 1);
  self->type = mw_query_dup (query, 2);
  self->fhir_id = mw_query_dup (query, 3);
  self->reference = mw_query_dup (query, 4);
  self->version = mw_query_dup (query, 5);
  self->last_updated = mw_query_dup (query, 6);
  self->patient = mw_query_int (query, 7);
  self->thread = mw_query_int (query, 8);
  self->title = mw_query_dup (query, 9);
  self->happened = mw_query_int (query, 10);
  self->received = mw_query_int (query, 11);
  self->raw = mw_query_bytes (query, 12);
  return self;
}

#define COLUMNS "id, connection, type, fhir_id, reference, version, last_updated, patient, thread, title, happened, received, raw"

/**
 * mw_resources_load:
 *
 * Returns: (transfer full) (nullable): the row with that id
 */
MwResourceRow *
mw_resources_load (MwDb  *db,
                   gint64 id)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (mw_query_init (&query, db, NULL, "SELECT " COLUMNS " FROM resources WHERE id = ?1", "i", id) && mw_query_step (&query, NULL))
    return read_row (&query);
  return NULL;
}

MwResourceRow *
mw_resources_by_reference (MwDb       *db,
                           const char *reference)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (reference != NULL && mw_query_init (&query, db, NULL, "SELECT " COLUMNS " FROM resources WHERE reference = ?1", "s", reference) &&
      mw_query_step (&query, NULL))
    return read_row (&query);
  return NULL;
}

/* An instant has many spellings: with and without a fraction, in any zone */
static gint64
time_of (const char *last_updated)
{
  return mw_fhir_date_to_unix (last_updated, 0);
}

/**
 * mw_resources_put:
 * @changed: (out): FALSE when the very same bytes, or the same version, are here already
 *
 * Keeps the newest version of a resource. An older one that arrives late changes nothing.
 *
 * Returns: the row's id, or -1
 */
gint64
mw_resources_put (MwDb                *db,
                  const MwResourceRow *row,
                  gboolean            *changed,
                  GError             **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GError) local = NULL;

  *changed = TRUE;
  if (!mw_query_init (&query, db, error, "SELECT id, version, last_updated, raw = ?2 FROM resources WHERE reference = ?1", "sb", row->reference, row->raw))
    return -1;
  if (mw_query_step (&query, &local))
    {
      gint64           id = mw_query_int (&query, 0);
      g_autofree char *version = mw_query_dup (&query, 1);
      g_autofree char *updated = mw_query_dup (&query, 2);
      /* some servers never count: a version is the same when its time is, too */
      gboolean same = mw_query_int (&query, 3) != 0 ||
                      (version != NULL && g_strcmp0 (version, row->version) == 0 && time_of (updated) == time_of (row->last_updated));
      gboolean older = updated != NULL && row->last_updated != NULL && time_of (row->last_updated) < time_of (updated);

      mw_query_clear (&query);
      if (same || older)
        {
          *changed = FALSE;
          return id;
        }
      mw_db_touch (db, MW_CHANGE_RESOURCES);
      if (!mw_db_run (db, error,
                      "UPDATE resources SET version = ?2, last_updated = ?3, patient = coalesce(nullif(?4, 0), patient), "
                      "thread = coalesce(nullif(?5, 0), thread), title = ?6, happened = ?7, received = ?8, raw = ?9, deleted = 0 WHERE id = ?1",
                      "issiisiib", id, row->version, row->last_updated, row->patient, row->thread, row->title, row->happened, row->received, row->raw))
        return -1;
      return id;
    }
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return -1;
    }
  mw_db_touch (db, MW_CHANGE_RESOURCES);
  if (!mw_db_run (db, error,
                  "INSERT INTO resources (connection, type, fhir_id, reference, version, last_updated, patient, thread, title, happened, received, raw) "
                  "VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, nullif(?7, 0), nullif(?8, 0), ?9, ?10, ?11, ?12)",
                  "isssssiisiib", row->connection, row->type, row->fhir_id, row->reference, row->version, row->last_updated,
                  row->patient, row->thread, row->title, row->happened, row->received, row->raw))
    return -1;
  return mw_db_last_id (db);
}

/**
 * mw_resources_file:
 * @thread: 0 leaves it as it is
 * @patient: 0 leaves it as it is
 *
 * Puts a resource with its thread and patient.
 */
gboolean
mw_resources_file (MwDb    *db,
                   gint64   id,
                   gint64   thread,
                   gint64   patient,
                   GError **error)
{
  return mw_db_run (db, error,
                    "UPDATE resources SET thread = coalesce(nullif(?2, 0), thread), patient = coalesce(nullif(?3, 0), patient) WHERE id = ?1",
                    "iii", id, thread, patient);
}

static gboolean
fill (MwQuery *query,
      GArray  *ids,
      GError **error)
{
  g_autoptr (GError) local = NULL;

  while (mw_query_step (query, &local))
    {
      gint64 id = mw_query_int (query, 0);

      g_array_append_val (ids, id);
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * mw_resources_of_patient:
 *
 * The patient's record: ids by type, newest first.
 */
gboolean
mw_resources_of_patient (MwDb    *db,
                         gint64   patient,
                         GArray  *ids,
                         GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  return mw_query_init (&query, db, error, "SELECT id FROM resources WHERE patient = ?1 AND deleted = 0 ORDER BY type, happened DESC, id DESC", "i", patient) &&
         fill (&query, ids, error);
}

gboolean
mw_resources_of_thread (MwDb    *db,
                        gint64   thread,
                        GArray  *ids,
                        GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  return mw_query_init (&query, db, error, "SELECT id FROM resources WHERE thread = ?1 AND deleted = 0 ORDER BY id", "i", thread) &&
         fill (&query, ids, error);
}

/**
 * mw_quarantine_put:
 * @origin: what brought it, without values that could name a patient
 * @reason: why it cannot be read
 * @raw: the bytes; the first MiB is kept
 *
 * Keeps what cannot become a resource, so that nothing which arrived is dropped (G8).
 *
 * Returns: the row's id, or -1
 */
gint64
mw_quarantine_put (MwDb       *db,
                   gint64      connection,
                   const char *origin,
                   const char *reason,
                   GBytes     *raw,
                   gint64      now,
                   GError    **error)
{
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, raw);
  g_autoptr (GBytes) head = g_bytes_new_from_bytes (raw, 0, MIN (g_bytes_get_size (raw), QUARANTINE_MAX_BYTES));

  mw_db_touch (db, MW_CHANGE_QUARANTINE);
  if (!mw_db_run (db, error,
                  "INSERT INTO quarantine (connection, received, origin, reason, digest, raw) VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6) "
                  "ON CONFLICT (digest) DO NOTHING",
                  "iisssb", connection, now, origin, reason, digest, head))
    return -1;
  return mw_db_get_int (db, -1, "SELECT id FROM quarantine WHERE digest = ?1", "s", digest);
}
