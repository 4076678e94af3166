/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define MW_TYPE_TAB_STOP (mw_tab_stop_get_type ())
G_DECLARE_FINAL_TYPE (MwTabStop, mw_tab_stop, MW, TAB_STOP, AdwBin)

G_END_DECLS
