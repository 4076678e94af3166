/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-connection-remove.h"

#include "mw-access-forget.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (mw_remove_error, mw_remove_error)

typedef struct
{
  gint64           id;
  MwRemoval        removal;
  MwConnectionLoad load;
  MwConnection    *connection; /* as it was */
} Remove;

static void
remove_free (gpointer data)
{
  Remove *remove = data;

  mw_connection_free (remove->connection);
  g_free (remove);
}

void
mw_removed_free (MwRemoved *self)
{
  if (self == NULL)
    return;
  g_free (self->secret_text);
  g_free (self);
}

static void
free_removed (gpointer data)
{
  mw_removed_free (data);
}

/**
 * mw_connection_removal:
 *
 * Returns: what a removal goes by, with the sentences in the person's language
 */
MwRemoval
mw_connection_removal (MwWaitingChoice choice)
{
  return (MwRemoval){
    .choice = choice,
    .waiting_text = _ ("The connection was removed before this left. Edit it to choose another recipient, or connect again and retry."),
    .uncertain_text = _ ("It is not known whether this arrived, and the connection was removed. Connect again and retry: the server is asked first. "
                         "Or find out from the recipient."),
    .answers_text = _ ("the connection was removed. Connect again to have it fetched."),
  };
}

/**
 * mw_connection_managed_text:
 *
 * Returns: why a person cannot change a connection
 */
const char *
mw_connection_managed_text (void)
{
  return _ ("Your administrator has set up this connection. It can be switched off, and nothing else.");
}

/**
 * mw_connection_removal_words:
 *
 * Returns: (transfer full): what it means to remove the connection, for whoever is about to
 */
char *
mw_connection_removal_words (const MwConnection     *connection,
                             const MwConnectionLoad *load)
{
  g_autoptr (GString) text = g_string_new (_ ("Nothing is received or sent over it any more. What came from there stays readable. Its access is forgotten."));

  if (connection->home)
    g_string_append_printf (text, " %s",
                            _ ("It holds your inbox: nothing new arrives, and nothing can be sent, until you connect to a server as your inbox again."));
  if (load->answers > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text,
                              g_dngettext (GETTEXT_PACKAGE, "%u answer that is awaited is not fetched any more.",
                                           "%u answers that are awaited are not fetched any more.", (gulong) load->answers),
                              (guint) load->answers);
    }
  if (load->uncertain > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text,
                              g_dngettext (GETTEXT_PACKAGE, "Of %u item it is not known whether it arrived: it needs your attention then.",
                                           "Of %u items it is not known whether they arrived: they need your attention then.", (gulong) load->uncertain),
                              (guint) load->uncertain);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* ---- what it was let in with ----------------------------------------- */

static void
return_removed (GTask *task,
                char  *secret_text)
{
  Remove    *remove = g_task_get_task_data (task);
  MwRemoved *removed = g_new0 (MwRemoved, 1);

  removed->withdrawn = remove->removal.withdrawn;
  removed->kept = remove->removal.kept;
  removed->secret_text = secret_text;
  g_task_return_pointer (task, removed, free_removed);
}

static void
access_forgotten (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Remove  *remove = g_task_get_task_data (task);
  gboolean file = g_strcmp0 (remove->connection->auth, "smart") == 0 && remove->connection->token_file != NULL;
  g_autoptr (GError) error = NULL;

  if (mw_access_forget_finish (result, &error))
    return_removed (task, NULL);
  else if (file)
    return_removed (task, g_strdup_printf (_ ("The connection is removed, but the file with its tokens is still there. %s"), error->message));
  else
    /* Translators: a sentence follows that says what is wrong with the keyring */
    return_removed (task, g_strdup_printf (_ ("The connection is removed, but its secret is still in the keyring. %s"), error->message));
}

/* ---- the removal ----------------------------------------------------- */

static gint64
write_removal (MwDb    *db,
               gpointer data,
               GError **error)
{
  Remove *remove = data;

  mw_connection_free (remove->connection);
  remove->connection = mw_connections_load (db, remove->id, error);
  if (remove->connection == NULL)
    return -1;
  mw_connections_weigh (db, remove->id, &remove->load);
  return mw_connections_remove (db, remove->id, &remove->removal, g_get_real_time (), error) ? 0 : -1;
}

static void
refuse (GTask  *task,
        GError *error)
{
  Remove                 *remove = g_task_get_task_data (task);
  const MwConnectionLoad *load = &remove->load;
  guint                   waiting = (guint) (load->waiting + load->uncertain);

  if (g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND))
    g_task_return_new_error (task, MW_REMOVE_ERROR, MW_REMOVE_ERROR_GONE, "%s", _ ("There is no connection with this id."));
  else if (!g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE))
    {
      g_task_return_error (task, error);
      return;
    }
  else if (remove->connection->origin != NULL)
    g_task_return_new_error (task, MW_REMOVE_ERROR, MW_REMOVE_ERROR_MANAGED, "%s", mw_connection_managed_text ());
  else if (load->sending > 0)
    g_task_return_new_error (task, MW_REMOVE_ERROR, MW_REMOVE_ERROR_SENDING, "%s",
                             _ ("Something is being sent over this connection at this moment. Wait until that has ended, then remove it."));
  else
    g_task_return_new_error (task, MW_REMOVE_ERROR, MW_REMOVE_ERROR_WAITING,
                             g_dngettext (GETTEXT_PACKAGE, "%u item waits for this connection. Say whether it is to be kept or withdrawn.",
                                          "%u items wait for this connection. Say whether they are to be kept or withdrawn.", waiting),
                             waiting);
  g_error_free (error);
}

static void
removal_written (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  Remove *remove = g_task_get_task_data (task);

  if (mw_store_write_finish (MW_STORE (source), result, &error) < 0)
    refuse (task, error);
  else
    mw_access_forget_async (MW_STORE (source), remove->connection, NULL, access_forgotten, g_object_ref (task));
}

/**
 * mw_connection_remove_async:
 * @choice: what becomes of the items that wait for it
 *
 * Removes a connection for a person, and then what it was let in with. The engine, in whatever process, is told by the
 * store. What is on the wire keeps it from being removed; the error says so in words.
 */
void
mw_connection_remove_async (MwStore            *store,
                            gint64              id,
                            MwWaitingChoice     choice,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  GTask  *task = g_task_new (store, cancellable, callback, user_data);
  Remove *remove = g_new0 (Remove, 1);

  remove->id = id;
  remove->removal = mw_connection_removal (choice);
  g_task_set_task_data (task, remove, remove_free);
  mw_store_write_async (store, write_removal, remove, NULL, NULL, removal_written, task);
}

/**
 * mw_connection_remove_finish:
 *
 * Returns: (transfer full): what was done; NULL with a translated sentence
 */
MwRemoved *
mw_connection_remove_finish (GAsyncResult *result,
                             GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
