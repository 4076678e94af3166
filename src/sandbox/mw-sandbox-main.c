/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>

#define DEFAULT_SEED 13
#define DEFAULT_TOKEN_LIFETIME 300
/* a day */
#define MAX_SECONDS 86400

typedef struct
{
  gint     port;
  gint64   seed;
  double   speed;
  gint     token_lifetime;
  gint     skew;
  gboolean with_parent;
} Options;

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

/* One line of JSON: where each site is, and who the clinician is there */
static void
say_ready (MwSandbox *sandbox)
{
  g_auto (GStrv) names = mw_sandbox_get_site_names (sandbox);

  g_print ("{");
  for (char **name = names; *name != NULL; name++)
    g_print ("\"%s\": \"%s\", ", *name, mw_sandbox_get_url (sandbox, *name));
  g_print ("\"me\": \"%s\", \"clinicMe\": \"%s\"}\n", mw_sandbox_get_me (sandbox), mw_sandbox_get_user (sandbox, "clinic"));
  fflush (stdout);
}

static gboolean
start (MwSandbox     *sandbox,
       const Options *options)
{
  g_autoptr (GError) error = NULL;

  if (!mw_sandbox_listen (sandbox, (guint) options->port, &error))
    {
      g_printerr ("meanwhile sandbox: %s\n", error->message);
      return FALSE;
    }
  mw_sandbox_set_speed (sandbox, options->speed);
  mw_sandbox_set_token_lifetime (sandbox, (guint) options->token_lifetime);
  mw_sandbox_set_skew (sandbox, options->skew * G_USEC_PER_SEC);
  mw_sandbox_play (sandbox);
  say_ready (sandbox);
  return TRUE;
}

static gboolean
are_good (const Options *options)
{
  return options->port >= 0 && options->port <= G_MAXUINT16 && options->speed >= 0 && options->token_lifetime >= 1 &&
         options->token_lifetime <= MAX_SECONDS && ABS (options->skew) <= MAX_SECONDS;
}

/**
 * mw_sandbox_main:
 *
 * The sandbox as a program: `--port N`, `--seed N`, `--speed X`, `--token-lifetime S`
 * and `--clock-skew S` for the sites that one has to sign in to, and `--with-parent` to end when
 * standard input does, so that it never outlives who started it. Prints one line of JSON when it
 * can be reached; runs until SIGTERM or SIGINT.
 *
 * Returns: 0; 1 when it cannot listen; 2 for a wrong command line
 */
int
mw_sandbox_main (int    argc,
                 char **argv)
{
  Options            wanted = { .seed = DEFAULT_SEED, .speed = 1, .token_lifetime = DEFAULT_TOKEN_LIFETIME };
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &wanted.port, "Port on 127.0.0.1; 0 takes any", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &wanted.seed, "Which invented day to play", "N" },
    { "speed", 0, 0, G_OPTION_ARG_DOUBLE, &wanted.speed, "How much faster than real its clock runs", "X" },
    { "token-lifetime", 0, 0, G_OPTION_ARG_INT, &wanted.token_lifetime, "How long access tokens last", "SECONDS" },
    { "clock-skew", 0, 0, G_OPTION_ARG_INT, &wanted.skew, "How far the servers’ clocks are ahead", "SECONDS" },
    { "with-parent", 0, 0, G_OPTION_ARG_NONE, &wanted.with_parent, "End when standard input does", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) options = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (MwSandbox) sandbox = NULL;

  g_option_context_set_summary (options, "A small care network with invented people, to try Meanwhile. Never for real patients.");
  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error) || argc > 1 || !are_good (&wanted))
    {
      g_printerr ("meanwhile sandbox: %s\n", error != NULL ? error->message : "wrong arguments");
      return 2;
    }

  /* before anybody is told that we are there */
  g_unix_signal_add (SIGTERM, signal_cb, loop);
  g_unix_signal_add (SIGINT, signal_cb, loop);
  sandbox = mw_sandbox_new ((guint64) wanted.seed);
  if (!start (sandbox, &wanted))
    return 1;
  if (wanted.with_parent)
    {
      input = g_unix_input_stream_new (0, FALSE);
      g_input_stream_skip_async (input, 4096, G_PRIORITY_DEFAULT, NULL, parent_cb, loop);
    }
  g_main_loop_run (loop);
  return 0;
}
