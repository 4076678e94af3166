/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-when.h"

#include "mw-config.h"

#include <glib/gi18n-lib.h>

#define MORNING 8
#define EVENING 18

static GDateTime *
day_at (GDateTime *now,
        int        days,
        int        hour)
{
  g_autoptr (GDateTime) day = g_date_time_add_days (now, days);

  return g_date_time_new (g_date_time_get_timezone (now), g_date_time_get_year (day), g_date_time_get_month (day),
                          g_date_time_get_day_of_month (day), hour, 0, 0);
}

/**
 * mw_when_time:
 * @now: in the person's time zone
 *
 * Returns: (transfer full) (nullable): that time; NULL when it is over, as this evening may be, or
 *   does not exist, as on the day the clocks change
 */
GDateTime *
mw_when_time (MwWhen     when,
              GDateTime *now)
{
  switch (when)
    {
    case MW_WHEN_IN_AN_HOUR:
      return g_date_time_add_hours (now, 1);
    case MW_WHEN_THIS_EVENING:
      return g_date_time_get_hour (now) < EVENING - 1 ? day_at (now, 0, EVENING) : NULL;
    case MW_WHEN_TOMORROW:
      return day_at (now, 1, MORNING);
    case MW_WHEN_IN_THREE_DAYS:
      return day_at (now, 3, MORNING);
    case MW_WHEN_NEXT_MONDAY:
      return day_at (now, 8 - g_date_time_get_day_of_week (now), MORNING);
    case MW_WHEN_IN_A_WEEK:
      return day_at (now, 7, MORNING);
    default:
      g_return_val_if_reached (NULL);
    }
}

/**
 * mw_when_label:
 *
 * Returns: it in words, translated
 */
const char *
mw_when_label (MwWhen when)
{
  switch (when)
    {
    case MW_WHEN_IN_AN_HOUR:
      return _ ("In 1 hour");
    case MW_WHEN_THIS_EVENING:
      return _ ("This evening");
    case MW_WHEN_TOMORROW:
      return _ ("Tomorrow");
    case MW_WHEN_IN_THREE_DAYS:
      return _ ("In 3 days");
    case MW_WHEN_NEXT_MONDAY:
      return _ ("Next Monday");
    case MW_WHEN_IN_A_WEEK:
      return _ ("In a week");
    default:
      g_return_val_if_reached (NULL);
    }
}

/**
 * mw_when_text:
 * @now: in the person's time zone
 * @with_time: whether the time of day matters
 *
 * Returns: (transfer full): "Tue 24 Nov, 08:00"; the year when it is another one
 */
char *
mw_when_text (GDateTime *time,
              GDateTime *now,
              gboolean   with_time)
{
  gboolean this_year = g_date_time_get_year (time) == g_date_time_get_year (now);

  if (with_time)
    /* Translators: a date and time as strftime writes it */
    return g_date_time_format (time, this_year ? _ ("%a %-d %b, %H:%M") : _ ("%a %-d %b %Y, %H:%M"));
  /* Translators: a date as strftime writes it */
  return g_date_time_format (time, this_year ? _ ("%a %-d %b") : _ ("%a %-d %b %Y"));
}
