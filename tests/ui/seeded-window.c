/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-application.h"
#include "mw-connections.h"
#include "seed.h"

#include <locale.h>

/* usage: seeded-window FOLDER [--many N] [--empty] [--offline] [--engine] [--rtl]
 *
 * The real window on a folder that is filled with a made-up day, for tests that drive it from outside. */

static gint64
set_offline (MwDb    *db,
             gpointer input,
             GError **error)
{
  gint64 now = g_get_real_time ();

  return mw_connections_set_status (db, 1, "offline", NULL, 0, now, error) ? 0 : -1;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwStore) store = NULL;
  g_autoptr (MwApplication) application = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new ("FOLDER");
  int          many = 0;
  gboolean     empty = FALSE, offline = FALSE, engine = FALSE, rtl = FALSE;
  GOptionEntry options[] = {
    { "many", 0, 0, G_OPTION_ARG_INT, &many, NULL, NULL },
    { "empty", 0, 0, G_OPTION_ARG_NONE, &empty, NULL, NULL },
    { "offline", 0, 0, G_OPTION_ARG_NONE, &offline, NULL, NULL },
    { "engine", 0, 0, G_OPTION_ARG_NONE, &engine, NULL, NULL },
    { "rtl", 0, 0, G_OPTION_ARG_NONE, &rtl, NULL, NULL },
    { NULL },
  };

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    g_error ("%s", error != NULL ? error->message : "usage");
  store = mw_store_open (argv[1], &error);
  if (store != NULL && !empty)
    {
      g_autofree char *mark = g_build_filename (argv[1], "seeded", NULL);

      if (!g_file_test (mark, G_FILE_TEST_EXISTS))
        {
          if (!seed_day (store, g_get_real_time (), &error) || (many > 0 && !seed_many (store, (guint) many, g_get_real_time (), &error)) ||
              (offline && mw_store_write (store, set_offline, NULL, &error) < 0) || !g_file_set_contents (mark, "", 0, &error))
            g_error ("%s", error->message);
        }
    }
  if (store != NULL)
    mw_store_close (store);
  if (rtl)
    {
      gtk_init ();
      gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
    }
  application = mw_application_new (argv[1], FALSE, engine);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
