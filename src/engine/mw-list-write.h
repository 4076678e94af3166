/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-published-stage.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* What a published list says, gathered while it is read and written when it is whole. */

typedef struct _MwListWriter MwListWriter;

/**
 * MwListWriterFunc:
 * @written: records so far
 * @total: of how many
 */
typedef void (*MwListWriterFunc) (guint    written,
                                  guint    total,
                                  gpointer user_data);

MwListWriter *mw_list_writer_new (void);
void          mw_list_writer_free (MwListWriter *self);
void          mw_list_writer_add (const MwPublishedOrganization *organization,
                                  const MwEndpoint              *endpoint,
                                  gpointer                       writer);
guint         mw_list_writer_get_n_organizations (MwListWriter *self);
guint         mw_list_writer_get_n_endpoints (MwListWriter *self);
gboolean      mw_list_writer_run (MwListWriter         *self,
                                  MwStore              *store,
                                  const MwPublishedRow *list,
                                  MwListWriterFunc      func,
                                  gpointer              user_data,
                                  GCancellable         *cancellable,
                                  GError              **error);
gboolean      mw_list_write_forget (MwStore      *store,
                                    const char   *token,
                                    GCancellable *cancellable,
                                    GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwListWriter, mw_list_writer_free)

G_END_DECLS
