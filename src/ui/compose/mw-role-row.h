/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-store.h"

G_BEGIN_DECLS

/* In which of her roles the clinician sends something. Hidden where there is nothing to choose.
 *
 * Signals: "chosen" when she has chosen another. */

#define MW_TYPE_ROLE_ROW (mw_role_row_get_type ())
G_DECLARE_FINAL_TYPE (MwRoleRow, mw_role_row, MW, ROLE_ROW, AdwComboRow)

void  mw_role_row_set_store (MwRoleRow *self,
                             MwStore   *store);
void  mw_role_row_set (MwRoleRow  *self,
                       const char *reference);
char *mw_role_row_dup (MwRoleRow *self);

G_END_DECLS
