/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * MwStoreError:
 * @MW_STORE_ERROR_FAILED: SQLite refused; a programming error or a fault of the system
 * @MW_STORE_ERROR_FULL: the disk is full, or a quota is reached; nothing was written, old data is readable
 * @MW_STORE_ERROR_READ_ONLY: the file or its folder cannot be written
 * @MW_STORE_ERROR_BUSY: another process held the database too long
 * @MW_STORE_ERROR_DAMAGED: the file is no database, or a damaged one; it was left as it is
 * @MW_STORE_ERROR_NEWER: the file was written by a newer version of the program
 * @MW_STORE_ERROR_NOT_FOUND: no such row
 * @MW_STORE_ERROR_STATE: the row has moved on: what was asked no longer applies
 */
typedef enum
{
  MW_STORE_ERROR_FAILED,
  MW_STORE_ERROR_FULL,
  MW_STORE_ERROR_READ_ONLY,
  MW_STORE_ERROR_BUSY,
  MW_STORE_ERROR_DAMAGED,
  MW_STORE_ERROR_NEWER,
  MW_STORE_ERROR_NOT_FOUND,
  MW_STORE_ERROR_STATE,
} MwStoreError;

#define MW_STORE_ERROR (mw_store_error_quark ())
GQuark mw_store_error_quark (void);

/**
 * MwChange:
 *
 * The families of rows that a commit touched, for those who show or drain them.
 */
typedef enum
{
  MW_CHANGE_CONNECTIONS = 1 << 0,
  MW_CHANGE_ENTRIES = 1 << 1,
  MW_CHANGE_ITEMS = 1 << 2,
  MW_CHANGE_PEOPLE = 1 << 3,
  MW_CHANGE_RESOURCES = 1 << 4,
  MW_CHANGE_JOURNAL = 1 << 5,
  MW_CHANGE_WATERMARKS = 1 << 6,
  MW_CHANGE_QUARANTINE = 1 << 7,
  MW_CHANGE_AUDIT = 1 << 8,
  MW_CHANGE_ALL = (1 << 9) - 1,
} MwChange;

/* One SQLite connection with a statement for each SQL literal. Used by one thread at a time. */
typedef struct _MwDb MwDb;

typedef enum
{
  MW_DB_READ_WRITE,
  MW_DB_READ_ONLY,
} MwDbMode;

MwDb    *mw_db_open (const char *path,
                     MwDbMode    mode,
                     GError    **error);
void     mw_db_close (MwDb *self);
gboolean mw_db_check (MwDb    *self,
                      GError **error);
gboolean mw_db_exec (MwDb       *self,
                     const char *sql,
                     GError    **error);
void     mw_db_touch (MwDb    *self,
                      MwChange changes);
MwChange mw_db_take_changes (MwDb *self);
gint64   mw_db_last_id (MwDb *self);
gint     mw_db_n_changed (MwDb *self);

/**
 * MwQuery:
 *
 * A statement under way. Declare it with g_auto(MwQuery) so that it is given back reset.
 */
typedef struct
{
  MwDb    *db;
  gpointer statement;
  gpointer slot;
} MwQuery;

#define MW_QUERY_INIT \
  {                   \
    NULL, NULL, NULL  \
  }

/* Types of the values: i gint64, d int, s (nullable) string, b (nullable) GBytes */
gboolean    mw_query_init (MwQuery    *self,
                           MwDb       *db,
                           GError    **error,
                           const char *sql,
                           const char *types,
                           ...);
gboolean    mw_query_step (MwQuery *self,
                           GError **error);
void        mw_query_clear (MwQuery *self);
gint64      mw_query_int (MwQuery *self,
                          int      column);
const char *mw_query_text (MwQuery *self,
                           int      column);
char       *mw_query_dup (MwQuery *self,
                          int      column);
GBytes     *mw_query_bytes (MwQuery *self,
                            int      column);
gboolean    mw_query_is_null (MwQuery *self,
                              int      column);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MwQuery, mw_query_clear)

gboolean mw_db_run (MwDb       *self,
                    GError    **error,
                    const char *sql,
                    const char *types,
                    ...);
gint64   mw_db_get_int (MwDb       *self,
                        gint64      fallback,
                        const char *sql,
                        const char *types,
                        ...);
char    *mw_db_get_text (MwDb       *self,
                         const char *sql,
                         const char *types,
                         ...);

G_END_DECLS
