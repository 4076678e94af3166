/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "store-fixture.h"

#include "mw-connections.h"
#include "mw-request.h"
#include "mw-schema.h"

#include <glib/gstdio.h>

char *
test_folder_new (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("mw-store-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
test_folder_remove (char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

void
db_fixture_set_up (DbFixture    *self,
                   gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  self->folder = test_folder_new ();
  self->path = g_build_filename (self->folder, "meanwhile.db", NULL);
  self->db = mw_db_open (self->path, MW_DB_READ_WRITE, &error);
  g_assert_no_error (error);
  g_assert_true (mw_schema_migrate (self->db, &error));
  g_assert_no_error (error);
}

void
db_fixture_tear_down (DbFixture    *self,
                      gconstpointer user_data)
{
  mw_db_close (self->db);
  g_free (self->path);
  test_folder_remove (self->folder);
}

gint64
test_item_new (MwDb  *db,
               gint64 thread,
               gint64 now)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *identity = g_uuid_string_random ();
  MwItem           draft = {
              .identity = identity,
              .thread = thread,
              .kind = (char *) "message",
              .content = (char *) "{\"kind\":\"message\",\"note\":\"Zebra crossing\"}",
              .subject = (char *) "A subject",
              .recipient = (char *) "Dr Rossi",
  };
  gint64 id = mw_items_create (db, &draft, now, &error);

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

gint64
test_item_saved (MwDb  *db,
                 gint64 thread,
                 gint64 not_before,
                 gint64 now)
{
  g_autoptr (GError) error = NULL;
  gint64 id = test_item_new (db, thread, now);

  mw_items_save (db, id, not_before, FALSE, now, &error);
  g_assert_no_error (error);
  return id;
}

gint64
test_connection_new (MwDb       *db,
                     const char *url,
                     gboolean    home)
{
  g_autoptr (GError) error = NULL;
  MwConnection connection = { .name = (char *) "A server", .url = (char *) url, .home = home, .auth = (char *) "open" };
  gint64       id = mw_connections_add (db, &connection, &error);

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

static void
request_free (gpointer data)
{
  mw_request_free (data);
}

void
test_request_new (MwDb  *db,
                  gint64 item)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) requests = g_ptr_array_new_with_free_func (request_free);
  MwRequest *request = g_new0 (MwRequest, 1);

  request->method = g_strdup ("POST");
  request->url = g_strdup ("Communication");
  request->identity = g_uuid_string_random ();
  request->repeatable = TRUE;
  g_ptr_array_add (requests, request);
  mw_requests_replace (db, item, requests, &error);
  g_assert_no_error (error);
}
