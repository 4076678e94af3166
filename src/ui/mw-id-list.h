/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "mw-place.h"
#include "mw-row.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* A GListModel of MwRow over what a place lists: all ids at 8 bytes a row, objects for the rows on
 * screen alone. Emits "settled" whenever the list agrees with the store again. */

#define MW_TYPE_ID_LIST (mw_id_list_get_type ())
G_DECLARE_FINAL_TYPE (MwIdList, mw_id_list, MW, ID_LIST, GObject)

MwIdList   *mw_id_list_new (MwStore *store);
void        mw_id_list_show (MwIdList   *self,
                             MwPlaceId   place,
                             const char *text);
MwPlaceId   mw_id_list_get_place (MwIdList *self);
const char *mw_id_list_get_text (MwIdList *self);
gboolean    mw_id_list_is_of_items (MwIdList *self);
gboolean    mw_id_list_is_settled (MwIdList *self);
gint64      mw_id_list_get_id (MwIdList *self,
                               guint     position);
gboolean    mw_id_list_find (MwIdList *self,
                             gint64    id,
                             guint    *position);
gboolean    mw_id_list_tick (MwIdList *self,
                             gint64    now);
guint       mw_id_list_n_live (MwIdList *self);

G_END_DECLS
