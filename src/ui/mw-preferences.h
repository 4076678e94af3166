/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-overview.h"
#include "mw-settings.h"

G_BEGIN_DECLS

#define MW_TYPE_PREFERENCES (mw_preferences_get_type ())
G_DECLARE_FINAL_TYPE (MwPreferences, mw_preferences, MW, PREFERENCES, AdwPreferencesWindow)

void mw_preferences_present (GtkWindow  *parent,
                             MwStore    *store,
                             MwSettings *settings,
                             MwOverview *overview);

G_END_DECLS
