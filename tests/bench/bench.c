/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "bench.h"

#include <glib/gstdio.h>
#include <stdio.h>

#define ROUNDS 7

static int
compare (const void *a,
         const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/**
 * bench_compare:
 *
 * Lets both run by turns, so that what else the computer does meets them alike, and prints the median of
 * each and their ratio. Ratios travel between computers; absolute numbers do not.
 */
void
bench_compare (const char *what,
               const char *ours_name,
               BenchFunc   ours,
               const char *bare_name,
               BenchFunc   bare,
               gpointer    data)
{
  double a[ROUNDS], b[ROUNDS];

  for (guint i = 0; i < ROUNDS; i++)
    {
      a[i] = ours (data);
      b[i] = bare (data);
    }
  qsort (a, ROUNDS, sizeof *a, compare);
  qsort (b, ROUNDS, sizeof *b, compare);
  printf ("%-24s %-28s %10.1f µs   %-28s %10.1f µs   ratio %.2f\n", what, ours_name, a[ROUNDS / 2], bare_name, b[ROUNDS / 2], a[ROUNDS / 2] / b[ROUNDS / 2]);
  fflush (stdout);
}

/* On the disk of the working directory: /tmp may be memory, where nothing is durable and all is quick */
char *
bench_folder_new (void)
{
  g_autofree char *here = g_get_current_dir ();
  char            *folder = g_build_filename (here, "mw-bench-XXXXXX", NULL);

  if (g_mkdtemp (folder) == NULL)
    g_error ("No folder could be made");
  return folder;
}

void
bench_folder_remove (char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (folder);
  g_free (folder);
}
