/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-edit.h"

#include "mw-identity.h"

#include <stdarg.h>

/**
 * mw_edit_new:
 * @identity: a UUID that stays the same however often the edit is tried
 *
 * Returns: (transfer full): an edit that changes nothing yet
 */
JsonNode *
mw_edit_new (const char *identity)
{
  JsonNode *edit = mw_json_object_new ();

  mw_json_set (edit, "identity", identity);
  return edit;
}

/**
 * mw_edit_require:
 * @first: the values of which the primitive at @path must have one; NULL ends them
 *
 * The edit no longer makes sense once this does not hold: somebody else has decided.
 */
void
mw_edit_require (JsonNode   *edit,
                 const char *path,
                 const char *first,
                 ...)
{
  JsonNode *require = mw_json_object_new ();
  va_list   args;

  mw_json_set (require, "path", path);
  va_start (args, first);
  for (const char *value = first; value != NULL; value = va_arg (args, const char *))
    mw_json_set (require, "in[+]", value);
  va_end (args);
  mw_json_take (edit, "require[+]", require);
}

static void
add_op (JsonNode   *edit,
        const char *op,
        const char *path,
        JsonNode   *value)
{
  JsonNode *node = mw_json_object_new ();

  mw_json_set (node, "op", op);
  mw_json_set (node, "path", path);
  mw_json_take (node, "value", value);
  mw_json_take (edit, "ops[+]", node);
}

/**
 * mw_edit_set:
 * @value: (nullable): the string to write at @path; NULL adds nothing
 */
void
mw_edit_set (JsonNode   *edit,
             const char *path,
             const char *value)
{
  if (value != NULL)
    add_op (edit, "set", path, json_node_init_string (json_node_alloc (), value));
}

/**
 * mw_edit_append:
 * @value: (transfer full): what to add to the array at @path
 */
void
mw_edit_append (JsonNode   *edit,
                const char *path,
                JsonNode   *value)
{
  add_op (edit, "append", path, value);
}

/**
 * mw_edit_is_applied:
 *
 * Returns: whether @resource already carries this edit: an earlier attempt got through
 */
gboolean
mw_edit_is_applied (JsonNode *edit,
                    JsonNode *resource)
{
  g_autofree char *urn = mw_identity_urn (mw_json_string (edit, "identity"));
  guint            n = mw_json_length (resource, "extension");

  for (guint i = 0; i < n; i++)
    {
      JsonNode *extension = mw_json_item (resource, "extension", i);

      if (g_strcmp0 (mw_json_string (extension, "url"), MW_EDIT_EXTENSION) == 0 &&
          g_strcmp0 (mw_json_string (extension, "valueUri"), urn) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
requirement_holds (JsonNode *require,
                   JsonNode *resource)
{
  g_autofree char *now = mw_json_scalar (resource, mw_json_string (require, "path"));
  guint            n = mw_json_length (require, "in");

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (mw_json_string (mw_json_item (require, "in", i), NULL), now) == 0)
      return TRUE;
  return FALSE;
}

/**
 * mw_edit_apply:
 * @resource: the resource as the server has it now
 *
 * Everything in @resource that the edit does not name survives, known to us or not.
 *
 * Returns: (transfer full): the edited copy; NULL with MW_FHIR_ERROR_CONFLICT when a requirement
 *   does not hold any more
 */
JsonNode *
mw_edit_apply (JsonNode *edit,
               JsonNode *resource,
               GError  **error)
{
  g_autofree char *urn = mw_identity_urn (mw_json_string (edit, "identity"));
  JsonNode        *result, *extension;
  guint            n;

  n = mw_json_length (edit, "require");
  for (guint i = 0; i < n; i++)
    if (!requirement_holds (mw_json_item (edit, "require", i), resource))
      {
        g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_CONFLICT, "The resource was changed by somebody else meanwhile");
        return NULL;
      }

  result = mw_json_copy (resource);

  n = mw_json_length (edit, "ops");
  for (guint i = 0; i < n; i++)
    {
      JsonNode        *op = mw_json_item (edit, "ops", i);
      const char      *path = mw_json_string (op, "path");
      JsonNode        *value = mw_json_copy (mw_json_get (op, "value"));
      g_autofree char *where = NULL;

      if (g_strcmp0 (mw_json_string (op, "op"), "append") == 0)
        where = g_strconcat (path, "[+]", NULL);
      mw_json_take (result, where != NULL ? where : path, value);
    }
  extension = mw_json_object_new ();
  mw_json_set (extension, "url", MW_EDIT_EXTENSION);
  mw_json_set (extension, "valueUri", urn);
  mw_json_take (result, "extension[+]", extension);
  return result;
}
