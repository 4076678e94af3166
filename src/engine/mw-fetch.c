/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-fetch.h"

/* At a time, and in all: a page of a thousand Tasks must not become an attack on the server */
#define FETCH_CONCURRENT 6
#define FETCH_MAX 200

typedef struct
{
  MwLink  *link;
  MwBatch *batch;
  GStrv    references;
  guint    next;
  guint    open;
  gboolean broken;
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;

  g_strfreev (fetch->references);
  g_free (fetch);
}

static void pump (GTask *task);

static void
answered (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, NULL);

  fetch->open--;
  if (answer != NULL)
    mw_link_note_answer (fetch->link, answer);
  /* a line that is cut, or a server that asks to wait, is no reason to understand less for ever */
  if (answer != NULL && (answer->status == 0 || answer->status == 401 || answer->status == 429 || answer->status == 503))
    fetch->broken = TRUE;
  /* what cannot be had is done without: the thing that names it is understood as far as it goes */
  if (answer != NULL && answer->answer_class == MW_ANSWER_DONE && answer->resource != NULL && mw_resource_type (answer->resource) != NULL &&
      answer->body != NULL)
    mw_batch_add_resource (fetch->batch, answer->body, "read");
  pump (task);
}

static void
pump (GTask *task)
{
  Fetch *fetch = g_task_get_task_data (task);

  if (g_task_get_completed (task))
    return;
  while (!fetch->broken && fetch->references[fetch->next] != NULL && fetch->open < FETCH_CONCURRENT && fetch->next < FETCH_MAX &&
         !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      MwHttpRequest request = { .method = "GET", .url = fetch->references[fetch->next++], .repeatable = TRUE };

      fetch->open++;
      mw_client_send_async (fetch->link->client, &request, g_task_get_cancellable (task), answered, g_object_ref (task));
    }
  if (fetch->open == 0 && fetch->broken)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "The server could not be asked");
  else if (fetch->open == 0)
    g_task_return_boolean (task, TRUE);
}

/**
 * mw_fetch_async:
 * @batch: gets what could be read; must live until the end
 * @references: (transfer full): absolute URLs on the link's own server
 */
void
mw_fetch_async (MwLink             *link,
                MwBatch            *batch,
                GStrv               references,
                GAsyncReadyCallback callback,
                gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, link->core->cancellable, callback, user_data);
  Fetch *fetch = g_new0 (Fetch, 1);

  fetch->link = link;
  fetch->batch = batch;
  fetch->references = references;
  g_task_set_task_data (task, fetch, fetch_free);
  pump (task);
}

/**
 * mw_fetch_finish:
 *
 * Returns: FALSE with G_IO_ERROR_NOT_CONNECTED when the server could not be asked just now, or with
 *   G_IO_ERROR_CANCELLED: what was fetched for is to be taken up again
 */
gboolean
mw_fetch_finish (GAsyncResult *result,
                 GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
