/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "mw-row.h"

G_BEGIN_DECLS

/* What a list shows of one entry or item. */

#define MW_TYPE_LIST_ROW (mw_list_row_get_type ())
G_DECLARE_FINAL_TYPE (MwListRow, mw_list_row, MW, LIST_ROW, GtkWidget)

GtkWidget *mw_list_row_new (void);
void       mw_list_row_set_row (MwListRow *self,
                                MwRow     *row);
gboolean   mw_list_row_is_drawn (MwListRow *self);

G_END_DECLS
