/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-overview.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * MwConnectionRow:
 *
 * One connection in the preferences: how it is, its switch, its name, and the test of it.
 */
#define MW_TYPE_CONNECTION_ROW (mw_connection_row_get_type ())
G_DECLARE_FINAL_TYPE (MwConnectionRow, mw_connection_row, MW, CONNECTION_ROW, AdwExpanderRow)

GtkWidget *mw_connection_row_new (MwStore                *store,
                                  const MwConnectionLine *line);
gint64     mw_connection_row_get_id (MwConnectionRow *self);
void       mw_connection_row_update (MwConnectionRow        *self,
                                     const MwConnectionLine *line);

G_END_DECLS
