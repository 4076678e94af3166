/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The settings of the desktop schema; where it is not installed, as in tests, their defaults, kept in
 * memory. Emits "changed". */

#define MW_TYPE_SETTINGS (mw_settings_get_type ())
G_DECLARE_FINAL_TYPE (MwSettings, mw_settings, MW, SETTINGS, GObject)

MwSettings *mw_settings_new (void);
guint       mw_settings_get_undo_seconds (MwSettings *self);
void        mw_settings_set_undo_seconds (MwSettings *self,
                                          guint       seconds);
gboolean    mw_settings_get_hide_content (MwSettings *self);
void        mw_settings_set_hide_content (MwSettings *self,
                                          gboolean    hide);
gboolean    mw_settings_get_background (MwSettings *self);
void        mw_settings_set_background (MwSettings *self,
                                        gboolean    background);
void        mw_settings_get_window_size (MwSettings *self,
                                         int        *width,
                                         int        *height);
void        mw_settings_set_window_size (MwSettings *self,
                                         int         width,
                                         int         height);

G_END_DECLS
