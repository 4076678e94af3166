/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-fault-server.h"

G_BEGIN_DECLS

/* A FHIR R4 server that knows just enough to be sent to, and counts what was really done: the oracle
 * for "one effect". An effect is named by the identity of what was sent: "Task?identifier=sys|value"
 * for what was created, "message:ID" for a processed message, "PUT Type/id" for a change of content. */

typedef struct _MwLedger MwLedger;

MwLedger *mw_ledger_new (const char *effects_file);
void      mw_ledger_free (MwLedger *self);
void      mw_ledger_handle (MwFaultRequest *request,
                            MwFaultReply   *reply,
                            gpointer        user_data);
guint     mw_ledger_n_effects (MwLedger *self);
guint     mw_ledger_count (MwLedger   *self,
                           const char *identity);
guint     mw_ledger_n_doubled (MwLedger *self);
char    **mw_ledger_dup_effects (MwLedger *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwLedger, mw_ledger_free)

G_END_DECLS
