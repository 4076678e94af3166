/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-sign-in-keep.h"

#include "mw-access.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>

/* A new sign-in takes the place of the one before, in order: nobody renews the old one meanwhile, and the connection is
 * still the same person's. */

typedef struct
{
  MwStore            *store;
  const MwConnection *wanted;
  const MwTokens     *tokens;
  MwTokensLock       *lock;
} Keep;

static void
keep_free (gpointer data)
{
  Keep *keep = data;

  g_clear_pointer (&keep->lock, mw_tokens_unlock);
  g_free (keep);
}

static void
unlock (gpointer data)
{
  mw_tokens_unlock (data);
}

static void
kept (GObject      *source,
      GAsyncResult *result,
      gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Keep   *keep = g_task_get_task_data (task);
  GError *error = NULL;

  if (mw_tokens_keep_finish (result, &error))
    g_task_return_pointer (task, g_steal_pointer (&keep->lock), unlock);
  else
    g_task_return_error (task, error);
}

static char *
whose (const MwConnection *connection)
{
  g_autoptr (MwReference) reference = connection->me != NULL ? mw_reference_new_for_literal (connection->me) : NULL;

  return reference != NULL ? mw_reference_relative (reference, connection->url) : NULL;
}

/* Of two who sign in at the same time the second may be somebody else */
static gint64
read_owner (MwDb    *db,
            gpointer data,
            GError **error)
{
  const MwConnection *wanted = data;
  g_autoptr (MwConnection) row = mw_connections_by_url (db, wanted->url);
  g_autofree char *owner = row != NULL ? whose (row) : NULL;
  g_autofree char *person = whose (wanted);

  if (owner == NULL || person == NULL || g_str_equal (owner, person))
    return 0;
  g_set_error_literal (error, MW_ACCESS_ERROR, MW_ACCESS_ERROR_PERSON,
                       _ ("This connection belongs to somebody else, so nothing was changed. Remove it first, then connect as yourself."));
  return -1;
}

static void
owner_read (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Keep   *keep = g_task_get_task_data (task);
  GError *error = NULL;

  if (mw_store_read_finish (MW_STORE (source), result, &error) >= 0)
    mw_tokens_keep_async (keep->wanted, keep->tokens, NULL, kept, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void
locked (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Keep   *keep = g_task_get_task_data (task);
  GError *error = NULL;

  keep->lock = mw_tokens_lock_finish (result, &error);
  if (keep->lock != NULL)
    mw_store_read_async (keep->store, read_owner, (gpointer) keep->wanted, NULL, g_task_get_cancellable (task), owner_read, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

/**
 * mw_sign_in_keep_async:
 * @wanted: the connection, with who has signed in; must live until @callback, as @tokens
 *
 * Keeps what a sign-in gave, unless the connection is somebody else's.
 */
void
mw_sign_in_keep_async (MwStore            *store,
                       const MwConnection *wanted,
                       const MwTokens     *tokens,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Keep  *keep = g_new0 (Keep, 1);

  keep->store = store;
  keep->wanted = wanted;
  keep->tokens = tokens;
  g_task_set_task_data (task, keep, keep_free);
  mw_tokens_lock_async (wanted, cancellable, locked, task);
}

/**
 * mw_sign_in_keep_finish:
 *
 * Returns: (transfer full): the sign-in's lock, to be held until the connection is written, too; NULL with a sentence
 */
MwTokensLock *
mw_sign_in_keep_finish (GAsyncResult *result,
                        GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
