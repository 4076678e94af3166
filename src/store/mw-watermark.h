/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/**
 * MwWatermark:
 * @query: which search of the connection
 * @since: (nullable): the server's time from which the next walk asks
 * @next_page: (nullable): where a walk that was broken off goes on
 * @complete: µs, the server's time up to which everything is here; 0 before the first whole walk
 * @swept: µs, our time when the last whole walk ended
 * @problem: (nullable): why the query does not work on this server
 */
typedef struct
{
  gint64 connection;
  char  *query;
  char  *since;
  char  *next_page;
  gint64 complete;
  gint64 swept;
  char  *problem;
} MwWatermark;

void         mw_watermark_free (MwWatermark *self);
MwWatermark *mw_watermarks_load (MwDb       *db,
                                 gint64      connection,
                                 const char *query);
gboolean     mw_watermarks_store (MwDb              *db,
                                  const MwWatermark *watermark,
                                  GError           **error);
gint64       mw_watermarks_complete_up_to (MwDb  *db,
                                           gint64 connection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwWatermark, mw_watermark_free)

G_END_DECLS
