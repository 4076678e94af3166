/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The certificate that this computer shows to a server (mutual TLS; RFC 8446, 4.4.2; RFC 8705) */

GTlsCertificate *mw_client_certificate_new (const char *pem,
                                            gint64      now,
                                            GError    **error);

G_END_DECLS
