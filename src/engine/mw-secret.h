/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Bearer tokens: in the secret service, or, headless, in a file of mode 0600 that the person named */

char    *mw_token_read_file (const char *path,
                             GError    **error);
void     mw_token_lookup_async (const char         *url,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
char    *mw_token_lookup_finish (GAsyncResult *result,
                                 GError      **error);
void     mw_token_store_async (const char         *url,
                               const char         *token,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);
gboolean mw_token_store_finish (GAsyncResult *result,
                                GError      **error);

G_END_DECLS
