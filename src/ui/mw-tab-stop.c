/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-tab-stop.h"

/* One stop of the Tab key, whatever is in it. GTK 4.8 takes Tab through every row of a list view, so that
 * what stands behind a list of thousands would never be reached by keyboard. Inside, the arrows move. */

struct _MwTabStop
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (MwTabStop, mw_tab_stop, ADW_TYPE_BIN)

static gboolean
mw_tab_stop_focus (GtkWidget       *widget,
                   GtkDirectionType direction)
{
  gboolean inside = gtk_widget_get_focus_child (widget) != NULL;

  /* the parent goes on to what comes after */
  if (inside && (direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD))
    return FALSE;
  return GTK_WIDGET_CLASS (mw_tab_stop_parent_class)->focus (widget, direction);
}

static void
mw_tab_stop_class_init (MwTabStopClass *klass)
{
  GTK_WIDGET_CLASS (klass)->focus = mw_tab_stop_focus;
}

static void
mw_tab_stop_init (MwTabStop *self)
{
}
