/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-audit.h"

G_BEGIN_DECLS

/* The audit rows of what persons and the engine do, with who, where and under which authority filled in. Each is one step
 * inside the caller's transaction: the one that it records. */

/**
 * MwAuditSend:
 * @event: one of the engine's codes
 * @item: row id of the item it is done for
 * @connection: row id of where; 0: where the item goes
 * @request: (nullable): see mw_audit_request()
 * @body: (nullable): the bytes that leave; their digest is kept
 * @detail: (nullable): a code
 *
 * What the engine does for an item.
 */
typedef struct
{
  const char *event;
  gint64      item;
  gint64      connection;
  const char *request;
  GBytes     *body;
  gint64      http_status;
  const char *detail;
  gint64      now;
} MwAuditSend;

gboolean mw_audit_note (MwDb       *db,
                        const char *event,
                        const char *detail,
                        gint64      now,
                        GError    **error);
gboolean mw_audit_note_item (MwDb       *db,
                             gint64      item,
                             const char *event,
                             gint64      now,
                             GError    **error);
gboolean mw_audit_note_decision (MwDb       *db,
                                 gint64      item,
                                 const char *stage,
                                 gint64      now,
                                 GError    **error);
gboolean mw_audit_note_entry (MwDb       *db,
                              gint64      entry,
                              const char *action,
                              gint64      now,
                              GError    **error);
gboolean mw_audit_note_connection (MwDb       *db,
                                   gint64      connection,
                                   const char *event,
                                   const char *detail,
                                   gint64      now,
                                   GError    **error);
gboolean mw_audit_note_send (MwDb              *db,
                             const MwAuditSend *send,
                             GError           **error);
gboolean mw_audit_note_link (MwDb              *db,
                             const MwAuditSend *link,
                             gboolean           by_person,
                             GError           **error);

char *mw_audit_actor (MwDb *db);
char *mw_audit_agent (void);
char *mw_audit_request (const char *method,
                        const char *url,
                        const char *base);

G_END_DECLS
