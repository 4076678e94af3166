/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-store.h"
#include "mw-tokens.h"

G_BEGIN_DECLS

void          mw_sign_in_keep_async (MwStore            *store,
                                     const MwConnection *wanted,
                                     const MwTokens     *tokens,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
MwTokensLock *mw_sign_in_keep_finish (GAsyncResult *result,
                                      GError      **error);

G_END_DECLS
