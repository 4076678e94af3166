/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-connect.h"
#include "mw-sign-out.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GMainLoop *loop;
  gint64     id;
  gboolean   done;
  gboolean   open; /* the browser, too */
  GError    *error;
} Wait;

static void
connected (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Wait *wait = user_data;

  wait->id = mw_connect_finish (MW_STORE (source), result, &wait->error);
  g_main_loop_quit (wait->loop);
}

/* The address is printed in any case: the browser may be on another screen than this command */
static void
show_address (const char *url,
              gpointer    user_data)
{
  Wait *wait = user_data;

  g_printerr (_ ("To sign in, open this address in your browser:\n%s\n"), url);
  if (wait->open)
    g_app_info_launch_default_for_uri_async (url, NULL, NULL, NULL, NULL);
}

/**
 * mw_cli_sign_in:
 * @wanted: what to connect to
 * @open: whether to open the browser where a person has to sign in; else the address is printed only
 * @seconds: that the browser may take; 0 for the usual time
 *
 * Connects, and says what stands in the way.
 *
 * Returns: the connection's id, or -1
 */
gint64
mw_cli_sign_in (MwCli              *cli,
                const MwConnection *wanted,
                gboolean            open,
                guint               seconds)
{
  Wait      wait = { .loop = g_main_loop_new (NULL, FALSE), .open = open };
  MwBrowser browser = { .func = show_address, .user_data = &wait, .seconds = seconds };

  mw_connect_in_browser_async (cli->store, wanted, NULL, &browser, NULL, connected, &wait);
  g_main_loop_run (wait.loop);
  g_main_loop_unref (wait.loop);
  if (wait.error == NULL)
    return wait.id;
  mw_cli_fail (wait.error);
  g_error_free (wait.error);
  return -1;
}

static void
signed_out (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Wait *wait = user_data;

  wait->done = mw_sign_out_finish (MW_STORE (source), result, &wait->error);
  g_main_loop_quit (wait->loop);
}

/**
 * mw_cli_sign_out:
 *
 * Returns: whether nobody is signed in to @connection any more; else it was said why
 */
gboolean
mw_cli_sign_out (MwCli              *cli,
                 const MwConnection *connection)
{
  Wait wait = { .loop = g_main_loop_new (NULL, FALSE) };

  mw_sign_out_async (cli->store, connection, NULL, signed_out, &wait);
  g_main_loop_run (wait.loop);
  g_main_loop_unref (wait.loop);
  if (wait.error != NULL)
    mw_cli_fail (wait.error);
  g_clear_error (&wait.error);
  return wait.done;
}
