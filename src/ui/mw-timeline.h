/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "mw-detail.h"

G_BEGIN_DECLS

void mw_timeline_fill (GtkBox         *box,
                       const MwDetail *detail,
                       gint64          now);

G_END_DECLS
