/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-connection-check.h"
#include "mw-connection-remove.h"
#include "mw-connections.h"
#include "mw-managed.h"
#include "mw-watermark.h"

#include <glib/gi18n-lib.h>

static JsonNode *
connection_json (MwDb               *db,
                 const MwConnection *connection)
{
  JsonNode        *node = mw_json_object_new ();
  g_autofree char *contact = mw_cli_time (connection->last_contact);
  g_autofree char *complete = mw_cli_time (connection->home ? mw_watermarks_complete_up_to (db, connection->id) : 0);
  g_autofree char *id = g_strdup_printf ("c%" G_GINT64_FORMAT, connection->id);

  mw_cli_set (node, "id", id);
  mw_cli_set (node, "name", connection->name);
  mw_cli_set (node, "url", connection->url);
  mw_cli_set (node, "fhirVersion", connection->fhir_version);
  mw_cli_set (node, "auth", connection->auth);
  mw_cli_set (node, "clientId", connection->client_id);
  mw_cli_set (node, "scope", connection->scope);
  mw_cli_set (node, "granted", connection->granted);
  mw_cli_set (node, "tokenEndpoint", connection->token_endpoint);
  mw_cli_set (node, "redirect", connection->redirect);
  mw_cli_set (node, "status", connection->enabled ? connection->status : "off");
  mw_cli_set (node, "statusText", connection->status_text);
  mw_cli_set (node, "lastContact", contact);
  mw_cli_set (node, "completeUpTo", complete);
  mw_json_set_boolean (node, "home", connection->home);
  mw_json_set_boolean (node, "directory", connection->directory);
  mw_cli_set (node, "as", connection->me);
  mw_cli_set (node, "software", connection->software);
  mw_cli_set (node, "origin", connection->origin);
  return node;
}

static const char *
state_words (const MwConnection *connection)
{
  if (!connection->enabled)
    return _ ("switched off");
  return connection->status_text != NULL ? connection->status_text : connection->status;
}

static void
print_connection (const MwConnection *connection)
{
  mw_cli_print_line ("c%" G_GINT64_FORMAT "  %s%s%s  %s  FHIR %s  %s", connection->id, connection->name, connection->home ? _ (" (home)") : "",
                     connection->directory ? _ (" (directory)") : "", connection->url, connection->fhir_version != NULL ? connection->fhir_version : "?", state_words (connection));
}

/* Each kind of access has what it needs, and nothing that it would not look at */
static gboolean
check_access (const char *auth,
              const char *client_id,
              const char *token_file,
              const char *secret_file,
              const char *key_file)
{
  const struct
  {
    const char *auth;
    const char *option;
    const char *file;
    gboolean    client;
  } kinds[] = {
    { "open", NULL, NULL, FALSE },
    { "smart", NULL, NULL, TRUE },
    { "token", "--token-file", token_file, FALSE },
    { "secret", "--secret-file", secret_file, TRUE },
    { "key", "--key-file", key_file, TRUE },
  };
  gboolean known = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gboolean this = g_str_equal (auth, kinds[i].auth);

      known = known || this;
      if (this && ((kinds[i].option != NULL && kinds[i].file == NULL) || (kinds[i].client && client_id == NULL)))
        {
          /* Translators: a kind of access, then the options of the command line that it needs */
          g_printerr (_ ("meanwhile: access by %s needs %s%s%s\n"), auth, kinds[i].client ? "--client-id" : "", kinds[i].client && kinds[i].option != NULL ? ", " : "",
                      kinds[i].option != NULL ? kinds[i].option : "");
          return FALSE;
        }
      /* who signs in may have a client that proves itself, and a file for what the sign-in gives */
      if (!this && kinds[i].file != NULL && !g_str_equal (auth, "smart"))
        {
          g_printerr (_ ("meanwhile: access by %s does not use %s\n"), auth, kinds[i].option);
          return FALSE;
        }
    }
  if (!known)
    g_printerr (_ ("meanwhile: access is open, token, secret, key or smart, not %s\n"), auth);
  return known;
}

static gboolean
check_wait (int seconds)
{
  if (seconds < 0)
    g_printerr (_ ("meanwhile: a time is not negative\n"));
  return seconds >= 0;
}

/* The file is found again from wherever the next command is run */
static char *
absolute (char **path)
{
  char *relative = *path;

  if (relative != NULL)
    {
      *path = g_canonicalize_filename (relative, NULL);
      g_free (relative);
    }
  return *path;
}

int
mw_cli_connect (MwCli *cli,
                int    argc,
                char **argv)
{
  g_autofree char   *name = NULL, *me = NULL, *auth = NULL, *client_id = NULL, *scope = NULL;
  g_autofree char   *token_file = NULL, *secret_file = NULL, *key_file = NULL, *ca_file = NULL, *cert_file = NULL;
  g_autofree char   *redirect = NULL;
  gboolean           home = FALSE, directory = FALSE, no_browser = FALSE;
  int                seconds = 0;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_ ("What to call it"), N_ ("NAME") },
    { "home", 0, 0, G_OPTION_ARG_NONE, &home, N_ ("It holds your own inbox"), NULL },
    { "directory", 0, 0, G_OPTION_ARG_NONE, &directory, N_ ("People and places are looked up there"), NULL },
    { "as", 0, 0, G_OPTION_ARG_STRING, &me, N_ ("Who you are there"), N_ ("Practitioner/ID") },
    { "auth", 0, 0, G_OPTION_ARG_STRING, &auth, N_ ("How to get in: open, token, secret, key or smart"), N_ ("WAY") },
    { "client-id", 0, 0, G_OPTION_ARG_STRING, &client_id, N_ ("The name under which the server has registered Meanwhile"), N_ ("ID") },
    { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &token_file, N_ ("A file of mode 0600 with a bearer token, or for what a sign-in gives"), N_ ("FILE") },
    { "secret-file", 0, 0, G_OPTION_ARG_FILENAME, &secret_file, N_ ("A file of mode 0600 with the client's secret"), N_ ("FILE") },
    { "key-file", 0, 0, G_OPTION_ARG_FILENAME, &key_file, N_ ("A file of mode 0600 with the client's key, PEM or JWK"), N_ ("FILE") },
    { "scope", 0, 0, G_OPTION_ARG_STRING, &scope, N_ ("The permissions to ask for, instead of those that Meanwhile needs"), N_ ("SCOPE") },
    { "redirect", 0, 0, G_OPTION_ARG_STRING, &redirect, N_ ("Where the browser comes back to, when the server insists on it"), N_ ("http://127.0.0.1:PORT/PATH") },
    { "no-browser", 0, 0, G_OPTION_ARG_NONE, &no_browser, N_ ("Print the address to sign in at, and open no browser"), NULL },
    { "wait", 0, 0, G_OPTION_ARG_INT, &seconds, N_ ("How long to wait for the browser"), N_ ("SECONDS") },
    { "cert-file", 0, 0, G_OPTION_ARG_FILENAME, &cert_file, N_ ("A file of mode 0600 with the certificate that this computer shows, and its key, PEM"), N_ ("FILE") },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &ca_file, N_ ("Certificates of a private authority"), N_ ("FILE") },
    G_OPTION_ENTRY_NULL,
  };
  MwConnection wanted = { 0 };
  gint64       id;
  MwDb        *db;
  g_autoptr (MwConnection) made = NULL;

  if (!mw_cli_parse (cli, "connect", entries, 1, &argc, &argv))
    return MW_EXIT_USAGE;
  if (auth == NULL)
    auth = g_strdup (token_file != NULL ? "token" : secret_file != NULL ? "secret"
                                                : key_file != NULL      ? "key"
                                                                        : "open");
  if (!check_access (auth, client_id, token_file, secret_file, key_file) || !check_wait (seconds))
    return MW_EXIT_USAGE;
  db = mw_store_get_reader (cli->store, NULL);
  wanted.url = argv[1];
  wanted.name = name;
  wanted.me = me;
  wanted.auth = auth;
  wanted.client_id = client_id;
  wanted.scope = scope;
  wanted.redirect = redirect;
  wanted.token_file = absolute (&token_file);
  wanted.secret_file = absolute (&secret_file);
  wanted.key_file = absolute (&key_file);
  wanted.ca_file = absolute (&ca_file);
  wanted.cert_file = absolute (&cert_file);
  wanted.directory = directory;
  /* the first connection is the home one: without it nothing can be received */
  wanted.home = home || (!directory && mw_db_get_int (db, 0, "SELECT count(*) FROM connections WHERE home = 1", "") == 0);
  id = mw_cli_sign_in (cli, &wanted, !no_browser, (guint) seconds);
  if (id < 0)
    return MW_EXIT_FAILED;
  made = mw_connections_load (db, id, NULL);
  if (cli->json)
    {
      g_autoptr (JsonNode) node = connection_json (db, made);

      mw_cli_print (node);
    }
  else
    print_connection (made);
  return MW_EXIT_DONE;
}

/* What is done to one connection */
typedef struct
{
  const char *verb;
  const char *name; /* the new one; of "directory" "on" or "off" */
  gint64      id;
} Change;

static gint64
write_change (MwDb    *db,
              gpointer data,
              GError **error)
{
  Change  *change = data;
  gboolean ok;

  if (g_str_equal (change->verb, "rename"))
    ok = mw_connections_rename (db, change->id, change->name, error);
  else if (g_str_equal (change->verb, "directory"))
    ok = mw_connections_set_directory (db, change->id, g_str_equal (change->name, "on"), error);
  else
    ok = mw_connections_set_enabled (db, change->id, g_str_equal (change->verb, "on"), error);
  return ok ? change->id : -1;
}

static MwConnection *
find_connection (MwCli      *cli,
                 const char *text)
{
  gint64 id;
  g_autoptr (MwConnection) connection = mw_cli_read_id (text, 'c', &id) ? mw_connections_load (mw_store_get_reader (cli->store, NULL), id, NULL) : NULL;

  return connection != NULL && connection->removed == 0 ? g_steal_pointer (&connection) : NULL;
}

typedef struct
{
  GMainLoop *loop;
  GPtrArray *steps;
} Test;

static void
tested (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  Test *test = user_data;

  test->steps = mw_connection_check_finish (result, NULL);
  g_main_loop_quit (test->loop);
}

static void
print_steps (MwCli              *cli,
             const MwConnection *connection,
             GPtrArray          *steps,
             gboolean            passed)
{
  static const char *const signs[] = { "✓", "!", "✗", "–" };
  g_autoptr (JsonNode) node = connection_json (mw_store_get_reader (cli->store, NULL), connection);

  mw_json_set_boolean (node, "passed", passed);
  for (guint i = 0; i < steps->len; i++)
    {
      const MwCheckStep *step = g_ptr_array_index (steps, i);
      JsonNode          *line = mw_json_object_new ();

      mw_cli_set (line, "step", step->name);
      mw_cli_set (line, "result", mw_check_result_word (step->result));
      mw_cli_set (line, "text", step->text);
      mw_json_take (node, "steps[+]", line);
      if (!cli->json)
        mw_cli_print_line ("%s  %s", signs[step->result], step->text);
    }
  if (cli->json)
    mw_cli_print (node);
}

static int
test_connection (MwCli *cli,
                 int    argc,
                 char **argv)
{
  g_autoptr (MwConnection) connection = NULL;
  Test     test = { 0 };
  gboolean passed = TRUE;

  if (!mw_cli_parse (cli, "connections", NULL, 2, &argc, &argv))
    return MW_EXIT_USAGE;
  connection = find_connection (cli, argv[2]);
  if (connection == NULL)
    return mw_cli_fail_text (_ ("There is no connection with this id."));
  test.loop = g_main_loop_new (NULL, FALSE);
  mw_connection_check_async (connection, NULL, tested, &test);
  g_main_loop_run (test.loop);
  g_main_loop_unref (test.loop);
  for (guint i = 0; i < test.steps->len; i++)
    passed = passed && ((MwCheckStep *) g_ptr_array_index (test.steps, i))->result != MW_CHECK_FAILED;
  print_steps (cli, connection, test.steps, passed);
  g_ptr_array_unref (test.steps);
  return passed ? MW_EXIT_DONE : MW_EXIT_FAILED;
}

static int
print_changed (MwCli      *cli,
               const char *id)
{
  g_autoptr (MwConnection) connection = find_connection (cli, id);
  g_autoptr (JsonNode) node = connection_json (mw_store_get_reader (cli->store, NULL), connection);

  if (cli->json)
    mw_cli_print (node);
  else
    print_connection (connection);
  return MW_EXIT_DONE;
}

static int
change_connection (MwCli *cli,
                   int    argc,
                   char **argv)
{
  gboolean rename = g_str_equal (argv[1], "rename");
  gboolean directory = g_str_equal (argv[1], "directory");
  Change   change = { 0 };
  g_autoptr (MwConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  if (!mw_cli_parse (cli, "connections", NULL, rename || directory ? 3 : 2, &argc, &argv))
    return MW_EXIT_USAGE;
  if (directory && !g_str_equal (argv[3], "on") && !g_str_equal (argv[3], "off"))
    {
      g_printerr (_ ("meanwhile: a directory is switched on or off, not %s\n"), argv[3]);
      return MW_EXIT_USAGE;
    }
  change.verb = argv[1];
  change.name = rename || directory ? argv[3] : NULL;
  connection = find_connection (cli, argv[2]);
  if (connection == NULL)
    return mw_cli_fail_text (_ ("There is no connection with this id."));
  change.id = connection->id;
  if (connection->origin != NULL && (rename || directory))
    return mw_cli_fail_text (mw_connection_managed_text ());
  if (rename && *change.name == '\0')
    return mw_cli_fail_text (_ ("A connection needs a name."));
  if (mw_store_write (cli->store, write_change, &change, &error) < 0)
    return mw_cli_fail (error);
  return print_changed (cli, argv[2]);
}

/* Signs in to a connection that is there, or out of it */
static int
sign_in_or_out (MwCli *cli,
                int    argc,
                char **argv)
{
  gboolean           no_browser = FALSE;
  int                seconds = 0;
  gboolean           in = g_str_equal (argv[1], "sign-in");
  const GOptionEntry entries[] = {
    { "no-browser", 0, 0, G_OPTION_ARG_NONE, &no_browser, N_ ("Print the address to sign in at, and open no browser"), NULL },
    { "wait", 0, 0, G_OPTION_ARG_INT, &seconds, N_ ("How long to wait for the browser"), N_ ("SECONDS") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (MwConnection) connection = NULL;

  if (!mw_cli_parse (cli, "connections", in ? entries : NULL, 2, &argc, &argv) || !check_wait (seconds))
    return MW_EXIT_USAGE;
  connection = find_connection (cli, argv[2]);
  if (connection == NULL)
    return mw_cli_fail_text (_ ("There is no connection with this id."));
  if (g_strcmp0 (connection->auth, "smart") != 0)
    return mw_cli_fail_text (_ ("Nobody signs in to this connection with a browser."));
  if (in ? mw_cli_sign_in (cli, connection, !no_browser, (guint) seconds) < 0 : !mw_cli_sign_out (cli, connection))
    return MW_EXIT_FAILED;
  return print_changed (cli, argv[2]);
}

int
mw_cli_connections (MwCli *cli,
                    int    argc,
                    char **argv)
{
  static const char *const verbs[] = { "on", "off", "rename", "directory", NULL };
  MwDb                    *db = mw_store_get_reader (cli->store, NULL);
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (JsonNode) list = NULL;

  if (argc > 1 && g_str_equal (argv[1], "test"))
    return test_connection (cli, argc, argv);
  if (argc > 1 && (g_str_equal (argv[1], "sign-in") || g_str_equal (argv[1], "sign-out")))
    return sign_in_or_out (cli, argc, argv);
  if (argc > 1 && g_str_equal (argv[1], "remove"))
    return mw_cli_remove_connection (cli, argc, argv);
  if (argc > 1 && g_strv_contains (verbs, argv[1]))
    return change_connection (cli, argc, argv);
  if (!mw_cli_parse (cli, "connections", NULL, 0, &argc, &argv))
    return MW_EXIT_USAGE;
  list = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (list, json_array_new ());
  all = mw_connections_all (db, NULL);
  problems = mw_managed_problems ();
  for (guint i = 0; i < problems->len; i++)
    g_printerr ("meanwhile: %s\n", (const char *) problems->pdata[i]);
  for (guint i = 0; all != NULL && i < all->len; i++)
    if (cli->json)
      json_array_add_element (json_node_get_array (list), connection_json (db, g_ptr_array_index (all, i)));
    else
      print_connection (g_ptr_array_index (all, i));
  if (cli->json)
    mw_cli_print (list);
  return MW_EXIT_DONE;
}
