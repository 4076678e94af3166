/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-first-access.h"

#include "mw-smart-discovery.h"

#include <glib/gi18n-lib.h>

/* How a server is got into for the first time: where it gives out tokens, how it wants to be told who asks, and which
 * spelling of the permissions it takes. What is found out is written into the connection, and stays. */

typedef struct
{
  MwConnection         *wanted; /* the caller's */
  char                 *secret;
  MwClient             *client;
  MwCapability         *capability;
  MwSmartConfiguration *configuration;
  MwAccess             *access;
  GPtrArray            *scopes; /* to be tried, in this order */
  guint                 tried;
} First;

static void
first_free (gpointer data)
{
  First *first = data;

  g_free (first->secret);
  g_object_unref (first->client);
  mw_capability_unref (first->capability);
  g_clear_pointer (&first->configuration, mw_smart_configuration_free);
  g_clear_pointer (&first->access, mw_access_unref);
  g_clear_pointer (&first->scopes, g_ptr_array_unref);
  g_free (first);
}

static gint64
real_time (gpointer user_data)
{
  return g_get_real_time ();
}

static void
set_text (char      **place,
          const char *text)
{
  g_free (*place);
  *place = g_strdup (text);
}

static void try_next (GTask *task);

static void
got (GObject      *source,
     GAsyncResult *result,
     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  First  *first = g_task_get_task_data (task);
  GError *error = NULL;

  if (mw_access_get_finish (result, &error))
    {
      set_text (&first->wanted->granted, mw_access_get_granted (first->access));
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (g_error_matches (error, MW_ACCESS_ERROR, MW_ACCESS_ERROR_SCOPE) && first->tried < first->scopes->len)
    {
      g_error_free (error);
      try_next (task);
      return;
    }
  g_task_return_error (task, error);
}

static void
try_next (GTask *task)
{
  First *first = g_task_get_task_data (task);

  set_text (&first->wanted->scope, g_ptr_array_index (first->scopes, first->tried++));
  g_clear_pointer (&first->access, mw_access_unref);
  first->access = mw_access_new (first->wanted, first->client, real_time, NULL);
  mw_access_take_secret (first->access, first->secret);
  mw_access_get_async (first->access, g_task_get_cancellable (task), got, g_object_ref (task));
}

static gboolean
suits (First   *first,
       GError **error)
{
  const MwSmartConfiguration *configuration = first->configuration;
  gboolean                    key = g_str_equal (first->wanted->auth, "key");

  if (mw_smart_configuration_supports_grant (configuration, "client_credentials") == MW_SUPPORT_NO)
    g_set_error_literal (error, MW_ACCESS_ERROR, MW_ACCESS_ERROR_PERSON,
                         _ ("This server lets nobody in without a person who signs in. Choose another kind of access."));
  else if (key && mw_smart_configuration_supports_auth (configuration, "private_key_jwt") == MW_SUPPORT_NO)
    g_set_error_literal (error, MW_ACCESS_ERROR, MW_ACCESS_ERROR_PERSON, _ ("This server does not take keys. Choose another kind of access."));
  else if (!key && mw_smart_configuration_supports_auth (configuration, "client_secret_basic") == MW_SUPPORT_NO &&
           mw_smart_configuration_supports_auth (configuration, "client_secret_post") == MW_SUPPORT_NO)
    g_set_error_literal (error, MW_ACCESS_ERROR, MW_ACCESS_ERROR_PERSON, _ ("This server does not take client secrets. Choose another kind of access."));
  else
    return TRUE;
  return FALSE;
}

static void
discovered (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  First  *first = g_task_get_task_data (task);
  GError *error = NULL;

  first->configuration = mw_smart_discover_finish (result, &error);
  if (first->configuration == NULL || !suits (first, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  set_text (&first->wanted->token_endpoint, first->configuration->token_endpoint);
  set_text (&first->wanted->revocation_endpoint, first->configuration->revocation_endpoint);
  /* RFC 6749, 2.3.1: servers support the header; some say that they do not */
  set_text (&first->wanted->token_auth,
            mw_smart_configuration_supports_auth (first->configuration, "client_secret_basic") == MW_SUPPORT_NO ? "client_secret_post" : "client_secret_basic");
  first->scopes = mw_smart_configuration_scope_choices (first->configuration, first->wanted->scope, TRUE);
  try_next (task);
}

/**
 * mw_first_access_async:
 * @wanted: one with auth "secret" or "key" and a client id; what is found out is written into it. Must live until
 *   @callback
 * @secret: (nullable): the secret or key as given; NULL: read from the file that @wanted names
 * @client: gets the token
 *
 * Gets in for the first time (SMART App Launch 2.2, backend-services; RFC 6749, 4.4).
 */
void
mw_first_access_async (MwConnection       *wanted,
                       const char         *secret,
                       MwClient           *client,
                       MwCapability       *capability,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  First *first = g_new0 (First, 1);

  first->wanted = wanted;
  first->secret = g_strdup (secret);
  first->client = g_object_ref (client);
  first->capability = mw_capability_ref (capability);
  g_task_set_task_data (task, first, first_free);
  mw_smart_discover_async (client, capability, cancellable, discovered, task);
}

/**
 * mw_first_access_finish:
 *
 * Returns: whether the client is let in; FALSE with a translated sentence
 */
gboolean
mw_first_access_finish (GAsyncResult *result,
                        GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
