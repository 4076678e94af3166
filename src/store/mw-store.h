/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/* The meeting place of window, command line and engine: one writer thread, many readers, and a
 * notice to everybody, in this process and others, when rows have changed. */

#define MW_TYPE_STORE (mw_store_get_type ())
G_DECLARE_FINAL_TYPE (MwStore, mw_store, MW, STORE, GObject)

/**
 * MwStoreFunc:
 * @db: the connection; inside a transaction for a write
 * @input: what the caller handed over: plain data, never a live object
 *
 * The work of one job, on a thread of the store. For a write, setting @error rolls everything back.
 *
 * Returns: a number for the caller: a row id, a count
 */
typedef gint64 (*MwStoreFunc) (MwDb    *db,
                               gpointer input,
                               GError **error);

/**
 * MwStoreWatchFunc:
 * @changes: the families that changed since the last call
 *
 * Called on the main context that was the thread default when the watch was added.
 */
typedef void (*MwStoreWatchFunc) (MwStore *self,
                                  MwChange changes,
                                  gpointer user_data);

MwStore    *mw_store_open (const char *folder,
                           GError    **error);
void        mw_store_close (MwStore *self);
const char *mw_store_get_folder (MwStore *self);
MwDb       *mw_store_get_reader (MwStore *self,
                                 GError **error);
char       *mw_store_set_aside (const char *folder,
                                GError    **error);

gboolean mw_store_forget_all (MwStore *self,
                              GError **error);

void   mw_store_write_async (MwStore            *self,
                             MwStoreFunc         func,
                             gpointer            input,
                             GDestroyNotify      free_input,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data);
gint64 mw_store_write_finish (MwStore      *self,
                              GAsyncResult *result,
                              GError      **error);
gint64 mw_store_write (MwStore    *self,
                       MwStoreFunc func,
                       gpointer    input,
                       GError    **error);
void   mw_store_read_async (MwStore            *self,
                            MwStoreFunc         func,
                            gpointer            input,
                            GDestroyNotify      free_input,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);
gint64 mw_store_read_finish (MwStore      *self,
                             GAsyncResult *result,
                             GError      **error);

guint    mw_store_watch (MwStore         *self,
                         MwStoreWatchFunc func,
                         gpointer         user_data);
void     mw_store_unwatch (MwStore *self,
                           guint    id);
gboolean mw_store_lock_engine (MwStore *self,
                               GError **error);
void     mw_store_unlock_engine (MwStore *self);

G_END_DECLS
