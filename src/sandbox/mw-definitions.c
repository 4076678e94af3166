/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-definitions.h"

#include "mw-sandbox-resources.h"

#include <string.h>

#define PREFIX "/health/meanwhile/Meanwhile/sandbox/"

struct _MwDefinitions
{
  const char *version;      /* "4.0" */
  const char *full_version; /* "4.0.1" */
  const char *folder;
  GHashTable *groups; /* path → MwElementGroup */
  GHashTable *params; /* type → GPtrArray of MwSearchParam */
  GPtrArray  *resources;
};

static const char *const kind_names[] = { "number", "date", "string", "token", "reference", "quantity", "uri" };

static char **
read_lines (const MwDefinitions *self, const char *name)
{
  g_autofree char *path = g_strconcat (PREFIX, self->folder, name, NULL);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (mw_sandbox_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *text = NULL;

  g_assert (bytes != NULL);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return g_strsplit (text, "\n", -1);
}

/* "code{a|b}" and "Reference(T|U)": a comma may not occur inside, "|" separates */
static MwElementType *
parse_type (const char *text)
{
  MwElementType *type = g_new0 (MwElementType, 1);
  const char    *open = strpbrk (text, "{(");

  if (open == NULL)
    {
      type->name = g_strdup (text);
      return type;
    }
  type->name = g_strndup (text, (gsize) (open - text));
  {
    g_autofree char *inside = g_strndup (open + 1, strlen (open + 1) - 1);
    char           **list = g_strsplit (inside, "|", -1);

    if (*open == '{')
      type->codes = list;
    else
      type->targets = list;
  }
  return type;
}

static MwElement *
parse_element (const char *line)
{
  g_auto (GStrv) part = g_strsplit (line, " ", 3);
  g_auto (GStrv) types = g_strsplit (part[2], ",", -1);
  MwElement *element = g_new0 (MwElement, 1);

  element->choice = g_str_has_suffix (part[0], "[x]");
  element->name = g_strndup (part[0], strlen (part[0]) - (element->choice ? 3 : 0));
  element->cardinality = part[1][0];
  element->types = g_ptr_array_new ();
  for (char **type = types; *type != NULL; type++)
    g_ptr_array_add (element->types, parse_type (*type));
  return element;
}

static void
read_elements (MwDefinitions *tables)
{
  g_auto (GStrv) lines = read_lines (tables, "elements.txt");
  MwElementGroup *group = NULL;
  GHashTableIter  iter;
  gpointer        value;

  for (char **line = lines; *line != NULL; line++)
    {
      if (**line == '#' || **line == '\0')
        continue;
      if (**line == ' ')
        {
          MwElement *element = parse_element (*line + 2);

          g_ptr_array_add (group->elements, element);
          g_hash_table_insert (group->by_name, element->name, element);
        }
      else
        {
          g_auto (GStrv) part = g_strsplit (*line, " ", 2);

          group = g_new0 (MwElementGroup, 1);
          group->path = g_strdup (part[0]);
          group->base_name = g_strdup (part[1]);
          group->elements = g_ptr_array_new ();
          group->by_name = g_hash_table_new (g_str_hash, g_str_equal);
          g_hash_table_insert (tables->groups, group->path, group);
          if (g_str_equal (part[1], "DomainResource") || (g_str_equal (part[1], "Resource") && !g_str_equal (part[0], "DomainResource")))
            g_ptr_array_add (tables->resources, group->path);
        }
    }
  g_hash_table_iter_init (&iter, tables->groups);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      group = value;
      group->base = g_hash_table_lookup (tables->groups, group->base_name);
    }
}

static void
read_params (MwDefinitions *tables)
{
  g_auto (GStrv) lines = read_lines (tables, "search.txt");

  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) part = NULL;
      MwSearchParam *param;
      GPtrArray     *list;

      if (**line == '#' || **line == '\0')
        continue;
      part = g_strsplit (*line, " ", 4);
      list = g_hash_table_lookup (tables->params, part[0]);
      if (list == NULL)
        {
          list = g_ptr_array_new ();
          g_hash_table_insert (tables->params, g_strdup (part[0]), list);
        }
      param = g_new0 (MwSearchParam, 1);
      param->name = g_strdup (part[1]);
      for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
        if (g_str_equal (kind_names[i], part[2]))
          param->kind = (MwSearchKind) i;
      param->paths = g_strsplit (part[3], ",", -1);
      g_ptr_array_add (list, param);
    }
}

static gpointer
read_all (gpointer data)
{
  static MwDefinitions versions[] = { { .version = "4.0", .full_version = "4.0.1", .folder = "r4/" },
                                      { .version = "5.0", .full_version = "5.0.0", .folder = "r5/" } };

  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      versions[i].groups = g_hash_table_new (g_str_hash, g_str_equal);
      versions[i].params = g_hash_table_new (g_str_hash, g_str_equal);
      versions[i].resources = g_ptr_array_new ();
      read_elements (&versions[i]);
      read_params (&versions[i]);
    }
  return versions;
}

/**
 * mw_definitions_get:
 * @version: "4.0" or "5.0"
 *
 * Returns: (transfer none): what that version of FHIR defines
 */
const MwDefinitions *
mw_definitions_get (const char *version)
{
  static GOnce         once = G_ONCE_INIT;
  const MwDefinitions *versions = g_once (&once, read_all, NULL);

  return &versions[g_str_equal (version, versions[1].version) ? 1 : 0];
}

/**
 * mw_definitions_full_version:
 *
 * Returns: (transfer none): as CapabilityStatement.fhirVersion has it: "4.0.1"
 */
const char *
mw_definitions_full_version (const MwDefinitions *self)
{
  return self->full_version;
}

/**
 * mw_definitions_group:
 * @path: a type ("Task", "Identifier") or the path of a nested element ("Task.input")
 *
 * Returns: (transfer none) (nullable): what elements it has
 */
const MwElementGroup *
mw_definitions_group (const MwDefinitions *self, const char *path)
{
  return g_hash_table_lookup (self->groups, path);
}

gboolean
mw_definitions_is_resource (const MwDefinitions *self, const char *type)
{
  return type != NULL && g_ptr_array_find_with_equal_func (self->resources, type, g_str_equal, NULL);
}

/**
 * mw_definitions_resource_types:
 *
 * Returns: (transfer none) (element-type utf8): every resource type the tables know, by name
 */
GPtrArray *
mw_definitions_resource_types (const MwDefinitions *self)
{
  return self->resources;
}

static gboolean
is_primitive_choice (const char *suffix)
{
  return g_ascii_isupper (*suffix);
}

/* Whether @suffix, the capital-lettered end of a choice's name, names @type */
static gboolean
suffix_names (const char *suffix,
              const char *type)
{
  return g_ascii_toupper (*type) == *suffix && g_str_equal (type + 1, suffix + 1);
}

static const MwElementType *
any_type (const char *suffix)
{
  static const char *const allowed[] = {
    "base64Binary", "boolean", "canonical", "code", "date", "dateTime", "decimal", "id", "instant", "integer", "markdown", "oid",
    "positiveInt", "string", "time", "unsignedInt", "uri", "url", "uuid", "Address", "Age", "Annotation", "Attachment",
    "CodeableConcept", "Coding", "ContactPoint", "Count", "Distance", "Duration", "HumanName", "Identifier", "Money", "Period",
    "Quantity", "Range", "Ratio", "Reference", "SampledData", "Signature", "Timing", "ContactDetail", "Contributor",
    "DataRequirement", "Expression", "ParameterDefinition", "RelatedArtifact", "TriggerDefinition", "UsageContext", "Dosage", "Meta"
  };
  static MwElementType types[G_N_ELEMENTS (allowed)];

  for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
    if (suffix_names (suffix, allowed[i]))
      {
        types[i].name = (char *) allowed[i];
        return &types[i];
      }
  return NULL;
}

static const MwElement *
find_choice (const MwElementGroup *group,
             const char           *name,
             const MwElementType **type)
{
  for (guint i = 0; i < group->elements->len; i++)
    {
      const MwElement *element = g_ptr_array_index (group->elements, i);
      const char      *suffix;

      if (!element->choice || !g_str_has_prefix (name, element->name))
        continue;
      suffix = name + strlen (element->name);
      if (!is_primitive_choice (suffix))
        continue;
      for (guint j = 0; j < element->types->len; j++)
        {
          const MwElementType *candidate = g_ptr_array_index (element->types, j);

          *type = g_str_equal (candidate->name, "any")     ? any_type (suffix)
                  : suffix_names (suffix, candidate->name) ? candidate
                                                           : NULL;
          if (*type != NULL)
            return element;
        }
    }
  return NULL;
}

/**
 * mw_definitions_element:
 * @name: a JSON member's name, without a leading underscore
 * @type: (out): the data type its value has
 *
 * Returns: (transfer none) (nullable): the element of @group it stands for, its own or inherited
 */
const MwElement *
mw_definitions_element (const MwElementGroup *group,
                        const char           *name,
                        const MwElementType **type)
{
  for (; group != NULL; group = group->base)
    {
      const MwElement *element = g_hash_table_lookup (group->by_name, name);

      if (element != NULL && !element->choice)
        {
          *type = g_ptr_array_index (element->types, 0);
          return element;
        }
      element = find_choice (group, name, type);
      if (element != NULL)
        return element;
    }
  return NULL;
}

/**
 * mw_definitions_params:
 *
 * Returns: (transfer none) (nullable) (element-type MwSearchParam): the search parameters of @type but
 *   for those that every type has
 */
GPtrArray *
mw_definitions_params (const MwDefinitions *self, const char *type)
{
  return g_hash_table_lookup (self->params, type);
}

const MwSearchParam *
mw_definitions_param (const MwDefinitions *self, const char *type, const char *name)
{
  GPtrArray *list = mw_definitions_params (self, type);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const MwSearchParam *param = g_ptr_array_index (list, i);

      if (g_str_equal (param->name, name))
        return param;
    }
  return NULL;
}

const char *
mw_definitions_kind_name (MwSearchKind kind)
{
  return kind_names[kind];
}
