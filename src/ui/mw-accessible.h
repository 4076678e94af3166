/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void mw_accessible_set_name (GtkWidget  *widget,
                             const char *name);
void mw_accessible_name_buttons (GtkWidget *root);

void mw_accessible_enter (GtkWidget *widget);

G_END_DECLS
