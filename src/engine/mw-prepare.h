/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-item.h"
#include "mw-link.h"

G_BEGIN_DECLS

/* The stages of an item: identify, discover, negotiate, authorise. At their end its requests are on disk, or
 * it is held or needs attention, and that is on disk. */
void     mw_prepare_async (MwCore             *core,
                           gint64              item,
                           GAsyncReadyCallback callback,
                           gpointer            user_data);
gboolean mw_prepare_finish (GAsyncResult *result);

G_END_DECLS
