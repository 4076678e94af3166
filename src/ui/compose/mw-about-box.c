/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-about-box.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-wrap-layout.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const PICKS[] = {
  N_ ("Discharge summary"),
  N_ ("Lab results"),
  N_ ("Medication list"),
  N_ ("Operative note"),
  N_ ("Imaging report"),
  N_ ("Care plan"),
};

struct _MwAboutBox
{
  AdwBin parent_instance;

  GtkBox      *picks;
  GtkListBox  *list;
  AdwEntryRow *entry;

  GtkToggleButton *buttons[G_N_ELEMENTS (PICKS)];
  GPtrArray       *lines; /* own words that were added */
  gboolean         filling;
};

G_DEFINE_FINAL_TYPE (MwAboutBox, mw_about_box, ADW_TYPE_BIN)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
changed_cb (MwAboutBox *self)
{
  if (!self->filling)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
remove_cb (MwAboutBox *self,
           GtkWidget  *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW);
  int        index = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));

  g_ptr_array_remove_index (self->lines, (guint) index);
  gtk_list_box_remove (self->list, row);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  changed_cb (self);
}

static void
add_line (MwAboutBox *self,
          const char *line)
{
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *button = gtk_button_new_from_icon_name ("edit-delete-symbolic");
  g_autofree char *spoken = g_strdup_printf (_ ("Remove “%s”"), line);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), line);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Remove"));
  mw_accessible_set_name (button, spoken);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_list_box_insert (self->list, row, (int) self->lines->len);
  g_ptr_array_add (self->lines, g_strdup (line));
}

static void
apply_cb (MwAboutBox *self)
{
  g_autofree char *line = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));

  if (line[0] == '\0')
    return;
  self->filling = TRUE;
  add_line (self, line);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  self->filling = FALSE;
  changed_cb (self);
}

static void
mw_about_box_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_ABOUT_BOX);
  G_OBJECT_CLASS (mw_about_box_parent_class)->dispose (object);
}

static void
mw_about_box_finalize (GObject *object)
{
  g_ptr_array_unref (MW_ABOUT_BOX (object)->lines);
  G_OBJECT_CLASS (mw_about_box_parent_class)->finalize (object);
}

static void
mw_about_box_class_init (MwAboutBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_about_box_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_about_box_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (MW_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-about-box.ui");
  gtk_widget_class_bind_template_child (widget_class, MwAboutBox, picks);
  gtk_widget_class_bind_template_child (widget_class, MwAboutBox, list);
  gtk_widget_class_bind_template_child (widget_class, MwAboutBox, entry);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
mw_about_box_init (MwAboutBox *self)
{
  self->lines = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (PICKS); i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (_ (PICKS[i]));

      gtk_widget_add_css_class (button, "pill-toggle");
      self->buttons[i] = GTK_TOGGLE_BUTTON (button);
      g_signal_connect_object (button, "toggled", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (self->picks, button);
    }
}

/**
 * mw_about_box_set:
 * @lines: (nullable) (array zero-terminated=1): of a draft
 */
void
mw_about_box_set (MwAboutBox        *self,
                  const char *const *lines)
{
  g_return_if_fail (MW_IS_ABOUT_BOX (self));

  self->filling = TRUE;
  for (; self->lines->len > 0; g_ptr_array_remove_index (self->lines, 0))
    gtk_list_box_remove (self->list, GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, 0)));
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  for (guint k = 0; k < G_N_ELEMENTS (PICKS); k++)
    gtk_toggle_button_set_active (self->buttons[k], lines != NULL && g_strv_contains (lines, _ (PICKS[k])));
  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    {
      gboolean picked = FALSE;

      for (guint k = 0; k < G_N_ELEMENTS (PICKS); k++)
        picked |= g_strcmp0 (_ (PICKS[k]), lines[i]) == 0;
      if (!picked)
        add_line (self, lines[i]);
    }
  self->filling = FALSE;
}

/**
 * mw_about_box_dup:
 *
 * Returns: (transfer full) (nullable): the lines; also what is typed and not yet added
 */
GStrv
mw_about_box_dup (MwAboutBox *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *typed = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));
  g_auto (GStrv) all = NULL;

  for (guint k = 0; k < G_N_ELEMENTS (PICKS); k++)
    if (gtk_toggle_button_get_active (self->buttons[k]))
      g_strv_builder_add (builder, _ (PICKS[k]));
  for (guint i = 0; i < self->lines->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (self->lines, i));
  if (typed[0] != '\0')
    g_strv_builder_add (builder, typed);
  all = g_strv_builder_end (builder);
  return all[0] != NULL ? g_steal_pointer (&all) : NULL;
}
