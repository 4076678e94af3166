/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-cli.h"
#include "mw-sandbox.h"
#include "mw-try.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#ifdef MW_WITH_WINDOW
#include "mw-application.h"
#endif

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

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = NULL;
  gboolean         sandbox = FALSE;
  int              at = 1;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, MW_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("meanwhile");

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
#ifdef MW_WITH_WINDOW
  return mw_application_main (folder, sandbox, argc - at + 1, argv);
#else
  print_help ();
  return MW_EXIT_USAGE;
#endif
}
