/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-connections.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a sign-in gave, where it is kept: in the secret service, or, headless, in a file of mode 0600 that the person
 * named. Several processes use the same sign-in, and a server may end it when a refresh token comes twice: whoever renews
 * it holds its lock from reading it until the new one is kept. */

/**
 * MwTokens:
 * @access_token: (nullable): the one in use
 * @refresh_token: (nullable): for the next; NULL where the server gives none
 * @expires: µs since 1970: when @access_token ends
 * @scope: (nullable): what was granted
 */
typedef struct
{
  char  *access_token;
  char  *refresh_token;
  gint64 expires;
  char  *scope;
} MwTokens;

void      mw_tokens_free (MwTokens *self);
MwTokens *mw_tokens_new_from_text (const char         *text,
                                   const MwConnection *connection);
char     *mw_tokens_to_text (const MwTokens     *self,
                             const MwConnection *connection);

typedef struct _MwTokensLock MwTokensLock;

void          mw_tokens_lock_async (const MwConnection *connection,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
MwTokensLock *mw_tokens_lock_finish (GAsyncResult *result,
                                     GError      **error);
void          mw_tokens_unlock (MwTokensLock *lock);

void      mw_tokens_load_async (const MwConnection *connection,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
MwTokens *mw_tokens_load_finish (GAsyncResult *result,
                                 GError      **error);

void     mw_tokens_keep_async (const MwConnection *connection,
                               const MwTokens     *tokens,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);
gboolean mw_tokens_keep_finish (GAsyncResult *result,
                                GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwTokens, mw_tokens_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwTokensLock, mw_tokens_unlock)

G_END_DECLS
