/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-search-private.h"

#include "mw-json.h"

#include <string.h>

static void
add_flat (JsonNode  *node,
          GPtrArray *out)
{
  guint n = mw_json_length (node, NULL);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *item = mw_json_item (node, NULL, i);

      if (item != NULL)
        g_ptr_array_add (out, item);
    }
}

static gboolean
refers_to_type (JsonNode   *reference,
                const char *type)
{
  const char *literal = mw_json_string (reference, "reference");
  const char *named = mw_json_string (reference, "type");
  const char *hit;

  if (g_strcmp0 (named, type) == 0)
    return TRUE;
  if (literal == NULL)
    return named == NULL;
  hit = strstr (literal, type);
  return hit != NULL && hit[strlen (type)] == '/' && (hit == literal || hit[-1] == '/');
}

/**
 * mw_search_collect:
 * @path: as r4/search.txt writes it; "^T" keeps references to T, "=s" keeps what has system s
 * @out: (element-type JsonNode): gets every node there, arrays taken apart
 */
void
mw_search_collect (JsonNode   *node,
                   const char *path,
                   GPtrArray  *out)
{
  const char      *dot = strchr (path, '.');
  g_autofree char *name = dot != NULL ? g_strndup (path, (gsize) (dot - path)) : g_strdup (path);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  if (*name == '^' || *name == '=')
    {
      if (*name == '^' ? refers_to_type (node, name + 1) : g_strcmp0 (mw_json_string (node, "system"), name + 1) == 0)
        g_ptr_array_add (items, node);
    }
  else if (mw_json_is_object (node))
    add_flat (mw_json_get (node, name), items);

  for (guint i = 0; i < items->len; i++)
    {
      if (dot == NULL)
        g_ptr_array_add (out, g_ptr_array_index (items, i));
      else
        mw_search_collect (g_ptr_array_index (items, i), dot + 1, out);
    }
}

/**
 * mw_search_split:
 *
 * Takes @text apart at @separator where no backslash stands before it (FHIR R4 search.html#escaping).
 *
 * Returns: (transfer full): the parts, backslashes kept
 */
char **
mw_search_split (const char *text,
                 char        separator)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  GString *part = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == '\\' && at[1] != '\0')
        {
          g_string_append_len (part, at, 2);
          at++;
        }
      else if (*at == separator)
        {
          g_ptr_array_add (parts, g_string_free (part, FALSE));
          part = g_string_new (NULL);
        }
      else
        g_string_append_c (part, *at);
    }
  g_ptr_array_add (parts, g_string_free (part, FALSE));
  g_ptr_array_add (parts, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&parts), FALSE);
}

static char *
unescape (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == '\\' && at[1] != '\0')
        at++;
      g_string_append_c (out, *at);
    }
  return g_string_free (out, FALSE);
}

/* one coding-like thing against system|code; NULL means any, "" means none */
static gboolean
same_token (const char *have_system,
            const char *have_code,
            const char *system,
            const char *code)
{
  if (code != NULL && *code != '\0' && g_strcmp0 (have_code, code) != 0)
    return FALSE;
  if (system == NULL)
    return TRUE;
  if (*system == '\0')
    return have_system == NULL;
  return g_strcmp0 (have_system, system) == 0;
}

static gboolean
token_matches (JsonNode   *node,
               const char *value)
{
  g_auto (GStrv) parts = mw_search_split (value, '|');
  gboolean         bare = parts[1] == NULL;
  g_autofree char *system = bare ? NULL : unescape (parts[0]);
  g_autofree char *code = unescape (bare ? parts[0] : parts[1]);
  g_autofree char *scalar = NULL;

  if (!mw_json_is_object (node))
    {
      scalar = mw_json_scalar (node, NULL);
      return scalar != NULL && g_str_equal (scalar, code);
    }
  if (mw_json_has (node, "coding"))
    {
      guint n = mw_json_length (node, "coding");

      for (guint i = 0; i < n; i++)
        {
          JsonNode *coding = mw_json_item (node, "coding", i);

          if (same_token (mw_json_string (coding, "system"), mw_json_string (coding, "code"), system, code))
            return TRUE;
        }
      return FALSE;
    }
  if (mw_json_has (node, "value"))
    return same_token (mw_json_string (node, "system"), mw_json_string (node, "value"), system, code);
  return mw_json_has (node, "code") && same_token (mw_json_string (node, "system"), mw_json_string (node, "code"), system, code);
}

static char *
fold (const char *text)
{
  g_autofree char *decomposed = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);
  GString         *out = g_string_new (NULL);

  for (const char *at = decomposed; at != NULL && *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_type (c) != G_UNICODE_NON_SPACING_MARK)
        g_string_append_unichar (out, g_unichar_tolower (c));
    }
  return g_string_free (out, FALSE);
}

static gboolean
text_matches (const char *have,
              const char *value,
              const char *modifier)
{
  g_autofree char *plain = unescape (value);
  g_autofree char *one = NULL;
  g_autofree char *other = NULL;

  if (g_strcmp0 (modifier, "exact") == 0)
    return g_str_equal (have, plain);
  one = fold (have);
  other = fold (plain);
  return g_strcmp0 (modifier, "contains") == 0 ? strstr (one, other) != NULL : g_str_has_prefix (one, other);
}

/* a HumanName or an Address is searched by all its parts */
static gboolean
string_matches (JsonNode   *node,
                const char *value,
                const char *modifier)
{
  static const char *const parts[] = { "text", "family", "given", "prefix", "suffix", "line", "city", "district", "state", "postalCode", "country" };

  if (!mw_json_is_object (node))
    {
      const char *text = mw_json_string (node, NULL);

      return text != NULL && text_matches (text, value, modifier);
    }
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GPtrArray) found = g_ptr_array_new ();

      mw_search_collect (node, parts[i], found);
      for (guint j = 0; j < found->len; j++)
        if (string_matches (g_ptr_array_index (found, j), value, modifier))
          return TRUE;
    }
  return FALSE;
}

/**
 * mw_search_local_reference:
 *
 * Returns: (transfer full): @literal as it is written inside the server at @base: relative, versionless
 */
char *
mw_search_local_reference (const char *literal,
                           const char *base)
{
  const char *history = strstr (literal, "/_history/");
  gsize       length = strlen (base);

  if (strncmp (literal, base, length) == 0 && literal[length] == '/')
    literal += length + 1;
  return history != NULL ? g_strndup (literal, (gsize) (history - literal)) : g_strdup (literal);
}

static gboolean
reference_matches (const MwTerm   *term,
                   JsonNode       *node,
                   const char     *value,
                   MwSandboxStore *store,
                   const char     *base)
{
  const char      *literal = mw_json_is_object (node) ? mw_json_string (node, "reference") : mw_json_string (node, NULL);
  g_autofree char *have = NULL;
  g_autofree char *want = NULL;
  const char      *slash;

  if (g_strcmp0 (term->modifier, "identifier") == 0)
    {
      JsonNode *identifier = mw_json_get (node, "identifier");

      return identifier != NULL && token_matches (identifier, value);
    }
  if (literal == NULL)
    return FALSE;
  have = mw_search_local_reference (literal, base);
  slash = strchr (have, '/');
  if (term->chain != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (have, "/", 2);
      JsonNode *target = parts[0] != NULL && parts[1] != NULL ? mw_sandbox_store_get (store, parts[0], parts[1]) : NULL;

      if (target == NULL || (term->modifier != NULL && !mw_resource_is (target, term->modifier)))
        return FALSE;
      return mw_term_matches (term->chain, target, store, base);
    }
  want = mw_search_local_reference (value, base);
  if (term->modifier != NULL)
    {
      g_autofree char *typed = g_strconcat (term->modifier, "/", want, NULL);

      return g_str_equal (have, typed);
    }
  if (strchr (want, '/') == NULL && strchr (want, ':') == NULL)
    return slash != NULL && strchr (slash + 1, '/') == NULL && g_str_equal (slash + 1, want);
  return g_str_equal (have, want);
}

static const char *
take_prefix (const char *value,
             char        prefix[3])
{
  memcpy (prefix, "eq", 3);
  if (g_ascii_islower (value[0]) && g_ascii_islower (value[1]))
    {
      memcpy (prefix, value, 2);
      return value + 2;
    }
  return value;
}

static gboolean
date_matches (JsonNode   *node,
              const char *value)
{
  char   prefix[3];
  gint64 start, end, from, to;

  value = take_prefix (value, prefix);
  if (!mw_search_time_of (node, &start, &end) || !mw_search_parse_date (value, &from, &to))
    return FALSE;
  if (g_str_equal (prefix, "ne"))
    return start < from || end > to;
  if (g_str_equal (prefix, "gt"))
    return end > to;
  if (g_str_equal (prefix, "ge"))
    return end > to || (start >= from && end <= to) || start >= from;
  if (g_str_equal (prefix, "lt"))
    return start < from;
  if (g_str_equal (prefix, "le"))
    return start < to;
  if (g_str_equal (prefix, "sa"))
    return start >= to;
  if (g_str_equal (prefix, "eb"))
    return end <= from;
  if (g_str_equal (prefix, "ap"))
    return start < to + MW_DAYS (1) && end > from - MW_DAYS (1);
  return start >= from && end <= to;
}

static gboolean
number_matches (JsonNode   *node,
                const char *value)
{
  char             prefix[3];
  g_autofree char *have = NULL;
  g_auto (GStrv) parts = NULL;
  double number, want, slack = 0.5;

  value = take_prefix (value, prefix);
  parts = mw_search_split (value, '|');
  have = mw_json_scalar (node, mw_json_is_object (node) ? "value" : NULL);
  if (have == NULL)
    return FALSE;
  if (parts[1] != NULL && parts[2] != NULL)
    if (!same_token (mw_json_string (node, "system"), mw_json_string (node, "code"), *parts[1] != '\0' ? parts[1] : NULL, parts[2]) &&
        g_strcmp0 (mw_json_string (node, "unit"), parts[2]) != 0)
      return FALSE;
  number = g_ascii_strtod (have, NULL);
  want = g_ascii_strtod (parts[0], NULL);
  if (strchr (parts[0], '.') != NULL)
    for (const char *at = strchr (parts[0], '.') + 1; g_ascii_isdigit (*at); at++)
      slack /= 10;
  if (g_str_equal (prefix, "gt") || g_str_equal (prefix, "sa"))
    return number > want;
  if (g_str_equal (prefix, "lt") || g_str_equal (prefix, "eb"))
    return number < want;
  if (g_str_equal (prefix, "ge"))
    return number >= want;
  if (g_str_equal (prefix, "le"))
    return number <= want;
  return (number >= want - slack && number < want + slack) != g_str_equal (prefix, "ne");
}

static gboolean
value_matches (const MwTerm   *term,
               JsonNode       *node,
               const char     *value,
               MwSandboxStore *store,
               const char     *base)
{
  const char *text;

  switch (term->param.kind)
    {
    case MW_SEARCH_TOKEN:
      return token_matches (node, value);
    case MW_SEARCH_STRING:
      return string_matches (node, value, term->modifier);
    case MW_SEARCH_REFERENCE:
      return reference_matches (term, node, value, store, base);
    case MW_SEARCH_DATE:
      return date_matches (node, value);
    case MW_SEARCH_NUMBER:
    case MW_SEARCH_QUANTITY:
      return number_matches (node, value);
    case MW_SEARCH_URI:
    default:
      text = mw_json_string (node, NULL);
      if (text == NULL)
        return FALSE;
      return g_strcmp0 (term->modifier, "below") == 0 ? g_str_has_prefix (text, value) : g_str_equal (text, value);
    }
}

/**
 * mw_term_matches:
 *
 * Returns: whether @resource meets @term: any of its values, in any of the places it looks at
 */
gboolean
mw_term_matches (const MwTerm   *term,
                 JsonNode       *resource,
                 MwSandboxStore *store,
                 const char     *base)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new ();
  gboolean hit = FALSE;

  for (char **path = term->param.paths; *path != NULL; path++)
    mw_search_collect (resource, *path, nodes);
  if (g_strcmp0 (term->modifier, "missing") == 0)
    return (nodes->len == 0) == g_str_equal (term->values[0], "true");
  if (term->chain != NULL)
    {
      for (guint i = 0; i < nodes->len && !hit; i++)
        hit = reference_matches (term, g_ptr_array_index (nodes, i), "", store, base);
      return hit;
    }
  for (char **value = term->values; *value != NULL && !hit; value++)
    for (guint i = 0; i < nodes->len && !hit; i++)
      hit = value_matches (term, g_ptr_array_index (nodes, i), *value, store, base);
  return hit != (g_strcmp0 (term->modifier, "not") == 0);
}

/**
 * mw_term_check_value:
 *
 * Returns: whether @value is one that a parameter of this kind can have
 */
gboolean
mw_term_check_value (const MwTerm *term,
                     const char   *value)
{
  char   prefix[3];
  gint64 start, end;

  if (*value == '\0')
    return FALSE;
  if (g_strcmp0 (term->modifier, "missing") == 0)
    return g_str_equal (value, "true") || g_str_equal (value, "false");
  if (term->param.kind == MW_SEARCH_DATE || term->param.kind == MW_SEARCH_NUMBER || term->param.kind == MW_SEARCH_QUANTITY)
    {
      value = take_prefix (value, prefix);
      if (strstr ("eq ne gt lt ge le sa eb ap", prefix) == NULL)
        return FALSE;
      if (term->param.kind == MW_SEARCH_DATE)
        return mw_search_parse_date (value, &start, &end);
      return g_ascii_isdigit (*value) || *value == '-' || *value == '.';
    }
  return TRUE;
}
