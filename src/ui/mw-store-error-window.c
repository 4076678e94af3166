/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-ui"

#include "mw-store-error-window.h"

#include "mw-config.h"
#include "mw-error-text.h"
#include "mw-store.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GtkWindow     *window;
  AdwStatusPage *page;
  char          *folder;
  MwBeginFunc    begin;
  gpointer       user_data;
} Trouble;

static void
trouble_free (gpointer data)
{
  Trouble *trouble = data;

  g_free (trouble->folder);
  g_free (trouble);
}

static void
try_again (Trouble *trouble)
{
  MwBeginFunc begin = trouble->begin;
  gpointer    user_data = trouble->user_data;

  gtk_window_destroy (trouble->window);
  begin (user_data);
}

static void
again_cb (GtkButton *button,
          Trouble   *trouble)
{
  try_again (trouble);
}

static void
aside_cb (GtkButton *button,
          Trouble   *trouble)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = mw_store_set_aside (trouble->folder, &error);
  g_autofree char *text = NULL;

  if (kept != NULL)
    {
      g_info ("A database that could not be used was set aside");
      try_again (trouble);
      return;
    }
  text = mw_error_text (error);
  adw_status_page_set_description (trouble->page, text);
}

static GtkWidget *
make_button (const char *label,
             const char *style,
             GCallback   callback,
             Trouble    *trouble)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_add_css_class (button, "pill");
  if (style != NULL)
    gtk_widget_add_css_class (button, style);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  g_signal_connect (button, "clicked", callback, trouble);
  return button;
}

static const char *
title_for (const GError *error)
{
  if (g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_DAMAGED))
    return _ ("The Database Is Damaged");
  if (g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_NEWER))
    return _ ("A Newer Meanwhile Was Here");
  if (g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_FULL))
    return _ ("The Disk Is Full");
  if (g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_READ_ONLY))
    return _ ("The Data Folder Cannot Be Written");
  return _ ("The Database Cannot Be Opened");
}

static char *
words_for (const GError *error,
           const char   *folder)
{
  g_autofree char *shown = g_filename_display_name (folder);
  g_autofree char *plain = NULL;

  if (g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_DAMAGED))
    return g_strdup_printf (_ ("It was left as it is, in %s. You can keep it aside and begin with a new one; what your server has comes back by itself, "
                               "what had not left yet stays in the old one."),
                            shown);
  if (g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_NEWER))
    return g_strdup (_ ("The database was written by a newer version of Meanwhile. Update this one to use it; nothing was changed."));
  plain = mw_error_text (error);
  return g_strdup_printf ("%s\n%s", plain, shown);
}

/**
 * mw_store_error_window_present:
 * @begin: called when it is worth trying again
 *
 * Says why the database cannot be used, and what can be done: never an empty one in silence.
 */
void
mw_store_error_window_present (AdwApplication *application,
                               const char     *folder,
                               const GError   *error,
                               MwBeginFunc     begin,
                               gpointer        user_data)
{
  Trouble         *trouble = g_new0 (Trouble, 1);
  GtkWidget       *window = adw_application_window_new (GTK_APPLICATION (application));
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget       *buttons = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget       *header = adw_header_bar_new ();
  GtkWidget       *page = adw_status_page_new ();
  g_autofree char *words = words_for (error, folder);

  trouble->window = GTK_WINDOW (window);
  trouble->page = ADW_STATUS_PAGE (page);
  trouble->folder = g_strdup (folder);
  trouble->begin = begin;
  trouble->user_data = user_data;
  g_object_set_data_full (G_OBJECT (window), "mw-trouble", trouble, trouble_free);
  gtk_widget_add_css_class (header, "flat");
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "drive-harddisk-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), title_for (error));
  adw_status_page_set_description (ADW_STATUS_PAGE (page), words);
  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (buttons), make_button (_ ("_Try Again"), "suggested-action", G_CALLBACK (again_cb), trouble));
  if (g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_DAMAGED))
    gtk_box_append (GTK_BOX (buttons), make_button (_ ("_Keep It Aside and Start a New One"), NULL, G_CALLBACK (aside_cb), trouble));
  adw_status_page_set_child (ADW_STATUS_PAGE (page), buttons);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), page);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), "Meanwhile");
  gtk_window_set_default_size (GTK_WINDOW (window), 600, 520);
  gtk_window_present (GTK_WINDOW (window));
}
