/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-match.h"

G_BEGIN_DECLS

/** MW_MATCH_MAX_OFFERED: candidates in one question; more help nobody */
#define MW_MATCH_MAX_OFFERED 20

/**
 * MwMatchVerdict:
 * @MW_MATCH_NOBODY: the server knows nobody who could be meant
 * @MW_MATCH_TAKEN: one candidate, and no doubt
 * @MW_MATCH_ASK: a person has to say
 */
typedef enum
{
  MW_MATCH_NOBODY,
  MW_MATCH_TAKEN,
  MW_MATCH_ASK,
} MwMatchVerdict;

MwMatchVerdict mw_match_decide (JsonNode            *asked,
                                const MwMatchAnswer *answer,
                                MwCandidate        **chosen,
                                char               **why);
GPtrArray     *mw_match_offer (JsonNode            *asked,
                               const MwMatchAnswer *answer);

G_END_DECLS
