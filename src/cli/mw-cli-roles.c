/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-connections.h"
#include "mw-me.h"

#include <glib/gi18n-lib.h>

static gint64
run_set_default (MwDb    *db,
                 gpointer reference,
                 GError **error)
{
  return mw_me_set_default (db, reference, error) ? 0 : -1;
}

/* What she sends in when she has never chosen is herself, the first */
static int
list (MwCli        *cli,
      MwDb         *db,
      MwConnection *home)
{
  g_autoptr (GPtrArray) roles = mw_me_roles (db, home);
  g_autofree char *chosen = mw_me_default (db, home);
  g_autoptr (JsonNode) all = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (all, json_array_new ());
  for (guint i = 0; i < roles->len; i++)
    {
      const MwMeRole *role = g_ptr_array_index (roles, i);
      gboolean        is_default = chosen != NULL ? g_str_equal (chosen, role->reference) : i == 0;
      JsonNode       *node = mw_json_object_new ();

      mw_cli_set (node, "reference", role->reference);
      mw_cli_set (node, "title", role->title);
      mw_json_set_boolean (node, "default", is_default);
      json_array_add_element (json_node_get_array (all), node);
      if (!cli->json)
        mw_cli_print_line ("%s %s  %s", is_default ? "*" : " ", role->reference, role->title);
    }
  if (cli->json)
    mw_cli_print (all);
  else if (roles->len == 0)
    mw_cli_print_line ("%s", _ ("There is nothing to choose: your server does not list two roles of yours."));
  return MW_EXIT_DONE;
}

int
mw_cli_roles (MwCli *cli,
              int    argc,
              char **argv)
{
  MwDb              *db = mw_store_get_reader (cli->store, NULL);
  g_autofree char   *chosen = NULL;
  const GOptionEntry entries[] = {
    { "default", 0, 0, G_OPTION_ARG_STRING, &chosen, N_ ("In which role you send from now on when you do not say"), N_ ("REF") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (MwConnection) home = NULL;
  g_autoptr (GError) error = NULL;

  if (!mw_cli_parse (cli, "roles", entries, 0, &argc, &argv))
    return MW_EXIT_USAGE;
  home = mw_connections_home (db);
  if (home == NULL)
    return mw_cli_fail_text (_ ("There is no home connection yet. Connect to your server first."));
  if (chosen != NULL)
    {
      g_autofree char *reference = mw_cli_absolute (db, chosen);

      if (!mw_me_may_act_as (db, home, reference))
        return mw_cli_fail_text (_ ("This is not you, nor an active role of yours. “meanwhile roles” lists them."));
      if (mw_store_write (cli->store, run_set_default, reference, &error) < 0)
        return mw_cli_fail (error);
    }
  return list (cli, db, home);
}
