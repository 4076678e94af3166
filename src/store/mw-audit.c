/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-store"

#include "mw-audit.h"

#include "mw-audit-head.h"

#include <string.h>

void
mw_audit_row_free (MwAuditRow *self)
{
  if (self == NULL)
    return;
  g_free (self->actor);
  g_free (self->agent);
  g_free (self->event);
  g_free (self->item);
  g_free (self->entry);
  g_free (self->connection);
  g_free (self->authority);
  g_free (self->request);
  g_free (self->body_digest);
  g_free (self->detail);
  g_free (self->previous);
  g_free (self->hash);
  g_free (self);
}

/* ---- the hash -------------------------------------------------------- */

static void
hash_text (GChecksum  *sum,
           const char *text)
{
  char  length[24];
  gsize size;

  if (text == NULL)
    {
      g_checksum_update (sum, (const guchar *) "-,", 2);
      return;
    }
  size = strlen (text);
  g_snprintf (length, sizeof length, "%" G_GSIZE_FORMAT ":", size);
  g_checksum_update (sum, (const guchar *) length, (gssize) strlen (length));
  g_checksum_update (sum, (const guchar *) text, (gssize) size);
  g_checksum_update (sum, (const guchar *) ",", 1);
}

static void
hash_number (GChecksum *sum,
             gint64     number)
{
  char text[24];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, number);
  hash_text (sum, text);
}

/**
 * mw_audit_hash:
 * @row: its hash is not looked at
 *
 * Returns: (transfer full): the hash that a row with these fields has
 */
char *
mw_audit_hash (const MwAuditRow *row)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  hash_text (sum, MW_AUDIT_FORMAT);
  hash_number (sum, row->id);
  hash_number (sum, row->at);
  hash_text (sum, row->actor);
  hash_text (sum, row->agent);
  hash_text (sum, row->event);
  hash_text (sum, row->item);
  hash_text (sum, row->entry);
  hash_text (sum, row->connection);
  hash_text (sum, row->authority);
  hash_text (sum, row->request);
  hash_text (sum, row->body_digest);
  if (row->http_status != 0)
    hash_number (sum, row->http_status);
  else
    hash_text (sum, NULL);
  hash_text (sum, row->detail);
  hash_text (sum, row->previous);
  return g_strdup (g_checksum_get_string (sum));
}

/* ---- adding ---------------------------------------------------------- */

/* A detail is a code of this program. Whatever else somebody might come to put there could be about a patient. */
static const char *
code_of (const char *detail)
{
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";

  if (detail == NULL || (strlen (detail) <= 60 && strspn (detail, allowed) == strlen (detail)))
    return detail;
  g_critical ("The detail of an audit row is no code");
  return "other";
}

/* The chain goes on from the head, not from the last row: rows that were cut off leave a gap that stays */
static void
read_end (MwDb        *db,
          MwAuditHead *end)
{
  MwAuditHead last = { 0, MW_AUDIT_NO_PREVIOUS };
  g_auto (MwQuery) query = MW_QUERY_INIT;

  mw_audit_head_load (db, end);
  if (!mw_query_init (&query, db, NULL, "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1", "") || !mw_query_step (&query, NULL))
    return;
  last.count = mw_query_int (&query, 0);
  g_strlcpy (last.hash, mw_query_text (&query, 1), sizeof last.hash);
  /* somebody has put the head back: a row must be written all the same, and the check will tell */
  if (last.count > end->count)
    *end = last;
}

/**
 * mw_audit_add:
 * @event: everything is copied; what the strings may be is told with MwAuditEvent
 *
 * Appends a row to the audit, in the transaction of what it records.
 */
gboolean
mw_audit_add (MwDb               *db,
              const MwAuditEvent *event,
              GError            **error)
{
  MwAuditHead      end;
  MwAuditRow       row = { 0 };
  g_autofree char *hash = NULL;

  g_return_val_if_fail (event->actor != NULL && event->agent != NULL && event->event != NULL, FALSE);

  read_end (db, &end);
  row.id = end.count + 1;
  row.at = event->at;
  row.actor = (char *) event->actor;
  row.agent = (char *) event->agent;
  row.event = (char *) event->event;
  row.item = (char *) event->item;
  row.entry = (char *) event->entry;
  row.connection = (char *) event->connection;
  row.authority = (char *) event->authority;
  row.request = (char *) event->request;
  row.body_digest = (char *) event->body_digest;
  row.http_status = event->http_status;
  row.detail = (char *) code_of (event->detail);
  row.previous = end.hash;
  hash = mw_audit_hash (&row);
  if (!mw_db_run (db, error,
                  "INSERT INTO audit (" MW_AUDIT_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, nullif(?12, 0), ?13, ?14, ?15)",
                  "iisssssssssisss", row.id, row.at, row.actor, row.agent, row.event, row.item, row.entry, row.connection, row.authority,
                  row.request, row.body_digest, row.http_status, row.detail, row.previous, hash))
    return FALSE;
  end.count = row.id;
  g_strlcpy (end.hash, hash, sizeof end.hash);
  mw_db_touch (db, MW_CHANGE_AUDIT);
  return mw_audit_head_store (db, &end, error);
}

/* ---- reading --------------------------------------------------------- */

/**
 * mw_audit_read_row:
 *
 * Returns: (transfer full): the row of a query over MW_AUDIT_COLUMNS
 */
MwAuditRow *
mw_audit_read_row (MwQuery *query)
{
  MwAuditRow *self = g_new0 (MwAuditRow, 1);
  int         i = 0;

  self->id = mw_query_int (query, i++);
  self->at = mw_query_int (query, i++);
  self->actor = mw_query_dup (query, i++);
  self->agent = mw_query_dup (query, i++);
  self->event = mw_query_dup (query, i++);
  self->item = mw_query_dup (query, i++);
  self->entry = mw_query_dup (query, i++);
  self->connection = mw_query_dup (query, i++);
  self->authority = mw_query_dup (query, i++);
  self->request = mw_query_dup (query, i++);
  self->body_digest = mw_query_dup (query, i++);
  self->http_status = mw_query_int (query, i++);
  self->detail = mw_query_dup (query, i++);
  self->previous = mw_query_dup (query, i++);
  self->hash = mw_query_dup (query, i++);
  return self;
}

static MwAuditRow *
load_one (MwQuery *query,
          GError **error)
{
  g_autoptr (GError) local = NULL;

  if (mw_query_step (query, &local))
    return mw_audit_read_row (query);
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND, "There is no such row in the audit");
  return NULL;
}

/**
 * mw_audit_load:
 *
 * Returns: (transfer full): the row, or NULL with MW_STORE_ERROR_NOT_FOUND
 */
MwAuditRow *
mw_audit_load (MwDb    *db,
               gint64   id,
               GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (!mw_query_init (&query, db, error, "SELECT " MW_AUDIT_COLUMNS " FROM audit WHERE id = ?1", "i", id))
    return NULL;
  return load_one (&query, error);
}

/**
 * mw_audit_end_of:
 * @left: a row of MW_AUDIT_LEFT
 *
 * Returns: (transfer full) (nullable): the row that tells how it ended; NULL while nothing is known
 */
MwAuditRow *
mw_audit_end_of (MwDb             *db,
                 const MwAuditRow *left)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (left->item == NULL ||
      !mw_query_init (&query, db, NULL,
                      "SELECT " MW_AUDIT_COLUMNS " FROM audit WHERE item = ?1 AND id > ?2 AND event IN ('" MW_AUDIT_TAKEN "', '" MW_AUDIT_NOT_SENT
                      "', '" MW_AUDIT_DEFERRED "', '" MW_AUDIT_REFUSED "', '" MW_AUDIT_UNKNOWN "', '" MW_AUDIT_LEFT "') ORDER BY id LIMIT 1",
                      "si", left->item, left->id))
    return NULL;
  return load_one (&query, NULL);
}

/* One literal for each way to look: an item's rows by their index, a period by the order of the chain */
static const char *
sql_of (const MwAuditFilter *filter)
{
  if (filter->item != NULL)
    return "SELECT id FROM audit WHERE item = ?1 AND at >= ?2 AND at < ?3 AND (?4 = 0 OR event IN ('" MW_AUDIT_LEFT "', '" MW_AUDIT_QUERIED "')) "
           "ORDER BY id DESC LIMIT ?5";
  return "SELECT id FROM audit WHERE ?1 IS NULL AND at >= ?2 AND at < ?3 AND (?4 = 0 OR event IN ('" MW_AUDIT_LEFT "', '" MW_AUDIT_QUERIED "')) "
         "ORDER BY id DESC LIMIT ?5";
}

/**
 * mw_audit_ids:
 * @ids: (element-type gint64): the ids are appended, newest first
 *
 * Finds the rows that @filter asks for.
 */
gboolean
mw_audit_ids (MwDb                *db,
              const MwAuditFilter *filter,
              GArray              *ids,
              GError             **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GError) local = NULL;
  gint64 to = filter->to > 0 ? filter->to : G_MAXINT64;
  gint64 limit = filter->limit > 0 ? (gint64) filter->limit : -1;

  if (!mw_query_init (&query, db, error, sql_of (filter), "siidi", filter->item, filter->from, to, (int) filter->sends, limit))
    return FALSE;
  while (mw_query_step (&query, &local))
    {
      gint64 id = mw_query_int (&query, 0);

      g_array_append_val (ids, id);
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
