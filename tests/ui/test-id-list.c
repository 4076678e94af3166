/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-id-list.h"
#include "mw-overview.h"
#include "mw-triage.h"
#include "seed.h"

#include <glib/gstdio.h>

#define N_MANY 100000

typedef struct
{
  char    *folder;
  MwStore *store;
  gint64   now;
} Fixture;

typedef struct
{
  guint    n;
  guint    position;
  guint    removed;
  guint    added;
  guint    settled;
  gboolean ordered;
} Seen;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("meanwhile-ui-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->now = g_get_real_time ();
  fixture->store = mw_store_open (fixture->folder, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  mw_store_close (fixture->store);
  g_assert_finalize_object (fixture->store);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static void
items_changed (GListModel *model,
               guint       position,
               guint       removed,
               guint       added,
               Seen       *seen)
{
  guint n = g_list_model_get_n_items (model);

  seen->n++;
  /* a view makes widgets for the rows beside those that are seen: many must not come there at once */
  if (added > 24)
    {
      g_assert_cmpuint (position, >=, 100);
      g_assert_cmpuint (n - position - added, >=, 100);
    }
  /* the newest come first, and are in order at each step */
  for (guint i = MAX (position, 1); seen->ordered && i < MIN (position + added + 1, n); i++)
    g_assert_cmpint (mw_id_list_get_id (MW_ID_LIST (model), i), <, mw_id_list_get_id (MW_ID_LIST (model), i - 1));
  seen->position = position;
  seen->removed = removed;
  seen->added = added;
}

static void
settled (MwIdList *list,
         Seen     *seen)
{
  seen->settled++;
}

static MwIdList *
list_of (Fixture  *fixture,
         MwPlaceId place,
         Seen     *seen)
{
  MwIdList *list = mw_id_list_new (fixture->store);

  *seen = (Seen){ .ordered = TRUE };
  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed), seen);
  g_signal_connect (list, "settled", G_CALLBACK (settled), seen);
  mw_id_list_show (list, place, NULL);
  while (seen->settled == 0)
    g_main_context_iteration (NULL, TRUE);
  return list;
}

static void
finish (MwIdList *list,
        Seen     *seen)
{
  g_signal_handlers_disconnect_by_data (list, seen);
  /* a reading under way holds a reference until it is told */
  while (G_OBJECT (list)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (list);
}

static void
triage (Fixture *fixture,
        MwTriage verb,
        gint64   id);

static gint64
triage_job (MwDb    *db,
            gpointer input,
            GError **error)
{
  gint64 *job = input;

  return mw_triage_apply (db, (MwTriage) job[0], &job[1], 1, 0, job[2], error);
}

static void
triage (Fixture *fixture,
        MwTriage verb,
        gint64   id)
{
  g_autoptr (GError) error = NULL;
  gint64 job[] = { verb, id, fixture->now };

  mw_store_write (fixture->store, triage_job, job, &error);
  g_assert_no_error (error);
}

/* All ids, but only those rows as objects that somebody looks at */
static void
test_large (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwRow) row = NULL;
  g_autoptr (MwRow) same = NULL;
  Seen      seen;
  MwIdList *list;

  g_assert_true (seed_many (fixture->store, N_MANY, fixture->now, &error));
  g_assert_no_error (error);
  list = list_of (fixture, MW_PLACE_INBOX, &seen);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, N_MANY);
  for (guint i = 1; i < N_MANY; i++)
    g_assert_cmpint (mw_id_list_get_id (list, i), <, mw_id_list_get_id (list, i - 1));
  g_assert_cmpuint (mw_id_list_n_live (list), ==, 0);

  row = g_list_model_get_item (G_LIST_MODEL (list), N_MANY - 1);
  same = g_list_model_get_item (G_LIST_MODEL (list), N_MANY - 1);
  g_assert_true (row == same);
  g_assert_cmpuint (mw_id_list_n_live (list), ==, 1);
  /* the first of a turn are there at once, in time for the frame that they were asked for */
  g_assert_nonnull (mw_row_get_data (row));
  g_assert_cmpstr (mw_row_get_data (row)->subject, ==, "Something of note, number 0");
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), N_MANY));
  g_clear_object (&row);
  g_clear_object (&same);
  g_assert_cmpuint (mw_id_list_n_live (list), ==, 0);
  finish (list, &seen);
}

/* One that leaves takes one row away, and leaves all others as they are */
static void
test_one_leaves (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwRow) above = NULL;
  Seen      seen;
  MwIdList *list;
  gint64    id;
  guint     position;

  g_assert_true (seed_many (fixture->store, 1000, fixture->now, &error));
  list = list_of (fixture, MW_PLACE_INBOX, &seen);
  above = g_list_model_get_item (G_LIST_MODEL (list), 10);
  id = mw_id_list_get_id (list, 500);
  seen.n = 0;
  triage (fixture, MW_TRIAGE_ARCHIVE, id);
  while (seen.n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (seen.n, ==, 1);
  g_assert_cmpuint (seen.position, ==, 500);
  g_assert_cmpuint (seen.removed, ==, 1);
  g_assert_cmpuint (seen.added, ==, 0);
  g_assert_false (mw_id_list_find (list, id, &position));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 999);

  triage (fixture, MW_TRIAGE_UNARCHIVE, id);
  while (seen.n == 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (mw_id_list_find (list, id, &position));
  g_assert_cmpuint (position, ==, 500);
  g_clear_object (&above);
  finish (list, &seen);
}

static void
row_changed (MwRow *row,
             guint *n)
{
  (*n)++;
}

/* A row on screen follows its entry without the list changing */
static void
test_row_follows (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwRow) row = NULL;
  Seen      seen;
  MwIdList *list;
  guint     n = 0;

  g_assert_true (seed_day (fixture->store, fixture->now, &error));
  g_assert_no_error (error);
  list = list_of (fixture, MW_PLACE_INBOX, &seen);
  row = g_list_model_get_item (G_LIST_MODEL (list), 0);
  while (mw_row_get_data (row) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (mw_row_get_data (row)->unread);
  g_signal_connect (row, "changed", G_CALLBACK (row_changed), &n);
  seen.n = 0;
  triage (fixture, MW_TRIAGE_READ, mw_row_get_id (row));
  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (mw_row_get_data (row)->unread);
  g_assert_cmpuint (seen.n, ==, 0);
  g_clear_object (&row);
  finish (list, &seen);
}

/* Entries and items have ids of their own: a change of place never mixes them up */
static void
test_places (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwRow) row = NULL;
  Seen      seen;
  MwIdList *list;

  g_assert_true (seed_day (fixture->store, fixture->now, &error));
  list = list_of (fixture, MW_PLACE_INBOX, &seen);
  g_assert_false (mw_id_list_is_of_items (list));
  row = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_clear_object (&row);

  mw_id_list_show (list, MW_PLACE_OUTBOX, NULL);
  g_assert_false (mw_id_list_is_settled (list));
  while (!mw_id_list_is_settled (list))
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (mw_id_list_is_of_items (list));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 3);
  row = g_list_model_get_item (G_LIST_MODEL (list), 0);
  while (mw_row_get_data (row) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (mw_row_get_data (row)->item);
  g_assert_nonnull (mw_row_get_state (row));
  g_clear_object (&row);

  /* only the last of several wishes counts */
  mw_id_list_show (list, MW_PLACE_DRAFTS, NULL);
  mw_id_list_show (list, MW_PLACE_INBOX, "echo");
  while (!mw_id_list_is_settled (list))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  finish (list, &seen);
}

static void
overview_changed (MwOverview *overview,
                  guint      *n)
{
  (*n)++;
}

/* The badges are what the tables have at that moment */
static void
test_overview (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  MwOverview *overview;
  guint       n = 0;
  gint64      unread;

  g_assert_true (seed_day (fixture->store, fixture->now, &error));
  overview = mw_overview_new (fixture->store);
  /* which page to open on is known at once, the counts later */
  g_assert_true (mw_overview_is_known (overview));
  g_assert_cmpstr (mw_overview_get_home (overview)->name, ==, "St. Mary's");
  g_assert_cmpint (mw_overview_get_count (overview, MW_PLACE_INBOX), ==, 0);
  g_signal_connect (overview, "changed", G_CALLBACK (overview_changed), &n);
  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  unread = mw_overview_get_count (overview, MW_PLACE_INBOX);
  g_assert_cmpint (unread, ==, 4);
  g_assert_cmpint (mw_overview_get_count (overview, MW_PLACE_ALERTS), ==, 1);
  g_assert_cmpint (mw_overview_get_count (overview, MW_PLACE_OUTBOX), ==, 3);
  g_assert_cmpint (mw_overview_get_count (overview, MW_PLACE_DRAFTS), ==, 1);
  g_assert_cmpint (mw_overview_get_attention (overview), ==, 1);
  g_assert_true (mw_overview_has_any (overview, MW_PLACE_PUSHES));
  g_assert_false (mw_overview_has_any (overview, MW_PLACE_SNOOZED));
  g_assert_false (mw_overview_is_offline (overview));
  g_assert_false (mw_overview_is_sandbox (overview));
  g_assert_cmpstr (mw_overview_get_home (overview)->name, ==, "St. Mary's");

  triage (fixture, MW_TRIAGE_READ, mw_db_get_int (mw_store_get_reader (fixture->store, NULL), 0, "SELECT id FROM entries WHERE unread = 1 LIMIT 1", ""));
  while (mw_overview_get_count (overview, MW_PLACE_INBOX) == unread)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (mw_overview_get_count (overview, MW_PLACE_INBOX), ==, unread - 1);
  while (G_OBJECT (overview)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (overview);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/id-list/large", test_large);
  ADD ("/id-list/one-leaves", test_one_leaves);
  ADD ("/id-list/row-follows", test_row_follows);
  ADD ("/id-list/places", test_places);
  ADD ("/overview/counts", test_overview);
  return g_test_run ();
}
