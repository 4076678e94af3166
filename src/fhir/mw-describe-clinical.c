/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-describe-private.h"

#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What was found and what was done (FHIR R4 clinicalsummary-module.html, diagnostics-module.html) */

static const MwRow condition_rows[] = {
  { "code", N_ ("Condition") },
  { "clinicalStatus", N_ ("State") },
  { "verificationStatus", N_ ("Certainty") },
  { "severity", N_ ("Severity") },
  { "category", N_ ("Category") },
  { "bodySite", N_ ("Body site") },
  { "subject", N_ ("Patient") },
  { "encounter|context", N_ ("Encounter") },
  { "onset[x]", N_ ("Began") },
  { "abatement[x]", N_ ("Ended") },
  { "stage", N_ ("Stage"), MW_ROW_PLAIN, NULL, "summary;assessment" },
  { "evidence", N_ ("Evidence"), MW_ROW_PLAIN, NULL, "code;detail|concept|reference" },
  { "asserter|participant.actor", N_ ("Said by") },
  { "participant", NULL },
  { "recordedDate|assertedDate", N_ ("Recorded") },
  { "recorder", N_ ("Recorded by") },
  { 0 },
};

static const MwRow allergy_rows[] = {
  { "code", N_ ("Substance") },
  { "criticality", N_ ("Criticality") },
  { "clinicalStatus", N_ ("State") },
  { "verificationStatus", N_ ("Certainty") },
  { "type", N_ ("Kind") },
  { "category", N_ ("Category") },
  { "reaction", N_ ("Reaction"), MW_ROW_PLAIN, NULL, "manifestation;severity;description;onset" },
  { "patient", N_ ("Patient") },
  { "encounter", N_ ("Encounter") },
  { "onset[x]", N_ ("Began") },
  { "lastOccurrence", N_ ("Last time") },
  { "asserter|participant.actor", N_ ("Said by") },
  { "participant", NULL },
  { "recordedDate|assertedDate", N_ ("Recorded") },
  { "recorder", N_ ("Recorded by") },
  { 0 },
};

static const MwRow component_rows[] = {
  { "referenceRange", N_ ("Reference range") },
  { 0 },
};

static const MwRow observation_rows[] = {
  { "code", N_ ("What") },
  { "value[x]", N_ ("Value") },
  { "dataAbsentReason", N_ ("No value because") },
  { "interpretation", N_ ("Interpretation") },
  { "referenceRange", N_ ("Reference range") },
  { "component", N_ ("Part"), MW_ROW_PLAIN, "code", "value[x]|dataAbsentReason;interpretation", component_rows },
  { "status", N_ ("Status") },
  { "category", N_ ("Category") },
  { "subject", N_ ("Patient") },
  { "effective[x]", N_ ("Measured") },
  { "issued", N_ ("Issued") },
  { "performer", N_ ("By") },
  { "bodySite", N_ ("Body site") },
  { "method", N_ ("Method") },
  { "specimen", N_ ("Specimen") },
  { "device", N_ ("Device") },
  { "encounter|context", N_ ("Encounter") },
  { "basedOn", N_ ("Ordered by") },
  { "derivedFrom", N_ ("Derived from") },
  { "hasMember", N_ ("Results") },
  { "comment", N_ ("Comment") },
  { 0 },
};

static const MwRow report_rows[] = {
  { "code", N_ ("Report") },
  { "conclusion", N_ ("Conclusion") },
  { "conclusionCode|codedDiagnosis", N_ ("Diagnosis") },
  { "result", N_ ("Result"), MW_ROW_EACH },
  { "status", N_ ("Status") },
  { "category", N_ ("Category") },
  { "subject", N_ ("Patient") },
  { "effective[x]", N_ ("When") },
  { "issued", N_ ("Issued") },
  { "performer|performer.actor", N_ ("By") },
  { "resultsInterpreter", N_ ("Interpreted by") },
  { "specimen", N_ ("Specimen") },
  { "encounter|context", N_ ("Encounter") },
  { "basedOn", N_ ("Ordered by") },
  { "imagingStudy|study", N_ ("Images") },
  { "media", NULL },
  { "presentedForm", NULL },
  { 0 },
};

static const MwRow specimen_rows[] = {
  { "status", N_ ("Status") },
  { "type", N_ ("Kind") },
  { "subject", N_ ("Patient") },
  { "collection", N_ ("Collected"), MW_ROW_PLAIN, NULL, "collected[x];collector;quantity;method;bodySite" },
  { "receivedTime", N_ ("Received") },
  { "accessionIdentifier", N_ ("Accession number") },
  { "condition", N_ ("Condition") },
  { "request", N_ ("Ordered by") },
  { 0 },
};

static const MwRow procedure_rows[] = {
  { "code", N_ ("Procedure") },
  { "status", N_ ("Status") },
  { "statusReason|notDoneReason", N_ ("Reason for the status") },
  { "category", N_ ("Category") },
  { "subject", N_ ("Patient") },
  { "performed[x]|occurrence[x]", N_ ("When") },
  { "performer", N_ ("By"), MW_ROW_PLAIN, "function|role", "actor" },
  { "location", N_ ("Location") },
  { "reasonCode|reasonReference|reason", N_ ("Reason") },
  { "bodySite", N_ ("Body site") },
  { "outcome", N_ ("Outcome") },
  { "report", N_ ("Report") },
  { "complication|complicationDetail", N_ ("Complication") },
  { "followUp", N_ ("Follow-up") },
  { "encounter|context", N_ ("Encounter") },
  { "recorded", N_ ("Recorded") },
  { "recorder", N_ ("Recorded by") },
  { 0 },
};

static const MwRow encounter_rows[] = {
  { "status", N_ ("Status") },
  { "class", N_ ("Class") },
  { "type|serviceType", N_ ("Kind") },
  { "priority", N_ ("Priority") },
  { "subject", N_ ("Patient") },
  { "period|actualPeriod", N_ ("When") },
  { "plannedStartDate", N_ ("Planned from") },
  { "plannedEndDate", N_ ("Planned until") },
  { "length", N_ ("Length") },
  { "location", N_ ("Location"), MW_ROW_PLAIN, NULL, "location;status;period" },
  { "serviceProvider", N_ ("Organisation") },
  { "participant", N_ ("Taking part"), MW_ROW_PLAIN, "type", "individual|actor;period" },
  { "reasonCode|reasonReference|reason.value|reason", N_ ("Reason") },
  { "diagnosis", N_ ("Diagnosis"), MW_ROW_PLAIN, NULL, "condition;use|role" },
  { "hospitalization|admission", N_ ("Stay"), MW_ROW_GROUP, NULL, NULL, (const MwRow[]){ { "preAdmissionIdentifier", N_ ("Number before admission") }, { "origin", N_ ("Came from") }, { "admitSource", N_ ("Admitted from") }, { "reAdmission", N_ ("Admitted again") }, { "dietPreference", N_ ("Diet") }, { "specialCourtesy", N_ ("Courtesies") }, { "specialArrangement", N_ ("Arrangements") }, { "destination", N_ ("Goes to") }, { "dischargeDisposition", N_ ("Discharged to") }, { "dischargeDiagnosis", N_ ("Diagnosis at discharge") }, { 0 } } },
  { "basedOn|incomingReferral", N_ ("Ordered by") },
  { "appointment", N_ ("Appointment") },
  { "episodeOfCare", N_ ("Episode of care") },
  { "account", N_ ("Account") },
  { "partOf", N_ ("Part of") },
  { "statusHistory", N_ ("Earlier"), MW_ROW_PLAIN, NULL, "status;period" },
  { "classHistory", N_ ("Earlier class"), MW_ROW_PLAIN, NULL, "class;period" },
  { 0 },
};

static const MwRow goal_rows[] = {
  { "description", N_ ("Goal") },
  { "lifecycleStatus|status", N_ ("Status") },
  { "achievementStatus", N_ ("Progress") },
  { "statusDate", N_ ("Status since") },
  { "statusReason", N_ ("Reason for the status") },
  { "priority", N_ ("Priority") },
  { "category", N_ ("Category") },
  { "subject", N_ ("Patient") },
  { "start[x]", N_ ("From") },
  { "target", N_ ("Target"), MW_ROW_PLAIN, "measure", "detail[x];due[x]" },
  { "expressedBy|source", N_ ("Set by") },
  { "addresses", N_ ("About") },
  { "outcomeCode|outcomeReference|outcome", N_ ("Outcome") },
  { 0 },
};

static const MwRow plan_activity_rows[] = {
  { "detail.status|detail.statusReason", N_ ("Status") },
  { "detail.doNotPerform", N_ ("Must not be done"), MW_ROW_LOUD | MW_ROW_IF_TRUE },
  { "detail.scheduled[x]", N_ ("When") },
  { "detail.performer", N_ ("By") },
  { "detail.location", N_ ("Location") },
  { "detail.product[x]", N_ ("Product") },
  { "detail.reasonCode|detail.reasonReference", N_ ("Reason") },
  { "detail.goal", N_ ("Goal") },
  { "outcomeCodeableConcept|outcomeReference|performedActivity", N_ ("Outcome") },
  { "progress", N_ ("Progress"), MW_ROW_EACH },
  { 0 },
};

static const MwRow plan_rows[] = {
  { "title", N_ ("Plan") },
  { "description", N_ ("Description") },
  { "status", N_ ("Status") },
  { "intent", N_ ("Intent") },
  { "category", N_ ("Category") },
  { "subject", N_ ("Patient") },
  { "period", N_ ("Period") },
  { "addresses", N_ ("About") },
  { "goal", N_ ("Goal"), MW_ROW_EACH },
  { "activity", N_ ("Activity"), MW_ROW_PLAIN, NULL, "detail.code|reference|plannedActivityReference|detail.kind;detail.description", plan_activity_rows },
  { "careTeam", N_ ("Care team") },
  { "author|custodian|contributor", N_ ("Author") },
  { "created", N_ ("Written") },
  { "encounter|context", N_ ("Encounter") },
  { "basedOn", N_ ("Based on") },
  { "replaces", N_ ("Replaces") },
  { "partOf", N_ ("Part of") },
  { "supportingInfo", N_ ("More information") },
  { 0 },
};

static const MwRow flag_rows[] = {
  { "code", N_ ("Warning"), MW_ROW_LOUD },
  { "status", N_ ("Status") },
  { "category", N_ ("Category") },
  { "subject", N_ ("Patient") },
  { "period", N_ ("Period") },
  { "author", N_ ("Author") },
  { "encounter", N_ ("Encounter") },
  { 0 },
};

static const MwRow issue_rows[] = {
  { "code", N_ ("Issue") },
  { "severity", N_ ("Severity"), MW_ROW_LOUD },
  { "detail", N_ ("Details") },
  { "status", N_ ("Status") },
  { "patient|subject", N_ ("Patient") },
  { "identified[x]|date", N_ ("Found") },
  { "author", N_ ("Found by") },
  { "implicated", N_ ("Concerns") },
  { "evidence", N_ ("Evidence"), MW_ROW_PLAIN, NULL, "code;detail" },
  { "mitigation", N_ ("What was done"), MW_ROW_PLAIN, NULL, "action;date;author" },
  { "reference", N_ ("Source") },
  { 0 },
};

static const MwRow document_rows[] = {
  { "description", N_ ("Description") },
  { "type", N_ ("Kind") },
  { "category|class", N_ ("Category") },
  { "status", N_ ("Status") },
  { "docStatus", N_ ("Document status") },
  { "subject", N_ ("Patient") },
  { "date|indexed|created", N_ ("Date") },
  { "author", N_ ("Author") },
  { "authenticator|attester.party", N_ ("Signed by") },
  { "attester", NULL },
  { "custodian", N_ ("Kept by") },
  { "relatesTo", N_ ("Related"), MW_ROW_PLAIN, "code", "target" },
  { "securityLabel", N_ ("Confidentiality") },
  { "context.encounter", N_ ("Encounter") },
  { "context.event.concept|context.event|event", N_ ("Event") },
  { "context.period|period", N_ ("Period") },
  { "context.facilityType|facilityType", N_ ("Facility") },
  { "context.practiceSetting|practiceSetting", N_ ("Specialty") },
  { "context.sourcePatientInfo", NULL },
  { "context.related|related", N_ ("Related") },
  { "content", N_ ("File"), MW_ROW_PLAIN, NULL, "attachment;attachment.creation" },
  { 0 },
};

static const MwRow composition_rows[] = {
  { "title", N_ ("Title") },
  { "type", N_ ("Kind") },
  { "category|class", N_ ("Category") },
  { "status", N_ ("Status") },
  { "subject", N_ ("Patient") },
  { "date", N_ ("Date") },
  { "author", N_ ("Author") },
  { "attester", N_ ("Attested"), MW_ROW_PLAIN, "mode", "party;time" },
  { "custodian", N_ ("Kept by") },
  { "confidentiality", N_ ("Confidentiality") },
  { "encounter", N_ ("Encounter") },
  { "event", N_ ("Event"), MW_ROW_PLAIN, NULL, "code;period;detail" },
  { "relatesTo", N_ ("Related"), MW_ROW_PLAIN, "code|type", "target[x]|resourceReference" },
  { "section", NULL },
  { 0 },
};

static const MwRow list_rows[] = {
  { "title", N_ ("Title") },
  { "code", N_ ("Kind") },
  { "status", N_ ("Status") },
  { "mode", N_ ("Mode") },
  { "subject", N_ ("Patient") },
  { "date", N_ ("Date") },
  { "source", N_ ("Made by") },
  { "orderedBy", N_ ("Order") },
  { "encounter", N_ ("Encounter") },
  { "entry", N_ ("Entry"), MW_ROW_PLAIN, "flag", "item;date", (const MwRow[]){ { "deleted", N_ ("Deleted"), MW_ROW_LOUD | MW_ROW_IF_TRUE }, { 0 } } },
  { "emptyReason", N_ ("Empty because") },
  { 0 },
};

static char *
encounter_title (MwDescribing *self,
                 JsonNode     *resource)
{
  g_autofree char *class = mw_describing_line (self, resource, "class");
  g_autofree char *type = mw_describing_line (self, resource, "type|serviceType");

  const char *code = mw_json_string (resource, "class.code");

  /* a Coding in R4, a list of CodeableConcepts in R5 */
  if (code == NULL)
    code = mw_json_string (resource, "class.coding.code");
  if (class != NULL && code != NULL)
    {
      /* HH is home health as a class, and critically high as an interpretation */
      g_autofree char *words = g_strcmp0 (code, "HH") == 0 ? g_strdup (_ ("Home health")) : mw_code_to_text (code);

      /* the display of the code system says "inpatient encounter" already */
      if (words != NULL && strlen (words) > 4)
        {
          g_free (class);
          class = g_steal_pointer (&words);
        }
    }
  if (class == NULL)
    return g_steal_pointer (&type);
  if (strstr (class, "ncounter") != NULL)
    return mw_text_humanise (class);
  /* Translators: %s is a class of encounter such as "Emergency" or "Inpatient" */
  return g_strdup_printf (_ ("%s encounter"), class);
}

static char *
observation_summary (MwDescribing *self,
                     JsonNode     *resource)
{
  g_autofree char *when = mw_describing_line (self, resource, "effective[x]|issued");
  g_autofree char *status = mw_describing_line (self, resource, "status");
  g_autofree char *value = mw_describing_line (self, resource, "value[x]|dataAbsentReason;interpretation");
  GString         *out = g_string_new (value);
  guint            n = value == NULL ? MIN (mw_json_length (resource, "component"), 6) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode        *component = mw_json_item (resource, "component", i);
      g_autofree char *name = mw_describing_line (self, component, "code");
      g_autofree char *part = mw_describing_line (self, component, "value[x]|dataAbsentReason");

      if (name != NULL && part != NULL)
        g_string_append_printf (out, "%s%s %s", out->len > 0 ? ", " : "", name, part);
    }
  if (when != NULL)
    g_string_append_printf (out, "%s%s", out->len > 0 ? " · " : "", when);
  /* a result that may still change must say so wherever it is shown */
  if (status != NULL && g_strcmp0 (mw_json_string (resource, "status"), "final") != 0)
    g_string_append_printf (out, "%s%s", out->len > 0 ? " · " : "", status);
  return g_string_free (out, FALSE);
}

static void
add_sections (MwDescribing *self,
              JsonNode     *node,
              guint         level)
{
  guint n = MIN (mw_json_length (node, "section"), 100);

  for (guint i = 0; i < n && level < 8; i++)
    {
      JsonNode        *section = mw_json_item (node, "section", i);
      g_autofree char *title = mw_describing_line (self, section, "title|code");
      g_autoptr (MwStyledText) text = mw_narrative_for_resource (section);
      char *value = NULL;

      if (text != NULL)
        value = mw_text_clean (text->text, MW_TEXT_BLOCK, TRUE);
      if (value == NULL)
        value = mw_describing_all (self, section, "entry", MW_ROW_PLAIN);
      if (value == NULL)
        value = mw_describing_line (self, section, "emptyReason");
      mw_describing_add (self, level, title != NULL ? title : _ ("Section"), value != NULL ? value : g_strdup (""), FALSE);
      add_sections (self, section, level + 1);
    }
}

static void
composition_extra (MwDescribing *self,
                   JsonNode     *resource)
{
  add_sections (self, resource, 0);
}

/* The context is an element with parts in R4, and in R5 what it belongs to: a list of references */
static void
document_extra (MwDescribing *self,
                JsonNode     *resource)
{
  guint n = MIN (mw_json_length (resource, "context"), 20);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *item = mw_json_item (resource, "context", i);

      if (mw_json_has (item, "reference") || mw_json_has (item, "identifier") || mw_json_has (item, "display"))
        mw_describing_add (self, 0, _ ("Encounter"), mw_datatype_to_text_in (item, "Reference", &self->context), FALSE);
    }
}

const MwTypeSpec mw_describe_clinical[] = {
  { "AllergyIntolerance", MW_TYPE_PREFIX, "criticality;clinicalStatus;reaction.manifestation;patient", allergy_rows },
  { "CarePlan", MW_TYPE_PREFIX, "status;subject;period;author|custodian", plan_rows },
  { "Composition", MW_TYPE_PREFIX, "status;date;author;subject", composition_rows, NULL, NULL, composition_extra },
  { "Condition", MW_TYPE_PLAIN, "clinicalStatus;verificationStatus;severity;onset[x];subject", condition_rows },
  { "DetectedIssue", MW_TYPE_PREFIX, "severity;status;patient;identified[x]", issue_rows },
  { "DiagnosticReport", MW_TYPE_PLAIN, "status;conclusion|conclusionCode;effective[x]|issued;subject", report_rows },
  { "DocumentReference", MW_TYPE_PREFIX, "status;type;date|indexed;author;subject", document_rows, NULL, NULL, document_extra },
  { "Encounter", MW_TYPE_PLAIN, "status;period|actualPeriod;location.location;serviceProvider", encounter_rows, encounter_title },
  { "Flag", MW_TYPE_PREFIX, "status;category;subject;period", flag_rows },
  { "Goal", MW_TYPE_PREFIX, "lifecycleStatus|status;achievementStatus;target.due[x];subject", goal_rows },
  { "List", MW_TYPE_PREFIX, "status;date;subject", list_rows },
  { "Observation", MW_TYPE_PLAIN, NULL, observation_rows, NULL, observation_summary },
  { "Procedure", MW_TYPE_PLAIN, "status;performed[x]|occurrence[x];performer.actor;subject", procedure_rows },
  { "Specimen", MW_TYPE_PREFIX, "status;collection.collected[x];subject", specimen_rows },
  { 0 },
};
