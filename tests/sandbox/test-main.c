/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-json.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>

/* The sandbox as the program that `meanwhile sandbox` is; its path is in MW_TEST_SANDBOX */

typedef struct
{
  GSubprocess *process;
  char        *line;
  gboolean     ended;
} Run;

static void
line_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Run *run = user_data;
  g_autoptr (GError) error = NULL;

  run->line = g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (run->line);
}

static void
ended_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Run *run = user_data;

  g_assert_true (g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL));
  run->ended = TRUE;
}

static void
run_start (Run        *run,
           const char *option)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (JsonNode) ready = NULL;
  static const char *const sites[] = { "practice", "hospital", "plan", "clinic", "directory", "county", "limited" };

  run->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                   g_getenv ("MW_TEST_SANDBOX"), "--seed", "5", option, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (run->process));
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, line_cb, run);
  while (run->line == NULL)
    g_main_context_iteration (NULL, TRUE);

  ready = mw_json_parse (run->line, -1, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    {
      g_autofree char *end = g_strdup_printf ("/%s/fhir", sites[i]);

      g_assert_true (g_str_has_prefix (mw_json_string (ready, sites[i]), "http://127.0.0.1:"));
      g_assert_true (g_str_has_suffix (mw_json_string (ready, sites[i]), end));
    }
  g_assert_true (g_str_has_prefix (mw_json_string (ready, "me"), "Practitioner/"));
  g_assert_true (g_str_has_prefix (mw_json_string (ready, "clinicMe"), "Practitioner/"));
}

static void
run_wait (Run *run)
{
  g_subprocess_wait_async (run->process, NULL, ended_cb, run);
  while (!run->ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_subprocess_get_successful (run->process));
  g_clear_object (&run->process);
  g_clear_pointer (&run->line, g_free);
}

static void
test_terminated (void)
{
  Run run = { 0 };

  run_start (&run, "--speed=1");
  g_subprocess_send_signal (run.process, SIGTERM);
  run_wait (&run);
}

static void
test_parent_gone (void)
{
  Run run = { 0 };
  g_autoptr (GError) error = NULL;

  run_start (&run, "--with-parent");
  g_output_stream_close (g_subprocess_get_stdin_pipe (run.process), NULL, &error);
  g_assert_no_error (error);
  run_wait (&run);
}

static void
test_usage (void)
{
  static const char *const wrong[] = { "--nonsense", "--port=70000", "--speed=-1", "--token-lifetime=0", "--clock-skew=100000", "stray" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSubprocess) process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, g_getenv ("MW_TEST_SANDBOX"), wrong[i], NULL);

      g_assert_no_error (error);
      g_assert_true (g_subprocess_wait (process, NULL, &error));
      g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 2);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox/main/terminated", test_terminated);
  g_test_add_func ("/sandbox/main/parent-gone", test_parent_gone);
  g_test_add_func ("/sandbox/main/usage", test_usage);

  return g_test_run ();
}
