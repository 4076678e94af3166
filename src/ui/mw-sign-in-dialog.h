/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-connections.h"
#include "mw-store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

void mw_sign_in_dialog_present (GtkWindow          *parent,
                                MwStore            *store,
                                const MwConnection *connection);

G_END_DECLS
