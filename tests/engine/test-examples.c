/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Every published example that can arrive becomes something a clinician can read: nothing crashes, nothing
 * is dropped, nothing is shown as JSON. The files are read where they lie, and are not part of this repository. */

#include "mw-batch.h"
#include "mw-bundle.h"
#include "mw-connections.h"
#include "mw-describe.h"
#include "mw-entry.h"
#include "mw-resource-row.h"

#include <glib/gstdio.h>
#include <string.h>

#define BASE "http://home.invalid/fhir"

typedef struct
{
  char         *folder;
  MwStore      *store;
  MwDb         *db;
  MwConnection *home;
  guint         arrived;
  guint         entries;
  guint         filed;
} Fixture;

static gint64
write_home (MwDb    *db,
            gpointer data,
            GError **error)
{
  MwConnection base = { .name = (char *) "Home", .url = (char *) BASE, .home = TRUE, .auth = (char *) "open" };

  return mw_connections_add (db, &base, error);
}

static void
set_up (Fixture      *f,
        gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gint64 home;

  f->folder = g_dir_make_tmp ("mw-examples-XXXXXX", &error);
  f->store = mw_store_open (f->folder, &error);
  g_assert_no_error (error);
  home = mw_store_write (f->store, write_home, NULL, &error);
  f->db = mw_store_get_reader (f->store, &error);
  f->home = mw_connections_load (f->db, home, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture      *f,
           gconstpointer user_data)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  mw_connection_free (f->home);
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
assert_readable (const char *file,
                 const char *what,
                 const char *text)
{
  if (text == NULL || *text == '\0' || strstr (text, "{\"") != NULL || strstr (text, "\": ") != NULL || !g_utf8_validate (text, -1, NULL))
    g_error ("%s: %s is \"%.200s\"", file, what, text != NULL ? text : "");
}

static void
check_description (const char *file,
                   JsonNode   *resource)
{
  g_autoptr (MwDescription) description = mw_describe (resource, &(MwDescribeContext){ 0 });
  g_autofree char *plain = mw_description_to_plain (description);

  assert_readable (file, "the title", description->title);
  assert_readable (file, "the text", plain);
}

/* As if it had come in a page of a search of the home inbox */
static void
arrive (Fixture    *f,
        const char *file,
        GBytes     *raw)
{
  char    *me[] = { NULL };
  MwBatch *batch = mw_batch_new (f->store, f->db, f->home, me, G_GINT64_CONSTANT (1767225600000000));
  gint64   entries = mw_db_get_int (f->db, 0, "SELECT max(id) FROM entries", "");
  gint64   quarantined = mw_db_get_int (f->db, 0, "SELECT count(*) FROM quarantine", "");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = mw_json_parse (g_bytes_get_data (raw, NULL), (gssize) g_bytes_get_size (raw), NULL);
  g_autofree char *digest = NULL;
  g_autofree char *reference = NULL;
  g_autoptr (MwResourceRow) row = NULL;
  gint64 entry;

  mw_batch_add_resource (batch, raw, "Example");
  mw_batch_recognise (batch);
  g_strfreev (mw_batch_missing (batch));
  mw_store_write (f->store, mw_batch_write, batch, &error);
  g_assert_no_error (error);
  mw_batch_free (batch);
  f->arrived++;

  digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, raw);
  if (mw_resource_type (node) == NULL)
    {
      /* a manifest and the like: no resource at all */
      g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT count(*) FROM quarantine WHERE digest = ?1", "s", digest), ==, 1);
      return;
    }
  if (mw_db_get_int (f->db, 0, "SELECT count(*) FROM quarantine", "") > quarantined)
    g_error ("%s: a resource was quarantined", file);
  reference = mw_resource_id (node) != NULL ? g_strdup_printf ("%s/%s/%s", BASE, mw_resource_type (node), mw_resource_id (node))
                                            : g_strdup_printf ("%s/%s/#%s", BASE, mw_resource_type (node), digest);
  row = mw_resources_by_reference (f->db, reference);
  if (row == NULL)
    g_error ("%s: %s was dropped", file, reference);
  check_description (file, node);
  assert_readable (file, "the row's title", row->title);
  entry = mw_db_get_int (f->db, 0, "SELECT id FROM entries WHERE resource = ?1", "i", row->id);
  if (entry > 0)
    {
      g_autoptr (MwEntry) e = mw_entries_load (f->db, entry, &error);

      assert_readable (file, "the subject", e->subject);
      if (e->preview != NULL && *e->preview != '\0')
        assert_readable (file, "the preview", e->preview);
      f->entries += entry > entries;
    }
  else
    f->filed++;
}

static void
arrive_parts (Fixture    *f,
              const char *file,
              GBytes     *raw)
{
  gsize       size;
  const char *data = g_bytes_get_data (raw, &size);
  g_autoptr (JsonNode) node = mw_json_parse (data, (gssize) size, NULL);
  guint n;

  arrive (f, file, raw);
  if (!mw_resource_is (node, "Bundle"))
    return;
  n = mw_json_length (node, "entry");
  for (guint i = 0; i < n; i++)
    {
      JsonNode        *resource = mw_json_get (mw_json_item (node, "entry", i), "resource");
      g_autofree char *name = g_strdup_printf ("%s, entry %u", file, i);
      g_autoptr (GBytes) part = NULL;
      char *text;

      if (resource == NULL)
        continue;
      text = mw_json_to_text (resource, FALSE);
      part = g_bytes_new_take (text, strlen (text));
      arrive (f, name, part);
    }
}

static void
read_file (Fixture    *f,
           const char *path)
{
  char *data;
  gsize size;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  if (g_str_has_suffix (path, ".ndjson"))
    {
      g_auto (GStrv) lines = g_strsplit (data, "\n", -1);

      for (guint i = 0; lines[i] != NULL; i++)
        if (lines[i][0] != '\0')
          {
            g_autofree char *name = g_strdup_printf ("%s, line %u", path, i + 1);
            g_autoptr (GBytes) raw = g_bytes_new (lines[i], strlen (lines[i]));

            arrive_parts (f, name, raw);
          }
      g_free (data);
    }
  else
    {
      g_autoptr (GBytes) raw = g_bytes_new_take (data, size);

      arrive_parts (f, path, raw);
    }
}

static void
read_folder (Fixture    *f,
             const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        read_folder (f, path);
      else if (g_str_has_suffix (name, ".json") || g_str_has_suffix (name, ".ndjson"))
        read_file (f, path);
    }
}

static void
test_examples (Fixture      *f,
               gconstpointer user_data)
{
  const char *examples = g_getenv ("MW_TEST_EXAMPLES");

  if (examples == NULL || !g_file_test (examples, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("The examples are not here");
      return;
    }
  read_folder (f, examples);
  g_test_message ("%u arrived: %u entries, %u filed, %" G_GINT64_FORMAT " kept aside", f->arrived, f->entries, f->filed,
                  mw_db_get_int (f->db, 0, "SELECT count(*) FROM quarantine", ""));
  g_assert_cmpuint (f->arrived, >, 300);
  g_assert_cmpuint (f->entries, >, 50);
  /* everything again: nothing is new */
  {
    guint before = f->entries;

    read_folder (f, examples);
    g_assert_cmpuint (f->entries, ==, before);
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/engine/examples", Fixture, NULL, set_up, test_examples, tear_down);
  return g_test_run ();
}
