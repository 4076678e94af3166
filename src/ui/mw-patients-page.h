/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-store.h"

G_BEGIN_DECLS

/* The patients known here, and the record of one.
 *
 * Signals: "open-entry" (gint64); "open-item" (gint64); "compose" (const char *kind, const char *patient): the
 * patient's absolute reference. */

#define MW_TYPE_PATIENTS_PAGE (mw_patients_page_get_type ())
G_DECLARE_FINAL_TYPE (MwPatientsPage, mw_patients_page, MW, PATIENTS_PAGE, AdwBin)

GtkWidget *mw_patients_page_new (MwStore *store);
void       mw_patients_page_show (GtkWidget  *page,
                                  const char *patient);

G_END_DECLS
