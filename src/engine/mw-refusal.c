/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-refusal.h"

#include <glib/gi18n-lib.h>

/**
 * mw_refusal_sentence:
 * @name: what the person calls the server
 *
 * Returns: (transfer full): who refused what, and what can be done
 */
char *
mw_refusal_sentence (const char     *name,
                     const MwAnswer *answer)
{
  switch (answer->answer_class)
    {
    case MW_ANSWER_FORBIDDEN:
      return g_strdup_printf (_ ("%s does not allow this. Ask them for the right to send it, then retry."), name);
    case MW_ANSWER_NOT_FOUND:
    case MW_ANSWER_GONE:
      return g_strdup_printf (_ ("What this is about is not on %s any more."), name);
    case MW_ANSWER_TOO_LARGE:
      return g_strdup_printf (_ ("This is too large for %s. Edit it and send less at once."), name);
    case MW_ANSWER_UNSUPPORTED:
      return g_strdup_printf (_ ("%s cannot take this kind of thing."), name);
    case MW_ANSWER_CONFLICT:
      return g_strdup_printf (_ ("%s has several records that this could belong to, or it was changed meanwhile. Nothing was written."), name);
    default:
      break;
    }
  if (answer->detail != NULL)
    /* Translators: a server's name, then what it said */
    return g_strdup_printf (_ ("%s did not accept this: %s"), name, answer->detail);
  return g_strdup_printf (_ ("%s did not accept this (%u)."), name, answer->status);
}

/**
 * mw_refusal_code:
 *
 * Returns: (transfer none): the errorCode of an item that met it
 */
const char *
mw_refusal_code (MwAnswerClass answer_class)
{
  switch (answer_class)
    {
    case MW_ANSWER_FORBIDDEN:
      return "forbidden";
    case MW_ANSWER_NOT_FOUND:
    case MW_ANSWER_GONE:
      return "not-found";
    case MW_ANSWER_TOO_LARGE:
      return "too-large";
    case MW_ANSWER_UNSUPPORTED:
      return "unsupported";
    case MW_ANSWER_CONFLICT:
      return "conflict";
    default:
      return "rejected";
    }
}
