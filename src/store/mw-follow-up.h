/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/**
 * MwFollowUp:
 * @reference: absolute: the Task or the status of a job that is watched
 * @etag: (nullable): of the version last seen
 * @polls: how often it was looked at
 */
typedef struct
{
  gint64 id;
  gint64 item;
  gint64 connection;
  char  *reference;
  char  *etag;
  gint64 begun;
  gint64 next_poll;
  gint64 polls;
} MwFollowUp;

void       mw_follow_up_free (MwFollowUp *self);
gboolean   mw_follow_ups_add (MwDb       *db,
                              gint64      item,
                              gint64      connection,
                              const char *reference,
                              gint64      next_poll,
                              gint64      now,
                              GError    **error);
GPtrArray *mw_follow_ups_due (MwDb    *db,
                              gint64   now,
                              guint    limit,
                              GError **error);
gboolean   mw_follow_ups_polled (MwDb       *db,
                                 gint64      id,
                                 const char *etag,
                                 gint64      next_poll,
                                 gboolean    done,
                                 GError    **error);
gint64     mw_follow_ups_next_time (MwDb  *db,
                                    gint64 now);

G_END_DECLS
