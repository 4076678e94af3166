/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "mw-person.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* One patient in a list */

#define MW_TYPE_PATIENT_ROW (mw_patient_row_get_type ())
G_DECLARE_FINAL_TYPE (MwPatientRow, mw_patient_row, MW, PATIENT_ROW, GObject)

const MwPerson *mw_patient_row_get_person (MwPatientRow *self);

/* A GListModel of MwPatientRow: the ids of all that match, and an object for each that is asked for */

#define MW_TYPE_PATIENT_LIST (mw_patient_list_get_type ())
G_DECLARE_FINAL_TYPE (MwPatientList, mw_patient_list, MW, PATIENT_LIST, GObject)

MwPatientList *mw_patient_list_new (MwStore *store);
void           mw_patient_list_search (MwPatientList *self,
                                       const char    *words);
gint64         mw_patient_list_get_id (MwPatientList *self,
                                       guint          position);
gboolean       mw_patient_list_find (MwPatientList *self,
                                     gint64         id,
                                     guint         *position);

G_END_DECLS
