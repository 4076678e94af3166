/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/**
 * MwMatchField:
 *
 * What is compared of two patients.
 */
typedef enum
{
  MW_MATCH_FIELD_FAMILY,
  MW_MATCH_FIELD_GIVEN,
  MW_MATCH_FIELD_BIRTH_DATE,
  MW_MATCH_FIELD_GENDER,
  MW_MATCH_FIELD_IDENTIFIER,
  MW_MATCH_FIELD_PHONE,
  MW_MATCH_FIELD_EMAIL,
  MW_MATCH_FIELD_ADDRESS,
} MwMatchField;

/**
 * MwMatchLikeness:
 * @MW_MATCH_UNKNOWN: neither side says
 * @MW_MATCH_SAME: the same, however it is written
 * @MW_MATCH_SIMILAR: they fit as far as is known: an initial, a year of birth, a former name, half an address
 * @MW_MATCH_ONLY_HERE: only the patient who is asked about has it
 * @MW_MATCH_ONLY_THERE: only the candidate has it
 */
typedef enum
{
  MW_MATCH_UNKNOWN,
  MW_MATCH_SAME,
  MW_MATCH_SIMILAR,
  MW_MATCH_DIFFERENT,
  MW_MATCH_ONLY_HERE,
  MW_MATCH_ONLY_THERE,
} MwMatchLikeness;

/**
 * MwMatchDifference:
 * @label: what it is, in the reader's language
 * @here: (nullable): what is known of the patient who is asked about, safe to show
 * @there: (nullable): what the candidate has, safe to show
 *
 * One line of a side-by-side view.
 */
typedef struct
{
  MwMatchField    field;
  char           *label;
  char           *here;
  char           *there;
  MwMatchLikeness likeness;
} MwMatchDifference;

GPtrArray      *mw_match_compare (JsonNode *here,
                                  JsonNode *there);
MwMatchLikeness mw_match_compare_field (JsonNode    *here,
                                        JsonNode    *there,
                                        MwMatchField field);
void            mw_match_difference_free (MwMatchDifference *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwMatchDifference, mw_match_difference_free)

G_END_DECLS
