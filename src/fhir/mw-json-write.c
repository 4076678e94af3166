/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-json-private.h"

#include <string.h>

static void
copy_member (JsonObject *object,
             const char *name,
             JsonNode   *member,
             gpointer    user_data)
{
  json_object_set_member (user_data, name, mw_json_copy (member));
}

static void
copy_element (JsonArray *array,
              guint      index,
              JsonNode  *element,
              gpointer   user_data)
{
  json_array_add_element (user_data, mw_json_copy (element));
}

/**
 * mw_json_copy:
 *
 * Returns: (transfer full): a deep copy of @node that can be written to; json_node_copy() shares the
 *   objects and arrays inside, and a parsed tree is immutable
 */
JsonNode *
mw_json_copy (JsonNode *node)
{
  JsonNode *copy = json_node_alloc ();

  switch (JSON_NODE_TYPE (node))
    {
    case JSON_NODE_OBJECT:
      {
        JsonObject *object = json_object_new ();

        json_object_foreach_member (json_node_get_object (node), copy_member, object);
        json_node_init (copy, JSON_NODE_OBJECT);
        json_node_take_object (copy, object);
        return copy;
      }
    case JSON_NODE_ARRAY:
      {
        JsonArray *array = json_array_new ();

        json_array_foreach_element (json_node_get_array (node), copy_element, array);
        json_node_init (copy, JSON_NODE_ARRAY);
        json_node_take_array (copy, array);
        return copy;
      }
    case JSON_NODE_VALUE:
      {
        GValue value = G_VALUE_INIT;

        json_node_init (copy, JSON_NODE_VALUE);
        json_node_get_value (node, &value);
        json_node_set_value (copy, &value);
        g_value_unset (&value);
        return copy;
      }
    case JSON_NODE_NULL:
    default:
      return json_node_init_null (copy);
    }
}

JsonNode *
mw_json_object_new (void)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, json_object_new ());
  return node;
}

/**
 * mw_resource_new:
 *
 * Returns: (transfer full): an empty resource of @type, to be filled with mw_json_set()
 */
JsonNode *
mw_resource_new (const char *type)
{
  JsonNode *node = mw_json_object_new ();

  mw_json_set (node, "resourceType", type);
  return node;
}

static JsonNode *
ensure_member (JsonNode   *node,
               const char *name,
               gboolean    array)
{
  JsonObject *object = json_node_get_object (node);
  JsonNode   *member = json_object_get_member (object, name);

  if (member == NULL || JSON_NODE_HOLDS_NULL (member))
    {
      if (array)
        {
          member = json_node_new (JSON_NODE_ARRAY);
          json_node_take_array (member, json_array_new ());
        }
      else
        member = mw_json_object_new ();
      json_object_set_member (object, name, member);
    }
  return member;
}

/* Puts @value (taken) at element @index of @array; past the end it is appended */
static void
put_element (JsonArray *array,
             gint64     index,
             JsonNode  *value)
{
  guint length = json_array_get_length (array);

  if (index >= (gint64) length)
    {
      json_array_add_element (array, value);
      return;
    }
  /* json-glib 1.6 has no "set": rebuild from the end */
  {
    g_autoptr (GPtrArray) tail = g_ptr_array_new ();

    for (guint i = (guint) index + 1; i < length; i++)
      g_ptr_array_add (tail, json_node_ref (json_array_get_element (array, i)));
    for (guint i = length; i > (guint) index; i--)
      json_array_remove_element (array, i - 1);
    json_array_add_element (array, value);
    for (guint i = 0; i < tail->len; i++)
      json_array_add_element (array, g_ptr_array_index (tail, i));
  }
}

/**
 * mw_json_take:
 * @node: a mutable object, as mw_resource_new() or json_node_copy() give it
 * @path: where; "[n]" makes an array of what it follows, "[+]" appends to it
 * @value: (transfer full): what to put there
 *
 * Writes @value at @path, making the objects and arrays on the way. The path is the programmer's:
 * a path through something that is neither is an assertion.
 */
void
mw_json_take (JsonNode   *node,
              const char *path,
              JsonNode   *value)
{
  const char *name;
  gsize       length;
  gint64      index;

  g_return_if_fail (mw_json_is_object (node));
  g_return_if_fail (value != NULL);

  while (mw_json_path_next (&path, &name, &length, &index))
    {
      g_autofree char *key = g_strndup (name, length);
      gboolean         last = *path == '\0';
      JsonNode        *member;

      if (last && index < 0)
        {
          json_object_set_member (json_node_get_object (node), key, value);
          return;
        }
      member = ensure_member (node, key, index >= 0);
      if (index >= 0)
        {
          JsonArray *array;

          g_return_if_fail (JSON_NODE_HOLDS_ARRAY (member));
          array = json_node_get_array (member);
          if (last)
            {
              put_element (array, index, value);
              return;
            }
          if (index >= (gint64) json_array_get_length (array))
            {
              json_array_add_element (array, mw_json_object_new ());
              index = (gint64) json_array_get_length (array) - 1;
            }
          member = json_array_get_element (array, (guint) index);
        }
      else if (JSON_NODE_HOLDS_ARRAY (member))
        member = mw_json_item (member, NULL, 0);
      g_return_if_fail (mw_json_is_object (member));
      node = member;
    }
}

/**
 * mw_json_set:
 * @value: (nullable): NULL leaves @node as it is, so that an absent thing needs no "if"
 */
void
mw_json_set (JsonNode   *node,
             const char *path,
             const char *value)
{
  if (value != NULL)
    mw_json_take (node, path, json_node_init_string (json_node_alloc (), value));
}

void
mw_json_set_boolean (JsonNode   *node,
                     const char *path,
                     gboolean    value)
{
  mw_json_take (node, path, json_node_init_boolean (json_node_alloc (), value));
}

void
mw_json_set_integer (JsonNode   *node,
                     const char *path,
                     gint64      value)
{
  mw_json_take (node, path, json_node_init_int (json_node_alloc (), value));
}

/**
 * mw_json_set_decimal:
 * @text: a JSON number, kept to the letter ("1.00" stays "1.00")
 */
void
mw_json_set_decimal (JsonNode   *node,
                     const char *path,
                     const char *text)
{
  g_autofree char *marked = g_strconcat (MW_JSON_DECIMAL_MARK, text, NULL);

  g_return_if_fail (strspn (text, "0123456789+-.eE") == strlen (text));
  mw_json_set (node, path, marked);
}

void
mw_json_remove (JsonNode   *node,
                const char *member)
{
  g_return_if_fail (mw_json_is_object (node));
  json_object_remove_member (json_node_get_object (node), member);
}
