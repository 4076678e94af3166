/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What must not be seen by anybody: in the secret service, or, headless, in a file of mode 0600 that the person named */

/** MW_SECRET_TOKEN: a bearer token; MW_SECRET_CLIENT: a client's secret; MW_SECRET_KEY: a client's private key;
 *  MW_SECRET_SIGN_IN: what a sign-in gave, see mw-tokens.h */
#define MW_SECRET_TOKEN "token"
#define MW_SECRET_CLIENT "client-secret"
#define MW_SECRET_KEY "key"
/** MW_SECRET_CERTIFICATE: the certificate that this computer shows, with its key */
#define MW_SECRET_CERTIFICATE "certificate"
#define MW_SECRET_SIGN_IN "sign-in"

char    *mw_secret_read_file (const char *path,
                              const char *kind,
                              GError    **error);
void     mw_secret_lookup_async (const char         *kind,
                                 const char         *url,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
char    *mw_secret_lookup_finish (GAsyncResult *result,
                                  GError      **error);
void     mw_secret_store_async (const char         *kind,
                                const char         *url,
                                const char         *text,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
gboolean mw_secret_store_finish (GAsyncResult *result,
                                 GError      **error);
void     mw_secret_forget_async (const char         *kind,
                                 const char         *url,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
gboolean mw_secret_forget_finish (GAsyncResult *result,
                                  GError      **error);

G_END_DECLS
