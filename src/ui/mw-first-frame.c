/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-ui"

#include "mw-first-frame.h"

#include <glib/gstdio.h>
#include <stdio.h>

typedef struct
{
  GtkWindow   *window;
  MwFilledFunc is_filled;
  gulong       handler;
  gint64       first;
} Watch;

static void
watch_free (gpointer  data,
            GClosure *closure)
{
  g_free (data);
}

/* A pipe serves as well as a file: whoever measures then waits for the line, not for a time */
static void
tell (Watch *watch,
      gint64 filled)
{
  FILE *file = g_fopen (g_getenv ("MW_FIRST_FRAME"), "we");

  if (file == NULL || fprintf (file, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", watch->first, filled) < 0)
    g_warning ("The time of the first frame could not be written");
  if (file != NULL)
    fclose (file);
}

static void
drawn_cb (GdkFrameClock *clock,
          Watch         *watch)
{
  gboolean filled = watch->is_filled (watch->window);
  gint64   now;

  if (!gtk_widget_get_mapped (GTK_WIDGET (watch->window)) || (watch->first != 0 && !filled))
    return;
  /* what counts is what the display has, not what is on its way there */
  gdk_display_sync (gtk_widget_get_display (GTK_WIDGET (watch->window)));
  now = g_get_monotonic_time ();
  if (watch->first == 0)
    watch->first = now;
  if (!filled)
    return;
  tell (watch, now);
  g_signal_handler_disconnect (clock, watch->handler);
}

/**
 * mw_first_frame_watch_from_environment:
 * @window: presented, and not drawn yet
 *
 * When MW_FIRST_FRAME names a file: writes into it, as one line, when the first frame of @window and the
 * first one that shows its content were on the display, in µs of the system's monotonic clock.
 */
void
mw_first_frame_watch_from_environment (GtkWindow   *window,
                                       MwFilledFunc is_filled)
{
  const char *path = g_getenv ("MW_FIRST_FRAME");
  Watch      *watch;

  if (path == NULL || *path == '\0')
    return;
  watch = g_new0 (Watch, 1);
  watch->window = window;
  watch->is_filled = is_filled;
  watch->handler = g_signal_connect_data (gtk_widget_get_frame_clock (GTK_WIDGET (window)), "after-paint", G_CALLBACK (drawn_cb), watch, watch_free, 0);
}
