/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-fold.h"

#include "mw-text.h"

#include <stdlib.h>
#include <string.h>

/* Latin letters that Unicode does not take apart, and those that a language spells out */
static const struct
{
  gunichar    letter;
  const char *plain;
  const char *spelt_out;
} letter_folds[] = {
  { 0xe4, "a", "ae" },   /* ä */
  { 0xf6, "o", "oe" },   /* ö */
  { 0xfc, "u", "ue" },   /* ü */
  { 0xe5, "a", "aa" },   /* å */
  { 0xf8, "o", "oe" },   /* ø */
  { 0xe6, "ae", "ae" },  /* æ */
  { 0x153, "oe", "oe" }, /* œ */
  { 0x142, "l", "l" },   /* ł */
  { 0x111, "d", "d" },   /* đ */
  { 0xf0, "d", "d" },    /* ð */
  { 0xfe, "th", "th" },  /* þ */
  { 0x131, "i", "i" },   /* ı */
};

static const char *
fold_letter (gunichar c,
             MwFold   how)
{
  for (gsize i = 0; i < G_N_ELEMENTS (letter_folds); i++)
    if (letter_folds[i].letter == c)
      return how == MW_FOLD_PLAIN ? letter_folds[i].plain : letter_folds[i].spelt_out;
  return NULL;
}

/* In other scripts a mark is a letter's own: without it another name is read */
static gboolean
may_lose_marks (gunichar c)
{
  GUnicodeScript script = g_unichar_get_script (c);

  return script == G_UNICODE_SCRIPT_LATIN || script == G_UNICODE_SCRIPT_GREEK;
}

static int
compare_words (const void *a,
               const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static void
end_word (GPtrArray *words,
          GString   *word)
{
  if (word->len > 0)
    g_ptr_array_add (words, g_strdup (word->str));
  g_string_truncate (word, 0);
}

/* Appends @c without the marks it carries */
static void
append_bare (GString *word,
             gunichar c)
{
  gunichar parts[18];
  gsize    n = may_lose_marks (c) ? g_unichar_fully_decompose (c, TRUE, parts, G_N_ELEMENTS (parts)) : 0;

  if (n == 0)
    g_string_append_unichar (word, c);
  for (gsize i = 0; i < n; i++)
    if (!g_unichar_ismark (parts[i]))
      g_string_append_unichar (word, parts[i]);
}

/**
 * mw_fold_words:
 * @text: (nullable): a name, or an address; at most MW_TEXT_LINE characters of it count
 *
 * Takes away how it is written: letter case, accents of Latin and Greek letters, apostrophes, and the order of
 * the words, which hyphens and blanks part.
 *
 * Returns: (transfer full): its words, sorted
 */
GStrv
mw_fold_words (const char *text,
               MwFold      how)
{
  g_autofree char *line = mw_text_line (text);
  g_autofree char *lower = g_utf8_casefold (line != NULL ? line : "", -1);
  g_autofree char *composed = g_utf8_normalize (lower, -1, G_NORMALIZE_ALL_COMPOSE);
  GPtrArray       *words = g_ptr_array_new ();
  GString         *word = g_string_new (NULL);
  gboolean         bare = FALSE;

  for (const char *at = composed != NULL ? composed : ""; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar    c = g_utf8_get_char (at);
      const char *letters = fold_letter (c, how);

      if (letters != NULL)
        {
          g_string_append (word, letters);
          bare = TRUE;
        }
      else if (g_unichar_ismark (c))
        {
          /* a mark that no composed letter has */
          if (!bare)
            g_string_append_unichar (word, c);
        }
      else if (g_unichar_isalnum (c))
        {
          append_bare (word, c);
          bare = may_lose_marks (c);
        }
      else if (c != '\'' && c != 0x2019 && c != 0x02bc && c != '`')
        end_word (words, word);
    }
  end_word (words, word);
  g_string_free (word, TRUE);
  if (words->len > 1)
    qsort (words->pdata, words->len, sizeof (gpointer), compare_words);
  g_ptr_array_add (words, NULL);
  return (GStrv) g_ptr_array_free (words, FALSE);
}

/** mw_fold_text: Returns: (transfer full): the words of mw_fold_words() with a blank between them */
char *
mw_fold_text (const char *text,
              MwFold      how)
{
  g_auto (GStrv) words = mw_fold_words (text, how);

  return g_strjoinv (" ", words);
}

static gboolean
equal_folded (const char *one,
              const char *other,
              MwFold      how)
{
  g_autofree char *a = mw_fold_text (one, how);
  g_autofree char *b = mw_fold_text (other, how);

  return *a != '\0' && g_str_equal (a, b);
}

/**
 * mw_fold_equal:
 * @one: (nullable): a name
 * @other: (nullable): another
 *
 * Returns: whether they are one name, written in two ways ("Müller" is "Muller" and "MUELLER"). What has no
 *   letter is nobody's name and equals nothing.
 */
gboolean
mw_fold_equal (const char *one,
               const char *other)
{
  return equal_folded (one, other, MW_FOLD_PLAIN) || equal_folded (one, other, MW_FOLD_SPELT_OUT);
}
