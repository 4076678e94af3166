/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-detail.h"

G_BEGIN_DECLS

/* What came with an entry, or goes along with an item: resources and lines, under a title. */

#define MW_TYPE_PARTS_VIEW (mw_parts_view_get_type ())
G_DECLARE_FINAL_TYPE (MwPartsView, mw_parts_view, MW, PARTS_VIEW, GtkWidget)

void mw_parts_view_set_store (MwPartsView *self,
                              MwStore     *store);
void mw_parts_view_show (MwPartsView *self,
                         MwDetail    *detail);

G_END_DECLS
