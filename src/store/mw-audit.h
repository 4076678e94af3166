/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/* The audit: an append-only record of who acted, what left this computer, when, to where and under which authority. A
 * row is written in the transaction of what it records, so that neither exists without the other, whenever the program
 * dies. No row holds patient data: no name, no note, no subject, no id of a resource, no value of a query.
 *
 * The chain. Each row has the hash of the row before it (64 zeros in row 1), and its own:
 *
 *   hash = lower-case hex of SHA-256 over these fields, one after the other, each written as a netstring,
 *          that is its length in bytes as decimal digits, ":", its bytes in UTF-8, ","
 *          and "-," for a field that has no value:
 *
 *     1 the word "meanwhile-audit-1"     9 connection
 *     2 id, decimal                     10 authority
 *     3 at, decimal                     11 request
 *     4 actor                           12 body_digest
 *     5 agent                           13 http_status, decimal
 *     6 event                           14 detail
 *     7 item                            15 previous
 *     8 entry
 *
 * In Python, with f the list of those fifteen fields as bytes or None:
 *   sha256(b"".join(b"-," if v is None else b"%d:%s," % (len(v), v) for v in f)).hexdigest()
 *
 * Changed, removed, inserted or reordered rows are found by reading the chain (mw-audit-verify.h). What is cut off at its
 * end is found by the head, which is kept in two more places (mw-audit-head.h, which also says what this cannot find). */

/** MW_AUDIT_FORMAT: the first field of what is hashed; another encoding gets another word */
#define MW_AUDIT_FORMAT "meanwhile-audit-1"

/** MW_AUDIT_NO_PREVIOUS: what stands for the hash before row 1 */
#define MW_AUDIT_NO_PREVIOUS "0000000000000000000000000000000000000000000000000000000000000000"

/** MW_AUDIT_ENGINE: the agent of what the program does by itself, for whoever saved the item */
#define MW_AUDIT_ENGINE "engine"

/* What a person does with an item. A draft that was never saved leaves no row. */
#define MW_AUDIT_SAVED "saved"         /* detail: the kind, and the action after a dot: "referral", "request.accept" */
#define MW_AUDIT_SCHEDULED "scheduled" /* saved for a set time; detail as above */
#define MW_AUDIT_UNDONE "undone"       /* taken back within the time to undo */
#define MW_AUDIT_SENT_NOW "sent-now"   /* a set time was cut short */
#define MW_AUDIT_RETRIED "retried"
#define MW_AUDIT_WITHDRAWN "withdrawn"
#define MW_AUDIT_EDITED "edited" /* taken back into the drafts after it had been saved */
#define MW_AUDIT_DISCARDED "discarded"
/* With an entry; the detail says what: "acknowledge", "archive", "unarchive" */
#define MW_AUDIT_ENTRY "entry-action"
/* With a connection: where, and the authority that it gives */
#define MW_AUDIT_CONNECTION_ADDED "connection-added"
#define MW_AUDIT_CONNECTION_CHANGED "connection-changed" /* detail: "again", "on", "off", "renamed", "directory", "no-directory" */
#define MW_AUDIT_CONNECTION_REMOVED "connection-removed" /* detail "administrator": with the file it came from */
#define MW_AUDIT_SIGNED_IN "signed-in"
#define MW_AUDIT_SIGNED_OUT "signed-out"
/* Stages of an item that a person decided */
#define MW_AUDIT_QUESTION_ANSWERED "question-answered" /* detail: the stage */
/* Who a patient here is there: found by the engine, or said by a person */
#define MW_AUDIT_LINK_MADE "link-made"       /* detail: how it is known, see mw-patient-link.h */
#define MW_AUDIT_LINK_REVOKED "link-revoked" /* detail "replaced": by another one */
/* The audit itself and the store */
#define MW_AUDIT_EXPORTED "exported" /* detail: "item" or "period" */
#define MW_AUDIT_EMPTIED "emptied"   /* the sandbox begins anew: all else in the store was deleted */
/* What the engine does for an item. "left" is on disk before the first byte leaves, and each has one of the ends below:
 * after a program that died, "unknown" at its next start. */
#define MW_AUDIT_LEFT "left"           /* where, authority, request, digest of the body; detail "again": an edit made anew */
#define MW_AUDIT_TAKEN "taken"         /* the server took it */
#define MW_AUDIT_NOT_SENT "not-sent"   /* certainly nothing arrived: no network, no TLS; detail: why it waits */
#define MW_AUDIT_DEFERRED "deferred"   /* the server said: not now; detail: why it waits */
#define MW_AUDIT_REFUSED "refused"     /* the server said no, or a person must look at it; detail: a code */
#define MW_AUDIT_UNKNOWN "unknown"     /* it may have arrived; detail "died": the program ended meanwhile */
#define MW_AUDIT_LOOKED_UP "looked-up" /* the server was asked about an unknown one; detail: "found", "not-found" */
#define MW_AUDIT_QUERIED "queried"     /* a search with identifiers of the patient left: request as in "left" */
#define MW_AUDIT_ANSWERED "answered"   /* the recipient's answer came */

/**
 * MwAuditEvent:
 * @at: µs since 1970 UTC
 * @actor: whose act it is: the clinician's absolute reference on the home connection, or "login:NAME" where nobody has
 *   said who she is. What the engine does, it does for whoever saved the item
 * @agent: by whose hand: "login:NAME", the user of this computer, or MW_AUDIT_ENGINE
 * @event: one of the codes above
 * @item: (nullable): the item's identity, a UUID
 * @entry: (nullable): SHA-256, in hex, of the entry's identity
 * @connection: (nullable): where: the base URL of the connection
 * @authority: (nullable): under which authority: how the connection lets us in: "open", "token", …; and in which of her
 *   roles the clinician acts, where she chose one: "open as https://home.example/PractitionerRole/3"
 * @request: (nullable): the method and what it is for, with ids and query values left out: see mw_audit_request()
 * @body_digest: (nullable): SHA-256, in hex, of the bytes that left
 * @http_status: 0 for none
 * @detail: (nullable): a code
 */
typedef struct
{
  gint64      at;
  const char *actor;
  const char *agent;
  const char *event;
  const char *item;
  const char *entry;
  const char *connection;
  const char *authority;
  const char *request;
  const char *body_digest;
  gint64      http_status;
  const char *detail;
} MwAuditEvent;

/**
 * MwAuditRow:
 * @id: its place in the chain, from 1
 * @previous: the hash of the row before it
 *
 * A row as it is in the store; all else as in MwAuditEvent.
 */
typedef struct
{
  gint64 id;
  gint64 at;
  char  *actor;
  char  *agent;
  char  *event;
  char  *item;
  char  *entry;
  char  *connection;
  char  *authority;
  char  *request;
  char  *body_digest;
  gint64 http_status;
  char  *detail;
  char  *previous;
  char  *hash;
} MwAuditRow;

/**
 * MwAuditFilter:
 * @item: (nullable): the identity of one item
 * @from: µs; rows at this time or later
 * @to: µs; rows before this time; 0 for no end
 * @sends: only what left this computer
 * @limit: at most so many, the newest; 0 for all
 */
typedef struct
{
  const char *item;
  gint64      from;
  gint64      to;
  gboolean    sends;
  guint       limit;
} MwAuditFilter;

gboolean    mw_audit_add (MwDb               *db,
                          const MwAuditEvent *event,
                          GError            **error);
char       *mw_audit_hash (const MwAuditRow *row);
gboolean    mw_audit_ids (MwDb                *db,
                          const MwAuditFilter *filter,
                          GArray              *ids,
                          GError             **error);
MwAuditRow *mw_audit_load (MwDb    *db,
                           gint64   id,
                           GError **error);
MwAuditRow *mw_audit_end_of (MwDb             *db,
                             const MwAuditRow *left);
void        mw_audit_row_free (MwAuditRow *self);
MwAuditRow *mw_audit_read_row (MwQuery *query);

/* The columns that mw_audit_read_row() expects, in their order */
#define MW_AUDIT_COLUMNS \
  "id, at, actor, agent, event, item, entry, connection, authority, request, body_digest, http_status, detail, previous, hash"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwAuditRow, mw_audit_row_free)

G_END_DECLS
