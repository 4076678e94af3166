/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-snooze-dialog.h"

#include "mw-accessible.h"
#include "mw-config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

typedef struct
{
  GtkCalendar   *calendar;
  GtkSpinButton *hour;
  GtkSpinButton *minute;
  MwSnoozeFunc   func;
} Form;

static gint64
chosen (const Form *form)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (form->calendar);
  g_autoptr (GDateTime) time = g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                                                      g_date_time_get_day_of_month (day),
                                                      gtk_spin_button_get_value_as_int (form->hour),
                                                      gtk_spin_button_get_value_as_int (form->minute), 0);

  return g_date_time_to_unix (time) * G_USEC_PER_SEC;
}

static void
changed (AdwMessageDialog *dialog)
{
  Form *form = g_object_get_data (G_OBJECT (dialog), "mw-form");

  adw_message_dialog_set_response_enabled (dialog, "snooze", chosen (form) > g_get_real_time ());
}

static void
answered (AdwMessageDialog *dialog,
          const char       *response,
          GtkWindow        *owner)
{
  Form *form = g_object_get_data (G_OBJECT (dialog), "mw-form");

  if (g_strcmp0 (response, "snooze") == 0)
    form->func (chosen (form), owner);
}

static gboolean
two_digits (GtkSpinButton *spin)
{
  g_autofree char *text = g_strdup_printf ("%02d", gtk_spin_button_get_value_as_int (spin));

  gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

static GtkSpinButton *
make_spin (GtkWidget  *box,
           double      max,
           double      step,
           double      value,
           const char *label)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (0, max, step);

  g_signal_connect (spin, "output", G_CALLBACK (two_digits), NULL);
  gtk_spin_button_set_wrap (GTK_SPIN_BUTTON (spin), TRUE);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), value);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (spin), GTK_ORIENTATION_HORIZONTAL);
  mw_accessible_set_name (spin, label);
  gtk_widget_set_hexpand (spin, TRUE);
  gtk_box_append (GTK_BOX (box), spin);
  return GTK_SPIN_BUTTON (spin);
}

/**
 * mw_snooze_dialog_present:
 * @func: called with a time to come, in µs, when the person has chosen one
 * @owner: handed to @func; nothing is called when it is gone by then
 */
void
mw_snooze_dialog_present (GtkWindow   *parent,
                          MwSnoozeFunc func,
                          GtkWindow   *owner)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, _ ("Snooze Until"), NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *time = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  Form      *form = g_new0 (Form, 1);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) tomorrow = g_date_time_add_days (now, 1);

  form->func = func;
  form->calendar = GTK_CALENDAR (gtk_calendar_new ());
  gtk_calendar_select_day (form->calendar, tomorrow);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (form->calendar));
  gtk_box_append (GTK_BOX (box), time);
  form->hour = make_spin (time, 23, 1, 8, _ ("Hour"));
  form->minute = make_spin (time, 59, 5, 0, _ ("Minute"));
  g_object_set_data_full (G_OBJECT (dialog), "mw-form", form, g_free);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), box);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "snooze", _ ("_Snooze"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "snooze", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "snooze");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_swapped (form->calendar, "day-selected", G_CALLBACK (changed), dialog);
  g_signal_connect_swapped (form->hour, "value-changed", G_CALLBACK (changed), dialog);
  g_signal_connect_swapped (form->minute, "value-changed", G_CALLBACK (changed), dialog);
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered), owner, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
