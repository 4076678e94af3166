/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-store.h"

G_BEGIN_DECLS

/* One patient: who it is, what can be started, threads, values over time and the record.
 *
 * Signals: "open-entry" (gint64), "open-item" (gint64), "compose" (kind, patient). */

#define MW_TYPE_PATIENT_VIEW (mw_patient_view_get_type ())
G_DECLARE_FINAL_TYPE (MwPatientView, mw_patient_view, MW, PATIENT_VIEW, AdwBin)

void mw_patient_view_show (MwPatientView *self,
                           MwStore       *store,
                           gint64         patient);

G_END_DECLS
