/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"
#include "mw-store.h"

G_BEGIN_DECLS

JsonNode *mw_identify_member_parameters (MwDb       *db,
                                         const char *patient_reference,
                                         JsonNode   *patient,
                                         const char *plan);

G_END_DECLS
