/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** MW_ID_DIFF_MAX_SPLICES: with more differences than this, one splice replaces all that lies between */
#define MW_ID_DIFF_MAX_SPLICES 100

/**
 * MwIdSplice:
 *
 * At @position, @n_removed ids go and @n_added come: those at the same place of the new array.
 */
typedef struct
{
  guint position;
  guint n_removed;
  guint n_added;
} MwIdSplice;

GArray *mw_id_diff (const gint64 *before,
                    guint         n_before,
                    const gint64 *after,
                    guint         n_after);

G_END_DECLS
