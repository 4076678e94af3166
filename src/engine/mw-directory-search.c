/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-directory-search.h"

#include "mw-directory-query.h"
#include "mw-directory.h"
#include "mw-own-thread.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  MwStore *store;
  char    *text;
} Wish;

typedef struct
{
  MwCore     core;
  MwStore   *store;
  char      *text;
  GPtrArray *said;
  guint      open;
} Search;

/* One server that is asked */
typedef struct
{
  GTask *task;
  gint64 connection;
} Asked;

static void
free_said (gpointer data)
{
  MwDirectorySaid *said = data;

  g_free (said->name);
  g_free (said->sentence);
  g_free (said);
}

static void
free_all_said (gpointer data)
{
  g_ptr_array_unref (data);
}

static void
free_link (gpointer data)
{
  mw_link_free (data);
}

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_object_unref (wish->store);
  g_free (wish->text);
  g_free (wish);
}

static void
search_free (gpointer data)
{
  Search *search = data;

  g_clear_pointer (&search->core.links, g_hash_table_unref);
  g_clear_object (&search->core.cancellable);
  g_clear_pointer (&search->core.context, g_main_context_unref);
  g_clear_pointer (&search->said, g_ptr_array_unref);
  g_object_unref (search->store);
  g_free (search->text);
  g_free (search);
}

/* There is no engine here that would look at anything again */
static void
ignore (gpointer data)
{
}

static void
end_if_done (GTask *task)
{
  Search *search = g_task_get_task_data (task);

  if (search->open == 0 && !g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_steal_pointer (&search->said), free_all_said);
}

static void
note_said (Search  *search,
           MwLink  *link,
           gboolean whole)
{
  MwDirectorySaid *said = g_new0 (MwDirectorySaid, 1);

  said->connection = link->row->id;
  said->name = g_strdup (link->row->name);
  if (!whole && link->problem != NULL)
    said->sentence = g_strdup (link->problem);
  else if (!whole)
    said->sentence = g_strdup (link->row->status_text != NULL ? link->row->status_text : _ ("It did not answer everything that it was asked."));
  g_ptr_array_add (search->said, said);
}

static void
asked_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autofree Asked *asked = user_data;
  g_autoptr (GTask) task = asked->task;
  Search *search = g_task_get_task_data (task);

  note_said (search, mw_core_link (&search->core, asked->connection), mw_directory_ask_finish (result));
  search->open--;
  end_if_done (task);
}

static void
ask (GTask              *task,
     const MwConnection *connection)
{
  Search         *search = g_task_get_task_data (task);
  MwDirectoryWish wish = { .words = search->text };
  MwLink         *link = mw_core_link (&search->core, connection->id);
  Asked          *asked;

  if (link == NULL)
    return;
  asked = g_new0 (Asked, 1);
  asked->task = g_object_ref (task);
  asked->connection = connection->id;
  search->open++;
  mw_directory_ask_async (link, 0, &wish, asked_cb, asked);
}

static void
begin (GTask   *task,
       gpointer data)
{
  const Wish *wish = data;
  Search     *search = g_new0 (Search, 1);
  GError     *error = NULL;
  g_autoptr (GPtrArray) all = NULL;

  search->store = g_object_ref (wish->store);
  search->text = g_strdup (wish->text);
  search->said = g_ptr_array_new_with_free_func (free_said);
  search->core.store = search->store;
  search->core.db = mw_store_get_reader (search->store, &error);
  search->core.cancellable = g_task_get_cancellable (task) != NULL ? g_object_ref (g_task_get_cancellable (task)) : g_cancellable_new ();
  search->core.context = g_main_context_ref_thread_default ();
  search->core.links = g_hash_table_new_full (NULL, NULL, NULL, free_link);
  search->core.kick = ignore;
  g_task_set_task_data (task, search, search_free);
  all = search->core.db != NULL ? mw_connections_all (search->core.db, &error) : NULL;
  if (all == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  search->open = 1;
  for (guint i = 0; i < all->len; i++)
    {
      const MwConnection *connection = g_ptr_array_index (all, i);

      if (connection->enabled && connection->removed == 0 && (connection->home || connection->directory))
        ask (task, connection);
    }
  search->open--;
  end_if_done (task);
}

/**
 * mw_directory_search_async:
 * @text: who is looked for, as a person wrote it: "cardiology at St. Mary's", a name, or an NPI
 *
 * See the header. All of it happens on a thread of its own.
 */
void
mw_directory_search_async (MwStore            *store,
                           const char         *text,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);
  Wish *wish = g_new0 (Wish, 1);

  wish->store = g_object_ref (store);
  wish->text = g_strdup (text);
  g_task_set_task_data (task, wish, wish_free);
  mw_own_thread_run (task, begin, free_all_said);
}

/**
 * mw_directory_search_finish:
 *
 * Returns: (transfer full) (element-type MwDirectorySaid): a row for each that was asked; NULL with an error
 */
GPtrArray *
mw_directory_search_finish (MwStore      *store,
                            GAsyncResult *result,
                            GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * mw_directory_search_words:
 * @text: (nullable): as mw_directory_search_async() takes it
 *
 * Returns: (transfer full): the words of it that somebody here is known by, for mw_people_search(): without the "at" of
 *   "cardiology at St. Mary's"
 */
char *
mw_directory_search_words (const char *text)
{
  g_autoptr (MwDirectoryWords) words = mw_directory_words_new (text);

  if (words == NULL)
    return g_strdup ("");
  if (words->npi != NULL)
    return g_strdup (words->npi);
  return words->department != NULL ? g_strdup_printf ("%s %s", words->department, words->name) : g_strdup (words->name);
}
