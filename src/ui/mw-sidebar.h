/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-overview.h"

G_BEGIN_DECLS

/* The places, and how the connections are. Emits "place" (MwPlaceId as int) when a person picks one. */

#define MW_TYPE_SIDEBAR (mw_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (MwSidebar, mw_sidebar, MW, SIDEBAR, GtkWidget)

void mw_sidebar_set_overview (MwSidebar  *self,
                              MwOverview *overview);
void mw_sidebar_set_sender_note (MwSidebar  *self,
                                 const char *note);
void mw_sidebar_select (MwSidebar *self,
                        MwPlaceId  place);
void mw_sidebar_tick (MwSidebar *self);

G_END_DECLS
