/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-describe.h"

G_BEGIN_DECLS

/* A resource in words: a row for a list box or an AdwPreferencesGroup that opens to all its fields */

#define MW_TYPE_RESOURCE_VIEW (mw_resource_view_get_type ())
G_DECLARE_FINAL_TYPE (MwResourceView, mw_resource_view, MW, RESOURCE_VIEW, AdwExpanderRow)

GtkWidget *mw_resource_view_new (JsonNode                *resource,
                                 const MwDescribeContext *ctx);

G_END_DECLS
