/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-rewrite.h"

#include "mw-json.h"

#include <string.h>

/* besides references, urls and uris may name what is in the same Bundle (FHIR R4 http.html#trules) */
static gboolean
can_refer (const char *name,
           const char *text)
{
  static const char *const urls[] = { "url", "valueUrl", "valueUri", NULL };

  return g_str_equal (name, "reference") || (g_str_has_prefix (text, "urn:uuid:") && g_strv_contains (urls, name));
}

/**
 * mw_rewrite_references:
 * @node: a tree that can be written to
 */
void
mw_rewrite_references (JsonNode     *node,
                       MwRewriteFunc func,
                       gpointer      user_data)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func (g_free);
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *member;

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    {
      guint n = mw_json_length (node, NULL);

      for (guint i = 0; i < n; i++)
        mw_rewrite_references (mw_json_item (node, NULL, i), func, user_data);
      return;
    }
  if (!mw_json_is_object (node))
    return;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &member))
    {
      const char *text = JSON_NODE_HOLDS_VALUE (member) ? mw_json_string (member, NULL) : NULL;
      char       *changed = text != NULL && can_refer (name, text) ? func (text, user_data) : NULL;

      if (changed != NULL)
        {
          g_ptr_array_add (changes, g_strdup (name));
          g_ptr_array_add (changes, changed);
        }
      else if (text == NULL)
        mw_rewrite_references (member, func, user_data);
    }
  for (guint i = 0; i < changes->len; i += 2)
    mw_json_set (node, g_ptr_array_index (changes, i), g_ptr_array_index (changes, i + 1));
}
