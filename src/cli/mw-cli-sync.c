/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-connections.h"
#include "mw-engine.h"
#include "mw-item.h"
#include "mw-watermark.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

static void
idle (MwEngine *engine,
      gpointer  user_data)
{
  g_main_loop_quit (user_data);
}

static gboolean
quit (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
interrupted (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static void
print_summary (MwCli           *cli,
               MwEngineSummary *summary)
{
  MwDb  *db = mw_store_get_reader (cli->store, NULL);
  gint64 waiting = mw_db_get_int (db, 0, "SELECT count(*) FROM items WHERE state IN (1, 2, 3, 4, 6, 8)", "");
  gint64 attention = mw_items_count (db, MW_ITEM_VIEW_ATTENTION);
  g_autoptr (GPtrArray) all = mw_connections_all (db, NULL);
  g_autoptr (JsonNode) node = mw_json_object_new ();

  mw_json_set_integer (node, "received", summary->received);
  mw_json_set_integer (node, "handedOver", summary->handed_over);
  mw_json_set_integer (node, "waiting", waiting);
  mw_json_set_integer (node, "needsAttention", attention);
  mw_json_take (node, "completeUpTo", mw_json_object_new ());
  if (!cli->json)
    {
      g_autofree char *received = g_strdup_printf ("%" G_GINT64_FORMAT, summary->received);
      g_autofree char *handed_over = g_strdup_printf ("%" G_GINT64_FORMAT, summary->handed_over);
      g_autofree char *waits = g_strdup_printf ("%" G_GINT64_FORMAT, waiting);
      g_autofree char *needs = g_strdup_printf ("%" G_GINT64_FORMAT, attention);

      /* Translators: four numbers */
      mw_cli_print_line (_ ("Received %s, handed over %s, waiting %s, needs attention %s"), received, handed_over, waits, needs);
    }
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      MwConnection    *connection = g_ptr_array_index (all, i);
      g_autofree char *complete = mw_cli_time (mw_watermarks_complete_up_to (db, connection->id));

      if (!connection->home)
        continue;
      if (cli->json)
        json_object_set_member (json_node_get_object (mw_json_get (node, "completeUpTo")), connection->url,
                                complete != NULL ? json_node_init_string (json_node_alloc (), complete) : json_node_init_null (json_node_alloc ()));
      else if (complete != NULL)
        mw_cli_print_line (_ ("%s: complete up to %s"), connection->name, complete);
      else
        mw_cli_print_line (_ ("%s: not complete yet"), connection->name);
    }
  if (cli->json)
    mw_cli_print (node);
}

int
mw_cli_sync (MwCli *cli,
             int    argc,
             char **argv)
{
  gboolean           until_idle = FALSE;
  int                seconds = 0;
  const GOptionEntry entries[] = {
    { "until-idle", 0, 0, G_OPTION_ARG_NONE, &until_idle, N_ ("End when nothing is left to do"), NULL },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &seconds, N_ ("End after this time"), N_ ("SECONDS") },
    G_OPTION_ENTRY_NULL,
  };
  MwEngineOptions options = { .managed = TRUE };
  MwEngineSummary summary;
  g_autoptr (MwEngine) engine = NULL;
  g_autoptr (GMainLoop) loop = NULL;
  guint sources[2];

  if (!mw_cli_parse (cli, "sync", entries, 0, &argc, &argv))
    return MW_EXIT_USAGE;
  if (seconds < 0)
    {
      g_printerr (_ ("meanwhile: a time is not negative\n"));
      return MW_EXIT_USAGE;
    }
  loop = g_main_loop_new (NULL, FALSE);
  options.once = until_idle || seconds == 0;
  options.pace = mw_engine_pace_from_environment ();
  engine = mw_engine_new (cli->store, &options);
  g_signal_connect (engine, "idle", G_CALLBACK (idle), loop);
  if (seconds > 0)
    g_timeout_add_seconds ((guint) seconds, quit, loop);
  sources[0] = g_unix_signal_add (SIGINT, interrupted, loop);
  sources[1] = g_unix_signal_add (SIGTERM, interrupted, loop);
  mw_engine_start (engine);
  g_main_loop_run (loop);
  mw_engine_get_summary (engine, &summary);
  mw_engine_stop (engine);
  g_source_remove (sources[0]);
  g_source_remove (sources[1]);
  print_summary (cli, &summary);
  return MW_EXIT_DONE;
}
