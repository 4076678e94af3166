/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*MwSnoozeFunc) (gint64   until,
                              gpointer user_data);

void mw_snooze_dialog_present (GtkWindow   *parent,
                               MwSnoozeFunc func,
                               GtkWindow   *owner);

G_END_DECLS
