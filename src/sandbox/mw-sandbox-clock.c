/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox-clock.h"

/* The one clock of the sandbox: every time it writes and every timer it keeps come from here, so
 * that a day can be played in no time and always the same way. */

struct _MwSandboxClock
{
  gint64     origin;   /* sandbox time at @measured */
  gint64     measured; /* g_get_monotonic_time() */
  double     speed;
  GSequence *timers;
  guint64    made;
  GSource   *source; /* fires when the next timer is due */
};

typedef struct
{
  gint64             when;
  guint64            number; /* timers of the same time fire as they were made */
  MwSandboxClockFunc func;
  gpointer           user_data;
  GDestroyNotify     destroy;
} Timer;

static void
timer_free (gpointer data)
{
  Timer *timer = data;

  if (timer->destroy != NULL)
    timer->destroy (timer->user_data);
  g_free (timer);
}

static gint
compare_timers (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  const Timer *one = a, *other = b;

  if (one->when != other->when)
    return one->when < other->when ? -1 : 1;
  return one->number < other->number ? -1 : one->number > other->number;
}

/**
 * mw_sandbox_clock_new:
 * @start: microseconds since 1970 UTC
 *
 * A clock that stands still until it is given a speed.
 */
MwSandboxClock *
mw_sandbox_clock_new (gint64 start)
{
  MwSandboxClock *self = g_new0 (MwSandboxClock, 1);

  self->origin = start;
  self->measured = g_get_monotonic_time ();
  self->timers = g_sequence_new (timer_free);
  return self;
}

static void
disarm (MwSandboxClock *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

void
mw_sandbox_clock_free (MwSandboxClock *self)
{
  disarm (self);
  g_sequence_free (self->timers);
  g_free (self);
}

/**
 * mw_sandbox_clock_now:
 *
 * Returns: microseconds since 1970 UTC, by this clock
 */
gint64
mw_sandbox_clock_now (MwSandboxClock *self)
{
  if (self->speed <= 0)
    return self->origin;
  return self->origin + (gint64) ((double) (g_get_monotonic_time () - self->measured) * self->speed);
}

static void
rebase (MwSandboxClock *self,
        gint64          now)
{
  self->origin = now;
  self->measured = g_get_monotonic_time ();
}

static void arm (MwSandboxClock *self);

/* Takes the first timer due by @until; it is the caller's */
static Timer *
take_due (MwSandboxClock *self,
          gint64          until)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->timers);
  Timer         *timer, *taken;

  if (g_sequence_iter_is_end (first))
    return NULL;
  timer = g_sequence_get (first);
  if (timer->when > until)
    return NULL;
  taken = g_memdup2 (timer, sizeof *timer);
  timer->destroy = NULL;
  g_sequence_remove (first);
  return taken;
}

static gboolean
due_cb (gpointer user_data)
{
  MwSandboxClock *self = user_data;
  Timer          *timer;

  disarm (self);
  while ((timer = take_due (self, mw_sandbox_clock_now (self))) != NULL)
    {
      timer->func (timer->user_data);
      timer_free (timer);
    }
  arm (self);
  return G_SOURCE_REMOVE;
}

static void
arm (MwSandboxClock *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->timers);
  Timer         *timer;
  double         wait;

  disarm (self);
  if (self->speed <= 0 || g_sequence_iter_is_end (first))
    return;
  timer = g_sequence_get (first);
  wait = (double) (timer->when - mw_sandbox_clock_now (self)) / self->speed / 1000;
  self->source = g_timeout_source_new ((guint) CLAMP (wait + 1, 0, 3600 * 1000));
  g_source_set_callback (self->source, due_cb, self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

/**
 * mw_sandbox_clock_set_speed:
 * @speed: how many seconds pass here in a real one; 0 stops the clock
 */
void
mw_sandbox_clock_set_speed (MwSandboxClock *self,
                            double          speed)
{
  rebase (self, mw_sandbox_clock_now (self));
  self->speed = speed;
  arm (self);
}

/**
 * mw_sandbox_clock_set_now:
 *
 * Turns the clock to @now without running what falls due on the way.
 */
void
mw_sandbox_clock_set_now (MwSandboxClock *self,
                          gint64          now)
{
  rebase (self, now);
  arm (self);
}

/**
 * mw_sandbox_clock_advance:
 *
 * Turns the clock forward and runs, in order and each at its own time, what falls due.
 */
void
mw_sandbox_clock_advance (MwSandboxClock *self,
                          gint64          microseconds)
{
  gint64 until = mw_sandbox_clock_now (self) + microseconds;
  Timer *timer;

  while ((timer = take_due (self, until)) != NULL)
    {
      rebase (self, MAX (timer->when, mw_sandbox_clock_now (self)));
      timer->func (timer->user_data);
      timer_free (timer);
    }
  rebase (self, until);
  arm (self);
}

/**
 * mw_sandbox_clock_at:
 * @when: microseconds since 1970 UTC; what is past runs at the next turn
 * @destroy: (nullable): for @user_data, after the call or with the clock
 */
void
mw_sandbox_clock_at (MwSandboxClock    *self,
                     gint64             when,
                     MwSandboxClockFunc func,
                     gpointer           user_data,
                     GDestroyNotify     destroy)
{
  Timer *timer = g_new0 (Timer, 1);

  timer->when = when;
  timer->number = self->made++;
  timer->func = func;
  timer->user_data = user_data;
  timer->destroy = destroy;
  g_sequence_insert_sorted (self->timers, timer, compare_timers, NULL);
  arm (self);
}

/**
 * mw_sandbox_instant:
 *
 * Returns: (transfer full): @when as a FHIR instant, in milliseconds, UTC
 */
char *
mw_sandbox_instant (gint64 when)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (when / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", text, (int) (when % G_USEC_PER_SEC / 1000));
}

/**
 * mw_sandbox_date:
 *
 * Returns: (transfer full): the UTC day of @when, as a FHIR date
 */
char *
mw_sandbox_date (gint64 when)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (when / G_USEC_PER_SEC);

  return g_date_time_format (time, "%Y-%m-%d");
}
