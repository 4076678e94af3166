/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-detail.h"

G_BEGIN_DECLS

/* The right pane: one entry or item, whole. Its buttons are actions of the window. Emits "loaded" when
 * it shows what was asked for. */

#define MW_TYPE_READING_PANE (mw_reading_pane_get_type ())
G_DECLARE_FINAL_TYPE (MwReadingPane, mw_reading_pane, MW, READING_PANE, GtkWidget)

void      mw_reading_pane_set_store (MwReadingPane *self,
                                     MwStore       *store);
void      mw_reading_pane_show (MwReadingPane *self,
                                gint64         id,
                                gboolean       is_item);
void      mw_reading_pane_show_several (MwReadingPane *self,
                                        guint          n);
MwDetail *mw_reading_pane_get_detail (MwReadingPane *self);
void      mw_reading_pane_set_folded (MwReadingPane *self,
                                      gboolean       folded);
void      mw_reading_pane_popup_snooze (MwReadingPane *self);
void      mw_reading_pane_tick (MwReadingPane *self);

G_END_DECLS
