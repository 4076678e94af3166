/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-id-diff.h"

static GArray *
apply (const gint64 *before,
       guint         n_before,
       const gint64 *after,
       guint         n_after,
       GArray       *splices)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint   last = 0;

  g_array_append_vals (ids, before, n_before);
  for (guint i = 0; i < splices->len; i++)
    {
      MwIdSplice *splice = &g_array_index (splices, MwIdSplice, i);

      g_assert_cmpuint (splice->position, >=, last);
      g_assert_cmpuint (splice->position + splice->n_removed, <=, ids->len);
      g_assert_cmpuint (splice->position + splice->n_added, <=, n_after);
      g_assert_cmpuint (splice->n_removed + splice->n_added, >, 0);
      if (splice->n_removed > 0)
        g_array_remove_range (ids, splice->position, splice->n_removed);
      if (splice->n_added > 0)
        g_array_insert_vals (ids, splice->position, after + splice->position, splice->n_added);
      last = splice->position + splice->n_added;
    }
  return ids;
}

static GArray *
check (const gint64 *before,
       guint         n_before,
       const gint64 *after,
       guint         n_after)
{
  GArray *splices = mw_id_diff (before, n_before, after, n_after);
  g_autoptr (GArray) made = apply (before, n_before, after, n_after, splices);

  g_assert_cmpuint (made->len, ==, n_after);
  for (guint i = 0; i < n_after; i++)
    g_assert_cmpint (g_array_index (made, gint64, i), ==, after[i]);
  return splices;
}

static void
assert_splice (GArray *splices,
               guint   index,
               guint   position,
               guint   n_removed,
               guint   n_added)
{
  g_assert_cmpuint (index, <, splices->len);
  g_assert_cmpuint (g_array_index (splices, MwIdSplice, index).position, ==, position);
  g_assert_cmpuint (g_array_index (splices, MwIdSplice, index).n_removed, ==, n_removed);
  g_assert_cmpuint (g_array_index (splices, MwIdSplice, index).n_added, ==, n_added);
}

static void
test_same (void)
{
  const gint64 ids[] = { 5, 4, 3 };
  g_autoptr (GArray) splices = check (ids, 3, ids, 3);

  g_assert_cmpuint (splices->len, ==, 0);
}

static void
test_empty (void)
{
  const gint64 ids[] = { 5, 4, 3 };
  g_autoptr (GArray) come = check (NULL, 0, ids, 3);
  g_autoptr (GArray) gone = check (ids, 3, NULL, 0);
  g_autoptr (GArray) none = check (NULL, 0, NULL, 0);

  g_assert_cmpuint (come->len, ==, 1);
  assert_splice (come, 0, 0, 0, 3);
  g_assert_cmpuint (gone->len, ==, 1);
  assert_splice (gone, 0, 0, 3, 0);
  g_assert_cmpuint (none->len, ==, 0);
}

/* One comes on top while another leaves further down: the rows between keep their place */
static void
test_two_ends (void)
{
  const gint64 before[] = { 5, 4, 3, 2, 1 };
  const gint64 after[] = { 6, 5, 4, 2, 1 };
  g_autoptr (GArray) splices = check (before, 5, after, 5);

  g_assert_cmpuint (splices->len, ==, 2);
  assert_splice (splices, 0, 0, 0, 1);
  assert_splice (splices, 1, 3, 1, 0);
}

static void
test_moved_up (void)
{
  const gint64 before[] = { 5, 4, 3, 2, 1 };
  const gint64 after[] = { 2, 5, 4, 3, 1 };
  g_autoptr (GArray) splices = check (before, 5, after, 5);

  g_assert_cmpuint (splices->len, ==, 2);
  assert_splice (splices, 0, 0, 0, 1);
  assert_splice (splices, 1, 4, 1, 0);
}

/* Too many differences become one splice, not a thousand */
static void
test_many (void)
{
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) after = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) splices = NULL;

  for (gint64 i = 0; i < 1000; i++)
    {
      g_array_append_val (before, i);
      if (i % 2 == 1)
        g_array_append_val (after, i);
    }
  splices = check ((gint64 *) (gpointer) before->data, before->len, (gint64 *) (gpointer) after->data, after->len);
  g_assert_cmpuint (splices->len, ==, 1);
}

/* Whatever changes, the steps lead to the new list */
static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);

  for (guint round = 0; round < 3000; round++)
    {
      gint64 pool[24];
      guint  n_before = (guint) g_rand_int_range (rand, 0, 20);
      guint  n_after = (guint) g_rand_int_range (rand, 0, 20);
      gint64 before[24];

      for (guint i = 0; i < 24; i++)
        pool[i] = i + 1;
      for (guint turn = 0; turn < 2; turn++)
        {
          for (guint i = 23; i > 0; i--)
            {
              guint  j = (guint) g_rand_int_range (rand, 0, (int) i + 1);
              gint64 swap = pool[i];

              /* few exchanges leave long runs in order, as in life */
              if (round % 3 != 0 && g_rand_int_range (rand, 0, 6) != 0)
                continue;
              pool[i] = pool[j];
              pool[j] = swap;
            }
          if (turn == 0)
            for (guint i = 0; i < 24; i++)
              before[i] = pool[i];
        }
      g_array_unref (check (before, n_before, pool, n_after));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/id-diff/same", test_same);
  g_test_add_func ("/id-diff/empty", test_empty);
  g_test_add_func ("/id-diff/two-ends", test_two_ends);
  g_test_add_func ("/id-diff/moved-up", test_moved_up);
  g_test_add_func ("/id-diff/many", test_many);
  g_test_add_func ("/id-diff/random", test_random);
  return g_test_run ();
}
