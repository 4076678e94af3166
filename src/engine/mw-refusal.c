/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-refusal.h"

#include "mw-workflow.h"

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

/**
 * mw_refusal_word:
 * @n_requests: of the item
 *
 * Returns: (transfer full) (nullable): what a refusal teaches about the server, a word of mw-learned.h; NULL for
 *   nothing. That something cannot be created at all is not learned from an item that is nothing else: there is no
 *   other way for it, and the next one had better try.
 */
char *
mw_refusal_word (const MwRequest *request,
                 guint            n_requests,
                 MwAnswerClass    answer_class)
{
  g_autoptr (JsonNode) edit = request->edit != NULL ? mw_json_parse (request->edit, -1, NULL) : NULL;
  const MwPlannedRequest planned = { .method = request->method, .url = request->url, .if_none_exist = request->if_none_exist, .edit = edit, .body = request->body };
  g_autofree char       *word = NULL;

  if (answer_class != MW_ANSWER_UNSUPPORTED && answer_class != MW_ANSWER_TOO_LARGE)
    return NULL;
  word = mw_planned_request_refused_word (&planned, answer_class == MW_ANSWER_TOO_LARGE);
  if (word != NULL && n_requests == 1 && (g_str_has_prefix (word, "create:") || g_str_has_prefix (word, "update:")))
    return NULL;
  return g_steal_pointer (&word);
}

/** mw_refusal_leaves_way: Returns: whether what was refused for its size can go in smaller parts */
gboolean
mw_refusal_leaves_way (const MwRequest *request,
                       MwAnswerClass    answer_class)
{
  return answer_class == MW_ANSWER_UNSUPPORTED ||
         (answer_class == MW_ANSWER_TOO_LARGE && (*request->url == '\0' || g_str_equal (request->url, "$process-message")));
}

/**
 * mw_refusal_way_sentence:
 * @word: what was learned
 *
 * Returns: (transfer full): why the item goes another way
 */
char *
mw_refusal_way_sentence (const char *name,
                         const char *word)
{
  if (g_str_equal (word, "transaction"))
    return g_strdup_printf (_ ("%s does not take transactions. Another way is taken."), name);
  if (g_str_equal (word, "process-message"))
    return g_strdup_printf (_ ("%s does not take messages. Another way is taken."), name);
  if (g_str_has_prefix (word, "max-body:"))
    return g_strdup_printf (_ ("This is too much at once for %s. It is sent in smaller parts."), name);
  return g_strdup_printf (_ ("%s does not take this kind of request. Another way is taken."), name);
}
