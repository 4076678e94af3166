/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-timeline.h"

#include "mw-config.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

static const char *const tone_styles[] = {
  [MW_TONE_PLAIN] = "plain",
  [MW_TONE_GOOD] = "good",
  [MW_TONE_WAITING] = "waiting",
  [MW_TONE_TROUBLE] = "trouble",
};

static GtkWidget *
make_label (const char *text,
            const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (style != NULL)
    {
      gtk_widget_add_css_class (label, style);
      gtk_widget_add_css_class (label, "dim-label");
    }
  return label;
}

static GtkWidget *
make_moment (const MwMoment *moment,
             gint64          now)
{
  GtkWidget       *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget       *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget       *dot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autofree char *when = mw_words_moment (moment->at, now);
  g_autofree char *second = moment->about != NULL ? g_strdup_printf ("%s · %s", when, moment->about) : g_strdup (when);

  gtk_widget_add_css_class (dot, "mw-dot");
  gtk_widget_add_css_class (dot, tone_styles[moment->tone]);
  gtk_widget_set_valign (dot, GTK_ALIGN_START);
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_box_append (GTK_BOX (lines), make_label (moment->text, NULL));
  gtk_box_append (GTK_BOX (lines), make_label (second, "caption"));
  gtk_box_append (GTK_BOX (row), dot);
  gtk_box_append (GTK_BOX (row), lines);
  gtk_widget_add_css_class (row, "mw-moment");
  return row;
}

/* A moment of another entry or item leads to it */
static GtkWidget *
make_link (const MwMoment *moment,
           gint64          now)
{
  GtkWidget       *button = gtk_button_new ();
  g_autofree char *when = mw_words_moment (moment->at, now);
  g_autofree char *spoken = g_strdup_printf ("%s, %s, %s", moment->text, when, moment->about != NULL ? moment->about : "");

  gtk_button_set_child (GTK_BUTTON (button), make_moment (moment, now));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "mw-moment-link");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), moment->item > 0 ? "win.show-item" : "win.show-entry");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", moment->item > 0 ? moment->item : moment->entry);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return button;
}

/**
 * mw_timeline_fill:
 * @box: emptied first
 *
 * Shows what happened in a thread, newest first, each line with its time and its evidence.
 */
void
mw_timeline_fill (GtkBox         *box,
                  const MwDetail *detail,
                  gint64          now)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
  for (guint i = 0; i < detail->moments->len; i++)
    {
      const MwMoment *moment = g_ptr_array_index (detail->moments, i);

      gtk_box_append (box, moment->item > 0 || moment->entry > 0 ? make_link (moment, now) : make_moment (moment, now));
    }
  if (detail->cut > 0)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("And %u earlier event", "And %u earlier events", detail->cut), detail->cut);

      gtk_box_append (box, make_label (text, "caption"));
    }
}
