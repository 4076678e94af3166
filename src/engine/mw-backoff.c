/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-backoff.h"

#define BASE_SECONDS 5
#define MAX_SECONDS (15 * 60)

/**
 * mw_backoff_delay:
 * @failures: failed tries so far, from 1
 * @jitter: in [0, 1); the caller draws it, so that a test can fix it
 *
 * The wait before the next try: 5 s doubling, with full jitter, but never below a second, so that a
 * busy server is not hit in a loop. A Retry-After header (RFC 9110, 10.2.3) overrides it.
 *
 * Returns: microseconds, at most 15 minutes
 */
gint64
mw_backoff_delay (gint64  failures,
                  gdouble jitter)
{
  gint64 ceiling = MAX_SECONDS;

  if (failures < 8)
    ceiling = MIN ((gint64) BASE_SECONDS << MAX (failures - 1, 0), MAX_SECONDS);
  return MAX (G_TIME_SPAN_SECOND, (gint64) (jitter * (gdouble) (ceiling * G_TIME_SPAN_SECOND)));
}

/**
 * mw_follow_up_delay:
 * @since: µs since the item was handed over
 * @polls: how often it was looked at
 *
 * The wait before a Task of ours is looked at again: first after a minute, then every five minutes for
 * half an hour, then hourly (CDex 2.1.0, polling).
 *
 * Returns: microseconds
 */
gint64
mw_follow_up_delay (gint64 since,
                    gint64 polls)
{
  if (polls == 0)
    return G_TIME_SPAN_MINUTE;
  if (since < 35 * G_TIME_SPAN_MINUTE)
    return 5 * G_TIME_SPAN_MINUTE;
  return G_TIME_SPAN_HOUR;
}
