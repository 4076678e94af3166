/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-answer.h"
#include "mw-connections.h"
#include "mw-sign-in.h"
#include "mw-store.h"

G_BEGIN_DECLS

/**
 * MwConnectError:
 *
 * Why a server cannot become a connection. The message is a whole, translated sentence.
 */
typedef enum
{
  MW_CONNECT_ERROR_URL,
  MW_CONNECT_ERROR_UNREACHABLE,
  MW_CONNECT_ERROR_TLS,
  MW_CONNECT_ERROR_NOT_FHIR,
  MW_CONNECT_ERROR_VERSION,
  MW_CONNECT_ERROR_SIGN_IN,
  MW_CONNECT_ERROR_TOKEN,
  MW_CONNECT_ERROR_CERTIFICATE,
  MW_CONNECT_ERROR_MANAGED,
} MwConnectError;

#define MW_CONNECT_ERROR (mw_connect_error_quark ())
GQuark mw_connect_error_quark (void);

/* Looks at what the server is and can do, and adds it when Meanwhile can work with it. Of @wanted
 * url, name, home, me, auth, token_file, ca_file, sandbox, client_id, scope, secret_file, key_file, cert_file and redirect count; name NULL
 * takes the server's. @secret: (nullable): the bearer token, the client's secret or its key, to be kept in the secret
 * service when no file is named. Returns the connection's id */
void   mw_connect_async (MwStore            *store,
                         const MwConnection *wanted,
                         const char         *secret,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data);
void   mw_connect_in_browser_async (MwStore            *store,
                                    const MwConnection *wanted,
                                    const char         *secret,
                                    const MwBrowser    *browser,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
gint64 mw_connect_finish (MwStore      *store,
                          GAsyncResult *result,
                          GError      **error);

/* In words, for whoever looks at a server */
const char *mw_connect_trouble_text (const MwAnswer *answer,
                                     MwConnectError *code);
const char *mw_connect_refused_text (const char *auth);
const char *mw_connect_old_version (JsonNode *resource);

G_END_DECLS
