/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-json-private.h"

#include <string.h>

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
