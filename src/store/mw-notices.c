/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-store"

#include "mw-notices.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define WAKE_NAME "wake"

typedef struct
{
  guint            id;
  GMainContext    *context;
  MwStoreWatchFunc func;
  gpointer         user_data;
  MwChange         pending;
  GSource         *source;
} Watch;

struct _MwNotices
{
  MwStore      *store; /* borrowed: it owns this */
  GFileMonitor *monitor;
  int           wake_fd;

  GMutex     mutex;
  GPtrArray *watches;
  guint      next_watch;
};

typedef struct
{
  MwNotices *notices;
  guint      id;
} Notice;

static void
watch_free (gpointer data)
{
  Watch *watch = data;

  if (watch->source != NULL)
    {
      g_source_destroy (watch->source);
      g_source_unref (watch->source);
    }
  g_main_context_unref (watch->context);
  g_free (watch);
}

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  g_object_unref (notice->notices->store);
  g_free (notice);
}

static gboolean
deliver_notice (gpointer data)
{
  Notice          *notice = data;
  MwNotices       *self = notice->notices;
  MwStoreWatchFunc func = NULL;
  gpointer         user_data = NULL;
  MwChange         changes = 0;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->watches->len; i++)
    {
      Watch *watch = g_ptr_array_index (self->watches, i);

      if (watch->id != notice->id)
        continue;
      func = watch->func;
      user_data = watch->user_data;
      changes = watch->pending;
      watch->pending = 0;
      g_clear_pointer (&watch->source, g_source_unref);
    }
  g_mutex_unlock (&self->mutex);
  if (func != NULL && changes != 0)
    func (self->store, changes, user_data);
  return G_SOURCE_REMOVE;
}

/**
 * mw_notices_tell:
 *
 * Has every watch of this process called. Any thread.
 */
void
mw_notices_tell (MwNotices *self,
                 MwChange   changes)
{
  if (changes == 0)
    return;
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->watches->len; i++)
    {
      Watch  *watch = g_ptr_array_index (self->watches, i);
      Notice *notice;

      watch->pending |= changes;
      if (watch->source != NULL)
        continue;
      notice = g_new (Notice, 1);
      g_object_ref (self->store);
      notice->notices = self;
      notice->id = watch->id;
      watch->source = g_idle_source_new ();
      g_source_set_priority (watch->source, G_PRIORITY_DEFAULT);
      g_source_set_callback (watch->source, deliver_notice, notice, notice_free);
      g_source_attach (watch->source, watch->context);
    }
  g_mutex_unlock (&self->mutex);
}

/**
 * mw_notices_wake_others:
 *
 * Tells other processes: they watch the file, and a changed content is a commit of ours.
 */
void
mw_notices_wake_others (MwNotices *self)
{
  char   text[64];
  int    length = g_snprintf (text, sizeof text, "%d %" G_GINT64_FORMAT "\n", (int) getpid (), g_get_monotonic_time ());
  gssize written;

  if (self->wake_fd < 0)
    return;
  written = pwrite (self->wake_fd, text, (gsize) length, 0);
  if (written != length)
    g_debug ("The wake file could not be written");
}

static void
wake_file_changed (GFileMonitor     *monitor,
                   GFile            *file,
                   GFile            *other,
                   GFileMonitorEvent event,
                   gpointer          user_data)
{
  MwNotices *self = user_data;
  char       text[64];
  gssize     length;

  if (event != G_FILE_MONITOR_EVENT_CHANGED && event != G_FILE_MONITOR_EVENT_CREATED)
    return;
  length = pread (self->wake_fd, text, sizeof text - 1, 0);
  if (length <= 0)
    return;
  text[length] = '\0';
  if (g_ascii_strtoll (text, NULL, 10) != getpid ())
    mw_notices_tell (self, MW_CHANGE_ALL);
}

/**
 * mw_notices_watch:
 *
 * See mw_store_watch().
 */
guint
mw_notices_watch (MwNotices       *self,
                  MwStoreWatchFunc func,
                  gpointer         user_data)
{
  Watch *watch = g_new0 (Watch, 1);

  watch->func = func;
  watch->user_data = user_data;
  watch->context = g_main_context_ref_thread_default ();
  g_mutex_lock (&self->mutex);
  watch->id = ++self->next_watch;
  g_ptr_array_add (self->watches, watch);
  g_mutex_unlock (&self->mutex);
  return watch->id;
}

void
mw_notices_unwatch (MwNotices *self,
                    guint      id)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->watches->len; i++)
    if (((Watch *) g_ptr_array_index (self->watches, i))->id == id)
      {
        g_ptr_array_remove_index_fast (self->watches, i);
        break;
      }
  g_mutex_unlock (&self->mutex);
}

/**
 * mw_notices_new:
 * @store: its owner; not referenced, but held as long as a notice is under way
 * @folder: the data folder, where the file lies that other processes watch
 *
 * Notices of other processes arrive on the caller's thread-default main context.
 */
MwNotices *
mw_notices_new (MwStore    *store,
                const char *folder)
{
  MwNotices       *self = g_new0 (MwNotices, 1);
  g_autofree char *path = g_build_filename (folder, WAKE_NAME, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  self->store = store;
  g_mutex_init (&self->mutex);
  self->watches = g_ptr_array_new_with_free_func (watch_free);
  self->wake_fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor != NULL)
    {
      g_file_monitor_set_rate_limit (self->monitor, 100);
      g_signal_connect (self->monitor, "changed", G_CALLBACK (wake_file_changed), self);
    }
  return self;
}

/**
 * mw_notices_close:
 *
 * Nobody is told any more.
 */
void
mw_notices_close (MwNotices *self)
{
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  g_mutex_lock (&self->mutex);
  g_ptr_array_set_size (self->watches, 0);
  g_mutex_unlock (&self->mutex);
}

void
mw_notices_free (MwNotices *self)
{
  mw_notices_close (self);
  if (self->wake_fd >= 0)
    g_close (self->wake_fd, NULL);
  g_ptr_array_unref (self->watches);
  g_mutex_clear (&self->mutex);
  g_free (self);
}
