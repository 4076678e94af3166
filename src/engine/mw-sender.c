/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-sender.h"

#include "mw-attempt.h"
#include "mw-connection-remove.h"
#include "mw-journal.h"
#include "mw-prepare.h"
#include "mw-replan.h"

#include <glib/gi18n-lib.h>

/* All servers together: so many that some of them that hang leave room for the others */
#define MAX_OPEN 128

struct _MwSender
{
  MwCore     *core;
  GHashTable *open;    /* ids of items under way */
  GHashTable *resting; /* ids → µs: items whose last step could not be written, so as not to spin on them */
};

/* How long such an item rests */
#define REST (5 * G_TIME_SPAN_SECOND)

typedef struct
{
  MwSender *sender;
  gint64    item;
  gint64    connection; /* as it was known when it was taken up */
  MwLink   *link;
} Lane;

static void advance (Lane *lane);

MwSender *
mw_sender_new (MwCore *core)
{
  MwSender *self = g_new0 (MwSender, 1);

  self->core = core;
  self->open = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->resting = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  return self;
}

void
mw_sender_free (MwSender *self)
{
  g_hash_table_unref (self->open);
  g_hash_table_unref (self->resting);
  g_free (self);
}

/**
 * mw_sender_is_busy:
 *
 * Returns: whether an item is under way at this moment
 */
gboolean
mw_sender_is_busy (MwSender *self)
{
  return g_hash_table_size (self->open) > 0;
}

static void
lane_end (Lane *lane)
{
  MwSender *self = lane->sender;

  gint64 now = mw_core_now (self->core);

  if (lane->link != NULL)
    lane->link->in_flight--;
  /* one for which it has become known where it goes has got on, and is due there */
  if (mw_db_get_int (self->core->db, 0,
                     "SELECT count(*) FROM items WHERE id = ?1 AND state IN (1, 2, 4) AND next_attempt <= ?2 AND connection IS nullif(?3, 0)", "iii",
                     lane->item, now, lane->connection) > 0)
    {
      gint64 until = now + mw_core_pace (self->core, REST);

      g_hash_table_insert (self->resting, g_memdup2 (&lane->item, sizeof lane->item), g_memdup2 (&until, sizeof until));
    }
  g_hash_table_remove (self->open, &lane->item);
  g_free (lane);
  mw_core_kick (self->core);
}

static void
prepared (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Lane *lane = user_data;

  if (mw_prepare_finish (result) && !g_cancellable_is_cancelled (lane->sender->core->cancellable))
    advance (lane);
  else
    lane_end (lane);
}

static void
attempted (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Lane *lane = user_data;

  if (mw_attempt_finish (result) == MW_ATTEMPT_NEXT && !g_cancellable_is_cancelled (lane->sender->core->cancellable))
    advance (lane);
  else
    lane_end (lane);
}

typedef struct
{
  gint64      item;
  gint64      until;
  const char *wait;
  const char *sentence;
  gint64      now;
} Wait;

static gint64
write_wait (MwDb    *db,
            gpointer data,
            GError **error)
{
  Wait *wait = data;

  return mw_items_hold (db, wait->item, wait->until, NULL, wait->wait, wait->sentence, wait->now, error) ? 0 : -1;
}

static void
wait_for_link (Lane *lane)
{
  MwLink *link = lane->link;
  Wait    wait = { lane->item, mw_link_get_wait_until (link), mw_link_get_wait (link), mw_link_get_wait_text (link), mw_core_now (link->core) };

  mw_store_write (link->core->store, write_wait, &wait, NULL);
  lane_end (lane);
}

/* The certificate's file is gone, or the like: looked at again, and it says so */
static void
hold_unusable (Lane *lane)
{
  MwCore     *core = lane->sender->core;
  const char *sentence = lane->link != NULL && lane->link->problem != NULL ? lane->link->problem : _ ("The connection cannot be used.");
  gint64      now = mw_core_now (core);
  Wait        wait = { lane->item, now + mw_core_pace (core, 15 * G_TIME_SPAN_MINUTE), MW_WAIT_PAUSE, sentence, now };

  mw_store_write (core->store, write_wait, &wait, NULL);
  lane->link = NULL;
  lane_end (lane);
}

typedef struct
{
  MwItem *item;
  gint64  now;
} Finished;

/* All requests were done but the hand-over was not written: a crash between the two cannot happen, since they are one
 * transaction; a plan without requests can */
static gint64
write_finished (MwDb    *db,
                gpointer data,
                GError **error)
{
  Finished *input = data;

  return mw_items_hand_over (db, input->item->id, FALSE, input->now, error) ? 0 : -1;
}

static void
authorised (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Lane   *lane = user_data;
  MwCore *core = lane->sender->core;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwItem) item = NULL;
  g_autoptr (GPtrArray) requests = NULL;

  if (!mw_link_authorise_finish (lane->link, result, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        lane_end (lane);
      else
        wait_for_link (lane);
      return;
    }
  item = mw_items_load (core->db, lane->item, NULL);
  requests = item != NULL ? mw_requests_of_item (core->db, lane->item, NULL) : NULL;
  for (guint i = 0; requests != NULL && i < requests->len; i++)
    {
      MwRequest *request = g_ptr_array_index (requests, i);

      if (request->state == MW_REQUEST_DONE)
        continue;
      mw_attempt_async (lane->link, g_steal_pointer (&item), requests, i, attempted, lane);
      return;
    }
  if (item != NULL)
    {
      Finished input = { item, mw_core_now (core) };

      mw_store_write (core->store, write_finished, &input, NULL);
    }
  lane_end (lane);
}

/* The item's next step: its stages while it has no requests, else its first request that is not done */
static void
advance (Lane *lane)
{
  MwCore *core = lane->sender->core;
  g_autoptr (MwItem) item = mw_items_load (core->db, lane->item, NULL);

  if (item == NULL || (item->state != MW_ITEM_SAVED && item->state != MW_ITEM_PREPARING && item->state != MW_ITEM_UNKNOWN))
    {
      lane_end (lane);
      return;
    }
  if (mw_replan_is_due (core->db, item))
    {
      /* a preparation counts among what its connection has under way by itself */
      if (lane->link != NULL)
        lane->link->in_flight--;
      lane->link = NULL;
      mw_prepare_async (core, item->id, prepared, lane);
      return;
    }
  if (lane->link == NULL)
    {
      lane->link = mw_core_link (core, item->connection);
      if (lane->link == NULL || !mw_link_is_open (lane->link))
        {
          hold_unusable (lane);
          return;
        }
      lane->link->in_flight++;
      if (mw_link_is_paused (lane->link))
        {
          wait_for_link (lane);
          return;
        }
    }
  mw_link_authorise_async (lane->link, authorised, lane);
}

static gboolean
is_resting (MwSender *self,
            gint64    item)
{
  gint64 *until = g_hash_table_lookup (self->resting, &item);

  if (until == NULL)
    return FALSE;
  if (*until > mw_core_now (self->core))
    return TRUE;
  g_hash_table_remove (self->resting, &item);
  return FALSE;
}

/**
 * mw_sender_next_time:
 * @looked: µs, when it was last looked at what is due
 *
 * Returns: µs when an item that rests may be tried again; 0 for none
 */
gint64
mw_sender_next_time (MwSender *self,
                     gint64    looked)
{
  GHashTableIter iter;
  gpointer       until;
  gint64         next = 0;

  g_hash_table_iter_init (&iter, self->resting);
  while (g_hash_table_iter_next (&iter, NULL, &until))
    {
      /* rested: it was taken up by now, or has moved on */
      if (*(gint64 *) until <= looked)
        g_hash_table_iter_remove (&iter);
      else if (next == 0 || *(gint64 *) until < next)
        next = *(gint64 *) until;
    }
  return next;
}

static void
take_up (MwSender *self,
         gint64    connection,
         guint     room)
{
  g_autoptr (GArray) due = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint aside = g_hash_table_size (self->open) + g_hash_table_size (self->resting);

  if (!mw_items_due (self->core->db, connection, mw_core_now (self->core), room + aside, due, NULL))
    return;
  for (guint i = 0; i < due->len && room > 0 && g_hash_table_size (self->open) < MAX_OPEN; i++)
    {
      gint64 item = g_array_index (due, gint64, i);
      Lane  *lane;

      if (g_hash_table_contains (self->open, &item) || is_resting (self, item))
        continue;
      lane = g_new0 (Lane, 1);
      lane->sender = self;
      lane->item = item;
      lane->connection = connection;
      room--;
      g_hash_table_add (self->open, g_memdup2 (&item, sizeof item));
      advance (lane);
    }
}

static gint64
write_stranded (MwDb    *db,
                gpointer now,
                GError **error)
{
  MwRemoval removal = mw_connection_removal (MW_WAITING_KEEP);

  return mw_connections_settle_stranded (db, &removal, *(gint64 *) now, error) ? 0 : -1;
}

/**
 * mw_sender_pump:
 *
 * Takes up what is due, from each connection what it has room for, so that a server which hangs, or one that
 * a thousand items go to, holds up no other.
 */
void
mw_sender_pump (MwSender *self)
{
  g_autoptr (GPtrArray) connections = mw_connections_all (self->core->db, NULL);
  gint64 now = mw_core_now (self->core);

  if (mw_connections_any_stranded (self->core->db, now))
    mw_store_write (self->core->store, write_stranded, &now, NULL);
  for (guint i = 0; connections != NULL && i < connections->len; i++)
    {
      MwConnection *row = g_ptr_array_index (connections, i);
      MwLink       *link = mw_core_link (self->core, row->id);

      if (link == NULL || link->in_flight < MW_LINK_MAX_IN_FLIGHT)
        take_up (self, row->id, MW_LINK_MAX_IN_FLIGHT - (link != NULL ? link->in_flight : 0));
    }
  take_up (self, 0, MAX_OPEN);
}
