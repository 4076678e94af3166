/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-request.h"

void
mw_request_free (MwRequest *self)
{
  if (self == NULL)
    return;
  g_free (self->method);
  g_free (self->url);
  g_free (self->content_type);
  g_free (self->if_none_exist);
  g_free (self->prefer);
  g_free (self->identity);
  g_free (self->lookup);
  g_free (self->edit);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->watch);
  g_free (self->words);
  g_free (self->location);
  g_free (self->etag);
  g_free (self);
}

static void
request_free (gpointer data)
{
  mw_request_free (data);
}

static MwRequest *
read_row (MwQuery *query)
{
  MwRequest *self = g_new0 (MwRequest, 1);
  int        i = 0;

  self->id = mw_query_int (query, i++);
  self->item = mw_query_int (query, i++);
  self->position = mw_query_int (query, i++);
  self->state = (MwRequestState) mw_query_int (query, i++);
  self->method = mw_query_dup (query, i++);
  self->url = mw_query_dup (query, i++);
  self->content_type = mw_query_dup (query, i++);
  self->if_none_exist = mw_query_dup (query, i++);
  self->prefer = mw_query_dup (query, i++);
  self->identity = mw_query_dup (query, i++);
  self->repeatable = mw_query_int (query, i++) != 0;
  self->lookup = mw_query_dup (query, i++);
  self->edit = mw_query_dup (query, i++);
  self->body = mw_query_is_null (query, i) ? NULL : mw_query_bytes (query, i);
  i++;
  self->watch = mw_query_dup (query, i++);
  self->words = mw_query_dup (query, i++);
  self->http_status = mw_query_int (query, i++);
  self->location = mw_query_dup (query, i++);
  self->etag = mw_query_dup (query, i++);
  return self;
}

/**
 * mw_requests_of_item:
 *
 * Returns: (transfer full) (element-type MwRequest): the item's requests in their order
 */
GPtrArray *
mw_requests_of_item (MwDb    *db,
                     gint64   item,
                     GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (request_free);
  g_autoptr (GError) local = NULL;

  if (!mw_query_init (&query, db, error,
                      "SELECT id, item, position, state, method, url, content_type, if_none_exist, prefer, identity, repeatable, lookup, "
                      "edit, body, watch, words, http_status, location, etag FROM requests WHERE item = ?1 ORDER BY position",
                      "i", item))
    return NULL;
  while (mw_query_step (&query, &local))
    g_ptr_array_add (all, read_row (&query));
  if (local == NULL)
    return g_steal_pointer (&all);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static gboolean
insert_request (MwDb            *db,
                gint64           item,
                gint64           position,
                const MwRequest *request,
                GError         **error)
{
  return mw_db_run (db, error,
                    "INSERT INTO requests (item, position, method, url, content_type, if_none_exist, prefer, identity, repeatable, "
                    "lookup, edit, body, watch, words) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
                    "iissssss"
                    "dssbss",
                    item, position, request->method, request->url, request->content_type, request->if_none_exist,
                    request->prefer, request->identity, (int) request->repeatable, request->lookup, request->edit,
                    request->body, request->watch, request->words);
}

/**
 * mw_requests_replace:
 * @requests: (element-type MwRequest): the plan of the item, or another one of what it says
 *
 * Writes the item's plan. Requests that are done stay, first, and are not done again: those of @requests that have
 * their identity are left out. MW_STORE_ERROR_STATE says when it is not known of one whether it is done.
 */
gboolean
mw_requests_replace (MwDb      *db,
                     gint64     item,
                     GPtrArray *requests,
                     GError   **error)
{
  gint64 position;

  if (mw_db_get_int (db, 0, "SELECT count(*) FROM requests WHERE item = ?1 AND state IN (1, 3)", "i", item) > 0)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "A part of the item may have left already");
      return FALSE;
    }
  if (!mw_db_run (db, error, "DELETE FROM requests WHERE item = ?1 AND state <> 2", "i", item))
    return FALSE;
  position = mw_db_get_int (db, 0, "SELECT coalesce(max(position) + 1, 0) FROM requests WHERE item = ?1", "i", item);
  for (guint i = 0; i < requests->len; i++)
    {
      const MwRequest *request = g_ptr_array_index (requests, i);

      if (mw_db_get_int (db, 0, "SELECT count(*) FROM requests WHERE item = ?1 AND state = 2 AND identity = ?2", "is", item, request->identity) == 0 &&
          !insert_request (db, item, position++, request, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * mw_requests_may_have_worked:
 * @attempt: the one that is known to have had no effect
 *
 * Returns: whether another attempt of the request may have had its effect in spite of how it ended
 */
gboolean
mw_requests_may_have_worked (MwDb  *db,
                             gint64 request,
                             gint64 attempt)
{
  return mw_db_get_int (db, 0,
                        "SELECT count(*) FROM attempts WHERE request = ?1 AND id <> ?2 AND "
                        "(http_status IN (408, 500, 502, 504) OR outcome IN ('unknown', 'died'))",
                        "ii", request, attempt) > 0;
}

/**
 * mw_requests_begin_attempt:
 *
 * Writes that a request is about to leave. Committed before its first byte does.
 *
 * Returns: the attempt's id, or -1
 */
gint64
mw_requests_begin_attempt (MwDb    *db,
                           gint64   request,
                           gint64   now,
                           GError **error)
{
  if (!mw_db_run (db, error, "UPDATE requests SET state = 1 WHERE id = ?1", "i", request) ||
      !mw_db_run (db, error, "INSERT INTO attempts (request, started) VALUES (?1, ?2)", "ii", request, now))
    return -1;
  return mw_db_last_id (db);
}

/**
 * mw_requests_end_attempt:
 * @attempt: 0 when the effect was found by a look-up instead
 * @state: what the request is now
 * @outcome: a code for the log of attempts
 */
gboolean
mw_requests_end_attempt (MwDb          *db,
                         gint64         request,
                         gint64         attempt,
                         MwRequestState state,
                         const char    *outcome,
                         gint64         http_status,
                         const char    *location,
                         const char    *etag,
                         gint64         now,
                         GError       **error)
{
  return mw_db_run (db, error,
                    "UPDATE requests SET state = ?2, http_status = ?3, location = coalesce(?4, location), etag = coalesce(?5, etag) WHERE id = ?1",
                    "idiss", request, (int) state, http_status, location, etag) &&
         (attempt == 0 ||
          mw_db_run (db, error, "UPDATE attempts SET ended = ?2, outcome = ?3, http_status = ?4 WHERE id = ?1", "iisi", attempt, now, outcome, http_status));
}
