/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-directory-search.h"
#include "mw-endpoint-row.h"
#include "mw-npi.h"
#include "mw-person.h"
#include "mw-source-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_FOUND 50

static const char *const types[] = { "Organization", "PractitionerRole", "Practitioner", "HealthcareService", "Location", "CareTeam", NULL };

typedef struct
{
  GMainLoop *loop;
  GPtrArray *said;
  GError    *error;
} Wait;

static void
searched (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Wait *wait = user_data;

  wait->said = mw_directory_search_finish (MW_STORE (source), result, &wait->error);
  g_main_loop_quit (wait->loop);
}

/* Where somebody is reached, as far as is known without asking further */
static char *
address_of (MwDb           *db,
            const MwPerson *person)
{
  g_autoptr (GPtrArray) rows = mw_endpoint_rows_of_owner (db, person->reference, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const MwEndpointRow *row = g_ptr_array_index (rows, i);

      if (row->endpoint->address != NULL && g_strcmp0 (row->endpoint->status, "active") == 0)
        return g_strdup (row->endpoint->address);
    }
  return NULL;
}

static char *
npi_of (const MwPerson *person)
{
  g_auto (GStrv) tokens = g_strsplit (person->tokens != NULL ? person->tokens : "", "\n", -1);

  for (guint i = 0; tokens[i] != NULL; i++)
    if (g_str_has_prefix (tokens[i], MW_NPI_SYSTEM "|"))
      return g_strdup (tokens[i] + strlen (MW_NPI_SYSTEM "|"));
  return NULL;
}

static void
print_person (MwCli     *cli,
              JsonArray *list,
              gint64     id)
{
  MwDb *db = mw_store_get_reader (cli->store, NULL);
  g_autoptr (MwPerson) person = mw_people_load (db, id);
  g_autoptr (MwPerson) organization = person != NULL ? mw_people_by_reference (db, person->organization) : NULL;
  g_autofree char *address = NULL, *npi = NULL, *directory = NULL, *read = NULL, *words = NULL;
  gint64           fetched;

  if (person == NULL)
    return;
  address = address_of (db, person);
  npi = npi_of (person);
  directory = mw_source_words_name (db, person, &fetched);
  if (directory == NULL)
    directory = mw_source_words_directory (db, person->connection, person->source);
  read = mw_cli_time (fetched);
  if (cli->json)
    {
      JsonNode *node = mw_json_object_new ();

      mw_cli_set (node, "id", person->reference);
      mw_cli_set (node, "type", person->type);
      mw_cli_set (node, "name", person->name);
      mw_cli_set (node, "detail", person->detail);
      mw_cli_set (node, "organization", organization != NULL ? organization->name : NULL);
      mw_cli_set (node, "npi", npi);
      mw_cli_set (node, "address", address);
      mw_cli_set (node, "directory", directory);
      mw_cli_set (node, "read", read);
      json_array_add_element (list, node);
      return;
    }
  words = mw_source_words (db, person, g_get_real_time ());
  mw_cli_print_line ("%s  %s%s%s%s%s%s%s  %s", person->name, person->type, person->detail != NULL ? " · " : "", person->detail != NULL ? person->detail : "",
                     address != NULL ? " · " : "", address != NULL ? address : "", words != NULL ? " · " : "", words != NULL ? words : "", person->reference);
}

static gboolean
ask (MwCli      *cli,
     const char *text,
     GPtrArray **said,
     GError    **error)
{
  Wait wait = { 0 };

  wait.loop = g_main_loop_new (NULL, FALSE);
  mw_directory_search_async (cli->store, text, NULL, searched, &wait);
  g_main_loop_run (wait.loop);
  g_main_loop_unref (wait.loop);
  *said = wait.said;
  if (wait.error != NULL)
    g_propagate_error (error, wait.error);
  return wait.said != NULL;
}

static void
print_troubles (MwCli     *cli,
                GPtrArray *said,
                JsonArray *troubles)
{
  for (guint i = 0; said != NULL && i < said->len; i++)
    {
      const MwDirectorySaid *one = g_ptr_array_index (said, i);
      JsonNode              *node;

      if (one->sentence == NULL)
        continue;
      if (!cli->json)
        {
          mw_cli_print_line ("%s: %s", one->name, one->sentence);
          continue;
        }
      node = mw_json_object_new ();
      mw_cli_set (node, "directory", one->name);
      mw_cli_set (node, "text", one->sentence);
      json_array_add_element (troubles, node);
    }
}

static JsonNode *
array_node (void)
{
  return json_node_init_array (json_node_alloc (), json_array_new ());
}

/**
 * mw_cli_directory_search:
 *
 * "directory search TEXT": asks the directories, unless told not to, then lists who is known here.
 */
int
mw_cli_directory_search (MwCli *cli,
                         int    argc,
                         char **argv)
{
  gboolean           offline = FALSE;
  const GOptionEntry entries[] = {
    { "offline", 0, 0, G_OPTION_ARG_NONE, &offline, N_ ("Ask nobody: only look at what is known here"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) said = NULL;
  g_autoptr (JsonNode) node = mw_json_object_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (!mw_cli_parse (cli, "directory", entries, 2, &argc, &argv))
    return MW_EXIT_USAGE;
  words = mw_directory_search_words (argv[2]);
  if (*words == '\0')
    return mw_cli_fail_text (_ ("Nothing is left to search for."));
  if ((!offline && !ask (cli, argv[2], &said, &error)) ||
      !mw_people_search (mw_store_get_reader (cli->store, NULL), words, types, MAX_FOUND, ids, &error))
    return mw_cli_fail (error);
  mw_json_take (node, "found", array_node ());
  mw_json_take (node, "troubles", array_node ());
  for (guint i = 0; i < ids->len; i++)
    print_person (cli, json_node_get_array (mw_json_get (node, "found")), g_array_index (ids, gint64, i));
  if (ids->len == 0 && !cli->json)
    mw_cli_print_line (_ ("Nobody fits."));
  print_troubles (cli, said, json_node_get_array (mw_json_get (node, "troubles")));
  if (cli->json)
    mw_cli_print (node);
  return MW_EXIT_DONE;
}
