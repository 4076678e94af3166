/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-capability.h"

#include "mw-text.h"

#include <string.h>

/* What of a statement is read; real ones have some 150 types with some 50 parameters */
#define MAX_TYPES 2000
#define MAX_ITEMS 5000

#define WEBSOCKET_EXTENSION "http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket"
#define OAUTH_EXTENSION "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"

/* What is said of one type; a set that is NULL was not told */
typedef struct
{
  GHashTable *interactions;
  GHashTable *operations;
  GHashTable *search;
  MwSupport   conditional_create;
  MwSupport   conditional_update;
  MwSupport   update_create;
  MwSupport   versioned_update;
} TypeInfo;

struct _MwCapability
{
  gatomicrefcount refs;
  JsonNode       *json;
  MwFhirVersion   version;
  char           *version_text;
  char           *software;
  char           *software_version;
  char           *name;
  char           *websocket;
  GHashTable     *types;
  GHashTable     *interactions;
  GHashTable     *operations;
  GHashTable     *search;
  GPtrArray      *type_names;
  GPtrArray      *security;
  GPtrArray      *messaging;
};

static void
type_info_free (gpointer data)
{
  TypeInfo *info = data;

  g_clear_pointer (&info->interactions, g_hash_table_unref);
  g_clear_pointer (&info->operations, g_hash_table_unref);
  g_clear_pointer (&info->search, g_hash_table_unref);
  g_free (info);
}

MwCapability *
mw_capability_ref (MwCapability *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mw_capability_unref (MwCapability *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_pointer (&self->json, json_node_unref);
  g_clear_pointer (&self->types, g_hash_table_unref);
  g_clear_pointer (&self->interactions, g_hash_table_unref);
  g_clear_pointer (&self->operations, g_hash_table_unref);
  g_clear_pointer (&self->search, g_hash_table_unref);
  g_clear_pointer (&self->type_names, g_ptr_array_unref);
  g_clear_pointer (&self->security, g_ptr_array_unref);
  g_clear_pointer (&self->messaging, g_ptr_array_unref);
  g_free (self->version_text);
  g_free (self->software);
  g_free (self->software_version);
  g_free (self->name);
  g_free (self->websocket);
  g_free (self);
}

static gpointer
boxed_copy (gpointer boxed)
{
  return mw_capability_ref (boxed);
}

static void
boxed_free (gpointer boxed)
{
  mw_capability_unref (boxed);
}

/* By hand, since G_DEFINE_BOXED_TYPE relies on an extension of C */
GType
mw_capability_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_boxed_type_register_static ("MwCapability", boxed_copy, boxed_free));
  return type;
}

static const char *
skip_dollar (const char *name)
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
      const char *name = skip_dollar (mw_json_string (mw_json_item (node, path, i), member));

      if (name == NULL)
        continue;
      if (*set == NULL)
        *set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_add (*set, g_strdup (name));
    }
}

static void
read_flag (MwSupport  *flag,
           JsonNode   *node,
           const char *path)
{
  if (mw_json_has (node, path) && *flag != MW_SUPPORT_YES)
    *flag = mw_json_boolean (node, path, FALSE) ? MW_SUPPORT_YES : MW_SUPPORT_NO;
}

static void
read_type (MwCapability *self,
           JsonNode     *resource)
{
  const char *type = mw_json_string (resource, "type");
  const char *versioning = mw_json_string (resource, "versioning");
  TypeInfo   *info;

  if (type == NULL)
    return;
  info = g_hash_table_lookup (self->types, type);
  if (info == NULL)
    {
      if (g_hash_table_size (self->types) >= MAX_TYPES)
        return;
      info = g_new0 (TypeInfo, 1);
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
  self = g_new0 (MwCapability, 1);
  g_atomic_ref_count_init (&self->refs);
  self->json = json_node_ref (statement);
  self->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, type_info_free);
  self->type_names = new_strv ();
  self->security = new_strv ();
  self->messaging = new_strv ();
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
  read_messaging (self);
  return self;
}

/** mw_capability_get_json: Returns: (transfer none): the statement as it came */
JsonNode *
mw_capability_get_json (MwCapability *self)
{
  return self->json;
}

MwFhirVersion
mw_capability_get_version (MwCapability *self)
{
  return self->version;
}

/** mw_capability_get_version_text: Returns: (nullable): fhirVersion as it was written */
const char *
mw_capability_get_version_text (MwCapability *self)
{
  return self->version_text;
}

/** mw_capability_get_software: Returns: (nullable): such as "HAPI FHIR Server" or "Medplum" */
const char *
mw_capability_get_software (MwCapability *self)
{
  return self->software;
}

const char *
mw_capability_get_software_version (MwCapability *self)
{
  return self->software_version;
}

/** mw_capability_get_name: Returns: (nullable): what the server calls itself, for a person */
const char *
mw_capability_get_name (MwCapability *self)
{
  return self->name;
}

static MwSupport
in_set (GHashTable *set,
        const char *name)
{
  if (set == NULL)
    return MW_SUPPORT_UNKNOWN;
  return g_hash_table_contains (set, name) ? MW_SUPPORT_YES : MW_SUPPORT_NO;
}

/* Of a server that has not been asked yet (@self is NULL) nothing is known */
static TypeInfo *
type_info (MwCapability *self,
           const char   *type)
{
  return self != NULL ? g_hash_table_lookup (self->types, type) : NULL;
}

/**
 * mw_capability_supports_type:
 * @self: (nullable): as for all that ask what is supported; NULL is a server not asked yet
 *
 * Returns: NO when the server lists types and this one is not among them
 */
MwSupport
mw_capability_supports_type (MwCapability *self,
                             const char   *type)
{
  if (self == NULL || g_hash_table_size (self->types) == 0)
    return MW_SUPPORT_UNKNOWN;
  return g_hash_table_contains (self->types, type) ? MW_SUPPORT_YES : MW_SUPPORT_NO;
}

/**
 * mw_capability_supports:
 * @interaction: as FHIR writes it: "create", "search-type", "patch" …
 */
MwSupport
mw_capability_supports (MwCapability *self,
                        const char   *type,
                        const char   *interaction)
{
  TypeInfo *info = type_info (self, type);

  if (info == NULL)
    return mw_capability_supports_type (self, type);
  return in_set (info->interactions, interaction);
}

/**
 * mw_capability_supports_system:
 * @interaction: "transaction", "batch", "history-system", "search-system"
 */
MwSupport
mw_capability_supports_system (MwCapability *self,
                               const char   *interaction)
{
  return self != NULL ? in_set (self->interactions, interaction) : MW_SUPPORT_UNKNOWN;
}

/**
 * mw_capability_supports_operation:
 * @type: (nullable): NULL asks for the whole system
 * @operation: its name, with or without "$"
 *
 * Some servers list the operations of a type only for the system, and the other way round, so a name that
 * is found in either place counts.
 *
 * Returns: NO only when operations are listed at the level that was asked for, and this one nowhere
 */
MwSupport
mw_capability_supports_operation (MwCapability *self,
                                  const char   *type,
                                  const char   *operation)
{
  TypeInfo   *info = type != NULL ? type_info (self, type) : NULL;
  const char *name = skip_dollar (operation);
  MwSupport   system = self != NULL ? in_set (self->operations, name) : MW_SUPPORT_UNKNOWN;

  if (type == NULL)
    return system;
  if (info != NULL && in_set (info->operations, name) != MW_SUPPORT_UNKNOWN)
    return MAX (in_set (info->operations, name), system);
  return system == MW_SUPPORT_YES ? MW_SUPPORT_YES : MW_SUPPORT_UNKNOWN;
}

/**
 * mw_capability_supports_search:
 * @parameter: without modifier; those that begin with "_" are rarely listed, so they are never NO
 */
MwSupport
mw_capability_supports_search (MwCapability *self,
                               const char   *type,
                               const char   *parameter)
{
  TypeInfo *info = type_info (self, type);
  MwSupport support;

  if (info == NULL)
    return mw_capability_supports_type (self, type);
  support = in_set (info->search, parameter);
  if (support != MW_SUPPORT_YES && in_set (self->search, parameter) == MW_SUPPORT_YES)
    support = MW_SUPPORT_YES;
  return support == MW_SUPPORT_NO && parameter[0] == '_' ? MW_SUPPORT_UNKNOWN : support;
}

MwSupport
mw_capability_conditional_create (MwCapability *self,
                                  const char   *type)
{
  TypeInfo *info = type_info (self, type);

  return info != NULL ? info->conditional_create : mw_capability_supports_type (self, type);
}

MwSupport
mw_capability_conditional_update (MwCapability *self,
                                  const char   *type)
{
  TypeInfo *info = type_info (self, type);

  return info != NULL ? info->conditional_update : mw_capability_supports_type (self, type);
}

/** mw_capability_update_create: whether a PUT may choose the id */
MwSupport
mw_capability_update_create (MwCapability *self,
                             const char   *type)
{
  TypeInfo *info = type_info (self, type);

  return info != NULL ? info->update_create : mw_capability_supports_type (self, type);
}

/** mw_capability_versioned_update: whether the server insists on If-Match */
MwSupport
mw_capability_versioned_update (MwCapability *self,
                                const char   *type)
{
  TypeInfo *info = type_info (self, type);

  return info != NULL ? info->versioned_update : mw_capability_supports_type (self, type);
}

MwSupport
mw_capability_patch_format (MwCapability *self,
                            const char   *mime)
{
  guint n = MIN (mw_json_length (self->json, "patchFormat"), 100);

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (mw_json_string (mw_json_item (self->json, "patchFormat", i), NULL), mime) == 0)
      return MW_SUPPORT_YES;
  return n > 0 ? MW_SUPPORT_NO : MW_SUPPORT_UNKNOWN;
}

/** mw_capability_get_websocket: Returns: (nullable): URL of the legacy R4 WebSocket */
const char *
mw_capability_get_websocket (MwCapability *self)
{
  return self->websocket;
}

/** mw_capability_get_security: Returns: (transfer none): NULL-terminated service codes, "SMART-on-FHIR" … */
const char *const *
mw_capability_get_security (MwCapability *self)
{
  return (const char *const *) self->security->pdata;
}

gboolean
mw_capability_has_security (MwCapability *self,
                            const char   *service)
{
  for (guint i = 0; i + 1 < self->security->len; i++)
    if (g_ascii_strcasecmp (self->security->pdata[i], service) == 0)
      return TRUE;
  return FALSE;
}

/**
 * mw_capability_get_oauth_uri:
 * @name: "authorize", "token", "register", "manage", "introspect" or "revoke"
 *
 * Returns: (transfer none) (nullable): the address in the old SMART extension; today's servers publish
 *   it at .well-known/smart-configuration
 */
const char *
mw_capability_get_oauth_uri (MwCapability *self,
                             const char   *name)
{
  guint n = MIN (mw_json_length (self->json, "rest"), 100);

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *security = mw_json_get (mw_json_item (self->json, "rest", i), "security");
      JsonNode   *uris = mw_json_extension (security, OAUTH_EXTENSION);
      const char *uri = mw_json_string (mw_json_choice (mw_json_extension (uris, name), "value", NULL), NULL);

      if (uri != NULL)
        return uri;
    }
  return NULL;
}

/** mw_capability_get_messaging_endpoints: Returns: (transfer none): NULL-terminated addresses */
const char *const *
mw_capability_get_messaging_endpoints (MwCapability *self)
{
  return (const char *const *) self->messaging->pdata;
}

/** mw_capability_get_types: Returns: (transfer none): NULL-terminated, in the server's order */
const char *const *
mw_capability_get_types (MwCapability *self)
{
  return (const char *const *) self->type_names->pdata;
}
