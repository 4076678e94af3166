/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A popover to choose a day, or a day and a time, from now on.
 *
 * Property "with-time". Signal "chosen" (GDateTime *time): NULL for no date at all. */

#define MW_TYPE_WHEN_POPOVER (mw_when_popover_get_type ())
G_DECLARE_FINAL_TYPE (MwWhenPopover, mw_when_popover, MW, WHEN_POPOVER, GtkPopover)

void mw_when_popover_set_removable (MwWhenPopover *self,
                                    gboolean       removable);

G_END_DECLS
