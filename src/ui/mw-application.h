/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-store.h"

G_BEGIN_DECLS

/* The program with a window: one data folder, one store, one engine. */

#define MW_TYPE_APPLICATION (mw_application_get_type ())
G_DECLARE_FINAL_TYPE (MwApplication, mw_application, MW, APPLICATION, AdwApplication)

MwApplication *mw_application_new (const char *folder,
                                   gboolean    standard,
                                   gboolean    with_engine);
MwStore       *mw_application_get_store (MwApplication *self);
GtkWindow     *mw_application_get_window (MwApplication *self);

G_END_DECLS
