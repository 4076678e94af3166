/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-store.h"

G_BEGIN_DECLS

/**
 * MwPatientForm::chosen:
 * @patient: people row
 *
 * What is known of a patient who is in no list has been kept, and this is the patient. The window closes by itself.
 */
#define MW_TYPE_PATIENT_FORM (mw_patient_form_get_type ())
G_DECLARE_FINAL_TYPE (MwPatientForm, mw_patient_form, MW, PATIENT_FORM, AdwWindow)

MwPatientForm *mw_patient_form_new (GtkWindow  *parent,
                                    MwStore    *store,
                                    const char *words);

G_END_DECLS
