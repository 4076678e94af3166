/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-frame-meter.h"

static gboolean
hold_up (gpointer user_data)
{
  gint64 until = g_get_monotonic_time () + GPOINTER_TO_INT (user_data);

  while (g_get_monotonic_time () < until)
    ;
  return G_SOURCE_REMOVE;
}

static void
count (MwFrameMeter *meter,
       guint         ticks)
{
  MwLateness lateness;

  do
    {
      g_main_context_iteration (NULL, TRUE);
      mw_frame_meter_read (meter, &lateness);
    }
  while (lateness.n < ticks);
}

/* A turn of the main loop that lasts 60 ms makes a tick at least 40 ms late */
static void
test_sees_jank (void)
{
  MwFrameMeter *meter = mw_frame_meter_start (G_PRIORITY_DEFAULT);
  MwLateness    lateness;

  count (meter, 2);
  g_idle_add_full (G_PRIORITY_HIGH, hold_up, GINT_TO_POINTER (60000), NULL);
  count (meter, 6);
  mw_frame_meter_read (meter, &lateness);
  g_assert_cmpint (lateness.max, >=, 40000);
  g_assert_cmpint (lateness.p99, <=, lateness.max);
  g_assert_cmpint (lateness.p50, <=, lateness.p99);
  mw_frame_meter_stop (meter);
}

/* What was held up for several frames is one late tick, not a flood of them */
static void
test_no_flood (void)
{
  MwFrameMeter *meter = mw_frame_meter_start (G_PRIORITY_DEFAULT);
  MwLateness    before, after;

  count (meter, 1);
  mw_frame_meter_read (meter, &before);
  g_idle_add_full (G_PRIORITY_HIGH, hold_up, GINT_TO_POINTER (100000), NULL);
  g_main_context_iteration (NULL, TRUE);
  g_main_context_iteration (NULL, FALSE);
  mw_frame_meter_read (meter, &after);
  g_assert_cmpuint (after.n - before.n, <=, 2);
  mw_frame_meter_stop (meter);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frame-meter/sees-jank", test_sees_jank);
  g_test_add_func ("/frame-meter/no-flood", test_no_flood);
  return g_test_run ();
}
