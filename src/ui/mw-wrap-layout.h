/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A box that breaks its children into lines, as words in a paragraph. GtkFlowBox would put them into
 * columns, and make list items of them for a screen reader. */

#define MW_TYPE_WRAP_LAYOUT (mw_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (MwWrapLayout, mw_wrap_layout, MW, WRAP_LAYOUT, GtkLayoutManager)

GtkLayoutManager *mw_wrap_layout_new (void);

G_END_DECLS
