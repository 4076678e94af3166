/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-ui"

#include "mw-frame-meter.h"

#include <glib-unix.h>
#include <sys/resource.h>
#include <time.h>

/* A frame at 60 Hz, in µs */
#define PERIOD 16667
/* Minutes at 60 Hz that are kept; a longer run keeps its worst */
#define MAX_TICKS (60 * 60 * 30)

typedef struct
{
  GArray *values;
  gint64  max;
} Series;

/* Where the thread stood: what it has worked, and how often it has waited for something of its own accord */
typedef struct
{
  gint64 work;
  glong  waits;
} Mark;

struct _MwFrameMeter
{
  GSource parent;

  gint64   due;
  Series   late;
  Series   own;
  Mark     mark;    /* the last before the tick was due */
  gboolean in_turn; /* taken after the poll, not before it */
};

static Mark
take_mark (void)
{
  struct timespec work;
  struct rusage   usage;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &work);
  getrusage (RUSAGE_THREAD, &usage);
  return (Mark){ work.tv_sec * G_USEC_PER_SEC + work.tv_nsec / 1000, usage.ru_nvcsw };
}

static void
pass (MwFrameMeter *self,
      gboolean      in_turn)
{
  if (g_get_monotonic_time () >= self->due)
    return;
  self->mark = take_mark ();
  self->in_turn = in_turn;
}

static gboolean
prepare (GSource *source,
         int     *timeout)
{
  *timeout = -1;
  pass ((MwFrameMeter *) source, FALSE);
  return FALSE;
}

static gboolean
check (GSource *source)
{
  pass ((MwFrameMeter *) source, TRUE);
  return FALSE;
}

/* Of a lateness, what the turn that overran the tick has itself worked or waited for; the rest was the machine's: the
 * thread could have gone on, and was not let. A turn that waited for a disk, a lock or an answer counts whole. */
static gint64
own_part (MwFrameMeter *self,
          gint64        late)
{
  Mark now = take_mark ();

  if (self->in_turn && now.waits > self->mark.waits)
    return late;
  return MIN (late, now.work - self->mark.work);
}

static void
add (Series *series,
     gint64  value)
{
  if (series->values->len < MAX_TICKS)
    g_array_append_val (series->values, value);
  series->max = MAX (series->max, value);
}

static gboolean
tick (GSource    *source,
      GSourceFunc callback,
      gpointer    user_data)
{
  MwFrameMeter *self = (MwFrameMeter *) source;
  gint64        late = g_get_monotonic_time () - self->due;

  add (&self->late, late);
  add (&self->own, own_part (self, late));
  /* frames that were missed whole are counted once, by the lateness of the first */
  self->due += PERIOD * (late / PERIOD + 1);
  g_source_set_ready_time (source, self->due);
  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *source)
{
  MwFrameMeter *self = (MwFrameMeter *) source;

  g_array_unref (self->late.values);
  g_array_unref (self->own.values);
}

static GSourceFuncs funcs = { prepare, check, tick, finalize, NULL, NULL };

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

  self->late.values = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->own.values = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->mark = take_mark ();
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

static gint64
percentile (const Series *series,
            guint         percent)
{
  g_autoptr (GArray) sorted = g_array_copy (series->values);

  if (sorted->len == 0)
    return 0;
  g_array_sort (sorted, compare);
  return g_array_index (sorted, gint64, (guint) ((gsize) sorted->len * percent / 100));
}

/**
 * mw_frame_meter_read:
 * @lateness: (out caller-allocates): of all ticks so far
 */
void
mw_frame_meter_read (MwFrameMeter *self,
                     MwLateness   *lateness)
{
  lateness->n = self->late.values->len;
  lateness->p50 = percentile (&self->late, 50);
  lateness->p99 = percentile (&self->late, 99);
  lateness->max = self->late.max;
  lateness->own_p99 = percentile (&self->own, 99);
  lateness->own_max = self->own.max;
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

  g_array_set_size (self->late.values, 0);
  g_array_set_size (self->own.values, 0);
  self->late.max = self->own.max = 0;
  return G_SOURCE_CONTINUE;
}

static void
write_file (MwFrameMeter *self)
{
  const char      *path = g_getenv ("MW_FRAME_METER");
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;
  MwLateness lateness;

  mw_frame_meter_read (self, &lateness);
  line = g_strdup_printf ("%u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                          lateness.n, lateness.p50, lateness.p99, lateness.max, lateness.own_p99, lateness.own_max);
  if (path != NULL && !g_file_set_contents (path, line, -1, &error))
    g_warning ("The frame meter's file could not be written: %s", error->message);
}

static gboolean
write_now (gpointer user_data)
{
  write_file (user_data);
  return G_SOURCE_CONTINUE;
}

/**
 * mw_frame_meter_start_from_environment:
 *
 * Whoever measures says when what is to be measured begins, by SIGUSR1, and when it has ended, by SIGUSR2: then what
 * was measured is written into the file that MW_FRAME_METER names, as one line of "ticks p50 p99 max own-p99 own-max",
 * in µs.
 *
 * Returns: (transfer full) (nullable): a meter when MW_FRAME_METER names a file
 */
MwFrameMeter *
mw_frame_meter_start_from_environment (void)
{
  const char   *path = g_getenv ("MW_FRAME_METER");
  MwFrameMeter *self;

  if (path == NULL || *path == '\0')
    return NULL;
  self = mw_frame_meter_start (G_PRIORITY_DEFAULT);
  g_unix_signal_add (SIGUSR1, begin_anew, self);
  g_unix_signal_add (SIGUSR2, write_now, self);
  return self;
}

/**
 * mw_frame_meter_finish:
 * @self: (nullable) (transfer full):
 *
 * Writes the file as SIGUSR2 does, and ends.
 */
void
mw_frame_meter_finish (MwFrameMeter *self)
{
  if (self == NULL)
    return;
  write_file (self);
  mw_frame_meter_stop (self);
}
