/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/* Codes of journal events. The words for the screen are made from them in ui/ and cli/. */
#define MW_EVENT_DRAFTED "drafted"
#define MW_EVENT_SAVED "saved"
#define MW_EVENT_SCHEDULED "scheduled"
#define MW_EVENT_UNDONE "undone"
#define MW_EVENT_PREPARING "preparing"
#define MW_EVENT_IDENTIFIED "identified"
#define MW_EVENT_DISCOVERED "discovered"
#define MW_EVENT_NEGOTIATED "negotiated"
#define MW_EVENT_OTHER_WAY "other-way"
#define MW_EVENT_AUTHORISED "authorised"
#define MW_EVENT_ATTEMPT "attempt"
#define MW_EVENT_TROUBLE "trouble"
#define MW_EVENT_UNKNOWN "unknown"
#define MW_EVENT_LOOKED_UP "looked-up"
#define MW_EVENT_REQUEST_DONE "request-done"
#define MW_EVENT_HANDED_OVER "handed-over"
#define MW_EVENT_WAITING "waiting"
#define MW_EVENT_PROGRESS "progress"
#define MW_EVENT_ANSWERED "answered"
#define MW_EVENT_OTHER_PATIENT "other-patient" /* an answer came that is about somebody else */
#define MW_EVENT_OVERDUE "overdue"
#define MW_EVENT_ATTENTION "attention"
#define MW_EVENT_DECIDED "decided"           /* a question about the item was answered */
#define MW_EVENT_DISCONNECTED "disconnected" /* the connection from which an answer was fetched is gone */
#define MW_EVENT_RETRIED "retried"
#define MW_EVENT_WITHDRAWN "withdrawn"
#define MW_EVENT_RECEIVED "received"
#define MW_EVENT_CHANGED "changed"
#define MW_EVENT_ACKNOWLEDGED "acknowledged"
#define MW_EVENT_ARCHIVED "archived"
#define MW_EVENT_SNOOZED "snoozed"
#define MW_EVENT_RETURNED "returned"

/**
 * MwJournalLine:
 * @at: µs since 1970
 * @event: one of the MW_EVENT codes
 * @detail: (nullable): words that go with it, already in the person's language
 */
typedef struct
{
  gint64 id;
  gint64 thread;
  gint64 item;
  gint64 entry;
  gint64 at;
  char  *event;
  char  *detail;
} MwJournalLine;

void       mw_journal_line_free (MwJournalLine *self);
gboolean   mw_journal_add (MwDb       *db,
                           gint64      thread,
                           gint64      item,
                           gint64      entry,
                           gint64      at,
                           const char *event,
                           const char *detail,
                           GError    **error);
GPtrArray *mw_journal_of_thread (MwDb    *db,
                                 gint64   thread,
                                 GError **error);
GPtrArray *mw_journal_of_item (MwDb    *db,
                               gint64   item,
                               GError **error);

G_END_DECLS
