/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-store.h"

G_BEGIN_DECLS

/* The published lists of endpoints in the preferences: what was imported, and importing another. */

#define MW_TYPE_LIST_GROUP (mw_list_group_get_type ())
G_DECLARE_FINAL_TYPE (MwListGroup, mw_list_group, MW, LIST_GROUP, AdwPreferencesGroup)

void mw_list_group_set_store (MwListGroup *self,
                              MwStore     *store);

G_END_DECLS
