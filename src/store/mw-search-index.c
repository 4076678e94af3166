/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-search-index.h"

#include <string.h>

void
mw_search_terms_clear (MwSearchTerms *terms)
{
  g_clear_pointer (&terms->kind, g_free);
  g_clear_pointer (&terms->match, g_free);
  terms->is = 0;
}

static void
append_phrase (GString    *match,
               const char *column,
               const char *word)
{
  if (match->len > 0)
    g_string_append (match, " AND ");
  if (column != NULL)
    g_string_append_printf (match, "%s : ", column);
  /* within double quotes FTS5 knows one special character: the quote, doubled */
  g_string_append_c (match, '"');
  for (const char *at = word; *at != '\0'; at++)
    {
      if (*at == '"')
        g_string_append_c (match, '"');
      g_string_append_c (match, *at);
    }
  g_string_append (match, "\" *");
}

static gboolean
has_letters (const char *word)
{
  for (const char *at = word; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_isalnum (g_utf8_get_char (at)))
      return TRUE;
  return FALSE;
}

/* The next word of @text: up to white space, or a quoted run, perhaps behind "name:" */
static char *
next_word (const char **text)
{
  g_autoptr (GString) word = g_string_new (NULL);
  const char *at = *text;
  gboolean    quoted = FALSE;

  while (g_unichar_isspace (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);
  if (*at == '\0')
    return NULL;
  for (; *at != '\0'; at = g_utf8_next_char (at))
    {
      if (*at == '"')
        {
          quoted = !quoted;
          continue;
        }
      if (!quoted && g_unichar_isspace (g_utf8_get_char (at)))
        break;
      g_string_append_unichar (word, g_utf8_get_char (at));
    }
  *text = at;
  return g_string_free (g_steal_pointer (&word), FALSE);
}

/**
 * mw_search_match:
 * @words: what to look for; every word must occur, as the beginning of a word
 * @column: (nullable): in this column alone
 *
 * Returns: (transfer full) (nullable): an FTS5 expression; NULL when @words has no letter or digit
 */
char *
mw_search_match (const char *words,
                 const char *column)
{
  g_autofree char *valid = g_utf8_make_valid (words, -1);
  const char      *rest = valid;
  g_autoptr (GString) match = g_string_new (NULL);
  char *word;

  while ((word = next_word (&rest)) != NULL)
    {
      if (has_letters (word))
        append_phrase (match, column, word);
      g_free (word);
    }
  return match->len > 0 ? g_string_free (g_steal_pointer (&match), FALSE) : NULL;
}

static guint
is_flag (const char *word)
{
  static const struct
  {
    const char *word;
    guint       flag;
  } flags[] = {
    { "unread", MW_SEARCH_UNREAD },
    { "read", MW_SEARCH_READ },
    { "flagged", MW_SEARCH_FLAGGED },
    { "urgent", MW_SEARCH_URGENT },
    { "archived", MW_SEARCH_ARCHIVED },
    { "snoozed", MW_SEARCH_SNOOZED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    if (g_ascii_strcasecmp (flags[i].word, word) == 0)
      return flags[i].flag;
  return 0;
}

/**
 * mw_search_parse:
 * @text: what was typed: words, from:NAME, patient:NAME, kind:KIND, is:unread …
 * @terms: (out caller-allocates): cleared with mw_search_terms_clear()
 *
 * A filter that is not known is looked for as a word, so nothing typed is ignored.
 */
void
mw_search_parse (const char    *text,
                 MwSearchTerms *terms)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  const char      *rest = valid;
  g_autoptr (GString) match = g_string_new (NULL);
  char *word;

  memset (terms, 0, sizeof *terms);
  while ((word = next_word (&rest)) != NULL)
    {
      const char *colon = strchr (word, ':');
      const char *value = colon != NULL ? colon + 1 : NULL;

      if (value != NULL && g_str_has_prefix (word, "kind:") && *value != '\0')
        {
          g_free (terms->kind);
          terms->kind = g_ascii_strdown (value, -1);
        }
      else if (value != NULL && g_str_has_prefix (word, "is:") && is_flag (value) != 0)
        terms->is |= is_flag (value);
      else if (value != NULL && (g_str_has_prefix (word, "from:") || g_str_has_prefix (word, "to:")) && has_letters (value))
        append_phrase (match, "party", value);
      else if (value != NULL && g_str_has_prefix (word, "patient:") && has_letters (value))
        append_phrase (match, "patient", value);
      else if (has_letters (word))
        append_phrase (match, NULL, word);
      g_free (word);
    }
  if (match->len > 0)
    terms->match = g_string_free (g_steal_pointer (&match), FALSE);
}

static gboolean
put (MwDb       *db,
     gint64      rowid,
     const char *subject,
     const char *party,
     const char *patient,
     const char *body,
     GError    **error)
{
  return mw_db_run (db, error, "INSERT OR REPLACE INTO search (rowid, subject, party, patient, body) VALUES (?1, ?2, ?3, ?4, ?5)",
                    "issss", rowid, subject, party, patient, body);
}

gboolean
mw_search_index_entry (MwDb       *db,
                       gint64      id,
                       const char *subject,
                       const char *sender,
                       const char *patient,
                       const char *body,
                       GError    **error)
{
  return put (db, id * 2, subject, sender, patient, body, error);
}

gboolean
mw_search_index_item (MwDb       *db,
                      gint64      id,
                      const char *subject,
                      const char *recipient,
                      const char *patient,
                      const char *body,
                      GError    **error)
{
  return put (db, id * 2 + 1, subject, recipient, patient, body, error);
}

gboolean
mw_search_unindex_item (MwDb    *db,
                        gint64   id,
                        GError **error)
{
  return mw_db_run (db, error, "DELETE FROM search WHERE rowid = ?1", "i", id * 2 + 1);
}
