/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/**
 * MwOutcomeClass:
 * @MW_OUTCOME_NONE: not an OperationOutcome, or one that does not say whether to try again
 * @MW_OUTCOME_INFORMATION: nothing went wrong (success, information, warning)
 * @MW_OUTCOME_TEMPORARY: worth another try
 * @MW_OUTCOME_PERMANENT: the same request will fail again
 * @MW_OUTCOME_UNSUPPORTED: the server cannot do this at all; another way to send may work
 *
 * What the body of an answer says about trying again.
 */
typedef enum
{
  MW_OUTCOME_NONE,
  MW_OUTCOME_INFORMATION,
  MW_OUTCOME_TEMPORARY,
  MW_OUTCOME_PERMANENT,
  MW_OUTCOME_UNSUPPORTED,
} MwOutcomeClass;

MwOutcomeClass mw_outcome_classify (JsonNode *outcome);
gboolean       mw_outcome_has_errors (JsonNode *outcome);
gboolean       mw_outcome_has_code (JsonNode   *outcome,
                                    const char *code);
char          *mw_outcome_to_text (JsonNode *outcome);

G_END_DECLS
