/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-draft-saver.h"

#include <glib/gstdio.h>

#include "mw-file-row.h"

typedef struct
{
  char         *folder;
  MwStore      *store;
  MwDraftSaver *saver;
  const char   *note; /* what the form says */
  guint         n_forked;
} Fixture;

static MwDraft *
form (gpointer user_data)
{
  Fixture *f = user_data;
  MwDraft *draft = mw_draft_new (MW_KIND_MESSAGE);

  draft->to_name = f->note != NULL ? g_strdup ("Cardiology") : NULL;
  draft->note = g_strdup (f->note);
  return draft;
}

static void
forked_cb (Fixture *f)
{
  f->n_forked++;
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("mw-saver-XXXXXX", &error);
  g_assert_no_error (error);
  f->store = mw_store_open (f->folder, &error);
  g_assert_no_error (error);
  f->saver = mw_draft_saver_new (f->store, 0, 0, 0);
  mw_draft_saver_set_source (f->saver, form, f);
  g_signal_connect_swapped (f->saver, "forked", G_CALLBACK (forked_cb), f);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_assert_finalize_object (f->saver);
  mw_store_close (f->store);
  g_clear_object (&f->store);
  dir = g_dir_open (f->folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static void
flush (Fixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  mw_draft_saver_flush_async (f->saver, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  mw_draft_saver_flush_finish (f->saver, result, &error);
  g_assert_no_error (error);
}

static gint64
count_items (Fixture *f)
{
  return mw_db_get_int (mw_store_get_reader (f->store, NULL), -1, "SELECT count(*) FROM items", "");
}

static void
assert_note (Fixture    *f,
             gint64      item,
             MwItemState state,
             const char *note)
{
  g_autoptr (MwItem) row = mw_items_load (mw_store_get_reader (f->store, NULL), item, NULL);
  g_autoptr (MwDraft) draft = NULL;

  g_assert_nonnull (row);
  g_assert_cmpint (row->state, ==, state);
  draft = mw_draft_new_from_text (row->content, NULL);
  g_assert_cmpstr (draft->note, ==, note);
}

static void
test_one_row (Fixture      *f,
              gconstpointer data)
{
  gint64 item;

  f->note = "one";
  mw_draft_saver_touch (f->saver);
  flush (f);
  item = mw_draft_saver_get_item (f->saver);
  assert_note (f, item, MW_ITEM_DRAFT, "one");
  f->note = "one two";
  mw_draft_saver_touch (f->saver);
  flush (f);
  g_assert_cmpint (mw_draft_saver_get_item (f->saver), ==, item);
  assert_note (f, item, MW_ITEM_DRAFT, "one two");
  g_assert_cmpint (count_items (f), ==, 1);
}

static void
test_empty (Fixture      *f,
            gconstpointer data)
{
  flush (f);
  mw_draft_saver_touch (f->saver);
  flush (f);
  g_assert_cmpint (count_items (f), ==, 0);
  g_assert_false (mw_draft_saver_is_dirty (f->saver));
}

static gint64
take_over (MwDb    *db,
           gpointer input,
           GError **error)
{
  gint64 id = *(gint64 *) input;

  return mw_items_save (db, id, 10, FALSE, 1, error) && mw_items_undo (db, id, 2, error) ? 1 : -1;
}

/* Sent and taken back elsewhere while this window still has the older text: both live on */
static void
test_fork (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("%PDF", 4);
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GError) error = NULL;
  gint64 item;

  f->note = "theirs";
  mw_draft_saver_add_file (f->saver, "letter.pdf", "application/pdf", bytes);
  flush (f);
  item = mw_draft_saver_get_item (f->saver);
  g_assert_cmpint (mw_store_write (f->store, take_over, &item, &error), ==, 1);
  g_assert_no_error (error);

  f->note = "mine";
  mw_draft_saver_touch (f->saver);
  flush (f);
  g_assert_cmpuint (f->n_forked, ==, 1);
  g_assert_cmpint (mw_draft_saver_get_item (f->saver), !=, item);
  assert_note (f, item, MW_ITEM_DRAFT, "theirs");
  assert_note (f, mw_draft_saver_get_item (f->saver), MW_ITEM_DRAFT, "mine");
  files = mw_draft_saver_dup_files (f->saver);
  g_assert_cmpuint (files->len, ==, 1);
  g_assert_cmpstr (((MwFileRow *) g_ptr_array_index (files, 0))->title, ==, "letter.pdf");
}

static void
test_send (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (MwDraft) outgoing = mw_draft_new (MW_KIND_MESSAGE);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwItem) row = NULL;
  gint64 item;

  f->note = "draft with what other kinds keep";
  mw_draft_saver_touch (f->saver);
  outgoing->to_name = g_strdup ("Cardiology");
  outgoing->note = g_strdup ("what leaves");
  mw_draft_saver_send_async (f->saver, outgoing, 5000000, TRUE, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (mw_draft_saver_send_finish (f->saver, result, &error));
  g_assert_no_error (error);
  item = mw_draft_saver_get_item (f->saver);
  assert_note (f, item, MW_ITEM_SAVED, "what leaves");
  row = mw_items_load (mw_store_get_reader (f->store, NULL), item, NULL);
  g_assert_cmpint (row->not_before, ==, 5000000);
  g_assert_true (row->scheduled);
  g_assert_cmpint (count_items (f), ==, 1);
}

static gint64
fill_disk (MwDb    *db,
           gpointer input,
           GError **error)
{
  return mw_db_exec (db, input, error) ? 1 : -1;
}

/* The text stays here and is written as soon as there is room */
static void
test_full (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *large = g_strnfill (4 * 1024 * 1024, 'x');

  mw_store_write (f->store, fill_disk, (gpointer) "PRAGMA max_page_count = 1", &error);
  g_assert_no_error (error);
  f->note = large;
  mw_draft_saver_touch (f->saver);
  mw_draft_saver_flush_async (f->saver, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (mw_draft_saver_flush_finish (f->saver, result, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_FULL);
  g_assert_true (mw_draft_saver_is_dirty (f->saver));
  g_assert_cmpint (count_items (f), ==, 0);

  g_clear_error (&error);
  mw_store_write (f->store, fill_disk, (gpointer) "PRAGMA max_page_count = 1000000", &error);
  g_assert_no_error (error);
  flush (f);
  assert_note (f, mw_draft_saver_get_item (f->saver), MW_ITEM_DRAFT, large);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/ui/draft-saver/one-row", test_one_row);
  ADD ("/ui/draft-saver/empty", test_empty);
  ADD ("/ui/draft-saver/fork", test_fork);
  ADD ("/ui/draft-saver/send", test_send);
  ADD ("/ui/draft-saver/full", test_full);
  return g_test_run ();
}
