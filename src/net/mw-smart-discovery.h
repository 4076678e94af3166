/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-client.h"
#include "mw-smart-configuration.h"

G_BEGIN_DECLS

void                  mw_smart_discover_async (MwClient           *client,
                                               MwCapability       *capability,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
MwSmartConfiguration *mw_smart_discover_finish (GAsyncResult *result,
                                                GError      **error);

G_END_DECLS
