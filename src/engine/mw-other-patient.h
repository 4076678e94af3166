/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-batch-private.h"
#include "mw-patient-check.h"

G_BEGIN_DECLS

/* An arriving resource is about another patient than what it belongs to. */

MwPatientCheck *mw_other_patient_find (MwDb           *db,
                                       MwBatch        *batch,
                                       MwBatchArrival *arrival,
                                       gint64          resource,
                                       gint64          thread,
                                       gint64          patient);
gint64          mw_other_patient_filed (const MwPatientCheck *check);
char           *mw_other_patient_warning (const MwPatientCheck *check);
gboolean        mw_other_patient_raise (MwDb           *db,
                                        MwPatientCheck *check,
                                        gint64          entry,
                                        gint64          now,
                                        GError        **error);

G_END_DECLS
