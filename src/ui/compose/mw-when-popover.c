/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-when-popover.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-when.h"

#include <glib/gi18n-lib.h>

struct _MwWhenPopover
{
  GtkPopover parent_instance;

  GtkBox        *quick;
  GtkCalendar   *calendar;
  GtkWidget     *time_box;
  GtkSpinButton *hour;
  GtkSpinButton *minute;
  GtkWidget     *problem;
  GtkWidget     *remove;
  GtkButton     *set;

  gboolean with_time;
};

G_DEFINE_FINAL_TYPE (MwWhenPopover, mw_when_popover, GTK_TYPE_POPOVER)

typedef enum
{
  PROP_WITH_TIME = 1,
} MwWhenPopoverProp;

static GParamSpec *properties[PROP_WITH_TIME + 1];

enum
{
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
chosen (MwWhenPopover *self,
        GDateTime     *time)
{
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[CHOSEN], 0, time);
}

static void
quick_cb (MwWhenPopover *self,
          GtkWidget     *button)
{
  chosen (self, g_object_get_data (G_OBJECT (button), "time"));
}

static void
add_quick (MwWhenPopover *self,
           MwWhen         when,
           GDateTime     *now)
{
  GDateTime       *time = mw_when_time (when, now);
  g_autofree char *text = time != NULL ? mw_when_text (time, now, self->with_time) : NULL;
  g_autofree char *line = NULL;
  GtkWidget       *button, *label;

  if (time == NULL)
    return;
  /* Translators: "Tomorrow · Tue 24 Nov, 08:00" */
  line = g_strdup_printf (_ ("%s · %s"), mw_when_label (when), text);
  label = gtk_label_new (line);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (button), label);
  mw_accessible_set_name (button, line);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data_full (G_OBJECT (button), "time", time, (GDestroyNotify) g_date_time_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (quick_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (self->quick, button);
}

/* What is offered depends on the hour at which it is asked for */
static void
show_cb (MwWhenPopover *self)
{
  static const MwWhen times[] = { MW_WHEN_IN_AN_HOUR, MW_WHEN_THIS_EVENING, MW_WHEN_TOMORROW, MW_WHEN_NEXT_MONDAY };
  static const MwWhen days[] = { MW_WHEN_TOMORROW, MW_WHEN_IN_THREE_DAYS, MW_WHEN_IN_A_WEEK };
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) tomorrow = g_date_time_add_days (now, 1);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->quick))) != NULL)
    gtk_box_remove (self->quick, child);
  for (guint i = 0; i < (self->with_time ? G_N_ELEMENTS (times) : G_N_ELEMENTS (days)); i++)
    add_quick (self, self->with_time ? times[i] : days[i], now);
  gtk_calendar_select_day (self->calendar, tomorrow);
  gtk_widget_set_visible (self->time_box, self->with_time);
  gtk_widget_set_visible (self->problem, FALSE);
  mw_accessible_enter (GTK_WIDGET (self->quick));
}

static void
remove_cb (MwWhenPopover *self)
{
  chosen (self, NULL);
}

static void
set_cb (MwWhenPopover *self)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (self->calendar);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  int hour = self->with_time ? gtk_spin_button_get_value_as_int (self->hour) : 23;
  int minute = self->with_time ? gtk_spin_button_get_value_as_int (self->minute) : 59;
  g_autoptr (GDateTime) time = g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                                                      g_date_time_get_day_of_month (day), hour, minute, 0);

  if (time == NULL || g_date_time_compare (time, now) <= 0)
    gtk_widget_set_visible (self->problem, TRUE);
  else
    chosen (self, time);
}

/* 08:05, not 8:5 */
static gboolean
output_cb (GtkSpinButton *button)
{
  g_autofree char *text = g_strdup_printf ("%02d", gtk_spin_button_get_value_as_int (button));

  gtk_editable_set_text (GTK_EDITABLE (button), text);
  return TRUE;
}

static void
mw_when_popover_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch ((MwWhenPopoverProp) prop_id)
    {
    case PROP_WITH_TIME:
      g_value_set_boolean (value, MW_WHEN_POPOVER (object)->with_time);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mw_when_popover_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  switch ((MwWhenPopoverProp) prop_id)
    {
    case PROP_WITH_TIME:
      MW_WHEN_POPOVER (object)->with_time = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
mw_when_popover_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_WHEN_POPOVER);
  G_OBJECT_CLASS (mw_when_popover_parent_class)->dispose (object);
}

static void
mw_when_popover_class_init (MwWhenPopoverClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = mw_when_popover_get_property;
  object_class->set_property = mw_when_popover_set_property;
  object_class->dispose = mw_when_popover_dispose;
  properties[PROP_WITH_TIME] = g_param_spec_boolean ("with-time", NULL, NULL, FALSE,
                                                     G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_DATE_TIME);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-when-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, MwWhenPopover, quick);
  gtk_widget_class_bind_template_child (widget_class, MwWhenPopover, calendar);
  gtk_widget_class_bind_template_child (widget_class, MwWhenPopover, time_box);
  gtk_widget_class_bind_template_child (widget_class, MwWhenPopover, hour);
  gtk_widget_class_bind_template_child (widget_class, MwWhenPopover, minute);
  gtk_widget_class_bind_template_child (widget_class, MwWhenPopover, problem);
  gtk_widget_class_bind_template_child (widget_class, MwWhenPopover, remove);
  gtk_widget_class_bind_template_child (widget_class, MwWhenPopover, set);
  gtk_widget_class_bind_template_callback (widget_class, show_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
  gtk_widget_class_bind_template_callback (widget_class, set_cb);
  gtk_widget_class_bind_template_callback (widget_class, output_cb);
}

static void
mw_when_popover_init (MwWhenPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * mw_when_popover_set_removable:
 * @removable: whether "no date" can be chosen
 */
void
mw_when_popover_set_removable (MwWhenPopover *self,
                               gboolean       removable)
{
  gtk_widget_set_visible (self->remove, removable);
}
