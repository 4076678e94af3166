/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The shapes in which one value stands in R4 and in R5. Each is exact: whatever more there is makes it another
 * shape, which the row does not know. */

#include "mw-adapt-private.h"

#include "mw-reference.h"

#include <stdlib.h>
#include <string.h>

#define PARTICIPANT_TYPES "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
/* the largest unsignedInt and positiveInt (FHIR R4 datatypes.html) */
#define MAX_INTEGER 2147483647

static JsonNode *
object_of (const char *member,
           JsonNode   *value)
{
  JsonNode *node = mw_json_object_new ();

  json_object_set_member (json_node_get_object (node), member, value);
  return node;
}

static JsonNode *
list_of (JsonNode *value)
{
  JsonNode  *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  json_array_add_element (array, value);
  json_node_take_array (node, array);
  return node;
}

/* The value of the only member of an object */
static JsonNode *
lone_member (JsonNode   *node,
             const char *member)
{
  if (!mw_json_is_object (node) || json_object_get_size (json_node_get_object (node)) != 1)
    return NULL;
  return json_object_get_member (json_node_get_object (node), member);
}

static JsonNode *
lone_item (JsonNode *node)
{
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) != 1)
    return NULL;
  return json_array_get_element (json_node_get_array (node), 0);
}

static JsonNode *
ref_or_null (JsonNode *node)
{
  return node != NULL ? json_node_ref (node) : NULL;
}

static gboolean
has_word (const char *words,
          const char *word)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  return g_strv_contains ((const char *const *) list, word);
}

/* { "coding": [ { "system", "code" } ] } and nothing else */
static JsonNode *
concept_of_code (const char *system,
                 const char *code)
{
  JsonNode *concept = mw_json_object_new ();

  mw_json_set (concept, "coding[0].system", system);
  mw_json_set (concept, "coding[0].code", code);
  return concept;
}

static const char *
code_of_concept (JsonNode   *concept,
                 const char *system)
{
  JsonNode *coding = lone_item (lone_member (concept, "coding"));

  if (!mw_json_is_object (coding) || json_object_get_size (json_node_get_object (coding)) != 2 || g_strcmp0 (mw_json_string (coding, "system"), system) != 0)
    return NULL;
  return mw_json_string (coding, "code");
}

static JsonNode *
shape_code (const MwAdaptRule *rule,
            JsonNode          *value,
            gboolean           to_r5)
{
  const char *code = to_r5 ? mw_json_string (value, NULL) : code_of_concept (value, rule->detail);

  if (code == NULL || !has_word (rule->codes, code))
    return NULL;
  return to_r5 ? concept_of_code (rule->detail, code) : json_node_init_string (json_node_alloc (), code);
}

static JsonNode *
shape_integer_text (JsonNode *value,
                    gboolean  to_r5)
{
  const char      *text = mw_json_string (value, NULL);
  gint64           number = to_r5 ? mw_json_integer (value, NULL, -1) : 0;
  g_autofree char *written = NULL;

  if (to_r5)
    {
      if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_INT64 || number < 0)
        return NULL;
      written = g_strdup_printf ("%" G_GINT64_FORMAT, number);
      return json_node_init_string (json_node_alloc (), written);
    }
  if (text == NULL || strlen (text) > 10)
    return NULL;
  number = g_ascii_strtoll (text, NULL, 10);
  written = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  if (number < 0 || number > MAX_INTEGER || !g_str_equal (written, text))
    return NULL;
  return json_node_init_int (json_node_alloc (), number);
}

static JsonNode *
shape_participant (const MwAdaptRule *rule,
                   JsonNode          *value,
                   gboolean           to_r5)
{
  JsonNode *participant;

  if (to_r5)
    {
      participant = mw_json_object_new ();
      mw_json_take (participant, "function", concept_of_code (PARTICIPANT_TYPES, rule->detail));
      mw_json_take (participant, "actor", json_node_ref (value));
      return participant;
    }
  if (!mw_json_is_object (value) || json_object_get_size (json_node_get_object (value)) != 2 ||
      g_strcmp0 (code_of_concept (mw_json_get (value, "function"), PARTICIPANT_TYPES), rule->detail) != 0)
    return NULL;
  return ref_or_null (json_object_get_member (json_node_get_object (value), "actor"));
}

/* FHIR R5 appointment: "If false, the participant is optional" */
static JsonNode *
shape_required (JsonNode *value,
                gboolean  to_r5)
{
  const char *word = mw_json_string (value, NULL);

  if (to_r5 && word != NULL && (g_str_equal (word, "required") || g_str_equal (word, "optional")))
    return json_node_init_boolean (json_node_alloc (), g_str_equal (word, "required"));
  if (!to_r5 && JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    return json_node_init_string (json_node_alloc (), json_node_get_boolean (value) ? "required" : "optional");
  return NULL;
}

/* R4 groups codes and details; R5 has one thing in each: only a group of one is the same in both */
static JsonNode *
shape_evidence (JsonNode *value,
                gboolean  to_r5)
{
  JsonNode *code = lone_member (value, to_r5 ? "code" : "concept");
  JsonNode *detail = lone_member (value, to_r5 ? "detail" : "reference");

  if (to_r5)
    {
      code = lone_item (code);
      detail = lone_item (detail);
      return code != NULL ? object_of ("concept", json_node_ref (code)) : detail != NULL ? object_of ("reference", json_node_ref (detail))
                                                                                         : NULL;
    }
  return code != NULL ? object_of ("code", list_of (json_node_ref (code))) : detail != NULL ? object_of ("detail", list_of (json_node_ref (detail)))
                                                                                            : NULL;
}

/* An ExtendedContactDetail that names nobody and no purpose is what R4 calls the organisation's own telecom or
 * address, so a contact must do one of both */
static JsonNode *
shape_contact (JsonNode *value,
               gboolean  to_r5)
{
  JsonNode   *copy;
  JsonObject *object;
  JsonNode   *name;

  if (!mw_json_is_object (value) || !(mw_json_has (value, "purpose") || mw_json_has (value, "name")) ||
      (!to_r5 && (mw_json_has (value, "organization") || mw_json_has (value, "period"))))
    return NULL;
  copy = mw_json_copy (value);
  object = json_node_get_object (copy);
  name = json_object_get_member (object, "name");
  if (name == NULL)
    return copy;
  name = to_r5 ? (mw_json_is_object (name) ? list_of (json_node_ref (name)) : NULL) : ref_or_null (lone_item (name));
  if (name == NULL)
    {
      json_node_unref (copy);
      return NULL;
    }
  json_object_set_member (object, "name", name);
  return copy;
}

/* Reference targets that only R5 has */
static JsonNode *
shape_same (const MwAdaptRule *rule,
            JsonNode          *value,
            gboolean           to_r5)
{
  g_autoptr (MwReference) reference = NULL;

  if (rule->codes == NULL || to_r5)
    return json_node_ref (value);
  reference = mw_reference_new (value);
  return reference->type == NULL || has_word (rule->codes, reference->type) ? json_node_ref (value) : NULL;
}

/**
 * mw_adapt_shape:
 * @rule: whose shape it is
 * @value: as it stands in the version it comes from
 *
 * Returns: (transfer full) (nullable): as it stands in the other; NULL when it does not have the rule's shape
 */
JsonNode *
mw_adapt_shape (const MwAdaptRule *rule,
                JsonNode          *value,
                gboolean           to_r5)
{
  const char *member = rule->detail;

  switch (rule->shape)
    {
    case MW_ADAPT_SAME:
      return shape_same (rule, value, to_r5);
    case MW_ADAPT_CODE:
      return shape_code (rule, value, to_r5);
    case MW_ADAPT_INTEGER_TEXT:
      return shape_integer_text (value, to_r5);
    case MW_ADAPT_PARTICIPANT:
      return shape_participant (rule, value, to_r5);
    case MW_ADAPT_REQUIRED:
      return shape_required (value, to_r5);
    case MW_ADAPT_EVIDENCE:
      return shape_evidence (value, to_r5);
    case MW_ADAPT_CONTACT:
      return shape_contact (value, to_r5);
    case MW_ADAPT_CODING:
      return to_r5 ? object_of ("coding", list_of (json_node_ref (value))) : ref_or_null (lone_item (lone_member (value, "coding")));
    case MW_ADAPT_CONCEPT_TEXT:
      return to_r5 ? object_of ("concept", object_of ("text", json_node_ref (value))) : ref_or_null (lone_member (lone_member (value, "concept"), "text"));
    case MW_ADAPT_VALUE_CONCEPT:
    case MW_ADAPT_VALUE_REFERENCE:
      member = rule->shape == MW_ADAPT_VALUE_CONCEPT ? "concept" : "reference";
      return to_r5 ? object_of ("value", list_of (object_of (member, json_node_ref (value))))
                   : ref_or_null (lone_member (lone_item (lone_member (value, "value")), member));
    case MW_ADAPT_CONCEPT:
    case MW_ADAPT_REFERENCE:
      member = rule->shape == MW_ADAPT_CONCEPT ? "concept" : "reference";
      G_GNUC_FALLTHROUGH;
    case MW_ADAPT_OBJECT:
    case MW_ADAPT_BUNCH:
      return to_r5 ? object_of (member, json_node_ref (value)) : ref_or_null (lone_member (value, member));
    case MW_ADAPT_ONLY:
    case MW_ADAPT_NEVER:
    case MW_ADAPT_TYPE:
    case MW_ADAPT_CARRY:
    case MW_ADAPT_FIXED:
    case MW_ADAPT_CODES:
    default:
      return NULL;
    }
}
