/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is different in R4 and R5: findings, medicines and what was done (the definitions of 4.0.1 and 5.0.0). */

#include "mw-config.h"

#include "mw-adapt-private.h"

#include <glib/gi18n-lib.h>

static const MwAdaptRule observation_rules[] = {
  { NULL, "instantiatesCanonical", MW_ADAPT_ONLY },
  { NULL, "instantiatesReference", MW_ADAPT_ONLY },
  { NULL, "triggeredBy", MW_ADAPT_ONLY },
  { NULL, "valueAttachment", MW_ADAPT_ONLY },
  { NULL, "valueReference", MW_ADAPT_ONLY },
  { NULL, "bodyStructure", MW_ADAPT_ONLY },
  { "component", "component", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Observation.component" },
  { "referenceRange", "referenceRange", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Observation.referenceRange" },
};

static const MwAdaptRule observation_component_rules[] = {
  { NULL, "valueAttachment", MW_ADAPT_ONLY },
  { NULL, "valueReference", MW_ADAPT_ONLY },
  { "referenceRange", "referenceRange", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Observation.referenceRange" },
};

static const MwAdaptRule observation_reference_range_rules[] = {
  { NULL, "normalValue", MW_ADAPT_ONLY },
};

static const MwAdaptRule condition_rules[] = {
  { "clinicalStatus", "clinicalStatus", MW_ADAPT_SAME, MW_ADAPT_R5_NEEDS, NULL, NULL, N_ ("whether the condition is still active, which is not told") },
  { "recorder", "participant", MW_ADAPT_PARTICIPANT, MW_ADAPT_R5_LIST, "enterer", NULL, N_ ("the parts that people had in it") },
  { "asserter", "participant", MW_ADAPT_PARTICIPANT, MW_ADAPT_R5_LIST, "author" },
  { "evidence", "evidence", MW_ADAPT_EVIDENCE, MW_ADAPT_LISTS, NULL, NULL, N_ ("findings that are grouped as evidence") },
};

static const MwAdaptRule diagnostic_report_rules[] = {
  { "status", "status", MW_ADAPT_CODES, MW_ADAPT_SINGLE, NULL, "+modified" },
  { "imagingStudy", "study", MW_ADAPT_SAME, MW_ADAPT_LISTS, NULL, "ImagingStudy", N_ ("a study that is not of images") },
  { "presentedForm", "presentedForm", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Attachment" },
  { NULL, "note", MW_ADAPT_ONLY },
  { NULL, "supportingInfo", MW_ADAPT_ONLY },
  { NULL, "composition", MW_ADAPT_ONLY },
};

static const MwAdaptRule allergy_intolerance_rules[] = {
  { "type", "type", MW_ADAPT_CODE, MW_ADAPT_SINGLE, "http://hl7.org/fhir/allergy-intolerance-type", "allergy intolerance", N_ ("another type than allergy or intolerance") },
  { "recorder", "participant", MW_ADAPT_PARTICIPANT, MW_ADAPT_R5_LIST, "enterer", NULL, N_ ("the parts that people had in it") },
  { "asserter", "participant", MW_ADAPT_PARTICIPANT, MW_ADAPT_R5_LIST, "author" },
  { "reaction", "reaction", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "AllergyIntolerance.reaction" },
};

static const MwAdaptRule allergy_intolerance_reaction_rules[] = {
  { "manifestation", "manifestation", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("a manifestation that is a record") },
};

static const MwAdaptRule immunization_rules[] = {
  { "recorded", NULL, MW_ADAPT_CARRY, MW_ADAPT_SINGLE, "valueDateTime", NULL, N_ ("when it was recorded") },
  { "reportOrigin", "informationSource", MW_ADAPT_CONCEPT, MW_ADAPT_SINGLE, NULL, NULL, N_ ("a source that is a record") },
  { "manufacturer", "manufacturer", MW_ADAPT_REFERENCE, MW_ADAPT_SINGLE, NULL, NULL, N_ ("a manufacturer that is only a text") },
  { "reasonCode", "reason", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("the order of its reasons, or a reason that is a record and a text in one") },
  { "reasonReference", "reason", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS },
  { "education", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("what the patient was given to read") },
  { "programEligibility", "programEligibility", MW_ADAPT_NEVER, MW_ADAPT_SINGLE, NULL, NULL, N_ ("the programme it belongs to") },
  { NULL, "basedOn", MW_ADAPT_ONLY },
  { NULL, "administeredProduct", MW_ADAPT_ONLY },
  { NULL, "supportingInformation", MW_ADAPT_ONLY },
  { "protocolApplied", "protocolApplied", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Immunization.protocolApplied" },
  { "reaction", "reaction", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Immunization.reaction" },
};

static const MwAdaptRule immunization_protocol_applied_rules[] = {
  { "doseNumberPositiveInt", "doseNumber", MW_ADAPT_INTEGER_TEXT },
  { "doseNumberString", "doseNumber", MW_ADAPT_SAME },
  { "seriesDosesPositiveInt", "seriesDoses", MW_ADAPT_INTEGER_TEXT },
  { "seriesDosesString", "seriesDoses", MW_ADAPT_SAME },
};

static const MwAdaptRule immunization_reaction_rules[] = {
  { "detail", "manifestation", MW_ADAPT_REFERENCE, MW_ADAPT_SINGLE, NULL, NULL, N_ ("a reaction that is only a text") },
};

static const MwAdaptRule medication_request_rules[] = {
  { "status", "status", MW_ADAPT_CODES, MW_ADAPT_SINGLE, NULL, "+ended" },
  { "reportedBoolean", "reported", MW_ADAPT_SAME },
  { "reportedReference", "informationSource", MW_ADAPT_SAME, MW_ADAPT_R5_LIST, NULL, NULL, N_ ("several sources of the information") },
  { "medicationCodeableConcept", "medication", MW_ADAPT_CONCEPT, MW_ADAPT_SINGLE, NULL, NULL, N_ ("a medicine that is a text and a record in one") },
  { "medicationReference", "medication", MW_ADAPT_REFERENCE },
  { "performer", "performer", MW_ADAPT_SAME, MW_ADAPT_R5_LIST, NULL, NULL, N_ ("several who are to give it") },
  { "reasonCode", "reason", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("the order of its reasons, or a reason that is a record and a text in one") },
  { "reasonReference", "reason", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS },
  { "instantiatesCanonical", NULL, MW_ADAPT_ONLY },
  { "instantiatesUri", NULL, MW_ADAPT_ONLY },
  { "detectedIssue", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("the warnings that were found") },
  { NULL, "statusChanged", MW_ADAPT_ONLY },
  { NULL, "device", MW_ADAPT_ONLY },
  { NULL, "renderedDosageInstruction", MW_ADAPT_ONLY },
  { NULL, "effectiveDosePeriod", MW_ADAPT_ONLY },
  { "dosageInstruction", "dosageInstruction", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Dosage" },
  { "dispenseRequest", "dispenseRequest", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "MedicationRequest.dispenseRequest" },
};

static const MwAdaptRule medication_request_dispense_request_rules[] = {
  { "performer", "dispenser", MW_ADAPT_SAME },
  { NULL, "dispenserInstruction", MW_ADAPT_ONLY },
  { NULL, "doseAdministrationAid", MW_ADAPT_ONLY },
};

static const MwAdaptRule medication_rules[] = {
  { "manufacturer", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("its manufacturer") },
  { "form", "doseForm", MW_ADAPT_SAME },
  { "amount", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("its amount") },
  { NULL, "marketingAuthorizationHolder", MW_ADAPT_ONLY },
  { NULL, "totalVolume", MW_ADAPT_ONLY },
  { NULL, "definition", MW_ADAPT_ONLY },
  { "ingredient", "ingredient", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Medication.ingredient" },
};

static const MwAdaptRule medication_ingredient_rules[] = {
  { "itemCodeableConcept", "item", MW_ADAPT_CONCEPT, MW_ADAPT_SINGLE, NULL, NULL, N_ ("an ingredient that is a text and a record in one") },
  { "itemReference", "item", MW_ADAPT_REFERENCE },
  { "strength", "strengthRatio", MW_ADAPT_SAME },
  { NULL, "strengthCodeableConcept", MW_ADAPT_ONLY },
  { NULL, "strengthQuantity", MW_ADAPT_ONLY },
};

static const MwAdaptRule procedure_rules[] = {
  { "category", "category", MW_ADAPT_SAME, MW_ADAPT_R5_LIST, NULL, NULL, N_ ("several categories") },
  { "performedDateTime", "occurrenceDateTime", MW_ADAPT_SAME },
  { "performedPeriod", "occurrencePeriod", MW_ADAPT_SAME },
  { "performedString", "occurrenceString", MW_ADAPT_SAME },
  { "performedAge", "occurrenceAge", MW_ADAPT_SAME },
  { "performedRange", "occurrenceRange", MW_ADAPT_SAME },
  { NULL, "occurrenceTiming", MW_ADAPT_ONLY },
  { "asserter", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("who says that it was done") },
  { "reasonCode", "reason", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("the order of its reasons, or a reason that is a record and a text in one") },
  { "reasonReference", "reason", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS },
  { "complication", "complication", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("the order of its complications") },
  { "complicationDetail", "complication", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS },
  { "usedCode", "used", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("the order of what was used") },
  { "usedReference", "used", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS },
  { NULL, "focus", MW_ADAPT_ONLY },
  { NULL, "recorded", MW_ADAPT_ONLY },
  { NULL, "reportedBoolean", MW_ADAPT_ONLY },
  { NULL, "reportedReference", MW_ADAPT_ONLY },
  { NULL, "supportingInfo", MW_ADAPT_ONLY },
  { "performer", "performer", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Procedure.performer" },
};

static const MwAdaptRule procedure_performer_rules[] = {
  { NULL, "period", MW_ADAPT_ONLY },
};

const MwAdaptTable mw_adapt_tables_clinical[] = {
  MW_ADAPT_TABLE ("Observation", observation_rules),
  MW_ADAPT_TABLE ("Observation.component", observation_component_rules),
  MW_ADAPT_TABLE ("Observation.referenceRange", observation_reference_range_rules),
  MW_ADAPT_TABLE ("Condition", condition_rules),
  MW_ADAPT_TABLE ("DiagnosticReport", diagnostic_report_rules),
  MW_ADAPT_TABLE ("AllergyIntolerance", allergy_intolerance_rules),
  MW_ADAPT_TABLE ("AllergyIntolerance.reaction", allergy_intolerance_reaction_rules),
  MW_ADAPT_TABLE ("Immunization", immunization_rules),
  MW_ADAPT_TABLE ("Immunization.protocolApplied", immunization_protocol_applied_rules),
  MW_ADAPT_TABLE ("Immunization.reaction", immunization_reaction_rules),
  MW_ADAPT_TABLE ("MedicationRequest", medication_request_rules),
  MW_ADAPT_TABLE ("MedicationRequest.dispenseRequest", medication_request_dispense_request_rules),
  MW_ADAPT_TABLE ("Medication", medication_rules),
  MW_ADAPT_TABLE ("Medication.ingredient", medication_ingredient_rules),
  MW_ADAPT_TABLE ("Procedure", procedure_rules),
  MW_ADAPT_TABLE ("Procedure.performer", procedure_performer_rules),
  { NULL },
};
