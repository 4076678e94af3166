/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* SMART scopes, of version 2 ("user/Task.crus") and of version 1 ("user/Task.read"), SMART App Launch 2.2
 * scopes-and-launch-context. Lists are separated by blanks, as OAuth writes them (RFC 6749, 3.3). What is no
 * scope on resources ("openid", "launch/patient", and what breaks the grammar) means only itself.
 *
 * A granted list that is NULL was not told, and is then what was asked for (RFC 6749, 5.1); an empty one
 * grants nothing. A grant is no promise: servers may still refuse, or leave rows out. */

/** MW_SCOPE_MAX: scopes of one list that are read, and MW_SCOPE_MAX_LENGTH the bytes of the list */
#define MW_SCOPE_MAX 2000
#define MW_SCOPE_MAX_LENGTH (256 * 1024)

gboolean mw_scope_covers (const char *granted,
                          const char *wanted_one);
GStrv    mw_scope_missing (const char *granted,
                           const char *wanted);
char    *mw_scope_missing_text (GStrv missing);
char    *mw_scope_spell (const char *wanted,
                         gboolean    v1);
char    *mw_scope_clinician (gboolean system);

G_END_DECLS
