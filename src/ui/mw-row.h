/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "mw-entry.h"
#include "mw-item.h"

G_BEGIN_DECLS

/**
 * MwRowData:
 * @item: (nullable): for the words of its state, which change with time
 * @party: the sender of an entry, the recipient of an item
 *
 * What a row of a list shows, as plain data that may be read on any thread.
 */
typedef struct
{
  gint64     id;
  MwItem    *item;
  char      *party;
  char      *subject;
  char      *patient;
  char      *birth_date;
  char      *preview;
  char      *kind;
  MwPriority priority;
  gint64     at;
  gint64     snoozed_until;
  gboolean   unread;
  gboolean   flagged;
  gboolean   warned;
} MwRowData;

MwRowData *mw_row_data_load (MwDb    *db,
                             gint64   id,
                             gboolean is_item);
void       mw_row_data_free (MwRowData *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwRowData, mw_row_data_free)

/* One row of a list; lives while it is on screen. Emits "changed" when it is to be drawn anew. */

#define MW_TYPE_ROW (mw_row_get_type ())
G_DECLARE_FINAL_TYPE (MwRow, mw_row, MW, ROW, GObject)

MwRow           *mw_row_new (gint64 id);
gint64           mw_row_get_id (MwRow *self);
const MwRowData *mw_row_get_data (MwRow *self);
void             mw_row_take_data (MwRow     *self,
                                   MwRowData *data,
                                   gint64     now);
gboolean         mw_row_tick (MwRow *self,
                              gint64 now);
const char      *mw_row_get_age (MwRow *self);
const char      *mw_row_get_state (MwRow *self);
char            *mw_row_dup_context (MwRow *self);
char            *mw_row_dup_spoken (MwRow *self);

G_END_DECLS
