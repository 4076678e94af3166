/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "mw-audit.h"
#include "mw-store.h"

G_BEGIN_DECLS

/**
 * MwAuditExportFunc:
 * @text: what became of it, in a sentence
 * @parent: the window that asked, if it still stands
 */
typedef void (*MwAuditExportFunc) (const char *text,
                                   gpointer    parent);

void mw_audit_export_present (GtkWindow           *parent,
                              MwStore             *store,
                              const MwAuditFilter *scope,
                              MwAuditExportFunc    func);

G_END_DECLS
