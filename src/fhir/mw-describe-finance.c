/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-describe-private.h"

#include <glib/gi18n-lib.h>

/* Insurance and claims (FHIR R4 financial-module.html) */

static const MwRow coverage_rows[] = {
  { "status", N_ ("Status") },
  { "kind", N_ ("Kind") },
  { "type", N_ ("Type") },
  { "beneficiary", N_ ("Patient") },
  { "relationship", N_ ("Relationship to the subscriber") },
  { "subscriberId", N_ ("Member number") },
  { "dependent", N_ ("Dependent") },
  { "subscriber", N_ ("Subscriber") },
  { "policyHolder", N_ ("Policy holder") },
  { "payor|insurer|paymentBy.party", N_ ("Insurer") },
  { "paymentBy", NULL },
  { "period", N_ ("Period") },
  { "class|grouping", N_ ("Class"), MW_ROW_PLAIN, "type", "name|value|groupDisplay|planDisplay" },
  { "network", N_ ("Network") },
  { "costToBeneficiary", N_ ("Own share"), MW_ROW_PLAIN, "type", "value[x]" },
  { "order", NULL },
  { "contract", N_ ("Contract") },
  { 0 },
};

static const MwRow item_rows[] = {
  { "serviced[x]", N_ ("When") },
  { "location[x]", N_ ("Location") },
  { "quantity", N_ ("Quantity") },
  { "unitPrice", N_ ("Price each") },
  { "net", N_ ("Net") },
  { "adjudication", N_ ("Decision"), MW_ROW_PLAIN, "category", "amount|value|quantity;reason" },
  { 0 },
};

#define ITEM_VALUE "productOrService|service|revenue"

static const MwRow claim_rows[] = {
  { "use", N_ ("Use") },
  { "type", N_ ("Type") },
  { "status", N_ ("Status") },
  { "priority", N_ ("Priority") },
  { "patient", N_ ("Patient") },
  { "provider", N_ ("Provider") },
  { "insurer", N_ ("Insurer") },
  { "created", N_ ("Created") },
  { "billablePeriod", N_ ("Period") },
  { "diagnosis", N_ ("Diagnosis"), MW_ROW_PLAIN, NULL, "diagnosis[x];type" },
  { "procedure", N_ ("Procedure"), MW_ROW_PLAIN, NULL, "procedure[x];date" },
  { "careTeam", N_ ("Taking part"), MW_ROW_PLAIN, "role", "provider" },
  { "supportingInfo|information", N_ ("More information"), MW_ROW_PLAIN, "category", "value[x]|code|timing[x]" },
  { "item", N_ ("Item"), MW_ROW_PLAIN, NULL, ITEM_VALUE, item_rows },
  { "total", N_ ("Total") },
  { "insurance", N_ ("Insurance"), MW_ROW_PLAIN, NULL, "coverage;preAuthRef" },
  { "referral", N_ ("Referral") },
  { "facility", N_ ("Facility") },
  { "related", NULL },
  { "payee", N_ ("Paid to"), MW_ROW_PLAIN, NULL, "party;type" },
  { "fundsReserve", NULL },
  { 0 },
};

static const MwRow benefit_rows[] = {
  { "outcome", N_ ("Outcome") },
  { "disposition", N_ ("Remark") },
  { "decision", N_ ("Decision") },
  { "use", N_ ("Use") },
  { "type", N_ ("Type") },
  { "status", N_ ("Status") },
  { "patient", N_ ("Patient") },
  { "provider", N_ ("Provider") },
  { "insurer|organization", N_ ("Insurer") },
  { "created", N_ ("Created") },
  { "billablePeriod", N_ ("Period") },
  { "preAuthRef", N_ ("Authorisation number") },
  { "preAuthRefPeriod", N_ ("Authorised for") },
  { "diagnosis", N_ ("Diagnosis"), MW_ROW_PLAIN, NULL, "diagnosis[x];type" },
  { "procedure", N_ ("Procedure"), MW_ROW_PLAIN, NULL, "procedure[x];date" },
  { "careTeam", N_ ("Taking part"), MW_ROW_PLAIN, "role", "provider" },
  { "supportingInfo|information", N_ ("More information"), MW_ROW_PLAIN, "category", "value[x]|code|timing[x]" },
  { "item|addItem", N_ ("Item"), MW_ROW_PLAIN, NULL, ITEM_VALUE, item_rows },
  { "total", N_ ("Total"), MW_ROW_PLAIN, "category", "amount" },
  { "payment", N_ ("Payment"), MW_ROW_PLAIN, NULL, "type;amount;date" },
  { "processNote", N_ ("Note"), MW_ROW_PLAIN, NULL, "text" },
  { "insurance", N_ ("Insurance"), MW_ROW_PLAIN, NULL, "coverage;preAuthRef" },
  { "claim", N_ ("Claim") },
  { "claimResponse", N_ ("Answer to the claim") },
  { "referral", N_ ("Referral") },
  { "priority", N_ ("Priority") },
  { "fundsReserveRequested", NULL },
  { "fundsReserve", NULL },
  { "related", NULL },
  { 0 },
};

const MwTypeSpec mw_describe_finance[] = {
  { "Claim", MW_TYPE_PREFIX, "status;use;total;provider;created;patient", claim_rows },
  { "Coverage", MW_TYPE_PREFIX, "status;payor|insurer;subscriberId;period;beneficiary", coverage_rows },
  { "ExplanationOfBenefit", MW_TYPE_PREFIX, "outcome;use;insurer;created;patient", benefit_rows },
  { 0 },
};
