/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-access-forget.h"

#include "mw-secret.h"
#include "mw-sign-out.h"

/* What a connection was let in with, once it is removed or has another way in. Meanwhile somebody may have connected again:
 * what is in use is left alone, looked at under the lock under which a new sign-in is kept. */

typedef struct
{
  MwStore      *store;
  MwConnection *was;
  MwTokensLock *lock;
} Forget;

static void
forget_free (gpointer data)
{
  Forget *self = data;

  g_clear_pointer (&self->lock, mw_tokens_unlock);
  g_object_unref (self->store);
  mw_connection_free (self->was);
  g_free (self);
}

/* A file that the person named is hers, but for that in which a sign-in keeps its tokens.
 *
 * Returns: (nullable): what kind of secret is kept */
static const char *
kept_kind (const MwConnection *was)
{
  if (g_strcmp0 (was->auth, "smart") == 0)
    return MW_SECRET_SIGN_IN;
  if (g_strcmp0 (was->auth, "token") == 0)
    return was->token_file == NULL ? MW_SECRET_TOKEN : NULL;
  if (g_strcmp0 (was->auth, "secret") == 0)
    return was->secret_file == NULL ? MW_SECRET_CLIENT : NULL;
  return g_strcmp0 (was->auth, "key") == 0 && was->key_file == NULL ? MW_SECRET_KEY : NULL;
}

static void
end (GTask   *task,
     gboolean done,
     GError  *error)
{
  Forget *self = g_task_get_task_data (task);

  g_clear_pointer (&self->lock, mw_tokens_unlock);
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
secrets_cleared (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError  *error = NULL;
  gboolean done = mw_secret_forget_finish (result, &error);

  end (task, done, error);
}

static void
tokens_forgotten (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError  *error = NULL;
  gboolean done = mw_tokens_keep_finish (result, &error);

  end (task, done, error);
}

static gint64
read_use (MwDb    *db,
          gpointer data,
          GError **error)
{
  return mw_access_use (db, data);
}

static void
use_read (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Forget *self = g_task_get_task_data (task);
  GError *error = NULL;
  gint64  use = mw_store_read_finish (MW_STORE (source), result, &error);

  if (use < 0 || use == MW_ACCESS_IN_USE)
    end (task, use >= 0, error);
  else if (self->was->token_file != NULL)
    mw_tokens_keep_async (self->was, NULL, NULL, tokens_forgotten, g_object_ref (task));
  else
    mw_secret_forget_async (use == MW_ACCESS_GONE ? NULL : kept_kind (self->was), self->was->url, NULL, secrets_cleared, g_object_ref (task));
}

static void
locked (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Forget *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->lock = mw_tokens_lock_finish (result, &error);
  if (self->lock != NULL)
    mw_store_read_async (self->store, read_use, self->was, NULL, NULL, use_read, g_object_ref (task));
  else
    end (task, FALSE, error);
}

static void
signed_out (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Forget *self = g_task_get_task_data (task);

  /* a server that cannot be told knows it when the tokens end; here they are forgotten whatever it says */
  mw_sign_out_finish (MW_STORE (source), result, NULL);
  mw_tokens_lock_async (self->was, NULL, locked, g_object_ref (task));
}

/**
 * mw_access_forget_async:
 * @was: a connection as it was before it was removed, or got another way in; copied
 * @cancellable: (nullable): ends the telling of the server. What is kept here is forgotten all the same
 *
 * Ends a sign-in at its server, and forgets what the connection was let in with, in the secret service or in the file of a
 * sign-in. What the connection uses by now is left alone.
 */
void
mw_access_forget_async (MwStore            *store,
                        const MwConnection *was,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (store, NULL, callback, user_data);
  Forget *self = g_new0 (Forget, 1);

  self->store = g_object_ref (store);
  self->was = mw_connection_copy (was);
  g_task_set_task_data (task, self, forget_free);
  if (g_strcmp0 (was->auth, "smart") == 0)
    mw_sign_out_past_async (store, was, cancellable, signed_out, g_steal_pointer (&task));
  else if (kept_kind (was) != NULL)
    mw_tokens_lock_async (was, NULL, locked, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * mw_access_forget_finish:
 *
 * Returns: FALSE with a translated sentence: what is kept could not be forgotten
 */
gboolean
mw_access_forget_finish (GAsyncResult *result,
                         GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
