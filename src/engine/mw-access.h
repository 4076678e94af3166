/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-client.h"
#include "mw-connections.h"

G_BEGIN_DECLS

/**
 * MwAccessError:
 * @MW_ACCESS_ERROR_PERSON: only a person can help: the secret is wrong, the keyring locked, the client unknown
 * @MW_ACCESS_ERROR_SCOPE: the server does not grant what was asked for
 * @MW_ACCESS_ERROR_LATER: the token endpoint cannot be reached or is not able to answer now
 *
 * Why there is no way in. The message is a whole, translated sentence.
 */
typedef enum
{
  MW_ACCESS_ERROR_PERSON,
  MW_ACCESS_ERROR_SCOPE,
  MW_ACCESS_ERROR_LATER,
} MwAccessError;

#define MW_ACCESS_ERROR (mw_access_error_quark ())
GQuark mw_access_error_quark (void);

/* The way into one server: holds the token, and gets a new one before it ends. One request for a token at a time,
 * however many wait for it. Belongs to the thread of its client. */
typedef struct _MwAccess MwAccess;

typedef gint64 (*MwAccessNow) (gpointer user_data);

MwAccess       *mw_access_new (const MwConnection *connection,
                               MwClient           *client,
                               MwAccessNow         now,
                               gpointer            now_data);
void            mw_access_unref (MwAccess *self);
void            mw_access_stop (MwAccess *self);
gboolean        mw_access_is_renewing (MwAccess *self);
void            mw_access_take_over (MwAccess *self,
                                     MwAccess *before);
void            mw_access_take_secret (MwAccess   *self,
                                       const char *secret);
gboolean        mw_access_is_ready (MwAccess *self);
gboolean        mw_access_may_renew (MwAccess *self);
gboolean        mw_access_is_new (MwAccess *self);
gint64          mw_access_get_end (MwAccess *self);
void            mw_access_forget (MwAccess *self);
const char     *mw_access_get_granted (MwAccess *self);
const MwAnswer *mw_access_get_answer (MwAccess *self);
void            mw_access_get_async (MwAccess           *self,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
gboolean        mw_access_get_finish (GAsyncResult *result,
                                      GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwAccess, mw_access_unref)

G_END_DECLS
