/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Proof that who exchanges a code is who asked for it (RFC 7636, S256) */

char *mw_pkce_new_secret (void);
char *mw_pkce_challenge (const char *verifier);

G_END_DECLS
