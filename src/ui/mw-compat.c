/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-compat.h"

#include "mw-config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

typedef struct
{
  MwFileChosenFunc func;
  gpointer         user_data;
} Choice;

static void
file_answered (GtkNativeDialog *dialog,
               int              response,
               gpointer         user_data)
{
  g_autofree Choice *choice = user_data;
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  choice->func (file, choice->user_data);
  g_object_unref (dialog);
}

/**
 * mw_compat_choose_file:
 * @func: called once, with NULL when the person changed her mind
 *
 * GtkFileDialog takes the place of this with GTK 4.10.
 */
void
mw_compat_choose_file (GtkWindow       *parent,
                       const char      *title,
                       MwFileChosenFunc func,
                       gpointer         user_data)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  Choice               *choice = g_new (Choice, 1);

  choice->func = func;
  choice->user_data = user_data;
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (file_answered), choice);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/**
 * mw_compat_show_uri:
 *
 * Opens @uri in the person's browser. GtkUriLauncher takes the place of this with GTK 4.10.
 */
void
mw_compat_show_uri (GtkWindow  *parent,
                    const char *uri)
{
  gtk_show_uri (parent, uri, GDK_CURRENT_TIME);
}

/**
 * mw_compat_show_about:
 *
 * AdwAboutDialog takes the place of this with libadwaita 1.5.
 */
void
mw_compat_show_about (GtkWindow *parent)
{
  static const char *const developers[] = { "The Meanwhile developers", NULL };
  GtkWidget               *about = adw_about_window_new ();

  g_object_set (about,
                "application-name", "Meanwhile",
                "application-icon", MW_APP_ID,
                "version", MW_VERSION,
                "developer-name", developers[0],
                "developers", developers,
                "license-type", GTK_LICENSE_GPL_3_0,
                "comments", _ ("An inbox and an outbox for clinicians. Everything is saved at once and travels in the background."),
                /* Translators: your names, one a line */
                "translator-credits", _ ("translator-credits"),
                "transient-for", parent,
                "modal", TRUE,
                NULL);
  gtk_window_present (GTK_WINDOW (about));
}

/**
 * mw_compat_lookup_color:
 * @color: (inout): stays as it is when the style sheet has no @name
 *
 * GTK 4.10 deprecates GtkStyleContext without another way to a named colour.
 */
gboolean
mw_compat_lookup_color (GtkWidget  *widget,
                        const char *name,
                        GdkRGBA    *color)
{
  GdkRGBA found;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &found))
    return FALSE;
  *color = found;
  return TRUE;
}

/**
 * mw_compat_get_color:
 * @color: (out): of text
 *
 * gtk_widget_get_color() takes the place of this with GTK 4.10.
 */
void
mw_compat_get_color (GtkWidget *widget,
                     GdkRGBA   *color)
{
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), color);
}

/**
 * mw_compat_start_again:
 *
 * Starts this same program once more, with @option.
 */
gboolean
mw_compat_start_again (const char *option,
                       GError    **error)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", error);
  g_autoptr (GSubprocess) process = NULL;

  if (program == NULL)
    return FALSE;
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, error, program, option, NULL);
  return process != NULL;
}
