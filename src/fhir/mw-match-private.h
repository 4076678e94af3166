/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-match-compare.h"

/** MW_MATCH_MAX_REPEATS: names, contacts and addresses of a patient that are looked at; real ones have a few */
#define MW_MATCH_MAX_REPEATS 20

MwMatchLikeness mw_match_better (MwMatchLikeness one,
                                 MwMatchLikeness other);
MwMatchLikeness mw_match_absent (gboolean here,
                                 gboolean there);
MwMatchLikeness mw_match_compare_names (JsonNode    *here,
                                        JsonNode    *there,
                                        MwMatchField field);
char           *mw_match_show_names (JsonNode    *patient,
                                     MwMatchField field);
