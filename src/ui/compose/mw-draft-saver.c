/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-draft-saver.h"

#include "mw-autosave.h"
#include "mw-compose-rules.h"
#include "mw-file-row.h"

struct _MwDraftSaver
{
  GObject parent_instance;

  MwStore    *store;
  gint64      item;
  gint64      revision;
  gint64      entry;
  MwDraftFunc source;
  gpointer    source_data;

  MwAutosave autosave;
  guint      timer;
  GPtrArray *new_files;     /* chosen, in no write yet */
  GPtrArray *writing_files; /* in the write under way */
  GPtrArray *waiters;       /* flushes that wait for it */
  MwDraft   *final;         /* what is sent instead of what the form says */
};

G_DEFINE_FINAL_TYPE (MwDraftSaver, mw_draft_saver, G_TYPE_OBJECT)

enum
{
  SAVED,
  FAILED,
  FORKED,
  FILES,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void start_write (MwDraftSaver *self);

static void
free_new_file (gpointer data)
{
  mw_new_file_free (data);
}

static GPtrArray *
new_file_array (void)
{
  return g_ptr_array_new_with_free_func (free_new_file);
}

static gboolean
timer_cb (gpointer user_data)
{
  MwDraftSaver *self = user_data;

  self->timer = 0;
  start_write (self);
  return G_SOURCE_REMOVE;
}

static void
arm (MwDraftSaver *self)
{
  gint64 wait = self->source != NULL ? mw_autosave_wait (&self->autosave, g_get_monotonic_time ()) : MW_AUTOSAVE_NEVER;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (wait != MW_AUTOSAVE_NEVER)
    self->timer = g_timeout_add ((guint) (wait / 1000), timer_cb, self);
}

static void
answer_waiters (MwDraftSaver *self,
                const GError *error)
{
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&self->waiters);

  self->waiters = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiters->len; i++)
    {
      GTask *task = g_ptr_array_index (waiters, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }
}

/* After a write, whatever came of it */
static void
settle (MwDraftSaver *self,
        const GError *error)
{
  if (error == NULL && mw_autosave_is_dirty (&self->autosave) && self->waiters->len > 0)
    start_write (self);
  else
    {
      answer_waiters (self, error);
      arm (self);
    }
}

static void
give_files_back (MwDraftSaver *self)
{
  g_autoptr (GPtrArray) writing = g_steal_pointer (&self->writing_files);

  if (writing == NULL)
    return;
  g_ptr_array_extend_and_steal (writing, g_steal_pointer (&self->new_files));
  self->new_files = g_steal_pointer (&writing);
}

static gint64
read_files (MwDb    *db,
            gpointer input,
            GError **error)
{
  gint64 *item = input;
  g_autoptr (GPtrArray) rows = mw_files_of_item (db, *item, TRUE, error);
  GPtrArray *files = new_file_array ();

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const MwFileRow *row = g_ptr_array_index (rows, i);

      g_ptr_array_add (files, mw_new_file_new (row->title, row->content_type, row->data));
    }
  return (gint64) (gintptr) files;
}

static void
forked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (MwDraftSaver) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *files = (GPtrArray *) (gintptr) mw_store_read_finish (MW_STORE (source), result, &error);

  if (error == NULL && files != NULL)
    {
      g_ptr_array_extend_and_steal (files, g_steal_pointer (&self->new_files));
      self->new_files = files;
    }
  self->item = 0;
  self->revision = 1;
  g_signal_emit (self, signals[FORKED], 0);
  start_write (self);
}

/* The row is no draft any more, or another window has saved it: nothing of either text may be lost */
static void
fork_draft (MwDraftSaver *self)
{
  gint64 *item = g_new (gint64, 1);

  *item = self->item;
  mw_autosave_end (&self->autosave, FALSE, g_get_monotonic_time ());
  mw_store_read_async (self->store, read_files, item, g_free, NULL, forked_cb, g_object_ref (self));
}

static void
put_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (MwDraftSaver) self = user_data;
  g_autoptr (GError) error = NULL;
  gint64   id = mw_outbox_put_draft_finish (MW_STORE (source), result, &error);
  gboolean files = self->writing_files != NULL && self->writing_files->len > 0;

  if (error != NULL)
    give_files_back (self);
  if (self->item != 0 && (g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE) ||
                          g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND)))
    {
      fork_draft (self);
      return;
    }
  mw_autosave_end (&self->autosave, error == NULL, g_get_monotonic_time ());
  if (error == NULL)
    {
      self->item = id;
      g_clear_pointer (&self->writing_files, g_ptr_array_unref);
      g_signal_emit (self, signals[SAVED], 0);
      if (files)
        g_signal_emit (self, signals[FILES], 0);
    }
  else
    g_signal_emit (self, signals[FAILED], 0, error);
  settle (self, error);
}

static void
start_write (MwDraftSaver *self)
{
  g_autoptr (MwDraft) draft = NULL;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->source == NULL || !mw_autosave_begin (&self->autosave))
    return;
  draft = self->final != NULL ? mw_compose_copy (self->final) : self->source (self->source_data);
  if (self->item == 0 && self->final == NULL && mw_compose_is_empty (draft, self->new_files->len))
    {
      /* what was typed is gone again: that leaves no row */
      mw_autosave_end (&self->autosave, TRUE, g_get_monotonic_time ());
      settle (self, NULL);
      return;
    }
  self->writing_files = g_steal_pointer (&self->new_files);
  self->new_files = new_file_array ();
  mw_outbox_put_draft_async (self->store, self->item, self->revision, draft, self->entry,
                             self->writing_files->len > 0 ? self->writing_files : NULL,
                             g_get_real_time (), NULL, put_cb, g_object_ref (self));
}

static void
mw_draft_saver_finalize (GObject *object)
{
  MwDraftSaver *self = MW_DRAFT_SAVER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->store);
  g_clear_pointer (&self->new_files, g_ptr_array_unref);
  g_clear_pointer (&self->writing_files, g_ptr_array_unref);
  g_clear_pointer (&self->waiters, g_ptr_array_unref);
  g_clear_pointer (&self->final, mw_draft_free);
  G_OBJECT_CLASS (mw_draft_saver_parent_class)->finalize (object);
}

static void
mw_draft_saver_class_init (MwDraftSaverClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mw_draft_saver_finalize;
  signals[SAVED] = g_signal_new ("saved", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[FORKED] = g_signal_new ("forked", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FILES] = g_signal_new ("files", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mw_draft_saver_init (MwDraftSaver *self)
{
  self->new_files = new_file_array ();
  self->waiters = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * mw_draft_saver_new:
 * @item: the draft's row; 0 for one that is not on disk yet
 * @revision: of that row, as it was read
 * @entry: what it answers; 0 for none
 */
MwDraftSaver *
mw_draft_saver_new (MwStore *store,
                    gint64   item,
                    gint64   revision,
                    gint64   entry)
{
  MwDraftSaver *self = g_object_new (MW_TYPE_DRAFT_SAVER, NULL);

  self->store = g_object_ref (store);
  self->item = item;
  self->revision = item != 0 ? revision : 1;
  self->entry = entry;
  return self;
}

/**
 * mw_draft_saver_set_source:
 * @source: (nullable): called whenever it is time to write
 */
void
mw_draft_saver_set_source (MwDraftSaver *self,
                           MwDraftFunc   source,
                           gpointer      user_data)
{
  self->source = source;
  self->source_data = user_data;
}

/**
 * mw_draft_saver_get_item:
 *
 * Returns: the draft's row; 0 while nothing is on disk
 */
gint64
mw_draft_saver_get_item (MwDraftSaver *self)
{
  return self->item;
}

gboolean
mw_draft_saver_is_dirty (MwDraftSaver *self)
{
  return mw_autosave_is_dirty (&self->autosave);
}

/**
 * mw_draft_saver_dup_files:
 *
 * Returns: (transfer full) (element-type MwFileRow): the files on disk, without their bytes
 */
GPtrArray *
mw_draft_saver_dup_files (MwDraftSaver *self)
{
  MwDb      *db = self->item != 0 ? mw_store_get_reader (self->store, NULL) : NULL;
  GPtrArray *files = db != NULL ? mw_files_of_item (db, self->item, FALSE, NULL) : NULL;

  return files != NULL ? files : g_ptr_array_new ();
}

/**
 * mw_draft_saver_count_files:
 *
 * Returns: how many files go along, also those that are being written
 */
guint
mw_draft_saver_count_files (MwDraftSaver *self)
{
  g_autoptr (GPtrArray) files = mw_draft_saver_dup_files (self);

  return files->len + self->new_files->len + (self->writing_files != NULL ? self->writing_files->len : 0);
}

/**
 * mw_draft_saver_touch:
 *
 * Something was changed: it is written after a pause.
 */
void
mw_draft_saver_touch (MwDraftSaver *self)
{
  mw_autosave_touch (&self->autosave, g_get_monotonic_time ());
  arm (self);
}

/**
 * mw_draft_saver_add_file:
 *
 * Copies a file into the draft at once.
 */
void
mw_draft_saver_add_file (MwDraftSaver *self,
                         const char   *title,
                         const char   *content_type,
                         GBytes       *data)
{
  g_ptr_array_add (self->new_files, mw_new_file_new (title, content_type, data));
  mw_autosave_touch (&self->autosave, g_get_monotonic_time ());
  start_write (self);
}

static gint64
run_remove_file (MwDb    *db,
                 gpointer input,
                 GError **error)
{
  return mw_files_remove (db, *(gint64 *) input, error) ? 1 : -1;
}

static void
file_removed_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (MwDraftSaver) self = user_data;
  g_autoptr (GError) error = NULL;

  mw_store_write_finish (MW_STORE (source), result, &error);
  if (error != NULL)
    g_signal_emit (self, signals[FAILED], 0, error);
  g_signal_emit (self, signals[FILES], 0);
}

void
mw_draft_saver_remove_file (MwDraftSaver *self,
                            gint64        id)
{
  gint64 *input = g_new (gint64, 1);

  *input = id;
  mw_store_write_async (self->store, run_remove_file, input, g_free, NULL, file_removed_cb, g_object_ref (self));
}

/**
 * mw_draft_saver_flush_async:
 *
 * Writes what is not on disk yet, without a pause.
 */
void
mw_draft_saver_flush_async (MwDraftSaver       *self,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, (gpointer) (guintptr) mw_draft_saver_flush_async);
  if (!mw_autosave_is_dirty (&self->autosave) && !self->autosave.busy)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  g_ptr_array_add (self->waiters, task);
  start_write (self);
}

gboolean
mw_draft_saver_flush_finish (MwDraftSaver *self,
                             GAsyncResult *result,
                             GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

typedef struct
{
  gint64   not_before;
  gboolean scheduled;
} Send;

static void
send_failed (GTask  *task,
             GError *error)
{
  MwDraftSaver *self = g_task_get_source_object (task);

  /* what the form keeps beyond what was to be sent goes back onto the disk */
  g_clear_pointer (&self->final, mw_draft_free);
  mw_draft_saver_touch (self);
  g_task_return_error (task, error);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!mw_outbox_save_finish (MW_STORE (source), result, &error))
    {
      send_failed (task, error);
      return;
    }
  mw_draft_saver_stop (g_task_get_source_object (task));
  g_task_return_boolean (task, TRUE);
}

static void
flushed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  MwDraftSaver *self = MW_DRAFT_SAVER (source);
  Send         *send = g_task_get_task_data (task);
  GError       *error = NULL;

  if (!mw_draft_saver_flush_finish (self, result, &error))
    {
      send_failed (task, error);
      return;
    }
  mw_outbox_save_async (self->store, self->item, send->not_before, send->scheduled, g_get_real_time (), NULL,
                        sent_cb, g_steal_pointer (&task));
}

/**
 * mw_draft_saver_send_async:
 * @outgoing: the draft as it is to be sent
 * @not_before: µs since 1970
 * @scheduled: whether a person chose that time
 *
 * Writes the draft and sends it on its way. Finishes after the commit.
 */
void
mw_draft_saver_send_async (MwDraftSaver       *self,
                           const MwDraft      *outgoing,
                           gint64              not_before,
                           gboolean            scheduled,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Send  *send = g_new0 (Send, 1);

  send->not_before = not_before;
  send->scheduled = scheduled;
  g_task_set_source_tag (task, (gpointer) (guintptr) mw_draft_saver_send_async);
  g_task_set_task_data (task, send, g_free);
  mw_draft_free (self->final);
  self->final = mw_compose_copy (outgoing);
  mw_autosave_touch (&self->autosave, g_get_monotonic_time ());
  mw_draft_saver_flush_async (self, flushed_cb, task);
}

gboolean
mw_draft_saver_send_finish (MwDraftSaver *self,
                            GAsyncResult *result,
                            GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
discarded_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!mw_outbox_act_finish (MW_STORE (source), result, &error))
    g_info ("An empty draft stays: %s", error->message);
}

/**
 * mw_draft_saver_discard:
 *
 * Takes an empty draft off the disk, and stops.
 */
void
mw_draft_saver_discard (MwDraftSaver *self)
{
  mw_draft_saver_stop (self);
  if (self->item != 0)
    mw_outbox_act_async (self->store, MW_OUTBOX_DISCARD, self->item, g_get_real_time (), NULL, discarded_cb, NULL);
}

/**
 * mw_draft_saver_stop:
 *
 * Writes nothing more, and forgets the source.
 */
void
mw_draft_saver_stop (MwDraftSaver *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->source = NULL;
}
