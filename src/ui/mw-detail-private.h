/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-detail.h"

G_BEGIN_DECLS

/** MW_DETAIL_MAX_MOMENTS: lines of a timeline that are shown */
#define MW_DETAIL_MAX_MOMENTS 60

char *mw_detail_words (JsonNode *resource,
                       JsonNode *focus);

G_END_DECLS
