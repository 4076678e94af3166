/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-exchange-private.h"

typedef struct
{
  MwDownloadFunc func;
  gpointer       func_data;
  gboolean       refused;
} Download;

static gboolean
push_cb (const char *data,
         gsize       length,
         gpointer    user_data,
         GError    **error)
{
  Download *self = user_data;

  self->refused = !self->func (data, length, self->func_data, error);
  return !self->refused;
}

static gboolean
end_cb (MwAnswer *answer,
        gpointer  user_data,
        GError  **error)
{
  const Download *self = user_data;

  if (!self->refused)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The body was not taken");
  return FALSE;
}

static void
downloaded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError   *error = NULL;
  MwAnswer *answer = mw_exchange_run_finish (result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) mw_answer_free);
  else
    g_task_return_error (task, error);
}

/**
 * mw_client_download_async:
 * @self: a client
 * @request: a GET; its max_body is the cap on what @func is given, decoded, and must be set
 * @func: takes the bytes as they come, on the client's main context, before @callback
 * @func_data: for @func; must live until @callback
 * @cancellable: (nullable): gives up; @func is not called after @callback
 * @callback: (scope async): on the client's main context
 * @user_data: for @callback
 *
 * Fetches JSON of any size without keeping it. Only the body of a 200 that may be JSON reaches @func; any other is in
 * the answer.
 */
void
mw_client_download_async (MwClient            *self,
                          const MwHttpRequest *request,
                          MwDownloadFunc       func,
                          gpointer             func_data,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autofree char *absolute = NULL;
  MwHttpRequest    hop;
  MwExchangePlan   plan = { .no_cache = TRUE, .sink = push_cb, .sink_end = end_cb };
  Download        *download;
  GTask           *task;

  g_return_if_fail (MW_IS_CLIENT (self));
  g_return_if_fail (func != NULL && request->max_body > 0);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_name (task, "mw_client_download_async");
  download = g_new0 (Download, 1);
  download->func = func;
  download->func_data = func_data;
  g_task_set_task_data (task, download, g_free);

  absolute = mw_client_resolve (self, request->url);
  hop = *request;
  hop.url = absolute;
  /* an answer that is no list is looked at for its words only */
  hop.max_body = 0;
  plan.sink_max = request->max_body;
  plan.request = &hop;
  plan.sink_data = download;
  mw_client_plan (self, &plan);
  mw_exchange_run_async (&plan, cancellable, downloaded_cb, task);
}

/**
 * mw_client_download_finish:
 * @self: a client
 * @result: from the callback
 *
 * Its class is MW_ANSWER_DONE when @func has taken all of it, MW_ANSWER_UNCHANGED after a 304, and MW_ANSWER_NOT_FHIR
 * when @func did not take it or it can be no JSON.
 *
 * Returns: (transfer full): the answer; NULL only with G_IO_ERROR_CANCELLED
 */
MwAnswer *
mw_client_download_finish (MwClient     *self,
                           GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
