/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-application.h"
#include "mw-cli.h"
#include "mw-sandbox.h"
#include "mw-try.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

static char *
default_folder (gboolean sandbox)
{
  const char *folder = g_getenv ("MEANWHILE_DATA_DIR");

  if (folder != NULL && *folder != '\0')
    return g_canonicalize_filename (folder, NULL);
  /* practice and real patients never meet */
  return g_build_filename (g_get_user_data_dir (), sandbox ? "meanwhile-sandbox" : "meanwhile", NULL);
}

static void
print_help (void)
{
  g_autofree char *commands = mw_cli_help ();

  g_print (_ ("Usage: meanwhile [--data-dir DIR] [--sandbox | COMMAND …]\n\n"
              "Without a command the window opens.\n\nCommands:\n%s\n"
              "  %-14s %s\n\n"
              "“meanwhile COMMAND --help” tells more about one.\n"),
           commands, "sandbox", _ ("Run the sandbox care network"));
}

/* The sandbox's world begins anew with each run of it, and so does what is known of it here */
static MwTry *
prepare_sandbox (const char *folder,
                 GError    **error)
{
  g_autoptr (MwStore) store = mw_store_open (folder, error);
  g_autoptr (MwTry) try = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  if (store == NULL)
    return NULL;
  if (!mw_store_lock_engine (store, error))
    {
      mw_store_close (store);
      return NULL;
    }
  if (!mw_store_forget_all (store, error))
    {
      mw_store_close (store);
      return NULL;
    }
  try = mw_try_new (program != NULL ? program : "meanwhile", error);
  if (try != NULL && !mw_try_connect (try, store, error))
    g_clear_pointer (&try, mw_try_free);
  mw_store_close (store);
  return g_steal_pointer (&try);
}

static int
open_window (const char *folder,
             gboolean    standard,
             gboolean    sandbox,
             int         argc,
             char      **argv)
{
  g_autoptr (MwApplication) application = NULL;
  g_autoptr (MwTry) try = NULL;
  g_autoptr (GError) error = NULL;

  if (sandbox)
    {
      try = prepare_sandbox (folder, &error);
      /* a sandbox that is open already is brought forward */
      if (try == NULL && !g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_BUSY))
        {
          g_printerr ("meanwhile: %s\n", error->message);
          return MW_EXIT_FAILED;
        }
    }
  application = mw_application_new (folder, standard && !sandbox, TRUE);
  return g_application_run (G_APPLICATION (application), argc, argv);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = NULL;
  gboolean         sandbox = FALSE, standard;
  int              at = 1;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, MW_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("meanwhile");
  /* standard output is for documents: also debug lines go to stderr */
  g_log_writer_default_set_use_stderr (TRUE);

  for (; at < argc && g_str_has_prefix (argv[at], "--"); at++)
    if (g_str_equal (argv[at], "--data-dir") && at + 1 < argc)
      {
        g_free (folder);
        folder = g_canonicalize_filename (argv[++at], NULL);
      }
    else if (g_str_has_prefix (argv[at], "--data-dir="))
      {
        g_free (folder);
        folder = g_canonicalize_filename (argv[at] + strlen ("--data-dir="), NULL);
      }
    else if (g_str_equal (argv[at], "--sandbox"))
      sandbox = TRUE;
    else if (g_str_equal (argv[at], "--version"))
      {
        g_print ("Meanwhile %s\n", MW_VERSION);
        return MW_EXIT_DONE;
      }
    else if (g_str_equal (argv[at], "--help"))
      {
        print_help ();
        return MW_EXIT_DONE;
      }
    else
      break;
  standard = folder == NULL && g_getenv ("MEANWHILE_DATA_DIR") == NULL;
  if (folder == NULL)
    folder = default_folder (sandbox);

  if (at < argc && g_str_equal (argv[at], "sandbox"))
    return mw_sandbox_main (argc - at, argv + at);
  if (at < argc && argv[at][0] != '-')
    {
      const MwCommand *command = mw_cli_find (argv[at]);

      if (command == NULL)
        {
          g_printerr (_ ("meanwhile: there is no command %s. “meanwhile --help” lists them.\n"), argv[at]);
          return MW_EXIT_USAGE;
        }
      return mw_cli_run (command, folder, argc - at, argv + at);
    }
  return open_window (folder, standard, sandbox, argc - at + 1, argv + at - 1);
}
