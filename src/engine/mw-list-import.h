/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-store.h"

G_BEGIN_DECLS

/* Takes the lists of endpoints that vendors publish into the directory on this computer, and out of it again. */

/**
 * MwListError:
 * @MW_LIST_ERROR_PLACE: neither a file nor an address that a list may be fetched from
 * @MW_LIST_ERROR_UNREACHABLE: the file cannot be read, or the address does not answer
 * @MW_LIST_ERROR_CONTENT: what is there is no list, or broke off
 * @MW_LIST_ERROR_TOO_BIG: it has no end within the limits
 *
 * Why a list was not imported. The message is a whole, translated sentence; what was imported from there before stays.
 */
typedef enum
{
  MW_LIST_ERROR_PLACE,
  MW_LIST_ERROR_UNREACHABLE,
  MW_LIST_ERROR_CONTENT,
  MW_LIST_ERROR_TOO_BIG,
} MwListError;

#define MW_LIST_ERROR (mw_list_error_quark ())
GQuark mw_list_error_quark (void);

/** MW_LIST_MAX_BYTES: of one list, unpacked */
#define MW_LIST_MAX_BYTES (1024 * 1024 * 1024)

/**
 * MwListProgressFunc:
 * @bytes: that were read
 * @written: records that were written
 * @total: records to write; 0 while it is still read
 *
 * Called now and then, on the main context from which the import was begun, until it ends.
 */
typedef void (*MwListProgressFunc) (guint64  bytes,
                                    guint    written,
                                    guint    total,
                                    gpointer user_data);

/**
 * MwListImportOptions:
 * @max_bytes: 0 for MW_LIST_MAX_BYTES
 * @now: µs; 0 for the clock's
 * @progress: (nullable):
 */
typedef struct
{
  guint64            max_bytes;
  gint64             now;
  MwListProgressFunc progress;
  gpointer           progress_data;
} MwListImportOptions;

void     mw_list_import_async (MwStore                   *store,
                               const char                *place,
                               const MwListImportOptions *options,
                               GCancellable              *cancellable,
                               GAsyncReadyCallback        callback,
                               gpointer                   user_data);
char    *mw_list_import_finish (MwStore      *store,
                                GAsyncResult *result,
                                GError      **error);
void     mw_list_forget_async (MwStore            *store,
                               const char         *source,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);
gboolean mw_list_forget_finish (MwStore      *store,
                                GAsyncResult *result,
                                GError      **error);

G_END_DECLS
