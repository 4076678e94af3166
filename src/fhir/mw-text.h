/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** MW_TEXT_LINE: characters of a one-line text (a title, a label, a sender) */
#define MW_TEXT_LINE 200
/** MW_TEXT_BLOCK: characters of a text of several lines (a note, a field's value) */
#define MW_TEXT_BLOCK 20000

char    *mw_text_clean (const char *text,
                        gsize       max_characters,
                        gboolean    keep_lines);
gboolean mw_text_is_deceptive (gunichar c);
char    *mw_text_line (const char *text);
char    *mw_text_humanise (const char *name);
char    *mw_code_to_text (const char *code);

G_END_DECLS
