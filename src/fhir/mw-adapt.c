/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Says in one version of FHIR what was said in another, or what stands in the way. */

#include "mw-config.h"

#include "mw-adapt.h"

#include "mw-adapt-private.h"
#include "mw-describe.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What a sentence names at most: it is read by a person */
#define MAX_NAMED 4

/* Extension.value[x], Parameters.parameter.value[x], Task.input.value[x] … by their types */
static const struct
{
  const char *suffix;
  gboolean    r4; /* whether R4 has the type at all */
  gboolean    r5;
  const char *table; /* NULL: it means something else */
} value_types[] = {
  { "Attachment", TRUE, TRUE, "Attachment" },
  { "Dosage", TRUE, TRUE, "Dosage" },
  { "SampledData", TRUE, TRUE, "SampledData" },
  { "Contributor", TRUE, FALSE, NULL },
  { "DataRequirement", TRUE, TRUE, NULL },
  { "ParameterDefinition", TRUE, TRUE, NULL },
  { "RelatedArtifact", TRUE, TRUE, NULL },
  { "TriggerDefinition", TRUE, TRUE, NULL },
  { "Availability", FALSE, TRUE, NULL },
  { "CodeableReference", FALSE, TRUE, NULL },
  { "ExtendedContactDetail", FALSE, TRUE, NULL },
  { "Integer64", FALSE, TRUE, NULL },
  { "RatioRange", FALSE, TRUE, NULL },
};

static void walk (MwAdapt  *self,
                  JsonNode *node);

static void
walk_value (MwAdapt    *self,
            const char *name,
            JsonNode   *value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (value_types); i++)
    {
      if (!g_str_equal (name + strlen ("value"), value_types[i].suffix) || !(self->to_r5 ? value_types[i].r4 : value_types[i].r5))
        continue;
      if (value_types[i].table == NULL || !mw_json_is_object (value))
        mw_adapt_obstacle (self, NULL, name);
      else
        mw_adapt_rows (self, mw_adapt_find_table (value_types[i].table), json_node_get_object (value));
    }
}

/* Codes of data types that R5 has more of: Quantity.comparator and Timing.repeat.when */
static void
check_codes (MwAdapt  *self,
             JsonNode *node)
{
  guint n = mw_json_length (node, "repeat.when");

  if (self->to_r5)
    return;
  if (g_strcmp0 (mw_json_string (node, "comparator"), "ad") == 0)
    mw_adapt_obstacle (self, N_ ("an amount that is to be made up to"), "comparator");
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (mw_json_string (mw_json_item (node, "repeat.when", i), NULL), "IMD") == 0)
      mw_adapt_obstacle (self, NULL, "repeat.when");
}

static void
walk_resource (MwAdapt    *self,
               const char *type,
               JsonObject *object)
{
  const MwAdaptTable *table = mw_adapt_find_resource (type);

  if (table == NULL)
    mw_adapt_obstacle (self, N_ ("this kind of record is not known well enough"), type);
  else
    mw_adapt_rows (self, table, object);
}

static void
walk_object (MwAdapt  *self,
             JsonNode *node)
{
  JsonObject      *object = json_node_get_object (node);
  const char      *outer = self->type;
  g_autofree char *type = g_strdup (mw_resource_type (node));
  g_autoptr (GList) members = NULL;

  if (type != NULL)
    {
      self->type = type;
      walk_resource (self, type, object);
    }
  check_codes (self, node);
  members = json_object_get_members (object);
  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonNode *member = json_object_get_member (object, l->data);

      if (g_str_has_prefix (l->data, "value"))
        walk_value (self, l->data, member);
      walk (self, member);
    }
  self->type = outer;
}

static void
walk (MwAdapt  *self,
      JsonNode *node)
{
  if (mw_json_is_object (node))
    walk_object (self, node);
  else if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      walk (self, json_array_get_element (json_node_get_array (node), i));
}

/* Returns: (transfer full): NULL when @obstacles grew */
static JsonNode *
turn (JsonNode  *resource,
      gboolean   to_r5,
      GPtrArray *obstacles)
{
  MwAdapt self = { to_r5, mw_resource_type (resource), obstacles };
  g_autoptr (JsonNode) copy = mw_json_copy (resource);
  guint before = obstacles->len;

  walk (&self, copy);
  return obstacles->len == before ? g_steal_pointer (&copy) : NULL;
}

/* Names the first element that did not come back as it went */
static void
note_difference (JsonNode  *resource,
                 JsonNode  *back,
                 GPtrArray *obstacles)
{
  g_autoptr (GList) members = json_object_get_members (json_node_get_object (resource));
  MwAdapt     self = { FALSE, mw_resource_type (resource), obstacles };
  const char *element = "order";

  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonNode *one = json_object_get_member (json_node_get_object (resource), l->data);
      JsonNode *other = json_object_get_member (json_node_get_object (back), l->data);

      if (other == NULL || !json_node_equal (one, other))
        {
          element = l->data;
          break;
        }
    }
  mw_adapt_obstacle (&self, NULL, element);
}

static void
set_sentence (GError      **error,
              GPtrArray    *obstacles,
              MwFhirVersion to)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *type = g_strndup (g_ptr_array_index (obstacles, 0), strcspn (g_ptr_array_index (obstacles, 0), "\t"));
  g_autofree char *kind = mw_resource_type_text (type);
  guint            named = 0;

  for (guint i = 0; i < obstacles->len && named < MAX_NAMED; i++)
    {
      const char *line = g_ptr_array_index (obstacles, i);
      const char *tab = strchr (line, '\t');

      if ((gsize) (tab - line) != strlen (type) || !g_str_has_prefix (line, type))
        continue;
      g_string_append_printf (names, "%s%s", named > 0 ? "; " : "", tab + 1);
      named++;
    }
  /* Translators: why something cannot be sent: the kind of record, a version of FHIR ("R5"), and what is in the way */
  g_set_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_VERSION, _ ("%s: this cannot be said in FHIR %s without loss: %s. Leave it out, or send it another way."),
               kind, mw_fhir_version_to_text (to), names->str);
}

/* R4B changed none of the types that tables speak of (FHIR R4B history.html) */
static gboolean
is_r4 (MwFhirVersion version)
{
  return version == MW_FHIR_VERSION_R4 || version == MW_FHIR_VERSION_R4B || version == MW_FHIR_VERSION_UNKNOWN;
}

/**
 * mw_adapt_needed:
 *
 * Returns: whether what is written in @from must be adapted for @to; a version that is not known is taken for R4
 */
gboolean
mw_adapt_needed (MwFhirVersion from,
                 MwFhirVersion to)
{
  return from != to && !(is_r4 (from) && is_r4 (to));
}

/**
 * mw_adapt_resource:
 * @resource: of any type, also a Bundle or Parameters; it is left as it is
 * @from: the version it is written in; unknown is R4
 * @to: the version that the receiver reads
 *
 * Says @resource in another version: R4 (and R4B, which is the same here) or R5. Only where every difference met is
 * known and nothing is lost in either direction, which is proved by turning the result back. Elements that neither
 * version knows and extensions survive; decimals keep their text.
 *
 * Returns: (transfer full) (nullable): NULL with MW_FHIR_ERROR_VERSION and a sentence for a person, which names what
 *   stands in the way
 */
JsonNode *
mw_adapt_resource (JsonNode     *resource,
                   MwFhirVersion from,
                   MwFhirVersion to,
                   GError      **error)
{
  g_autoptr (GPtrArray) obstacles = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) back_obstacles = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonNode) turned = NULL;
  g_autoptr (JsonNode) back = NULL;

  if (mw_resource_type (resource) == NULL)
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("This is not a FHIR resource."));
      return NULL;
    }
  if (!mw_adapt_needed (from, to))
    return mw_json_copy (resource);
  if ((!is_r4 (from) && from != MW_FHIR_VERSION_R5) || (!is_r4 (to) && to != MW_FHIR_VERSION_R5))
    {
      g_set_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_VERSION, _ ("Meanwhile speaks FHIR R4, R4B and R5, but not %s."),
                   mw_fhir_version_to_text (is_r4 (from) || from == MW_FHIR_VERSION_R5 ? to : from));
      return NULL;
    }
  turned = turn (resource, to == MW_FHIR_VERSION_R5, obstacles);
  if (turned != NULL)
    {
      back = turn (turned, to != MW_FHIR_VERSION_R5, back_obstacles);
      if (back == NULL)
        g_ptr_array_extend_and_steal (obstacles, g_steal_pointer (&back_obstacles));
      else if (!json_node_equal (resource, back))
        note_difference (resource, back, obstacles);
    }
  if (obstacles->len > 0)
    {
      set_sentence (error, obstacles, to);
      return NULL;
    }
  return g_steal_pointer (&turned);
}
