/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-key.h"

G_BEGIN_DECLS

/* The key that Meanwhile made for a server itself: in the secret service, under the server's address */

void   mw_own_key_async (const char         *url,
                         gboolean            make,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data);
MwKey *mw_own_key_finish (GAsyncResult *result,
                          GError      **error);

G_END_DECLS
