/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-own-key.h"

#include "mw-secret.h"

typedef struct
{
  char    *url;
  gboolean make;
  MwKey   *key; /* made, and not yet kept */
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_free (search->url);
  g_clear_pointer (&search->key, mw_key_free);
  g_free (search);
}

static void
free_key (gpointer key)
{
  mw_key_free (key);
}

static void
kept (GObject      *source,
      GAsyncResult *result,
      gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Search *search = g_task_get_task_data (task);
  GError *error = NULL;

  if (mw_secret_store_finish (result, &error))
    g_task_return_pointer (task, g_steal_pointer (&search->key), free_key);
  else
    g_task_return_error (task, error);
}

static void
generate (GTask        *task,
          gpointer      source,
          gpointer      data,
          GCancellable *cancellable)
{
  g_task_return_pointer (task, mw_key_generate (MW_KEY_ES384), free_key);
}

static void
generated (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Search          *search = g_task_get_task_data (task);
  GError          *error = NULL;
  g_autofree char *pem = NULL;

  search->key = g_task_propagate_pointer (G_TASK (result), &error);
  if (search->key == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  pem = mw_key_to_pem (search->key);
  mw_secret_store_async (MW_SECRET_KEY, search->url, pem, g_task_get_cancellable (task), kept, g_object_ref (task));
}

static void
looked_up (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Search          *search = g_task_get_task_data (task);
  GError          *error = NULL;
  g_autofree char *pem = mw_secret_lookup_finish (result, &error);
  MwKey           *key = pem != NULL ? mw_key_new (pem, &error) : NULL;

  if (key != NULL)
    g_task_return_pointer (task, key, free_key);
  else if (pem == NULL && search->make && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_autoptr (GTask) making = g_task_new (NULL, g_task_get_cancellable (task), generated, g_object_ref (task));

      g_clear_error (&error);
      g_task_run_in_thread (making, generate);
    }
  else
    g_task_return_error (task, error);
}

/**
 * mw_own_key_async:
 * @url: the base of a server, normalised
 * @make: whether to make one where there is none
 *
 * Looks for the key that was made for this server, so that the one whose public part the server has is never lost to a
 * new one. A key that is made is kept before it is handed out: a person closes the window and comes back when the server
 * knows it.
 */
void
mw_own_key_async (const char         *url,
                  gboolean            make,
                  GCancellable       *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);

  search->url = g_strdup (url);
  search->make = make;
  g_task_set_task_data (task, search, search_free);
  mw_secret_lookup_async (MW_SECRET_KEY, url, cancellable, looked_up, g_object_ref (task));
}

/**
 * mw_own_key_finish:
 *
 * Returns: (transfer full): the key; NULL with G_IO_ERROR_NOT_FOUND where there is none and none was to be made, or with
 *   the sentence of mw-secret.h or mw-key.h
 */
MwKey *
mw_own_key_finish (GAsyncResult *result,
                   GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
