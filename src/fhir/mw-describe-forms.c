/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-describe-private.h"

#include "mw-text.h"

#include <glib/gi18n-lib.h>

/* Forms, measures and definitions (FHIR R4 clinicalreasoning-module.html, conformance-module.html) */

#define DEFINITION_ROWS                                                                            \
  { "title", N_ ("Title") }, { "description", N_ ("Description") }, { "purpose", N_ ("Purpose") }, \
      { "status", N_ ("Status") }, { "version", N_ ("Version") }, { "date", N_ ("Date") },         \
  {                                                                                                \
    "publisher", N_ ("Publisher")                                                                  \
  }

static const MwRow question_rows[] = {
  { "required", N_ ("Must be answered"), MW_ROW_IF_TRUE },
  { "answerOption.value[x]|option.value[x]", N_ ("Choices") },
  { "initial.value[x]|initial[x]", N_ ("Filled in with") },
  { 0 },
};

static const MwRow questionnaire_rows[] = {
  DEFINITION_ROWS,
  { "subjectType", N_ ("About") },
  { "item", N_ ("Question"), MW_ROW_NESTED, "prefix;text", NULL, question_rows },
  { 0 },
};

static const MwRow measure_group_rows[] = {
  { "population", N_ ("Population"), MW_ROW_PLAIN, "code", "description" },
  { 0 },
};

static const MwRow measure_rows[] = {
  DEFINITION_ROWS,
  { "scoring", N_ ("Scoring") },
  { "type", N_ ("Kind") },
  { "rationale", N_ ("Why") },
  { "clinicalRecommendationStatement", N_ ("Recommendation") },
  { "improvementNotation", N_ ("Better is") },
  { "guidance", N_ ("Guidance") },
  { "disclaimer", N_ ("Disclaimer") },
  { "group", N_ ("Group"), MW_ROW_PLAIN, NULL, "code|description", measure_group_rows },
  { 0 },
};

static const MwRow stratum_rows[] = {
  { "population", N_ ("Population"), MW_ROW_PLAIN, "code", "count" },
  { 0 },
};

static const MwRow stratifier_rows[] = {
  { "stratum", N_ ("Part"), MW_ROW_PLAIN, "value|value[x]|component.value", "measureScore|measureScore[x]", stratum_rows },
  { 0 },
};

static const MwRow report_group_rows[] = {
  { "measureScore|measureScore[x]", N_ ("Score") },
  { "population", N_ ("Population"), MW_ROW_PLAIN, "code", "count" },
  { "stratifier", N_ ("By"), MW_ROW_PLAIN, NULL, "code", stratifier_rows },
  { 0 },
};

static const MwRow measure_report_rows[] = {
  { "measure", N_ ("Measure"), MW_ROW_CANONICAL },
  { "status", N_ ("Status") },
  { "type", N_ ("Kind") },
  { "subject|patient", N_ ("Patient") },
  { "reporter|reportingOrganization", N_ ("Reported by") },
  { "date", N_ ("Date") },
  { "period", N_ ("Period") },
  { "improvementNotation", N_ ("Better is") },
  { "group", N_ ("Group"), MW_ROW_PLAIN, NULL, "code|description", report_group_rows },
  { "evaluatedResource", N_ ("Based on") },
  { 0 },
};

static const MwRow code_system_rows[] = {
  DEFINITION_ROWS,
  { "copyright", N_ ("Copyright") },
  { "count", N_ ("Number of codes") },
  { "concept", N_ ("Code"), MW_ROW_PLAIN, "display|code", "definition" },
  { 0 },
};

static const MwRow value_set_rows[] = {
  DEFINITION_ROWS,
  { "compose.include.concept", N_ ("Code"), MW_ROW_PLAIN, NULL, "display|code" },
  { "compose.include", N_ ("From"), MW_ROW_PLAIN, NULL, "system;valueSet" },
  { "expansion.contains", N_ ("Code"), MW_ROW_PLAIN, NULL, "display|code" },
  { 0 },
};

static const MwRow operation_rows[] = {
  DEFINITION_ROWS,
  { "code", N_ ("Name") },
  { "comment", N_ ("Comment") },
  { "resource", N_ ("On") },
  { "parameter", N_ ("Parameter"), MW_ROW_PLAIN, "name", "use;type;documentation" },
  { 0 },
};

static const MwRow rest_rows[] = {
  { "documentation", N_ ("About it") },
  { "security.service|security.description", N_ ("Security") },
  { "interaction.code", N_ ("On the whole") },
  { "operation.name", N_ ("Operations") },
  { "resource", N_ ("Record"), MW_ROW_PLAIN, "type", "interaction.code" },
  { 0 },
};

static const MwRow capability_rows[] = {
  DEFINITION_ROWS,
  { "name", N_ ("Name") },
  { "kind", N_ ("Kind") },
  { "software", N_ ("Software"), MW_ROW_PLAIN, NULL, "name;version" },
  { "implementation.description", N_ ("Server") },
  { "fhirVersion", N_ ("FHIR version") },
  { "format", N_ ("Formats") },
  { "contact.telecom", N_ ("Contact") },
  { "rest", N_ ("Service"), MW_ROW_PLAIN, NULL, "mode", rest_rows },
  { "messaging", N_ ("Messages"), MW_ROW_PLAIN, NULL, "documentation|endpoint.address" },
  { 0 },
};

static const MwRow response_rows[] = {
  { "questionnaire", N_ ("Form"), MW_ROW_CANONICAL },
  { "status", N_ ("Status") },
  { "subject", N_ ("Patient") },
  { "authored", N_ ("Filled in") },
  { "author", N_ ("By") },
  { "source", N_ ("Answers from") },
  { "encounter|context", N_ ("Encounter") },
  { "basedOn", N_ ("Asked by") },
  { "partOf|parent", N_ ("Part of") },
  { "item", NULL },
  { 0 },
};

/* Questions and answers in pairs; what was asked under an answer stands one level deeper */
static void
add_answers (MwDescribing *self,
             JsonNode     *node,
             guint         level)
{
  guint n = MIN (mw_json_length (node, "item"), 500);

  for (guint i = 0; i < n && level < 12; i++)
    {
      JsonNode        *item = mw_json_item (node, "item", i);
      g_autofree char *question = mw_text_clean (mw_json_string (item, "text"), 2 * MW_TEXT_LINE, FALSE);
      g_autofree char *fallback = mw_text_humanise (mw_json_string (item, "linkId"));
      char            *answer = mw_describing_all (self, item, "answer.value[x]", MW_ROW_PLAIN);
      guint            answers = MIN (mw_json_length (item, "answer"), 100);

      if (question == NULL)
        question = fallback != NULL ? g_steal_pointer (&fallback) : g_strdup (_ ("Question"));
      if (answer == NULL)
        answer = g_strdup (mw_json_has (item, "item") ? "" : _ ("No answer"));
      mw_describing_add (self, level, question, answer, FALSE);
      add_answers (self, item, level + 1);
      for (guint j = 0; j < answers; j++)
        add_answers (self, mw_json_item (item, "answer", j), level + 1);
    }
}

static void
response_extra (MwDescribing *self,
                JsonNode     *resource)
{
  add_answers (self, resource, 0);
}

static char *
response_title (MwDescribing *self,
                JsonNode     *resource)
{
  g_autofree char *name = mw_describing_all (self, resource, "questionnaire.display|_questionnaire.extension.value[x]", MW_ROW_PLAIN);

  if (name == NULL)
    name = mw_describing_all (self, resource, "questionnaire", MW_ROW_CANONICAL);
  if (name == NULL)
    return NULL;
  /* Translators: %s is the name of a form */
  return g_strdup_printf (_ ("Completed form: %s"), name);
}

static char *
report_title (MwDescribing *self,
              JsonNode     *resource)
{
  g_autofree char *name = mw_describing_all (self, resource, "measure", MW_ROW_CANONICAL);

  if (name == NULL)
    return NULL;
  /* Translators: %s is the name of a quality measure */
  return g_strdup_printf (_ ("Quality report: %s"), name);
}

const MwTypeSpec mw_describe_forms[] = {
  { "CapabilityStatement", MW_TYPE_CLOSED, "status;software.name;fhirVersion;date", capability_rows },
  { "CodeSystem", MW_TYPE_PREFIX | MW_TYPE_CLOSED, "status;version;publisher;date", code_system_rows },
  { "Measure", MW_TYPE_PREFIX | MW_TYPE_CLOSED, "status;scoring;publisher;date", measure_rows },
  { "MeasureReport", MW_TYPE_PLAIN, "status;type;subject|patient;period;reporter", measure_report_rows, report_title },
  { "OperationDefinition", MW_TYPE_PREFIX | MW_TYPE_CLOSED, "status;description", operation_rows },
  { "Questionnaire", MW_TYPE_PREFIX | MW_TYPE_CLOSED, "status;description;publisher;date", questionnaire_rows },
  { "QuestionnaireResponse", MW_TYPE_PLAIN, "status;subject;author;authored", response_rows, response_title, NULL, response_extra },
  { "ValueSet", MW_TYPE_PREFIX | MW_TYPE_CLOSED, "status;version;publisher;date", value_set_rows },
  { 0 },
};
