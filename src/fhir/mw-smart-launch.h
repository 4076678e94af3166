/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/* A person signs in with her browser (SMART App Launch 2.2, standalone launch of a native app; RFC 8252) */

/**
 * MwSmartLaunch:
 * @endpoint: the authorization endpoint
 * @client_id: what the server's registration calls this program
 * @redirect: where the browser comes back to
 * @scope: what is asked for, as the server spells it
 * @state: what only this sign-in knows
 * @nonce: what the id_token has to repeat
 * @audience: the FHIR base
 * @challenge: of PKCE, S256
 *
 * One request to sign in.
 */
typedef struct
{
  const char *endpoint;
  const char *client_id;
  const char *redirect;
  const char *scope;
  const char *state;
  const char *nonce;
  const char *audience;
  const char *challenge;
} MwSmartLaunch;

char *mw_smart_launch_url (const MwSmartLaunch *self);

/**
 * MwSmartCallback:
 * @code: (nullable): to be exchanged for a token
 * @error: (nullable): why there is none (RFC 6749, 4.1.2.1)
 * @issuer: (nullable): who says so (RFC 9207)
 *
 * What the browser brings back: a code or an error, never neither.
 */
typedef struct
{
  char *code;
  char *error;
  char *issuer;
} MwSmartCallback;

MwSmartCallback *mw_smart_callback_new (const char *query,
                                        const char *state);
void             mw_smart_callback_free (MwSmartCallback *self);

char *mw_smart_user (JsonNode   *claims,
                     const char *issuer,
                     const char *client_id,
                     const char *nonce,
                     gint64      now,
                     const char *base);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwSmartCallback, mw_smart_callback_free)

G_END_DECLS
