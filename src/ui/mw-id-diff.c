/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-id-diff.h"

typedef struct
{
  const gint64 *before;
  guint         n_before;
  const gint64 *after;
  guint         n_after;
  GHashTable   *to_come; /* ids still to be met in after */
  GHashTable   *to_go;   /* ids still to be met in before */
  GArray       *splices;
  MwIdSplice    open;
} Walk;

static GHashTable *
set_of (const gint64 *ids,
        guint         n_ids)
{
  GHashTable *set = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < n_ids; i++)
    g_hash_table_add (set, (gpointer) &ids[i]);
  return set;
}

static void
flush (Walk *walk)
{
  if (walk->open.n_removed > 0 || walk->open.n_added > 0)
    g_array_append_val (walk->splices, walk->open);
  walk->open = (MwIdSplice){ 0, 0, 0 };
}

/* Walks both arrays side by side. A row that changed its place is taken out where it was and put in
 * where it is: rows mostly move up, because something new happened to them. */
static void
walk_both (Walk *walk,
           guint offset)
{
  guint i = 0, j = 0;

  while (i < walk->n_before || j < walk->n_after)
    {
      if (i < walk->n_before && j < walk->n_after && walk->before[i] == walk->after[j])
        {
          flush (walk);
          g_hash_table_remove (walk->to_go, &walk->before[i++]);
          g_hash_table_remove (walk->to_come, &walk->after[j++]);
          continue;
        }
      if (walk->open.n_removed == 0 && walk->open.n_added == 0)
        walk->open.position = offset + j;
      if (i < walk->n_before && (j == walk->n_after || !g_hash_table_contains (walk->to_come, &walk->before[i])))
        {
          g_hash_table_remove (walk->to_go, &walk->before[i++]);
          walk->open.n_removed++;
        }
      else
        {
          g_hash_table_remove (walk->to_come, &walk->after[j++]);
          walk->open.n_added++;
        }
    }
  flush (walk);
}

/**
 * mw_id_diff:
 * @before: (array length=n_before): ids, each once
 * @after: (array length=n_after): ids, each once
 *
 * The steps that turn @before into @after, each to be applied to what the one before it left. A list
 * that shows @before keeps the rows that stay where they are, and with them selection and scrolling.
 *
 * Returns: (transfer full) (element-type MwIdSplice): in rising order of position
 */
GArray *
mw_id_diff (const gint64 *before,
            guint         n_before,
            const gint64 *after,
            guint         n_after)
{
  g_autoptr (GArray) splices = g_array_new (FALSE, FALSE, sizeof (MwIdSplice));
  guint prefix = 0, suffix = 0;
  Walk  walk;

  while (prefix < n_before && prefix < n_after && before[prefix] == after[prefix])
    prefix++;
  while (suffix < n_before - prefix && suffix < n_after - prefix && before[n_before - 1 - suffix] == after[n_after - 1 - suffix])
    suffix++;
  walk = (Walk){ .before = before + prefix, .n_before = n_before - prefix - suffix, .after = after + prefix, .n_after = n_after - prefix - suffix, .splices = splices };
  if (walk.n_before > 0 && walk.n_after > 0)
    {
      walk.to_go = set_of (walk.before, walk.n_before);
      walk.to_come = set_of (walk.after, walk.n_after);
      walk_both (&walk, prefix);
      g_hash_table_unref (walk.to_go);
      g_hash_table_unref (walk.to_come);
    }
  if (splices->len > MW_ID_DIFF_MAX_SPLICES || (splices->len == 0 && (walk.n_before > 0 || walk.n_after > 0)))
    {
      MwIdSplice all = { prefix, walk.n_before, walk.n_after };

      g_array_set_size (splices, 0);
      g_array_append_val (splices, all);
    }
  return g_steal_pointer (&splices);
}
