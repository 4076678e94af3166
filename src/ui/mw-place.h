/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-entry.h"
#include "mw-item.h"

G_BEGIN_DECLS

/**
 * MwPlaceId:
 *
 * The rows of the sidebar, in their order.
 */
typedef enum
{
  MW_PLACE_INBOX,
  MW_PLACE_ALERTS,
  MW_PLACE_REFERRALS,
  MW_PLACE_MESSAGES,
  MW_PLACE_REQUESTS,
  MW_PLACE_ASKS,
  MW_PLACE_PUSHES,
  MW_PLACE_SNOOZED,
  MW_PLACE_WAITING,
  MW_PLACE_OUTBOX,
  MW_PLACE_HANDED_OVER,
  MW_PLACE_DRAFTS,
  MW_PLACE_ARCHIVE,
  MW_PLACE_PATIENTS,
} MwPlaceId;

#define MW_N_PLACES (MW_PLACE_PATIENTS + 1)

/**
 * MwPlaceContent:
 *
 * What a place lists.
 */
typedef enum
{
  MW_PLACE_OF_ENTRIES,
  MW_PLACE_OF_ITEMS,
  MW_PLACE_OF_PATIENTS,
} MwPlaceContent;

/**
 * MwPlace:
 * @name: for actions and tests
 * @kind: (nullable): the only kind of entries shown
 * @nested: whether it stands below the inbox
 * @optional: whether its row is hidden while there is nothing in it
 */
typedef struct
{
  const char    *name;
  const char    *title;
  const char    *icon;
  MwPlaceContent content;
  const char    *kind;
  MwItemView     view;
  gboolean       nested;
  gboolean       optional;
  const char    *empty_title;
  const char    *empty_text;
} MwPlace;

const MwPlace *mw_place_get (MwPlaceId id);
const char    *mw_place_title (MwPlaceId id);
gboolean       mw_place_from_name (const char *name,
                                   MwPlaceId  *id);
gboolean       mw_place_ids (MwDb       *db,
                             MwPlaceId   id,
                             const char *text,
                             gint64      now,
                             GArray     *keep,
                             GArray     *ids,
                             GError    **error);
const char    *mw_kind_icon (const char *kind);
const char    *mw_kind_color (const char *kind);
const char    *mw_kind_word (const char *kind);

G_END_DECLS
