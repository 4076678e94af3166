/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-trend.h"

#include "mw-config.h"
#include "mw-datatypes.h"
#include "mw-fhir-date.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static void
free_point (gpointer data)
{
  MwTrendPoint *point = data;

  g_free (point->at);
  g_free (point->value);
  g_free (point);
}

static void
free_trend (gpointer data)
{
  MwTrend *trend = data;

  g_free (trend->title);
  g_free (trend->key);
  g_ptr_array_unref (trend->points);
  g_free (trend);
}

static char *
key_of (JsonNode   *code,
        JsonNode   *quantity,
        const char *title)
{
  const char      *system = mw_json_string (code, "coding[0].system");
  const char      *value = mw_json_string (code, "coding[0].code");
  const char      *unit = mw_json_string (quantity, "code");
  g_autofree char *fold = g_utf8_casefold (title, -1);

  if (unit == NULL)
    unit = mw_json_string (quantity, "unit");
  /* two units are two series: 90 mg/dL and 5 mmol/L are no fall */
  if (value != NULL)
    return g_strdup_printf ("%s|%s|%s", system != NULL ? system : "", value, unit != NULL ? unit : "");
  return g_strdup_printf ("%s|%s", fold, unit != NULL ? unit : "");
}

static void
add_value (GPtrArray  *trends,
           GHashTable *by_key,
           JsonNode   *code,
           JsonNode   *quantity,
           const char *when)
{
  g_autofree char *title = mw_concept_text (code);
  g_autofree char *number = mw_json_scalar (quantity, "value");
  g_autofree char *key = NULL;
  MwTrend         *trend;
  MwTrendPoint    *point;
  double           value = number != NULL ? g_ascii_strtod (number, NULL) : 0;

  if (number == NULL || title == NULL || title[0] == '\0' || when == NULL || !isfinite (value))
    return;
  key = key_of (code, quantity, title);
  trend = g_hash_table_lookup (by_key, key);
  if (trend == NULL)
    {
      trend = g_new0 (MwTrend, 1);
      trend->title = g_steal_pointer (&title);
      trend->key = g_steal_pointer (&key);
      trend->points = g_ptr_array_new_with_free_func (free_point);
      g_ptr_array_add (trends, trend);
      g_hash_table_insert (by_key, trend->key, trend);
    }
  point = g_new0 (MwTrendPoint, 1);
  point->at = g_strdup (when);
  point->value = mw_datatype_to_text (quantity, "Quantity");
  if (point->value == NULL)
    point->value = g_strdup (number);
  point->number = value;
  point->sort = mw_fhir_date_to_unix (when, 0);
  g_ptr_array_add (trend->points, point);
}

static gboolean
counts (JsonNode *observation)
{
  const char *status = mw_json_string (observation, "status");

  return g_strcmp0 (status, "entered-in-error") != 0 && g_strcmp0 (status, "cancelled") != 0;
}

static void
add_observation (GPtrArray  *trends,
                 GHashTable *by_key,
                 JsonNode   *observation)
{
  const char *when = mw_json_string (observation, "effectiveDateTime");
  guint       n = mw_json_length (observation, "component");

  if (when == NULL)
    when = mw_json_string (observation, "effectivePeriod.start");
  if (when == NULL)
    when = mw_json_string (observation, "effectiveInstant");
  add_value (trends, by_key, mw_json_get (observation, "code"), mw_json_get (observation, "valueQuantity"), when);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *component = mw_json_item (observation, "component", i);

      add_value (trends, by_key, mw_json_get (component, "code"), mw_json_get (component, "valueQuantity"), when);
    }
}

static int
compare_points (gconstpointer a,
                gconstpointer b)
{
  const MwTrendPoint *one = *(const MwTrendPoint **) a;
  const MwTrendPoint *two = *(const MwTrendPoint **) b;

  return one->sort == two->sort ? 0 : one->sort > two->sort ? -1
                                                            : 1;
}

static int
compare_trends (gconstpointer a,
                gconstpointer b)
{
  const MwTrend *one = *(const MwTrend **) a;
  const MwTrend *two = *(const MwTrend **) b;

  return g_utf8_collate (one->title, two->title);
}

/**
 * mw_trends_from_observations:
 * @observations: (element-type JsonNode): Observations (FHIR R4 observation.html)
 *
 * Returns: (transfer full) (element-type MwTrend): what was measured at least twice, by name; each with
 *   its newest MW_TREND_MAX_POINTS values. What was entered in error or cancelled is left out
 */
GPtrArray *
mw_trends_from_observations (GPtrArray *observations)
{
  GPtrArray *trends = g_ptr_array_new_with_free_func (free_trend);
  g_autoptr (GHashTable) by_key = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < observations->len; i++)
    if (counts (g_ptr_array_index (observations, i)))
      add_observation (trends, by_key, g_ptr_array_index (observations, i));
  for (guint i = trends->len; i > 0; i--)
    {
      MwTrend *trend = g_ptr_array_index (trends, i - 1);

      g_ptr_array_sort (trend->points, compare_points);
      if (trend->points->len > MW_TREND_MAX_POINTS)
        g_ptr_array_set_size (trend->points, MW_TREND_MAX_POINTS);
      if (trend->points->len < 2)
        g_ptr_array_remove_index (trends, i - 1);
    }
  g_ptr_array_sort (trends, compare_trends);
  return trends;
}

/**
 * mw_trend_direction:
 *
 * Returns: how the newest value stands to the one before, in a word
 */
const char *
mw_trend_direction (const MwTrend *trend)
{
  const MwTrendPoint *newest = g_ptr_array_index (trend->points, 0);
  const MwTrendPoint *before = g_ptr_array_index (trend->points, 1);

  if (newest->number > before->number)
    return C_ ("trend", "higher");
  if (newest->number < before->number)
    return C_ ("trend", "lower");
  return C_ ("trend", "unchanged");
}
