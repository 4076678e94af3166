/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/* Two patients side by side, as the store keeps it for a person to decide: see mw-question.h */

char     *mw_comparison_title (JsonNode *patient);
JsonNode *mw_comparison_lines (JsonNode *here,
                               JsonNode *there);

G_END_DECLS
