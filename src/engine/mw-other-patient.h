/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-batch-private.h"
#include "mw-patient-check.h"

G_BEGIN_DECLS

/* An arriving resource is about another patient than what it belongs to. */

GPtrArray      *mw_other_patient_find (MwDb           *db,
                                       MwBatch        *batch,
                                       MwBatchArrival *arrival,
                                       gint64          resource,
                                       gint64          thread,
                                       gint64          patient);
MwPatientCheck *mw_other_patient_of_document (MwDb           *db,
                                              MwBatch        *batch,
                                              MwBatchArrival *arrival,
                                              gint64          resource,
                                              const char     *absolute);
char           *mw_other_patient_warning (const MwPatientCheck *check);
gboolean        mw_other_patient_raise (MwDb      *db,
                                        GPtrArray *checks,
                                        gint64     resource,
                                        gint64     own,
                                        gint64     entry,
                                        gint64     now,
                                        GError   **error);

G_END_DECLS
