/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-connections.h"
#include "mw-list-import.h"
#include "mw-published-row.h"
#include "mw-words.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

/* ---- what is known ----------------------------------------------------- */

/* A connection that is looked people up on, or a list */
typedef struct
{
  const char *kind;
  char       *id;
  const char *source;
  const char *name;
  gint64      fetched;
  const char *published;
  gint64      organizations;
  gint64      endpoints;
  const char *report;
} Source;

static void
print_source (MwCli        *cli,
              JsonArray    *list,
              const Source *source)
{
  g_autofree char *fetched = mw_cli_time (source->fetched);

  if (cli->json)
    {
      JsonNode *node = mw_json_object_new ();

      mw_cli_set (node, "id", source->id);
      mw_cli_set (node, "kind", source->kind);
      mw_cli_set (node, "name", source->name);
      mw_cli_set (node, "source", source->source);
      mw_cli_set (node, "fetched", fetched);
      mw_cli_set (node, "published", source->published);
      mw_json_set_integer (node, "organizations", source->organizations);
      mw_json_set_integer (node, "endpoints", source->endpoints);
      mw_cli_set (node, "report", source->report);
      json_array_add_element (list, node);
    }
  else
    {
      g_autofree char *organizations = g_strdup_printf ("%" G_GINT64_FORMAT, source->organizations);
      g_autofree char *endpoints = g_strdup_printf ("%" G_GINT64_FORMAT, source->endpoints);
      g_autofree char *age = source->fetched > 0 ? mw_words_age (source->fetched, g_get_real_time ()) : g_strdup (_ ("never"));

      /* Translators: an id, a name, how many organisations and addresses are known from there, how long ago it was read, where it is */
      mw_cli_print_line (_ ("%s  %s  organisations: %s, addresses: %s  read: %s  %s"), source->id, source->name, organizations, endpoints, age,
                         source->source);
    }
}

static void
print_connections (MwCli     *cli,
                   JsonArray *list)
{
  MwDb *db = mw_store_get_reader (cli->store, NULL);
  g_autoptr (GPtrArray) all = mw_connections_all (db, NULL);

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const MwConnection *connection = g_ptr_array_index (all, i);
      Source              source = { .kind = "connection", .source = connection->url, .name = connection->name };

      if (!connection->home && !connection->directory)
        continue;
      source.id = g_strdup_printf ("c%" G_GINT64_FORMAT, connection->id);
      source.fetched = mw_db_get_int (db, 0, "SELECT max(fetched) FROM people WHERE connection = ?1 AND type <> 'Patient'", "i", connection->id);
      source.organizations = mw_db_get_int (db, 0, "SELECT count(*) FROM people WHERE connection = ?1 AND type = 'Organization'", "i", connection->id);
      source.endpoints = mw_db_get_int (db, 0, "SELECT count(*) FROM endpoints WHERE connection = ?1", "i", connection->id);
      print_source (cli, list, &source);
      g_free (source.id);
    }
}

static void
print_lists (MwCli     *cli,
             JsonArray *list)
{
  g_autoptr (GPtrArray) all = mw_published_rows_all (mw_store_get_reader (cli->store, NULL), NULL);

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const MwPublishedRow *row = g_ptr_array_index (all, i);
      g_autofree char      *id = g_strdup_printf ("l%" G_GINT64_FORMAT, row->id);
      Source                source = { "list", id, row->source, row->name, row->fetched, row->published, row->organizations, row->endpoints, row->report };

      print_source (cli, list, &source);
    }
}

static int
list_sources (MwCli *cli,
              int    argc,
              char **argv)
{
  g_autoptr (JsonNode) list = json_node_new (JSON_NODE_ARRAY);

  if (!mw_cli_parse (cli, "directory", NULL, 0, &argc, &argv))
    return MW_EXIT_USAGE;
  json_node_take_array (list, json_array_new ());
  print_connections (cli, json_node_get_array (list));
  print_lists (cli, json_node_get_array (list));
  if (cli->json)
    mw_cli_print (list);
  return MW_EXIT_DONE;
}

/* ---- lists ------------------------------------------------------------- */

typedef struct
{
  GMainLoop    *loop;
  GCancellable *cancellable;
  char         *report;
  GError       *error;
} Wait;

static gboolean
interrupted (gpointer data)
{
  Wait *wait = data;

  g_cancellable_cancel (wait->cancellable);
  return G_SOURCE_CONTINUE;
}

/* A person who watches is told; what is written to a file stays free of it */
static void
show_progress (guint64  bytes,
               guint    written,
               guint    total,
               gpointer user_data)
{
  g_autofree char *size = mw_words_size ((gint64) bytes);

  if (!isatty (STDERR_FILENO))
    return;
  g_printerr ("\r");
  if (total == 0)
    g_printerr (_ ("Reading: %s "), size);
  else
    g_printerr (_ ("Keeping: %u of %u "), written, total);
}

static void
imported (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Wait *wait = user_data;

  wait->report = mw_list_import_finish (MW_STORE (source), result, &wait->error);
  g_main_loop_quit (wait->loop);
}

static void
forgotten (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Wait *wait = user_data;

  mw_list_forget_finish (MW_STORE (source), result, &wait->error);
  g_main_loop_quit (wait->loop);
}

/* Until it has ended, or Ctrl+C has ended it */
static int
run_wait (Wait *wait)
{
  guint sources[] = { g_unix_signal_add (SIGINT, interrupted, wait), g_unix_signal_add (SIGTERM, interrupted, wait) };
  int   code = MW_EXIT_DONE;

  g_main_loop_run (wait->loop);
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  if (isatty (STDERR_FILENO))
    g_printerr ("\r");
  if (g_error_matches (wait->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    code = mw_cli_fail_text (_ ("Cancelled."));
  else if (wait->error != NULL)
    code = mw_cli_fail (wait->error);
  g_clear_error (&wait->error);
  g_main_loop_unref (wait->loop);
  g_object_unref (wait->cancellable);
  return code;
}

static void
print_imported (MwCli      *cli,
                const char *report)
{
  g_autoptr (JsonNode) node = mw_json_object_new ();

  if (!cli->json)
    {
      mw_cli_print_line ("%s", report);
      return;
    }
  mw_cli_set (node, "report", report);
  mw_json_take (node, "sources", json_node_init_array (json_node_alloc (), json_array_new ()));
  print_lists (cli, json_node_get_array (mw_json_get (node, "sources")));
  mw_cli_print (node);
}

static int
import_list (MwCli *cli,
             int    argc,
             char **argv)
{
  MwListImportOptions options = { .progress = show_progress };
  Wait                wait = { 0 };
  int                 code;

  if (!mw_cli_parse (cli, "directory", NULL, 2, &argc, &argv))
    return MW_EXIT_USAGE;
  wait.loop = g_main_loop_new (NULL, FALSE);
  wait.cancellable = g_cancellable_new ();
  mw_list_import_async (cli->store, argv[2], &options, wait.cancellable, imported, &wait);
  code = run_wait (&wait);
  if (code == MW_EXIT_DONE)
    print_imported (cli, wait.report);
  g_free (wait.report);
  return code;
}

/* By its id, its address or its name */
static char *
find_source (MwCli      *cli,
             const char *text)
{
  g_autoptr (GPtrArray) all = mw_published_rows_all (mw_store_get_reader (cli->store, NULL), NULL);
  gint64 id = 0;

  mw_cli_read_id (text, 'l', &id);
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const MwPublishedRow *row = g_ptr_array_index (all, i);

      if (row->id == id || g_str_equal (row->source, text) || g_str_equal (row->name, text))
        return g_strdup (row->source);
    }
  return NULL;
}

static int
forget_list (MwCli *cli,
             int    argc,
             char **argv)
{
  Wait             wait = { 0 };
  g_autofree char *source = NULL;
  int              code;

  if (!mw_cli_parse (cli, "directory", NULL, 2, &argc, &argv))
    return MW_EXIT_USAGE;
  source = find_source (cli, argv[2]);
  if (source == NULL)
    return mw_cli_fail_text (_ ("There is no imported list of this name."));
  wait.loop = g_main_loop_new (NULL, FALSE);
  wait.cancellable = g_cancellable_new ();
  mw_list_forget_async (cli->store, source, wait.cancellable, forgotten, &wait);
  code = run_wait (&wait);
  return code != MW_EXIT_DONE ? code : list_sources (cli, cli->json ? 2 : 1, (char *[]){ argv[0], (char *) "--json", NULL });
}

int
mw_cli_directory (MwCli *cli,
                  int    argc,
                  char **argv)
{
  if (argc > 1 && g_str_equal (argv[1], "search"))
    return mw_cli_directory_search (cli, argc, argv);
  if (argc > 1 && g_str_equal (argv[1], "import"))
    return import_list (cli, argc, argv);
  if (argc > 1 && g_str_equal (argv[1], "forget"))
    return forget_list (cli, argc, argv);
  return list_sources (cli, argc, argv);
}
