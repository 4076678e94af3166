/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-connection-remove.h"
#include "mw-engine.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GMainLoop *loop;
  MwRemoved *removed;
  GError    *error;
} Removing;

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Removing *removing = user_data;

  removing->removed = mw_connection_remove_finish (result, &removing->error);
  g_main_loop_quit (removing->loop);
}

/* A run that was killed may have left something open that nobody is sending: with no engine anywhere, that is found out */
static void
clear_up (MwCli *cli,
          gint64 id)
{
  MwConnectionLoad load;

  mw_connections_weigh (mw_store_get_reader (cli->store, NULL), id, &load);
  if (load.sending == 0 || !mw_store_lock_engine (cli->store, NULL))
    return;
  mw_engine_check_at_start (cli->store, g_get_real_time (), NULL);
  mw_store_unlock_engine (cli->store);
}

static void
print_removed (MwCli              *cli,
               const MwConnection *connection,
               const MwRemoved    *removed)
{
  g_autoptr (JsonNode) node = mw_json_object_new ();
  g_autofree char *id = g_strdup_printf ("c%" G_GINT64_FORMAT, connection->id);

  mw_cli_set (node, "id", id);
  mw_cli_set (node, "name", connection->name);
  mw_cli_set (node, "url", connection->url);
  mw_cli_set (node, "status", "removed");
  mw_json_set_integer (node, "withdrawn", removed->withdrawn);
  mw_json_set_integer (node, "needAttention", removed->kept);
  if (cli->json)
    mw_cli_print (node);
  else
    {
      g_autofree char *withdrawn = g_strdup_printf ("%" G_GINT64_FORMAT, removed->withdrawn);
      g_autofree char *kept = g_strdup_printf ("%" G_GINT64_FORMAT, removed->kept);

      /* Translators: a connection, and two numbers */
      mw_cli_print_line (_ ("Removed %s: withdrawn %s, need attention %s"), connection->name, withdrawn, kept);
    }
  if (removed->secret_text != NULL)
    g_printerr ("meanwhile: %s\n", removed->secret_text);
}

int
mw_cli_remove_connection (MwCli *cli,
                          int    argc,
                          char **argv)
{
  g_autofree char   *waiting = NULL;
  const GOptionEntry entries[] = {
    { "waiting", 0, 0, G_OPTION_ARG_STRING, &waiting, N_ ("What becomes of the items that wait for it: keep or withdraw"), N_ ("CHOICE") },
    G_OPTION_ENTRY_NULL,
  };
  Removing removing = { 0 };
  g_autoptr (MwConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  MwWaitingChoice choice;
  gint64          id = 0;

  if (!mw_cli_parse (cli, "connections", entries, 2, &argc, &argv))
    return MW_EXIT_USAGE;
  if (waiting != NULL && !g_str_equal (waiting, "keep") && !g_str_equal (waiting, "withdraw"))
    {
      g_printerr (_ ("meanwhile: what waits is kept or withdrawn: --waiting keep or --waiting withdraw, not %s\n"), waiting);
      return MW_EXIT_USAGE;
    }
  choice = waiting == NULL ? MW_WAITING_ASK : g_str_equal (waiting, "keep") ? MW_WAITING_KEEP
                                                                            : MW_WAITING_WITHDRAW;
  connection = mw_cli_read_id (argv[2], 'c', &id) ? mw_connections_load (mw_store_get_reader (cli->store, NULL), id, NULL) : NULL;
  if (connection == NULL || connection->removed != 0)
    return mw_cli_fail_text (_ ("There is no connection with this id."));
  clear_up (cli, id);
  removing.loop = g_main_loop_new (NULL, FALSE);
  mw_connection_remove_async (cli->store, id, choice, NULL, removed_cb, &removing);
  g_main_loop_run (removing.loop);
  g_main_loop_unref (removing.loop);
  error = removing.error;
  if (error != NULL)
    return mw_cli_fail (error);
  print_removed (cli, connection, removing.removed);
  mw_removed_free (removing.removed);
  return MW_EXIT_DONE;
}
