/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What somebody sees who has no connection yet: two ways on. */

#define MW_TYPE_FIRST_RUN (mw_first_run_get_type ())
G_DECLARE_FINAL_TYPE (MwFirstRun, mw_first_run, MW, FIRST_RUN, AdwBin)

G_END_DECLS
