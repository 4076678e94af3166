/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-engine.h"

#include "mw-entry.h"
#include "mw-follow-up.h"
#include "mw-follower.h"
#include "mw-item.h"
#include "mw-link.h"
#include "mw-receiver.h"
#include "mw-sender.h"
#include "mw-set-up.h"
#include "mw-thread-priority.h"

#include <glib/gi18n-lib.h>

/* While another process sends: how soon this one takes over when that one ends (the kernel has no signal for it) */
#define LOCK_SECONDS 5
/* A timer that is this late woke up with the computer: everything is looked at again */
#define WAKE_MICROSECONDS (30 * G_TIME_SPAN_SECOND)
/* No wait without a look: a clock that was set back cannot park anything for longer */
#define MAX_TIMER (15 * G_TIME_SPAN_MINUTE)

/* So long the end of the program waits for a new sign-in that a server is about to give */
#define STOP_PATIENCE (3 * G_TIME_SPAN_SECOND)

struct _MwEngine
{
  GObject parent_instance;

  MwStore        *store;
  MwEngineOptions options;
  gint64          stop_before; /* monotonic µs */
  GThread        *thread;
  GMainContext   *context;
  GMainLoop      *loop;
  GMainContext   *owner; /* where "idle" is told */
  GCancellable   *cancellable;

  /* the engine thread's own */
  MwCore           core;
  MwReceiver      *receiver;
  MwSender        *sender;
  MwFollower      *follower;
  GNetworkMonitor *network;
  GSource         *timer;
  GSource         *pump;
  guint            watch;
  gint64           timer_due; /* boot time */
  gboolean         locked;
  gboolean         told_idle;
  MwSetUp         *set_up;

  gint received; /* atomic copies for the owner */
  gint handed_over;
  gint is_sender;
};

G_DEFINE_FINAL_TYPE (MwEngine, mw_engine, G_TYPE_OBJECT)

enum
{
  SIGNAL_IDLE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean pump (gpointer user_data);

static void
schedule_pump (MwEngine *self)
{
  if (self->pump != NULL)
    return;
  self->pump = g_idle_source_new ();
  g_source_set_priority (self->pump, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->pump, pump, self, NULL);
  g_source_attach (self->pump, self->context);
}

static void
kick (gpointer user_data)
{
  schedule_pump (user_data);
}

/* ---- keeping time ---------------------------------------------------- */

static gint64
boot_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean
timer_fired (gpointer user_data)
{
  MwEngine *self = user_data;

  g_clear_pointer (&self->timer, g_source_unref);
  /* boot time counts suspend: after a sleep the timer is far behind it */
  if (boot_time () - self->timer_due > WAKE_MICROSECONDS)
    mw_receiver_look (self->receiver, TRUE);
  schedule_pump (self);
  return G_SOURCE_REMOVE;
}

static gint64
earlier (gint64 one,
         gint64 other)
{
  if (one == 0)
    return other;
  return other == 0 || one < other ? one : other;
}

/* @looked: when it was looked at what is due: what has fallen due since then must not be missed */
static void
set_timer (MwEngine *self,
           gint64    looked)
{
  gint64 now = mw_core_now (&self->core);
  gint64 next = 0, wait;

  if (self->locked)
    {
      next = earlier (next, mw_items_next_time (self->core.db, looked));
      next = earlier (next, mw_sender_next_time (self->sender, looked));
      next = earlier (next, mw_follow_ups_next_time (self->core.db, looked));
      next = earlier (next, mw_entries_next_wake (self->core.db));
      next = earlier (next, mw_receiver_next_time (self->receiver));
    }
  wait = next == 0 ? MAX_TIMER : CLAMP (next - now, 0, MAX_TIMER);
  if (!self->locked)
    wait = LOCK_SECONDS * G_TIME_SPAN_SECOND;
  /* what is due but cannot be taken up now (no room, a lane behind another) is kicked when that ends */
  if (wait < 50 * G_TIME_SPAN_MILLISECOND)
    wait = 50 * G_TIME_SPAN_MILLISECOND;
  if (self->timer != NULL)
    {
      g_source_destroy (self->timer);
      g_source_unref (self->timer);
    }
  self->timer = g_timeout_source_new ((guint) (wait / 1000));
  self->timer_due = boot_time () + wait;
  g_source_set_callback (self->timer, timer_fired, self, NULL);
  g_source_attach (self->timer, self->context);
}

typedef struct
{
  gint64 now;
} Now;

static gint64
write_due (MwDb    *db,
           gpointer data,
           GError **error)
{
  Now *input = data;

  return mw_items_mark_overdue (db, input->now, error) >= 0 && mw_entries_wake (db, input->now, error) >= 0 ? 0 : -1;
}

static void
keep_time (MwEngine *self)
{
  gint64 now = mw_core_now (&self->core);
  gint64 wake = mw_entries_next_wake (self->core.db);
  Now    input = { now };

  if ((wake > 0 && wake <= now) ||
      mw_db_get_int (self->core.db, 0, "SELECT count(*) FROM items WHERE state = 6 AND answer_by > 0 AND answer_by <= ?1", "i", now) > 0)
    mw_store_write (self->store, write_due, &input, NULL);
}

/* ---- idle ------------------------------------------------------------ */

typedef struct
{
  MwEngine *engine;
} IdleNotice;

static gboolean
tell_idle (gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_IDLE], 0);
  return G_SOURCE_REMOVE;
}

/* Nothing is left but what waits for an answer, a person or its set time */
static gboolean
is_idle (MwEngine *self)
{
  return self->locked && mw_receiver_has_looked (self->receiver) && !mw_receiver_is_busy (self->receiver) && !mw_sender_is_busy (self->sender) &&
         !mw_follower_is_busy (self->follower) && !mw_set_up_is_busy (self->set_up) &&
         mw_db_get_int (self->core.db, 0,
                        "SELECT 1 FROM items AS i WHERE (state IN (2, 3, 4) OR (state = 1 AND scheduled = 0)) AND coalesce(wait, '') NOT IN ('" MW_WAIT_SIGN_IN "', '" MW_WAIT_OFF "') "
                        "AND NOT EXISTS (SELECT 1 FROM items AS e WHERE e.thread = i.thread AND (e.saved, e.id) < (i.saved, i.id) AND "
                        "(e.state = 9 OR (e.state IN (2, 4) AND e.wait IN ('" MW_WAIT_SIGN_IN "', '" MW_WAIT_OFF "')))) LIMIT 1",
                        "") == 0;
}

static gboolean
pump (gpointer user_data)
{
  MwEngine *self = user_data;
  gint64    looked = mw_core_now (&self->core);

  g_clear_pointer (&self->pump, g_source_unref);
  if (g_cancellable_is_cancelled (self->cancellable))
    return G_SOURCE_REMOVE;
  if (!self->locked)
    {
      self->locked = mw_store_lock_engine (self->store, NULL);
      g_atomic_int_set (&self->is_sender, self->locked);
      if (self->locked)
        {
          gint64 now = mw_core_now (&self->core);
          g_autoptr (GError) error = NULL;

          if (mw_engine_check_at_start (self->store, now, &error) < 0)
            g_warning ("The check at start failed: %s", error->message);
        }
    }
  if (self->locked)
    {
      mw_set_up_pump (self->set_up);
      keep_time (self);
      mw_sender_pump (self->sender);
      mw_follower_pump (self->follower);
      mw_receiver_look (self->receiver, FALSE);
      g_atomic_int_set (&self->received, (gint) self->core.received);
      g_atomic_int_set (&self->handed_over, (gint) self->core.handed_over);
      if (self->options.once && !self->told_idle && is_idle (self))
        {
          self->told_idle = TRUE;
          g_main_context_invoke_full (self->owner, G_PRIORITY_DEFAULT, tell_idle, g_object_ref (self), g_object_unref);
        }
    }
  set_timer (self, looked);
  return G_SOURCE_REMOVE;
}

/* ---- what wakes it --------------------------------------------------- */

static void
store_changed (MwStore *store,
               MwChange changes,
               gpointer user_data)
{
  MwEngine *self = user_data;

  if (changes & MW_CHANGE_CONNECTIONS)
    {
      gint64 before = mw_db_get_int (self->core.db, 0, "SELECT count(*) FROM connections WHERE status = 'new' AND home = 1", "");

      mw_core_reload_links (&self->core);
      if (before > 0 && self->locked)
        mw_receiver_look (self->receiver, TRUE);
    }
  if (changes & (MW_CHANGE_CONNECTIONS | MW_CHANGE_ITEMS))
    schedule_pump (self);
}

typedef struct
{
  gint64   now;
  gboolean sign_in; /* also what waits for a sign-in: somebody may have signed in */
} Unpause;

static gint64
write_unpause (MwDb    *db,
               gpointer data,
               GError **error)
{
  Unpause *input = data;

  mw_db_touch (db, MW_CHANGE_CONNECTIONS);
  return mw_db_run (db, error, "UPDATE connections SET paused_until = 0 WHERE status = 'offline' OR (status = 'sign-in' AND ?1)", "d", (int) input->sign_in) &&
                 mw_db_run (db, error,
                            "UPDATE items SET next_attempt = ?1 WHERE state IN (2, 4) AND (wait = '" MW_WAIT_NETWORK "' OR (wait = '" MW_WAIT_SIGN_IN "' AND ?2))", "id",
                            input->now, (int) input->sign_in)
             ? 0
             : -1;
}

/* The monitor is a hint: a network that came up is worth a try at once; one that went away is found out by trying */
static gboolean
network_is_back (gpointer user_data)
{
  MwEngine *self = user_data;
  Unpause   input = { mw_core_now (&self->core), FALSE };

  if (!self->locked || g_cancellable_is_cancelled (self->cancellable))
    return G_SOURCE_REMOVE;
  mw_store_write (self->store, write_unpause, &input, NULL);
  mw_set_up_again (self->set_up);
  mw_core_reload_links (&self->core);
  mw_receiver_look (self->receiver, TRUE);
  schedule_pump (self);
  return G_SOURCE_REMOVE;
}

/* Told on the main context of the whole program, so it is handed to the engine's own */
static void
network_changed (GNetworkMonitor *monitor,
                 gboolean         available,
                 gpointer         user_data)
{
  MwEngine *self = user_data;

  if (available)
    g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, network_is_back, g_object_ref (self), g_object_unref);
}

static gint64
write_check (MwDb    *db,
             gpointer data,
             GError **error)
{
  Now *input = data;

  return mw_items_check_at_start (db, input->now, error);
}

/**
 * mw_engine_check_at_start:
 *
 * The start-up check of the state table, by whoever holds the engine lock. A pause that the last run left is
 * forgotten: the world may have changed.
 *
 * Returns: how many items were found in the middle of sending, or -1
 */
gint64
mw_engine_check_at_start (MwStore *store,
                          gint64   now,
                          GError **error)
{
  Now     input = { now };
  Unpause unpause = { now, TRUE };

  if (mw_store_write (store, write_unpause, &unpause, error) < 0)
    return -1;
  return mw_store_write (store, write_check, &input, error);
}

/* ---- the thread ------------------------------------------------------ */

static void
free_link (gpointer data)
{
  mw_link_free (data);
}

static gpointer
run (gpointer user_data)
{
  MwEngine *self = user_data;
  g_autoptr (GError) error = NULL;
  gulong handler = 0;

  mw_thread_priority_step_back ();
  g_main_context_push_thread_default (self->context);
  self->core.store = self->store;
  self->core.db = mw_store_get_reader (self->store, &error);
  self->core.options = self->options;
  self->core.cancellable = self->cancellable;
  self->core.context = self->context;
  self->core.links = g_hash_table_new_full (NULL, NULL, NULL, free_link);
  self->core.kick = kick;
  self->core.kick_data = self;
  if (self->core.db == NULL)
    {
      g_warning ("The engine cannot read the store: %s", error->message);
      g_hash_table_unref (self->core.links);
      g_main_context_pop_thread_default (self->context);
      return NULL;
    }
  self->receiver = mw_receiver_new (&self->core);
  self->sender = mw_sender_new (&self->core);
  self->follower = mw_follower_new (&self->core);
  self->set_up = mw_set_up_new (&self->core);
  self->watch = mw_store_watch (self->store, store_changed, self);
  self->network = g_object_ref (g_network_monitor_get_default ());
  handler = g_signal_connect (self->network, "network-changed", G_CALLBACK (network_changed), self);
  schedule_pump (self);

  g_main_loop_run (self->loop);

  g_signal_handler_disconnect (self->network, handler);
  mw_store_unwatch (self->store, self->watch);
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (self->pump != NULL)
    g_source_destroy (self->pump);
  g_clear_pointer (&self->pump, g_source_unref);
  mw_sender_free (self->sender);
  mw_follower_free (self->follower);
  mw_set_up_free (self->set_up);
  mw_receiver_free (self->receiver);
  g_hash_table_unref (self->core.links);
  g_clear_object (&self->network);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

/**
 * mw_engine_new:
 * @options: (nullable): copied
 *
 * Returns: (transfer full): an engine that does nothing yet; "idle" is told on the caller's main context
 */
MwEngine *
mw_engine_new (MwStore               *store,
               const MwEngineOptions *options)
{
  MwEngine *self = g_object_new (MW_TYPE_ENGINE, NULL);

  self->store = g_object_ref (store);
  if (options != NULL)
    self->options = *options;
  return self;
}

/**
 * mw_engine_pace_from_environment:
 *
 * Returns: MEANWHILE_PACE, by which tests and the sandbox's fast day hurry the engine's waits; 1 without it
 */
gdouble
mw_engine_pace_from_environment (void)
{
  const char *text = g_getenv ("MEANWHILE_PACE");
  gdouble     pace = text != NULL ? g_ascii_strtod (text, NULL) : 1;

  return pace >= 1 && pace <= 1000 ? pace : 1;
}

/**
 * mw_engine_start:
 *
 * Starts the thread. It sends once it holds the data folder's engine lock; until then it only waits for it.
 */
void
mw_engine_start (MwEngine *self)
{
  g_return_if_fail (self->thread == NULL);

  self->thread = g_thread_new ("mw-engine", run, self);
}

/* What was cancelled comes to its end before its owners go */
static gboolean
quit_loop (gpointer user_data)
{
  MwEngine *self = user_data;

  gboolean renewing = self->core.links != NULL && mw_core_close_links (&self->core);

  if (renewing && g_get_monotonic_time () < self->stop_before)
    return G_SOURCE_CONTINUE;
  if (self->sender != NULL && (mw_sender_is_busy (self->sender) || mw_follower_is_busy (self->follower) || mw_receiver_is_busy (self->receiver) ||
                               mw_set_up_is_busy (self->set_up)))
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

/**
 * mw_engine_stop:
 *
 * Cancels what is under way and waits for the thread: some milliseconds, or seconds while a sign-in is renewed. What was
 * being sent is found and cleared up
 * at the next start.
 */
void
mw_engine_stop (MwEngine *self)
{
  GSource *source;

  if (self->thread == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  self->stop_before = g_get_monotonic_time () + STOP_PATIENCE;
  source = g_timeout_source_new (1);
  g_source_set_callback (source, quit_loop, self, NULL);
  g_source_attach (source, self->context);
  g_source_unref (source);
  g_thread_join (g_steal_pointer (&self->thread));
  mw_store_unlock_engine (self->store);
}

static gboolean
look_now (gpointer user_data)
{
  MwEngine *self = user_data;
  Unpause   input = { mw_core_now (&self->core), TRUE };

  if (self->receiver == NULL || !self->locked)
    return G_SOURCE_REMOVE;
  mw_store_write (self->store, write_unpause, &input, NULL);
  mw_set_up_again (self->set_up);
  mw_core_reload_links (&self->core);
  mw_receiver_look (self->receiver, TRUE);
  schedule_pump (self);
  return G_SOURCE_REMOVE;
}

/**
 * mw_engine_wake:
 *
 * A person asks for a look now. Any thread.
 */
void
mw_engine_wake (MwEngine *self)
{
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, look_now, g_object_ref (self), g_object_unref);
}

static gboolean
set_active (gpointer user_data)
{
  MwEngine *self = user_data;

  if (self->receiver != NULL)
    {
      mw_receiver_set_active (self->receiver, TRUE);
      schedule_pump (self);
    }
  return G_SOURCE_REMOVE;
}

static gboolean
set_inactive (gpointer user_data)
{
  MwEngine *self = user_data;

  if (self->receiver != NULL)
    mw_receiver_set_active (self->receiver, FALSE);
  return G_SOURCE_REMOVE;
}

/**
 * mw_engine_set_active:
 * @active: whether a person is at the window: the inbox is looked at more often
 */
void
mw_engine_set_active (MwEngine *self,
                      gboolean  active)
{
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, active ? set_active : set_inactive, g_object_ref (self), g_object_unref);
}

/**
 * mw_engine_is_sender:
 *
 * Returns: whether this process is the one that sends
 */
gboolean
mw_engine_is_sender (MwEngine *self)
{
  return g_atomic_int_get (&self->is_sender) != 0;
}

void
mw_engine_get_summary (MwEngine        *self,
                       MwEngineSummary *summary)
{
  summary->received = g_atomic_int_get (&self->received);
  summary->handed_over = g_atomic_int_get (&self->handed_over);
}

static void
mw_engine_finalize (GObject *object)
{
  MwEngine *self = MW_ENGINE (object);

  g_assert (self->thread == NULL);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_main_context_unref (self->owner);
  g_object_unref (self->cancellable);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (mw_engine_parent_class)->finalize (object);
}

static void
mw_engine_class_init (MwEngineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mw_engine_finalize;

  /**
   * MwEngine::idle:
   *
   * With options.once: nothing is left but what waits for an answer, a person or its set time.
   */
  signals[SIGNAL_IDLE] = g_signal_new ("idle", MW_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mw_engine_init (MwEngine *self)
{
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->owner = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
}
