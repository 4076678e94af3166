/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-try.h"

#include "mw-connect.h"
#include "mw-json.h"

#include <glib/gi18n-lib.h>

struct _MwTry
{
  GSubprocess *process;
  JsonNode    *places;
};

void
mw_try_free (MwTry *self)
{
  if (self == NULL)
    return;
  /* it ends with its standard input, also when this process is killed */
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  g_clear_object (&self->process);
  g_clear_pointer (&self->places, json_node_unref);
  g_free (self);
}

/**
 * mw_try_new:
 * @program: this program's own file
 *
 * Starts the sandbox in a process of its own and waits until it listens: before the window opens.
 *
 * Returns: (transfer full): the running sandbox
 */
MwTry *
mw_try_new (const char *program,
            GError    **error)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  const char      *speed = g_getenv ("MEANWHILE_SANDBOX_SPEED");
  MwTry           *self;
  JsonNode        *places;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, program, "sandbox", "--with-parent",
                              "--speed", speed != NULL ? speed : "1", NULL);
  if (process == NULL)
    return NULL;
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  line = g_data_input_stream_read_line (output, NULL, NULL, error);
  places = line != NULL ? mw_json_parse (line, -1, error) : NULL;
  if (places == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The sandbox did not start."));
      return NULL;
    }
  self = g_new0 (MwTry, 1);
  self->process = g_steal_pointer (&process);
  self->places = places;
  return self;
}

typedef struct
{
  GMainLoop *loop;
  GError    *error;
} Wait;

static void
connected (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Wait *wait = user_data;

  mw_connect_finish (MW_STORE (source), result, &wait->error);
  g_main_loop_quit (wait->loop);
}

/**
 * mw_try_connect:
 *
 * Connects @store to the sandbox's practice (as home), hospital and plan. Runs a main loop: before the window opens.
 */
gboolean
mw_try_connect (MwTry   *self,
                MwStore *store,
                GError **error)
{
  static const char *const sites[] = { "practice", "hospital", "plan" };

  for (gsize i = 0; i < G_N_ELEMENTS (sites); i++)
    {
      MwConnection wanted = { 0 };
      Wait         wait = { g_main_loop_new (NULL, FALSE), NULL };

      wanted.url = (char *) mw_json_string (self->places, sites[i]);
      wanted.home = i == 0;
      wanted.me = i == 0 ? (char *) mw_json_string (self->places, "me") : NULL;
      wanted.auth = (char *) "open";
      wanted.sandbox = TRUE;
      mw_connect_async (store, &wanted, NULL, NULL, connected, &wait);
      g_main_loop_run (wait.loop);
      g_main_loop_unref (wait.loop);
      if (wait.error != NULL)
        {
          g_propagate_error (error, wait.error);
          return FALSE;
        }
    }
  return TRUE;
}
