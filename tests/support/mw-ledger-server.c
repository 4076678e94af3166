/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The ledger behind the fault server, as a program of its own: it outlives the clients that a test
 * kills. Prints its URL and serves until its standard input ends or a signal ends it. */

#include "mw-ledger.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <stdio.h>
#include <unistd.h>

/* A server that creates whatever it gets: conditions are left out before anybody sees them */
static void
handle_without_conditions (MwFaultRequest *request,
                           MwFaultReply   *reply,
                           gpointer        user_data)
{
  g_hash_table_remove (request->headers, "if-none-exist");
  mw_ledger_handle (request, reply, user_data);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
input_cb (gint         fd,
          GIOCondition condition,
          gpointer     user_data)
{
  char bytes[256];

  if (read (fd, bytes, sizeof bytes) > 0)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

int
main (int    argc,
      char **argv)
{
  g_autofree char   *effects_file = NULL;
  gint64             seed = 1;
  double             rate = 0;
  gboolean           stay = FALSE;
  gboolean           ignore_conditions = FALSE;
  const GOptionEntry entries[] = {
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Order of the faults", "N" },
    { "fault-rate", 0, 0, G_OPTION_ARG_DOUBLE, &rate, "Part of the requests that meet a fault", "0..1" },
    { "effects-file", 0, 0, G_OPTION_ARG_FILENAME, &effects_file, "Append a line for each effect", "FILE" },
    { "ignore-conditions", 0, 0, G_OPTION_ARG_NONE, &ignore_conditions, "Create also what a condition forbids", NULL },
    { "stay", 0, 0, G_OPTION_ARG_NONE, &stay, "Serve on when standard input ends", NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (MwLedger) ledger = NULL;
  g_autoptr (MwFaultServer) server = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 2;
    }
  ledger = mw_ledger_new (effects_file);
  server = mw_fault_server_new (ignore_conditions ? handle_without_conditions : mw_ledger_handle, ledger, NULL);
  if (rate > 0)
    mw_fault_server_set_random (server, (guint32) seed, rate);
  printf ("%s\n", mw_fault_server_get_url (server));
  fflush (stdout);

  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_unix_signal_add (SIGINT, quit_cb, loop);
  if (!stay)
    g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, input_cb, loop);
  g_main_loop_run (loop);
  fprintf (stderr, "%u requests, %u faults, %u effects, %u doubled\n", mw_fault_server_n_requests (server),
           mw_fault_server_n_faults (server), mw_ledger_n_effects (ledger), mw_ledger_n_doubled (ledger));
  return 0;
}
