/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-tokens.h"

#include "mw-json.h"
#include "mw-secret.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

void
mw_tokens_free (MwTokens *self)
{
  if (self == NULL)
    return;
  g_free (self->access_token);
  g_free (self->refresh_token);
  g_free (self->scope);
  g_free (self);
}

static gboolean
is_same (const char *one,
         const char *other)
{
  return one == NULL || other == NULL || g_str_equal (one, other);
}

/**
 * mw_tokens_new_from_text:
 * @text: from mw_tokens_to_text()
 * @connection: where they are to be used. One keyring serves all data folders of a person
 *
 * Returns: (transfer full) (nullable): NULL for what is none, or another client's or somebody else's
 */
MwTokens *
mw_tokens_new_from_text (const char         *text,
                         const MwConnection *connection)
{
  g_autoptr (JsonNode) node = mw_json_parse (text, -1, NULL);
  MwTokens *self;

  if (!mw_json_has (node, "accessToken") && !mw_json_has (node, "refreshToken"))
    return NULL;
  if (!is_same (mw_json_string (node, "client"), connection->client_id) || !is_same (mw_json_string (node, "person"), connection->me))
    return NULL;
  self = g_new0 (MwTokens, 1);
  self->access_token = g_strdup (mw_json_string (node, "accessToken"));
  self->refresh_token = g_strdup (mw_json_string (node, "refreshToken"));
  self->expires = mw_json_integer (node, "expires", 0);
  self->scope = g_strdup (mw_json_string (node, "scope"));
  return self;
}

char *
mw_tokens_to_text (const MwTokens     *self,
                   const MwConnection *connection)
{
  g_autoptr (JsonNode) node = mw_json_object_new ();

  if (self->access_token != NULL)
    mw_json_set (node, "accessToken", self->access_token);
  if (self->refresh_token != NULL)
    mw_json_set (node, "refreshToken", self->refresh_token);
  if (self->scope != NULL)
    mw_json_set (node, "scope", self->scope);
  if (connection->client_id != NULL)
    mw_json_set (node, "client", connection->client_id);
  if (connection->me != NULL)
    mw_json_set (node, "person", connection->me);
  mw_json_set_integer (node, "expires", self->expires);
  return mw_json_to_text (node, FALSE);
}

/* ---- the lock ---------------------------------------------------------- */

struct _MwTokensLock
{
  int fd;
};

void
mw_tokens_unlock (MwTokensLock *lock)
{
  if (lock == NULL)
    return;
  /* closing it lets go of it, as does the end of the process */
  g_close (lock->fd, NULL);
  g_free (lock);
}

static void
unlock (gpointer data)
{
  mw_tokens_unlock (data);
}

static char *
lock_path (const MwConnection *connection)
{
  g_autofree char *digest = NULL;
  g_autofree char *name = NULL;

  if (connection->token_file != NULL)
    return g_strconcat (connection->token_file, ".lock", NULL);
  /* the keyring is the person's, whatever data directory is in use */
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, connection->url, -1);
  name = g_strdup_printf ("sign-in-%.16s.lock", digest);
  return g_build_filename (g_get_user_data_dir (), "meanwhile", name, NULL);
}

static void
run_lock (GTask        *task,
          gpointer      source,
          gpointer      data,
          GCancellable *cancellable)
{
  const char      *path = data;
  g_autofree char *folder = g_path_get_dirname (path);
  MwTokensLock    *lock;
  int              fd, result = -1;

  g_mkdir_with_parents (folder, 0700);
  fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  while (fd >= 0 && (result = flock (fd, LOCK_EX)) != 0 && errno == EINTR)
    continue;
  if (result != 0)
    {
      g_task_return_new_error (task, G_IO_ERROR, g_io_error_from_errno (errno), _ ("The sign-in cannot be locked for this program: %s"), g_strerror (errno));
      if (fd >= 0)
        g_close (fd, NULL);
      return;
    }
  lock = g_new0 (MwTokensLock, 1);
  lock->fd = fd;
  g_task_return_pointer (task, lock, unlock);
}

/**
 * mw_tokens_lock_async:
 *
 * Waits, on a thread of its own, until no other process or thread renews this sign-in.
 */
void
mw_tokens_lock_async (const MwConnection *connection,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, lock_path (connection), g_free);
  /* who gives up need not wait for whoever has it; what the thread gets then is let go of at once */
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, run_lock);
}

MwTokensLock *
mw_tokens_lock_finish (GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- reading and keeping ------------------------------------------------ */

static void
free_tokens (gpointer data)
{
  mw_tokens_free (data);
}

static void
free_connection (gpointer data)
{
  mw_connection_free (data);
}

/* @text: (transfer full) (nullable) */
static void
return_tokens (GTask  *task,
               char   *text,
               GError *error)
{
  MwTokens *tokens = text != NULL ? mw_tokens_new_from_text (text, g_task_get_task_data (task)) : NULL;

  if (tokens != NULL)
    g_task_return_pointer (task, tokens, free_tokens);
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("Nobody is signed in to this server. Sign in."));
  g_clear_error (&error);
  g_free (text);
}

static void
looked_up (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char   *text = mw_secret_lookup_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_clear_error (&error);
  return_tokens (task, text, error);
}

/**
 * mw_tokens_load_async:
 *
 * Reads what is kept. A few bytes from a local disk where a file is named.
 */
void
mw_tokens_load_async (const MwConnection *connection,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  GTask  *task = g_task_new (NULL, cancellable, callback, user_data);
  GError *error = NULL;
  char   *text;

  g_task_set_task_data (task, mw_connection_copy (connection), free_connection);
  if (connection->token_file == NULL)
    {
      mw_secret_lookup_async (MW_SECRET_SIGN_IN, connection->url, cancellable, looked_up, task);
      return;
    }
  text = mw_secret_read_file (connection->token_file, MW_SECRET_SIGN_IN, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_clear_error (&error);
  return_tokens (task, text, error);
  g_object_unref (task);
}

/**
 * mw_tokens_load_finish:
 *
 * Returns: (transfer full): what is kept; NULL with a translated sentence when nobody is signed in, or it cannot be read
 */
MwTokens *
mw_tokens_load_finish (GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
stored (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (mw_secret_store_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
forgotten (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (mw_secret_forget_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
keep_in_file (GTask      *task,
              const char *path,
              const char *text)
{
  GError *error = NULL;

  if (text == NULL && g_unlink (path) != 0 && errno != ENOENT)
    g_task_return_new_error (task, G_IO_ERROR, g_io_error_from_errno (errno), _ ("The sign-in cannot be taken from its file: %s"), g_strerror (errno));
  /* after a power cut there is the old one or the new one, whole */
  else if (text != NULL && !g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &error))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The sign-in cannot be kept in its file: %s"), error->message);
      g_error_free (error);
    }
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * mw_tokens_keep_async:
 * @tokens: (nullable): what takes the place of what was kept; NULL: nobody is signed in any more
 *
 * Keeps a sign-in, durably.
 */
void
mw_tokens_keep_async (const MwConnection *connection,
                      const MwTokens     *tokens,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *text = tokens != NULL ? mw_tokens_to_text (tokens, connection) : NULL;

  if (connection->token_file != NULL)
    keep_in_file (task, connection->token_file, text);
  else if (text != NULL)
    mw_secret_store_async (MW_SECRET_SIGN_IN, connection->url, text, cancellable, stored, g_steal_pointer (&task));
  else
    mw_secret_forget_async (MW_SECRET_SIGN_IN, connection->url, cancellable, forgotten, g_steal_pointer (&task));
}

gboolean
mw_tokens_keep_finish (GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
