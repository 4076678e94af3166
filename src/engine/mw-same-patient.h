/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-batch-private.h"

G_BEGIN_DECLS

/* Whether two records are of one patient, as far as is known here. */

gboolean mw_same_patient_tells_who (JsonNode *patient);
gboolean mw_same_patient_is_other (MwDb           *db,
                                   MwBatch        *batch,
                                   gint64          thread,
                                   const MwPerson *expected,
                                   JsonNode       *here,
                                   const char     *reference,
                                   JsonNode       *there);

G_END_DECLS
