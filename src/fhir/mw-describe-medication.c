/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-describe-private.h"

#include <glib/gi18n-lib.h>

/* Medicines (FHIR R4 medications-module.html) */

#define MEDICINE "medication[x]|medication"

static const MwRow medication_rows[] = {
  { "code", N_ ("Medicine") },
  { "status", N_ ("Status") },
  { "form|doseForm", N_ ("Dose form") },
  { "amount|totalVolume", N_ ("Amount") },
  { "ingredient", N_ ("Ingredient"), MW_ROW_PLAIN, NULL, "item[x]|item;strength|strength[x]" },
  { "batch", N_ ("Batch"), MW_ROW_PLAIN, NULL, "lotNumber;expirationDate" },
  { "manufacturer|marketingAuthorizationHolder", N_ ("Manufacturer") },
  { 0 },
};

static const MwRow dispense_request_rows[] = {
  { "quantity", N_ ("Quantity") },
  { "expectedSupplyDuration", N_ ("Lasts") },
  { "numberOfRepeatsAllowed", N_ ("Repeats") },
  { "validityPeriod", N_ ("Valid") },
  { "performer|dispenser", N_ ("Pharmacy") },
  { 0 },
};

static const MwRow request_rows[] = {
  { MEDICINE, N_ ("Medicine") },
  { "doNotPerform", N_ ("Must not be given"), MW_ROW_LOUD | MW_ROW_IF_TRUE },
  { "dosageInstruction", N_ ("Dosage"), MW_ROW_EACH },
  { "status", N_ ("Status") },
  { "statusReason", N_ ("Reason for the status") },
  { "intent", N_ ("Intent") },
  { "priority", N_ ("Priority") },
  { "category", N_ ("Category") },
  { "subject|patient", N_ ("Patient") },
  { "authoredOn", N_ ("Written") },
  { "requester|requester.agent", N_ ("By") },
  { "reasonCode|reasonReference|reason", N_ ("Reason") },
  { "dispenseRequest", N_ ("To dispense"), MW_ROW_GROUP, NULL, NULL, dispense_request_rows },
  { "substitution", N_ ("Substitution"), MW_ROW_PLAIN, NULL, "allowed[x];reason" },
  { "performer|performerType", N_ ("To be given by") },
  { "encounter|context", N_ ("Encounter") },
  { "insurance", N_ ("Insurance") },
  { "basedOn", N_ ("Based on") },
  { "priorPrescription", N_ ("Replaces") },
  { "supportingInformation", N_ ("More information") },
  { "detectedIssue", N_ ("Issues") },
  { "eventHistory", NULL },
  { "reported[x]|reported|informationSource", N_ ("Reported") },
  { 0 },
};

static const MwRow dispense_rows[] = {
  { MEDICINE, N_ ("Medicine") },
  { "quantity", N_ ("Quantity") },
  { "daysSupply", N_ ("Lasts") },
  { "dosageInstruction", N_ ("Dosage"), MW_ROW_EACH },
  { "status", N_ ("Status") },
  { "statusReason[x]|statusReason|notPerformedReason", N_ ("Reason for the status") },
  { "type|category", N_ ("Kind") },
  { "subject|patient", N_ ("Patient") },
  { "whenPrepared", N_ ("Prepared") },
  { "whenHandedOver", N_ ("Given out") },
  { "performer", N_ ("By"), MW_ROW_PLAIN, "function", "actor" },
  { "location", N_ ("Location") },
  { "receiver", N_ ("Received by") },
  { "authorizingPrescription", N_ ("Prescription") },
  { "context|encounter", N_ ("Encounter") },
  { 0 },
};

static const MwRow statement_rows[] = {
  { MEDICINE, N_ ("Medicine") },
  { "dosage", N_ ("Dosage"), MW_ROW_EACH },
  { "status", N_ ("Status") },
  { "taken|adherence.code", N_ ("Taken") },
  { "statusReason", N_ ("Reason for the status") },
  { "category", N_ ("Category") },
  { "subject|patient", N_ ("Patient") },
  { "effective[x]", N_ ("When") },
  { "dateAsserted", N_ ("Recorded") },
  { "informationSource", N_ ("Said by") },
  { "reasonCode|reasonReference|reason", N_ ("Reason") },
  { "context|encounter", N_ ("Encounter") },
  { "derivedFrom", N_ ("Derived from") },
  { 0 },
};

static const MwRow administration_rows[] = {
  { MEDICINE, N_ ("Medicine") },
  { "dosage", N_ ("Dosage"), MW_ROW_PLAIN, NULL, "text|dose;rate[x];route;site;method" },
  { "status", N_ ("Status") },
  { "statusReason", N_ ("Reason for the status") },
  { "subject|patient", N_ ("Patient") },
  { "effective[x]|occurence[x]", N_ ("When") },
  { "performer", N_ ("By"), MW_ROW_PLAIN, "function", "actor" },
  { "reasonCode|reasonReference|reason", N_ ("Reason") },
  { "request", N_ ("Prescription") },
  { "context|encounter", N_ ("Encounter") },
  { 0 },
};

static const MwRow immunization_rows[] = {
  { "vaccineCode", N_ ("Vaccine") },
  { "status", N_ ("Status") },
  { "statusReason", N_ ("Reason for the status") },
  { "patient", N_ ("Patient") },
  { "occurrence[x]|date", N_ ("Given") },
  { "doseQuantity", N_ ("Dose") },
  { "route", N_ ("Route") },
  { "site", N_ ("Body site") },
  { "lotNumber", N_ ("Lot") },
  { "expirationDate", N_ ("Use until") },
  { "manufacturer", N_ ("Manufacturer") },
  { "performer", N_ ("By"), MW_ROW_PLAIN, "function", "actor" },
  { "location", N_ ("Location") },
  { "primarySource", N_ ("First-hand record") },
  { "protocolApplied", N_ ("Protocol"), MW_ROW_PLAIN, NULL, "series;targetDisease;doseNumber[x]|doseNumber;seriesDoses[x]|seriesDoses" },
  { "reaction", N_ ("Reaction"), MW_ROW_PLAIN, NULL, "date;detail|manifestation" },
  { "reasonCode|reasonReference|reason", N_ ("Reason") },
  { "encounter", N_ ("Encounter") },
  { "recorded", N_ ("Recorded") },
  { 0 },
};

const MwTypeSpec mw_describe_medication[] = {
  { "Immunization", MW_TYPE_PREFIX, "status;occurrence[x]|date;patient", immunization_rows },
  { "Medication", MW_TYPE_PLAIN, "form|doseForm;ingredient.item[x]|ingredient.item", medication_rows },
  { "MedicationAdministration", MW_TYPE_PREFIX, "status;effective[x]|occurence[x];subject|patient", administration_rows },
  { "MedicationDispense", MW_TYPE_PREFIX, "status;quantity;whenHandedOver;subject|patient", dispense_rows },
  { "MedicationRequest", MW_TYPE_PREFIX, "status;dosageInstruction;authoredOn;subject|patient", request_rows },
  { "MedicationStatement", MW_TYPE_PREFIX, "status;dosage;effective[x];subject|patient", statement_rows },
  { "MedicationUsage", MW_TYPE_PREFIX, "status;dosage;effective[x];subject|patient", statement_rows },
  { 0 },
};
