/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef void (*MwBeginFunc) (gpointer user_data);

void mw_store_error_window_present (AdwApplication *application,
                                    const char     *folder,
                                    const GError   *error,
                                    MwBeginFunc     begin,
                                    gpointer        user_data);

G_END_DECLS
