/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-connections.h"
#include "mw-store.h"

G_BEGIN_DECLS

void     mw_access_forget_async (MwStore            *store,
                                 const MwConnection *was,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
gboolean mw_access_forget_finish (GAsyncResult *result,
                                  GError      **error);

G_END_DECLS
