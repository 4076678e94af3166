/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-list-row.h"

#include "mw-config.h"
#include "mw-place.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

struct _MwListRow
{
  GtkWidget parent_instance;

  GtkImage       *icon;
  GtkInscription *party;
  GtkInscription *subject;
  GtkInscription *state;
  GtkInscription *context;
  GtkLabel       *age;
  GtkLabel       *priority;
  GtkWidget      *warned;
  GtkWidget      *flagged;

  MwRow      *row;
  gulong      handler;
  const char *style;
};

G_DEFINE_FINAL_TYPE (MwListRow, mw_list_row, GTK_TYPE_WIDGET)

static void
set_class (GtkWidget  *widget,
           const char *name,
           gboolean    on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
show_kind (MwListRow  *self,
           const char *kind)
{
  const char *style = mw_kind_style (kind);

  gtk_image_set_from_icon_name (self->icon, mw_kind_icon (kind));
  if (g_strcmp0 (self->style, style) == 0)
    return;
  if (self->style != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), self->style);
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), style);
  self->style = style;
}

static void
show_spoken (MwListRow *self)
{
  g_autofree char *spoken = mw_row_dup_spoken (self->row);
  GtkWidget       *item = gtk_widget_get_parent (GTK_WIDGET (self));

  /* the focus and the role of a row are at the widget that the list puts around this one */
  if (item != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/* The line runs as the window does, whatever script its first word has */
static void
set_context (MwListRow  *self,
             const char *context)
{
  const char      *mark = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? "\u200f" : "\u200e";
  g_autofree char *text = g_strconcat (mark, context, NULL);

  gtk_inscription_set_text (self->context, text);
}

static void
update (MwListRow *self)
{
  const MwRowData *data = mw_row_get_data (self->row);
  const char      *state = mw_row_get_state (self->row);
  const char      *priority;
  g_autofree char *context = NULL;

  if (data == NULL)
    {
      gtk_inscription_set_text (self->party, "");
      gtk_inscription_set_text (self->subject, "");
      gtk_inscription_set_text (self->context, "");
      gtk_label_set_text (self->age, "");
      return;
    }
  context = mw_row_dup_context (self->row);
  priority = mw_words_priority (data->priority);
  show_kind (self, data->kind);
  gtk_inscription_set_text (self->party, data->party != NULL ? data->party : data->item != NULL ? _ ("No recipient yet")
                                                                                                : _ ("Unknown sender"));
  gtk_inscription_set_text (self->subject, data->subject);
  set_context (self, context);
  gtk_label_set_text (self->age, mw_row_get_age (self->row));
  gtk_inscription_set_text (self->state, state != NULL ? state : "");
  gtk_widget_set_visible (GTK_WIDGET (self->state), state != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->context), state == NULL || *context != '\0');
  set_class (GTK_WIDGET (self->state), "warning", data->warned);
  gtk_label_set_text (self->priority, priority != NULL ? priority : "");
  gtk_widget_set_visible (GTK_WIDGET (self->priority), priority != NULL);
  gtk_widget_set_visible (self->warned, data->warned);
  gtk_widget_set_visible (self->flagged, data->flagged);
  set_class (GTK_WIDGET (self), "unread", data->unread);
  show_spoken (self);
}

static void
row_changed (MwRow     *row,
             MwListRow *self)
{
  update (self);
}

static void
mw_list_row_dispose (GObject *object)
{
  MwListRow *self = MW_LIST_ROW (object);
  GtkWidget *child;

  mw_list_row_set_row (self, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (mw_list_row_parent_class)->dispose (object);
}

static void
mw_list_row_class_init (MwListRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_list_row_dispose;
  gtk_widget_class_set_css_name (widget_class, "mwlistrow");
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-list-row.ui");
  gtk_widget_class_bind_template_child (widget_class, MwListRow, icon);
  gtk_widget_class_bind_template_child (widget_class, MwListRow, party);
  gtk_widget_class_bind_template_child (widget_class, MwListRow, subject);
  gtk_widget_class_bind_template_child (widget_class, MwListRow, state);
  gtk_widget_class_bind_template_child (widget_class, MwListRow, context);
  gtk_widget_class_bind_template_child (widget_class, MwListRow, age);
  gtk_widget_class_bind_template_child (widget_class, MwListRow, priority);
  gtk_widget_class_bind_template_child (widget_class, MwListRow, warned);
  gtk_widget_class_bind_template_child (widget_class, MwListRow, flagged);
}

static void
mw_list_row_init (MwListRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
mw_list_row_new (void)
{
  return g_object_new (MW_TYPE_LIST_ROW, NULL);
}

/**
 * mw_list_row_set_row:
 * @row: (nullable): what to show from now on; followed as it changes
 */
void
mw_list_row_set_row (MwListRow *self,
                     MwRow     *row)
{
  if (self->row != NULL)
    g_clear_signal_handler (&self->handler, self->row);
  g_set_object (&self->row, row);
  if (row == NULL)
    return;
  self->handler = g_signal_connect (row, "changed", G_CALLBACK (row_changed), self);
  update (self);
}
