/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A list of GTK with as many rows as the window's, of three labels each, and nothing behind it: how late its tick comes
 * when it is scrolled the same way. What is below that is not to be had from GTK on this display.
 * usage: MW_FRAME_METER=FILE bare-list ROWS */

#include "mw-frame-meter.h"

#include <gtk/gtk.h>

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  user_data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  for (guint i = 0; i < 3; i++)
    {
      GtkWidget *label = gtk_label_new (NULL);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_box_append (GTK_BOX (box), label);
    }
  gtk_widget_set_size_request (box, -1, 72);
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  user_data)
{
  const char *text = gtk_string_object_get_string (gtk_list_item_get_item (item));

  for (GtkWidget *label = gtk_widget_get_first_child (gtk_list_item_get_child (item)); label != NULL; label = gtk_widget_get_next_sibling (label))
    gtk_label_set_text (GTK_LABEL (label), text);
}

static gboolean
close_cb (GtkWindow *window,
          gpointer   loop)
{
  g_main_loop_quit (loop);
  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  guint               n = argc > 1 ? (guint) g_ascii_strtoull (argv[1], NULL, 10) : 0;
  GtkStringList      *rows = gtk_string_list_new (NULL);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  GtkWidget    *window, *scroller;
  MwFrameMeter *meter;

  gtk_init ();
  for (guint i = 0; i < n; i++)
    gtk_string_list_take (rows, g_strdup_printf ("Row %u: what is written in it", i));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  window = gtk_window_new ();
  scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (rows))), factory));
  gtk_window_set_child (GTK_WINDOW (window), scroller);
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 800);
  g_signal_connect (window, "close-request", G_CALLBACK (close_cb), loop);
  gtk_window_present (GTK_WINDOW (window));
  meter = mw_frame_meter_start_from_environment ();
  g_main_loop_run (loop);
  mw_frame_meter_finish (meter);
  return 0;
}
