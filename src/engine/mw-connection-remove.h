/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-connection-removal.h"
#include "mw-connections.h"
#include "mw-store.h"

G_BEGIN_DECLS

/**
 * MwRemoved:
 * @withdrawn: items that were withdrawn
 * @kept: items that need attention
 * @secret_text: (nullable): why what the connection was let in with is still in the keyring, for a person
 *
 * What a removal did.
 */
typedef struct
{
  gint64 withdrawn;
  gint64 kept;
  char  *secret_text;
} MwRemoved;

/**
 * MwRemoveError:
 * @MW_REMOVE_ERROR_WAITING: items wait for it, and nobody has said what becomes of them
 * @MW_REMOVE_ERROR_SENDING: something is on the wire
 * @MW_REMOVE_ERROR_MANAGED: an administrator has set it up
 * @MW_REMOVE_ERROR_GONE: there is no such connection any more
 *
 * Why a connection is not removed. The message is a whole, translated sentence.
 */
typedef enum
{
  MW_REMOVE_ERROR_WAITING,
  MW_REMOVE_ERROR_SENDING,
  MW_REMOVE_ERROR_GONE,
  MW_REMOVE_ERROR_MANAGED,
} MwRemoveError;

#define MW_REMOVE_ERROR (mw_remove_error_quark ())
GQuark mw_remove_error_quark (void);

void        mw_removed_free (MwRemoved *self);
MwRemoval   mw_connection_removal (MwWaitingChoice choice);
const char *mw_connection_managed_text (void);
char       *mw_connection_removal_words (const MwConnection     *connection,
                                         const MwConnectionLoad *load);
void        mw_connection_remove_async (MwStore            *store,
                                        gint64              id,
                                        MwWaitingChoice     choice,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
MwRemoved  *mw_connection_remove_finish (GAsyncResult *result,
                                         GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwRemoved, mw_removed_free)

G_END_DECLS
