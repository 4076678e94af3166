/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-entry.h"
#include "mw-workflow.h"

G_BEGIN_DECLS

/**
 * MwNoteFunc:
 * @note: (nullable): what was written; NULL when the person changed her mind
 * @files: (transfer full) (nullable) (element-type MwNewFile): what goes along
 */
typedef void (*MwNoteFunc) (const char *note,
                            GPtrArray  *files,
                            gpointer    user_data);

void mw_note_dialog_present (GtkWindow      *parent,
                             const MwAction *action,
                             const MwEntry  *entry,
                             MwNoteFunc      func,
                             gpointer        user_data);

G_END_DECLS
