/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The connection, the schema, and files that are not what they should be */

#include "store-fixture.h"

#include "mw-schema.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static const char insert_setting[] = "INSERT INTO settings (key, value) VALUES (?1, ?2)";
static const char select_setting[] = "SELECT value FROM settings WHERE key = ?1";
static const char select_keys[] = "SELECT key FROM settings ORDER BY key";

static void
test_statements (DbFixture    *f,
                 gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%02u", i);

      g_assert_true (mw_db_run (f->db, &error, insert_setting, "ss", key, "v"));
    }
  /* one that failed leaves the kept statement usable, and its values behind */
  g_assert_false (mw_db_run (f->db, &error, insert_setting, "ss", "k00", "again"));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED);
  g_assert_null (strstr (error->message, "again"));
  g_clear_error (&error);
  g_assert_true (mw_db_run (f->db, &error, insert_setting, "ss", "new", "v"));
  /* a value that is not given again is NULL, not the last one */
  g_assert_false (mw_db_run (f->db, &error, insert_setting, "ss", "null", NULL));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED);
}

/* The same literal again while its first statement is half way through */
static void
test_nested (DbFixture    *f,
             gconstpointer user_data)
{
  g_auto (MwQuery) outer = MW_QUERY_INIT;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);

      mw_db_run (f->db, &error, insert_setting, "ss", key, key);
    }
  g_assert_no_error (error);
  g_assert_true (mw_query_init (&outer, f->db, &error, select_keys, ""));
  while (mw_query_step (&outer, &error))
    {
      g_auto (MwQuery) inner = MW_QUERY_INIT;
      g_autofree char *key = mw_query_dup (&outer, 0);
      g_autofree char *wanted = g_strdup_printf ("%u", n++);
      guint            k = 0;

      g_assert_cmpstr (key, ==, wanted);
      g_assert_true (mw_query_init (&inner, f->db, &error, select_keys, ""));
      while (mw_query_step (&inner, &error))
        k++;
      g_assert_cmpuint (k, ==, 4);
      {
        g_autofree char *value = mw_db_get_text (f->db, select_setting, "s", key);

        g_assert_cmpstr (value, ==, key);
      }
    }
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 4);
}

static void
test_values (DbFixture    *f,
             gconstpointer user_data)
{
  static const char sql[] = "SELECT ?1, ?2, ?3, ?4, ?5, ?6";
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new ("a\0b", 3);
  g_autoptr (GBytes) empty = g_bytes_new ("", 0);
  g_autoptr (GBytes) read = NULL;

  g_assert_true (mw_query_init (&query, f->db, &error, sql, "idssbb", G_MAXINT64, -1, "Ä'\";--", NULL, bytes, empty));
  g_assert_true (mw_query_step (&query, &error));
  g_assert_cmpint (mw_query_int (&query, 0), ==, G_MAXINT64);
  g_assert_cmpint (mw_query_int (&query, 1), ==, -1);
  g_assert_cmpstr (mw_query_text (&query, 2), ==, "Ä'\";--");
  g_assert_true (mw_query_is_null (&query, 3));
  read = mw_query_bytes (&query, 4);
  g_assert_true (g_bytes_equal (read, bytes));
  g_assert_false (mw_query_is_null (&query, 5));
}

static void
test_pragmas (DbFixture    *f,
              gconstpointer user_data)
{
  g_autofree char *mode = mw_db_get_text (f->db, "PRAGMA journal_mode", "");
  struct stat      info;

  /* G1: what COMMIT has answered survives a power cut */
  g_assert_cmpstr (mode, ==, "wal");
  g_assert_cmpint (mw_db_get_int (f->db, -1, "PRAGMA synchronous", ""), ==, 2);
  g_assert_cmpint (mw_db_get_int (f->db, -1, "PRAGMA foreign_keys", ""), ==, 1);
  g_assert_cmpint (mw_db_get_int (f->db, -1, "PRAGMA page_size", ""), ==, 16384);
  g_assert_cmpint (mw_db_get_int (f->db, -1, "PRAGMA user_version", ""), ==, MW_SCHEMA_VERSION);
  g_assert_cmpint (g_stat (f->path, &info), ==, 0);
}

static void
test_migrate_again (DbFixture    *f,
                    gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  mw_db_run (f->db, &error, insert_setting, "ss", "kept", "yes");
  g_assert_true (mw_schema_migrate (f->db, &error));
  g_assert_no_error (error);
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT count(*) FROM settings WHERE key = 'kept'", ""), ==, 1);
}

/* ---- through the whole store ----------------------------------------- */

static void
set_up_file (DbFixture    *f,
             gconstpointer user_data)
{
  db_fixture_set_up (f, user_data);
  for (guint i = 0; i < 200; i++)
    test_item_new (f->db, 0, 1000 + i);
  mw_db_close (f->db);
  f->db = NULL;
}

static GBytes *
contents (const char *path)
{
  char   *data;
  gsize   size;
  GError *error = NULL;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, size);
}

static void
assert_refused (DbFixture *f,
                gint       code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) before = contents (f->path);
  g_autoptr (GBytes) after = NULL;
  g_autofree char *aside = NULL;
  g_autoptr (GBytes) kept = NULL;
  MwStore *store = mw_store_open (f->folder, &error);

  g_assert_null (store);
  g_assert_error (error, MW_STORE_ERROR, code);
  after = contents (f->path);
  g_assert_true (g_bytes_equal (before, after));
  g_clear_error (&error);
  /* a person may say: keep it aside and begin anew */
  aside = mw_store_set_aside (f->folder, &error);
  g_assert_no_error (error);
  kept = contents (aside);
  g_assert_true (g_bytes_equal (before, kept));
  store = mw_store_open (f->folder, &error);
  g_assert_no_error (error);
  mw_store_close (store);
  g_object_unref (store);
}

static void
test_newer (DbFixture    *f,
            gconstpointer user_data)
{
  MwDb *db = mw_db_open (f->path, MW_DB_READ_WRITE, NULL);

  g_assert_true (mw_db_exec (db, "PRAGMA user_version = 9999", NULL));
  mw_db_close (db);
  assert_refused (f, MW_STORE_ERROR_NEWER);
}

static void
test_garbage (DbFixture    *f,
              gconstpointer user_data)
{
  g_autofree char *garbage = g_malloc (100000);

  memset (garbage, 'x', 100000);
  g_assert_true (g_file_set_contents (f->path, garbage, 100000, NULL));
  assert_refused (f, MW_STORE_ERROR_DAMAGED);
}

static void
test_cut (DbFixture    *f,
          gconstpointer user_data)
{
  g_autoptr (GBytes) whole = contents (f->path);
  gsize       size;
  const char *data = g_bytes_get_data (whole, &size);

  g_assert_true (g_file_set_contents (f->path, data, (gssize) (size / 2), NULL));
  assert_refused (f, MW_STORE_ERROR_DAMAGED);
}

/* A page that was overwritten: noticed at the start, not in the middle of the day */
static void
test_flipped (DbFixture    *f,
              gconstpointer user_data)
{
  g_autoptr (GBytes) whole = contents (f->path);
  gsize            size;
  g_autofree char *copy = g_memdup2 (g_bytes_get_data (whole, &size), g_bytes_get_size (whole));

  /* the header of every page but the first, which is that of the file */
  for (gsize at = 16384; at + 16 < size; at += 16384)
    memset (copy + at, 0xff, 16);
  g_assert_true (g_file_set_contents (f->path, copy, (gssize) size, NULL));
  assert_refused (f, MW_STORE_ERROR_DAMAGED);
}

/* Whatever is flipped: opened, or refused with a reason that the window has a sentence for; never a crash */
static void
test_flips (DbFixture    *f,
            gconstpointer user_data)
{
  g_autoptr (GBytes) whole = contents (f->path);
  gsize       size;
  const char *data = g_bytes_get_data (whole, &size);
  guint32     seed = 20260102;
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 60; round++)
    {
      g_autofree char *copy = g_memdup2 (data, size);
      g_autoptr (GError) error = NULL;
      MwStore *store;

      for (guint i = 0; i < 1 + round % 8; i++)
        copy[g_rand_int_range (rand, 0, round % 2 ? 100 : (gint) size)] ^= (char) (1 << g_rand_int_range (rand, 0, 8));
      g_assert_true (g_file_set_contents (f->path, copy, (gssize) size, NULL));
      store = mw_store_open (f->folder, &error);
      if (store != NULL)
        {
          g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

          mw_items_ids (mw_store_get_reader (store, NULL), MW_ITEM_VIEW_DRAFTS, NULL, ids, NULL);
          for (guint i = 0; i < ids->len; i++)
            mw_item_free (mw_items_load (mw_store_get_reader (store, NULL), g_array_index (ids, gint64, i), NULL));
          mw_store_close (store);
          g_object_unref (store);
        }
      else if (!g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_DAMAGED) && !g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_NEWER))
        g_error ("Round %u: %s", round, error->message);
    }
}

static void
test_not_a_folder (void)
{
  g_autoptr (GError) error = NULL;
  char            *folder = test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *inside = g_build_filename (file, "data", NULL);

  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  g_assert_null (mw_store_open (inside, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_READ_ONLY);
  test_folder_remove (folder);
}

static void
test_rights (void)
{
  g_autoptr (GError) error = NULL;
  char                    *folder = test_folder_new ();
  g_autofree char         *data = g_build_filename (folder, "data", NULL);
  MwStore                 *store = mw_store_open (data, &error);
  static const char *const names[] = { "meanwhile.db", "meanwhile.db-wal", "meanwhile.db-shm", "wake" };
  struct stat              info;

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (data, names[i], NULL);

      g_assert_cmpint (g_stat (path, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);
    }
  g_assert_cmpint (g_stat (data, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  mw_store_close (store);
  g_object_unref (store);
  test_folder_remove (g_strdup (data));
  test_folder_remove (folder);
}

#define ADD(path, set_up, test) g_test_add ("/store/db/" path, DbFixture, NULL, set_up, test, db_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("statements", db_fixture_set_up, test_statements);
  ADD ("nested", db_fixture_set_up, test_nested);
  ADD ("values", db_fixture_set_up, test_values);
  ADD ("pragmas", db_fixture_set_up, test_pragmas);
  ADD ("migrate-again", db_fixture_set_up, test_migrate_again);
  ADD ("newer", set_up_file, test_newer);
  ADD ("garbage", set_up_file, test_garbage);
  ADD ("cut", set_up_file, test_cut);
  ADD ("flipped", set_up_file, test_flipped);
  ADD ("flips", set_up_file, test_flips);
  g_test_add_func ("/store/db/not-a-folder", test_not_a_folder);
  g_test_add_func ("/store/db/rights", test_rights);
  return g_test_run ();
}
