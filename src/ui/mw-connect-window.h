/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-connections.h"
#include "mw-store.h"

G_BEGIN_DECLS

#define MW_TYPE_CONNECT_WINDOW (mw_connect_window_get_type ())
G_DECLARE_FINAL_TYPE (MwConnectWindow, mw_connect_window, MW, CONNECT_WINDOW, AdwWindow)

void mw_connect_window_present (GtkWindow *parent,
                                MwStore   *store,
                                gboolean   home);
void mw_connect_window_present_again (GtkWindow          *parent,
                                      MwStore            *store,
                                      const MwConnection *connection);

G_END_DECLS
