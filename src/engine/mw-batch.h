/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-link.h"
#include "mw-person.h"
#include "mw-watermark.h"

G_BEGIN_DECLS

/* Resources on their way into the store: parsed and recognised on the engine's thread, written in one
 * transaction together with the watermark that they prove. */

typedef struct _MwBatch MwBatch;

MwBatch    *mw_batch_new (MwStore            *store,
                          MwDb               *db,
                          const MwConnection *connection,
                          GStrv               me,
                          gint64              now);
void        mw_batch_free (MwBatch *self);
void        mw_batch_add_entry (MwBatch    *self,
                                GBytes     *entry,
                                const char *origin);
void        mw_batch_add_resource (MwBatch    *self,
                                   GBytes     *raw,
                                   const char *origin);
void        mw_batch_quarantine (MwBatch    *self,
                                 GBytes     *raw,
                                 const char *origin,
                                 const char *reason);
GStrv       mw_batch_missing (MwBatch *self);
void        mw_batch_recognise (MwBatch *self);
void        mw_batch_set_watermark (MwBatch           *self,
                                    const MwWatermark *watermark);
guint       mw_batch_get_n_read (MwBatch *self);
const char *mw_batch_get_last_updated (MwBatch *self);
guint       mw_batch_get_n_new (MwBatch *self);
gint64      mw_batch_write (MwDb    *db,
                            gpointer batch,
                            GError **error);

MwPerson *mw_person_from_resource (JsonNode   *resource,
                                   const char *reference,
                                   const char *base,
                                   gint64      connection);

G_END_DECLS
