/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-json-private.h"

#include <string.h>

/* ---- parsing --------------------------------------------------------- */

typedef struct
{
  const char *at;
  const char *end;
  GString    *out;
} Scan;

static gboolean
is_number_char (char c)
{
  return g_ascii_isdigit (c) || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
}

/* json-glib keeps 64 bit integers exactly; whatever else a number can be is carried as text */
static void
scan_number (Scan *scan)
{
  const char *start = scan->at;
  gboolean    plain = TRUE;
  gsize       length;

  while (scan->at < scan->end && is_number_char (*scan->at))
    {
      if (*scan->at == '.' || *scan->at == 'e' || *scan->at == 'E')
        plain = FALSE;
      scan->at++;
    }
  length = (gsize) (scan->at - start);
  if (length > 18)
    plain = FALSE;

  if (!plain)
    g_string_append (scan->out, "\"" MW_JSON_DECIMAL_MARK);
  g_string_append_len (scan->out, start, (gssize) length);
  if (!plain)
    g_string_append_c (scan->out, '"');
}

static gint
hex4 (const char *at,
      const char *end)
{
  gint value = 0;

  if (end - at < 4)
    return -1;
  for (int i = 0; i < 4; i++)
    {
      gint digit = g_ascii_xdigit_value (at[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  return value;
}

/* \u escapes can smuggle in NUL, lone surrogates and our own mark: they become U+FFFD */
static void
scan_unicode_escape (Scan *scan)
{
  gint unit = hex4 (scan->at + 2, scan->end);

  if (unit >= 0xd800 && unit <= 0xdbff && scan->end - scan->at >= 12 && scan->at[6] == '\\' && scan->at[7] == 'u')
    {
      gint low = hex4 (scan->at + 8, scan->end);

      if (low >= 0xdc00 && low <= 0xdfff)
        {
          g_string_append_len (scan->out, scan->at, 12);
          scan->at += 12;
          return;
        }
    }
  if (unit < 0)
    {
      /* no escape at all: let the parser complain */
      g_string_append_len (scan->out, scan->at, 2);
      scan->at += 2;
      return;
    }
  if (unit == 0 || (unit >= 0xd800 && unit <= 0xdfff) || unit == 0xfdd0)
    g_string_append (scan->out, "\\ufffd");
  else
    g_string_append_len (scan->out, scan->at, 6);
  scan->at += 6;
}

static gboolean
scan_string (Scan *scan)
{
  g_string_append_c (scan->out, *scan->at++);
  while (scan->at < scan->end)
    {
      char c = *scan->at;

      if (c == '"')
        {
          g_string_append_c (scan->out, c);
          scan->at++;
          return TRUE;
        }
      if (c == '\\' && scan->at + 1 < scan->end)
        {
          if (scan->at[1] == 'u')
            {
              scan_unicode_escape (scan);
              continue;
            }
          g_string_append_len (scan->out, scan->at, 2);
          scan->at += 2;
          continue;
        }
      /* the text need not end with NUL */
      if ((gsize) (scan->end - scan->at) >= strlen (MW_JSON_DECIMAL_MARK) && memcmp (scan->at, MW_JSON_DECIMAL_MARK, strlen (MW_JSON_DECIMAL_MARK)) == 0)
        {
          g_string_append (scan->out, "\xEF\xBF\xBD");
          scan->at += strlen (MW_JSON_DECIMAL_MARK);
          continue;
        }
      /* a raw control character breaks the standard but not the meaning */
      if ((guchar) c < 0x20)
        g_string_append_printf (scan->out, "\\u%04x", (guint) (guchar) c);
      else
        g_string_append_c (scan->out, c);
      scan->at++;
    }
  return FALSE;
}

static char *
prepare (const char *data,
         gsize       length,
         GError    **error)
{
  Scan  scan = { data, data + length, g_string_sized_new (length + length / 16 + 16) };
  guint depth = 0;

  while (scan.at < scan.end)
    {
      char c = *scan.at;

      if (c == '"')
        {
          if (!scan_string (&scan))
            {
              g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_SYNTAX, "The JSON text ends inside a string");
              g_string_free (scan.out, TRUE);
              return NULL;
            }
          continue;
        }
      if (g_ascii_isdigit (c) || c == '-')
        {
          scan_number (&scan);
          continue;
        }
      if ((c == '{' || c == '[') && ++depth > MW_JSON_MAX_DEPTH)
        {
          g_set_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_TOO_DEEP, "The JSON text is nested deeper than %d levels", MW_JSON_MAX_DEPTH);
          g_string_free (scan.out, TRUE);
          return NULL;
        }
      if ((c == '}' || c == ']') && depth > 0)
        depth--;
      g_string_append_c (scan.out, c);
      scan.at++;
    }
  return g_string_free (scan.out, FALSE);
}

/**
 * mw_json_parse:
 * @data: JSON text in UTF-8, with or without a byte order mark
 * @length: its length in bytes, or -1 when it ends with NUL
 *
 * Parses one JSON document (FHIR R4 json.html). Decimals keep their text; nesting is limited to
 * MW_JSON_MAX_DEPTH. The size is the caller's to limit. Any thread.
 *
 * Returns: (transfer full): the root, or NULL with MW_FHIR_ERROR_SYNTAX or MW_FHIR_ERROR_TOO_DEEP
 */
JsonNode *
mw_json_parse (const char *data,
               gssize      length,
               GError    **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *text = NULL;
  JsonNode        *root;

  g_return_val_if_fail (data != NULL, NULL);

  if (length < 0)
    length = (gssize) strlen (data);
  if (length >= 3 && memcmp (data, "\xEF\xBB\xBF", 3) == 0)
    {
      data += 3;
      length -= 3;
    }
  if (!g_utf8_validate_len (data, (gsize) length, NULL))
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_SYNTAX, "The text is not valid UTF-8");
      return NULL;
    }
  text = prepare (data, (gsize) length, error);
  if (text == NULL)
    return NULL;

  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, -1, &local))
    {
      /* json-glib's message quotes the text, which may hold patient data */
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_SYNTAX, "The text is not JSON");
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root == NULL)
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_SYNTAX, "The text is empty");
      return NULL;
    }
  return json_node_ref (root);
}

/**
 * mw_json_to_text:
 * @pretty: whether to indent it for people
 *
 * Returns: (transfer full): the JSON text of @node, decimals as they came
 */
char *
mw_json_to_text (JsonNode *node,
                 gboolean  pretty)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL;
  const char      *mark = "\"" MW_JSON_DECIMAL_MARK;
  const char      *at, *hit;
  GString         *out;

  g_return_val_if_fail (node != NULL, NULL);

  json_generator_set_root (generator, node);
  json_generator_set_pretty (generator, pretty);
  text = json_generator_to_data (generator, NULL);
  if (strstr (text, mark) == NULL)
    return g_steal_pointer (&text);

  out = g_string_sized_new (strlen (text));
  for (at = text; (hit = strstr (at, mark)) != NULL;)
    {
      const char *number = hit + strlen (mark);
      const char *close = strchr (number, '"');

      g_string_append_len (out, at, hit - at);
      g_string_append_len (out, number, close - number);
      at = close + 1;
    }
  g_string_append (out, at);
  return g_string_free (out, FALSE);
}

/* Past the string that begins at @at, with its quotes; @end when it does not end */
static const char *
skip_string (const char *at,
             const char *end)
{
  for (at++; at < end && *at != '"'; at++)
    if (*at == '\\')
      at++;
  return at < end ? at + 1 : end;
}

/**
 * mw_json_slice:
 * @data: the text of a JSON object that mw_json_parse() has taken
 * @member: a member of it
 * @start: (out): where its value begins in @data
 * @size: (out): how many bytes it has
 *
 * Finds the bytes of a member exactly as they were sent, which a written tree would not give back.
 *
 * Returns: FALSE when @data has no such member at its top level
 */
gboolean
mw_json_slice (const char  *data,
               gsize        length,
               const char  *member,
               const char **start,
               gsize       *size)
{
  const char *end = data + length;
  const char *key = NULL, *value = NULL;
  gsize       key_length = 0;
  guint       depth = 0;

  for (const char *at = data; at < end;)
    {
      const char *next = at + 1;

      if (*at == '"')
        {
          next = skip_string (at, end);
          if (depth == 1 && value == NULL)
            {
              key = at + 1;
              key_length = (gsize) (next - at) - 2;
            }
        }
      else if (*at == ':' && depth == 1 && value == NULL && key != NULL && key_length == strlen (member) && strncmp (key, member, key_length) == 0)
        value = at + 1;
      else if (*at == '{' || *at == '[')
        depth++;
      else if ((*at == '}' || *at == ']') && depth > 0)
        depth--;
      if (value != NULL && ((*at == ',' && depth == 1) || depth == 0))
        {
          while (value < at && g_ascii_isspace (*value))
            value++;
          while (at > value && g_ascii_isspace (at[-1]))
            at--;
          *start = value;
          *size = (gsize) (at - value);
          return TRUE;
        }
      if (*at == ',' && depth == 1)
        key = NULL;
      at = next;
    }
  return FALSE;
}

/* ---- reading --------------------------------------------------------- */

/* One step into @node: the member @name, or @node itself when @name is empty */
static JsonNode *
step (JsonNode   *node,
      const char *name,
      gsize       length,
      gint64      index)
{
  if (length > 0)
    {
      char key[128];

      if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
        node = mw_json_item (node, NULL, 0);
      if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node) || length >= sizeof key)
        return NULL;
      memcpy (key, name, length);
      key[length] = '\0';
      node = json_object_get_member (json_node_get_object (node), key);
    }
  if (index >= 0)
    node = mw_json_item (node, NULL, (guint) index);
  return node;
}

gboolean
mw_json_path_next (const char **path,
                   const char **name,
                   gsize       *length,
                   gint64      *index)
{
  const char *at = *path;

  if (at == NULL || *at == '\0')
    return FALSE;
  *name = at;
  *length = strcspn (at, ".[");
  *index = -1;
  at += *length;
  if (*at == '[')
    {
      char *end;

      if (at[1] == '+')
        {
          *index = G_MAXUINT32;
          end = (char *) at + 2;
        }
      else
        *index = (gint64) g_ascii_strtoull (at + 1, &end, 10);
      g_assert (*end == ']');
      at = end + 1;
    }
  if (*at == '.')
    at++;
  *path = at;
  return TRUE;
}

/**
 * mw_json_get:
 * @node: (nullable): where to start
 * @path: (nullable): an element path; NULL or "" is @node itself
 *
 * Returns: (transfer none) (nullable): the node there; JSON null counts as absent
 */
JsonNode *
mw_json_get (JsonNode   *node,
             const char *path)
{
  const char *name;
  gsize       length;
  gint64      index;

  while (node != NULL && mw_json_path_next (&path, &name, &length, &index))
    node = step (node, name, length, index);
  if (node != NULL && JSON_NODE_HOLDS_NULL (node))
    return NULL;
  return node;
}

gboolean
mw_json_has (JsonNode   *node,
             const char *path)
{
  return mw_json_get (node, path) != NULL;
}

static JsonNode *
get_value (JsonNode   *node,
           const char *path)
{
  node = mw_json_get (node, path);
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    node = mw_json_item (node, NULL, 0);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

/**
 * mw_json_string:
 *
 * Returns: (transfer none) (nullable): the string there; an empty string (which FHIR forbids)
 *   and a number count as absent
 */
const char *
mw_json_string (JsonNode   *node,
                const char *path)
{
  const char *text;

  node = get_value (node, path);
  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  text = json_node_get_string (node);
  if (text == NULL || *text == '\0' || g_str_has_prefix (text, MW_JSON_DECIMAL_MARK))
    return NULL;
  return text;
}

/**
 * mw_json_scalar:
 *
 * Returns: (transfer full) (nullable): the text of any primitive there: string, number as it was
 *   written, "true" or "false"
 */
char *
mw_json_scalar (JsonNode   *node,
                const char *path)
{
  const char *text;

  node = get_value (node, path);
  if (node == NULL)
    return NULL;
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_BOOLEAN:
      return g_strdup (json_node_get_boolean (node) ? "true" : "false");
    case G_TYPE_INT64:
      return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
    case G_TYPE_STRING:
      text = json_node_get_string (node);
      if (text == NULL || *text == '\0')
        return NULL;
      return g_strdup (g_str_has_prefix (text, MW_JSON_DECIMAL_MARK) ? text + strlen (MW_JSON_DECIMAL_MARK) : text);
    default:
      return NULL;
    }
}

/**
 * mw_json_boolean:
 *
 * Returns: the boolean there, also when written as the string "true" or "false"; else @fallback
 */
gboolean
mw_json_boolean (JsonNode   *node,
                 const char *path,
                 gboolean    fallback)
{
  g_autofree char *text = mw_json_scalar (node, path);

  if (g_strcmp0 (text, "true") == 0)
    return TRUE;
  if (g_strcmp0 (text, "false") == 0)
    return FALSE;
  return fallback;
}

/**
 * mw_json_integer:
 *
 * Returns: the whole number there, also when written as a string (integer64); else @fallback
 */
gint64
mw_json_integer (JsonNode   *node,
                 const char *path,
                 gint64      fallback)
{
  g_autofree char *text = mw_json_scalar (node, path);
  gint64           value;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &value, NULL))
    return fallback;
  return value;
}

/**
 * mw_json_length:
 *
 * Returns: how many elements stand there: the members of an array, 1 for anything else, 0 for nothing
 */
guint
mw_json_length (JsonNode   *node,
                const char *path)
{
  node = mw_json_get (node, path);
  if (node == NULL)
    return 0;
  return JSON_NODE_HOLDS_ARRAY (node) ? json_array_get_length (json_node_get_array (node)) : 1;
}

/**
 * mw_json_item:
 *
 * Returns: (transfer none) (nullable): element @index of what stands at @path
 */
JsonNode *
mw_json_item (JsonNode   *node,
              const char *path,
              guint       index)
{
  node = mw_json_get (node, path);
  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      node = index < json_array_get_length (array) ? json_array_get_element (array, index) : NULL;
    }
  else if (index > 0)
    return NULL;
  return node != NULL && JSON_NODE_HOLDS_NULL (node) ? NULL : node;
}

/**
 * mw_json_choice:
 * @prefix: the name before [x], such as "value" or "event"
 * @suffix: (out) (optional) (transfer none): the data type that was found, such as "Quantity"
 *
 * Finds a choice element (FHIR R4 formats.html#choice).
 *
 * Returns: (transfer none) (nullable): its value
 */
JsonNode *
mw_json_choice (JsonNode    *node,
                const char  *prefix,
                const char **suffix)
{
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;
  gsize          length = strlen (prefix);

  if (suffix != NULL)
    *suffix = NULL;
  if (!mw_json_is_object (node))
    return NULL;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &value))
    if (strncmp (name, prefix, length) == 0 && g_ascii_isupper (name[length]) && !JSON_NODE_HOLDS_NULL (value))
      {
        if (suffix != NULL)
          *suffix = name + length;
        return value;
      }
  return NULL;
}

gboolean
mw_json_is_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node);
}

/**
 * mw_json_extension:
 * @url: the extension's canonical URL
 *
 * Returns: (transfer none) (nullable): the first extension of @node with that URL (R4 extensibility.html)
 */
JsonNode *
mw_json_extension (JsonNode   *node,
                   const char *url)
{
  guint n = mw_json_length (node, "extension");

  for (guint i = 0; i < n; i++)
    {
      JsonNode *extension = mw_json_item (node, "extension", i);

      if (g_strcmp0 (mw_json_string (extension, "url"), url) == 0)
        return extension;
    }
  return NULL;
}

const char *
mw_resource_type (JsonNode *node)
{
  return mw_json_is_object (node) ? mw_json_string (node, "resourceType") : NULL;
}

const char *
mw_resource_id (JsonNode *node)
{
  return mw_json_is_object (node) ? mw_json_string (node, "id") : NULL;
}

gboolean
mw_resource_is (JsonNode   *node,
                const char *type)
{
  return g_strcmp0 (mw_resource_type (node), type) == 0;
}
