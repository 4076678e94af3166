/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-sign-out.h"

#include "mw-connection-client.h"

#include "mw-audit-note.h"
#include "mw-oauth.h"
#include "mw-own-thread.h"
#include "mw-secret.h"

#include <glib/gi18n-lib.h>

/* The end of a sign-in: the server is told (RFC 7009), and what it gave is forgotten, whether or not the server hears. */

/* ---- telling the server -------------------------------------------------- */

static void
revoked (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  MwOauthAnswer *answer = mw_oauth_token_finish (result, NULL);

  mw_oauth_answer_free (answer);
  g_task_return_boolean (task, TRUE);
}

/**
 * mw_sign_in_revoke_async:
 * @auth: the client's
 * @tokens: what is to be good for nothing any more
 * @cancellable: (nullable): gives up telling the server
 *
 * Gives tokens back (RFC 7009, 2.1). Best effort: a server that cannot be reached lets them end by themselves.
 */
void
mw_sign_in_revoke_async (const MwConnection *connection,
                         MwClientAuth       *auth,
                         MwClient           *client,
                         const MwTokens     *tokens,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  gboolean         refresh = tokens->refresh_token != NULL;
  g_autofree char *authorization = NULL;
  g_autoptr (GPtrArray) fields = NULL;

  if (connection->revocation_endpoint == NULL || (!refresh && tokens->access_token == NULL))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  fields = mw_client_auth_begin (auth, NULL, g_get_real_time (), &authorization);
  mw_form_add (fields, "token", refresh ? tokens->refresh_token : tokens->access_token);
  mw_form_add (fields, "token_type_hint", refresh ? "refresh_token" : "access_token");
  mw_oauth_token_async (client, connection->revocation_endpoint, authorization, (const char *const *) fields->pdata, cancellable, revoked, g_steal_pointer (&task));
}

void
mw_sign_in_revoke_finish (GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}

/* ---- signing out ---------------------------------------------------------- */

typedef struct
{
  MwStore      *store;
  MwConnection *connection;
  MwClient     *client;
  MwClientAuth *auth;
  MwTokensLock *lock;
  MwTokens     *tokens;
  gboolean      past; /* the connection is as it was: nothing is written about that which took its place */
} SignOut;

static void
sign_out_free (gpointer data)
{
  SignOut *self = data;

  g_object_unref (self->store);
  mw_connection_free (self->connection);
  g_clear_object (&self->client);
  g_clear_pointer (&self->auth, mw_client_auth_free);
  g_clear_pointer (&self->lock, mw_tokens_unlock);
  mw_tokens_free (self->tokens);
  g_free (self);
}

static gint64
write_end (MwDb    *db,
           gpointer data,
           GError **error)
{
  gint64 id = *(gint64 *) data;

  return mw_connections_set_status (db, id, "sign-in", _ ("You have signed out. Sign in to go on."), 0, g_get_real_time (), error) &&
                 mw_audit_note_connection (db, id, MW_AUDIT_CONNECTION_CHANGED, "signed-out", g_get_real_time (), error)
             ? id
             : -1;
}

static gint64
write_past_end (MwDb    *db,
                gpointer data,
                GError **error)
{
  gint64 id = *(gint64 *) data;

  return mw_audit_note_connection (db, id, MW_AUDIT_CONNECTION_CHANGED, "signed-out", g_get_real_time (), error) ? id : -1;
}

static void
forgotten (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  SignOut *self = g_task_get_task_data (task);
  GError  *error = NULL;
  gint64   id = self->connection->id;

  gboolean done = mw_tokens_keep_finish (result, &error) && mw_store_write (self->store, self->past ? write_past_end : write_end, &id, &error) >= 0;

  /* whoever signs in next writes after this */
  g_clear_pointer (&self->lock, mw_tokens_unlock);
  if (done)
    g_task_return_pointer (task, g_memdup2 (&id, sizeof id), g_free);
  else
    g_task_return_error (task, error);
}

static void
told (GObject      *source,
      GAsyncResult *result,
      gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  SignOut *self = g_task_get_task_data (task);

  if (result != NULL)
    mw_sign_in_revoke_finish (result);
  mw_tokens_keep_async (self->connection, NULL, g_task_get_cancellable (task), forgotten, g_object_ref (task));
}

static void
loaded (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  GTask           *task = user_data;
  SignOut         *self = g_task_get_task_data (task);
  const char      *kind = mw_client_auth_kind (self->connection);
  g_autofree char *secret = kind != NULL ? mw_secret_read_file (mw_client_auth_file (self->connection), kind, NULL) : NULL;

  self->tokens = mw_tokens_load_finish (result, NULL);
  if (self->tokens != NULL && (kind == NULL || secret != NULL))
    self->auth = mw_client_auth_new (self->connection, secret, NULL);
  if (self->auth != NULL)
    mw_sign_in_revoke_async (self->connection, self->auth, self->client, self->tokens, g_task_get_cancellable (task), told, task);
  else
    told (NULL, NULL, task);
}

/**
 * mw_access_use:
 * @was: a connection as it was
 */
MwAccessUse
mw_access_use (MwDb               *db,
               const MwConnection *was)
{
  g_autoptr (MwConnection) row = mw_connections_load (db, was->id, NULL);

  if (row == NULL || row->removed != 0)
    return MW_ACCESS_GONE;
  if (g_strcmp0 (row->token_file, was->token_file) != 0)
    return MW_ACCESS_REPLACED;
  /* a file that is named again is no longer ours to take away */
  if (was->token_file != NULL)
    return MW_ACCESS_IN_USE;
  if (g_strcmp0 (row->auth, was->auth) != 0)
    return MW_ACCESS_REPLACED;
  if (g_strcmp0 (was->auth, "smart") == 0 || (g_strcmp0 (row->secret_file, was->secret_file) == 0 && g_strcmp0 (row->key_file, was->key_file) == 0))
    return MW_ACCESS_IN_USE;
  return MW_ACCESS_REPLACED;
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
  SignOut *self = g_task_get_task_data (task);
  GError  *error = NULL;
  gint64   use = mw_store_read_finish (MW_STORE (source), result, &error);

  if (use < 0)
    g_task_return_error (task, error);
  /* somebody has signed in there since */
  else if (use == MW_ACCESS_IN_USE)
    g_task_return_pointer (task, g_memdup2 (&self->connection->id, sizeof self->connection->id), g_free);
  else
    mw_tokens_load_async (self->connection, g_task_get_cancellable (task), loaded, g_object_ref (task));
}

static void
locked (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  SignOut *self = g_task_get_task_data (task);
  GError  *error = NULL;

  self->lock = mw_tokens_lock_finish (result, &error);
  if (self->lock != NULL && self->past)
    mw_store_read_async (self->store, read_use, self->connection, NULL, NULL, use_read, g_object_ref (task));
  else if (self->lock != NULL)
    mw_tokens_load_async (self->connection, g_task_get_cancellable (task), loaded, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void
begin (GTask   *task,
       gpointer data)
{
  const SignOut *wish = data;
  SignOut       *self = g_new0 (SignOut, 1);
  GError        *error = NULL;

  self->store = g_object_ref (wish->store);
  self->connection = mw_connection_copy (wish->connection);
  self->past = wish->past;
  g_task_set_task_data (task, self, sign_out_free);
  self->client = mw_connection_client_new (self->connection, &error);
  if (self->client != NULL)
    mw_tokens_lock_async (self->connection, g_task_get_cancellable (task), locked, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void
run (MwStore            *store,
     const MwConnection *connection,
     gboolean            past,
     GCancellable       *cancellable,
     GAsyncReadyCallback callback,
     gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);
  SignOut *wish = g_new0 (SignOut, 1);

  wish->store = g_object_ref (store);
  wish->connection = mw_connection_copy (connection);
  wish->past = past;
  g_task_set_task_data (task, wish, sign_out_free);
  mw_own_thread_run (task, begin, g_free);
}

/**
 * mw_sign_out_async:
 * @connection: one with auth "smart"
 *
 * Ends a person's sign-in. Its items wait until somebody signs in again; nothing is lost. It happens on a thread of its
 * own.
 */
void
mw_sign_out_async (MwStore            *store,
                   const MwConnection *connection,
                   GCancellable       *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer            user_data)
{
  run (store, connection, FALSE, cancellable, callback, user_data);
}

/**
 * mw_sign_out_past_async:
 * @was: one with auth "smart", as it was before it was removed, or got another way in
 *
 * As mw_sign_out_async(), unless somebody has signed in there since.
 */
void
mw_sign_out_past_async (MwStore            *store,
                        const MwConnection *was,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  run (store, was, TRUE, cancellable, callback, user_data);
}

gboolean
mw_sign_out_finish (MwStore      *store,
                    GAsyncResult *result,
                    GError      **error)
{
  g_autofree gint64 *id = g_task_propagate_pointer (G_TASK (result), error);

  return id != NULL;
}
