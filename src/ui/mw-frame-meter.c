/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-ui"

#include "mw-frame-meter.h"

#include <glib-unix.h>

/* A frame at 60 Hz, in µs */
#define PERIOD 16667
/* Minutes at 60 Hz that are kept; a longer run keeps its worst */
#define MAX_TICKS (60 * 60 * 30)

struct _MwFrameMeter
{
  GSource parent;

  gint64  due;
  GArray *lateness;
  gint64  max;
};

static gboolean
tick (GSource    *source,
      GSourceFunc callback,
      gpointer    user_data)
{
  MwFrameMeter *self = (MwFrameMeter *) source;
  gint64        now = g_get_monotonic_time ();
  gint64        late = now - self->due;

  if (self->lateness->len < MAX_TICKS)
    g_array_append_val (self->lateness, late);
  self->max = MAX (self->max, late);
  /* frames that were missed whole are counted once, by the lateness of the first */
  self->due += PERIOD * (late / PERIOD + 1);
  g_source_set_ready_time (source, self->due);
  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *source)
{
  g_array_unref (((MwFrameMeter *) source)->lateness);
}

static GSourceFuncs funcs = { NULL, NULL, tick, finalize, NULL, NULL };

/**
 * mw_frame_meter_start:
 * @priority: of the tick; that of drawing tells what a person sees
 *
 * Returns: (transfer full): a meter on the thread-default main context
 */
MwFrameMeter *
mw_frame_meter_start (int priority)
{
  GSource      *source = g_source_new (&funcs, sizeof (MwFrameMeter));
  MwFrameMeter *self = (MwFrameMeter *) source;

  self->lateness = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->due = g_get_monotonic_time () + PERIOD;
  g_source_set_static_name (source, "[meanwhile] frame meter");
  g_source_set_priority (source, priority);
  g_source_set_ready_time (source, self->due);
  g_source_attach (source, g_main_context_get_thread_default ());
  return self;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/**
 * mw_frame_meter_read:
 * @lateness: (out caller-allocates): of all ticks so far
 */
void
mw_frame_meter_read (MwFrameMeter *self,
                     MwLateness   *lateness)
{
  g_autoptr (GArray) sorted = g_array_copy (self->lateness);

  *lateness = (MwLateness){ 0 };
  if (sorted->len == 0)
    return;
  g_array_sort (sorted, compare);
  lateness->n = sorted->len;
  lateness->p50 = g_array_index (sorted, gint64, sorted->len / 2);
  lateness->p99 = g_array_index (sorted, gint64, (guint) ((gsize) sorted->len * 99 / 100));
  lateness->max = self->max;
}

void
mw_frame_meter_stop (MwFrameMeter *self)
{
  g_source_destroy (&self->parent);
  g_source_unref (&self->parent);
}

static gboolean
begin_anew (gpointer user_data)
{
  MwFrameMeter *self = user_data;

  g_array_set_size (self->lateness, 0);
  self->max = 0;
  return G_SOURCE_CONTINUE;
}

/**
 * mw_frame_meter_start_from_environment:
 *
 * Returns: (transfer full) (nullable): a meter when MW_FRAME_METER names a file
 */
MwFrameMeter *
mw_frame_meter_start_from_environment (void)
{
  const char *path = g_getenv ("MW_FRAME_METER");

  MwFrameMeter *self;

  if (path == NULL || *path == '\0')
    return NULL;
  self = mw_frame_meter_start (G_PRIORITY_DEFAULT);
  /* whoever measures says when what is to be measured begins */
  g_unix_signal_add (SIGUSR1, begin_anew, self);
  return self;
}

/**
 * mw_frame_meter_finish:
 * @self: (nullable) (transfer full):
 *
 * Writes what was measured into the file that MW_FRAME_METER names, as one line of
 * "ticks p50 p99 max", in µs.
 */
void
mw_frame_meter_finish (MwFrameMeter *self)
{
  const char      *path = g_getenv ("MW_FRAME_METER");
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;
  MwLateness lateness;

  if (self == NULL)
    return;
  mw_frame_meter_read (self, &lateness);
  mw_frame_meter_stop (self);
  line = g_strdup_printf ("%u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", lateness.n, lateness.p50, lateness.p99, lateness.max);
  if (path != NULL && !g_file_set_contents (path, line, -1, &error))
    g_warning ("The frame meter's file could not be written: %s", error->message);
}
