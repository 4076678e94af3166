/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-fhir-date.h"

#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Reads exactly @digits digits */
static gboolean
read_number (const char **at,
             guint        digits,
             int         *value)
{
  *value = 0;
  for (guint i = 0; i < digits; i++, (*at)++)
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      *value = *value * 10 + (**at - '0');
    }
  return TRUE;
}

static gboolean
read_fraction (const char **at,
               MwFhirDate  *date)
{
  int scale = 100000;

  if (!g_ascii_isdigit (**at))
    return FALSE;
  for (; g_ascii_isdigit (**at); (*at)++, scale /= 10)
    date->microsecond += (**at - '0') * scale;
  date->precision = MW_FHIR_DATE_FRACTION;
  return TRUE;
}

static gboolean
read_zone (const char **at,
           MwFhirDate  *date)
{
  int hours, minutes, sign;

  if (**at == '\0')
    return TRUE;
  date->has_zone = TRUE;
  if (**at == 'Z' || **at == 'z')
    {
      (*at)++;
      return TRUE;
    }
  if (**at != '+' && **at != '-')
    return FALSE;
  sign = **at == '-' ? -1 : 1;
  (*at)++;
  if (!read_number (at, 2, &hours))
    return FALSE;
  if (**at == ':')
    (*at)++;
  if (!read_number (at, 2, &minutes) || hours > 14 || minutes > 59)
    return FALSE;
  date->offset = sign * (hours * 3600 + minutes * 60);
  return TRUE;
}

static gboolean
read_time (const char **at,
           MwFhirDate  *date)
{
  if (!read_number (at, 2, &date->hour) || *(*at)++ != ':' || !read_number (at, 2, &date->minute) ||
      date->hour > 24 || date->minute > 59)
    return FALSE;
  date->precision = MW_FHIR_DATE_MINUTE;
  if (**at == ':')
    {
      (*at)++;
      if (!read_number (at, 2, &date->second) || date->second > 60)
        return FALSE;
      date->precision = MW_FHIR_DATE_SECOND;
      if (**at == '.')
        {
          (*at)++;
          if (!read_fraction (at, date))
            return FALSE;
        }
    }
  return read_zone (at, date);
}

/**
 * mw_fhir_date_parse:
 * @text: (nullable): a date, dateTime or instant (FHIR R4 datatypes.html#dateTime)
 * @date: (out caller-allocates): what it says
 *
 * Lenient where meaning is clear: a time without seconds or without a zone, 24:00, a leap second.
 *
 * Returns: whether @text is a date that exists
 */
gboolean
mw_fhir_date_parse (const char *text,
                    MwFhirDate *date)
{
  const char *at = text;

  *date = (MwFhirDate){ .month = 1, .day = 1 };
  if (text == NULL || !read_number (&at, 4, &date->year) || date->year < 1)
    return FALSE;
  date->precision = MW_FHIR_DATE_YEAR;
  if (*at == '-')
    {
      at++;
      if (!read_number (&at, 2, &date->month) || date->month < 1 || date->month > 12)
        return FALSE;
      date->precision = MW_FHIR_DATE_MONTH;
      if (*at == '-')
        {
          at++;
          if (!read_number (&at, 2, &date->day) ||
              !g_date_valid_dmy ((GDateDay) date->day, (GDateMonth) date->month, (GDateYear) date->year))
            return FALSE;
          date->precision = MW_FHIR_DATE_DAY;
          if (*at == 'T' || *at == 't' || *at == ' ')
            {
              at++;
              if (!read_time (&at, date))
                return FALSE;
            }
        }
    }
  return *at == '\0';
}

/* Days since 1970-01-01; GDateTime would refuse a leap second and the year 0001 west of Greenwich */
static gint64
days_since_epoch (const MwFhirDate *date)
{
  GDate day, epoch;

  g_date_clear (&day, 1);
  g_date_clear (&epoch, 1);
  g_date_set_dmy (&day, (GDateDay) date->day, (GDateMonth) date->month, (GDateYear) date->year);
  g_date_set_dmy (&epoch, 1, G_DATE_JANUARY, 1970);
  return (gint64) g_date_get_julian (&day) - (gint64) g_date_get_julian (&epoch);
}

static gint64
to_unix (const MwFhirDate *date)
{
  gint64 seconds = days_since_epoch (date) * 86400 + date->hour * 3600 + date->minute * 60 + date->second - date->offset;

  return seconds * G_USEC_PER_SEC + date->microsecond;
}

/**
 * mw_fhir_date_to_unix:
 * @text: (nullable): a date
 * @fallback: what to answer when it is none
 *
 * Returns: the start of the period that @text names, in microseconds since 1970 UTC. Without a zone
 *   it is read as UTC.
 */
gint64
mw_fhir_date_to_unix (const char *text,
                      gint64      fallback)
{
  MwFhirDate date;

  return mw_fhir_date_parse (text, &date) ? to_unix (&date) : fallback;
}

/**
 * mw_fhir_date_from_unix:
 * @us: microseconds since 1970 UTC
 *
 * Returns: (transfer full): an instant in UTC with milliseconds: "2026-01-05T10:00:00.000Z"
 */
char *
mw_fhir_date_from_unix (gint64 us)
{
  gint64 seconds = us / G_USEC_PER_SEC, rest = us % G_USEC_PER_SEC;
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *text = NULL;

  if (rest < 0)
    {
      seconds--;
      rest += G_USEC_PER_SEC;
    }
  /* year 1 to 9999, the range FHIR can write */
  time = g_date_time_new_from_unix_utc (CLAMP (seconds, G_GINT64_CONSTANT (-62135596800), G_GINT64_CONSTANT (253402300799)));
  text = g_date_time_format (time, "%H:%M:%S");
  return g_strdup_printf ("%04d-%02d-%02dT%s.%03dZ", g_date_time_get_year (time), g_date_time_get_month (time),
                          g_date_time_get_day_of_month (time), text, (int) (rest / 1000));
}

static char *
format (GDateTime  *time,
        const char *pattern)
{
  char *text = g_date_time_format (time, pattern);

  return text != NULL ? g_strstrip (text) : NULL;
}

/* Times are shown in the reader's zone, days as they were written: a birthday has no zone */
static GDateTime *
to_local (const MwFhirDate *date)
{
  if (date->precision >= MW_FHIR_DATE_MINUTE && date->has_zone)
    return g_date_time_new_from_unix_local (to_unix (date) / G_USEC_PER_SEC);
  return g_date_time_new_local (date->year, date->month, date->day, date->hour % 24, date->minute, MIN (date->second, 59));
}

static char *
display (const MwFhirDate *date)
{
  g_autoptr (GDateTime) time = to_local (date);

  if (time == NULL)
    return NULL;
  switch (date->precision)
    {
    case MW_FHIR_DATE_YEAR:
      return g_strdup_printf ("%d", date->year);
    case MW_FHIR_DATE_MONTH:
      /* Translators: a month and its year, see the GDateTime documentation: "January 2026" */
      return format (time, _ ("%B %Y"));
    case MW_FHIR_DATE_DAY:
      /* Translators: a day, see the GDateTime documentation: "5 January 2026" */
      return format (time, _ ("%-d %B %Y"));
    case MW_FHIR_DATE_MINUTE:
    case MW_FHIR_DATE_SECOND:
    case MW_FHIR_DATE_FRACTION:
      /* Translators: a day and a time, see the GDateTime documentation: "5 January 2026, 10:00" */
      return format (time, _ ("%-d %B %Y, %H:%M"));
    case MW_FHIR_DATE_NONE:
    default:
      return NULL;
    }
}

/**
 * mw_fhir_date_to_display:
 * @text: (nullable): a date of any precision
 *
 * Returns: (transfer full) (nullable): it in the reader's language and, when it has a zone, in the
 *   reader's time; what is no date comes back as safe text, nothing as NULL
 */
char *
mw_fhir_date_to_display (const char *text)
{
  MwFhirDate date;
  char      *result = NULL;

  if (mw_fhir_date_parse (text, &date))
    result = display (&date);
  return result != NULL ? result : mw_text_line (text);
}

/**
 * mw_fhir_date_range_to_display:
 * @start: (nullable): a date
 * @end: (nullable): a date
 *
 * Returns: (transfer full) (nullable): a period in words; of two times on one day the second without the day
 */
char *
mw_fhir_date_range_to_display (const char *start,
                               const char *end)
{
  g_autofree char *from = mw_fhir_date_to_display (start);
  g_autofree char *to = mw_fhir_date_to_display (end);
  MwFhirDate       a, b;

  if (from == NULL && to == NULL)
    return NULL;
  if (to == NULL)
    /* Translators: %s is a day or a time */
    return g_strdup_printf (_ ("since %s"), from);
  if (from == NULL)
    /* Translators: %s is a day or a time */
    return g_strdup_printf (_ ("until %s"), to);
  if (g_str_equal (from, to))
    return g_steal_pointer (&from);
  if (mw_fhir_date_parse (start, &a) && mw_fhir_date_parse (end, &b) &&
      a.precision >= MW_FHIR_DATE_MINUTE && b.precision >= MW_FHIR_DATE_MINUTE)
    {
      g_autoptr (GDateTime) x = to_local (&a);
      g_autoptr (GDateTime) y = to_local (&b);

      if (x != NULL && y != NULL && g_date_time_get_year (x) == g_date_time_get_year (y) &&
          g_date_time_get_day_of_year (x) == g_date_time_get_day_of_year (y))
        {
          g_autofree char *hour = g_date_time_format (y, "%H:%M");

          return g_strdup_printf ("%s – %s", from, hour);
        }
    }
  return g_strdup_printf ("%s – %s", from, to);
}

/**
 * mw_fhir_date_age:
 * @birth_date: (nullable): a date, perhaps partial
 * @now: microseconds since 1970 UTC
 *
 * Returns: full years in the reader's time zone, or -1 when it is unknown or lies ahead. Of a birth date
 *   that is only a year or a month the youngest possible age is not known, so the start is taken.
 */
int
mw_fhir_date_age (const char *birth_date,
                  gint64      now)
{
  g_autoptr (GDateTime) today = g_date_time_new_from_unix_local (now / G_USEC_PER_SEC);
  MwFhirDate birth;
  int        age;

  if (today == NULL || !mw_fhir_date_parse (birth_date, &birth))
    return -1;
  age = g_date_time_get_year (today) - birth.year;
  if (g_date_time_get_month (today) < birth.month ||
      (g_date_time_get_month (today) == birth.month && g_date_time_get_day_of_month (today) < birth.day))
    age--;
  return age < 0 || age > 150 ? -1 : age;
}
