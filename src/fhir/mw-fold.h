/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MwFold:
 * @MW_FOLD_PLAIN: "ü" is "u", "ø" is "o"
 * @MW_FOLD_SPELT_OUT: "ü" is "ue", "ø" is "oe", as German and Danish write them without the letter
 */
typedef enum
{
  MW_FOLD_PLAIN,
  MW_FOLD_SPELT_OUT,
} MwFold;

GStrv    mw_fold_words (const char *text,
                        MwFold      how);
char    *mw_fold_text (const char *text,
                       MwFold      how);
gboolean mw_fold_equal (const char *one,
                        const char *other);

G_END_DECLS
