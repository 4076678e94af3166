/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-world.h"

#include "mw-json.h"
#include "mw-template.h"

/* Values over time. A series goes from one value to another, with some scatter, so that a chart of
 * it looks like a life. */
typedef struct
{
  const char *problem; /* who has it measured; "" is everybody */
  const char *loinc;
  const char *name;
  const char *unit;
  const char *ucum;
  const char *category;
  double      from;
  double      to;
  double      scatter;
  guint       decimals;
  double      low;
  double      high;
  guint       every; /* days */
} Series;

static const Series series[] = {
  { "", "29463-7", "Body weight", "kg", "kg", "vital-signs", 78.4, 81.2, 1.2, 1, 0, 0, 31 },
  { "diabetes", "4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", "%", "laboratory", 8.1, 7.2, 0.2, 1, 4.0, 5.6, 91 },
  { "diabetes", "2345-7", "Glucose [Mass/volume] in Serum or Plasma", "mg/dL", "mg/dL", "laboratory", 168, 131, 14, 0, 70, 99, 91 },
  { "kidney", "2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", "mg/dL", "laboratory", 1.42, 1.78, 0.06, 2, 0.7, 1.3, 61 },
  { "kidney", "33914-3", "Glomerular filtration rate/1.73 sq M.predicted", "mL/min/{1.73_m2}", "mL/min/{1.73_m2}", "laboratory", 51, 39, 2, 0, 60, 120, 61 },
  { "kidney", "2823-3", "Potassium [Moles/volume] in Serum or Plasma", "mmol/L", "mmol/L", "laboratory", 4.4, 5.1, 0.2, 1, 3.5, 5.1, 61 },
  { "heart-failure", "33762-6", "Natriuretic peptide.B prohormone N-Terminal", "pg/mL", "pg/mL", "laboratory", 940, 1650, 120, 0, 0, 450, 91 },
  { "fibrillation", "8867-4", "Heart rate", "beats/minute", "/min", "vital-signs", 92, 76, 6, 0, 0, 0, 45 },
  { "thyroid", "3016-3", "Thyrotropin [Units/volume] in Serum or Plasma", "m[IU]/L", "m[IU]/L", "laboratory", 6.8, 2.4, 0.4, 2, 0.4, 4.0, 91 },
  { "lipids", "2089-1", "Cholesterol in LDL [Mass/volume] in Serum or Plasma", "mg/dL", "mg/dL", "laboratory", 161, 98, 8, 0, 0, 130, 120 },
};

static char *
format_value (double value,
              guint  decimals)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  char format[8];

  g_snprintf (format, sizeof format, "%%.%uf", decimals);
  return g_strdup (g_ascii_formatd (text, sizeof text, format, value));
}

static JsonNode *
quantity (double      value,
          guint       decimals,
          const char *unit,
          const char *ucum)
{
  g_autofree char *text = format_value (value, decimals);
  JsonNode        *node = mw_json_object_new ();

  mw_json_set_decimal (node, "value", text);
  mw_json_set (node, "unit", unit);
  mw_json_set (node, "system", "http://unitsofmeasure.org");
  mw_json_set (node, "code", ucum);
  return node;
}

static JsonNode *
observation_new (MwWorld        *self,
                 const MwPerson *person,
                 const char     *key,
                 guint           number,
                 const char     *category,
                 const char     *loinc,
                 const char     *name,
                 gint64          when)
{
  g_autofree char *patient = mw_world_patient_id (self->practice, person->number);
  g_autofree char *text = g_strdup_printf ("%s-%s-%u", patient, key, number);
  g_autofree char *time = mw_sandbox_instant (when);
  JsonNode        *observation = mw_template (
             "{'resourceType':'Observation','id':'%s','status':'final',"
                    "'category':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/observation-category','code':'%s'}]}],"
                    "'code':{'coding':[{'system':'" MW_LOINC "','code':'%s','display':'%s'}],'text':'%s'},'subject':{'reference':'Patient/%s'},"
                    "'effectiveDateTime':'%s','issued':'%s'}",
             text, category, loinc, name, name, patient, time, time);

  if (g_str_equal (category, "laboratory"))
    mw_json_take (observation, "performer[+]", mw_template ("{'reference':'Organization/st-marys-laboratory','display':'St. Mary’s Laboratory'}"));
  else
    mw_json_take (observation, "performer[+]", mw_template ("{'reference':'Practitioner/chidi-okafor','display':'Chidi Okafor, RN'}"));
  return observation;
}

static void
add_interpretation (JsonNode     *observation,
                    const Series *line,
                    double        value)
{
  const char *code = value > line->high ? "H" : value < line->low ? "L"
                                                                  : "N";

  if (line->high <= 0)
    return;
  mw_json_take (observation, "interpretation[+]",
                mw_template ("{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation','code':'%s'}]}", code));
  mw_json_take (observation, "referenceRange[0].low", quantity (line->low, line->decimals, line->unit, line->ucum));
  mw_json_take (observation, "referenceRange[0].high", quantity (line->high, line->decimals, line->unit, line->ucum));
}

static void
add_series (MwWorld        *self,
            const MwPerson *person,
            const Series   *line)
{
  guint days = person->rich ? 425 : 120;
  guint n = MAX (days / line->every, 1);
  /* a child weighs less than everyone else */
  double scale = person->number == 9 && g_str_equal (line->loinc, "29463-7") ? 0.28 : 1;

  for (guint i = 0; i <= n; i++)
    {
      gint64    when = self->start - MW_DAYS (line->every * (n - i) + 4 + person->number) + MW_MINUTES (17 * person->number);
      double    value = (line->from + (line->to - line->from) * i / n) * scale + g_rand_double_range (self->random, -line->scatter, line->scatter);
      JsonNode *observation = observation_new (self, person, line->loinc, i + 1, line->category, line->loinc, line->name, when);

      mw_json_take (observation, "valueQuantity", quantity (value, line->decimals, line->unit, line->ucum));
      add_interpretation (observation, line, value);
      mw_world_write (self, self->practice, observation, when + MW_HOURS (3));
    }
}

static JsonNode *
pressure_part (const char *loinc,
               const char *name,
               double      value)
{
  g_autoptr (JsonNode) amount = quantity (value, 0, "mmHg", "mm[Hg]");

  return mw_template ("{'code':{'coding':[{'system':'" MW_LOINC "','code':'%s','display':'%s'}],'text':'%s'},'valueQuantity':%j}", loinc, name, name, amount);
}

static void
add_pressures (MwWorld        *self,
               const MwPerson *person)
{
  guint  n = person->rich ? 14 : 3;
  double top = mw_person_has (person, "hypertension") ? 156 : mw_person_has (person, "heart-failure") ? 138
                                                                                                      : 124;

  for (guint i = 0; i < n; i++)
    {
      gint64    when = self->start - MW_DAYS (30 * (n - i) - 18) + MW_MINUTES (11 * person->number);
      double    systolic = top - 14.0 * i / n + g_rand_double_range (self->random, -5, 5);
      double    diastolic = systolic * 0.58 + g_rand_double_range (self->random, -3, 3);
      JsonNode *observation = observation_new (self, person, "pressure", i + 1, "vital-signs", "85354-9", "Blood pressure panel with all children optional", when);

      mw_json_take (observation, "component[+]", pressure_part ("8480-6", "Systolic blood pressure", systolic));
      mw_json_take (observation, "component[+]", pressure_part ("8462-4", "Diastolic blood pressure", diastolic));
      mw_world_write (self, self->practice, observation, when + MW_MINUTES (30));
    }
}

/**
 * mw_world_add_course:
 *
 * What was measured of a patient: fourteen months for those with a rich record, four for others.
 */
void
mw_world_add_course (MwWorld        *self,
                     const MwPerson *person)
{
  for (guint i = 0; i < G_N_ELEMENTS (series); i++)
    if (*series[i].problem == '\0' || mw_person_has (person, series[i].problem))
      add_series (self, person, &series[i]);
  add_pressures (self, person);
}
