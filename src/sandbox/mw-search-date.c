/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-search-private.h"

#include "mw-json.h"

#include <string.h>

static gboolean
digits (const char **at,
        int          count,
        int         *value)
{
  *value = 0;
  for (int i = 0; i < count; i++)
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      *value = *value * 10 + (**at - '0');
      (*at)++;
    }
  return TRUE;
}

static gint64
micros (int year, int month, int day, int hour, int minute, int second)
{
  g_autoptr (GDateTime) time = g_date_time_new_utc (year, month, day, hour, minute, second);

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : G_MININT64;
}

static gboolean
parse_zone (const char *at,
            int        *minutes)
{
  int sign, hour, minute;

  *minutes = 0;
  if (g_str_equal (at, "Z") || *at == '\0')
    return TRUE;
  sign = *at == '-' ? -1 : *at == '+' ? 1
                                      : 0;
  at++;
  if (sign == 0 || !digits (&at, 2, &hour) || *at++ != ':' || !digits (&at, 2, &minute) || *at != '\0' || hour > 14 || minute > 59)
    return FALSE;
  *minutes = sign * (hour * 60 + minute);
  return TRUE;
}

/* hh:mm[:ss[.fff]][zone] after the date */
static gboolean
parse_time (const char *at,
            gint64      day,
            gint64     *start,
            gint64     *end)
{
  int    hour, minute, second = 0, zone;
  gint64 width = MW_MINUTES (1), fraction = 0;

  if (!digits (&at, 2, &hour) || *at++ != ':' || !digits (&at, 2, &minute) || hour > 23 || minute > 59)
    return FALSE;
  if (*at == ':')
    {
      at++;
      if (!digits (&at, 2, &second) || second > 60)
        return FALSE;
      width = MW_SECONDS (1);
      if (*at == '.')
        {
          at++;
          if (!g_ascii_isdigit (*at))
            return FALSE;
          for (; g_ascii_isdigit (*at); at++)
            if (width > 1)
              {
                width /= 10;
                fraction += (*at - '0') * width;
              }
        }
    }
  if (!parse_zone (at, &zone))
    return FALSE;
  *start = day + MW_HOURS (hour) + MW_MINUTES (minute - zone) + MW_SECONDS (second) + fraction;
  *end = *start + width;
  return TRUE;
}

/**
 * mw_search_parse_date:
 * @text: a FHIR date, dateTime or instant of any precision; without a zone it is taken as UTC
 * @start: (out): microseconds, the first that it means
 * @end: (out): the first that it does not mean any more
 *
 * Returns: whether it is a date that exists
 */
gboolean
mw_search_parse_date (const char *text,
                      gint64     *start,
                      gint64     *end)
{
  const char *at = text;
  int         year, month, day;

  if (!digits (&at, 4, &year) || year == 0)
    return FALSE;
  if (*at == '\0')
    {
      *start = micros (year, 1, 1, 0, 0, 0);
      *end = year < 9999 ? micros (year + 1, 1, 1, 0, 0, 0) : *start + MW_DAYS (365);
      return TRUE;
    }
  if (*at++ != '-' || !digits (&at, 2, &month) || month < 1 || month > 12)
    return FALSE;
  if (*at == '\0')
    {
      *start = micros (year, month, 1, 0, 0, 0);
      *end = *start + MW_DAYS (g_date_get_days_in_month ((GDateMonth) month, (GDateYear) year));
      return TRUE;
    }
  if (*at++ != '-' || !digits (&at, 2, &day) || !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return FALSE;
  *start = micros (year, month, day, 0, 0, 0);
  *end = *start + MW_DAYS (1);
  if (*at == '\0')
    return TRUE;
  return *at == 'T' && parse_time (at + 1, *start, start, end);
}

static gboolean
span_of_events (JsonNode *timing,
                gint64   *start,
                gint64   *end)
{
  guint    n = mw_json_length (timing, "event");
  gboolean any = FALSE;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("event[%u]", i);
      const char      *text = mw_json_string (timing, path);
      gint64           from, to;

      if (text == NULL || !mw_search_parse_date (text, &from, &to))
        continue;
      *start = any ? MIN (*start, from) : from;
      *end = any ? MAX (*end, to) : to;
      any = TRUE;
    }
  return any;
}

/**
 * mw_search_time_of:
 * @node: a date of any kind, a Period or a Timing
 *
 * Returns: whether it says a time; an open end of a Period is the end of time
 */
gboolean
mw_search_time_of (JsonNode *node,
                   gint64   *start,
                   gint64   *end)
{
  const char *from, *to;
  gint64      unused;

  if (!mw_json_is_object (node))
    {
      from = mw_json_string (node, NULL);
      return from != NULL && mw_search_parse_date (from, start, end);
    }
  if (mw_json_has (node, "event"))
    return span_of_events (node, start, end);
  from = mw_json_string (node, "start");
  to = mw_json_string (node, "end");
  if (from == NULL && to == NULL)
    return FALSE;
  *start = G_MININT64;
  *end = G_MAXINT64;
  if (from != NULL && !mw_search_parse_date (from, start, &unused))
    return FALSE;
  return to == NULL || mw_search_parse_date (to, &unused, end);
}
