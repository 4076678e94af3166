/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-client.h"

G_BEGIN_DECLS

/**
 * MwOauthAnswer:
 * @answer: how the exchange ended
 * @access_token: (nullable): set when a token was issued
 * @refresh_token: (nullable): a new one, which takes the place of the one before
 * @id_token: (nullable): who signed in (OpenID Connect)
 * @scope: (nullable): what was granted; NULL: what was asked for (RFC 6749, 5.1)
 * @lifetime: µs that the token is good for
 * @error: (nullable): RFC 6749, 5.2: "invalid_client", "invalid_scope" …
 *
 * What a token endpoint said.
 */
typedef struct
{
  MwAnswer *answer;
  char     *access_token;
  char     *refresh_token;
  char     *id_token;
  char     *scope;
  gint64    lifetime;
  char     *error;
} MwOauthAnswer;

void           mw_oauth_answer_free (MwOauthAnswer *self);
char          *mw_oauth_basic (const char *client_id,
                               const char *secret);
void           mw_oauth_token_async (MwClient           *client,
                                     const char         *endpoint,
                                     const char         *authorization,
                                     const char *const  *fields,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
MwOauthAnswer *mw_oauth_token_finish (GAsyncResult *result,
                                      GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwOauthAnswer, mw_oauth_answer_free)

G_END_DECLS
