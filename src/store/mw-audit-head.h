/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/* The head of the audit's chain: how many rows it has and the hash of the last. A chain alone does not tell that its end
 * was cut off, so the head is kept twice more:
 *  - in the settings, written in the transaction of each row. New rows go on from it, so that what was cut off leaves a
 *    gap for ever;
 *  - in the file "audit-head" beside the database (mode 0600; count in 20 digits, a space, the hash, a line end), written
 *    after each commit. It may lag behind after a crash, never be ahead. It is only ever moved along the chain: when its
 *    row is not there any more it is left as it is, as evidence.
 *
 * What this finds: any change to rows, their removal, their order, and a database that was put back or cut as long as
 * the file was forgotten. What it cannot find: somebody who writes to this folder as its owner does and has read this
 * comment can make a whole chain anew, head and file included; there is no key that this program could use and such a
 * person could not. Against that helps a copy elsewhere: every proof bundle carries the head of its time, and
 * "meanwhile audit verify --against FILE" says whether that row is still in the chain. */

/** MW_AUDIT_HEAD_KEY: of the settings */
#define MW_AUDIT_HEAD_KEY "audit.head"

/** MW_AUDIT_HEAD_NAME: of the file */
#define MW_AUDIT_HEAD_NAME "audit-head"

/**
 * MwAuditHead:
 * @count: how many rows the chain has: the id of the last
 * @hash: that row's hash
 */
typedef struct
{
  gint64 count;
  char   hash[65];
} MwAuditHead;

/**
 * MwAuditHeadFile:
 * @MW_AUDIT_HEAD_FILE_MISSING: there is none
 * @MW_AUDIT_HEAD_FILE_BAD: there is one, but it is not as this program writes it, or cannot be read
 */
typedef enum
{
  MW_AUDIT_HEAD_FILE_READ,
  MW_AUDIT_HEAD_FILE_MISSING,
  MW_AUDIT_HEAD_FILE_BAD,
} MwAuditHeadFile;

gboolean        mw_audit_head_load (MwDb        *db,
                                    MwAuditHead *head);
gboolean        mw_audit_head_store (MwDb              *db,
                                     const MwAuditHead *head,
                                     GError           **error);
gboolean        mw_audit_head_parse (const char  *text,
                                     MwAuditHead *head);
MwAuditHeadFile mw_audit_head_read_file (const char  *folder,
                                         MwAuditHead *head);
void            mw_audit_head_begin_file (MwDb       *db,
                                          const char *folder);
void            mw_audit_head_follow (MwDb       *db,
                                      const char *folder);

G_END_DECLS
