/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What newer versions of the libraries have under other names, in one place. */

typedef void (*MwFileChosenFunc) (GFile   *file,
                                  gpointer user_data);

void     mw_compat_choose_file (GtkWindow       *parent,
                                const char      *title,
                                MwFileChosenFunc func,
                                gpointer         user_data);
void     mw_compat_show_uri (GtkWindow  *parent,
                             const char *uri);
void     mw_compat_show_about (GtkWindow *parent);
gboolean mw_compat_lookup_color (GtkWidget  *widget,
                                 const char *name,
                                 GdkRGBA    *color);
void     mw_compat_get_color (GtkWidget *widget,
                              GdkRGBA   *color);
gboolean mw_compat_start_again (const char *option,
                                GError    **error);

G_END_DECLS
