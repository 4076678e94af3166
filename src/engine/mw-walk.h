/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-batch.h"

G_BEGIN_DECLS

/**
 * MwWalkResult:
 *
 * How a walk through one query ended.
 */
typedef enum
{
  MW_WALK_DONE,
  MW_WALK_BROKEN_OFF,
  MW_WALK_REFUSED,
} MwWalkResult;

/* Walks a query of a connection from its watermark to the end, page by page, each page with its
 * watermark in one transaction */
void         mw_walk_async (MwLink             *link,
                            const char         *query,
                            GStrv               me,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);
MwWalkResult mw_walk_finish (GAsyncResult *result,
                             guint        *n_new);

G_END_DECLS
