/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-validate-private.h"

#include "mw-json.h"
#include "mw-definitions.h"
#include "mw-search.h"

#include <string.h>

#define LENGTH_DATE 10

static gboolean
is_id (const char *text)
{
  gsize length = strlen (text);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '-' && text[i] != '.')
      return FALSE;
  return length > 0 && length <= 64;
}

static gboolean
is_code (const char *text)
{
  gsize length = strlen (text);

  if (g_ascii_isspace (text[0]) || g_ascii_isspace (text[length - 1]))
    return FALSE;
  return strstr (text, "  ") == NULL && strpbrk (text, "\t\r\n") == NULL;
}

static gboolean
is_blank (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

static gboolean
is_date (const char *type,
         const char *text)
{
  gint64 start, end;
  gsize  length = strlen (text);

  if (!mw_search_parse_date (text, &start, &end))
    return FALSE;
  if (g_str_equal (type, "date"))
    return length <= LENGTH_DATE;
  if (length <= LENGTH_DATE)
    return g_str_equal (type, "dateTime");
  /* a time needs seconds and a zone (FHIR R4 datatypes.html#dateTime) */
  return length > LENGTH_DATE + 9 && text[LENGTH_DATE + 6] == ':' &&
         (g_str_has_suffix (text, "Z") || text[length - 6] == '+' || text[length - 6] == '-');
}

static gboolean
is_time (const char *text)
{
  g_autofree char *full = g_strconcat ("2000-01-01T", text, "Z", NULL);

  return strlen (text) >= 8 && is_date ("instant", full);
}

static gboolean
is_base64 (const char *text)
{
  gsize count = 0;

  for (const char *at = text; *at != '\0'; at++)
    {
      if (g_ascii_isspace (*at))
        continue;
      if (!g_ascii_isalnum (*at) && strchr ("+/=", *at) == NULL)
        return FALSE;
      count++;
    }
  return count > 0 && count % 4 == 0;
}

typedef struct
{
  guint    depth;
  gboolean bad;
} Narrative;

static void
narrative_start (GMarkupParseContext *context,
                 const char          *name,
                 const char         **attribute_names,
                 const char         **attribute_values,
                 gpointer             user_data,
                 GError             **error)
{
  static const char *const forbidden[] = { "script", "style", "iframe", "object", "embed", "form", "input", "link", "meta",
                                           "head", "body", "html", "base", "frame", "button", NULL };
  Narrative               *narrative = user_data;

  if (narrative->depth++ == 0 && !g_str_equal (name, "div"))
    narrative->bad = TRUE;
  if (g_strv_contains (forbidden, name))
    narrative->bad = TRUE;
  for (guint i = 0; attribute_names[i] != NULL; i++)
    if (g_str_has_prefix (attribute_names[i], "on"))
      narrative->bad = TRUE;
}

/* FHIR R4 narrative.html: one div of basic XHTML, nothing that acts */
static gboolean
is_xhtml (const char *text)
{
  GMarkupParser    parser = { narrative_start, NULL, NULL, NULL, NULL };
  Narrative        narrative = { 0, FALSE };
  g_autofree char *plain = NULL;
  g_autoptr (GRegex) entity = g_regex_new ("&(?!(amp|lt|gt|quot|apos);)[A-Za-z0-9]+;", 0, 0, NULL);
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &narrative, NULL);

  plain = g_regex_replace_literal (entity, text, -1, 0, " ", 0, NULL);
  if (plain == NULL || strstr (plain, "http://www.w3.org/1999/xhtml") == NULL)
    return FALSE;
  return g_markup_parse_context_parse (context, plain, -1, NULL) &&
         g_markup_parse_context_end_parse (context, NULL) && narrative.depth > 0 && !narrative.bad;
}

static gboolean
is_number (JsonNode *node,
           gboolean  whole)
{
  g_autofree char *text = NULL;

  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return TRUE;
  if (whole || json_node_get_value_type (node) != G_TYPE_STRING || mw_json_string (node, NULL) != NULL)
    return FALSE;
  /* a decimal: the parser keeps its text where no string can stand */
  text = mw_json_scalar (node, NULL);
  return text != NULL;
}

static const char *
check_whole (const char *type,
             JsonNode   *node)
{
  gint64 lowest = g_str_equal (type, "integer") ? G_MININT32 : g_str_equal (type, "positiveInt") ? 1
                                                                                                 : 0;
  gint64 value;

  if (!is_number (node, TRUE))
    return "a whole number";
  value = mw_json_integer (node, NULL, G_MAXINT64);
  return value < lowest || value > G_MAXINT32 ? "a whole number in the range of its type" : NULL;
}

static const char *
check_text (const char *type,
            const char *text)
{
  static const char *const dates[] = { "date", "dateTime", "instant", NULL };

  if (g_strv_contains (dates, type))
    return is_date (type, text) ? NULL : "a date or time that exists, in FHIR's form";
  if (g_str_equal (type, "time"))
    return is_time (text) ? NULL : "a time of day";
  if (g_str_equal (type, "id"))
    return is_id (text) ? NULL : "an id of 1 to 64 letters, digits, “-” and “.”";
  if (g_str_equal (type, "code"))
    return is_code (text) ? NULL : "a code without spaces around it";
  if (g_str_equal (type, "base64Binary"))
    return is_base64 (text) ? NULL : "base64";
  if (g_str_equal (type, "xhtml"))
    return is_xhtml (text) ? NULL : "a well-formed XHTML div without active content";
  if (g_str_equal (type, "oid"))
    return g_str_has_prefix (text, "urn:oid:") ? NULL : "a urn:oid:";
  if (g_str_equal (type, "uuid"))
    return g_str_has_prefix (text, "urn:uuid:") && g_uuid_string_is_valid (text + 9) ? NULL : "a urn:uuid:";
  if (g_str_has_prefix (type, "ur") || g_str_equal (type, "canonical"))
    return strpbrk (text, " \t\r\n") == NULL ? NULL : "a URI without spaces";
  return is_blank (text) ? "more than white space" : NULL;
}

/**
 * mw_validate_primitive:
 * @type: a primitive data type
 *
 * Returns: (nullable): what the value should have been (FHIR R4 datatypes.html); NULL when it is right
 */
const char *
mw_validate_primitive (const char *type,
                       JsonNode   *node)
{
  const char *text;

  if (g_str_equal (type, "boolean"))
    return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN ? NULL : "true or false";
  if (g_str_equal (type, "integer") || g_str_equal (type, "positiveInt") || g_str_equal (type, "unsignedInt"))
    return check_whole (type, node);
  if (g_str_equal (type, "decimal"))
    return is_number (node, FALSE) ? NULL : "a number";
  text = JSON_NODE_HOLDS_VALUE (node) ? mw_json_string (node, NULL) : NULL;
  return text != NULL ? check_text (type, text) : "a string that is not empty";
}

static void
key_table_free (gpointer data)
{
  if (data != NULL)
    g_hash_table_unref (data);
}

/**
 * mw_validate_keys:
 * @data: JSON that was parsed already
 *
 * A member written twice has no meaning that everyone shares (FHIR R4 json.html).
 */
void
mw_validate_keys (const char *data,
                  gsize       length,
                  MwIssues   *issues)
{
  g_autoptr (GPtrArray) open = g_ptr_array_new_with_free_func (key_table_free);
  const char *end = data + length;
  gboolean    expect_key = FALSE;

  for (const char *at = data; at < end; at++)
    {
      if (*at == '{' || *at == '[')
        {
          g_ptr_array_add (open, *at == '{' ? g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) : NULL);
          expect_key = *at == '{';
        }
      else if ((*at == '}' || *at == ']') && open->len > 0)
        g_ptr_array_set_size (open, (gint) open->len - 1);
      else if (*at == ',')
        expect_key = open->len > 0 && g_ptr_array_index (open, open->len - 1) != NULL;
      else if (*at == '"')
        {
          const char *start = ++at;

          while (at < end && *at != '"')
            at += *at == '\\' ? 2 : 1;
          if (expect_key && at < end && open->len > 0)
            {
              g_autofree char *key = g_strndup (start, (gsize) (at - start));

              if (!g_hash_table_add (g_ptr_array_index (open, open->len - 1), g_strdup (key)))
                mw_issues_add (issues, 400, "structure", NULL, "The member “%s” stands twice in one object", key);
            }
          expect_key = FALSE;
        }
    }
}
