/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-answer-private.h"
#include "mw-exchange-private.h"

#include "mw-fhir-error.h"

/* decoded bytes of one page; its entries and their number have caps of their own */
#define MAX_PAGE (512 * 1024 * 1024)

typedef struct
{
  MwBundleReader   *reader;
  MwBundleEntryFunc func;
  gpointer          func_data;
} Search;

static void
search_free (gpointer data)
{
  Search *self = data;

  g_clear_object (&self->reader);
  g_free (self);
}

static gboolean
push_cb (const char *data,
         gsize       length,
         gpointer    user_data,
         GError    **error)
{
  Search *self = user_data;

  return mw_bundle_reader_push (self->reader, data, length, error);
}

static gboolean
end_cb (MwAnswer *answer,
        gpointer  user_data,
        GError  **error)
{
  Search   *self = user_data;
  JsonNode *rest;

  if (!mw_bundle_reader_finish (self->reader, error))
    return FALSE;
  rest = mw_bundle_reader_get_rest (self->reader);
  answer->resource = rest != NULL ? json_node_ref (rest) : NULL;
  mw_answer_read_detail (answer);
  if (mw_resource_is (rest, "Bundle"))
    return TRUE;
  g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, "A search was not answered with a Bundle");
  return FALSE;
}

static void
searched_cb (GObject      *source,
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
 * mw_client_search_async:
 * @self: a client
 * @url: a search, relative to the base or absolute, such as an earlier answer's next
 * @func: called for each entry, in order, on the client's main context, before @callback
 * @func_data: for @func; must live until @callback
 * @cancellable: (nullable): gives up; @func is not called after @callback
 * @callback: (scope async): on the client's main context
 * @user_data: for @callback
 *
 * Fetches one page and splits it while it streams in. A page that breaks off has handed out the
 * entries that came before; it is to be asked for again.
 */
void
mw_client_search_async (MwClient           *self,
                        const char         *url,
                        MwBundleEntryFunc   func,
                        gpointer            func_data,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autofree char *absolute = NULL;
  MwHttpRequest    request = { .method = "GET" };
  MwExchangePlan   plan = { .no_cache = TRUE, .sink = push_cb, .sink_end = end_cb, .sink_max = MAX_PAGE };
  Search          *search;
  GTask           *task;

  g_return_if_fail (MW_IS_CLIENT (self));
  g_return_if_fail (func != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_name (task, "mw_client_search_async");
  search = g_new0 (Search, 1);
  search->reader = mw_bundle_reader_new (func, func_data);
  g_task_set_task_data (task, search, search_free);

  absolute = mw_client_resolve (self, url);
  request.url = absolute;
  plan.request = &request;
  plan.sink_data = search;
  mw_client_plan (self, &plan);
  mw_exchange_run_async (&plan, cancellable, searched_cb, task);
}

/**
 * mw_client_search_finish:
 * @self: a client
 * @result: from the callback
 *
 * The answer's resource is the Bundle without its entries, and next the following page: NULL when
 * there is none, or when it may not be followed (then detail says so).
 *
 * Returns: (transfer full): the answer; NULL only with G_IO_ERROR_CANCELLED
 */
MwAnswer *
mw_client_search_finish (MwClient     *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
