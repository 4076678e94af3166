/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-json-canonical.h"

#include <string.h>

static gboolean write_node (GString    *text,
                            JsonNode   *node,
                            const char *without);

/* RFC 8785, 3.2.2.2 */
static void
write_string (GString    *text,
              const char *value)
{
  static const char short_ones[] = "\b\t\n\f\r";
  static const char letters[] = "btnfr";

  g_string_append_c (text, '"');
  for (const char *at = value; *at != '\0'; at++)
    {
      const char *known = strchr (short_ones, *at);

      if (known != NULL)
        g_string_append_printf (text, "\\%c", letters[known - short_ones]);
      else if (*at == '"' || *at == '\\')
        g_string_append_printf (text, "\\%c", *at);
      else if ((guchar) *at < 0x20)
        g_string_append_printf (text, "\\u%04x", (guint) *at);
      else
        g_string_append_c (text, *at);
    }
  g_string_append_c (text, '"');
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (a, b);
}

static gboolean
write_object (GString    *text,
              JsonObject *object,
              const char *without)
{
  g_autoptr (GList) names = g_list_sort (json_object_get_members (object), compare_names);
  gboolean is_first = TRUE;

  g_string_append_c (text, '{');
  for (GList *at = names; at != NULL; at = at->next)
    {
      if (g_strcmp0 (at->data, without) == 0)
        continue;
      if (!is_first)
        g_string_append_c (text, ',');
      is_first = FALSE;
      write_string (text, at->data);
      g_string_append_c (text, ':');
      if (!write_node (text, json_object_get_member (object, at->data), NULL))
        return FALSE;
    }
  g_string_append_c (text, '}');
  return TRUE;
}

static gboolean
write_array (GString   *text,
             JsonArray *array)
{
  g_string_append_c (text, '[');
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      if (!write_node (text, json_array_get_element (array, i), NULL))
        return FALSE;
    }
  g_string_append_c (text, ']');
  return TRUE;
}

static gboolean
write_value (GString  *text,
             JsonNode *node)
{
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    write_string (text, json_node_get_string (node));
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    g_string_append (text, json_node_get_boolean (node) ? "true" : "false");
  else if (json_node_get_value_type (node) == G_TYPE_INT64)
    g_string_append_printf (text, "%" G_GINT64_FORMAT, json_node_get_int (node));
  else
    return FALSE;
  return TRUE;
}

static gboolean
write_node (GString    *text,
            JsonNode   *node,
            const char *without)
{
  switch (JSON_NODE_TYPE (node))
    {
    case JSON_NODE_OBJECT:
      return write_object (text, json_node_get_object (node), without);
    case JSON_NODE_ARRAY:
      return write_array (text, json_node_get_array (node));
    case JSON_NODE_VALUE:
      return write_value (text, node);
    case JSON_NODE_NULL:
    default:
      g_string_append (text, "null");
      return TRUE;
    }
}

/**
 * mw_json_canonical:
 * @without: (nullable): a member of the outermost object that is left out
 *
 * The form of RFC 8785 (JSON Canonicalization Scheme), for documents whose names are ASCII and whose numbers are whole:
 * the same document gives the same bytes, whoever has written it and with whatever space in between.
 *
 * Returns: (transfer full) (nullable): NULL when there is a number that is not whole
 */
char *
mw_json_canonical (JsonNode   *node,
                   const char *without)
{
  g_autoptr (GString) text = g_string_new (NULL);

  return write_node (text, node, without) ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
