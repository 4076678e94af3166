/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-error-text.h"

#include "mw-config.h"
#include "mw-connect.h"
#include "mw-connection-remove.h"
#include "mw-db.h"
#include "mw-list-import.h"

#include <glib/gi18n-lib.h>

static const char *
store_text (int code)
{
  switch ((MwStoreError) code)
    {
    case MW_STORE_ERROR_FULL:
      return _ ("The disk is full. What was saved before is safe; free some space and try again.");
    case MW_STORE_ERROR_READ_ONLY:
      return _ ("The data folder cannot be written. What was saved before can still be read.");
    case MW_STORE_ERROR_BUSY:
      return _ ("Another program holds the database. Try again in a moment.");
    case MW_STORE_ERROR_DAMAGED:
      return _ ("The database is damaged. It was left as it is.");
    case MW_STORE_ERROR_NEWER:
      return _ ("The database was written by a newer version of Meanwhile.");
    case MW_STORE_ERROR_NOT_FOUND:
      return _ ("It is not here any more.");
    case MW_STORE_ERROR_STATE:
      return _ ("It has moved on meanwhile: too late for that.");
    case MW_STORE_ERROR_FAILED:
    default:
      return _ ("The database could not be used. What was saved before is safe.");
    }
}

/**
 * mw_error_text:
 *
 * Returns: (transfer full): what happened, what is safe and what can be done, as a sentence for a person
 */
char *
mw_error_text (const GError *error)
{
  if (error->domain == MW_STORE_ERROR)
    return g_strdup (store_text (error->code));
  if (error->domain == MW_CONNECT_ERROR || error->domain == MW_LIST_ERROR || error->domain == MW_REMOVE_ERROR)
    return g_strdup (error->message);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return g_strdup (store_text (MW_STORE_ERROR_FULL));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return g_strdup (_ ("The file cannot be read or written: permission denied."));
  return g_strdup (_ ("It did not work. What was saved before is safe."));
}
