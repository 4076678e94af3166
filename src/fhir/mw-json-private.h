/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

/* A decimal is carried in the tree as this noncharacter and its text. The parser turns every
 * U+FDD0 of the sender into U+FFFD, so nothing remote can pose as one. */
#define MW_JSON_DECIMAL_MARK "\xEF\xB7\x90"

/* Takes the next segment off @path; @index is -1 where none is written, G_MAXUINT32 for "[+]" */
gboolean mw_json_path_next (const char **path,
                            const char **name,
                            gsize       *length,
                            gint64      *index);
