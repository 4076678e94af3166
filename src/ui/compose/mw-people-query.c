/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-people-query.h"

#include "mw-source-words.h"

typedef struct
{
  char      *words;
  GStrv      types;
  guint      limit;
  GPtrArray *people;
} Query;

static void
free_match (gpointer data)
{
  MwPeopleMatch *match = data;

  mw_person_free (match->person);
  g_free (match->source);
  g_free (match);
}

static void
clear_query (gpointer data)
{
  Query *query = data;

  g_free (query->words);
  g_strfreev (query->types);
  g_ptr_array_unref (query->people);
}

static void
unref_query (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_query);
}

static gint64
run (MwDb    *db,
     gpointer input,
     GError **error)
{
  Query *query = input;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!mw_people_search (db, query->words, (const char *const *) query->types, query->limit, ids, error))
    return -1;
  for (guint i = 0; i < ids->len; i++)
    {
      MwPerson      *person = mw_people_load (db, g_array_index (ids, gint64, i));
      MwPeopleMatch *match;

      if (person == NULL)
        continue;
      match = g_new0 (MwPeopleMatch, 1);
      match->person = person;
      match->source = mw_source_words (db, person, g_get_real_time ());
      g_ptr_array_add (query->people, match);
    }
  return query->people->len;
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Query  *query = g_task_get_task_data (task);
  GError *error = NULL;

  mw_store_read_finish (MW_STORE (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_ptr_array_ref (query->people), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * mw_people_query_async:
 * @words: (nullable): as typed; NULL for those lately used
 * @types: (array zero-terminated=1): resource types
 */
void
mw_people_query_async (MwStore            *store,
                       const char         *words,
                       const char *const  *types,
                       guint               limit,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  Query *query = g_atomic_rc_box_new0 (Query);

  query->words = g_strdup (words);
  query->types = g_strdupv ((GStrv) types);
  query->limit = limit;
  query->people = g_ptr_array_new_with_free_func (free_match);
  g_task_set_source_tag (task, (gpointer) (guintptr) mw_people_query_async);
  g_task_set_task_data (task, g_atomic_rc_box_acquire (query), unref_query);
  mw_store_read_async (store, run, query, unref_query, cancellable, done_cb, task);
}

/**
 * mw_people_query_finish:
 *
 * Returns: (transfer full) (element-type MwPeopleMatch): lately used first, then by name
 */
GPtrArray *
mw_people_query_finish (MwStore      *store,
                        GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
