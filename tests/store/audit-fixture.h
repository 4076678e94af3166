/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store-fixture.h"

#include "mw-audit-note.h"
#include "mw-audit-verify.h"

G_BEGIN_DECLS

#define ITEM "11111111-2222-4333-8444-555555555555"

/* A data folder whose audit has five rows, and what is done to it from outside */
char         *folder_with_five (void);
void          add_row (MwDb       *db,
                       const char *detail);
void          add_one_more (const char *folder);
void          tamper (const char *folder,
                      const char *sql);
MwAuditReport verify (const char        *folder,
                      const MwAuditHead *copy);
void          assert_verdict (const char    *folder,
                              MwAuditVerdict verdict,
                              gint64         row);

G_END_DECLS
