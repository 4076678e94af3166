/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-item.h"
#include "mw-outbox.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

/**
 * mw_cli_print_item:
 *
 * Prints the item, as every command does that has done something with it.
 */
int
mw_cli_print_item (MwCli *cli,
                   gint64 id)
{
  MwDb *db = mw_store_get_reader (cli->store, NULL);

  if (cli->json)
    {
      g_autoptr (JsonNode) node = mw_cli_item_json (db, id);

      mw_cli_print (node);
    }
  else
    {
      g_autoptr (MwItem) item = mw_items_load (db, id, NULL);
      g_autofree char *words = mw_words_item_state (item, g_get_real_time ());

      mw_cli_print_line ("i%" G_GINT64_FORMAT "  %s: %s", id, item->subject, words);
    }
  return MW_EXIT_DONE;
}

typedef struct
{
  MwOutboxVerb verb;
  gint64       id;
  gint64       now;
} ActInput;

static gint64
run_act (MwDb    *db,
         gpointer data,
         GError **error)
{
  ActInput *input = data;

  /* to discard is to withdraw first, where that is still possible */
  if (input->verb == MW_OUTBOX_DISCARD && mw_db_get_int (db, 0, "SELECT state FROM items WHERE id = ?1", "i", input->id) != MW_ITEM_DRAFT &&
      mw_db_get_int (db, 0, "SELECT state FROM items WHERE id = ?1", "i", input->id) != MW_ITEM_WITHDRAWN &&
      mw_outbox_act (db, MW_OUTBOX_WITHDRAW, input->id, input->now, error) < 0)
    return -1;
  return mw_outbox_act (db, input->verb, input->id, input->now, error);
}

static int
act_on_item (MwCli       *cli,
             const char  *name,
             MwOutboxVerb verb,
             int          argc,
             char       **argv)
{
  MwDb    *db = mw_store_get_reader (cli->store, NULL);
  ActInput input = { verb, 0, g_get_real_time () };
  g_autoptr (GError) error = NULL;
  g_autoptr (MwItem) item = NULL;
  g_autoptr (JsonNode) gone = NULL;

  if (!mw_cli_parse (cli, name, NULL, 1, &argc, &argv))
    return MW_EXIT_USAGE;
  item = mw_cli_read_id (argv[1], 'i', &input.id) ? mw_items_load (db, input.id, NULL) : NULL;
  if (item == NULL)
    return mw_cli_fail_text (_ ("There is no item with this id."));
  gone = mw_cli_item_json (db, input.id);
  if (mw_store_write (cli->store, run_act, &input, &error) < 0)
    return mw_cli_fail (error);
  if (verb != MW_OUTBOX_DISCARD)
    return mw_cli_print_item (cli, input.id);
  if (cli->json)
    mw_cli_print (gone);
  else
    mw_cli_print_line ("%s", _ ("Done."));
  return MW_EXIT_DONE;
}

int
mw_cli_retry (MwCli *cli,
              int    argc,
              char **argv)
{
  return act_on_item (cli, "retry", MW_OUTBOX_RETRY, argc, argv);
}

int
mw_cli_cancel (MwCli *cli,
               int    argc,
               char **argv)
{
  return act_on_item (cli, "cancel", MW_OUTBOX_WITHDRAW, argc, argv);
}

int
mw_cli_discard (MwCli *cli,
                int    argc,
                char **argv)
{
  return act_on_item (cli, "discard", MW_OUTBOX_DISCARD, argc, argv);
}
