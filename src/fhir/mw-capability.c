/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-capability-private.h"

#include "mw-learned.h"

#define OAUTH_EXTENSION "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"

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
  g_clear_pointer (&self->refused, g_hash_table_unref);
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

/* Whether it was refused when it was tried, whatever the statement says */
static gboolean
refused (MwCapability *self,
         const char   *what,
         const char   *type)
{
  g_autofree char *word = NULL;

  if (self == NULL || self->refused == NULL)
    return FALSE;
  word = type != NULL ? g_strconcat (what, ":", type, NULL) : g_strdup (what);
  return g_hash_table_contains (self->refused, word);
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
static MwTypeAbility *
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
  MwTypeAbility *info = type_info (self, type);

  if (refused (self, interaction, type))
    return MW_SUPPORT_NO;
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
  if (refused (self, interaction, NULL))
    return MW_SUPPORT_NO;
  return self != NULL ? in_set (self->interactions, interaction) : MW_SUPPORT_UNKNOWN;
}

static gboolean
refused_operation (MwCapability *self,
                   const char   *type,
                   const char   *name)
{
  g_autofree char *path = type != NULL ? g_strconcat (type, "/", name, NULL) : g_strdup (name);

  return refused (self, "operation", path) || (type == NULL && refused (self, name, NULL));
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
  MwTypeAbility *info = type != NULL ? type_info (self, type) : NULL;
  const char    *name = mw_capability_skip_dollar (operation);
  MwSupport      system = self != NULL ? in_set (self->operations, name) : MW_SUPPORT_UNKNOWN;

  if (refused_operation (self, type, name))
    return MW_SUPPORT_NO;
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
  MwTypeAbility *info = type_info (self, type);
  MwSupport      support;

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
  MwTypeAbility *info = type_info (self, type);

  if (refused (self, "conditional-create", type) || refused (self, "create", type))
    return MW_SUPPORT_NO;
  return info != NULL ? info->conditional_create : mw_capability_supports_type (self, type);
}

MwSupport
mw_capability_conditional_update (MwCapability *self,
                                  const char   *type)
{
  MwTypeAbility *info = type_info (self, type);

  if (refused (self, "conditional-update", type) || refused (self, "update", type))
    return MW_SUPPORT_NO;
  return info != NULL ? info->conditional_update : mw_capability_supports_type (self, type);
}

/** mw_capability_update_create: whether a PUT may choose the id */
MwSupport
mw_capability_update_create (MwCapability *self,
                             const char   *type)
{
  MwTypeAbility *info = type_info (self, type);

  if (refused (self, "update-create", type) || refused (self, "update", type))
    return MW_SUPPORT_NO;
  return info != NULL ? info->update_create : mw_capability_supports_type (self, type);
}

/** mw_capability_versioned_update: whether the server insists on If-Match */
MwSupport
mw_capability_versioned_update (MwCapability *self,
                                const char   *type)
{
  MwTypeAbility *info = type_info (self, type);

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

static GHashTable *
ref_table (GHashTable *table)
{
  return table != NULL ? g_hash_table_ref (table) : NULL;
}

/* What was read is never changed afterwards, so both share it */
static void
copy_statement (MwCapability *copy,
                MwCapability *self)
{
  g_hash_table_unref (copy->types);
  g_ptr_array_unref (copy->type_names);
  g_ptr_array_unref (copy->security);
  g_ptr_array_unref (copy->messaging);
  copy->json = self->json != NULL ? json_node_ref (self->json) : NULL;
  copy->version = self->version;
  copy->version_text = g_strdup (self->version_text);
  copy->software = g_strdup (self->software);
  copy->software_version = g_strdup (self->software_version);
  copy->name = g_strdup (self->name);
  copy->websocket = g_strdup (self->websocket);
  copy->types = g_hash_table_ref (self->types);
  copy->interactions = ref_table (self->interactions);
  copy->operations = ref_table (self->operations);
  copy->search = ref_table (self->search);
  copy->type_names = g_ptr_array_ref (self->type_names);
  copy->security = g_ptr_array_ref (self->security);
  copy->messaging = g_ptr_array_ref (self->messaging);
}

/**
 * mw_capability_with_refused:
 * @self: (nullable): what the server says
 * @refused: (nullable) (array zero-terminated=1): words of mw-learned.h: what it refused when it was tried
 *
 * Returns: (transfer full): what the server says, but for what experience has shown
 */
MwCapability *
mw_capability_with_refused (MwCapability      *self,
                            const char *const *refused_words)
{
  MwCapability *copy = mw_capability_alloc ();

  copy->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; refused_words != NULL && refused_words[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (refused_words[i], "$", -1);

      g_hash_table_add (copy->refused, g_strjoinv ("", parts));
    }
  copy->max_body = mw_learned_max_body (refused_words);
  if (self == NULL)
    return copy;
  copy_statement (copy, self);
  return copy;
}

/**
 * mw_capability_was_refused:
 * @word: see mw-learned.h
 *
 * Returns: whether the server refused it when it was tried, so that there is no use in trying again
 */
gboolean
mw_capability_was_refused (MwCapability *self,
                           const char   *word)
{
  return refused (self, word, NULL);
}

/** mw_capability_get_max_body: Returns: the largest body in bytes that may be sent; 0 when no limit is known */
gint64
mw_capability_get_max_body (MwCapability *self)
{
  return self != NULL ? self->max_body : 0;
}
