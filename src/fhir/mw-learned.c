/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-learned.h"

#include <string.h>

#define MAX_BODY "max-body:"
#define MAX_LENGTH 200

static gboolean
is_word (const char *word)
{
  gsize length = strlen (word);

  if (length == 0 || length > MAX_LENGTH)
    return FALSE;
  for (const char *c = word; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return FALSE;
  return TRUE;
}

static gint64
body_of (const char *word)
{
  return g_str_has_prefix (word, MAX_BODY) ? g_ascii_strtoll (word + strlen (MAX_BODY), NULL, 10) : 0;
}

/**
 * mw_learned_parse:
 * @text: (nullable): as it is kept
 *
 * Returns: (transfer full): the words; lines that are none are left out
 */
GStrv
mw_learned_parse (const char *text)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", MW_LEARNED_MAX_WORDS + 1);

  for (guint i = 0; i < MW_LEARNED_MAX_WORDS && lines[i] != NULL; i++)
    if (is_word (lines[i]))
      g_strv_builder_add (words, lines[i]);
  return g_strv_builder_end (words);
}

/**
 * mw_learned_add:
 * @text: (nullable): what was learned before
 * @word: what was learned now
 *
 * Of two limits of size the smaller one is kept; what is known already changes nothing.
 *
 * Returns: (transfer full): the text to keep
 */
char *
mw_learned_add (const char *text,
                const char *word)
{
  g_auto (GStrv) words = mw_learned_parse (text);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  gboolean limit = body_of (word) > 0;
  gboolean known = !is_word (word) || (g_str_has_prefix (word, MAX_BODY) && !limit);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (limit && body_of (words[i]) > body_of (word))
        continue;
      known = known || g_str_equal (words[i], word) || (limit && body_of (words[i]) > 0);
      g_ptr_array_add (kept, words[i]);
    }
  if (!known && kept->len < MW_LEARNED_MAX_WORDS)
    g_ptr_array_add (kept, (gpointer) word);
  g_ptr_array_add (kept, NULL);
  return g_strjoinv ("\n", (char **) kept->pdata);
}

/**
 * mw_learned_max_body_word:
 * @refused_size: of the body that was too large, in bytes
 *
 * Returns: (transfer full) (nullable): the word; NULL when nothing can be smaller than that
 */
char *
mw_learned_max_body_word (gsize refused_size)
{
  return refused_size > 1 ? g_strdup_printf (MAX_BODY "%" G_GSIZE_FORMAT, refused_size - 1) : NULL;
}

/** mw_learned_max_body: Returns: the smallest limit among @words, in bytes; 0 when there is none */
gint64
mw_learned_max_body (const char *const *words)
{
  gint64 least = 0;

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      gint64 limit = body_of (words[i]);

      if (limit > 0 && (least == 0 || limit < least))
        least = limit;
    }
  return least;
}
