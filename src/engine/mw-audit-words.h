/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-audit-verify.h"
#include "mw-audit.h"

G_BEGIN_DECLS

/* The audit in the words that a person reads, the same in the window and on the command line */

char *mw_audit_words_event (MwDb             *db,
                            const MwAuditRow *row);
char *mw_audit_words_place (MwDb             *db,
                            const MwAuditRow *row);
char *mw_audit_words_who (MwDb             *db,
                          const MwAuditRow *row);
char *mw_audit_words_end (MwDb             *db,
                          const MwAuditRow *row);
char *mw_audit_words_report (const MwAuditReport *report);

G_END_DECLS
