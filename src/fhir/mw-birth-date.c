/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-birth-date.h"

#include "mw-fhir-date.h"

#include <string.h>

/* Nobody who lives was born before */
#define FIRST_YEAR 1890
#define MAX_GROUPS 3

typedef struct
{
  guint    value;
  gsize    digits;
  gunichar after; /* the separator behind it; 0 at the end */
} Group;

/* Returns: how many groups of digits there are; more than MAX_GROUPS is no date */
static guint
read_groups (const char *text,
             Group       groups[MAX_GROUPS],
             gboolean   *has_letters)
{
  guint n = 0;

  *has_letters = FALSE;
  while (*text != '\0')
    {
      gsize digits = strspn (text, "0123456789");

      if (digits == 0)
        {
          *has_letters |= g_unichar_isalpha (g_utf8_get_char (text));
          text = g_utf8_next_char (text);
          continue;
        }
      if (n == MAX_GROUPS || digits > 8)
        return MAX_GROUPS + 1;
      groups[n] = (Group){ (guint) g_ascii_strtoull (text, NULL, 10), digits, g_utf8_get_char (text + digits) };
      n++;
      text += digits;
    }
  return n;
}

static guint
full_year (const Group *group,
           guint        this_year)
{
  guint year = group->value;

  if (group->digits > 2)
    return year;
  year += this_year / 100 * 100;
  return year > this_year ? year - 100 : year;
}

static char *
day_text (guint        day,
          guint        month,
          guint        year,
          const GDate *today)
{
  g_autoptr (GDate) date = NULL;

  if (year < FIRST_YEAR || year > 9999 || !g_date_valid_dmy ((GDateDay) MIN (day, 99), (GDateMonth) MIN (month, 99), (GDateYear) year))
    return NULL;
  date = g_date_new_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year);
  return g_date_compare (date, today) <= 0 ? g_strdup_printf ("%04u-%02u-%02u", year, month, day) : NULL;
}

/* Only the month is known */
static char *
month_text (guint        month,
            guint        year,
            const GDate *today)
{
  g_autofree char *first = day_text (1, month, year, today);

  return first != NULL ? g_strndup (first, strlen ("2016-05")) : NULL;
}

/* Words of this locale, and numbers in its order */
static char *
by_locale (const char  *text,
           const Group *groups,
           guint        n_groups,
           gboolean     has_letters,
           const GDate *today)
{
  GDate date;
  guint year;

  g_date_clear (&date, 1);
  g_date_set_parse (&date, text);
  if (!g_date_valid (&date))
    return NULL;
  year = g_date_get_year (&date);
  if (n_groups == 1 && has_letters)
    return groups[0].digits == 4 ? month_text (g_date_get_month (&date), groups[0].value, today) : NULL;
  /* the locale may write its years in two digits, and then takes 16 for a year to come */
  if (year < 100 || (year > g_date_get_year (today) && groups[n_groups - 1].digits <= 2))
    year = full_year (&(Group){ .value = year % 100, .digits = 2 }, g_date_get_year (today));
  return day_text (g_date_get_day (&date), g_date_get_month (&date), year, today);
}

/* Where the writing itself says what is what, whatever the locale: 2016/5/4, 4.5.2016, 5.2016 */
static char *
by_form (const Group *groups,
         guint        n_groups,
         const GDate *today)
{
  guint this_year = g_date_get_year (today);

  if (n_groups == 3 && groups[0].digits == 4)
    return day_text (groups[2].value, groups[1].value, groups[0].value, today);
  if (n_groups == 3 && groups[0].after == '.' && groups[1].after == '.')
    return day_text (groups[0].value, groups[1].value, full_year (&groups[2], this_year), today);
  if (n_groups == 2 && groups[1].digits == 4)
    return month_text (groups[0].value, groups[1].value, today);
  return NULL;
}

/**
 * mw_birth_date_from_text:
 * @text: as a person writes it: "4.5.2016", "4 May 2016", "2016-05-04", "May 2016", "2016"; in an order that the writing
 *   does not tell ("4/5/2016"), that of the locale
 * @now: µs since 1970; nobody was born later
 *
 * What was understood is to be shown: this is a guess.
 *
 * Returns: (transfer full) (nullable): a FHIR date, perhaps only a month or a year
 */
char *
mw_birth_date_from_text (const char *text,
                         gint64      now)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (now / G_USEC_PER_SEC);
  g_autoptr (GDate) today = NULL;
  Group      groups[MAX_GROUPS];
  gboolean   has_letters;
  guint      n_groups;
  MwFhirDate date;
  char      *found = NULL;

  g_strstrip (valid);
  if (time == NULL)
    return NULL;
  today = g_date_new_dmy ((GDateDay) g_date_time_get_day_of_month (time), (GDateMonth) g_date_time_get_month (time), (GDateYear) g_date_time_get_year (time));
  n_groups = read_groups (valid, groups, &has_letters);
  if (n_groups == 0 || n_groups > MAX_GROUPS)
    return NULL;
  if (mw_fhir_date_parse (valid, &date) && date.precision <= MW_FHIR_DATE_DAY)
    {
      g_autofree char *day = day_text ((guint) date.day, (guint) date.month, (guint) date.year, today);

      return day != NULL ? g_strdup (valid) : NULL;
    }
  if (!has_letters)
    found = by_form (groups, n_groups, today);
  if (found == NULL && (has_letters || n_groups == 3 || groups[0].digits == 8))
    found = by_locale (valid, groups, n_groups, has_letters, today);
  return found;
}
