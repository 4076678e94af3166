/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "mw-store.h"

G_BEGIN_DECLS

/* One resource of a patient's record in a list, or the heading of a group of them */

#define MW_TYPE_RECORD (mw_record_get_type ())
G_DECLARE_FINAL_TYPE (MwRecord, mw_record, MW, RECORD, GObject)

MwRecord   *mw_record_new_heading (const char *type);
gboolean    mw_record_is_heading (MwRecord *self);
gint64      mw_record_get_id (MwRecord *self);
const char *mw_record_get_reference (MwRecord *self);
const char *mw_record_get_resource_type (MwRecord *self);
const char *mw_record_get_title (MwRecord *self);
const char *mw_record_get_detail (MwRecord *self);
const char *mw_record_get_fold (MwRecord *self);

GPtrArray *mw_records_read (MwDb    *db,
                            gint64   patient,
                            GError **error);
void       mw_records_load_async (MwStore            *store,
                                  gint64              patient,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
GPtrArray *mw_records_load_finish (MwStore      *store,
                                   GAsyncResult *result,
                                   GError      **error);

G_END_DECLS
