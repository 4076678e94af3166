/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-audit.h"
#include "mw-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * MwAuditLine:
 *
 * A row of the audit in words, as the list shows it: "title", "detail", "time", and "spoken" for all three at once.
 */
#define MW_TYPE_AUDIT_LINE (mw_audit_line_get_type ())
G_DECLARE_FINAL_TYPE (MwAuditLine, mw_audit_line, MW, AUDIT_LINE, GObject)

/**
 * MwAuditList:
 *
 * The rows of the audit, newest first, as a GListModel of MwAuditLine: all ids, and words for those rows only that
 * somebody looks at. Follows the store. Emits "settled" when what was asked for is there.
 */
#define MW_TYPE_AUDIT_LIST (mw_audit_list_get_type ())
G_DECLARE_FINAL_TYPE (MwAuditList, mw_audit_list, MW, AUDIT_LIST, GObject)

MwAuditList         *mw_audit_list_new (MwStore *store);
void                 mw_audit_list_show (MwAuditList         *self,
                                         const MwAuditFilter *filter);
const MwAuditFilter *mw_audit_list_get_filter (MwAuditList *self);
guint                mw_audit_list_get_n_live (MwAuditList *self);

G_END_DECLS
