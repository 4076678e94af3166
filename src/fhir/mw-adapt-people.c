/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is different in R4 and R5: people, organisations and where they are reached (the definitions of 4.0.1 and 5.0.0). */

#include "mw-config.h"

#include "mw-adapt-private.h"

#include <glib/gi18n-lib.h>

static const MwAdaptRule patient_rules[] = {
  { "photo", "photo", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Attachment" },
};

static const MwAdaptRule practitioner_rules[] = {
  { "communication", "communication", MW_ADAPT_OBJECT, MW_ADAPT_LISTS, "language", NULL, N_ ("which language is preferred") },
  { "photo", "photo", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "Attachment" },
  { NULL, "deceasedBoolean", MW_ADAPT_ONLY },
  { NULL, "deceasedDateTime", MW_ADAPT_ONLY },
};

static const MwAdaptRule practitioner_role_rules[] = {
  { "telecom", "contact", MW_ADAPT_BUNCH, MW_ADAPT_LISTS, "telecom", NULL, N_ ("contacts with a name or a purpose") },
  { "availableTime", "availability[0].availableTime", MW_ADAPT_SAME, MW_ADAPT_LISTS, NULL, NULL, N_ ("times that are given in several parts") },
  { "notAvailable", "availability[0].notAvailableTime", MW_ADAPT_SAME, MW_ADAPT_LISTS },
  { "availabilityExceptions", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("exceptions from the times") },
  { NULL, "characteristic", MW_ADAPT_ONLY },
  { NULL, "communication", MW_ADAPT_ONLY },
};

static const MwAdaptRule organization_rules[] = {
  { "telecom", "contact", MW_ADAPT_BUNCH, MW_ADAPT_LISTS, "telecom", NULL, N_ ("contacts with a name or a purpose") },
  { "address", "contact", MW_ADAPT_OBJECT, MW_ADAPT_LISTS, "address" },
  { "contact", "contact", MW_ADAPT_CONTACT, MW_ADAPT_LISTS, NULL, NULL, N_ ("a contact for which there is neither a name nor a purpose") },
  { NULL, "description", MW_ADAPT_ONLY },
  { NULL, "qualification", MW_ADAPT_ONLY },
};

static const MwAdaptRule organization_affiliation_rules[] = {
  { "telecom", "contact", MW_ADAPT_BUNCH, MW_ADAPT_LISTS, "telecom", NULL, N_ ("contacts with a name or a purpose") },
};

static const MwAdaptRule healthcare_service_rules[] = {
  { "telecom", "contact", MW_ADAPT_BUNCH, MW_ADAPT_LISTS, "telecom", NULL, N_ ("contacts with a name or a purpose") },
  { "availableTime", "availability[0].availableTime", MW_ADAPT_SAME, MW_ADAPT_LISTS, NULL, NULL, N_ ("times that are given in several parts") },
  { "notAvailable", "availability[0].notAvailableTime", MW_ADAPT_SAME, MW_ADAPT_LISTS },
  { "availabilityExceptions", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("exceptions from the times") },
  { NULL, "offeredIn", MW_ADAPT_ONLY },
};

static const MwAdaptRule location_rules[] = {
  { "telecom", "contact", MW_ADAPT_BUNCH, MW_ADAPT_LISTS, "telecom", NULL, N_ ("contacts with a name or a purpose") },
  { "physicalType", "form", MW_ADAPT_SAME },
  { "hoursOfOperation", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("the hours of operation") },
  { "availabilityExceptions", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("exceptions from the hours") },
  { NULL, "hoursOfOperation", MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("the hours of operation") },
  { NULL, "characteristic", MW_ADAPT_ONLY },
  { NULL, "virtualService", MW_ADAPT_ONLY },
};

static const MwAdaptRule care_team_rules[] = {
  { "encounter", NULL, MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("the encounter for which the team was made") },
  { "reasonCode", "reason", MW_ADAPT_CONCEPT, MW_ADAPT_LISTS, NULL, NULL, N_ ("the order of its reasons, or a reason that is a record and a text in one") },
  { "reasonReference", "reason", MW_ADAPT_REFERENCE, MW_ADAPT_LISTS },
  { "participant", "participant", MW_ADAPT_TYPE, MW_ADAPT_SINGLE, "CareTeam.participant" },
};

static const MwAdaptRule care_team_participant_rules[] = {
  { "role", "role", MW_ADAPT_SAME, MW_ADAPT_R4_LIST, NULL, NULL, N_ ("a member with several roles") },
  { "period", "coveragePeriod", MW_ADAPT_SAME },
  { NULL, "coverageTiming", MW_ADAPT_ONLY, MW_ADAPT_SINGLE, NULL, NULL, N_ ("when a member is there") },
};

static const MwAdaptRule endpoint_rules[] = {
  { "status", "status", MW_ADAPT_CODES, MW_ADAPT_SINGLE, NULL, "-test" },
  { "connectionType", "connectionType", MW_ADAPT_CODING, MW_ADAPT_R5_LIST, NULL, NULL, N_ ("several types of connection") },
  { "payloadType", "payload[0].type", MW_ADAPT_SAME, MW_ADAPT_LISTS | MW_ADAPT_R4_NEEDS, NULL, NULL, N_ ("what it takes, which is not told, or told in several parts") },
  { "payloadMimeType", "payload[0].mimeType", MW_ADAPT_SAME, MW_ADAPT_LISTS },
  { NULL, "description", MW_ADAPT_ONLY },
  { NULL, "environmentType", MW_ADAPT_ONLY },
};

const MwAdaptTable mw_adapt_tables_people[] = {
  MW_ADAPT_TABLE ("Patient", patient_rules),
  MW_ADAPT_TABLE ("Practitioner", practitioner_rules),
  MW_ADAPT_TABLE ("PractitionerRole", practitioner_role_rules),
  MW_ADAPT_TABLE ("Organization", organization_rules),
  MW_ADAPT_TABLE ("OrganizationAffiliation", organization_affiliation_rules),
  MW_ADAPT_TABLE ("HealthcareService", healthcare_service_rules),
  MW_ADAPT_TABLE ("Location", location_rules),
  MW_ADAPT_TABLE ("CareTeam", care_team_rules),
  MW_ADAPT_TABLE ("CareTeam.participant", care_team_participant_rules),
  MW_ADAPT_TABLE ("Endpoint", endpoint_rules),
  { NULL },
};
