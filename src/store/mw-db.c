/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-db.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

G_DEFINE_QUARK (mw_store_error, mw_store_error)

/* How long one process waits for another's transaction: far above the longest one (1,000 rows) */
#define BUSY_MILLISECONDS 10000
/* A database up to this size is checked whole: below a tenth of a second */
#define CHECK_MAX_BYTES (32 * 1024 * 1024)

typedef struct
{
  sqlite3_stmt *statement;
  gboolean      busy;
} Slot;

struct _MwDb
{
  sqlite3    *handle;
  GHashTable *slots; /* SQL literal (by address) → Slot */
  MwChange    changes;
};

static void
slot_free (gpointer data)
{
  Slot *slot = data;

  sqlite3_finalize (slot->statement);
  g_free (slot);
}

static void
set_error (MwDb    *self,
           int      code,
           GError **error)
{
  MwStoreError kind = MW_STORE_ERROR_FAILED;

  switch (code & 0xff)
    {
    case SQLITE_FULL:
    case SQLITE_IOERR:
      kind = MW_STORE_ERROR_FULL;
      break;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      kind = MW_STORE_ERROR_READ_ONLY;
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      kind = MW_STORE_ERROR_BUSY;
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      kind = MW_STORE_ERROR_DAMAGED;
      break;
    default:
      break;
    }
  /* SQLite's message names tables and columns, never values */
  g_set_error (error, MW_STORE_ERROR, kind, "Database: %s (%d)",
               self != NULL && self->handle != NULL ? sqlite3_errmsg (self->handle) : sqlite3_errstr (code), code);
}

/* SQLite counts what it allocates under one lock for all connections. A background thread that is preempted while it
 * holds it held up the thread that draws, by 10 ms and more. Nobody asks for the counts. */
static gpointer
configure (gpointer data)
{
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  return NULL;
}

/**
 * mw_db_open:
 *
 * Opens the database file, which for MW_DB_READ_WRITE is made when it is not there. WAL with
 * synchronous=FULL: what COMMIT has answered survives a power cut (G1).
 *
 * Returns: (transfer full): the connection, or NULL with a MwStoreError
 */
MwDb *
mw_db_open (const char *path,
            MwDbMode    mode,
            GError    **error)
{
  static GOnce configured = G_ONCE_INIT;
  MwDb        *self = g_new0 (MwDb, 1);
  int          flags = mode == MW_DB_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  int          code;

  g_once (&configured, configure, NULL);
  self->slots = g_hash_table_new_full (NULL, NULL, NULL, slot_free);
  code = sqlite3_open_v2 (path, &self->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK)
    {
      set_error (self, code, error);
      mw_db_close (self);
      return NULL;
    }
  sqlite3_busy_timeout (self->handle, BUSY_MILLISECONDS);
  sqlite3_extended_result_codes (self->handle, 1);
  /* a damaged or hostile file must not run code or reach other files */
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);

  if ((mode == MW_DB_READ_WRITE &&
       (!mw_db_exec (self, "PRAGMA page_size = 16384", error) ||
        !mw_db_exec (self, "PRAGMA journal_mode = WAL", error) ||
        !mw_db_exec (self, "PRAGMA synchronous = FULL", error) ||
        !mw_db_exec (self, "PRAGMA journal_size_limit = 67108864", error))) ||
      !mw_db_exec (self, "PRAGMA foreign_keys = ON", error) ||
      !mw_db_exec (self, "PRAGMA cache_size = -8192", error) ||
      !mw_db_exec (self, "PRAGMA temp_store = MEMORY", error))
    {
      mw_db_close (self);
      return NULL;
    }
  return self;
}

void
mw_db_close (MwDb *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->slots, g_hash_table_unref);
  sqlite3_close (self->handle);
  g_free (self);
}

/**
 * mw_db_exec:
 * @sql: statements without values: transaction control, PRAGMAs, migrations
 */
gboolean
mw_db_exec (MwDb       *self,
            const char *sql,
            GError    **error)
{
  int code = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);

  if (code != SQLITE_OK)
    set_error (self, code, error);
  return code == SQLITE_OK;
}

/**
 * mw_db_touch:
 *
 * Notes that the running transaction changes rows of @changes; they are told once it is committed.
 */
void
mw_db_touch (MwDb    *self,
             MwChange changes)
{
  self->changes |= changes;
}

MwChange
mw_db_take_changes (MwDb *self)
{
  MwChange changes = self->changes;

  self->changes = 0;
  return changes;
}

gint64
mw_db_last_id (MwDb *self)
{
  return sqlite3_last_insert_rowid (self->handle);
}

gint
mw_db_n_changed (MwDb *self)
{
  return sqlite3_changes (self->handle);
}

static gboolean
bind_values (MwQuery    *self,
             const char *types,
             va_list     args,
             GError    **error)
{
  int code = SQLITE_OK;
  int position = 1;

  for (const char *type = types; *type != '\0' && code == SQLITE_OK; type++, position++)
    switch (*type)
      {
      case 'i':
        code = sqlite3_bind_int64 (self->statement, position, va_arg (args, gint64));
        break;
      case 'd':
        code = sqlite3_bind_int (self->statement, position, va_arg (args, int));
        break;
      case 's':
        code = sqlite3_bind_text (self->statement, position, va_arg (args, const char *), -1, SQLITE_TRANSIENT);
        break;
      case 'b':
        {
          GBytes       *bytes = va_arg (args, GBytes *);
          gsize         size = 0;
          gconstpointer data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

          if (bytes == NULL)
            code = sqlite3_bind_null (self->statement, position);
          else
            code = sqlite3_bind_blob64 (self->statement, position, data != NULL ? data : "", size, SQLITE_TRANSIENT);
          break;
        }
      default:
        g_assert_not_reached ();
      }
  if (code != SQLITE_OK)
    set_error (self->db, code, error);
  return code == SQLITE_OK;
}

static gboolean
query_init_va (MwQuery    *self,
               MwDb       *db,
               GError    **error,
               const char *sql,
               const char *types,
               va_list     args)
{
  Slot *slot = g_hash_table_lookup (db->slots, sql);

  self->db = db;
  if (slot != NULL && !slot->busy)
    {
      self->slot = slot;
      self->statement = slot->statement;
      slot->busy = TRUE;
    }
  else
    {
      sqlite3_stmt *statement = NULL;
      int           code = sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);

      if (code != SQLITE_OK)
        {
          set_error (db, code, error);
          self->statement = NULL;
          return FALSE;
        }
      self->statement = statement;
      self->slot = NULL;
      if (slot == NULL)
        {
          slot = g_new0 (Slot, 1);
          slot->statement = statement;
          slot->busy = TRUE;
          g_hash_table_insert (db->slots, (gpointer) sql, slot);
          self->slot = slot;
        }
    }
  return bind_values (self, types, args, error);
}

/**
 * mw_query_init:
 * @sql: a string literal: its address is the key of the kept statement
 * @types: one letter for each value that follows, bound in order
 *
 * Begins a statement. Also after FALSE the query must be cleared, which g_auto does.
 */
gboolean
mw_query_init (MwQuery    *self,
               MwDb       *db,
               GError    **error,
               const char *sql,
               const char *types,
               ...)
{
  va_list  args;
  gboolean ok;

  va_start (args, types);
  ok = query_init_va (self, db, error, sql, types, args);
  va_end (args);
  return ok;
}

/**
 * mw_query_step:
 *
 * Returns: TRUE when there is a row; FALSE at the end, or with @error set
 */
gboolean
mw_query_step (MwQuery *self,
               GError **error)
{
  int code;

  if (self->statement == NULL)
    return FALSE;
  code = sqlite3_step (self->statement);
  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    set_error (self->db, code, error);
  return FALSE;
}

void
mw_query_clear (MwQuery *self)
{
  if (self->statement == NULL)
    return;
  if (self->slot != NULL)
    {
      sqlite3_reset (self->statement);
      sqlite3_clear_bindings (self->statement);
      ((Slot *) self->slot)->busy = FALSE;
    }
  else
    sqlite3_finalize (self->statement);
  self->statement = NULL;
}

gint64
mw_query_int (MwQuery *self,
              int      column)
{
  return sqlite3_column_int64 (self->statement, column);
}

/**
 * mw_query_text:
 *
 * Returns: (transfer none) (nullable): valid until the next step
 */
const char *
mw_query_text (MwQuery *self,
               int      column)
{
  return (const char *) sqlite3_column_text (self->statement, column);
}

char *
mw_query_dup (MwQuery *self,
              int      column)
{
  return g_strdup (mw_query_text (self, column));
}

GBytes *
mw_query_bytes (MwQuery *self,
                int      column)
{
  gconstpointer data = sqlite3_column_blob (self->statement, column);
  int           size = sqlite3_column_bytes (self->statement, column);

  return g_bytes_new (data, (gsize) size);
}

gboolean
mw_query_is_null (MwQuery *self,
                  int      column)
{
  return sqlite3_column_type (self->statement, column) == SQLITE_NULL;
}

/**
 * mw_db_run:
 *
 * Runs one statement to its end, for its effect.
 */
gboolean
mw_db_run (MwDb       *self,
           GError    **error,
           const char *sql,
           const char *types,
           ...)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GError) local = NULL;
  va_list  args;
  gboolean ok;

  va_start (args, types);
  ok = query_init_va (&query, self, error, sql, types, args);
  va_end (args);
  if (!ok)
    return FALSE;
  while (mw_query_step (&query, &local))
    ;
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * mw_db_get_int:
 *
 * Returns: the first column of the first row; @fallback without a row or when the statement failed
 */
gint64
mw_db_get_int (MwDb       *self,
               gint64      fallback,
               const char *sql,
               const char *types,
               ...)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  va_list  args;
  gboolean ok;

  va_start (args, types);
  ok = query_init_va (&query, self, NULL, sql, types, args);
  va_end (args);
  if (!ok || !mw_query_step (&query, NULL) || mw_query_is_null (&query, 0))
    return fallback;
  return mw_query_int (&query, 0);
}

char *
mw_db_get_text (MwDb       *self,
                const char *sql,
                const char *types,
                ...)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  va_list  args;
  gboolean ok;

  va_start (args, types);
  ok = query_init_va (&query, self, NULL, sql, types, args);
  va_end (args);
  if (!ok || !mw_query_step (&query, NULL))
    return NULL;
  return mw_query_dup (&query, 0);
}

/**
 * mw_db_check:
 *
 * Looks through the whole file for damage, unless it is too large to do that before a window opens.
 *
 * Returns: FALSE with MW_STORE_ERROR_DAMAGED
 */
gboolean
mw_db_check (MwDb    *self,
             GError **error)
{
  struct stat      info;
  g_autofree char *verdict = NULL;

  if (g_stat (sqlite3_db_filename (self->handle, "main"), &info) != 0 || info.st_size > CHECK_MAX_BYTES)
    return TRUE;
  verdict = mw_db_get_text (self, "PRAGMA quick_check(1)", "");
  if (g_strcmp0 (verdict, "ok") == 0)
    return TRUE;
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_DAMAGED, "The database is damaged");
  return FALSE;
}
