/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>

#define DEFAULT_SEED 13

static gboolean
signal_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static void
parent_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  gssize read = g_input_stream_skip_finish (G_INPUT_STREAM (source), result, NULL);

  if (read > 0)
    g_input_stream_skip_async (G_INPUT_STREAM (source), 4096, G_PRIORITY_DEFAULT, NULL, parent_cb, user_data);
  else
    g_main_loop_quit (user_data);
}

static gboolean
start (MwSandbox *sandbox,
       gint       port,
       double     speed)
{
  g_autoptr (GError) error = NULL;

  if (!mw_sandbox_listen (sandbox, (guint) port, &error))
    {
      g_printerr ("meanwhile sandbox: %s\n", error->message);
      return FALSE;
    }
  mw_sandbox_set_speed (sandbox, speed);
  mw_sandbox_play (sandbox);
  g_print ("{\"practice\": \"%s\", \"hospital\": \"%s\", \"plan\": \"%s\", \"me\": \"%s\"}\n",
           mw_sandbox_get_url (sandbox, "practice"), mw_sandbox_get_url (sandbox, "hospital"),
           mw_sandbox_get_url (sandbox, "plan"), mw_sandbox_get_me (sandbox));
  fflush (stdout);
  return TRUE;
}

/**
 * mw_sandbox_main:
 *
 * The sandbox as a program: `--port N`, `--seed N`, `--speed X`, and `--with-parent` to end when
 * standard input does, so that it never outlives who started it. Prints one line of JSON when it
 * can be reached; runs until SIGTERM or SIGINT.
 *
 * Returns: 0; 1 when it cannot listen; 2 for a wrong command line
 */
int
mw_sandbox_main (int    argc,
                 char **argv)
{
  gint               port = 0;
  gint64             seed = DEFAULT_SEED;
  double             speed = 1;
  gboolean           with_parent = FALSE;
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &port, "Port on 127.0.0.1; 0 takes any", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Which invented day to play", "N" },
    { "speed", 0, 0, G_OPTION_ARG_DOUBLE, &speed, "How much faster than real its clock runs", "X" },
    { "with-parent", 0, 0, G_OPTION_ARG_NONE, &with_parent, "End when standard input does", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) options = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (MwSandbox) sandbox = NULL;

  g_option_context_set_summary (options, "A small care network with invented people, to try Meanwhile. Never for real patients.");
  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error) || argc > 1 || port < 0 || port > G_MAXUINT16 || speed < 0)
    {
      g_printerr ("meanwhile sandbox: %s\n", error != NULL ? error->message : "wrong arguments");
      return 2;
    }

  /* before anybody is told that we are there */
  g_unix_signal_add (SIGTERM, signal_cb, loop);
  g_unix_signal_add (SIGINT, signal_cb, loop);
  sandbox = mw_sandbox_new ((guint64) seed);
  if (!start (sandbox, port, speed))
    return 1;
  if (with_parent)
    {
      input = g_unix_input_stream_new (0, FALSE);
      g_input_stream_skip_async (input, 4096, G_PRIORITY_DEFAULT, NULL, parent_cb, loop);
    }
  g_main_loop_run (loop);
  return 0;
}
