/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-smart-discovery.h"

#include <glib/gi18n-lib.h>

static void
capability_unref (gpointer data)
{
  mw_capability_unref (data);
}

static void
answered (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  MwClient     *client = MW_CLIENT (source);
  MwCapability *capability = g_task_get_task_data (task);
  GError       *error = NULL;
  g_autoptr (MwAnswer) answer = mw_client_send_finish (client, result, &error);
  MwSmartConfiguration *configuration = NULL;

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (answer->status == 0 || answer->answer_class == MW_ANSWER_TEMPORARY)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, _ ("The server does not say at the moment how one signs in. Try again later."));
      return;
    }
  if (answer->answer_class == MW_ANSWER_DONE && answer->resource != NULL)
    configuration = mw_smart_configuration_new (answer->resource, mw_client_get_base_url (client), &error);
  else
    configuration = mw_smart_configuration_new_from_capability (capability, mw_client_get_base_url (client), &error);
  if (configuration != NULL)
    g_task_return_pointer (task, configuration, (GDestroyNotify) mw_smart_configuration_free);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("This server does not say how one signs in. It may be open, or take a token that you have."));
}

/**
 * mw_smart_discover_async:
 * @capability: what the server says it can do: older ones name the addresses there
 *
 * Finds out how one signs in: .well-known/smart-configuration below the FHIR base, else the extension of the
 * CapabilityStatement (SMART App Launch 2.2, conformance). No token goes along.
 */
void
mw_smart_discover_async (MwClient           *client,
                         MwCapability       *capability,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autofree char *url = mw_smart_configuration_url (mw_client_get_base_url (client));
  MwHttpRequest    request = { .method = "GET", .url = url, .accept = "application/json", .own_secret = TRUE, .repeatable = TRUE, .max_body = 1024 * 1024 };
  GTask           *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_task_data (task, mw_capability_ref (capability), capability_unref);
  mw_client_send_async (client, &request, cancellable, answered, task);
}

/**
 * mw_smart_discover_finish:
 *
 * Returns: (transfer full): the configuration, or NULL with a translated sentence
 */
MwSmartConfiguration *
mw_smart_discover_finish (GAsyncResult *result,
                          GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
