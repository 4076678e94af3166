/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-validate-private.h"

#include "mw-json.h"
#include "mw-definitions.h"
#include "mw-search-private.h"

#include <string.h>

typedef struct
{
  const MwDefinitions *definitions;
  MwSandboxStore      *store; /* (nullable): where literal references have to lead */
  const char          *base;
  JsonNode            *container; /* whose contained resources "#id" means */
  MwIssues            *issues;
} Walk;

static void check_object (Walk                 *walk,
                          const MwElementGroup *group,
                          JsonNode             *node,
                          const char           *path);
static void check_resource (Walk       *walk,
                            JsonNode   *resource,
                            const char *path,
                            gboolean    contained);

static gboolean
is_primitive (const char *type)
{
  return g_ascii_islower (*type);
}

static gboolean
is_contained (JsonNode   *container,
              const char *id)
{
  guint n = mw_json_length (container, "contained");

  if (*id == '\0')
    return TRUE; /* "#" is the container itself */
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (mw_resource_id (mw_json_item (container, "contained", i)), id) == 0)
      return TRUE;
  return FALSE;
}

static void
check_target (Walk                *walk,
              const MwElementType *type,
              const char          *literal,
              const char          *path)
{
  g_autofree char *local = mw_search_local_reference (literal, walk->base != NULL ? walk->base : "");
  g_auto (GStrv) part = g_strsplit (local, "/", -1);

  if (g_strv_length (part) != 2 || !mw_definitions_is_resource (walk->definitions, part[0]))
    {
      if (strchr (local, ':') == NULL)
        mw_issues_add (walk->issues, 400, "value", path, "A reference is Type/id, #id or an absolute URL");
      return;
    }
  if (type->targets != NULL && !g_strv_contains ((const char *const *) type->targets, part[0]))
    mw_issues_add (walk->issues, 400, "value", path, "A %s cannot be referenced here", part[0]);
  else if (walk->store != NULL && mw_sandbox_store_get (walk->store, part[0], part[1]) == NULL)
    mw_issues_add (walk->issues, 422, "not-found", path, "The reference leads to a resource that is not on this server");
}

static void
check_reference (Walk                *walk,
                 const MwElementType *type,
                 JsonNode            *node,
                 const char          *path)
{
  const char *literal = mw_json_string (node, "reference");

  if (literal == NULL)
    {
      if (!mw_json_has (node, "identifier") && !mw_json_has (node, "display") && !mw_json_has (node, "extension"))
        mw_issues_add (walk->issues, 400, "required", path, "A Reference needs a reference, an identifier or a display");
    }
  else if (*literal == '#')
    {
      if (!is_contained (walk->container, literal + 1))
        mw_issues_add (walk->issues, 400, "not-found", path, "There is no contained resource of that id");
    }
  else if (g_str_has_prefix (literal, "urn:"))
    {
      if (walk->store != NULL)
        mw_issues_add (walk->issues, 422, "not-found", path, "A urn: reference has a meaning only inside a Bundle");
    }
  else if (strchr (literal, '?') == NULL)
    check_target (walk, type, literal, path);
  else if (walk->store != NULL)
    mw_issues_add (walk->issues, 422, "not-supported", path, "A conditional reference has a meaning only inside a transaction");
}

static void
check_value (Walk                *walk,
             const MwElementType *type,
             JsonNode            *node,
             const char          *path)
{
  const MwElementGroup *group;

  if (is_primitive (type->name))
    {
      const char *wanted = mw_validate_primitive (type->name, node);

      if (wanted != NULL)
        mw_issues_add (walk->issues, 400, "value", path, "This has to be %s", wanted);
      else if (type->codes != NULL && !g_strv_contains ((const char *const *) type->codes, mw_json_string (node, NULL)))
        mw_issues_add (walk->issues, 400, "code-invalid", path, "“%s” is not among the codes allowed here", mw_json_string (node, NULL));
      return;
    }
  if (!mw_json_is_object (node))
    {
      mw_issues_add (walk->issues, 400, "structure", path, "This has to be an object");
      return;
    }
  if (g_str_equal (type->name, "Resource"))
    {
      check_resource (walk, node, path, g_str_has_suffix (path, "]") && strstr (path, ".contained[") != NULL);
      return;
    }
  group = mw_definitions_group (walk->definitions, type->name[0] == '@' ? type->name + 1 : type->name);
  check_object (walk, group, node, path);
  if (g_str_equal (type->name, "Reference"))
    check_reference (walk, type, node, path);
  mw_validate_datatype_rules (type->name, node, path, walk->issues);
}

static gboolean
has_twin (JsonNode   *object,
          const char *name)
{
  g_autofree char *twin = g_strconcat ("_", name, NULL);

  return mw_json_has (object, twin);
}

static void
check_array (Walk                *walk,
             const MwElementType *type,
             JsonNode            *object,
             const char          *name,
             JsonNode            *member,
             const char          *path)
{
  JsonArray *array = json_node_get_array (member);
  guint      length = json_array_get_length (array);

  if (length == 0)
    mw_issues_add (walk->issues, 400, "structure", path, "An array may not be empty");
  for (guint i = 0; i < length; i++)
    {
      g_autofree char *item_path = g_strdup_printf ("%s[%u]", path, i);
      JsonNode        *item = mw_json_item (member, NULL, i);

      if (item != NULL)
        check_value (walk, type, item, item_path);
      else if (!is_primitive (type->name) || !has_twin (object, name))
        mw_issues_add (walk->issues, 400, "structure", item_path, "null has no meaning here");
    }
}

/* "_name": id and extensions of a primitive */
static void
check_twin (Walk                 *walk,
            const MwElementGroup *group,
            const char           *name,
            JsonNode             *member,
            const char           *path)
{
  const MwElementType *type;
  const MwElement     *element = mw_definitions_element (group, name + 1, &type);
  guint                n = mw_json_length (member, NULL);

  if (element == NULL || !is_primitive (type->name))
    {
      mw_issues_add (walk->issues, 400, "structure", path, "There is no element of that name");
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      JsonNode *item = mw_json_item (member, NULL, i);

      if (item == NULL)
        continue;
      if (!mw_json_is_object (item))
        mw_issues_add (walk->issues, 400, "structure", path, "This has to be an object");
      else
        check_object (walk, mw_definitions_group (walk->definitions, "Element"), item, path);
    }
}

static void
check_member (Walk                 *walk,
              const MwElementGroup *group,
              JsonNode             *object,
              const char           *name,
              JsonNode             *member,
              const char           *path,
              GHashTable           *seen)
{
  const MwElementType *type;
  const MwElement     *element;
  g_autofree char     *member_path = g_strconcat (path, ".", name, NULL);

  if (g_str_equal (name, "resourceType") && mw_definitions_is_resource (walk->definitions, group->path))
    return;
  if (*name == '_')
    {
      check_twin (walk, group, name, member, member_path);
      return;
    }
  element = mw_definitions_element (group, name, &type);
  if (element == NULL)
    {
      mw_issues_add (walk->issues, 400, "structure", member_path, "There is no element of that name");
      return;
    }
  if (element->choice && !g_hash_table_add (seen, element->name))
    mw_issues_add (walk->issues, 400, "structure", member_path, "Only one of %s[x] may be there", element->name);
  if (JSON_NODE_HOLDS_NULL (member))
    mw_issues_add (walk->issues, 400, "structure", member_path, "null has no meaning here");
  else if (strchr ("*+", element->cardinality) != NULL)
    {
      if (JSON_NODE_HOLDS_ARRAY (member))
        check_array (walk, type, object, name, member, member_path);
      else
        mw_issues_add (walk->issues, 400, "structure", member_path, "This has to be an array");
    }
  else if (JSON_NODE_HOLDS_ARRAY (member))
    mw_issues_add (walk->issues, 400, "structure", member_path, "This may not be an array");
  else
    check_value (walk, type, member, member_path);
}

static void
check_required (Walk                 *walk,
                const MwElementGroup *group,
                JsonNode             *object,
                const char           *path)
{
  for (; group != NULL; group = group->base)
    for (guint i = 0; i < group->elements->len; i++)
      {
        const MwElement *element = g_ptr_array_index (group->elements, i);
        g_autofree char *twin = g_strconcat ("_", element->name, NULL);
        gboolean         there;

        if (strchr ("!+", element->cardinality) == NULL)
          continue;
        there = element->choice ? mw_json_choice (object, element->name, NULL) != NULL || mw_json_choice (object, twin, NULL) != NULL
                                : mw_json_has (object, element->name) || mw_json_has (object, twin);
        if (!there)
          mw_issues_add (walk->issues, 400, "required", path, "%s%s is required", element->name, element->choice ? "[x]" : "");
      }
}

static void
check_object (Walk                 *walk,
              const MwElementGroup *group,
              JsonNode             *node,
              const char           *path)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *member;
  gboolean       empty = TRUE;

  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &member))
    {
      empty = FALSE;
      check_member (walk, group, node, name, member, path, seen);
    }
  if (empty)
    mw_issues_add (walk->issues, 400, "structure", path, "An object may not be empty");
  check_required (walk, group, node, path);
}

/* dom-3: nothing is carried along that nothing points to */
static void
check_contained (JsonNode   *resource,
                 const char *path,
                 MwIssues   *issues)
{
  guint            n = mw_json_length (resource, "contained");
  g_autofree char *text = n > 0 ? mw_json_to_text (resource, FALSE) : NULL;

  for (guint i = 0; i < n; i++)
    {
      JsonNode        *contained = mw_json_item (resource, "contained", i);
      g_autofree char *pointer = g_strdup_printf ("\"#%s\"", mw_resource_id (contained));

      /* or it points back to the whole */
      if (mw_resource_id (contained) != NULL && strstr (text, pointer) == NULL && strstr (text, "\"#\"") == NULL)
        mw_issues_add (issues, 422, "invariant", path, "dom-3: nothing refers to the contained “%s”", mw_resource_id (contained));
    }
}

static void
check_resource (Walk       *walk,
                JsonNode   *resource,
                const char *path,
                gboolean    contained)
{
  const char *type = mw_resource_type (resource);
  Walk        inner = *walk;

  if (type == NULL || !mw_definitions_is_resource (walk->definitions, type))
    {
      mw_issues_add (walk->issues, 400, "structure", path, "This is not a resource that this server knows");
      return;
    }
  if (contained)
    {
      if (mw_resource_id (resource) == NULL)
        mw_issues_add (walk->issues, 400, "required", path, "A contained resource needs an id");
      if (mw_json_has (resource, "contained"))
        mw_issues_add (walk->issues, 422, "invariant", path, "dom-2: a contained resource contains no other");
    }
  else
    inner.container = resource;
  /* what a Bundle carries is resolved inside it, by whoever unpacks it */
  if (g_str_equal (type, "Bundle") || g_str_equal (type, "Parameters"))
    inner.store = NULL;
  check_object (&inner, mw_definitions_group (walk->definitions, type), resource, path);
  if (!contained)
    check_contained (resource, path, walk->issues);
  mw_validate_resource_rules (resource, path, walk->issues);
}

/**
 * mw_validate_as:
 * @definitions: the version of FHIR
 * @store: (nullable): where literal references have to lead; NULL not to look
 * @base: (nullable): the base of the server of @store
 *
 * Checks @resource: elements, cardinality, types, required codes, references, and those invariants
 * that the types of the sandbox meet. What is wrong with the form gets 400, what breaks a rule 422
 * (FHIR R4 http.html#create).
 *
 * Returns: whether nothing was added to @issues
 */
gboolean
mw_validate_as (const MwDefinitions *definitions,
                JsonNode            *resource,
                MwSandboxStore      *store,
                const char          *base,
                MwIssues            *issues)
{
  Walk        walk = { definitions, store, base, resource, issues };
  const char *type = mw_resource_type (resource);
  gboolean    before = mw_issues_any (issues);

  check_resource (&walk, resource, type != NULL ? type : "Resource", FALSE);
  return before || !mw_issues_any (issues);
}

/**
 * mw_validate:
 *
 * The same for the version of @store, or for R4 without one.
 */
gboolean
mw_validate (JsonNode       *resource,
             MwSandboxStore *store,
             const char     *base,
             MwIssues       *issues)
{
  return mw_validate_as (store != NULL ? mw_sandbox_store_get_definitions (store) : mw_definitions_get ("4.0"), resource, store, base, issues);
}
