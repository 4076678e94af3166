/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-engine.h"
#include "mw-overview.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* The main window: places, list and reading pane. */

#define MW_TYPE_WINDOW (mw_window_get_type ())
G_DECLARE_FINAL_TYPE (MwWindow, mw_window, MW, WINDOW, AdwApplicationWindow)

MwWindow *mw_window_new (AdwApplication *application,
                         MwStore        *store,
                         MwEngine       *engine,
                         MwOverview     *overview);
void      mw_window_show_place (MwWindow   *self,
                                const char *name);
void      mw_window_show_entry (MwWindow *self,
                                gint64    id);
void      mw_window_show_item (MwWindow *self,
                               gint64    id);
gboolean  mw_window_is_filled (MwWindow *self);
void      mw_window_set_sender_note (MwWindow   *self,
                                     const char *note);

G_END_DECLS
