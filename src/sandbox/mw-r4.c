/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-r4.h"

#include "mw-sandbox-resources.h"

#include <string.h>

#define PREFIX "/health/meanwhile/Meanwhile/sandbox/r4/"

typedef struct
{
  GHashTable *groups; /* path → MwR4Group */
  GHashTable *params; /* type → GPtrArray of MwR4Param */
  GPtrArray  *resources;
} Tables;

static const char *const kind_names[] = { "number", "date", "string", "token", "reference", "quantity", "uri" };

static char **
read_lines (const char *name)
{
  g_autofree char *path = g_strconcat (PREFIX, name, NULL);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (mw_sandbox_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *text = NULL;

  g_assert (bytes != NULL);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return g_strsplit (text, "\n", -1);
}

/* "code{a|b}" and "Reference(T|U)": a comma may not occur inside, "|" separates */
static MwR4Type *
parse_type (const char *text)
{
  MwR4Type   *type = g_new0 (MwR4Type, 1);
  const char *open = strpbrk (text, "{(");

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

static MwR4Element *
parse_element (const char *line)
{
  g_auto (GStrv) part = g_strsplit (line, " ", 3);
  g_auto (GStrv) types = g_strsplit (part[2], ",", -1);
  MwR4Element *element = g_new0 (MwR4Element, 1);

  element->choice = g_str_has_suffix (part[0], "[x]");
  element->name = g_strndup (part[0], strlen (part[0]) - (element->choice ? 3 : 0));
  element->cardinality = part[1][0];
  element->types = g_ptr_array_new ();
  for (char **type = types; *type != NULL; type++)
    g_ptr_array_add (element->types, parse_type (*type));
  return element;
}

static void
read_elements (Tables *tables)
{
  g_auto (GStrv) lines = read_lines ("elements.txt");
  MwR4Group     *group = NULL;
  GHashTableIter iter;
  gpointer       value;

  for (char **line = lines; *line != NULL; line++)
    {
      if (**line == '#' || **line == '\0')
        continue;
      if (**line == ' ')
        {
          MwR4Element *element = parse_element (*line + 2);

          g_ptr_array_add (group->elements, element);
          g_hash_table_insert (group->by_name, element->name, element);
        }
      else
        {
          g_auto (GStrv) part = g_strsplit (*line, " ", 2);

          group = g_new0 (MwR4Group, 1);
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
read_params (Tables *tables)
{
  g_auto (GStrv) lines = read_lines ("search.txt");

  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) part = NULL;
      MwR4Param *param;
      GPtrArray *list;

      if (**line == '#' || **line == '\0')
        continue;
      part = g_strsplit (*line, " ", 4);
      list = g_hash_table_lookup (tables->params, part[0]);
      if (list == NULL)
        {
          list = g_ptr_array_new ();
          g_hash_table_insert (tables->params, g_strdup (part[0]), list);
        }
      param = g_new0 (MwR4Param, 1);
      param->name = g_strdup (part[1]);
      for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
        if (g_str_equal (kind_names[i], part[2]))
          param->kind = (MwR4ParamKind) i;
      param->paths = g_strsplit (part[3], ",", -1);
      g_ptr_array_add (list, param);
    }
}

static Tables *
get_tables (void)
{
  static Tables *tables;

  if (g_once_init_enter (&tables))
    {
      Tables *fresh = g_new0 (Tables, 1);

      fresh->groups = g_hash_table_new (g_str_hash, g_str_equal);
      fresh->params = g_hash_table_new (g_str_hash, g_str_equal);
      fresh->resources = g_ptr_array_new ();
      read_elements (fresh);
      read_params (fresh);
      g_once_init_leave (&tables, fresh);
    }
  return tables;
}

/**
 * mw_r4_group:
 * @path: a type ("Task", "Identifier") or the path of a nested element ("Task.input")
 *
 * Returns: (transfer none) (nullable): what elements it has
 */
const MwR4Group *
mw_r4_group (const char *path)
{
  return g_hash_table_lookup (get_tables ()->groups, path);
}

gboolean
mw_r4_is_resource (const char *type)
{
  GPtrArray *list = get_tables ()->resources;

  return type != NULL && g_ptr_array_find_with_equal_func (list, type, g_str_equal, NULL);
}

/**
 * mw_r4_resource_types:
 *
 * Returns: (transfer none) (element-type utf8): every resource type the tables know, by name
 */
GPtrArray *
mw_r4_resource_types (void)
{
  return get_tables ()->resources;
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

static const MwR4Type *
any_type (const char *suffix)
{
  static const char *const allowed[] = {
    "base64Binary", "boolean", "canonical", "code", "date", "dateTime", "decimal", "id", "instant", "integer", "markdown", "oid",
    "positiveInt", "string", "time", "unsignedInt", "uri", "url", "uuid", "Address", "Age", "Annotation", "Attachment",
    "CodeableConcept", "Coding", "ContactPoint", "Count", "Distance", "Duration", "HumanName", "Identifier", "Money", "Period",
    "Quantity", "Range", "Ratio", "Reference", "SampledData", "Signature", "Timing", "ContactDetail", "Contributor",
    "DataRequirement", "Expression", "ParameterDefinition", "RelatedArtifact", "TriggerDefinition", "UsageContext", "Dosage", "Meta"
  };
  static MwR4Type types[G_N_ELEMENTS (allowed)];

  for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
    if (suffix_names (suffix, allowed[i]))
      {
        types[i].name = (char *) allowed[i];
        return &types[i];
      }
  return NULL;
}

static const MwR4Element *
find_choice (const MwR4Group *group,
             const char      *name,
             const MwR4Type **type)
{
  for (guint i = 0; i < group->elements->len; i++)
    {
      const MwR4Element *element = g_ptr_array_index (group->elements, i);
      const char        *suffix;

      if (!element->choice || !g_str_has_prefix (name, element->name))
        continue;
      suffix = name + strlen (element->name);
      if (!is_primitive_choice (suffix))
        continue;
      for (guint j = 0; j < element->types->len; j++)
        {
          const MwR4Type *candidate = g_ptr_array_index (element->types, j);

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
 * mw_r4_element:
 * @name: a JSON member's name, without a leading underscore
 * @type: (out): the data type its value has
 *
 * Returns: (transfer none) (nullable): the element of @group it stands for, its own or inherited
 */
const MwR4Element *
mw_r4_element (const MwR4Group *group,
               const char      *name,
               const MwR4Type **type)
{
  for (; group != NULL; group = group->base)
    {
      const MwR4Element *element = g_hash_table_lookup (group->by_name, name);

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
 * mw_r4_params:
 *
 * Returns: (transfer none) (nullable) (element-type MwR4Param): the search parameters of @type but
 *   for those that every type has
 */
GPtrArray *
mw_r4_params (const char *type)
{
  return g_hash_table_lookup (get_tables ()->params, type);
}

const MwR4Param *
mw_r4_param (const char *type,
             const char *name)
{
  GPtrArray *list = mw_r4_params (type);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const MwR4Param *param = g_ptr_array_index (list, i);

      if (g_str_equal (param->name, name))
        return param;
    }
  return NULL;
}

const char *
mw_r4_param_kind_name (MwR4ParamKind kind)
{
  return kind_names[kind];
}
