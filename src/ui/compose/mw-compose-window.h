/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-draft.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* The window in which something new is written. It keeps its draft on disk by itself.
 *
 * Signal "saved" (gint64 item, gboolean scheduled): it is on its way, after the commit; the window
 * closes itself then. */

#define MW_TYPE_COMPOSE_WINDOW (mw_compose_window_get_type ())
G_DECLARE_FINAL_TYPE (MwComposeWindow, mw_compose_window, MW, COMPOSE_WINDOW, AdwWindow)

MwComposeWindow *mw_compose_window_new (MwStore       *store,
                                        GtkWindow     *parent,
                                        gint64         item,
                                        const MwDraft *draft,
                                        gint64         entry);
gint64           mw_compose_window_get_item (MwComposeWindow *self);

G_END_DECLS
