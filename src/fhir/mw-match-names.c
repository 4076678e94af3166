/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-match-private.h"

#include "mw-datatypes.h"
#include "mw-fold.h"
#include "mw-text.h"

#include <string.h>

/* Of several pairs the one that fits best counts */
MwMatchLikeness
mw_match_better (MwMatchLikeness one,
                 MwMatchLikeness other)
{
  if (one == MW_MATCH_UNKNOWN || other == MW_MATCH_UNKNOWN)
    return MAX (one, other);
  return MIN (one, other);
}

MwMatchLikeness
mw_match_absent (gboolean here,
                 gboolean there)
{
  if (here)
    return there ? MW_MATCH_DIFFERENT : MW_MATCH_ONLY_HERE;
  return there ? MW_MATCH_ONLY_THERE : MW_MATCH_UNKNOWN;
}

/* One part of one of a person's names */
typedef struct
{
  char    *text;
  gboolean former; /* a name of the past, or taken out of a name that is not parted */
} Name;

static void
free_name (gpointer data)
{
  Name *name = data;

  g_free (name->text);
  g_free (name);
}

static char *
join_given (JsonNode *name)
{
  guint    n = MIN (mw_json_length (name, "given"), MW_MATCH_MAX_REPEATS);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      const char *given = mw_json_string (mw_json_item (name, "given", i), NULL);

      if (given != NULL && text->len < MW_TEXT_LINE)
        g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", given);
    }
  if (text->len == 0)
    {
      g_string_free (text, TRUE);
      return NULL;
    }
  return g_string_free (text, FALSE);
}

static GPtrArray *
read_names (JsonNode    *patient,
            MwMatchField field)
{
  static const char *const past[] = { "old", "maiden", "nickname", "anonymous", NULL };
  GPtrArray               *names = g_ptr_array_new_with_free_func (free_name);
  guint                    n = MIN (mw_json_length (patient, "name"), MW_MATCH_MAX_REPEATS);

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *node = mw_json_item (patient, "name", i);
      const char *use = mw_json_string (node, "use");
      char       *text = field == MW_MATCH_FIELD_FAMILY ? g_strdup (mw_json_string (node, "family")) : join_given (node);
      Name       *name;

      if (text == NULL)
        continue;
      name = g_new0 (Name, 1);
      name->text = text;
      name->former = use != NULL && g_strv_contains (past, use);
      g_ptr_array_add (names, name);
    }
  return names;
}

static gboolean
word_fits (const char *one,
           const char *other)
{
  gsize a = strlen (one), b = strlen (other);

  if (g_str_equal (one, other))
    return TRUE;
  /* an initial */
  return (g_utf8_strlen (one, -1) == 1 || g_utf8_strlen (other, -1) == 1) && strncmp (one, other, MIN (a, b)) == 0;
}

/* Whether each word of the shorter list has its fellow in the longer one */
static gboolean
words_fit (GStrv one,
           GStrv other)
{
  GStrv shorter = g_strv_length (one) <= g_strv_length (other) ? one : other;
  GStrv longer = shorter == one ? other : one;

  if (shorter[0] == NULL)
    return FALSE;
  for (gsize i = 0; shorter[i] != NULL; i++)
    {
      gboolean found = FALSE;

      for (gsize j = 0; longer[j] != NULL && !found; j++)
        found = word_fits (shorter[i], longer[j]);
      if (!found)
        return FALSE;
    }
  return TRUE;
}

static gboolean
texts_fit (const char *one,
           const char *other)
{
  for (int how = MW_FOLD_PLAIN; how <= MW_FOLD_SPELT_OUT; how++)
    {
      g_auto (GStrv) a = mw_fold_words (one, (MwFold) how);
      g_auto (GStrv) b = mw_fold_words (other, (MwFold) how);

      if (words_fit (a, b))
        return TRUE;
    }
  return FALSE;
}

static MwMatchLikeness
compare_name_lists (GPtrArray *here,
                    GPtrArray *there)
{
  MwMatchLikeness best = mw_match_absent (here->len > 0, there->len > 0);

  for (guint i = 0; i < here->len; i++)
    for (guint j = 0; j < there->len && best != MW_MATCH_SAME; j++)
      {
        const Name *one = g_ptr_array_index (here, i);
        const Name *other = g_ptr_array_index (there, j);

        if (mw_fold_equal (one->text, other->text))
          best = mw_match_better (best, one->former || other->former ? MW_MATCH_SIMILAR : MW_MATCH_SAME);
        else if (texts_fit (one->text, other->text))
          best = mw_match_better (best, MW_MATCH_SIMILAR);
      }
  return best;
}

/* Whether a name that is not parted holds what the other side has; more than "similar" it never proves */
static gboolean
whole_names_hold (JsonNode  *patient,
                  GPtrArray *names)
{
  guint n = MIN (mw_json_length (patient, "name"), MW_MATCH_MAX_REPEATS);

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *name = mw_json_item (patient, "name", i);
      const char *text = name != NULL && JSON_NODE_HOLDS_VALUE (name) ? mw_json_string (name, NULL) : mw_json_string (name, "text");

      for (guint j = 0; text != NULL && j < names->len; j++)
        if (texts_fit (((const Name *) g_ptr_array_index (names, j))->text, text))
          return TRUE;
    }
  return FALSE;
}

/* The likeness of the family names or of the given names of two patients */
MwMatchLikeness
mw_match_compare_names (JsonNode    *here,
                        JsonNode    *there,
                        MwMatchField field)
{
  g_autoptr (GPtrArray) ours = read_names (here, field);
  g_autoptr (GPtrArray) theirs = read_names (there, field);
  MwMatchLikeness likeness = compare_name_lists (ours, theirs);

  if ((likeness == MW_MATCH_ONLY_HERE && whole_names_hold (there, ours)) ||
      (likeness == MW_MATCH_ONLY_THERE && whole_names_hold (here, theirs)))
    return MW_MATCH_SIMILAR;
  return likeness;
}

/* Returns: (transfer full) (nullable): the family names or the given names, safe to show */
char *
mw_match_show_names (JsonNode    *patient,
                     MwMatchField field)
{
  g_autoptr (GPtrArray) names = read_names (patient, field);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *line = mw_text_line (((const Name *) g_ptr_array_index (names, i))->text);

      if (line != NULL && strstr (text->str, line) == NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", line);
    }
  if (text->len == 0)
    {
      g_string_free (text, TRUE);
      /* a name that is not parted stands on the line of the family name */
      return field == MW_MATCH_FIELD_FAMILY ? mw_patient_name (patient) : NULL;
    }
  {
    g_autofree char *whole = g_string_free (text, FALSE);

    return mw_text_line (whole);
  }
}
