/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-fold.h"

#include <string.h>

static const struct
{
  const char *one, *other;
  gboolean    equal;
} cases[] = {
  { "Meyer", "MEYER", TRUE },
  { "Müller", "Mu\xCC\x88ller", TRUE },
  { "Müller", "Muller", TRUE },
  { "Müller", "Mueller", TRUE },
  { "Muller", "Mueller", FALSE },
  { "Groß", "GROSS", TRUE },
  { "Sørensen", "Soerensen", TRUE },
  { "Łukasz", "Lukasz", TRUE },
  { "García López", "Lopez Garcia", TRUE },
  { "Smith-Jones", "Smith Jones", TRUE },
  { "O'Brien", "O\xE2\x80\x99"
               "Brien",
    TRUE },
  { "O'Brien", "OBrien", TRUE },
  { "St. Mary", "St Mary", TRUE },
  { "Anna Maria", "Anna", FALSE },
  { "Meyer", "Meier", FALSE },
  { "Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ", TRUE },
  /* marks that make another letter stay */
  { "が", "か", FALSE },
  { "Андрей", "Андреи", FALSE },
  { "कि", "का", FALSE },
  { "", "", FALSE },
  { "-", "-", FALSE },
  { NULL, NULL, FALSE },
  { "\xff\xfe", "x", FALSE },
};

static void
test_equal (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_true (mw_fold_equal (cases[i].one, cases[i].other) == cases[i].equal);
      g_assert_true (mw_fold_equal (cases[i].other, cases[i].one) == cases[i].equal);
    }
}

static void
test_huge (void)
{
  g_autofree char *text = g_strnfill (1000000, 'x');
  g_autofree char *folded = mw_fold_text (text, MW_FOLD_PLAIN);

  g_assert_cmpuint (strlen (folded), <=, 200);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/fold/equal", test_equal);
  g_test_add_func ("/fhir/fold/huge", test_huge);
  return g_test_run ();
}
