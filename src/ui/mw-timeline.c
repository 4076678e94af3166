/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-timeline.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

/* Lines made in one turn of the main loop: each is several widgets */
#define LINES_PER_TURN 2

struct _MwTimeline
{
  GtkWidget parent_instance;

  MwDetail *detail;
  char     *key; /* what is shown, so that it is made anew only when it changed */
  guint     made;
  guint     source;
};

G_DEFINE_FINAL_TYPE (MwTimeline, mw_timeline, GTK_TYPE_WIDGET)

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
  mw_accessible_set_name (button, spoken);
  return button;
}

static void
append (MwTimeline *self,
        GtkWidget  *child)
{
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static void
clear (MwTimeline *self)
{
  GtkWidget *child;

  g_clear_handle_id (&self->source, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  self->made = 0;
}

static gboolean
make_lines (gpointer user_data)
{
  MwTimeline *self = user_data;
  gint64      now = g_get_real_time ();

  for (guint i = 0; i < LINES_PER_TURN && self->made < self->detail->moments->len; i++)
    {
      const MwMoment *moment = g_ptr_array_index (self->detail->moments, self->made++);

      append (self, moment->item > 0 || moment->entry > 0 ? make_link (moment, now) : make_moment (moment, now));
    }
  if (self->made < self->detail->moments->len)
    return G_SOURCE_CONTINUE;
  self->source = 0;
  if (self->detail->cut > 0)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("And %u earlier event", "And %u earlier events", self->detail->cut), self->detail->cut);

      append (self, make_label (text, "caption"));
    }
  return G_SOURCE_REMOVE;
}

static void
mw_timeline_dispose (GObject *object)
{
  MwTimeline *self = MW_TIMELINE (object);

  clear (self);
  g_clear_pointer (&self->detail, mw_detail_unref);
  G_OBJECT_CLASS (mw_timeline_parent_class)->dispose (object);
}

static void
mw_timeline_finalize (GObject *object)
{
  g_free (MW_TIMELINE (object)->key);
  G_OBJECT_CLASS (mw_timeline_parent_class)->finalize (object);
}

static void
mw_timeline_class_init (MwTimelineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mw_timeline_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_timeline_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
mw_timeline_init (MwTimeline *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 2);
}

static char *
key_of (const MwDetail *detail,
        gint64          now)
{
  /* "yesterday" is another word tomorrow */
  g_autoptr (GString) key = g_string_new (NULL);
  g_autofree char *day = mw_words_day (now - 24 * G_TIME_SPAN_HOUR * 30, now);

  g_string_append_printf (key, "%d %" G_GINT64_FORMAT " %s", detail->is_item, detail->id, day);
  for (guint i = 0; i < detail->moments->len; i++)
    {
      const MwMoment *moment = g_ptr_array_index (detail->moments, i);

      g_string_append_printf (key, "\n%" G_GINT64_FORMAT " %s %s", moment->at, moment->text, moment->about != NULL ? moment->about : "");
    }
  return g_string_free (g_steal_pointer (&key), FALSE);
}

/**
 * mw_timeline_show:
 *
 * Shows the moments of @detail. The lines are made some at a turn, so that a long thread holds nothing up.
 */
void
mw_timeline_show (MwTimeline *self,
                  MwDetail   *detail)
{
  g_autofree char *key = key_of (detail, g_get_real_time ());

  if (g_strcmp0 (key, self->key) == 0)
    return;
  g_free (self->key);
  self->key = g_steal_pointer (&key);
  clear (self);
  g_clear_pointer (&self->detail, mw_detail_unref);
  self->detail = mw_detail_ref (detail);
  self->source = g_idle_add (make_lines, self);
}
