/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-store.h"

G_BEGIN_DECLS

#define MW_TYPE_AUDIT_WINDOW (mw_audit_window_get_type ())
G_DECLARE_FINAL_TYPE (MwAuditWindow, mw_audit_window, MW, AUDIT_WINDOW, AdwWindow)

void mw_audit_window_present (GtkWindow *parent,
                              MwStore   *store);

G_END_DECLS
