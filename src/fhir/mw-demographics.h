/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/**
 * MwDemographics:
 * @family: (nullable): the family name
 * @given: the given names; never NULL
 * @birth_date: (nullable): a FHIR date, perhaps only a year or a month
 * @gender: (nullable): "male", "female", "other" or "unknown"
 * @identifiers: "system|value", or "|value" where the system is not known; never NULL
 * @phone: (nullable): as it was written
 * @line: (nullable): street and number
 *
 * What is known of a patient who is in no list yet. A draft keeps it as a small JSON object of the members
 * "family", "given", "birthDate", "gender", "identifier", "phone" and "address" ("line", "city", "state",
 * "postalCode", "country").
 */
typedef struct
{
  char *family;
  GStrv given;
  char *birth_date;
  char *gender;
  GStrv identifiers;
  char *phone;
  char *line;
  char *city;
  char *state;
  char *postal_code;
  char *country;
} MwDemographics;

MwDemographics *mw_demographics_new (JsonNode *draft,
                                     GError  **error);
MwDemographics *mw_demographics_new_from_patient (JsonNode *patient);
void            mw_demographics_free (MwDemographics *self);
JsonNode       *mw_demographics_to_json (const MwDemographics *self);
JsonNode       *mw_demographics_to_patient (const MwDemographics *self);
gboolean        mw_demographics_is_enough (const MwDemographics *self);
gboolean        mw_demographics_check (const MwDemographics *self,
                                       GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwDemographics, mw_demographics_free)

G_END_DECLS
