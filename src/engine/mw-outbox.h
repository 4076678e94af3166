/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-entry.h"
#include "mw-item.h"
#include "mw-store.h"
#include "mw-workflow.h"

G_BEGIN_DECLS

/* How the window and the command line put things into the outbox. They write rows; the engine is
 * told by the store. */

/** MW_UNDO_SECONDS: how long a saved item can be taken back, unless the settings say otherwise */
#define MW_UNDO_SECONDS 5

/**
 * MwNewFile:
 *
 * A file that a person adds to a draft.
 */
typedef struct
{
  char   *title;
  char   *content_type;
  GBytes *data;
} MwNewFile;

MwNewFile *mw_new_file_new (const char *title,
                            const char *content_type,
                            GBytes     *data);
void       mw_new_file_free (MwNewFile *self);

/* Saves a draft: id 0 makes a new one. Returns the item's id */
void   mw_outbox_put_draft_async (MwStore            *store,
                                  gint64              id,
                                  gint64              revision,
                                  const MwDraft      *draft,
                                  gint64              entry,
                                  GPtrArray          *new_files,
                                  gint64              now,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
gint64 mw_outbox_put_draft_finish (MwStore      *store,
                                   GAsyncResult *result,
                                   GError      **error);

/* Sends a draft on its way: after not_before at the earliest; scheduled says that a person chose that time */
void     mw_outbox_save_async (MwStore            *store,
                               gint64              id,
                               gint64              not_before,
                               gboolean            scheduled,
                               gint64              now,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);
gboolean mw_outbox_save_finish (MwStore      *store,
                                GAsyncResult *result,
                                GError      **error);

/* Draft and save in one transaction, for the command line and for actions without a form */
gint64 mw_outbox_post (MwDb          *db,
                       const MwDraft *draft,
                       gint64         entry,
                       GPtrArray     *new_files,
                       gint64         not_before,
                       gboolean       scheduled,
                       gint64         now,
                       GError       **error);
void   mw_outbox_post_async (MwStore            *store,
                             const MwDraft      *draft,
                             gint64              entry,
                             GPtrArray          *new_files,
                             gint64              not_before,
                             gboolean            scheduled,
                             gint64              now,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data);
gint64 mw_outbox_post_finish (MwStore      *store,
                              GAsyncResult *result,
                              GError      **error);

/**
 * MwOutboxVerb:
 *
 * What a person does with one item.
 */
typedef enum
{
  MW_OUTBOX_UNDO,
  MW_OUTBOX_SEND_NOW,
  MW_OUTBOX_RETRY,
  MW_OUTBOX_WITHDRAW,
  MW_OUTBOX_EDIT,
  MW_OUTBOX_DISCARD,
} MwOutboxVerb;

void     mw_outbox_act_async (MwStore            *store,
                              MwOutboxVerb        verb,
                              gint64              id,
                              gint64              now,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);
gboolean mw_outbox_act_finish (MwStore      *store,
                               GAsyncResult *result,
                               GError      **error);
gint64   mw_outbox_act (MwDb        *db,
                        MwOutboxVerb verb,
                        gint64       id,
                        gint64       now,
                        GError     **error);

/* What would be sent for this draft, as far as is known now. Short reads on the caller's own db.
 * item: of a stored draft, whose files go along; 0 for none */
MwPlan *mw_outbox_preview (MwDb          *db,
                           const MwDraft *draft,
                           gint64         item,
                           GError       **error);

/* A draft that an action of an entry begins with: reply, forward, accept … (transfer full) */
MwDraft *mw_outbox_draft_for_action (MwDb           *db,
                                     const MwEntry  *entry,
                                     const MwAction *action,
                                     GError        **error);

/* The JSON of an entry's resource, and the actions it offers now */
JsonNode       *mw_outbox_entry_resource (MwDb          *db,
                                          const MwEntry *entry);
const MwAction *mw_outbox_entry_actions (MwDb          *db,
                                         const MwEntry *entry);
gboolean        mw_outbox_check_action (MwDb       *db,
                                        gint64      entry,
                                        const char *name,
                                        GError    **error);

G_END_DECLS
