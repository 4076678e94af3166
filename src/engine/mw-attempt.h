/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-item.h"
#include "mw-link.h"
#include "mw-request.h"

G_BEGIN_DECLS

/**
 * MwAttemptEnd:
 * @MW_ATTEMPT_NEXT: the request is done and the item has another one
 * @MW_ATTEMPT_OVER: the item is handed over, held or needs attention; all of it on disk
 */
typedef enum
{
  MW_ATTEMPT_NEXT,
  MW_ATTEMPT_OVER,
} MwAttemptEnd;

/* One attempt at one request: its beginning is on disk before the first byte leaves, its end as soon as it is known */
void         mw_attempt_async (MwLink             *link,
                               MwItem             *item,
                               GPtrArray          *requests,
                               guint               index,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);
MwAttemptEnd mw_attempt_finish (GAsyncResult *result);

G_END_DECLS
