/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-client-auth.h"
#include "mw-client.h"
#include "mw-store.h"
#include "mw-tokens.h"

G_BEGIN_DECLS

/**
 * MwAccessUse:
 * @MW_ACCESS_GONE: the connection is removed
 * @MW_ACCESS_REPLACED: it is let in with something else by now
 * @MW_ACCESS_IN_USE: it is let in with the same again
 *
 * What became of the access that a connection had.
 */
typedef enum
{
  MW_ACCESS_GONE,
  MW_ACCESS_REPLACED,
  MW_ACCESS_IN_USE,
} MwAccessUse;

MwAccessUse mw_access_use (MwDb               *db,
                           const MwConnection *was);

void mw_sign_in_revoke_async (const MwConnection *connection,
                              MwClientAuth       *auth,
                              MwClient           *client,
                              const MwTokens     *tokens,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);
void mw_sign_in_revoke_finish (GAsyncResult *result);

void     mw_sign_out_async (MwStore            *store,
                            const MwConnection *connection,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);
void     mw_sign_out_past_async (MwStore            *store,
                                 const MwConnection *was,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
gboolean mw_sign_out_finish (MwStore      *store,
                             GAsyncResult *result,
                             GError      **error);

G_END_DECLS
