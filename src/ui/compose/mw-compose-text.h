/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-draft.h"

G_BEGIN_DECLS

/* The words of the compose window */

const char *mw_compose_title (const MwDraft *draft);
const char *mw_compose_verb (const char *kind);
const char *mw_compose_error_text (const GError *error);
GPtrArray  *mw_compose_to_pairs (const MwDraft *draft);
char       *mw_compose_to_plain (const MwDraft *draft);
guint       mw_undo_seconds (void);

G_END_DECLS
