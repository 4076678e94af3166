/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-client-auth.h"
#include "mw-client.h"
#include "mw-store.h"
#include "mw-tokens.h"

G_BEGIN_DECLS

void mw_sign_in_revoke_async (const MwConnection *connection,
                              MwClientAuth       *auth,
                              MwClient           *client,
                              const MwTokens     *tokens,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);
void mw_sign_in_revoke_finish (GAsyncResult *result);

void     mw_sign_out_async (MwStore            *store,
                            const MwConnection *connection,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);
gboolean mw_sign_out_finish (MwStore      *store,
                             GAsyncResult *result,
                             GError      **error);

G_END_DECLS
