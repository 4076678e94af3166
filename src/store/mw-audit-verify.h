/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-audit-head.h"

G_BEGIN_DECLS

/**
 * MwAuditVerdict:
 * @MW_AUDIT_WHOLE: every row is as it was written, and none is missing
 * @MW_AUDIT_CHANGED: the row's fields do not give its hash: it was changed, or put in another's place
 * @MW_AUDIT_MISSING: the row is not there, though later ones are
 * @MW_AUDIT_BROKEN: the row does not follow the one before it: that one was replaced, or this one
 * @MW_AUDIT_CUT_OFF: the row was written, but it and what may have followed are not there
 * @MW_AUDIT_ADDED: the row was not written by this program
 * @MW_AUDIT_HEAD: the head in the settings is missing, or is not the last row's
 * @MW_AUDIT_FILE_MISSING: the file with the head was taken away
 * @MW_AUDIT_FILE_DIFFERS: the file's head was never a row of this chain
 * @MW_AUDIT_COPY_DIFFERS: nor was the head that a proof bundle has kept
 */
typedef enum
{
  MW_AUDIT_WHOLE,
  MW_AUDIT_CHANGED,
  MW_AUDIT_MISSING,
  MW_AUDIT_BROKEN,
  MW_AUDIT_CUT_OFF,
  MW_AUDIT_ADDED,
  MW_AUDIT_HEAD,
  MW_AUDIT_FILE_MISSING,
  MW_AUDIT_FILE_DIFFERS,
  MW_AUDIT_COPY_DIFFERS,
} MwAuditVerdict;

/**
 * MwAuditReport:
 * @row: the first row that something is wrong with; 0 when it is the chain as a whole
 * @count: how many rows were read
 * @head: the head that the settings name
 */
typedef struct
{
  MwAuditVerdict verdict;
  gint64         row;
  gint64         count;
  MwAuditHead    head;
} MwAuditReport;

gboolean    mw_audit_verify (MwDb              *db,
                             const char        *folder,
                             const MwAuditHead *copy,
                             MwAuditReport     *report,
                             GError           **error);
const char *mw_audit_verdict_word (MwAuditVerdict verdict);

G_END_DECLS
