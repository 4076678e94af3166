/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-fhir-date.h"
#include "mw-text.h"

#include <string.h>

static void
test_to_unix (void)
{
  static const struct
  {
    const char *text;
    gint64      seconds;
  } cases[] = {
    { "1970", 0 },
    { "1970-01", 0 },
    { "1970-02", 31 * 86400 },
    { "1970-01-02", 86400 },
    { "1970-01-01T00:00:00Z", 0 },
    { "1970-01-01T01:00:00+01:00", 0 },
    { "1970-01-01T00:00:00-05:00", 5 * 3600 },
    { "1970-01-01T00:01Z", 60 },
    { "1969-12-31T23:59:59Z", -1 },
    { "2000-02-29", G_GINT64_CONSTANT (951782400) },
    { "2026-01-05T10:00:00Z", G_GINT64_CONSTANT (1767607200) },
    { "1970-01-01T24:00:00Z", 86400 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (mw_fhir_date_to_unix (cases[i].text, -7), ==, cases[i].seconds * G_USEC_PER_SEC);
  g_assert_cmpint (mw_fhir_date_to_unix ("1970-01-01T00:00:00.123456789Z", -7), ==, 123456);
}

static void
test_invalid (void)
{
  static const char *const cases[] = {
    "", "x", "26", "2026-13", "2026-00", "2026-02-31", "2025-02-29", "2026-1-5", "2026-01-05T", "2026-01-05T10",
    "2026-01-05T25:00:00Z", "2026-01-05T10:60:00Z", "2026-01-05T10:00:00.Z", "2026-01-05T10:00:00+99:00",
    "2026-01-05T10:00:00Zx", "2026-", "0000", "99999", "2026-01-05T10:00:00+1:00"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *display = mw_fhir_date_to_display (cases[i]);

      g_assert_cmpint (mw_fhir_date_to_unix (cases[i], -7), ==, -7);
      g_assert_cmpstr (display, ==, *cases[i] != '\0' ? cases[i] : NULL);
    }
  g_assert_cmpint (mw_fhir_date_to_unix (NULL, 5), ==, 5);
  g_assert_null (mw_fhir_date_to_display (NULL));
}

static void
check_display (const char *text,
               const char *expected)
{
  g_autofree char *display = mw_fhir_date_to_display (text);

  g_assert_cmpstr (display, ==, expected);
}

static void
test_display (void)
{
  check_display ("2026", "2026");
  check_display ("2026-01", "January 2026");
  check_display ("2026-01-05", "5 January 2026");
  /* the test runs two hours east of Greenwich */
  check_display ("2026-01-05T23:30:00Z", "6 January 2026, 01:30");
  check_display ("2026-01-05T23:30:00.250+02:00", "5 January 2026, 23:30");
  check_display ("2026-01-05T23:30:00", "5 January 2026, 23:30");
}

static void
check_range (const char *start,
             const char *end,
             const char *expected)
{
  g_autofree char *display = mw_fhir_date_range_to_display (start, end);

  g_assert_cmpstr (display, ==, expected);
}

static void
test_range (void)
{
  check_range ("2026-01-05", NULL, "since 5 January 2026");
  check_range (NULL, "2026-01-05", "until 5 January 2026");
  check_range ("2026-01-05", "2026-02", "5 January 2026 – February 2026");
  check_range ("2026-01-05T10:00:00+02:00", "2026-01-05T10:30:00+02:00", "5 January 2026, 10:00 – 10:30");
  check_range ("2026-01-05", "2026-01-05", "5 January 2026");
  check_range (NULL, NULL, NULL);
}

static void
check_from_unix (gint64      us,
                 const char *expected)
{
  g_autofree char *text = mw_fhir_date_from_unix (us);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_from_unix (void)
{
  check_from_unix (G_GINT64_CONSTANT (1767607200) * G_USEC_PER_SEC, "2026-01-05T10:00:00.000Z");
  check_from_unix (1999, "1970-01-01T00:00:00.001Z");
  check_from_unix (-1, "1969-12-31T23:59:59.999Z");
  check_from_unix (G_MAXINT64, "9999-12-31T23:59:59.775Z");
}

static void
test_age (void)
{
  gint64 now = mw_fhir_date_to_unix ("2026-01-05T12:00:00Z", 0);

  g_assert_cmpint (mw_fhir_date_age ("1980-01-05", now), ==, 46);
  g_assert_cmpint (mw_fhir_date_age ("1980-01-06", now), ==, 45);
  g_assert_cmpint (mw_fhir_date_age ("1980", now), ==, 46);
  g_assert_cmpint (mw_fhir_date_age ("2025-12", now), ==, 0);
  g_assert_cmpint (mw_fhir_date_age ("2027-01-01", now), ==, -1);
  g_assert_cmpint (mw_fhir_date_age ("1700-01-01", now), ==, -1);
  g_assert_cmpint (mw_fhir_date_age (NULL, now), ==, -1);
}

static void
test_text (void)
{
  g_autofree char *clean = mw_text_clean ("  a\tb\xE2\x80\xAE\x07  c\r\n\r\n\r\nd ", 100, TRUE);
  g_autofree char *line = mw_text_line ("a\nb");
  g_autofree char *cut = mw_text_clean ("abcdef", 3, FALSE);
  g_autofree char *broken = mw_text_clean ("a\xff"
                                           "b",
                                           10, FALSE);
  g_autofree char *camel = mw_text_humanise ("birthDate");
  g_autofree char *code = mw_code_to_text ("in-progress");
  g_autofree char *unknown = mw_code_to_text ("some-new-code");
  g_autofree char *upper = mw_code_to_text ("XYZ-1");

  g_assert_cmpstr (clean, ==, "a b c\n\nd");
  g_assert_cmpstr (line, ==, "a b");
  g_assert_cmpstr (cut, ==, "abc…");
  g_assert_cmpstr (broken, ==, "a\xEF\xBF\xBD"
                               "b");
  g_assert_cmpstr (camel, ==, "Birth date");
  g_assert_cmpstr (code, ==, "In progress");
  g_assert_cmpstr (unknown, ==, "Some new code");
  g_assert_cmpstr (upper, ==, "XYZ-1");
  g_assert_null (mw_text_line (" \n "));
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "EET-2", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/date/to-unix", test_to_unix);
  g_test_add_func ("/fhir/date/invalid", test_invalid);
  g_test_add_func ("/fhir/date/display", test_display);
  g_test_add_func ("/fhir/date/range", test_range);
  g_test_add_func ("/fhir/date/from-unix", test_from_unix);
  g_test_add_func ("/fhir/date/age", test_age);
  g_test_add_func ("/fhir/date/text", test_text);
  return g_test_run ();
}
