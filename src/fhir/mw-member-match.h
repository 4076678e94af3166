/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/* Asking a plan who a patient is among its members (Da Vinci HRex 1.2, $member-match) */

/**
 * MwMemberMatch:
 * @system: (nullable): of the member's identifier at the plan
 * @value: its value
 * @reference: (nullable): the member's literal reference at the plan, where the plan gives one
 */
typedef struct
{
  char *system;
  char *value;
  char *reference;
} MwMemberMatch;

JsonNode      *mw_member_match_parameters_new (JsonNode   *patient,
                                               JsonNode   *coverage,
                                               JsonNode   *consent,
                                               const char *base);
MwMemberMatch *mw_member_match_new (JsonNode *answer,
                                    GError  **error);
void           mw_member_match_free (MwMemberMatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwMemberMatch, mw_member_match_free)

G_END_DECLS
