/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-outbox.h"

G_BEGIN_DECLS

/* Keeps a draft on disk while it is being written, one write at a time, and sends it on its way.
 *
 * Signals: "saved"; "failed" (GError *): nothing is lost, it is tried again; "forked": the row had
 * moved on elsewhere, so that this text goes on as a draft of its own; "files": they are others now. */

#define MW_TYPE_DRAFT_SAVER (mw_draft_saver_get_type ())
G_DECLARE_FINAL_TYPE (MwDraftSaver, mw_draft_saver, MW, DRAFT_SAVER, GObject)

/**
 * MwDraftFunc:
 *
 * Returns: (transfer full): what is to be written now
 */
typedef MwDraft *(*MwDraftFunc) (gpointer user_data);

MwDraftSaver *mw_draft_saver_new (MwStore *store,
                                  gint64   item,
                                  gint64   revision,
                                  gint64   entry);
void          mw_draft_saver_set_source (MwDraftSaver *self,
                                         MwDraftFunc   source,
                                         gpointer      user_data);
gint64        mw_draft_saver_get_item (MwDraftSaver *self);
gboolean      mw_draft_saver_is_dirty (MwDraftSaver *self);
GPtrArray    *mw_draft_saver_dup_files (MwDraftSaver *self);
guint         mw_draft_saver_count_files (MwDraftSaver *self);
void          mw_draft_saver_touch (MwDraftSaver *self);
void          mw_draft_saver_add_file (MwDraftSaver *self,
                                       const char   *title,
                                       const char   *content_type,
                                       GBytes       *data);
void          mw_draft_saver_remove_file (MwDraftSaver *self,
                                          gint64        id);
void          mw_draft_saver_flush_async (MwDraftSaver       *self,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
gboolean      mw_draft_saver_flush_finish (MwDraftSaver *self,
                                           GAsyncResult *result,
                                           GError      **error);
void          mw_draft_saver_send_async (MwDraftSaver       *self,
                                         const MwDraft      *outgoing,
                                         gint64              not_before,
                                         gboolean            scheduled,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
gboolean      mw_draft_saver_send_finish (MwDraftSaver *self,
                                          GAsyncResult *result,
                                          GError      **error);
void          mw_draft_saver_discard (MwDraftSaver *self);
void          mw_draft_saver_stop (MwDraftSaver *self);

G_END_DECLS
