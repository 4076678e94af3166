/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The store as its users see it: jobs, notices, locks, a full disk, and a process that is killed */

#include "store-fixture.h"

#include "mw-audit-verify.h"
#include "mw-entry.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define T0 (G_GINT64_CONSTANT (1767225600) * G_TIME_SPAN_SECOND)

typedef struct
{
  char    *folder;
  MwStore *store;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  f->folder = test_folder_new ();
  f->store = mw_store_open (f->folder, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture      *f,
           gconstpointer user_data)
{
  mw_store_close (f->store);
  g_assert_finalize_object (f->store);
  test_folder_remove (f->folder);
}

static gint64
write_setting (MwDb    *db,
               gpointer data,
               GError **error)
{
  mw_db_touch (db, MW_CHANGE_PEOPLE);
  return mw_db_run (db, error, "INSERT INTO settings (key, value) VALUES (?1, 'v')", "s", data) ? 7 : -1;
}

static gint64
write_then_fail (MwDb    *db,
                 gpointer data,
                 GError **error)
{
  write_setting (db, data, error);
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "No");
  return -1;
}

static gint64
count_settings (MwDb    *db,
                gpointer data,
                GError **error)
{
  return mw_db_get_int (db, -1, "SELECT count(*) FROM settings", "");
}

typedef struct
{
  gint64   value;
  GError  *error;
  gboolean done;
} Outcome;

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->value = mw_store_write_finish (MW_STORE (source), result, &outcome->error);
  outcome->done = TRUE;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->value = mw_store_read_finish (MW_STORE (source), result, &outcome->error);
  outcome->done = TRUE;
}

static void
wait_for (const gboolean *done)
{
  while (!*done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_write (Fixture      *f,
            gconstpointer user_data)
{
  Outcome outcome = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();

  mw_store_write_async (f->store, write_setting, g_strdup ("a"), g_free, NULL, written_cb, &outcome);
  wait_for (&outcome.done);
  g_assert_no_error (outcome.error);
  g_assert_cmpint (outcome.value, ==, 7);
  /* what failed has left nothing */
  outcome = (Outcome){ 0 };
  mw_store_write_async (f->store, write_then_fail, g_strdup ("b"), g_free, NULL, written_cb, &outcome);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
  g_clear_error (&outcome.error);
  /* what was cancelled before it began neither */
  g_cancellable_cancel (cancelled);
  outcome = (Outcome){ 0 };
  mw_store_write_async (f->store, write_setting, g_strdup ("c"), g_free, cancelled, written_cb, &outcome);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&outcome.error);
  outcome = (Outcome){ 0 };
  mw_store_read_async (f->store, count_settings, NULL, NULL, NULL, read_cb, &outcome);
  wait_for (&outcome.done);
  g_assert_cmpint (outcome.value, ==, 1);
  g_assert_cmpint (mw_store_write (f->store, write_setting, (gpointer) "d", &error), ==, 7);
  g_assert_no_error (error);
  g_assert_cmpint (mw_db_get_int (mw_store_get_reader (f->store, NULL), -1, "SELECT count(*) FROM settings", ""), ==, 2);
  /* a reader reads */
  g_assert_false (mw_db_run (mw_store_get_reader (f->store, NULL), &error, "DELETE FROM settings", ""));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_READ_ONLY);
}

static void
test_closed (void)
{
  char    *folder = test_folder_new ();
  MwStore *store = mw_store_open (folder, NULL);
  g_autoptr (GError) error = NULL;
  Outcome outcome = { 0 };

  mw_store_close (store);
  mw_store_close (store);
  mw_store_write_async (store, write_setting, g_strdup ("a"), g_free, NULL, written_cb, &outcome);
  wait_for (&outcome.done);
  g_assert_error (outcome.error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED);
  g_clear_error (&outcome.error);
  g_assert_cmpint (mw_store_write (store, write_setting, (gpointer) "a", &error), ==, -1);
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED);
  g_assert_finalize_object (store);
  test_folder_remove (folder);
}

/* ---- notices --------------------------------------------------------- */

typedef struct
{
  MwChange changes;
  gboolean called;
} Seen;

static void
seen_cb (MwStore *store,
         MwChange changes,
         gpointer user_data)
{
  Seen *seen = user_data;

  seen->changes |= changes;
  seen->called = TRUE;
}

static void
test_notice (Fixture      *f,
             gconstpointer user_data)
{
  Seen  seen = { 0 };
  Seen  other = { 0 };
  guint id = mw_store_watch (f->store, seen_cb, &seen);
  guint other_id = mw_store_watch (f->store, seen_cb, &other);

  mw_store_write (f->store, write_setting, (gpointer) "a", NULL);
  wait_for (&seen.called);
  wait_for (&other.called);
  g_assert_cmpuint (seen.changes, ==, MW_CHANGE_PEOPLE);
  g_assert_cmpuint (other.changes, ==, MW_CHANGE_PEOPLE);
  /* what was rolled back is not told, what nobody watches is not called */
  seen = other = (Seen){ 0 };
  mw_store_unwatch (f->store, other_id);
  mw_store_write (f->store, write_then_fail, (gpointer) "b", NULL);
  mw_store_write (f->store, write_setting, (gpointer) "c", NULL);
  wait_for (&seen.called);
  g_assert_cmpuint (seen.changes, ==, MW_CHANGE_PEOPLE);
  g_assert_false (other.called);
  mw_store_unwatch (f->store, id);
}

/* ---- other processes ------------------------------------------------- */

static char *program;

/* This program again, in a role of its own */
static GSubprocess *
spawn (const char *role,
       const char *folder)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--role", role, folder, NULL);

  g_assert_no_error (error);
  return child;
}

static char *
read_line (GSubprocess *child)
{
  g_autoptr (GString) line = g_string_new (NULL);
  char c;

  while (g_input_stream_read (g_subprocess_get_stdout_pipe (child), &c, 1, NULL, NULL) == 1 && c != '\n')
    g_string_append_c (line, c);
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static void
say (const char *text)
{
  if (write (STDOUT_FILENO, text, strlen (text)) < 0)
    _exit (3);
}

static void
tell (GSubprocess *child)
{
  g_assert_true (g_output_stream_write_all (g_subprocess_get_stdin_pipe (child), "\n", 1, NULL, NULL, NULL));
}

static void
await_word (void)
{
  char c;

  if (read (STDIN_FILENO, &c, 1) != 1)
    _exit (3);
}

static int
role_write (const char *folder)
{
  MwStore *store = mw_store_open (folder, NULL);

  say ("open\n");
  await_word ();
  mw_store_write (store, write_setting, (gpointer) "from the child", NULL);
  say ("written\n");
  await_word ();
  mw_store_close (store);
  return 0;
}

static void
test_notice_across (Fixture      *f,
                    gconstpointer user_data)
{
  Seen  seen = { 0 };
  guint id = mw_store_watch (f->store, seen_cb, &seen);
  g_autoptr (GSubprocess) child = spawn ("write", f->folder);
  g_autofree char *opened = read_line (child);

  g_assert_cmpstr (opened, ==, "open");
  tell (child);
  wait_for (&seen.called);
  g_assert_cmpint (mw_db_get_int (mw_store_get_reader (f->store, NULL), 0, "SELECT count(*) FROM settings", ""), ==, 1);
  g_assert_cmpuint (seen.changes & MW_CHANGE_ITEMS, !=, 0);
  tell (child);
  g_assert_true (g_subprocess_wait_check (child, NULL, NULL));
  mw_store_unwatch (f->store, id);
}

static int
role_lock (const char *folder)
{
  MwStore *store = mw_store_open (folder, NULL);

  say (mw_store_lock_engine (store, NULL) ? "locked\n" : "busy\n");
  await_word ();
  mw_store_close (store);
  g_object_unref (store);
  return 0;
}

/* One sender, whatever happens to it */
static void
test_lock (Fixture      *f,
           gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) first = spawn ("lock", f->folder);
  g_autofree char *first_line = read_line (first);
  g_autoptr (GSubprocess) second = NULL;
  g_autofree char *second_line = NULL;

  g_assert_cmpstr (first_line, ==, "locked");
  g_assert_false (mw_store_lock_engine (f->store, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_BUSY);
  g_clear_error (&error);
  g_subprocess_force_exit (first);
  g_subprocess_wait (first, NULL, NULL);
  g_assert_true (mw_store_lock_engine (f->store, &error));
  g_assert_true (mw_store_lock_engine (f->store, &error));
  second = spawn ("lock", f->folder);
  second_line = read_line (second);
  g_assert_cmpstr (second_line, ==, "busy");
  tell (second);
  g_assert_true (g_subprocess_wait_check (second, NULL, NULL));
  mw_store_unlock_engine (f->store);
}

/* ---- killed in the middle of commits --------------------------------- */

static gint64
write_item (MwDb    *db,
            gpointer data,
            GError **error)
{
  /* two families in one transaction: either both are there or neither is */
  gint64 id = test_item_saved (db, 0, T0, T0);

  return write_setting (db, data, error) >= 0 ? id : -1;
}

static int
role_commit (const char *folder)
{
  MwStore *store = mw_store_open (folder, NULL);

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *key = g_strdup_printf ("%d-%u", (int) getpid (), i);
      gint64           id = mw_store_write (store, write_item, key, NULL);
      g_autofree char *line = g_strdup_printf ("%" G_GINT64_FORMAT "\n", id);

      if (id < 0)
        return 1;
      say (line);
    }
  await_word ();
  return 0;
}

static void
test_kill (Fixture      *f,
           gconstpointer user_data)
{
  guint32 seed = 99;
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  guint         acknowledged = 0;
  MwAuditReport report;
  MwDb         *db = mw_store_get_reader (f->store, NULL);

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 12; round++)
    {
      g_autoptr (GSubprocess) child = spawn ("commit", f->folder);
      guint stop = (guint) g_rand_int_range (rand, 1, 300);

      for (guint i = 0; i < stop; i++)
        {
          g_autofree char *line = read_line (child);

          g_assert_cmpint (g_ascii_strtoll (line, NULL, 10), >, 0);
          g_assert_cmpint (mw_db_get_int (db, 0, "SELECT count(*) FROM items WHERE id = ?1", "i", g_ascii_strtoll (line, NULL, 10)), ==, 1);
          acknowledged++;
        }
      g_subprocess_force_exit (child);
      g_subprocess_wait (child, NULL, NULL);
      /* acknowledged with the last word that was read: it can have done some more, but nothing by halves */
      for (;;)
        {
          g_autofree char *line = read_line (child);

          if (*line == '\0' || line[strlen (line) - 1] < '0')
            break;
          if (mw_db_get_int (db, 0, "SELECT count(*) FROM items WHERE id = ?1", "i", g_ascii_strtoll (line, NULL, 10)) == 1)
            acknowledged++;
        }
      g_assert_cmpint (mw_db_get_int (db, 0, "SELECT count(*) FROM items WHERE state = 1", ""), >=, acknowledged);
      g_assert_cmpint (mw_db_get_int (db, 0, "SELECT count(*) FROM items", ""), ==,
                       mw_db_get_int (db, 0, "SELECT count(*) FROM settings WHERE key <> 'audit.head'", ""));
      g_assert_cmpint (mw_db_get_int (db, 0, "SELECT count(*) FROM items", ""), ==, mw_db_get_int (db, 0, "SELECT count(*) FROM audit", ""));
      g_assert_true (mw_audit_verify (db, f->folder, NULL, &report, NULL));
      g_assert_cmpstr (mw_audit_verdict_word (report.verdict), ==, "whole");
      g_assert_cmpint (mw_db_get_int (db, 0, "SELECT count(*) FROM items WHERE state <> 1", ""), ==, 0);
    }
  g_test_message ("%u acknowledged", acknowledged);
}

/* ---- a full disk ----------------------------------------------------- */

static gint64
write_much (MwDb    *db,
            gpointer data,
            GError **error)
{
  g_autofree char *much = g_strnfill (300 * 1000, 'x');

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);

      if (!mw_db_run (db, error, "INSERT INTO settings (key, value) VALUES (?1, ?2)", "ss", key, much))
        return -1;
    }
  return 0;
}

static gint64
limit_pages (MwDb    *db,
             gpointer data,
             GError **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA max_page_count = %" G_GINT64_FORMAT,
                                          data != NULL ? (gint64) 1000000 : mw_db_get_int (db, 0, "PRAGMA page_count", "") + 2);

  return mw_db_exec (db, sql, error) ? 0 : -1;
}

static void
assert_old_readable (MwStore *store)
{
  MwDb *db = mw_store_get_reader (store, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwItem) item = mw_items_load (db, 1, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (item->subject, ==, "A subject");
  g_assert_cmpint (mw_db_get_int (db, -1, "SELECT count(*) FROM settings WHERE length(value) > 1 AND key <> 'audit.head'", ""), ==, 0);
}

static void
test_full (Fixture      *f,
           gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  mw_store_write (f->store, write_item, (gpointer) "a", &error);
  mw_store_write (f->store, limit_pages, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mw_store_write (f->store, write_much, NULL, &error), ==, -1);
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_FULL);
  g_clear_error (&error);
  assert_old_readable (f->store);
  /* once there is room again it goes on */
  mw_store_write (f->store, limit_pages, (gpointer) "free", &error);
  g_assert_cmpint (mw_store_write (f->store, write_item, (gpointer) "b", &error), ==, 2);
  g_assert_no_error (error);
}

static int
role_full (const char *folder)
{
  g_autofree char *log = g_build_filename (folder, "meanwhile.db-wal", NULL);
  g_autoptr (GError) error = NULL;
  struct rlimit limit;
  struct stat   info;
  MwStore      *store;

  signal (SIGXFSZ, SIG_IGN);
  store = mw_store_open (folder, NULL);
  mw_store_write (store, write_item, (gpointer) "a", NULL);
  /* room for some small things, not for a large one */
  g_assert_cmpint (stat (log, &info), ==, 0);
  limit.rlim_cur = limit.rlim_max = (rlim_t) info.st_size + 400 * 1000;
  setrlimit (RLIMIT_FSIZE, &limit);
  if (mw_store_write (store, write_much, NULL, &error) != -1)
    say ("written\n");
  else
    say (g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_FULL) ? "full\n" : "other\n");
  assert_old_readable (store);
  g_clear_error (&error);
  say (mw_store_write (store, write_item, (gpointer) "b", &error) > 0 ? "goes on\n" : "stuck\n");
  mw_store_close (store);
  g_object_unref (store);
  return 0;
}

/* The system itself refuses to let a file grow */
static void
test_quota (Fixture      *f,
            gconstpointer user_data)
{
  g_autoptr (GSubprocess) child = spawn ("full", f->folder);
  g_autofree char *first = read_line (child);
  g_autofree char *second = read_line (child);

  g_assert_cmpstr (first, ==, "full");
  g_assert_cmpstr (second, ==, "goes on");
  g_assert_true (g_subprocess_wait_check (child, NULL, NULL));
  assert_old_readable (f->store);
}

/* ---- many at once ---------------------------------------------------- */

static gpointer
hammer (gpointer data)
{
  MwStore *store = data;

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *key = g_uuid_string_random ();
      g_autoptr (GError) error = NULL;

      mw_store_write (store, write_setting, key, &error);
      g_assert_no_error (error);
      g_assert_cmpint (mw_db_get_int (mw_store_get_reader (store, NULL), 0, "SELECT count(*) FROM settings WHERE key = ?1", "s", key), ==, 1);
    }
  return NULL;
}

static void
test_threads (Fixture      *f,
              gconstpointer user_data)
{
  GThread *threads[6];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("hammer", hammer, f->store);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (mw_db_get_int (mw_store_get_reader (f->store, NULL), 0, "SELECT count(*) FROM settings", ""), ==, 1200);
}

static int
play (const char *role,
      const char *folder)
{
  static const struct
  {
    const char *name;
    int (*play) (const char *folder);
  } roles[] = {
    { "write", role_write },
    { "lock", role_lock },
    { "commit", role_commit },
    { "full", role_full },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_str_equal (roles[i].name, role))
      return roles[i].play (folder);
  return 2;
}

#define ADD(path, test) g_test_add ("/store/store/" path, Fixture, NULL, set_up, test, tear_down)

int
main (int    argc,
      char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--role"))
    return play (argv[2], argv[3]);
  program = g_file_read_link ("/proc/self/exe", NULL);
  g_test_init (&argc, &argv, NULL);
  ADD ("write", test_write);
  g_test_add_func ("/store/store/closed", test_closed);
  ADD ("notice", test_notice);
  ADD ("notice/across", test_notice_across);
  ADD ("lock", test_lock);
  ADD ("kill", test_kill);
  ADD ("full", test_full);
  ADD ("quota", test_quota);
  ADD ("threads", test_threads);
  return g_test_run ();
}
