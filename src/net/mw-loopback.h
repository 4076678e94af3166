/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-smart-launch.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** MW_LOOPBACK_PATH: where a browser comes back to when the server leaves the port to us (RFC 8252, 7.3) */
#define MW_LOOPBACK_PATH "/callback"

/* Where a browser comes back to after a sign-in: a listener on this computer only. Belongs to the thread, and the main
 * context, that made it. */
typedef struct _MwLoopback MwLoopback;

MwLoopback      *mw_loopback_new (const char *redirect,
                                  const char *state,
                                  GError    **error);
void             mw_loopback_free (MwLoopback *self);
const char      *mw_loopback_get_redirect (MwLoopback *self);
void             mw_loopback_wait_async (MwLoopback         *self,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
MwSmartCallback *mw_loopback_wait_finish (GAsyncResult *result,
                                          GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwLoopback, mw_loopback_free)

G_END_DECLS
