/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-key.h"
#include "mw-secret.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Written whole or not at all, and never over something that is there */
static gboolean
write_key (const char *path,
           const char *pem,
           GError    **error)
{
  gsize length = strlen (pem);
  int   fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd >= 0 && write (fd, pem, length) == (gssize) length && fsync (fd) == 0)
    return g_close (fd, error);
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _ ("The key cannot be written: %s"), g_strerror (errno));
  if (fd >= 0)
    {
      g_close (fd, NULL);
      g_unlink (path);
    }
  return FALSE;
}

int
mw_cli_key (MwCli *cli,
            int    argc,
            char **argv)
{
  g_autofree char   *algorithm = NULL, *text = NULL;
  const GOptionEntry entries[] = {
    { "algorithm", 0, 0, G_OPTION_ARG_STRING, &algorithm, N_ ("Of a new key: ES384 or RS384"), N_ ("NAME") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (MwKey) key = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) set = NULL;

  if (!mw_cli_parse (cli, "key", entries, 1, &argc, &argv))
    return MW_EXIT_USAGE;
  if (algorithm != NULL && !g_str_equal (algorithm, MW_KEY_ES384) && !g_str_equal (algorithm, MW_KEY_RS384))
    {
      g_printerr (_ ("meanwhile: a key is ES384 or RS384, not %s\n"), algorithm);
      return MW_EXIT_USAGE;
    }
  if (!g_file_test (argv[1], G_FILE_TEST_EXISTS))
    {
      key = mw_key_generate (algorithm != NULL ? algorithm : MW_KEY_ES384);
      text = mw_key_to_pem (key);
      if (!write_key (argv[1], text, &error))
        return mw_cli_fail (error);
    }
  else if (algorithm != NULL)
    return mw_cli_fail_text (_ ("There is a file of this name already. It was left as it is."));
  else
    {
      text = mw_secret_read_file (argv[1], MW_SECRET_KEY, &error);
      key = text != NULL ? mw_key_new (text, &error) : NULL;
      if (key == NULL)
        return mw_cli_fail (error);
    }
  set = mw_key_to_public_set (key);
  mw_cli_print (set);
  return MW_EXIT_DONE;
}
