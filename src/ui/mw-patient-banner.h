/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-person.h"

G_BEGIN_DECLS

/* Who this is about: name, birth date, age, gender and identifiers, or that nobody has confirmed it. */

#define MW_TYPE_PATIENT_BANNER (mw_patient_banner_get_type ())
G_DECLARE_FINAL_TYPE (MwPatientBanner, mw_patient_banner, MW, PATIENT_BANNER, AdwBin)

GtkWidget  *mw_patient_banner_new (void);
void        mw_patient_banner_set_person (MwPatientBanner *self,
                                          const MwPerson  *person,
                                          const char      *fallback_name);
void        mw_patient_banner_set_action (MwPatientBanner *self,
                                          GtkWidget       *action);
const char *mw_person_missing (const MwPerson *person);
char       *mw_person_facts (const MwPerson *person,
                             gint64          now);
char       *mw_person_summary (const MwPerson *person,
                               gint64          now);

G_END_DECLS
