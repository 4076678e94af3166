/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads what a server says of itself, however long and however contradictory it is. */

#include "mw-capability-private.h"

#include "mw-text.h"

#include <string.h>

/* What of a statement is read; real ones have some 150 types with some 50 parameters */
#define MAX_TYPES 2000
#define MAX_ITEMS 5000

#define WEBSOCKET_EXTENSION "http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket"

static void
type_info_free (gpointer data)
{
  MwTypeAbility *info = data;

  g_clear_pointer (&info->interactions, g_hash_table_unref);
  g_clear_pointer (&info->operations, g_hash_table_unref);
  g_clear_pointer (&info->search, g_hash_table_unref);
  g_free (info);
}

const char *
mw_capability_skip_dollar (const char *name)
{
  return name != NULL && name[0] == '$' ? name + 1 : name;
}

/* Adds what stands at @path/@member to a set, which is made when the list is there at all */
static void
collect (GHashTable **set,
         JsonNode    *node,
         const char  *path,
         const char  *member)
{
  guint n = MIN (mw_json_length (node, path), MAX_ITEMS);

  for (guint i = 0; i < n; i++)
    {
      const char *name = mw_capability_skip_dollar (mw_json_string (mw_json_item (node, path, i), member));

      if (name == NULL)
        continue;
      if (*set == NULL)
        *set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_add (*set, g_strdup (name));
    }
}

/* Said twice and not the same, it is not promised */
static void
read_flag (MwSupport  *flag,
           JsonNode   *node,
           const char *path)
{
  if (mw_json_has (node, path) && *flag != MW_SUPPORT_NO)
    *flag = mw_json_boolean (node, path, FALSE) ? MW_SUPPORT_YES : MW_SUPPORT_NO;
}

static void
read_type (MwCapability *self,
           JsonNode     *resource)
{
  const char    *type = mw_json_string (resource, "type");
  const char    *versioning = mw_json_string (resource, "versioning");
  MwTypeAbility *info;

  if (type == NULL)
    return;
  info = g_hash_table_lookup (self->types, type);
  if (info == NULL)
    {
      if (g_hash_table_size (self->types) >= MAX_TYPES)
        return;
      info = g_new0 (MwTypeAbility, 1);
      g_hash_table_insert (self->types, g_strdup (type), info);
      g_ptr_array_insert (self->type_names, (int) self->type_names->len - 1, g_strdup (type));
    }
  collect (&info->interactions, resource, "interaction", "code");
  collect (&info->operations, resource, "operation", "name");
  collect (&info->search, resource, "searchParam", "name");
  read_flag (&info->conditional_create, resource, "conditionalCreate");
  read_flag (&info->conditional_update, resource, "conditionalUpdate");
  read_flag (&info->update_create, resource, "updateCreate");
  if (versioning != NULL && info->versioned_update != MW_SUPPORT_YES)
    info->versioned_update = g_str_equal (versioning, "versioned-update") ? MW_SUPPORT_YES : MW_SUPPORT_NO;
}

/* A condition on what cannot be done at all is no promise either */
static void
check_flag (MwSupport     *flag,
            MwTypeAbility *info,
            const char    *interaction)
{
  if (*flag == MW_SUPPORT_YES && info->interactions != NULL && !g_hash_table_contains (info->interactions, interaction))
    *flag = MW_SUPPORT_NO;
}

static void
check_flags (gpointer key,
             gpointer value,
             gpointer user_data)
{
  MwTypeAbility *info = value;

  check_flag (&info->conditional_create, info, "create");
  check_flag (&info->conditional_update, info, "update");
  check_flag (&info->update_create, info, "update");
}

static void
read_security (MwCapability *self,
               JsonNode     *rest)
{
  guint n = MIN (mw_json_length (rest, "security.service"), MAX_ITEMS);

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *service = mw_json_item (rest, "security.service", i);
      guint       codings = MIN (mw_json_length (service, "coding"), 20);
      const char *text = mw_json_string (service, "text");

      for (guint j = 0; j < codings; j++)
        {
          const char *code = mw_json_string (mw_json_item (service, "coding", j), "code");

          if (code != NULL)
            g_ptr_array_insert (self->security, (int) self->security->len - 1, g_strdup (code));
        }
      if (codings == 0 && text != NULL)
        g_ptr_array_insert (self->security, (int) self->security->len - 1, g_strdup (text));
    }
}

static void
read_rest (MwCapability *self,
           JsonNode     *rest)
{
  const char *mode = mw_json_string (rest, "mode");
  guint       n;

  if (mode != NULL && !g_str_equal (mode, "server"))
    return;
  n = MIN (mw_json_length (rest, "resource"), MAX_ITEMS);
  for (guint i = 0; i < n; i++)
    read_type (self, mw_json_item (rest, "resource", i));
  collect (&self->interactions, rest, "interaction", "code");
  collect (&self->operations, rest, "operation", "name");
  collect (&self->search, rest, "searchParam", "name");
  read_security (self, rest);
  if (self->websocket == NULL)
    {
      JsonNode *extension = mw_json_extension (rest, WEBSOCKET_EXTENSION);

      self->websocket = g_strdup (mw_json_string (mw_json_choice (extension, "value", NULL), NULL));
    }
}

static void
read_messaging (MwCapability *self)
{
  guint n = MIN (mw_json_length (self->json, "messaging"), 100);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *messaging = mw_json_item (self->json, "messaging", i);
      guint     m = MIN (mw_json_length (messaging, "endpoint"), 100);

      for (guint j = 0; j < m; j++)
        {
          const char *address = mw_json_string (mw_json_item (messaging, "endpoint", j), "address");

          if (address != NULL)
            g_ptr_array_insert (self->messaging, (int) self->messaging->len - 1, g_strdup (address));
        }
    }
}

static GPtrArray *
new_strv (void)
{
  GPtrArray *array = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (array, NULL);
  return array;
}

/* A capability of which nothing is known */
MwCapability *
mw_capability_alloc (void)
{
  MwCapability *self = g_new0 (MwCapability, 1);

  g_atomic_ref_count_init (&self->refs);
  self->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, type_info_free);
  self->type_names = new_strv ();
  self->security = new_strv ();
  self->messaging = new_strv ();
  return self;
}

/**
 * mw_capability_new:
 * @statement: (nullable): a CapabilityStatement, or the Conformance of DSTU2
 *
 * Reads what a server says it can do (FHIR R4 capabilitystatement.html). Several "rest" are merged, those of
 * clients left out.
 *
 * Returns: (transfer full): or NULL with MW_FHIR_ERROR_NOT_FHIR when @statement is something else
 */
MwCapability *
mw_capability_new (JsonNode *statement,
                   GError  **error)
{
  MwCapability *self;
  guint         n;

  if (!mw_resource_is (statement, "CapabilityStatement") && !mw_resource_is (statement, "Conformance"))
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, "The answer is not a CapabilityStatement");
      return NULL;
    }
  self = mw_capability_alloc ();
  self->json = json_node_ref (statement);
  self->version_text = mw_text_line (mw_json_string (statement, "fhirVersion"));
  self->version = mw_fhir_version_parse (self->version_text);
  if (self->version == MW_FHIR_VERSION_UNKNOWN && mw_resource_is (statement, "Conformance"))
    self->version = MW_FHIR_VERSION_DSTU2;
  self->software = mw_text_line (mw_json_string (statement, "software.name"));
  self->software_version = mw_text_line (mw_json_string (statement, "software.version"));
  self->name = mw_text_line (mw_json_string (statement, "implementation.description"));
  if (self->name == NULL)
    self->name = mw_text_line (mw_json_string (statement, "title"));
  if (self->name == NULL)
    self->name = mw_text_line (mw_json_string (statement, "name"));
  n = MIN (mw_json_length (statement, "rest"), 100);
  for (guint i = 0; i < n; i++)
    read_rest (self, mw_json_item (statement, "rest", i));
  g_hash_table_foreach (self->types, check_flags, NULL);
  read_messaging (self);
  return self;
}
