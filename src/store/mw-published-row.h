/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/**
 * MwPublishedRow:
 * @source: where it comes from: an address, or the URI of a file
 * @token: what its rows of people and endpoints have as their source
 * @name: the same for a person
 * @fetched: µs when it was read, or found unchanged
 * @published: (nullable): when the publisher says that it was made, as written
 * @etag: (nullable): of the answer that brought it
 * @organizations: how many are kept
 * @endpoints: how many are kept
 * @report: what was read and what could not be, in sentences for a person
 *
 * A published list of organisations and their endpoints that was imported.
 */
typedef struct
{
  gint64 id;
  char  *source;
  char  *token;
  char  *name;
  gint64 fetched;
  char  *published;
  char  *etag;
  gint64 organizations;
  gint64 endpoints;
  char  *report;
} MwPublishedRow;

void            mw_published_row_free (MwPublishedRow *self);
MwPublishedRow *mw_published_rows_by_source (MwDb       *db,
                                             const char *source);
MwPublishedRow *mw_published_rows_by_token (MwDb       *db,
                                            const char *token);
GPtrArray      *mw_published_rows_all (MwDb    *db,
                                       GError **error);
gboolean        mw_published_rows_set_fetched (MwDb       *db,
                                               const char *source,
                                               gint64      now,
                                               GError    **error);
gint64          mw_published_rows_forget (MwDb       *db,
                                          const char *token,
                                          guint       limit,
                                          GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwPublishedRow, mw_published_row_free)

G_END_DECLS
