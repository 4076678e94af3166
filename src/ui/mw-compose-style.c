/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-compose-style.h"

#include "mw-config.h"

#include <gtk/gtk.h>

/**
 * mw_compose_style_ensure:
 *
 * Adds the style of these widgets to the display, once. For class_init of those that need it.
 */
void
mw_compose_style_ensure (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

      gtk_css_provider_load_from_resource (provider, MW_APP_PATH "/ui/compose.css");
      gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
      g_once_init_leave (&done, 1);
    }
}
