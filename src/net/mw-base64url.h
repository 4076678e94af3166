/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Base64 as JSON Web Signatures write it (RFC 7515, 2): without padding, safe in URLs */

char   *mw_base64url_encode (gconstpointer data,
                             gsize         length);
GBytes *mw_base64url_decode (const char *text);

G_END_DECLS
