/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-secret.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* With a locked keyring a call into the secret service hangs for ever: this is our own limit */
#define SECRET_SECONDS 20
#define MAX_BYTES 65536

static const SecretSchema schema = {
  MW_APP_ID ".Secret",
  SECRET_SCHEMA_NONE,
  { { "url", SECRET_SCHEMA_ATTRIBUTE_STRING }, { "kind", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
  0,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL
};

static gboolean
has_lines (const char *kind)
{
  return g_str_equal (kind, MW_SECRET_KEY) || g_str_equal (kind, MW_SECRET_SIGN_IN) || g_str_equal (kind, MW_SECRET_CERTIFICATE);
}

/**
 * mw_secret_read_file:
 * @kind: keys, certificates and sign-ins may have blanks and lines, everything else is one word
 *
 * Reads a secret from a file that only its owner can read. A few bytes from a local disk: may be called on
 * the engine's thread.
 *
 * Returns: (transfer full): the secret without white space around it, or NULL with a translated sentence
 */
char *
mw_secret_read_file (const char *path,
                     const char *kind,
                     GError    **error)
{
  struct stat info;
  char        buffer[MAX_BYTES];
  gssize      length;
  int         fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0 || fstat (fd, &info) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _ ("The file with the secret cannot be read: %s"), g_strerror (errno));
      if (fd >= 0)
        g_close (fd, NULL);
      return NULL;
    }
  if (!S_ISREG (info.st_mode) || (info.st_mode & 0077) != 0)
    {
      g_close (fd, NULL);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                           _ ("The file with the secret can be read by others. Make it yours alone (mode 0600), then try again."));
      return NULL;
    }
  length = read (fd, buffer, sizeof buffer - 1);
  g_close (fd, NULL);
  if (length < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The file with the secret cannot be read."));
      return NULL;
    }
  buffer[length] = '\0';
  g_strstrip (buffer);
  if (*buffer == '\0' || (!has_lines (kind) && strpbrk (buffer, "\r\n \t") != NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("The file does not hold one secret."));
      return NULL;
    }
  return g_strdup (buffer);
}

typedef struct
{
  GCancellable *limit;
  GSource      *timer;
  gulong        chain;
  GCancellable *outer;
  gboolean      returned;
} Secret;

static void
secret_free (gpointer data)
{
  Secret *secret = data;

  if (secret->outer != NULL)
    {
      g_cancellable_disconnect (secret->outer, secret->chain);
      g_object_unref (secret->outer);
    }
  g_source_destroy (secret->timer);
  g_source_unref (secret->timer);
  g_object_unref (secret->limit);
  g_free (secret);
}

/* Whether the caller has not been told yet; he is told once */
static gboolean
may_return (GTask *task)
{
  Secret  *secret = g_task_get_task_data (task);
  gboolean may = !secret->returned;

  secret->returned = TRUE;
  g_source_destroy (secret->timer);
  return may;
}

static void
return_no_answer (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                           _ ("The keyring does not answer. Unlock it, or name a file with the secret."));
}

/* Tells the caller itself: libsecret 0.20 never ends a call that is cancelled while it asks for a new keyring's password */
static gboolean
secret_took_too_long (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  Secret *secret = g_task_get_task_data (task);

  if (may_return (task))
    {
      return_no_answer (task);
      g_cancellable_cancel (secret->limit);
    }
  return G_SOURCE_REMOVE;
}

static void
outer_cancelled (GCancellable *outer,
                 gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static GTask *
begin (GCancellable       *cancellable,
       GAsyncReadyCallback callback,
       gpointer            user_data,
       Secret            **out)
{
  GTask  *task = g_task_new (NULL, cancellable, callback, user_data);
  Secret *secret = g_new0 (Secret, 1);

  secret->limit = g_cancellable_new ();
  secret->timer = g_timeout_source_new_seconds (SECRET_SECONDS);
  g_source_set_callback (secret->timer, secret_took_too_long, task, NULL);
  g_source_attach (secret->timer, g_main_context_get_thread_default ());
  if (cancellable != NULL)
    {
      secret->outer = g_object_ref (cancellable);
      secret->chain = g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled), g_object_ref (secret->limit), g_object_unref);
    }
  g_task_set_task_data (task, secret, secret_free);
  *out = secret;
  return task;
}

static void
return_trouble (GTask  *task,
                GError *error)
{
  g_autoptr (GError) owned = error;

  if (g_task_return_error_if_cancelled (task))
    return;
  /* none where a person closed what asked her for the password */
  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return_no_answer (task);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                             _ ("The keyring cannot be used: %s"), error->message);
}

static void
looked_up (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char   *text = secret_password_lookup_finish (result, &error);

  if (!may_return (task))
    {
      g_clear_error (&error);
      secret_password_free (text);
    }
  else if (error != NULL)
    return_trouble (task, error);
  else if (text == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("The keyring holds nothing for this server. Connect to it again."));
  else
    {
      g_task_return_pointer (task, g_strdup (text), g_free);
      secret_password_free (text);
    }
}

/**
 * mw_secret_lookup_async:
 * @kind: a MW_SECRET name
 * @url: the base of the server that it is for
 */
void
mw_secret_lookup_async (const char         *kind,
                        const char         *url,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  Secret *secret;
  GTask  *task = begin (cancellable, callback, user_data, &secret);

  secret_password_lookup (&schema, secret->limit, looked_up, task, "url", url, "kind", kind, NULL);
}

char *
mw_secret_lookup_finish (GAsyncResult *result,
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
  GError  *error = NULL;
  gboolean done = secret_password_store_finish (result, &error);

  if (!may_return (task))
    g_clear_error (&error);
  else if (!done)
    return_trouble (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
mw_secret_store_async (const char         *kind,
                       const char         *url,
                       const char         *text,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  Secret          *secret;
  GTask           *task = begin (cancellable, callback, user_data, &secret);
  g_autofree char *label = g_strdup_printf (_ ("Meanwhile: access to %s"), url);

  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, text, secret->limit, stored, task, "url", url, "kind", kind, NULL);
}

gboolean
mw_secret_store_finish (GAsyncResult *result,
                        GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
forgotten (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  /* FALSE without an error: there was none */
  secret_password_clear_finish (result, &error);
  if (!may_return (task))
    g_clear_error (&error);
  else if (error != NULL)
    return_trouble (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * mw_secret_forget_async:
 * @kind: (nullable): a MW_SECRET name; NULL for every secret of that server
 *
 * Takes a secret out of the secret service; none there is as good.
 */
void
mw_secret_forget_async (const char         *kind,
                        const char         *url,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  Secret *secret;
  GTask  *task = begin (cancellable, callback, user_data, &secret);

  if (kind != NULL)
    secret_password_clear (&schema, secret->limit, forgotten, task, "url", url, "kind", kind, NULL);
  else
    secret_password_clear (&schema, secret->limit, forgotten, task, "url", url, NULL);
}

gboolean
mw_secret_forget_finish (GAsyncResult *result,
                         GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
