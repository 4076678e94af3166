/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-birth-date.h"

/* 9 March 2026, noon */
#define NOW G_GINT64_CONSTANT (1773057600000000)

static void
test_understood (void)
{
  static const struct
  {
    const char *text;
    const char *date;
  } cases[] = {
    { "2016-05-04", "2016-05-04" },
    { " 2016-05-04 ", "2016-05-04" },
    { "2016/5/4", "2016-05-04" },
    { "2016.05.04", "2016-05-04" },
    { "20160504", "2016-05-04" },
    { "4.5.2016", "2016-05-04" },
    { "04.05.2016", "2016-05-04" },
    { "4. 5. 16", "2016-05-04" },
    { "4.5.57", "1957-05-04" },
    { "4 May 2016", "2016-05-04" },
    { "May 4, 2016", "2016-05-04" },
    { "4-may-2016", "2016-05-04" },
    { "05/04/2016", "2016-05-04" }, /* the order of the C locale */
    { "5/4/16", "2016-05-04" },
    { "5/4/57", "1957-05-04" },
    { "2016-05", "2016-05" },
    { "5.2016", "2016-05" },
    { "5/2016", "2016-05" },
    { "May 2016", "2016-05" },
    { "2016", "2016" },
    { "29.2.2024", "2024-02-29" },
    { "9.3.2026", "2026-03-09" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *date = mw_birth_date_from_text (cases[i].text, NOW);

      if (g_strcmp0 (date, cases[i].date) != 0)
        g_error ("“%s” was understood as %s, not %s", cases[i].text, date, cases[i].date);
    }
}

static void
test_not_understood (void)
{
  static const char *const texts[] = { "", "May", "4 May", "nonsense", "31.2.2016", "29.2.2023", "10.3.2026", "2027", "2026-04", "4.5.1066", "1.2.3.4",
                                       "123456789", "99.99.9999", "2016-05-04T10:00:00Z", "4", "45", "\xff\xfe", "12:30" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *date = mw_birth_date_from_text (texts[i], NOW);

      if (date != NULL)
        g_error ("“%s” was understood as %s", texts[i], date);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/birth-date/understood", test_understood);
  g_test_add_func ("/fhir/birth-date/not-understood", test_not_understood);
  return g_test_run ();
}
