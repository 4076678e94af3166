/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-connections.h"

G_BEGIN_DECLS

/* How this program proves to a token endpoint which client it is (RFC 6749, 2.3; SMART App Launch 2.2, client
 * authentication) */
typedef struct _MwClientAuth MwClientAuth;

MwClientAuth *mw_client_auth_new (const MwConnection *connection,
                                  const char         *secret,
                                  GError            **error);
void          mw_client_auth_free (MwClientAuth *self);
const char   *mw_client_auth_kind (const MwConnection *connection);
const char   *mw_client_auth_file (const MwConnection *connection);
GPtrArray    *mw_client_auth_begin (MwClientAuth *self,
                                    const char   *grant_type,
                                    gint64        now,
                                    char        **authorization);
void          mw_form_add (GPtrArray  *fields,
                           const char *name,
                           const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwClientAuth, mw_client_auth_free)

G_END_DECLS
