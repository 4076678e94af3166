/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-file-row.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* What goes along: resources of the patient's record, and files.
 *
 * Signals: "changed" (resources only); "choose-records"; "choose-files"; "remove-file" (gint64 id). */

#define MW_TYPE_ALONG_BOX (mw_along_box_get_type ())
G_DECLARE_FINAL_TYPE (MwAlongBox, mw_along_box, MW, ALONG_BOX, AdwBin)

void               mw_along_box_set_store (MwAlongBox *self,
                                           MwStore    *store);
void               mw_along_box_set_resources (MwAlongBox        *self,
                                               const char *const *references);
const char *const *mw_along_box_get_resources (MwAlongBox *self);
void               mw_along_box_set_files (MwAlongBox *self,
                                           GPtrArray  *files);
void               mw_along_box_set_patient (MwAlongBox *self,
                                             gint64      patient);

G_END_DECLS
