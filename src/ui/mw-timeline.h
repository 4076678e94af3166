/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "mw-detail.h"

G_BEGIN_DECLS

/* What happened in a thread, newest first, each line with its time and its evidence. */

#define MW_TYPE_TIMELINE (mw_timeline_get_type ())
G_DECLARE_FINAL_TYPE (MwTimeline, mw_timeline, MW, TIMELINE, GtkWidget)

void mw_timeline_show (MwTimeline *self,
                       MwDetail   *detail);

G_END_DECLS
