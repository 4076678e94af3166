/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-connect.h"

#include "mw-connection-client.h"
#include "mw-connection-remove.h"

#include "mw-capability.h"
#include "mw-client-auth.h"
#include "mw-client.h"
#include "mw-first-access.h"
#include "mw-own-thread.h"
#include "mw-reference.h"
#include "mw-secret.h"
#include "mw-sign-in-keep.h"
#include "mw-sign-out.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (mw_connect_error, mw_connect_error)

typedef struct
{
  MwStore      *store;
  MwConnection *wanted;
  char         *secret;
  MwClient     *client;
  GBytes       *json;
  MwCapability *capability;
  MwBrowser     browser;
  MwTokens     *tokens; /* of a sign-in */
  MwTokensLock *lock;   /* since they are kept */
  GError       *error;  /* why they are given back */
} Connect;

static void
connect_free (gpointer data)
{
  Connect *connect = data;

  mw_connection_free (connect->wanted);
  g_free (connect->secret);
  g_clear_object (&connect->client);
  g_clear_pointer (&connect->json, g_bytes_unref);
  g_clear_pointer (&connect->capability, mw_capability_unref);
  mw_tokens_free (connect->tokens);
  g_clear_pointer (&connect->lock, mw_tokens_unlock);
  g_clear_error (&connect->error);
  g_free (connect);
}

/* A person signs in at an administrator's connection, and changes nothing else of it */
static gboolean
may_write (MwDb         *db,
           MwConnection *wanted,
           GError      **error)
{
  g_autoptr (MwConnection) known = wanted->origin == NULL ? mw_connections_by_url (db, wanted->url) : NULL;

  if (known == NULL || known->origin == NULL)
    return TRUE;
  if (g_strcmp0 (known->auth, "smart") != 0 || g_strcmp0 (wanted->auth, "smart") != 0)
    {
      g_set_error_literal (error, MW_CONNECT_ERROR, MW_CONNECT_ERROR_MANAGED, mw_connection_managed_text ());
      return FALSE;
    }
  g_free (wanted->name);
  wanted->name = g_strdup (known->name);
  wanted->home = FALSE;
  wanted->origin = g_strdup (known->origin);
  return TRUE;
}

static gint64
write_connection (MwDb    *db,
                  gpointer data,
                  GError **error)
{
  Connect *connect = data;
  gint64   id;

  if (!may_write (db, connect->wanted, error))
    return -1;
  id = mw_connections_add (db, connect->wanted, error);
  if (id < 0 || !mw_capabilities_store (db, id, connect->json, connect->wanted->fhir_version, connect->wanted->software, g_get_real_time (), error))
    return -1;
  return id;
}

static void
written (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gint64  id = mw_store_write_finish (MW_STORE (source), result, &error);

  if (id < 0)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_memdup2 (&id, sizeof id), g_free);
}

static void
write_down (GTask *task)
{
  Connect *connect = g_task_get_task_data (task);

  mw_store_write_async (connect->store, write_connection, connect, NULL, g_task_get_cancellable (task), written, g_object_ref (task));
}

static void
secret_stored (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!mw_secret_store_finish (result, &error))
    {
      if (!g_task_return_error_if_cancelled (task))
        g_task_return_new_error (task, MW_CONNECT_ERROR, MW_CONNECT_ERROR_TOKEN, "%s", error->message);
      return;
    }
  write_down (task);
}

static gboolean
signs_in (const MwConnection *wanted)
{
  return g_str_equal (wanted->auth, "smart");
}

static const char *
secret_kind (const MwConnection *wanted)
{
  return g_str_equal (wanted->auth, "token") ? MW_SECRET_TOKEN : mw_client_auth_kind (wanted);
}

static const char *
secret_file (const MwConnection *wanted)
{
  return g_str_equal (wanted->auth, "token") ? wanted->token_file : mw_client_auth_file (wanted);
}

/* Whoever forgets the secret of a connection that was here before does it before that, or sees the new one */
static void
secret_locked (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Connect *connect = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  connect->lock = mw_tokens_lock_finish (result, &error);
  if (connect->lock != NULL)
    mw_secret_store_async (secret_kind (connect->wanted), connect->wanted->url, connect->secret, g_task_get_cancellable (task), secret_stored, g_object_ref (task));
  else if (!g_task_return_error_if_cancelled (task))
    g_task_return_new_error (task, MW_CONNECT_ERROR, MW_CONNECT_ERROR_TOKEN, "%s", error->message);
}

static void
given_back (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Connect *connect = g_task_get_task_data (task);

  mw_sign_in_revoke_finish (result);
  g_task_return_error (task, g_steal_pointer (&connect->error));
}

/* @error: (transfer full). A sign-in that comes to nothing is ended at the server, too */
static void
give_back (GTask  *task,
           GError *error)
{
  Connect *connect = g_task_get_task_data (task);
  g_autoptr (MwClientAuth) auth = NULL;

  if (connect->tokens != NULL)
    auth = mw_client_auth_new (connect->wanted, connect->secret, NULL);
  if (auth == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  connect->error = error;
  mw_sign_in_revoke_async (connect->wanted, auth, connect->client, connect->tokens, NULL, given_back, g_object_ref (task));
}

static void
tokens_kept (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Connect *connect = g_task_get_task_data (task);
  GError  *error = NULL;

  connect->lock = mw_sign_in_keep_finish (result, &error);
  if (connect->lock != NULL)
    {
      write_down (task);
      return;
    }
  if (error->domain == MW_ACCESS_ERROR)
    {
      GError *told = g_error_new_literal (MW_CONNECT_ERROR, MW_CONNECT_ERROR_SIGN_IN, error->message);

      g_error_free (error);
      error = told;
    }
  give_back (task, error);
}

static void
keep_secret (GTask *task)
{
  Connect *connect = g_task_get_task_data (task);

  if (connect->tokens != NULL)
    mw_sign_in_keep_async (connect->store, connect->wanted, connect->tokens, g_task_get_cancellable (task), tokens_kept, g_object_ref (task));
  else if (connect->secret != NULL && secret_file (connect->wanted) == NULL)
    mw_tokens_lock_async (connect->wanted, g_task_get_cancellable (task), secret_locked, g_object_ref (task));
  else
    write_down (task);
}

/* A CapabilityStatement needs no token on most servers: whether ours is taken is seen with the first search */
static void
access_tried (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Connect *connect = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, &error);

  if (answer != NULL && answer->answer_class == MW_ANSWER_SIGN_IN)
    g_set_error_literal (&error, MW_CONNECT_ERROR, MW_CONNECT_ERROR_SIGN_IN, mw_connect_refused_text (connect->wanted->auth));
  if (error != NULL)
    give_back (task, g_steal_pointer (&error));
  else
    keep_secret (task);
}

static void
try_access (GTask *task)
{
  Connect      *connect = g_task_get_task_data (task);
  MwHttpRequest request = { .method = "GET", .url = "Patient?_count=1&_elements=id", .repeatable = TRUE };

  /* a directory has no patients, and lets others in to what it has */
  if (connect->wanted->directory && !connect->wanted->home)
    request.url = "Organization?_count=1&_elements=id";

  mw_client_send_async (connect->client, &request, g_task_get_cancellable (task), access_tried, g_object_ref (task));
}

/* @error: (transfer full) */
static void
return_no_access (GTask  *task,
                  GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_return_new_error (task, MW_CONNECT_ERROR, MW_CONNECT_ERROR_SIGN_IN, "%s", error->message);
  g_error_free (error);
}

static void
let_in (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (mw_first_access_finish (result, &error))
    try_access (task);
  else
    return_no_access (task, error);
}

static void
signed_in (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Connect *connect = g_task_get_task_data (task);
  GError  *error = NULL;

  connect->tokens = mw_sign_in_finish (result, &error);
  if (connect->tokens != NULL)
    try_access (task);
  else
    return_no_access (task, error);
}

static gboolean
gets_tokens (const MwConnection *wanted)
{
  return g_str_equal (wanted->auth, "secret") || g_str_equal (wanted->auth, "key");
}

static void
return_trouble (GTask          *task,
                const MwAnswer *answer)
{
  MwConnectError code;
  const char    *text = mw_connect_trouble_text (answer, &code);

  g_task_return_new_error (task, MW_CONNECT_ERROR, (gint) code, "%s", text);
}

/* What a server calls itself is often a sentence: its first clause is the name */
static char *
short_name (const char *text)
{
  g_auto (GStrv) clauses = g_strsplit_set (text, ",;(\n", 2);
  char *name = g_strstrip (g_strdup (clauses[0]));

  if (g_utf8_strlen (name, -1) > 60)
    {
      char *cut = g_utf8_substring (name, 0, 60);

      g_free (name);
      name = cut;
    }
  return name;
}

static void
metadata_read (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Connect *connect = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (mw_connect_old_version (answer->resource) != NULL)
    {
      g_task_return_new_error (task, MW_CONNECT_ERROR, MW_CONNECT_ERROR_VERSION, _ ("This server speaks FHIR %s. Meanwhile needs R4 or newer."),
                               mw_connect_old_version (answer->resource));
      return;
    }
  if (mw_resource_is (answer->resource, "CapabilityStatement"))
    connect->capability = mw_capability_new (answer->resource, NULL);
  if (connect->capability == NULL || answer->body == NULL)
    {
      return_trouble (task, answer);
      return;
    }
  connect->json = g_bytes_ref (answer->body);
  if (answer->server_date > 0)
    connect->wanted->clock_skew = answer->server_date - g_get_real_time ();
  g_free (connect->wanted->fhir_version);
  connect->wanted->fhir_version = g_strdup (mw_capability_get_version_text (connect->capability));
  g_free (connect->wanted->software);
  connect->wanted->software = g_strdup (mw_capability_get_software (connect->capability));
  if (connect->wanted->name == NULL || *connect->wanted->name == '\0')
    {
      g_autoptr (GUri) uri = g_uri_parse (connect->wanted->url, G_URI_FLAGS_ENCODED, NULL);
      const char *name = mw_capability_get_name (connect->capability);

      g_free (connect->wanted->name);
      connect->wanted->name = name != NULL ? short_name (name) : g_strdup (g_uri_get_host (uri));
    }
  if (gets_tokens (connect->wanted))
    mw_first_access_async (connect->wanted, connect->secret, connect->client, connect->capability, g_task_get_cancellable (task), let_in, g_object_ref (task));
  else if (signs_in (connect->wanted))
    mw_sign_in_async (connect->wanted, connect->secret, connect->client, connect->capability, &connect->browser, g_task_get_cancellable (task), signed_in,
                      g_object_ref (task));
  else
    try_access (task);
}

static MwConnection *
copy_wanted (const MwConnection *wanted,
             char               *url)
{
  MwConnection *copy = g_new0 (MwConnection, 1);

  copy->url = url;
  copy->name = g_strdup (wanted->name);
  copy->home = wanted->home;
  copy->me = g_strdup (wanted->me);
  copy->auth = g_strdup (wanted->auth != NULL ? wanted->auth : "open");
  copy->token_file = g_strdup (wanted->token_file);
  copy->ca_file = g_strdup (wanted->ca_file);
  copy->sandbox = wanted->sandbox;
  copy->directory = wanted->directory;
  copy->client_id = g_strdup (wanted->client_id);
  copy->scope = g_strdup (wanted->scope);
  copy->secret_file = g_strdup (wanted->secret_file);
  copy->key_file = g_strdup (wanted->key_file);
  copy->redirect = g_strdup (wanted->redirect);
  copy->cert_file = g_strdup (wanted->cert_file);
  copy->origin = g_strdup (wanted->origin);
  return copy;
}

/* What is asked for, until the thread takes it over */
typedef struct
{
  MwStore      *store;
  MwConnection *wanted;
  char         *secret;
  MwBrowser     browser;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_object_unref (wish->store);
  mw_connection_free (wish->wanted);
  g_free (wish->secret);
  g_clear_pointer (&wish->browser.context, g_main_context_unref);
  g_free (wish);
}

static gboolean
fail_access (GError    **error,
             const char *sentence)
{
  g_set_error_literal (error, MW_CONNECT_ERROR, MW_CONNECT_ERROR_TOKEN, sentence);
  return FALSE;
}

/* What the way in needs is there, before anything is asked of the server */
static gboolean
take_secret (Connect *connect,
             GError **error)
{
  const MwConnection *wanted = connect->wanted;
  const char         *file = secret_file (wanted);
  g_autoptr (GError) local = NULL;

  if (g_str_equal (wanted->auth, "open"))
    return TRUE;
  if (file != NULL)
    {
      g_free (connect->secret);
      connect->secret = mw_secret_read_file (file, secret_kind (wanted), &local);
      if (connect->secret == NULL)
        return fail_access (error, local->message);
    }
  if (secret_kind (wanted) != NULL && (connect->secret == NULL || *connect->secret == '\0'))
    return fail_access (error, gets_tokens (wanted) ? _ ("This kind of access needs the client's secret or key.") : _ ("Access by token needs a token."));
  if ((gets_tokens (wanted) || signs_in (wanted)) && (wanted->client_id == NULL || *wanted->client_id == '\0'))
    return fail_access (error, _ ("This kind of access needs a client id: the name under which the server has registered Meanwhile."));
  if (signs_in (wanted) && connect->browser.func == NULL)
    return fail_access (error, _ ("To sign in, a person and a browser are needed."));
  if (g_str_equal (wanted->auth, "token"))
    mw_client_set_token (connect->client, connect->secret);
  return TRUE;
}

static void
begin (GTask   *task,
       gpointer data)
{
  const Wish         *wish = data;
  const MwConnection *wanted = wish->wanted;
  g_autoptr (GError) error = NULL;
  Connect      *connect = g_new0 (Connect, 1);
  char         *url = mw_base_url_normalise (wanted->url != NULL ? wanted->url : "");
  MwHttpRequest request = { .method = "GET", .url = "metadata", .repeatable = TRUE };

  g_task_set_task_data (task, connect, connect_free);
  connect->store = wish->store;
  if (url == NULL)
    {
      g_task_return_new_error (task, MW_CONNECT_ERROR, MW_CONNECT_ERROR_URL,
                               _ ("This is not a web address. It begins with https:// and has no user name in it."));
      return;
    }
  connect->wanted = copy_wanted (wanted, url);
  connect->secret = g_strdup (wish->secret);
  connect->browser = wish->browser;
  if (wanted->me != NULL)
    {
      g_autoptr (MwReference) me = mw_reference_new_for_literal (wanted->me);

      if (me->id == NULL)
        {
          g_task_return_new_error (task, MW_CONNECT_ERROR, MW_CONNECT_ERROR_URL, _ ("“%s” does not say who you are. It looks like Practitioner/12."), wanted->me);
          return;
        }
    }
  connect->client = mw_connection_client_new (connect->wanted, &error);
  if (connect->client == NULL)
    {
      g_task_return_new_error (task, MW_CONNECT_ERROR, MW_CONNECT_ERROR_TLS, "%s", error->message);
      return;
    }
  if (!take_secret (connect, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  mw_client_send_async (connect->client, &request, g_task_get_cancellable (task), metadata_read, g_object_ref (task));
}

/**
 * mw_connect_in_browser_async:
 * @browser: (nullable): where a person signs in, for auth "smart"; its @context is set here
 *
 * As mw_connect_async(), with a person there.
 */
void
mw_connect_in_browser_async (MwStore            *store,
                             const MwConnection *wanted,
                             const char         *secret,
                             const MwBrowser    *browser,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);
  g_autofree char *url = mw_base_url_normalise (wanted->url != NULL ? wanted->url : "");
  g_autoptr (MwConnection) known = url != NULL ? mw_connections_by_url (mw_store_get_reader (store, NULL), url) : NULL;
  Wish *wish = g_new0 (Wish, 1);

  wish->store = g_object_ref (store);
  wish->wanted = mw_connection_copy (wanted);
  /* whose connection it is: nobody else signs in to it */
  if (known != NULL && wanted->me == NULL)
    wish->wanted->me = g_strdup (known->me);
  wish->secret = g_strdup (secret);
  if (browser != NULL)
    wish->browser = *browser;
  wish->browser.context = g_main_context_ref_thread_default ();
  g_task_set_task_data (task, wish, wish_free);
  mw_own_thread_run (task, begin, g_free);
}

/**
 * mw_connect_async:
 *
 * See the header. Every way this can fail is a MwConnectError with a sentence for a person. It happens on a thread of
 * its own.
 */
void
mw_connect_async (MwStore            *store,
                  const MwConnection *wanted,
                  const char         *secret,
                  GCancellable       *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer            user_data)
{
  mw_connect_in_browser_async (store, wanted, secret, NULL, cancellable, callback, user_data);
}

gint64
mw_connect_finish (MwStore      *store,
                   GAsyncResult *result,
                   GError      **error)
{
  g_autofree gint64 *id = g_task_propagate_pointer (G_TASK (result), error);

  return id != NULL ? *id : -1;
}
