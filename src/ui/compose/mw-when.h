/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MwWhen:
 *
 * Times that are offered to choose from.
 */
typedef enum
{
  MW_WHEN_IN_AN_HOUR,
  MW_WHEN_THIS_EVENING,
  MW_WHEN_TOMORROW,
  MW_WHEN_IN_THREE_DAYS,
  MW_WHEN_NEXT_MONDAY,
  MW_WHEN_IN_A_WEEK,
} MwWhen;

#define MW_N_WHENS (MW_WHEN_IN_A_WEEK + 1)

GDateTime  *mw_when_time (MwWhen     when,
                          GDateTime *now);
const char *mw_when_label (MwWhen when);
char       *mw_when_text (GDateTime *time,
                          GDateTime *now,
                          gboolean   with_time);

G_END_DECLS
