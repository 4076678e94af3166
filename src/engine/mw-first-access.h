/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-access.h"

#include "mw-capability.h"

G_BEGIN_DECLS

void     mw_first_access_async (MwConnection       *wanted,
                                const char         *secret,
                                MwClient           *client,
                                MwCapability       *capability,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
gboolean mw_first_access_finish (GAsyncResult *result,
                                 GError      **error);

G_END_DECLS
