/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-store.h"

G_BEGIN_DECLS

/**
 * MwTriage:
 *
 * What a clinician does with entries in the list. Each has an opposite, for undo.
 */
typedef enum
{
  MW_TRIAGE_READ,
  MW_TRIAGE_UNREAD,
  MW_TRIAGE_FLAG,
  MW_TRIAGE_UNFLAG,
  MW_TRIAGE_ARCHIVE,
  MW_TRIAGE_UNARCHIVE,
  MW_TRIAGE_ACKNOWLEDGE,
  MW_TRIAGE_SNOOZE,
  MW_TRIAGE_UNSNOOZE,
} MwTriage;

void   mw_triage_async (MwStore            *store,
                        MwTriage            verb,
                        const gint64       *ids,
                        guint               n_ids,
                        gint64              until,
                        gint64              now,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data);
gint64 mw_triage_finish (MwStore      *store,
                         GAsyncResult *result,
                         GError      **error);
gint64 mw_triage_apply (MwDb         *db,
                        MwTriage      verb,
                        const gint64 *ids,
                        guint         n_ids,
                        gint64        until,
                        gint64        now,
                        GError      **error);

G_END_DECLS
