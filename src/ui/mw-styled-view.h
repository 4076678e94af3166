/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "mw-narrative.h"

G_BEGIN_DECLS

GtkWidget *mw_styled_view_new (const MwStyledText *text);

G_END_DECLS
