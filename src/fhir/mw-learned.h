/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a server taught when something was tried: words that outlive its own statement. Kept as text, a word a line:
 *
 *   transaction, batch              the interaction with the whole system is refused
 *   create:Task, update:Task …      the interaction with the type is refused
 *   conditional-create:Task         If-None-Exist is refused; update-create:Task: an id of ours
 *   process-message                 the operation is refused
 *   operation:Patient/$match        likewise; operation:$name for the whole system
 *   max-body:1048576                larger bodies are refused
 */

/** MW_LEARNED_MAX_WORDS: more than this is not kept */
#define MW_LEARNED_MAX_WORDS 200

char  *mw_learned_add (const char *text,
                       const char *word);
GStrv  mw_learned_parse (const char *text);
char  *mw_learned_max_body_word (gsize refused_size);
gint64 mw_learned_max_body (const char *const *words);

G_END_DECLS
