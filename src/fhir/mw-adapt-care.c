/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is different in R4 and R5: encounters, plans and documents (the definitions of 4.0.1 and 5.0.0). */

#include "mw-config.h"

#include "mw-adapt-private.h"

#include <glib/gi18n-lib.h>

static const MwAdaptRule encounter_rules[] = {
  { "status", "status", MW_ADAPT_CODES, MW_ADAPT_SINGLE, NULL, "-arrived -triaged -onleave +discharged +on-hold +discontinued finished=completed", N_ ("the state that the patient is in") },
  { "statusHistory", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("the history of its states") },
  { "classHistory", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("the history of its classes") },
  { "class", "class", MW_ADAPT_CODING, MW_ADAPT_R5_LIST | MW_ADAPT_R4_NEEDS, NULL, NULL, N_ ("several classes") },
  { "serviceType", "serviceType", MW_ADAPT_CONCEPT, MW_ADAPT_R5_LIST, NULL, NULL, N_ ("a service that is a record, or several") },
  { "period", "actualPeriod", MW_ADAPT_SAME },
  { "reasonCode", "reason", MW_ADAPT_VALUE_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("how its reasons are used") },
  { "reasonReference", "reason", MW_ADAPT_VALUE_REFERENCE, MW_ADAPT_LISTS },
  { "hospitalization.preAdmissionIdentifier", "admission.preAdmissionIdentifier", MW_ADAPT_SAME },
  { "hospitalization.origin", "admission.origin", MW_ADAPT_SAME },
  { "hospitalization.admitSource", "admission.admitSource", MW_ADAPT_SAME },
  { "hospitalization.reAdmission", "admission.reAdmission", MW_ADAPT_SAME },
  { "hospitalization.destination", "admission.destination", MW_ADAPT_SAME },
  { "hospitalization.dischargeDisposition", "admission.dischargeDisposition", MW_ADAPT_SAME },
  { "hospitalization.dietPreference", "dietPreference", MW_ADAPT_SAME, MW_ADAPT_LISTS },
  { "hospitalization.specialCourtesy", "specialCourtesy", MW_ADAPT_SAME, MW_ADAPT_LISTS },
  { "hospitalization.specialArrangement", "specialArrangement", MW_ADAPT_SAME, MW_ADAPT_LISTS },
  { NULL, "subjectStatus", MW_ADAPT_ONLY },
  { NULL, "careTeam", MW_ADAPT_ONLY },
  { NULL, "virtualService", MW_ADAPT_ONLY },
  { NULL, "plannedStartDate", MW_ADAPT_ONLY },
  { NULL, "plannedEndDate", MW_ADAPT_ONLY },
  { "participant", "participant", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Encounter.participant" },
  { "diagnosis", "diagnosis", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Encounter.diagnosis" },
  { "location", "location", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Encounter.location" },
};

static const MwAdaptRule encounter_participant_rules[] = {
  { "individual", "actor", MW_ADAPT_SAME, MW_ADAPT_SINGLE, NULL, "Practitioner PractitionerRole RelatedPerson", N_ ("a participant of a kind that R4 does not have") },
};

static const MwAdaptRule encounter_diagnosis_rules[] = {
  { "condition", "condition", MW_ADAPT_REFERENCE, MW_ADAPT_R5_LIST, NULL, NULL, N_ ("a diagnosis that is only a text, or several in one") },
  { "use", "use", MW_ADAPT_SAME, MW_ADAPT_R5_LIST },
  { "rank", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("the rank of a diagnosis") },
};

static const MwAdaptRule encounter_location_rules[] = {
  { "physicalType", "form", MW_ADAPT_SAME },
};

static const MwAdaptRule care_plan_rules[] = {
  { "intent", "intent", MW_ADAPT_CODES, MW_ADAPT_SINGLE, NULL, "+directive" },
  { "author", "custodian", MW_ADAPT_SAME },
  { "addresses", "addresses", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS, NULL, NULL, N_ ("a concern that is only a text") },
  { "activity", "activity", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "CarePlan.activity" },
};

static const MwAdaptRule care_plan_activity_rules[] = {
  { "outcomeCodeableConcept", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("the outcome of an activity") },
  { "outcomeReference", "performedActivity", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS, NULL, NULL, N_ ("an activity that is only a text") },
  { "reference", "plannedActivityReference", MW_ADAPT_SAME },
  { "detail", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("the details of an activity") },
};

static const MwAdaptRule goal_rules[] = {
  { "expressedBy", "source", MW_ADAPT_SAME },
  { "outcomeCode", "outcome", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("the order of its outcomes") },
  { "outcomeReference", "outcome", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS },
  { NULL, "continuous", MW_ADAPT_ONLY },
};

static const MwAdaptRule document_reference_rules[] = {
  { "masterIdentifier", NULL, MW_ADAPT_CARRY, MW_ADAPT_SINGLE, "valueIdentifier", NULL, N_ ("the identifier of its version") },
  { "docStatus", "docStatus", MW_ADAPT_CODES, MW_ADAPT_SINGLE, NULL, "+registered +partial +corrected +appended +cancelled +deprecated +unknown" },
  { "authenticator", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("who authenticated it") },
  { "context.encounter", "context", MW_ADAPT_SAME, MW_ADAPT_LISTS, NULL, "Encounter EpisodeOfCare", N_ ("an appointment that it belongs to") },
  { "context.event", "event", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("an event that is a record") },
  { "context.period", "period", MW_ADAPT_SAME },
  { "context.facilityType", "facilityType", MW_ADAPT_SAME },
  { "context.practiceSetting", "practiceSetting", MW_ADAPT_SAME },
  { "context.sourcePatientInfo", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("what was known of the patient where it was made") },
  { "context.related", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("what it is related to") },
  { NULL, "version", MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("its version") },
  { NULL, "basedOn", MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("what it was made for") },
  { NULL, "modality", MW_ADAPT_ONLY },
  { NULL, "bodySite", MW_ADAPT_ONLY },
  { NULL, "attester", MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("who attests it") },
  { "relatesTo", "relatesTo", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "DocumentReference.relatesTo" },
  { "content", "content", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "DocumentReference.content" },
};

static const MwAdaptRule document_reference_relates_to_rules[] = {
  { "code", "code", MW_ADAPT_CODE, MW_ADAPT_SINGLE, "http://hl7.org/fhir/document-relationship-type", "replaces transforms signs appends", N_ ("how it relates to another document") },
};

static const MwAdaptRule document_reference_content_rules[] = {
  { "attachment", "attachment", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Attachment" },
  { "format", "profile", MW_ADAPT_OBJECT, MW_ADAPT_R5_LIST, "valueCoding", NULL, N_ ("several formats of one content, or one that is no code") },
};

static const MwAdaptRule list_rules[] = {
  { "subject", "subject", MW_ADAPT_SAME, MW_ADAPT_R5_LIST, NULL, NULL, N_ ("several subjects") },
};

const MwAdaptTable mw_adapt_tables_care[] = {
  MW_ADAPT_TABLE ("Encounter", encounter_rules),
  MW_ADAPT_TABLE ("Encounter.participant", encounter_participant_rules),
  MW_ADAPT_TABLE ("Encounter.diagnosis", encounter_diagnosis_rules),
  MW_ADAPT_TABLE ("Encounter.location", encounter_location_rules),
  MW_ADAPT_TABLE ("CarePlan", care_plan_rules),
  MW_ADAPT_TABLE ("CarePlan.activity", care_plan_activity_rules),
  MW_ADAPT_TABLE ("Goal", goal_rules),
  MW_ADAPT_TABLE ("DocumentReference", document_reference_rules),
  MW_ADAPT_TABLE ("DocumentReference.relatesTo", document_reference_relates_to_rules),
  MW_ADAPT_TABLE ("DocumentReference.content", document_reference_content_rules),
  MW_ADAPT_UNCHANGED ("Flag"),
  MW_ADAPT_TABLE ("List", list_rules),
  { NULL },
};
