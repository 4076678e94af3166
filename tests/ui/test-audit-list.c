/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of the audit: all of it, words for what is looked at only, and news on top */

#include "mw-audit-list.h"
#include "mw-audit-note.h"
#include "mw-item.h"

#include <glib/gstdio.h>

#define MANY 3000

typedef struct
{
  char    *folder;
  MwStore *store;
  gint64   item;
} Fixture;

typedef struct
{
  guint changes, settled;
  guint position, removed, added;
} Seen;

static gint64
write_item (MwDb    *db,
            gpointer data,
            GError **error)
{
  MwItem draft = {
    .identity = (char *) "11111111-2222-4333-8444-555555555555",
    .kind = (char *) "referral",
    .content = (char *) "{\"kind\":\"referral\"}",
    .subject = (char *) "Sleep study",
    .recipient = (char *) "Dr. Lin",
  };
  gint64 id = mw_items_create (db, &draft, 1, error);

  return id > 0 && mw_items_save (db, id, 1, FALSE, 1, error) ? id : -1;
}

static gint64
write_many (MwDb    *db,
            gpointer data,
            GError **error)
{
  for (guint i = 0; i < MANY; i++)
    if (!mw_audit_note (db, MW_AUDIT_EXPORTED, "period", i, error))
      return -1;
  return 0;
}

static gint64
write_send (MwDb    *db,
            gpointer data,
            GError **error)
{
  MwAuditSend *send = data;

  return mw_audit_note_send (db, send, error) ? 0 : -1;
}

static void
set_up (Fixture      *f,
        gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("mw-audit-XXXXXX", &error);
  g_assert_no_error (error);
  f->store = mw_store_open (f->folder, &error);
  g_assert_no_error (error);
  f->item = mw_store_write (f->store, write_item, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture      *f,
           gconstpointer user_data)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  mw_store_close (f->store);
  g_assert_finalize_object (f->store);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
}

static void
changed (GListModel *model,
         guint       position,
         guint       removed,
         guint       added,
         Seen       *seen)
{
  seen->changes++;
  seen->position = position;
  seen->removed = removed;
  seen->added = added;
}

static void
settled (MwAuditList *list,
         Seen        *seen)
{
  seen->settled++;
}

static void
await (Seen *seen)
{
  while (seen->settled == 0)
    g_main_context_iteration (NULL, TRUE);
  seen->settled = 0;
}

static MwAuditList *
list_of (Fixture             *f,
         const MwAuditFilter *filter,
         Seen                *seen)
{
  MwAuditList *list = mw_audit_list_new (f->store);

  g_signal_connect (list, "items-changed", G_CALLBACK (changed), seen);
  g_signal_connect (list, "settled", G_CALLBACK (settled), seen);
  mw_audit_list_show (list, filter);
  await (seen);
  return list;
}

static void
finish (MwAuditList *list)
{
  while (G_OBJECT (list)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (list);
}

static char *
text_of (MwAuditList *list,
         guint        position,
         const char  *property)
{
  g_autoptr (MwAuditLine) line = g_list_model_get_item (G_LIST_MODEL (list), position);
  char *text;

  g_object_get (line, property, &text, NULL);
  return text;
}

/* A view that looks at some rows must not have words made for all */
static void
test_lazy (Fixture      *f,
           gconstpointer user_data)
{
  Seen          seen = { 0 };
  MwAuditFilter all = { 0 };
  MwAuditList  *list;

  mw_store_write (f->store, write_many, NULL, NULL);
  list = list_of (f, &all, &seen);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, MANY + 1);
  g_assert_cmpuint (mw_audit_list_get_n_live (list), ==, 0);
  {
    g_autoptr (MwAuditLine) first = g_list_model_get_item (G_LIST_MODEL (list), 0);
    g_autoptr (MwAuditLine) again = g_list_model_get_item (G_LIST_MODEL (list), 0);

    g_assert_true (first == again);
    g_assert_cmpuint (mw_audit_list_get_n_live (list), ==, 1);
  }
  g_assert_cmpuint (mw_audit_list_get_n_live (list), ==, 0);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), MANY + 1));
  finish (list);
}

static void
count (MwAuditLine *line,
       GParamSpec  *pspec,
       guint       *n)
{
  (*n)++;
}

/* What has left gets its end when that is known, and news come on top without touching the rest */
static void
test_follows (Fixture      *f,
              gconstpointer user_data)
{
  Seen             seen = { 0 };
  MwAuditFilter    sends = { .sends = TRUE };
  MwAuditList     *list = list_of (f, &sends, &seen);
  MwAuditSend      left = { .event = MW_AUDIT_LEFT, .item = f->item, .request = "POST Task", .now = 5 };
  MwAuditSend      taken = { .event = MW_AUDIT_TAKEN, .item = f->item, .http_status = 201, .now = 6 };
  guint            told = 0;
  g_autofree char *title = NULL, *before = NULL, *after = NULL;
  g_autoptr (MwAuditLine) line = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  g_assert_cmpint (mw_store_write (f->store, write_send, &left, NULL), ==, 0);
  await (&seen);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  title = text_of (list, 0, "title");
  g_assert_cmpstr (title, ==, "Referral: Left this computer → Dr. Lin");
  line = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_signal_connect (line, "notify::spoken", G_CALLBACK (count), &told);
  before = text_of (list, 0, "detail");
  g_assert_nonnull (strstr (before, "No answer yet"));
  seen.changes = 0;
  g_assert_cmpint (mw_store_write (f->store, write_send, &taken, NULL), ==, 0);
  await (&seen);
  after = text_of (list, 0, "detail");
  g_assert_nonnull (strstr (after, "The server took it (HTTP 201)"));
  g_assert_cmpuint (told, ==, 1);
  g_assert_cmpuint (seen.changes, ==, 0);
  g_assert_cmpint (mw_store_write (f->store, write_send, &left, NULL), ==, 0);
  await (&seen);
  g_assert_cmpuint (seen.position + seen.removed, ==, 0);
  g_assert_cmpuint (seen.added, ==, 1);
  g_assert_cmpuint (told, ==, 1);
  g_clear_object (&line);
  finish (list);
}

static void
test_period (Fixture      *f,
             gconstpointer user_data)
{
  Seen          seen = { 0 };
  MwAuditFilter day = { .from = 100, .to = 200 };
  MwAuditFilter all = { 0 };
  MwAuditList  *list;

  mw_store_write (f->store, write_many, NULL, NULL);
  list = list_of (f, &day, &seen);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 100);
  mw_audit_list_show (list, &all);
  mw_audit_list_show (list, &day);
  await (&seen);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 100);
  finish (list);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ui/audit-list/lazy", Fixture, NULL, set_up, test_lazy, tear_down);
  g_test_add ("/ui/audit-list/follows", Fixture, NULL, set_up, test_follows, tear_down);
  g_test_add ("/ui/audit-list/period", Fixture, NULL, set_up, test_period, tear_down);
  return g_test_run ();
}
