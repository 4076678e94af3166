/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What is asked for: some that are often wanted, and one's own words, a line each. Signal "changed". */

#define MW_TYPE_ABOUT_BOX (mw_about_box_get_type ())
G_DECLARE_FINAL_TYPE (MwAboutBox, mw_about_box, MW, ABOUT_BOX, AdwBin)

void  mw_about_box_set (MwAboutBox        *self,
                        const char *const *lines);
GStrv mw_about_box_dup (MwAboutBox *self);

G_END_DECLS
