/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-schema.h"

#include "mw-audit-head.h"
#include "mw-audit-note.h"
#include "mw-store-resources.h"

static const char *const migrations[] = {
  "/health/meanwhile/store/001-beginning.sql",
  "/health/meanwhile/store/002-audit.sql",
  "/health/meanwhile/store/003-trust.sql",
  "/health/meanwhile/store/004-reach.sql",
  "/health/meanwhile/store/005-endpoints.sql",
  "/health/meanwhile/store/006-patient-checks.sql",
  "/health/meanwhile/store/007-published-lists.sql",
  "/health/meanwhile/store/008-learned.sql",
  "/health/meanwhile/store/009-managed.sql",
  "/health/meanwhile/store/010-home-shipped.sql",
  "/health/meanwhile/store/011-check-documents.sql",
};

G_STATIC_ASSERT (G_N_ELEMENTS (migrations) == MW_SCHEMA_VERSION);

static gboolean
migrate_one (MwDb    *db,
             guint    version,
             GError **error)
{
  g_autoptr (GBytes) sql = g_resource_lookup_data (mw_store_resources_get_resource (), migrations[version],
                                                   G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autofree char *script = NULL;

  if (sql == NULL)
    return FALSE;
  script = g_strdup_printf ("%s\nPRAGMA user_version = %u;", (const char *) g_bytes_get_data (sql, NULL), version + 1);
  return mw_db_exec (db, script, error);
}

/**
 * mw_schema_migrate:
 *
 * Brings the database to MW_SCHEMA_VERSION, each step in one transaction with its number.
 *
 * Returns: FALSE with MW_STORE_ERROR_NEWER when a newer program has written the file
 */
gboolean
mw_schema_migrate (MwDb    *db,
                   GError **error)
{
  gint64 version = mw_db_get_int (db, -1, "PRAGMA user_version", "");

  if (version < 0)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_DAMAGED, "The file is not a database of this program");
      return FALSE;
    }
  if (version > MW_SCHEMA_VERSION)
    {
      g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NEWER, "The database has version %" G_GINT64_FORMAT ", this program knows up to %d",
                   version, MW_SCHEMA_VERSION);
      return FALSE;
    }
  while (version < MW_SCHEMA_VERSION)
    {
      /* another process may be migrating too: the number is read again once the file is ours */
      if (!mw_db_exec (db, "BEGIN EXCLUSIVE", error))
        return FALSE;
      version = mw_db_get_int (db, -1, "PRAGMA user_version", "");
      if (version < MW_SCHEMA_VERSION && !migrate_one (db, (guint) version, error))
        {
          mw_db_exec (db, "ROLLBACK", NULL);
          return FALSE;
        }
      if (!mw_db_exec (db, "COMMIT", error))
        return FALSE;
      version = mw_db_get_int (db, -1, "PRAGMA user_version", "");
    }
  return TRUE;
}

/**
 * mw_schema_empty:
 *
 * Empties every table that holds what came from a server or was written by a person, except the audit, which has no
 * exception: it gets a line that says so, and its chain goes on. A folder that holds sandbox connections only may have
 * held others once, and what left over those must stay provable. Inside a transaction.
 */
gboolean
mw_schema_empty (MwDb    *db,
                 GError **error)
{
  static const char *const tables[] = { "DELETE FROM journal", "DELETE FROM items", "DELETE FROM entries", "DELETE FROM resources",
                                        "DELETE FROM quarantine", "DELETE FROM threads", "DELETE FROM people",
                                        "DELETE FROM published_lists", "DELETE FROM published_imports", "DELETE FROM endpoints",
                                        "DELETE FROM endpoint_links", "DELETE FROM connections",
                                        "DELETE FROM search",
                                        /* the audit stays, see below, and so does the head of its chain */
                                        "DELETE FROM settings WHERE key <> '" MW_AUDIT_HEAD_KEY "'" };
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (!mw_db_run (db, error, tables[i], ""))
      return FALSE;
  mw_db_touch (db, MW_CHANGE_ALL);
  return mw_audit_note (db, MW_AUDIT_EMPTIED, NULL, g_get_real_time (), error);
}
