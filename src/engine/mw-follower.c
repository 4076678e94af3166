/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-follower.h"

#include "mw-backoff.h"
#include "mw-batch.h"
#include "mw-fetch.h"
#include "mw-follow-up.h"
#include "mw-item.h"
#include "mw-me.h"

#include <glib/gi18n-lib.h>

#define MAX_OPEN 4

struct _MwFollower
{
  MwCore     *core;
  GHashTable *open; /* ids of follow-ups under way */
};

typedef struct
{
  MwFollower *follower;
  MwFollowUp *row;
  MwLink     *link;
  MwBatch    *batch;
  char       *etag;
  gboolean    gone;
} Look;

MwFollower *
mw_follower_new (MwCore *core)
{
  MwFollower *self = g_new0 (MwFollower, 1);

  self->core = core;
  self->open = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return self;
}

void
mw_follower_free (MwFollower *self)
{
  g_hash_table_unref (self->open);
  g_free (self);
}

gboolean
mw_follower_is_busy (MwFollower *self)
{
  return g_hash_table_size (self->open) > 0;
}

static void
look_end (Look *look)
{
  MwFollower *self = look->follower;

  g_hash_table_remove (self->open, &look->row->id);
  mw_follow_up_free (look->row);
  mw_batch_free (look->batch);
  g_free (look->etag);
  g_free (look);
  mw_core_kick (self->core);
}

static gint64
write_look (MwDb    *db,
            gpointer data,
            GError **error)
{
  Look   *look = data;
  MwCore *core = look->follower->core;
  gint64  now = mw_core_now (core);
  gint64  next = now + mw_core_pace (core, mw_follow_up_delay (now - look->row->begun, look->row->polls + 1));
  gint64  n = 0;

  if (look->batch != NULL)
    n = mw_batch_write (db, look->batch, error);
  if (n < 0 || !mw_follow_ups_polled (db, look->row->id, look->etag, next, look->gone, error))
    return -1;
  if (look->gone && mw_db_get_int (db, 0, "SELECT count(*) FROM items WHERE id = ?1 AND state IN (6, 8)", "i", look->row->item) > 0)
    return mw_items_need_attention (db, look->row->item, NULL, "not-found",
                                    _ ("The recipient's server has removed this, so no answer can be followed any more. Ask them, or close it."), now, error)
               ? n
               : -1;
  return n;
}

static void
written (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Look  *look = user_data;
  gint64 n = mw_store_write_finish (MW_STORE (source), result, NULL);

  if (n > 0)
    look->follower->core->received += n;
  look_end (look);
}

static void
write_down (Look *look)
{
  mw_store_write_async (look->follower->core->store, write_look, look, NULL, NULL, written, look);
}

static void
fetched (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Look *look = user_data;

  if (!mw_fetch_finish (result, NULL))
    {
      if (g_cancellable_is_cancelled (look->follower->core->cancellable))
        {
          look_end (look);
          return;
        }
      /* not now: as if it had not been looked at */
      g_clear_pointer (&look->batch, mw_batch_free);
      g_clear_pointer (&look->etag, g_free);
      write_down (look);
      return;
    }
  mw_batch_recognise (look->batch);
  write_down (look);
}

static void
answered (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Look *look = user_data;
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, NULL);
  g_auto (GStrv) missing = NULL;
  g_auto (GStrv) me = NULL;

  if (answer == NULL)
    {
      look_end (look);
      return;
    }
  mw_link_note_answer (look->link, answer);
  look->gone = answer->answer_class == MW_ANSWER_NOT_FOUND || answer->answer_class == MW_ANSWER_GONE;
  if (answer->answer_class != MW_ANSWER_DONE || answer->body == NULL || mw_resource_type (answer->resource) == NULL)
    {
      write_down (look);
      return;
    }
  look->etag = g_strdup (answer->etag);
  me = mw_me_load (look->follower->core->db, look->link->row);
  look->batch = mw_batch_new (look->follower->core->store, look->follower->core->db, look->link->row, me, mw_core_now (look->follower->core));
  mw_batch_add_resource (look->batch, answer->body, "follow-up");
  mw_batch_recognise (look->batch);
  missing = mw_batch_missing (look->batch);
  if (missing[0] == NULL)
    write_down (look);
  else
    mw_fetch_async (look->link, look->batch, g_steal_pointer (&missing), fetched, look);
}

static void
authorised (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Look         *look = user_data;
  MwHttpRequest request = { .method = "GET", .url = look->row->reference, .if_none_match = look->row->etag, .repeatable = TRUE };

  if (!mw_link_authorise_finish (look->link, result, NULL))
    {
      if (g_cancellable_is_cancelled (look->follower->core->cancellable))
        look_end (look);
      else
        write_down (look);
      return;
    }
  mw_client_send_async (look->link->client, &request, look->follower->core->cancellable, answered, look);
}

/**
 * mw_follower_pump:
 *
 * Looks at what is due. One whose connection is paused is due again when the pause ends.
 */
void
mw_follower_pump (MwFollower *self)
{
  g_autoptr (GPtrArray) due = mw_follow_ups_due (self->core->db, mw_core_now (self->core), MAX_OPEN * 4, NULL);

  for (guint i = 0; due != NULL && i < due->len && g_hash_table_size (self->open) < MAX_OPEN; i++)
    {
      MwFollowUp *row = g_ptr_array_index (due, i);
      MwLink     *link = mw_core_link (self->core, row->connection);
      Look       *look;

      if (g_hash_table_contains (self->open, &row->id) || link == NULL || !mw_link_is_open (link) || mw_link_is_paused (link))
        continue;
      look = g_new0 (Look, 1);
      look->follower = self;
      look->row = g_new0 (MwFollowUp, 1);
      *look->row = *row;
      look->row->reference = g_strdup (row->reference);
      look->row->etag = g_strdup (row->etag);
      look->link = link;
      g_hash_table_add (self->open, g_memdup2 (&row->id, sizeof row->id));
      mw_link_authorise_async (link, authorised, look);
    }
}
