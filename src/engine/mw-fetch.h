/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-batch.h"

G_BEGIN_DECLS

/* Reads single resources of a server into a batch, several at a time */
void     mw_fetch_async (MwLink             *link,
                         MwBatch            *batch,
                         GStrv               references,
                         GAsyncReadyCallback callback,
                         gpointer            user_data);
gboolean mw_fetch_finish (GAsyncResult *result,
                          GError      **error);

G_END_DECLS
