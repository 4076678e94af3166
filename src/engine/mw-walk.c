/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-walk.h"

#include "mw-fetch.h"
#include "mw-fhir-date.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PAGE_SIZE 200
/* Indexing lags behind commit, and equal stamps straddle pages (wire notes 3) */
#define OVERLAP (5 * G_TIME_SPAN_MINUTE)
#define MAX_PAGES 5000

typedef struct
{
  MwLink      *link;
  char        *query; /* as the watermark names it: '~' before one of the record or directory */
  GStrv        me;
  MwWatermark *mark;
  MwBatch     *batch;
  GHashTable  *seen; /* URLs of pages */
  char        *url;
  char        *next;
  char        *highest;
  gint64       server_time; /* of the first page: everything before it is complete at the end */
  gboolean     unsorted;
  gboolean     resumed; /* goes on from a page of an earlier run: when that began is not known any more */
  gboolean     restarted;
  gboolean     part; /* the next page may not be followed: what is behind it is missing */
  guint        pages;
  guint        n_new;
} Walk;

static void
walk_free (gpointer data)
{
  Walk *walk = data;

  g_free (walk->query);
  g_strfreev (walk->me);
  mw_watermark_free (walk->mark);
  mw_batch_free (walk->batch);
  g_hash_table_unref (walk->seen);
  g_free (walk->url);
  g_free (walk->next);
  g_free (walk->highest);
  g_free (walk);
}

static void get_page (GTask *task);

/* "Task?owner=…" without its values: origins are stored and may be logged */
static char *
origin_of (const char *query)
{
  g_auto (GStrv) parts = g_strsplit_set (query + (*query == '~'), "?=", 3);

  if (parts[0] != NULL && parts[1] != NULL)
    return g_strdup_printf ("%s?%s", parts[0], parts[1]);
  return g_strdup (parts[0] != NULL ? parts[0] : query);
}

static char *
first_url (Walk *walk)
{
  g_autoptr (GString) url = g_string_new (walk->query + (*walk->query == '~'));
  char separator = strchr (url->str, '?') != NULL ? '&' : '?';

  if (walk->mark->since != NULL)
    {
      gint64           since = mw_fhir_date_to_unix (walk->mark->since, 0) - OVERLAP;
      g_autofree char *text = mw_fhir_date_from_unix (MAX (since, 0));

      g_string_append_printf (url, "%c_lastUpdated=ge%s", separator, text);
      separator = '&';
    }
  if (!walk->unsorted)
    {
      g_string_append_printf (url, "%c_sort=_lastUpdated", separator);
      separator = '&';
    }
  g_string_append_printf (url, "%c_count=%d", separator, PAGE_SIZE);
  return g_string_free (g_steal_pointer (&url), FALSE);
}

static void
end_walk (GTask       *task,
          MwWalkResult result)
{
  if (!g_task_get_completed (task))
    g_task_return_int (task, result);
}

/* ---- a page is here -------------------------------------------------- */

/* A stamp from the future is somebody's mistake: to ask from there on would miss everything until then */
static char *
believable (Walk       *walk,
            const char *stamp)
{
  gint64 limit = walk->server_time > 0 ? walk->server_time : mw_core_now (walk->link->core);

  return mw_fhir_date_to_unix (stamp, 0) > limit ? mw_fhir_date_from_unix (limit) : g_strdup (stamp);
}

/* Until when everything is here now: until the walk began, by the server's clock; of one that was begun in an
 * earlier run only the stamps of its entries are left to tell */
static gint64
complete_until (Walk *walk)
{
  gint64 seen;

  if (walk->part)
    return walk->mark->complete;
  if (!walk->resumed)
    return walk->server_time > 0 ? walk->server_time : mw_core_now (walk->link->core);
  seen = walk->highest != NULL && !walk->unsorted ? mw_fhir_date_to_unix (walk->highest, 0) : 0;
  return MAX (walk->mark->complete, seen);
}

static void
note_progress (Walk *walk)
{
  const char      *reported = mw_batch_get_last_updated (walk->batch);
  g_autofree char *last = reported != NULL ? believable (walk, reported) : NULL;

  if (last != NULL && (walk->highest == NULL || mw_fhir_date_to_unix (last, 0) > mw_fhir_date_to_unix (walk->highest, 0)))
    {
      g_free (walk->highest);
      walk->highest = g_strdup (last);
    }
  g_free (walk->mark->next_page);
  walk->mark->next_page = g_strdup (walk->next);
  if (walk->next != NULL)
    return;
  /* the end: the next walk asks from the latest stamp seen, or from the server's time when it had nothing */
  if (walk->highest != NULL)
    {
      if (walk->mark->since == NULL || mw_fhir_date_to_unix (walk->highest, 0) > mw_fhir_date_to_unix (walk->mark->since, 0))
        {
          g_free (walk->mark->since);
          walk->mark->since = g_strdup (walk->highest);
        }
    }
  else if (walk->mark->since == NULL && walk->server_time > 0)
    walk->mark->since = mw_fhir_date_from_unix (walk->server_time);
  walk->mark->complete = complete_until (walk);
  walk->mark->swept = mw_core_now (walk->link->core);
  g_clear_pointer (&walk->mark->problem, g_free);
}

static void
page_written (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Walk *walk = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gint64 n = mw_store_write_finish (MW_STORE (source), result, &error);

  g_clear_pointer (&walk->batch, mw_batch_free);
  if (n < 0)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("A page could not be written: %s", error->message);
      end_walk (task, MW_WALK_BROKEN_OFF);
      return;
    }
  walk->n_new += (guint) n;
  walk->link->core->received += n;
  if (walk->next == NULL)
    {
      end_walk (task, MW_WALK_DONE);
      return;
    }
  g_free (walk->url);
  walk->url = g_steal_pointer (&walk->next);
  get_page (task);
}

static void
write_page (GTask *task)
{
  Walk *walk = g_task_get_task_data (task);

  note_progress (walk);
  mw_batch_set_watermark (walk->batch, walk->mark);
  /* the task keeps the walk, and the walk the batch, until the commit */
  mw_store_write_async (walk->link->core->store, mw_batch_write, walk->batch, NULL, NULL, page_written, g_object_ref (task));
}

static void
missing_fetched (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Walk *walk = g_task_get_task_data (task);

  if (!mw_fetch_finish (result, NULL))
    {
      end_walk (task, MW_WALK_BROKEN_OFF);
      return;
    }
  mw_batch_recognise (walk->batch);
  write_page (task);
}

static void
take_page (GTask *task)
{
  Walk *walk = g_task_get_task_data (task);
  g_auto (GStrv) missing = NULL;

  mw_batch_recognise (walk->batch);
  missing = mw_batch_missing (walk->batch);
  if (missing[0] == NULL)
    write_page (task);
  else
    mw_fetch_async (walk->link, walk->batch, g_steal_pointer (&missing), missing_fetched, g_object_ref (task));
}

/* ---- getting pages --------------------------------------------------- */

static void
entry_read (MwBundleReader *reader,
            GBytes         *entry,
            const GError   *error,
            gpointer        user_data)
{
  Walk            *walk = user_data;
  g_autofree char *origin = origin_of (walk->query);

  if (error != NULL)
    mw_batch_quarantine (walk->batch, entry, origin, error->message);
  else
    mw_batch_add_entry (walk->batch, entry, origin);
}

typedef struct
{
  const MwWatermark *mark;
} MarkInput;

static gint64
write_mark (MwDb    *db,
            gpointer data,
            GError **error)
{
  return mw_watermarks_store (db, ((MarkInput *) data)->mark, error) ? 0 : -1;
}

static void
refuse (GTask          *task,
        const MwAnswer *answer)
{
  Walk     *walk = g_task_get_task_data (task);
  MarkInput input = { walk->mark };

  g_free (walk->mark->problem);
  walk->mark->problem = g_strdup (answer->detail != NULL ? answer->detail : _ ("The server does not offer this search."));
  walk->mark->swept = mw_core_now (walk->link->core);
  g_clear_pointer (&walk->mark->next_page, g_free);
  mw_store_write (walk->link->core->store, write_mark, &input, NULL);
  end_walk (task, MW_WALK_REFUSED);
}

static gboolean
is_refusal (const MwAnswer *answer)
{
  return answer->answer_class == MW_ANSWER_REJECTED || answer->answer_class == MW_ANSWER_UNSUPPORTED ||
         answer->answer_class == MW_ANSWER_NOT_FOUND || answer->answer_class == MW_ANSWER_GONE || answer->answer_class == MW_ANSWER_FORBIDDEN;
}

/* The Bundle has a next page, whether we follow it or not */
static gboolean
names_next (JsonNode *bundle)
{
  guint n = mw_json_length (bundle, "link");

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (mw_json_string (mw_json_item (bundle, "link", i), "relation"), "next") == 0)
      return TRUE;
  return FALSE;
}

static void
begin_again (GTask *task)
{
  Walk *walk = g_task_get_task_data (task);

  walk->resumed = FALSE;
  walk->pages = 0;
  walk->server_time = 0;
  g_hash_table_remove_all (walk->seen);
  g_free (walk->url);
  walk->url = first_url (walk);
  get_page (task);
}

/* Page links that never last: what is here stays, and the next look begins at the beginning. The search
 * itself is not refused: it is tried again as often as ever */
static void
give_up_page (GTask *task)
{
  Walk     *walk = g_task_get_task_data (task);
  MarkInput input = { walk->mark };

  g_clear_pointer (&walk->mark->next_page, g_free);
  mw_store_write (walk->link->core->store, write_mark, &input, NULL);
  end_walk (task, MW_WALK_REFUSED);
}

static void
page_read (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Walk *walk = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwAnswer) answer = mw_client_search_finish (MW_CLIENT (source), result, &error);

  if (answer == NULL)
    {
      end_walk (task, MW_WALK_BROKEN_OFF);
      return;
    }
  mw_link_note_answer (walk->link, answer);
  if (answer->answer_class == MW_ANSWER_DONE && mw_resource_is (answer->resource, "Bundle"))
    {
      if (walk->server_time == 0)
        walk->server_time = answer->server_date;
      walk->part = answer->next == NULL && names_next (answer->resource);
      if (answer->next != NULL && g_hash_table_add (walk->seen, g_strdup (answer->next)) && ++walk->pages < MAX_PAGES)
        walk->next = g_strdup (answer->next);
      take_page (task);
      return;
    }
  g_clear_pointer (&walk->batch, mw_batch_free);
  /* a page link that has expired, or a server that cannot sort: begin again, once each */
  if (is_refusal (answer) && (walk->resumed || walk->pages > 0))
    {
      if (walk->restarted)
        {
          give_up_page (task);
          return;
        }
      walk->restarted = TRUE;
      begin_again (task);
    }
  else if (is_refusal (answer) && !walk->unsorted && answer->answer_class == MW_ANSWER_REJECTED)
    {
      walk->unsorted = TRUE;
      begin_again (task);
    }
  else if (is_refusal (answer))
    refuse (task, answer);
  else
    end_walk (task, MW_WALK_BROKEN_OFF);
}

static void
get_page (GTask *task)
{
  Walk *walk = g_task_get_task_data (task);

  /* the access was changed under way: another look begins with the new one */
  if (!mw_link_is_authorised (walk->link))
    {
      end_walk (task, MW_WALK_BROKEN_OFF);
      return;
    }
  walk->batch = mw_batch_new (walk->link->core->store, walk->link->core->db, walk->link->row, walk->me, mw_core_now (walk->link->core));
  mw_client_search_async (walk->link->client, walk->url, entry_read, walk, walk->link->core->cancellable, page_read, g_object_ref (task));
}

/**
 * mw_walk_async:
 * @query: a search, "Task?owner=Practitioner/1"; with '~' before it when the inbox does not depend on it
 */
void
mw_walk_async (MwLink             *link,
               const char         *query,
               GStrv               me,
               GAsyncReadyCallback callback,
               gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, link->core->cancellable, callback, user_data);
  Walk *walk = g_new0 (Walk, 1);

  walk->link = link;
  walk->query = g_strdup (query);
  walk->me = g_strdupv (me);
  walk->mark = mw_watermarks_load (link->core->db, link->row->id, query);
  walk->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_task_set_task_data (task, walk, walk_free);
  /* a search that the server refused is tried again once a day */
  if (walk->mark->problem != NULL && mw_core_now (link->core) - walk->mark->swept < G_TIME_SPAN_DAY)
    {
      end_walk (task, MW_WALK_REFUSED);
      return;
    }
  walk->resumed = walk->mark->next_page != NULL;
  walk->url = walk->resumed ? g_strdup (walk->mark->next_page) : first_url (walk);
  get_page (task);
}

MwWalkResult
mw_walk_finish (GAsyncResult *result,
                guint        *n_new)
{
  Walk *walk = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gssize value = g_task_propagate_int (G_TASK (result), &error);

  if (n_new != NULL)
    *n_new = walk->n_new;
  return error != NULL ? MW_WALK_BROKEN_OFF : (MwWalkResult) value;
}
