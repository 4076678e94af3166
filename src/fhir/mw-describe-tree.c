/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-describe-private.h"

#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Levels of elements that are shown, elements of one list, attachments of one resource */
#define MAX_LEVEL 5
#define MAX_REPEATS 50
#define MAX_ATTACHMENTS 100

/* Elements that tell a person nothing */
static const char *const silent[] = {
  "resourceType", "id", "meta", "text", "contained", "extension", "modifierExtension", "implicitRules", "language",
  "data", "hash", "div", "fullUrl", "profile", "instantiatesCanonical", "instantiatesUri", "definition",
  "masterIdentifier", "identifier", "note", "linkId", "versionId", "url", "urlRef", "uri", NULL
};

/* Returns: whether a row reads the member @name, perhaps as a choice */
gboolean
mw_describing_knows (const MwRow *rows,
                     const char  *name)
{
  for (const MwRow *row = rows; row != NULL && row->paths != NULL; row++)
    for (const char *at = row->paths; *at != '\0';)
      {
        gsize length = strcspn (at, ".|[");

        if (strncmp (at, name, length) == 0 &&
            (name[length] == '\0' || (at[length] == '[' && g_ascii_isupper (name[length]))))
          return TRUE;
        at += strcspn (at, "|");
        if (*at == '|')
          at++;
      }
  return FALSE;
}

static void add_members (MwDescribing *self,
                         JsonNode     *node,
                         const MwRow  *known,
                         guint         level);

static void
add_value (MwDescribing *self,
           const char   *label,
           JsonNode     *value,
           guint         level)
{
  char *text = mw_datatype_to_text_in (value, NULL, &self->context);

  if (text != NULL)
    mw_describing_add (self, level, label, text, FALSE);
  else if (mw_json_is_object (value) && level < MAX_LEVEL)
    {
      guint before = self->result->fields->len;

      mw_describing_add (self, level, label, g_strdup (""), FALSE);
      add_members (self, value, NULL, level + 1);
      if (self->result->fields->len == before + 1)
        g_ptr_array_remove_index (self->result->fields, before);
    }
}

/* A list of plain values is one field; things with a structure are a field each */
static void
add_member (MwDescribing *self,
            const char   *name,
            JsonNode     *value,
            guint         level)
{
  g_autofree char *label = mw_text_humanise (name);
  guint            n = MIN (mw_json_length (value, NULL), MAX_REPEATS);
  JsonNode        *first = mw_json_item (value, NULL, 0);

  if (label == NULL || first == NULL)
    return;
  if (JSON_NODE_HOLDS_VALUE (first))
    {
      g_autoptr (JsonNode) holder = mw_json_object_new ();

      mw_json_take (holder, "value", mw_json_copy (value));
      mw_describing_add (self, level, label, mw_describing_all (self, holder, "value", MW_ROW_PLAIN), FALSE);
      return;
    }
  for (guint i = 0; i < n; i++)
    add_value (self, label, mw_json_item (value, NULL, i), level);
}

static void
add_members (MwDescribing *self,
             JsonNode     *node,
             const MwRow  *known,
             guint         level)
{
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;

  if (!mw_json_is_object (node))
    return;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &value))
    {
      gboolean nested_text = level > 0 && g_str_equal (name, "text") && JSON_NODE_HOLDS_VALUE (value);

      if (name[0] == '_' || name[0] == '\0' || JSON_NODE_HOLDS_NULL (value))
        continue;
      if ((g_strv_contains (silent, name) && !nested_text) || mw_describing_knows (known, name))
        continue;
      add_member (self, name, value, level);
    }
}

/**
 * mw_describing_tree:
 * @known: (nullable): rows whose elements have been shown
 *
 * Adds every other element of @node under its humanised name.
 */
void
mw_describing_tree (MwDescribing *self,
                    JsonNode     *node,
                    const MwRow  *known,
                    guint         level)
{
  add_members (self, node, known, level);
}

/* The size of what base64 text holds, without decoding it */
static gint64
base64_size (const char *data)
{
  gsize length = strlen (data), padding = 0;

  while (padding < 2 && padding < length && data[length - 1 - padding] == '=')
    padding++;
  return (gint64) (length / 4 * 3) - (gint64) padding;
}

/* A title is shown and may become a file name: no path survives in it */
static char *
attachment_title (JsonNode *attachment)
{
  g_autofree char *title = mw_text_line (mw_json_string (attachment, "title"));

  if (title == NULL)
    title = mw_datatype_to_text (attachment, "Attachment");
  if (title == NULL)
    return g_strdup (_ ("Attached file"));
  return g_strdelimit (g_steal_pointer (&title), "/\\", '-');
}

static void
add_attachment (MwDescribing *self,
                JsonNode     *node,
                const char   *path)
{
  MwDescriptionAttachment *attachment;
  g_autofree char         *size = mw_json_scalar (node, "size");
  const char              *data = mw_json_string (node, "data");

  if (self->result->attachments->len >= MAX_ATTACHMENTS)
    return;
  attachment = g_new0 (MwDescriptionAttachment, 1);
  attachment->title = attachment_title (node);
  attachment->content_type = mw_text_line (mw_json_string (node, "contentType"));
  attachment->url = g_strdup (mw_json_string (node, "url"));
  attachment->path = g_strdup (path);
  attachment->has_data = data != NULL;
  attachment->size = data != NULL ? base64_size (data) : mw_json_integer (node, "size", -1);
  if (attachment->size < -1)
    attachment->size = -1;
  g_ptr_array_add (self->result->attachments, attachment);
}

/* Attachments are known by their members, since extensions and choices may hold them anywhere */
static gboolean
is_attachment (JsonNode   *node,
               const char *name)
{
  gboolean named = g_str_equal (name, "attachment") || g_str_has_suffix (name, "Attachment") ||
                   g_str_equal (name, "presentedForm") || g_str_equal (name, "photo");

  if (mw_json_has (node, "sigFormat"))
    return FALSE;
  if (mw_json_string (node, "data") == NULL && mw_json_string (node, "url") == NULL)
    return FALSE;
  return named || mw_json_string (node, "contentType") != NULL;
}

static void
walk (MwDescribing *self,
      JsonNode     *node,
      const char   *name,
      GString      *path,
      guint         depth)
{
  gsize length = path->len;

  if (node == NULL || depth > MW_JSON_MAX_DEPTH)
    return;
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      guint n = mw_json_length (node, NULL);

      for (guint i = 0; i < n; i++)
        {
          g_string_append_printf (path, "[%u]", i);
          walk (self, mw_json_item (node, NULL, i), name, path, depth + 1);
          g_string_truncate (path, length);
        }
    }
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      const char    *member;
      JsonNode      *value;

      if (is_attachment (node, name))
        {
          add_attachment (self, node, path->str);
          return;
        }
      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, &member, &value))
        {
          /* what stands in a path of mw_json_get() is an ordinary name */
          if (strpbrk (member, ".[]") != NULL || *member == '\0' || JSON_NODE_HOLDS_VALUE (value))
            continue;
          g_string_append_printf (path, "%s%s", length > 0 ? "." : "", member);
          walk (self, value, member, path, depth + 1);
          g_string_truncate (path, length);
        }
    }
}

/**
 * mw_describing_attachments:
 *
 * Lists every file that @resource carries or points to. Those of the resources in a Bundle belong to them.
 */
void
mw_describing_attachments (MwDescribing *self,
                           JsonNode     *resource)
{
  g_autoptr (GString) path = g_string_new (NULL);

  if (mw_resource_is (resource, "Bundle"))
    return;
  if (mw_resource_is (resource, "Binary"))
    {
      add_attachment (self, resource, "");
      return;
    }
  walk (self, resource, "", path, 0);
}
