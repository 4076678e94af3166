/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Carries out the rows of a table on one object: takes what differs out under the names of the one version, and puts
 * it back under those of the other. */

#include "mw-config.h"

#include "mw-adapt-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CARRIED_R4 "http://hl7.org/fhir/4.0/StructureDefinition/extension-%s.%s"
#define CARRIED_R5 "http://hl7.org/fhir/5.0/StructureDefinition/extension-%s.%s"

/* One object on its way */
typedef struct
{
  MwAdapt            *adapt;
  const MwAdaptTable *table;
  JsonNode           *node;
  JsonObject         *object;
  GHashTable         *taken;  /* what was taken out, by its flat name */
  GHashTable         *opened; /* "context.", "availability[0].": whose members stand in @taken */
  JsonObject         *made;   /* what is to be put in, by its flat name */
} Passage;

const MwAdaptTable *
mw_adapt_find_table (const char *name)
{
  static const MwAdaptTable *const families[] = { mw_adapt_tables_work, mw_adapt_tables_clinical, mw_adapt_tables_care, mw_adapt_tables_people,
                                                  mw_adapt_tables_datatypes };

  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    for (const MwAdaptTable *table = families[i]; table->name != NULL; table++)
      if (g_strcmp0 (table->name, name) == 0)
        return table;
  return NULL;
}

/**
 * mw_adapt_find_resource:
 *
 * Returns: (nullable): the table of a resource type; the name comes from a stranger
 */
const MwAdaptTable *
mw_adapt_find_resource (const char *type)
{
  for (const MwAdaptTable *table = mw_adapt_tables_datatypes; table->name != NULL; table++)
    if (g_str_equal (table->name, type))
      return NULL;
  return strchr (type, '.') == NULL ? mw_adapt_find_table (type) : NULL;
}

/* "content.profile", "reasonCode" → “profile”, “reason code”: the standard's own names are plain enough when no row
 * has better words */
static char *
words_of_element (const char *element)
{
  const char *dot = strrchr (element, '.');
  g_autoptr (GString) text = g_string_new (NULL);

  for (const char *c = dot != NULL ? dot + 1 : element; *c != '\0'; c++)
    {
      if (g_ascii_isupper (*c))
        g_string_append_c (text, ' ');
      g_string_append_c (text, g_ascii_tolower (*c));
    }
  /* Translators: the name of an element of a FHIR resource, in English */
  return g_strdup_printf (_ ("“%s”"), text->str);
}

/**
 * mw_adapt_obstacle:
 * @words: (nullable): what cannot be said, untranslated; else it is named by @element
 *
 * Notes that the resource at hand cannot be adapted.
 */
void
mw_adapt_obstacle (MwAdapt    *self,
                   const char *words,
                   const char *element)
{
  g_autofree char *named = words != NULL ? g_strdup (_ (words)) : words_of_element (element);
  g_autofree char *line = g_strconcat (self->type, "\t", named, NULL);

  if (!g_ptr_array_find_with_equal_func (self->obstacles, line, g_str_equal, NULL))
    g_ptr_array_add (self->obstacles, g_steal_pointer (&line));
}

static const char *
from_name (const MwAdapt     *adapt,
           const MwAdaptRule *rule)
{
  return adapt->to_r5 ? rule->r4 : rule->r5;
}

static const char *
to_name (const MwAdapt     *adapt,
         const MwAdaptRule *rule)
{
  return adapt->to_r5 ? rule->r5 : rule->r4;
}

static gboolean
is_list_there (const MwAdapt     *adapt,
               const MwAdaptRule *rule)
{
  return (rule->flags & (adapt->to_r5 ? MW_ADAPT_R5_LIST : MW_ADAPT_R4_LIST)) != 0;
}

/* Rows that move their element, rather than look at it where it is */
static gboolean
moves (const MwAdaptRule *rule)
{
  return rule->shape != MW_ADAPT_TYPE && rule->shape != MW_ADAPT_CODES && rule->shape != MW_ADAPT_NEVER && rule->shape != MW_ADAPT_FIXED &&
         rule->shape != MW_ADAPT_CARRY;
}

/* ---- taking out ------------------------------------------------------ */

/* Members of "hospitalization" or of the only element of "availability" */
static void
open_part (Passage           *p,
           const MwAdaptRule *rule,
           const char        *name)
{
  const char      *dot = strchr (name, '.');
  g_autofree char *prefix = g_strndup (name, (gsize) (dot + 1 - name));
  g_autofree char *root = g_strndup (name, strcspn (name, ".["));
  JsonNode        *part = json_object_get_member (p->object, root);
  g_autoptr (GList) members = NULL;

  if (part == NULL || !g_hash_table_add (p->opened, g_strdup (prefix)))
    return;
  if (strchr (prefix, '[') != NULL && JSON_NODE_HOLDS_ARRAY (part) && json_array_get_length (json_node_get_array (part)) == 1)
    part = json_array_get_element (json_node_get_array (part), 0);
  if (!mw_json_is_object (part))
    {
      mw_adapt_obstacle (p->adapt, rule->words, root);
      return;
    }
  members = json_object_get_members (json_node_get_object (part));
  for (GList *l = members; l != NULL; l = l->next)
    g_hash_table_insert (p->taken, g_strconcat (prefix, l->data, NULL), json_node_ref (json_object_get_member (json_node_get_object (part), l->data)));
  json_object_remove_member (p->object, root);
}

/* The extensions of a primitive move with it, where it stays a primitive (FHIR R4 json.html#primitive) */
static void
take_sibling (Passage           *p,
              const MwAdaptRule *rule,
              const char        *name)
{
  g_autofree char *sibling = g_strconcat ("_", name, NULL);
  const char      *to = to_name (p->adapt, rule);
  JsonNode        *node = json_object_get_member (p->object, sibling);
  gboolean         same = ((rule->flags & MW_ADAPT_R4_LIST) != 0) == ((rule->flags & MW_ADAPT_R5_LIST) != 0);

  if (node == NULL)
    return;
  if (rule->shape == MW_ADAPT_SAME && same && to != NULL && strchr (to, '.') == NULL)
    {
      g_autofree char *renamed = g_strconcat ("_", to, NULL);

      json_object_set_member (p->made, renamed, json_node_ref (node));
      json_object_remove_member (p->object, sibling);
    }
  else
    mw_adapt_obstacle (p->adapt, rule->words, name);
}

static void
take_out (Passage *p)
{
  for (gsize i = 0; i < p->table->n_rules; i++)
    {
      const MwAdaptRule *rule = &p->table->rules[i];
      const char        *name = from_name (p->adapt, rule);
      JsonNode          *node;

      if (name == NULL || !moves (rule))
        continue;
      if (strchr (name, '.') != NULL)
        {
          open_part (p, rule, name);
          continue;
        }
      take_sibling (p, rule, name);
      node = json_object_get_member (p->object, name);
      if (node == NULL)
        continue;
      g_hash_table_insert (p->taken, g_strdup (name), json_node_ref (node));
      json_object_remove_member (p->object, name);
    }
}

/* ---- turning ---------------------------------------------------------- */

static gboolean
make (Passage           *p,
      const MwAdaptRule *rule,
      JsonNode          *value)
{
  const char *name = to_name (p->adapt, rule);
  JsonNode   *made = json_object_get_member (p->made, name);
  JsonArray  *array;

  if (!is_list_there (p->adapt, rule) || (rule->shape == MW_ADAPT_BUNCH && !p->adapt->to_r5))
    {
      if (made != NULL)
        {
          json_node_unref (value);
          return FALSE;
        }
      json_object_set_member (p->made, name, value);
      return TRUE;
    }
  if (made == NULL)
    {
      made = json_node_new (JSON_NODE_ARRAY);
      array = json_array_new ();
      json_node_take_array (made, array);
      json_object_set_member (p->made, name, made);
    }
  json_array_add_element (json_node_get_array (made), value);
  return TRUE;
}

/* The first row for this element whose shape the value has */
static void
turn_value (Passage    *p,
            const char *name,
            JsonNode   *value)
{
  const MwAdaptRule *first = NULL;

  for (gsize i = 0; i < p->table->n_rules; i++)
    {
      const MwAdaptRule *rule = &p->table->rules[i];
      JsonNode          *shaped;

      if (!moves (rule) || g_strcmp0 (from_name (p->adapt, rule), name) != 0)
        continue;
      if (first == NULL)
        first = rule;
      if (to_name (p->adapt, rule) == NULL)
        continue;
      shaped = mw_adapt_shape (rule, value, p->adapt->to_r5);
      if (shaped != NULL && make (p, rule, shaped))
        return;
    }
  mw_adapt_obstacle (p->adapt, first != NULL ? first->words : NULL, name);
}

static void
turn_element (Passage           *p,
              const MwAdaptRule *rule)
{
  const char *name = from_name (p->adapt, rule);
  g_autoptr (JsonNode) value = NULL;

  if (name == NULL || g_hash_table_lookup (p->taken, name) == NULL)
    return;
  value = json_node_ref (g_hash_table_lookup (p->taken, name));
  g_hash_table_remove (p->taken, name);
  if (JSON_NODE_HOLDS_ARRAY (value) && !(p->adapt->to_r5 && rule->shape == MW_ADAPT_BUNCH))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (value)); i++)
      turn_value (p, name, json_array_get_element (json_node_get_array (value), i));
  else
    turn_value (p, name, value);
}

/* ---- rows that look at an element where it is ------------------------- */

static void
turn_type (Passage           *p,
           const MwAdaptRule *rule)
{
  const MwAdaptTable *table = mw_adapt_find_table (rule->detail);
  JsonNode           *node = json_object_get_member (p->object, rule->r4);

  if (mw_json_is_object (node))
    mw_adapt_rows (p->adapt, table, json_node_get_object (node));
  else if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      {
        JsonNode *item = json_array_get_element (json_node_get_array (node), i);

        if (mw_json_is_object (item))
          mw_adapt_rows (p->adapt, table, json_node_get_object (item));
      }
}

static void
turn_code (Passage           *p,
           const MwAdaptRule *rule)
{
  g_autofree char *code = g_strdup (mw_json_string (p->node, rule->r4));
  g_auto (GStrv) differences = g_strsplit (rule->codes, " ", -1);

  for (guint i = 0; code != NULL && differences[i] != NULL; i++)
    {
      const char *word = differences[i];
      const char *equals = strchr (word, '=');

      if (equals == NULL)
        {
          if (word[0] == (p->adapt->to_r5 ? '-' : '+') && g_str_equal (word + 1, code))
            mw_adapt_obstacle (p->adapt, rule->words, code);
          continue;
        }
      {
        g_autofree char *r4 = g_strndup (word, (gsize) (equals - word));
        const char      *r5 = equals + 1;

        if (g_str_equal (p->adapt->to_r5 ? r4 : r5, code))
          mw_json_set (p->node, rule->r4, p->adapt->to_r5 ? r5 : r4);
        /* the other version's word is none of this one */
        else if (g_str_equal (p->adapt->to_r5 ? r5 : r4, code))
          mw_adapt_obstacle (p->adapt, rule->words, code);
      }
    }
}

static void
turn_fixed (Passage           *p,
            const MwAdaptRule *rule)
{
  if (p->adapt->to_r5)
    mw_json_set (p->node, rule->r5, rule->detail);
  else if (g_strcmp0 (mw_json_string (p->node, rule->r5), rule->detail) == 0)
    json_object_remove_member (p->object, rule->r5);
  else
    mw_adapt_obstacle (p->adapt, rule->words, rule->r5);
}

static void
carry_away (Passage           *p,
            const MwAdaptRule *rule,
            const char        *name,
            const char        *url)
{
  JsonNode        *node = json_object_get_member (p->object, name);
  g_autofree char *sibling = g_strconcat ("_", name, NULL);
  JsonNode        *extension;

  if (json_object_has_member (p->object, sibling))
    mw_adapt_obstacle (p->adapt, rule->words, name);
  if (node == NULL)
    return;
  extension = mw_json_object_new ();
  mw_json_set (extension, "url", url);
  mw_json_take (extension, rule->detail, json_node_ref (node));
  mw_json_take (p->node, "extension[+]", extension);
  json_object_remove_member (p->object, name);
}

static void
carry_back (Passage           *p,
            const MwAdaptRule *rule,
            const char        *name,
            const char        *url)
{
  JsonNode  *list = json_object_get_member (p->object, "extension");
  JsonArray *array = list != NULL && JSON_NODE_HOLDS_ARRAY (list) ? json_node_get_array (list) : NULL;

  for (guint i = array != NULL ? json_array_get_length (array) : 0; i > 0; i--)
    {
      JsonNode *extension = json_array_get_element (array, i - 1);
      JsonNode *value = mw_json_get (extension, rule->detail);

      if (g_strcmp0 (mw_json_string (extension, "url"), url) != 0)
        continue;
      if (value == NULL || json_object_has_member (p->object, name))
        {
          mw_adapt_obstacle (p->adapt, rule->words, name);
          return;
        }
      json_object_set_member (p->object, name, json_node_ref (value));
      json_array_remove_element (array, i - 1);
      if (json_array_get_length (array) == 0)
        json_object_remove_member (p->object, "extension");
      return;
    }
}

static void
turn_carried (Passage           *p,
              const MwAdaptRule *rule)
{
  const char      *name = rule->r4 != NULL ? rule->r4 : rule->r5;
  g_autofree char *url = rule->r4 != NULL ? g_strdup_printf (CARRIED_R4, p->table->name, name) : g_strdup_printf (CARRIED_R5, p->table->name, name);

  if (from_name (p->adapt, rule) != NULL)
    carry_away (p, rule, name, url);
  else
    carry_back (p, rule, name, url);
}

static void
turn_row (Passage           *p,
          const MwAdaptRule *rule)
{
  switch (rule->shape)
    {
    case MW_ADAPT_TYPE:
      turn_type (p, rule);
      break;
    case MW_ADAPT_CODES:
      turn_code (p, rule);
      break;
    case MW_ADAPT_NEVER:
      if (json_object_has_member (p->object, rule->r4))
        mw_adapt_obstacle (p->adapt, rule->words, rule->r4);
      break;
    case MW_ADAPT_FIXED:
      turn_fixed (p, rule);
      break;
    case MW_ADAPT_CARRY:
      turn_carried (p, rule);
      break;
    case MW_ADAPT_SAME:
    case MW_ADAPT_ONLY:
    case MW_ADAPT_CONCEPT:
    case MW_ADAPT_REFERENCE:
    case MW_ADAPT_VALUE_CONCEPT:
    case MW_ADAPT_VALUE_REFERENCE:
    case MW_ADAPT_CODING:
    case MW_ADAPT_CODE:
    case MW_ADAPT_OBJECT:
    case MW_ADAPT_BUNCH:
    case MW_ADAPT_CONCEPT_TEXT:
    case MW_ADAPT_INTEGER_TEXT:
    case MW_ADAPT_PARTICIPANT:
    case MW_ADAPT_REQUIRED:
    case MW_ADAPT_EVIDENCE:
    case MW_ADAPT_CONTACT:
    default:
      turn_element (p, rule);
    }
}

/* ---- putting back ----------------------------------------------------- */

static void
put_back (Passage *p)
{
  g_autoptr (GList) names = json_object_get_members (p->made);
  GHashTableIter iter;
  gpointer       left;

  /* what no row knows inside an element that is taken apart */
  g_hash_table_iter_init (&iter, p->taken);
  while (g_hash_table_iter_next (&iter, &left, NULL))
    mw_adapt_obstacle (p->adapt, NULL, left);
  for (GList *l = names; l != NULL; l = l->next)
    {
      g_autofree char *root = g_strndup (l->data, strcspn (l->data, ".["));

      /* it stands there already, though this version does not know it */
      if (json_object_has_member (p->object, root))
        mw_adapt_obstacle (p->adapt, NULL, root);
    }
  if (p->adapt->obstacles->len > 0)
    return;
  for (GList *l = names; l != NULL; l = l->next)
    mw_json_take (p->node, l->data, json_node_ref (json_object_get_member (p->made, l->data)));
}

static void
check_needs (Passage *p)
{
  guint needs = p->adapt->to_r5 ? MW_ADAPT_R5_NEEDS : MW_ADAPT_R4_NEEDS;

  for (gsize i = 0; i < p->table->n_rules; i++)
    {
      const MwAdaptRule *rule = &p->table->rules[i];

      if ((rule->flags & needs) != 0 && !mw_json_has (p->node, to_name (p->adapt, rule)))
        mw_adapt_obstacle (p->adapt, rule->words, to_name (p->adapt, rule));
    }
}

/**
 * mw_adapt_rows:
 * @object: mutable; changed in place, and of no use any more when there are obstacles afterwards
 *
 * Carries out the rows of @table on @object.
 */
void
mw_adapt_rows (MwAdapt            *self,
               const MwAdaptTable *table,
               JsonObject         *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_node_unref);
  g_autoptr (GHashTable) opened = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (JsonObject) made = json_object_new ();
  Passage p = { self, table, node, object, taken, opened, made };

  json_node_set_object (node, object);
  if (table->special != NULL)
    table->special (self, object);
  take_out (&p);
  for (gsize i = 0; i < table->n_rules; i++)
    turn_row (&p, &table->rules[i]);
  put_back (&p);
  if (self->obstacles->len == 0)
    check_needs (&p);
}
