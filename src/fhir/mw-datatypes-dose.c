/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-datatypes-private.h"

#include "mw-fhir-date.h"
#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *
comparator_text (const char *comparator)
{
  if (g_strcmp0 (comparator, "<=") == 0)
    return "≤";
  if (g_strcmp0 (comparator, ">=") == 0)
    return "≥";
  if (g_strcmp0 (comparator, "<") == 0 || g_strcmp0 (comparator, ">") == 0)
    return comparator;
  return "";
}

/* UCUM writes what people do not: {annotations}, "[lb_av]", "1" */
static char *
unit_text (JsonNode *quantity)
{
  const char *unit = mw_json_string (quantity, "unit");
  const char *code = mw_json_string (quantity, "code");

  if (unit == NULL)
    unit = code;
  if (unit == NULL || g_str_equal (unit, "1") || unit[0] == '{')
    return NULL;
  if (g_str_equal (unit, "Cel"))
    return g_strdup ("°C");
  if (g_str_equal (unit, "[lb_av]"))
    return g_strdup ("lb");
  if (g_str_equal (unit, "[in_i]"))
    return g_strdup ("in");
  if (g_str_equal (unit, "mm[Hg]"))
    return g_strdup ("mmHg");
  return mw_text_line (unit);
}

/* Returns: (nullable): the number as it was written, with its unit */
char *
mw_quantity_text (JsonNode *quantity)
{
  g_autofree char *raw = mw_json_scalar (quantity, "value");
  g_autofree char *value = mw_text_line (raw);
  g_autofree char *unit = unit_text (quantity);
  const char      *comparator = comparator_text (mw_json_string (quantity, "comparator"));

  if (value == NULL)
    return NULL;
  if (unit == NULL)
    return g_strconcat (comparator, value, NULL);
  return g_strconcat (comparator, value, g_str_equal (unit, "%") ? "" : " ", unit, NULL);
}

/* Returns: (nullable): "3.5 – 5.0 mmol/l", "≥ 3.5", "≤ 5.0" */
char *
mw_range_text (JsonNode *range)
{
  g_autofree char *low = mw_quantity_text (mw_json_get (range, "low"));
  g_autofree char *high = mw_quantity_text (mw_json_get (range, "high"));
  g_autofree char *low_unit = unit_text (mw_json_get (range, "low"));
  g_autofree char *high_unit = unit_text (mw_json_get (range, "high"));

  if (low == NULL && high == NULL)
    return NULL;
  if (high == NULL)
    return g_strconcat ("≥ ", low, NULL);
  if (low == NULL)
    return g_strconcat ("≤ ", high, NULL);
  if (g_strcmp0 (low_unit, high_unit) == 0)
    {
      g_autofree char *value = mw_json_scalar (range, "low.value");
      g_autofree char *clean = mw_text_line (value);

      return g_strdup_printf ("%s – %s", clean, high);
    }
  return g_strdup_printf ("%s – %s", low, high);
}

/* UCUM's time units as Timing uses them (FHIR R4 valueset-units-of-time.html) */
static char *
period_text (const char *count,
             const char *unit)
{
  gboolean one = count == NULL || g_str_equal (count, "1");

  if (g_strcmp0 (unit, "s") == 0)
    return one ? g_strdup (_ ("second")) : g_strdup_printf (_ ("%s seconds"), count);
  if (g_strcmp0 (unit, "min") == 0)
    return one ? g_strdup (_ ("minute")) : g_strdup_printf (_ ("%s minutes"), count);
  if (g_strcmp0 (unit, "h") == 0)
    return one ? g_strdup (_ ("hour")) : g_strdup_printf (_ ("%s hours"), count);
  if (g_strcmp0 (unit, "d") == 0)
    return one ? g_strdup (_ ("day")) : g_strdup_printf (_ ("%s days"), count);
  if (g_strcmp0 (unit, "wk") == 0)
    return one ? g_strdup (_ ("week")) : g_strdup_printf (_ ("%s weeks"), count);
  if (g_strcmp0 (unit, "mo") == 0)
    return one ? g_strdup (_ ("month")) : g_strdup_printf (_ ("%s months"), count);
  if (g_strcmp0 (unit, "a") == 0)
    return one ? g_strdup (_ ("year")) : g_strdup_printf (_ ("%s years"), count);
  return NULL;
}

static char *
safe_scalar (JsonNode   *node,
             const char *path)
{
  g_autofree char *text = mw_json_scalar (node, path);

  return mw_text_line (text);
}

static char *
frequency_text (JsonNode *repeat)
{
  g_autofree char *frequency = safe_scalar (repeat, "frequency");
  g_autofree char *maximum = safe_scalar (repeat, "frequencyMax");
  g_autofree char *period = safe_scalar (repeat, "period");
  const char      *unit = mw_json_string (repeat, "periodUnit");
  g_autofree char *every = NULL;
  g_autofree char *times = NULL;

  every = period_text (period, unit != NULL ? unit : mw_json_string (repeat, "periodUnits"));
  if (every == NULL)
    return NULL;
  if ((frequency == NULL || g_str_equal (frequency, "1")) && maximum == NULL)
    {
      /* Translators: %s is a time span such as "day" or "8 hours" */
      return g_strdup_printf (_ ("every %s"), every);
    }
  times = maximum != NULL && frequency != NULL ? g_strdup_printf ("%s–%s", frequency, maximum)
                                               : g_strdup (frequency != NULL ? frequency : maximum);
  if (period == NULL || g_str_equal (period, "1"))
    /* Translators: a count such as "3" or "1–2", and a time span such as "day" */
    return g_strdup_printf (_ ("%s times a %s"), times, every);
  /* Translators: a count such as "3" or "1–2", and a time span such as "2 days" */
  return g_strdup_printf (_ ("%s times every %s"), times, every);
}

static const struct
{
  const char *code;
  const char *words;
} when_words[] = {
  { "MORN", N_ ("in the morning") },
  { "NOON", N_ ("at noon") },
  { "AFT", N_ ("in the afternoon") },
  { "EVE", N_ ("in the evening") },
  { "NIGHT", N_ ("at night") },
  { "HS", N_ ("before sleep") },
  { "WAKE", N_ ("after waking") },
  { "AC", N_ ("before meals") },
  { "PC", N_ ("after meals") },
  { "C", N_ ("with meals") },
  { "ACM", N_ ("before breakfast") },
  { "ACD", N_ ("before lunch") },
  { "ACV", N_ ("before dinner") },
  { "PCM", N_ ("after breakfast") },
  { "PCD", N_ ("after lunch") },
  { "PCV", N_ ("after dinner") },
  { "CM", N_ ("with breakfast") },
  { "CD", N_ ("with lunch") },
  { "CV", N_ ("with dinner") },
  { "mon", N_ ("Monday") },
  { "tue", N_ ("Tuesday") },
  { "wed", N_ ("Wednesday") },
  { "thu", N_ ("Thursday") },
  { "fri", N_ ("Friday") },
  { "sat", N_ ("Saturday") },
  { "sun", N_ ("Sunday") },
};

static void
add_when (MwWords    *words,
          JsonNode   *repeat,
          const char *path)
{
  guint n = MIN (mw_json_length (repeat, path), 20);

  for (guint i = 0; i < n; i++)
    {
      const char *code = mw_json_string (mw_json_item (repeat, path, i), NULL);
      const char *text = code;

      for (gsize j = 0; j < G_N_ELEMENTS (when_words); j++)
        if (g_strcmp0 (when_words[j].code, code) == 0)
          text = _ (when_words[j].words);
      mw_words_take (words, ", ", mw_text_line (text));
    }
}

/* Returns: (nullable): "3 times a day, before meals, 5 January 2026 – 12 January 2026" */
char *
mw_timing_text (JsonNode *timing)
{
  JsonNode        *repeat = mw_json_get (timing, "repeat");
  g_autofree char *code = mw_concept_text (mw_json_get (timing, "code"));
  g_autofree char *duration = safe_scalar (repeat, "boundsDuration.value");
  g_autofree char *count = safe_scalar (repeat, "count");
  guint            n = MIN (mw_json_length (timing, "event"), 20);
  char            *frequency;
  MwWords          words;

  mw_words_init (&words);
  frequency = frequency_text (repeat);
  mw_words_take (&words, ", ", frequency != NULL ? frequency : g_strdup (code));
  add_when (&words, repeat, "dayOfWeek");
  add_when (&words, repeat, "timeOfDay");
  add_when (&words, repeat, "when");
  if (count != NULL)
    /* Translators: how often in all */
    mw_words_take (&words, ", ", g_strdup_printf (_ ("%s times in all"), count));
  if (duration != NULL)
    {
      g_autofree char *span = mw_quantity_text (mw_json_get (repeat, "boundsDuration"));
      const char      *unit = mw_json_string (repeat, "boundsDuration.code");
      g_autofree char *named = period_text (g_str_equal (duration, "1") ? NULL : duration, unit);

      /* Translators: %s is a time span such as "10 days" */
      mw_words_take (&words, ", ", g_strdup_printf (_ ("for %s"), named != NULL && !g_str_equal (duration, "1") ? named : span));
    }
  mw_words_take (&words, ", ", mw_fhir_date_range_to_display (mw_json_string (repeat, "boundsPeriod.start"), mw_json_string (repeat, "boundsPeriod.end")));
  for (guint i = 0; i < n; i++)
    mw_words_take (&words, ", ", mw_fhir_date_to_display (mw_json_string (mw_json_item (timing, "event", i), NULL)));
  return mw_words_end (&words);
}

static char *
dose_amount (JsonNode *dosage)
{
  JsonNode *dose = mw_json_choice (mw_json_item (dosage, "doseAndRate", 0), "dose", NULL);
  char     *text;

  if (dose == NULL)
    dose = mw_json_has (dosage, "doseQuantity") ? mw_json_get (dosage, "doseQuantity") : mw_json_get (dosage, "doseRange");
  text = mw_quantity_text (dose);
  return text != NULL ? text : mw_range_text (dose);
}

/* Returns: (nullable): the sender's own words when there are some, else "1 tablet, 3 times a day, oral" */
char *
mw_dosage_text (JsonNode                *dosage,
                const MwDescribeContext *context)
{
  const char *suffix;
  JsonNode   *as_needed, *rate;
  MwWords     words;
  char       *text = mw_text_clean (mw_json_string (dosage, "text"), MW_TEXT_BLOCK, TRUE);

  if (text != NULL)
    return text;
  mw_words_init (&words);
  mw_words_take (&words, ", ", dose_amount (dosage));
  rate = mw_json_choice (mw_json_item (dosage, "doseAndRate", 0), "rate", NULL);
  mw_words_take (&words, ", ", mw_datatype_to_text (rate, NULL));
  mw_words_take (&words, ", ", mw_timing_text (mw_json_get (dosage, "timing")));
  mw_words_take (&words, ", ", mw_concept_text (mw_json_get (dosage, "route")));
  mw_words_take (&words, ", ", mw_concept_text (mw_json_get (dosage, "site")));
  mw_words_take (&words, ", ", mw_concept_text (mw_json_get (dosage, "method")));
  as_needed = mw_json_choice (dosage, "asNeeded", &suffix);
  if (as_needed != NULL && JSON_NODE_HOLDS_VALUE (as_needed))
    {
      if (mw_json_boolean (as_needed, NULL, FALSE))
        mw_words_take (&words, ", ", g_strdup (_ ("as needed")));
    }
  else if (as_needed != NULL)
    {
      g_autofree char *reason = mw_join_texts (as_needed, NULL, "CodeableConcept", context);

      if (reason != NULL)
        /* Translators: %s is a reason such as "pain" */
        mw_words_take (&words, ", ", g_strdup_printf (_ ("as needed for %s"), reason));
    }
  mw_words_take (&words, ", ", mw_text_line (mw_json_string (dosage, "patientInstruction")));
  mw_words_take (&words, ", ", mw_join_texts (dosage, "additionalInstruction", "CodeableConcept", context));
  return mw_words_end (&words);
}
