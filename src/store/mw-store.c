/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-store"

#include "mw-store.h"

#include "mw-audit-head.h"
#include "mw-notices.h"
#include "mw-schema.h"
#include "mw-thread-priority.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>

#define DATABASE_NAME "meanwhile.db"
#define LOCK_NAME "engine.lock"

typedef struct
{
  MwStoreFunc    func;
  gpointer       input;
  GDestroyNotify free_input;
} Job;

struct _MwStore
{
  GObject parent_instance;

  char        *folder;
  char        *path;
  MwDb        *writer_db;
  MwDb        *pool_db;
  GThreadPool *writer;
  GThreadPool *reader;
  MwNotices   *notices;
  int          lock_fd;
  gboolean     closed;

  GMutex      mutex;
  GHashTable *readers; /* GThread → MwDb */
};

G_DEFINE_FINAL_TYPE (MwStore, mw_store, G_TYPE_OBJECT)

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->free_input != NULL)
    job->free_input (job->input);
  g_free (job);
}

/* Somebody waits for this job on a condition instead of a GTask: told apart by the lowest bit of
 * the pointer that goes through the pool */
typedef struct
{
  MwStoreFunc func;
  gpointer    input;
  GMutex      mutex;
  GCond       cond;
  gboolean    done;
  gint64      value;
  GError     *error;
} Waited;

#define WAITED_BIT ((guintptr) 1)

/* ---- jobs ------------------------------------------------------------ */

static gint64
run_write (MwStore    *self,
           MwStoreFunc func,
           gpointer    input,
           GError    **error)
{
  g_autoptr (GError) local = NULL;
  gint64   value;
  MwChange changes;

  mw_db_take_changes (self->writer_db);
  if (!mw_db_exec (self->writer_db, "BEGIN IMMEDIATE", error))
    return -1;
  value = func (self->writer_db, input, &local);
  if (local == NULL)
    mw_db_exec (self->writer_db, "COMMIT", &local);
  if (local != NULL)
    {
      /* after some errors SQLite has rolled back by itself: this one then fails, which is as good */
      mw_db_exec (self->writer_db, "ROLLBACK", NULL);
      mw_db_take_changes (self->writer_db);
      g_propagate_error (error, g_steal_pointer (&local));
      return -1;
    }
  changes = mw_db_take_changes (self->writer_db);
  if (changes & MW_CHANGE_AUDIT)
    mw_audit_head_follow (self->writer_db, self->folder);
  mw_notices_tell (self->notices, changes);
  if (changes != 0)
    mw_notices_wake_others (self->notices);
  return value;
}

static void
run_waited (MwStore *self,
            Waited  *waited)
{
  gint64  value;
  GError *error = NULL;

  value = run_write (self, waited->func, waited->input, &error);
  g_mutex_lock (&waited->mutex);
  waited->value = value;
  waited->error = error;
  waited->done = TRUE;
  g_cond_signal (&waited->cond);
  g_mutex_unlock (&waited->mutex);
}

static void
run_task (MwStore *self,
          GTask   *data)
{
  g_autoptr (GTask) task = data;
  Job    *job = g_task_get_task_data (task);
  GError *error = NULL;
  gint64  value;

  if (g_task_return_error_if_cancelled (task))
    return;
  value = run_write (self, job->func, job->input, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, value);
}

static void
read_job (gpointer data,
          gpointer user_data)
{
  g_autoptr (GTask) task = data;
  MwStore *self = g_task_get_source_object (task);
  Job     *job = g_task_get_task_data (task);
  GError  *error = NULL;
  gint64   value = -1;

  mw_thread_priority_step_back ();
  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->pool_db == NULL)
    self->pool_db = mw_db_open (self->path, MW_DB_READ_ONLY, &error);
  if (self->pool_db != NULL)
    value = job->func (self->pool_db, job->input, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, value);
}

static void
push_job (MwStore            *self,
          GThreadPool        *pool,
          MwStoreFunc         func,
          gpointer            input,
          GDestroyNotify      free_input,
          GCancellable       *cancellable,
          GAsyncReadyCallback callback,
          gpointer            user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Job   *job = g_new (Job, 1);

  job->func = func;
  job->input = input;
  job->free_input = free_input;
  /* what was committed is told as committed, whatever was cancelled meanwhile */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, job, job_free);
  if (self->closed)
    {
      g_task_return_new_error (task, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "The store is closed");
      g_object_unref (task);
      return;
    }
  g_thread_pool_push (pool, task, NULL);
}

static void
write_job (gpointer data,
           gpointer user_data)
{
  guintptr bits = (guintptr) data;

  mw_thread_priority_step_back ();
  if (bits & WAITED_BIT)
    run_waited (user_data, (Waited *) (bits & ~WAITED_BIT));
  else
    run_task (user_data, data);
}

/**
 * mw_store_write_async:
 * @func: the work; runs on the writer thread inside one transaction
 * @input: (transfer full): plain data for @func
 * @free_input: (nullable): frees @input
 *
 * Finishes after the commit that survives a power cut. Cancelling before the work has begun leaves
 * everything as it was; later it changes nothing.
 */
void
mw_store_write_async (MwStore            *self,
                      MwStoreFunc         func,
                      gpointer            input,
                      GDestroyNotify      free_input,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_return_if_fail (MW_IS_STORE (self));
  push_job (self, self->writer, func, input, free_input, cancellable, callback, user_data);
}

gint64
mw_store_write_finish (MwStore      *self,
                       GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

/**
 * mw_store_read_async:
 *
 * Runs @func on the thread for long reads, on a read-only connection.
 */
void
mw_store_read_async (MwStore            *self,
                     MwStoreFunc         func,
                     gpointer            input,
                     GDestroyNotify      free_input,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  g_return_if_fail (MW_IS_STORE (self));
  push_job (self, self->reader, func, input, free_input, cancellable, callback, user_data);
}

gint64
mw_store_read_finish (MwStore      *self,
                      GAsyncResult *result,
                      GError      **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

/**
 * mw_store_write:
 *
 * The same as mw_store_write_async(), but waits for the commit. For the engine's thread, the command
 * line and tests; never on the GTK thread.
 *
 * Returns: what @func returned, or -1 with @error set
 */
gint64
mw_store_write (MwStore    *self,
                MwStoreFunc func,
                gpointer    input,
                GError    **error)
{
  Waited waited = { .func = func, .input = input };

  g_return_val_if_fail (MW_IS_STORE (self), -1);
  if (self->closed)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "The store is closed");
      return -1;
    }
  g_mutex_init (&waited.mutex);
  g_cond_init (&waited.cond);
  g_thread_pool_push (self->writer, (gpointer) ((guintptr) &waited | WAITED_BIT), NULL);
  g_mutex_lock (&waited.mutex);
  while (!waited.done)
    g_cond_wait (&waited.cond, &waited.mutex);
  g_mutex_unlock (&waited.mutex);
  g_mutex_clear (&waited.mutex);
  g_cond_clear (&waited.cond);
  if (waited.error != NULL)
    g_propagate_error (error, waited.error);
  return waited.value;
}

/* ---- watching and reading -------------------------------------------- */

/**
 * mw_store_watch:
 *
 * Has @func called, on the caller's thread-default main context, after commits of this process and
 * of others. Several commits can be told in one call.
 *
 * Returns: an id for mw_store_unwatch()
 */
guint
mw_store_watch (MwStore         *self,
                MwStoreWatchFunc func,
                gpointer         user_data)
{
  return mw_notices_watch (self->notices, func, user_data);
}

void
mw_store_unwatch (MwStore *self,
                  guint    id)
{
  mw_notices_unwatch (self->notices, id);
}

/**
 * mw_store_get_reader:
 *
 * Returns: (transfer none): the calling thread's own read-only connection, for short reads
 */
MwDb *
mw_store_get_reader (MwStore *self,
                     GError **error)
{
  GThread *thread = g_thread_self ();
  MwDb    *db;

  g_mutex_lock (&self->mutex);
  db = g_hash_table_lookup (self->readers, thread);
  g_mutex_unlock (&self->mutex);
  if (db != NULL)
    return db;
  db = mw_db_open (self->path, MW_DB_READ_ONLY, error);
  if (db == NULL)
    return NULL;
  g_mutex_lock (&self->mutex);
  g_hash_table_insert (self->readers, thread, db);
  g_mutex_unlock (&self->mutex);
  return db;
}

const char *
mw_store_get_folder (MwStore *self)
{
  return self->folder;
}

/**
 * mw_store_lock_engine:
 *
 * Takes the lock that only one process per data folder holds: the one that sends. The kernel gives
 * it back however the process ends.
 *
 * Returns: FALSE with MW_STORE_ERROR_BUSY while another process holds it
 */
gboolean
mw_store_lock_engine (MwStore *self,
                      GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, LOCK_NAME, NULL);

  if (self->lock_fd >= 0)
    return TRUE;
  self->lock_fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock_fd < 0)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_READ_ONLY, "The lock file cannot be opened");
      return FALSE;
    }
  if (flock (self->lock_fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_close (self->lock_fd, NULL);
      self->lock_fd = -1;
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_BUSY, "Another process sends for this data folder");
      return FALSE;
    }
  return TRUE;
}

void
mw_store_unlock_engine (MwStore *self)
{
  if (self->lock_fd < 0)
    return;
  g_close (self->lock_fd, NULL);
  self->lock_fd = -1;
  mw_notices_wake_others (self->notices);
}

/* ---- opening --------------------------------------------------------- */

static gboolean
open_files (MwStore *self,
            GError **error)
{
  int fd;

  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    {
      g_set_error (error, MW_STORE_ERROR, errno == ENOSPC ? MW_STORE_ERROR_FULL : MW_STORE_ERROR_READ_ONLY,
                   "The data folder cannot be made: %s", g_strerror (errno));
      return FALSE;
    }
  /* SQLite would make the file with the umask's rights; its -wal and -shm files copy ours */
  fd = g_open (self->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      g_set_error (error, MW_STORE_ERROR, errno == ENOSPC ? MW_STORE_ERROR_FULL : MW_STORE_ERROR_READ_ONLY,
                   "The database cannot be opened: %s", g_strerror (errno));
      return FALSE;
    }
  g_close (fd, NULL);
  self->writer_db = mw_db_open (self->path, MW_DB_READ_WRITE, error);
  if (self->writer_db == NULL || !mw_db_check (self->writer_db, error) || !mw_schema_migrate (self->writer_db, error))
    return FALSE;
  mw_audit_head_begin_file (self->writer_db, self->folder);

  self->notices = mw_notices_new (self, self->folder);
  return TRUE;
}

/**
 * mw_store_open:
 * @folder: the data folder; made with mode 0700 when missing
 *
 * Opens the database in @folder and brings it up to date. Notices of other processes arrive on the
 * caller's thread-default main context. Blocks for some milliseconds: at start, before the window.
 *
 * Returns: (transfer full): the store, or NULL with a MwStoreError; DAMAGED and NEWER leave the file alone
 */
MwStore *
mw_store_open (const char *folder,
               GError    **error)
{
  g_autoptr (MwStore) self = g_object_new (MW_TYPE_STORE, NULL);

  self->folder = g_strdup (folder);
  self->path = g_build_filename (folder, DATABASE_NAME, NULL);
  if (!open_files (self, error))
    {
      self->closed = TRUE;
      return NULL;
    }
  self->writer = g_thread_pool_new (write_job, self, 1, TRUE, NULL);
  self->reader = g_thread_pool_new (read_job, self, 1, TRUE, NULL);
  return g_steal_pointer (&self);
}

/* The audit's head belongs to the database that is set aside: the new one begins a chain of its own */
static void
set_aside_head (const char *folder,
                const char *stamp)
{
  g_autofree char *from = g_build_filename (folder, MW_AUDIT_HEAD_NAME, NULL);
  g_autofree char *to = g_strdup_printf ("%s.aside-%s", from, stamp);

  g_rename (from, to);
}

/**
 * mw_store_set_aside:
 *
 * Renames a database that cannot be used, with its log, so that a new one can begin. Only on a
 * person's word.
 *
 * Returns: (transfer full): where it is kept now
 */
char *
mw_store_set_aside (const char *folder,
                    GError    **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char         *stamp = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  g_autofree char         *from = g_build_filename (folder, DATABASE_NAME, NULL);
  g_autofree char         *to = g_strdup_printf ("%s.aside-%s", from, stamp);
  static const char *const suffixes[] = { "-wal", "-shm" };

  if (g_rename (from, to) != 0)
    {
      g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_READ_ONLY, "The database cannot be renamed: %s", g_strerror (errno));
      return NULL;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *old = g_strconcat (from, suffixes[i], NULL);
      g_autofree char *new = g_strconcat (to, suffixes[i], NULL);

      g_rename (old, new);
    }
  set_aside_head (folder, stamp);
  return g_steal_pointer (&to);
}

static gint64
forget_all (MwDb    *db,
            gpointer input,
            GError **error)
{
  if (mw_db_get_int (db, 0, "SELECT count(*) FROM connections WHERE sandbox = 0", "") > 0)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "This folder holds real connections, so the sandbox keeps out of it");
      return -1;
    }
  return mw_schema_empty (db, error) ? 0 : -1;
}

/**
 * mw_store_forget_all:
 *
 * Empties a store that has only ever been connected to the sandbox, whose world begins anew with each run.
 * One with any other connection is refused.
 */
gboolean
mw_store_forget_all (MwStore *self,
                     GError **error)
{
  return mw_store_write (self, forget_all, NULL, error) >= 0;
}

/**
 * mw_store_close:
 *
 * Finishes the jobs under way and closes every connection; no thread may use the store any more.
 * Waits for the writer, so never from a finalizer.
 */
void
mw_store_close (MwStore *self)
{
  if (self->closed)
    return;
  self->closed = TRUE;
  g_thread_pool_free (g_steal_pointer (&self->reader), FALSE, TRUE);
  g_thread_pool_free (g_steal_pointer (&self->writer), FALSE, TRUE);
  mw_store_unlock_engine (self);
  mw_notices_close (self->notices);
  g_mutex_lock (&self->mutex);
  g_hash_table_remove_all (self->readers);
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&self->pool_db, mw_db_close);
  g_clear_pointer (&self->writer_db, mw_db_close);
}

static void
close_reader (gpointer data)
{
  mw_db_close (data);
}

static void
mw_store_finalize (GObject *object)
{
  MwStore *self = MW_STORE (object);

  if (!self->closed)
    g_critical ("A store was dropped without mw_store_close()");
  g_clear_pointer (&self->writer_db, mw_db_close);
  g_clear_pointer (&self->notices, mw_notices_free);
  g_hash_table_unref (self->readers);
  g_mutex_clear (&self->mutex);
  g_free (self->folder);
  g_free (self->path);
  G_OBJECT_CLASS (mw_store_parent_class)->finalize (object);
}

static void
mw_store_class_init (MwStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mw_store_finalize;
}

static void
mw_store_init (MwStore *self)
{
  self->lock_fd = -1;
  g_mutex_init (&self->mutex);
  self->readers = g_hash_table_new_full (NULL, NULL, NULL, close_reader);
}
