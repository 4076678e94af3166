/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-accessible.h"

/* From GTK 4.10 on a button with words is labelled by them, which would be said instead */
static void
set_name (GtkWidget  *widget,
          const char *name)
{
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * mw_accessible_set_name:
 *
 * Gives @widget the name that a screen reader says, whatever words it shows. Of a menu button and of a drop-down the
 * part that takes the focus is a button within, which has to be named too.
 */
void
mw_accessible_set_name (GtkWidget  *widget,
                        const char *name)
{
  set_name (widget, name);
  if ((GTK_IS_MENU_BUTTON (widget) || GTK_IS_DROP_DOWN (widget)) && gtk_widget_get_first_child (widget) != NULL)
    set_name (gtk_widget_get_first_child (widget), name);
}

static gboolean
has_words (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget))
    return gtk_button_get_label (GTK_BUTTON (widget)) != NULL;
  return gtk_menu_button_get_label (GTK_MENU_BUTTON (widget)) != NULL;
}

/**
 * mw_accessible_name_buttons:
 *
 * Has every button below @root that shows an icon alone say its tooltip. GTK 4.8 takes a tooltip for a
 * description, and calls the button by the type of its icon.
 */
void
mw_accessible_name_buttons (GtkWidget *root)
{
  const char *tooltip = gtk_widget_get_tooltip_text (root);

  if (tooltip != NULL && (GTK_IS_BUTTON (root) || GTK_IS_MENU_BUTTON (root)) && !has_words (root))
    mw_accessible_set_name (root, tooltip);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    mw_accessible_name_buttons (child);
}

/**
 * mw_accessible_enter:
 *
 * Puts the focus on the first of what takes it in @widget. A widget that holds others must not do this when it
 * is asked to grab the focus itself: GTK asks that of it too when Shift+Tab is about to leave it.
 */
void
mw_accessible_enter (GtkWidget *widget)
{
  gtk_widget_set_focus_child (widget, NULL);
  gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD);
}
