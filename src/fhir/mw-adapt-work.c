/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is different in R4 and R5: requests, messages, visits, forms and reports (the definitions of 4.0.1 and 5.0.0). */

#include "mw-config.h"

#include "mw-adapt-private.h"

#include <glib/gi18n-lib.h>

/* A choice is in R5 a coding whose options are all there is; other kinds of options got types of their own */
static void
adapt_item (MwAdapt    *self,
            JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  const char *type, *constraint;
  gboolean    choice, open;

  json_node_set_object (node, object);
  type = mw_json_string (node, "type");
  constraint = mw_json_string (node, "answerConstraint");
  choice = g_strcmp0 (type, self->to_r5 ? "choice" : "coding") == 0;
  open = self->to_r5 ? g_strcmp0 (type, "open-choice") == 0 : choice && g_strcmp0 (constraint, "optionsOrString") == 0;
  if (self->to_r5 ? g_strcmp0 (type, "coding") == 0 : g_strcmp0 (type, "choice") == 0 || g_strcmp0 (type, "open-choice") == 0)
    mw_adapt_obstacle (self, NULL, "type");
  if (!self->to_r5 && !choice && (mw_json_has (node, "answerOption") || mw_json_has (node, "answerValueSet")))
    mw_adapt_obstacle (self, N_ ("a choice among answers that are not codes"), "answerOption");
  if (!choice && !open)
    return;
  for (guint i = 0; i < mw_json_length (node, "answerOption"); i++)
    if (!mw_json_has (mw_json_item (node, "answerOption", i), "valueCoding"))
      mw_adapt_obstacle (self, N_ ("a choice among answers that are not codes"), "answerOption");
  if (self->to_r5)
    {
      mw_json_set (node, "type", "coding");
      mw_json_set (node, "answerConstraint", open ? "optionsOrString" : NULL);
      return;
    }
  mw_json_set (node, "type", open ? "open-choice" : "choice");
  if (open)
    json_object_remove_member (object, "answerConstraint");
}

static const MwAdaptRule communication_rules[] = {
  { "reasonCode", "reason", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("the order of its reasons, or a reason that is a record and a text in one") },
  { "reasonReference", "reason", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS },
  { "payload", "payload", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Communication.payload" },
};

static const MwAdaptRule communication_payload_rules[] = {
  { "contentString", "contentCodeableConcept", MW_ADAPT_OBJECT, MW_ADAPT_SINGLE, "text", NULL, N_ ("a coded content") },
  { "contentAttachment", "contentAttachment", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Attachment" },
};

static const MwAdaptRule communication_request_rules[] = {
  { "reasonCode", "reason", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("the order of its reasons, or a reason that is a record and a text in one") },
  { "reasonReference", "reason", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS },
  { "payload", "payload", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Communication.payload" },
  { "sender", "informationProvider", MW_ADAPT_SAME, MW_ADAPT_R5_LIST, NULL, NULL, N_ ("several who are to give the information") },
  { NULL, "intent", MW_ADAPT_CARRY, MW_ADAPT_R5_NEEDS, "valueCode", NULL, N_ ("whether it is an order or a proposal") },
};

static const MwAdaptRule task_rules[] = {
  { "statusReason", "statusReason", MW_ADAPT_CONCEPT, MW_ADAPT_SINGLE, NULL, NULL, N_ ("a status reason that is a record") },
  { "performerType", "requestedPerformer", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("who by name is asked to do it") },
  { "reasonCode", "reason", MW_ADAPT_CONCEPT, MW_ADAPT_R5_LIST, NULL, NULL, N_ ("more than one reason") },
  { "reasonReference", "reason", MW_ADAPT_REFERENCE, MW_ADAPT_R5_LIST },
  { NULL, "doNotPerform", MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("that it must not be done") },
  { NULL, "requestedPeriod", MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("when it is asked for") },
  { NULL, "performer", MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("who did it") },
};

static const MwAdaptRule service_request_rules[] = {
  { "code", "code", MW_ADAPT_CONCEPT, MW_ADAPT_SINGLE, NULL, NULL, N_ ("a service that is a record") },
  { "reasonCode", "reason", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("the order of its reasons, or a reason that is a record and a text in one") },
  { "reasonReference", "reason", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS },
  { "locationCode", "location", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS },
  { "locationReference", "location", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS, NULL, NULL, N_ ("the order of its places") },
  { "supportingInfo", "supportingInfo", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS, NULL, NULL, N_ ("supporting information that is only a text") },
  { "patientInstruction", "patientInstruction", MW_ADAPT_OBJECT, MW_ADAPT_R5_LIST, "instructionMarkdown", NULL, N_ ("instructions for the patient that are a record, or several") },
  { "orderDetail", "orderDetail", MW_ADAPT_NEVER, MW_ADAPT_SINGLE, NULL, NULL, N_ ("the details of the order") },
  { NULL, "focus", MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("whom it is about besides the patient") },
  { NULL, "bodyStructure", MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("the body structure") },
};

static const MwAdaptRule appointment_rules[] = {
  { "cancelationReason", "cancellationReason", MW_ADAPT_SAME },
  { "reasonCode", "reason", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("the order of its reasons, or a reason that is a record and a text in one") },
  { "reasonReference", "reason", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS },
  { "serviceType", "serviceType", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("a service that is a record") },
  { "comment", "note", MW_ADAPT_OBJECT, MW_ADAPT_R5_LIST, "text", NULL, N_ ("a note with its author, or several notes") },
  { "patientInstruction", "patientInstruction", MW_ADAPT_CONCEPT_TEXT, MW_ADAPT_R5_LIST, NULL, NULL, N_ ("instructions for the patient that are a record, or several") },
  { "priority", "priority", MW_ADAPT_NEVER, MW_ADAPT_SINGLE, NULL, NULL, N_ ("its priority, which is a number in one version and a word in the other") },
  { "participant", "participant", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Appointment.participant" },
  { NULL, "class", MW_ADAPT_ONLY },
  { NULL, "replaces", MW_ADAPT_ONLY },
  { NULL, "virtualService", MW_ADAPT_ONLY },
  { NULL, "previousAppointment", MW_ADAPT_ONLY },
  { NULL, "originatingAppointment", MW_ADAPT_ONLY },
  { NULL, "account", MW_ADAPT_ONLY },
  { NULL, "cancellationDate", MW_ADAPT_ONLY },
  { NULL, "subject", MW_ADAPT_ONLY },
  { NULL, "recurrenceId", MW_ADAPT_ONLY },
  { NULL, "occurrenceChanged", MW_ADAPT_ONLY },
  { NULL, "recurrenceTemplate", MW_ADAPT_ONLY },
};

static const MwAdaptRule appointment_participant_rules[] = {
  { "required", "required", MW_ADAPT_REQUIRED, MW_ADAPT_SINGLE, NULL, NULL, N_ ("somebody who is only told of it") },
};

static const MwAdaptRule appointment_response_rules[] = {
  { "participantStatus", "participantStatus", MW_ADAPT_CODES, MW_ADAPT_SINGLE, NULL, "+entered-in-error" },
  { NULL, "proposedNewTime", MW_ADAPT_ONLY },
  { NULL, "recurring", MW_ADAPT_ONLY },
  { NULL, "occurrenceDate", MW_ADAPT_ONLY },
  { NULL, "recurrenceId", MW_ADAPT_ONLY },
};

static const MwAdaptRule slot_rules[] = {
  { "serviceType", "serviceType", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("a service that is a record") },
  { "appointmentType", "appointmentType", MW_ADAPT_SAME, MW_ADAPT_R5_LIST },
};

static const MwAdaptRule schedule_rules[] = {
  { "serviceType", "serviceType", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("a service that is a record") },
  { NULL, "name", MW_ADAPT_ONLY },
};

static const MwAdaptRule message_header_rules[] = {
  { "eventUri", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("what the message is about, as an address") },
  { NULL, "eventCanonical", MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("what the message is about, as an address") },
  { "enterer", NULL, MW_ADAPT_ONLY },
  { "destination", "destination", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "MessageHeader.destination" },
  { "source", "source", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "MessageHeader.source" },
  { "response", "response", MW_ADAPT_NEVER, MW_ADAPT_SINGLE, NULL, NULL, N_ ("which message it answers") },
};

static const MwAdaptRule message_header_destination_rules[] = {
  { "endpoint", "endpointUrl", MW_ADAPT_SAME, MW_ADAPT_R4_NEEDS },
  { NULL, "endpointReference", MW_ADAPT_ONLY },
};

static const MwAdaptRule message_header_source_rules[] = {
  { "endpoint", "endpointUrl", MW_ADAPT_SAME, MW_ADAPT_R4_NEEDS },
  { NULL, "endpointReference", MW_ADAPT_ONLY },
};

static const MwAdaptRule bundle_rules[] = {
  { "type", "type", MW_ADAPT_CODES, MW_ADAPT_SINGLE, NULL, "+subscription-notification" },
  { "signature", "signature", MW_ADAPT_NEVER, MW_ADAPT_SINGLE, NULL, NULL, N_ ("its signature, which would not hold any more") },
  { NULL, "issues", MW_ADAPT_ONLY },
};

static const MwAdaptRule related_person_rules[] = {
  { "photo", "photo", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Attachment" },
};

static const MwAdaptRule operation_outcome_rules[] = {
  { "issue", "issue", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "OperationOutcome.issue" },
};

static const MwAdaptRule operation_outcome_issue_rules[] = {
  { "severity", "severity", MW_ADAPT_CODES, MW_ADAPT_SINGLE, NULL, "+success" },
  { "code", "code", MW_ADAPT_CODES, MW_ADAPT_SINGLE, NULL, "+success +limited-filter" },
};

static const MwAdaptRule questionnaire_rules[] = {
  { NULL, "versionAlgorithmString", MW_ADAPT_ONLY },
  { NULL, "versionAlgorithmCoding", MW_ADAPT_ONLY },
  { NULL, "copyrightLabel", MW_ADAPT_ONLY },
  { "item", "item", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Questionnaire.item" },
};

static const MwAdaptRule questionnaire_item_rules[] = {
  { NULL, "disabledDisplay", MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("how a question looks that need not be answered") },
  { NULL, "answerConstraint", MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("a question with its own rule for other answers") },
  { "item", "item", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Questionnaire.item" },
};

static const MwAdaptRule questionnaire_response_rules[] = {
  { "identifier", "identifier", MW_ADAPT_SAME, MW_ADAPT_R5_LIST, NULL, NULL, N_ ("more than one identifier") },
  { "questionnaire", "questionnaire", MW_ADAPT_SAME, MW_ADAPT_R5_NEEDS, NULL, NULL, N_ ("which form it answers") },
};

static const MwAdaptRule measure_report_rules[] = {
  { "type", "type", MW_ADAPT_CODES, MW_ADAPT_SINGLE, NULL, "data-collection=data-exchange" },
  { "measure", "measure", MW_ADAPT_SAME, MW_ADAPT_R4_NEEDS },
  { NULL, "dataUpdateType", MW_ADAPT_ONLY },
  { NULL, "reportingVendor", MW_ADAPT_ONLY },
  { NULL, "location", MW_ADAPT_ONLY },
  { NULL, "inputParameters", MW_ADAPT_ONLY },
  { NULL, "scoring", MW_ADAPT_ONLY },
  { NULL, "supplementalData", MW_ADAPT_ONLY },
  { "group", "group", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "MeasureReport.group" },
};

static const MwAdaptRule measure_report_group_rules[] = {
  { "measureScore", "measureScoreQuantity", MW_ADAPT_SAME },
  { NULL, "linkId", MW_ADAPT_ONLY },
  { NULL, "subject", MW_ADAPT_ONLY },
  { NULL, "measureScoreDateTime", MW_ADAPT_ONLY },
  { NULL, "measureScoreCodeableConcept", MW_ADAPT_ONLY },
  { NULL, "measureScorePeriod", MW_ADAPT_ONLY },
  { NULL, "measureScoreRange", MW_ADAPT_ONLY },
  { NULL, "measureScoreDuration", MW_ADAPT_ONLY },
  { "population", "population", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "MeasureReport.population" },
  { "stratifier", "stratifier", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "MeasureReport.stratifier" },
};

static const MwAdaptRule measure_report_population_rules[] = {
  { NULL, "linkId", MW_ADAPT_ONLY },
  { NULL, "subjectReport", MW_ADAPT_ONLY },
  { NULL, "subjects", MW_ADAPT_ONLY },
};

static const MwAdaptRule measure_report_stratifier_rules[] = {
  { "code", "code", MW_ADAPT_SAME, MW_ADAPT_R4_LIST, NULL, NULL, N_ ("a stratifier with several codes") },
  { NULL, "linkId", MW_ADAPT_ONLY },
  { "stratum", "stratum", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "MeasureReport.stratum" },
};

static const MwAdaptRule measure_report_stratum_rules[] = {
  { "value", "valueCodeableConcept", MW_ADAPT_SAME },
  { "measureScore", "measureScoreQuantity", MW_ADAPT_SAME },
  { NULL, "valueBoolean", MW_ADAPT_ONLY },
  { NULL, "valueQuantity", MW_ADAPT_ONLY },
  { NULL, "valueRange", MW_ADAPT_ONLY },
  { NULL, "valueReference", MW_ADAPT_ONLY },
  { NULL, "measureScoreDateTime", MW_ADAPT_ONLY },
  { NULL, "measureScoreCodeableConcept", MW_ADAPT_ONLY },
  { NULL, "measureScorePeriod", MW_ADAPT_ONLY },
  { NULL, "measureScoreRange", MW_ADAPT_ONLY },
  { NULL, "measureScoreDuration", MW_ADAPT_ONLY },
  { "component", "component", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "MeasureReport.component" },
  { "population", "population", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "MeasureReport.population" },
};

static const MwAdaptRule measure_report_component_rules[] = {
  { "value", "valueCodeableConcept", MW_ADAPT_SAME, MW_ADAPT_R4_NEEDS },
  { NULL, "linkId", MW_ADAPT_ONLY },
  { NULL, "valueBoolean", MW_ADAPT_ONLY },
  { NULL, "valueQuantity", MW_ADAPT_ONLY },
  { NULL, "valueRange", MW_ADAPT_ONLY },
  { NULL, "valueReference", MW_ADAPT_ONLY },
};

const MwAdaptTable mw_adapt_tables_work[] = {
  MW_ADAPT_TABLE ("Communication", communication_rules),
  MW_ADAPT_TABLE ("Communication.payload", communication_payload_rules),
  MW_ADAPT_TABLE ("CommunicationRequest", communication_request_rules),
  MW_ADAPT_TABLE ("Task", task_rules),
  MW_ADAPT_TABLE ("ServiceRequest", service_request_rules),
  MW_ADAPT_TABLE ("Appointment", appointment_rules),
  MW_ADAPT_TABLE ("Appointment.participant", appointment_participant_rules),
  MW_ADAPT_TABLE ("AppointmentResponse", appointment_response_rules),
  MW_ADAPT_TABLE ("Slot", slot_rules),
  MW_ADAPT_TABLE ("Schedule", schedule_rules),
  MW_ADAPT_TABLE ("MessageHeader", message_header_rules),
  MW_ADAPT_TABLE ("MessageHeader.destination", message_header_destination_rules),
  MW_ADAPT_TABLE ("MessageHeader.source", message_header_source_rules),
  MW_ADAPT_TABLE ("Bundle", bundle_rules),
  MW_ADAPT_UNCHANGED ("Parameters"),
  MW_ADAPT_UNCHANGED ("Binary"),
  MW_ADAPT_UNCHANGED ("Basic"),
  MW_ADAPT_TABLE ("RelatedPerson", related_person_rules),
  MW_ADAPT_TABLE ("OperationOutcome", operation_outcome_rules),
  MW_ADAPT_TABLE ("OperationOutcome.issue", operation_outcome_issue_rules),
  MW_ADAPT_TABLE ("Questionnaire", questionnaire_rules),
  { "Questionnaire.item", questionnaire_item_rules, G_N_ELEMENTS (questionnaire_item_rules), adapt_item },
  MW_ADAPT_TABLE ("QuestionnaireResponse", questionnaire_response_rules),
  MW_ADAPT_TABLE ("MeasureReport", measure_report_rules),
  MW_ADAPT_TABLE ("MeasureReport.group", measure_report_group_rules),
  MW_ADAPT_TABLE ("MeasureReport.population", measure_report_population_rules),
  MW_ADAPT_TABLE ("MeasureReport.stratifier", measure_report_stratifier_rules),
  MW_ADAPT_TABLE ("MeasureReport.stratum", measure_report_stratum_rules),
  MW_ADAPT_TABLE ("MeasureReport.component", measure_report_component_rules),
  { NULL },
};
