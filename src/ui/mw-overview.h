/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-connections.h"
#include "mw-place.h"
#include "mw-store.h"

G_BEGIN_DECLS

/**
 * MwConnectionLine:
 * @complete: µs; until when all of its inbox queries are complete, 0 when not known
 */
typedef struct
{
  MwConnection *connection;
  gint64        complete;
} MwConnectionLine;

/* The counts and states around the lists. All of it is derived from the tables, off the GTK thread,
 * whenever they change; nothing of it is stored. Emits "changed". */

#define MW_TYPE_OVERVIEW (mw_overview_get_type ())
G_DECLARE_FINAL_TYPE (MwOverview, mw_overview, MW, OVERVIEW, GObject)

MwOverview         *mw_overview_new (MwStore *store);
gboolean            mw_overview_is_known (MwOverview *self);
gint64              mw_overview_get_count (MwOverview *self,
                                           MwPlaceId   place);
gboolean            mw_overview_has_any (MwOverview *self,
                                         MwPlaceId   place);
gint64              mw_overview_get_attention (MwOverview *self);
GPtrArray          *mw_overview_get_connections (MwOverview *self);
const MwConnection *mw_overview_get_home (MwOverview *self);
gboolean            mw_overview_was_connected (MwOverview *self);
gboolean            mw_overview_is_offline (MwOverview *self);
gboolean            mw_overview_is_sandbox (MwOverview *self);

G_END_DECLS
