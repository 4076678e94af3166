/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/**
 * MwWaitingChoice:
 * @MW_WAITING_ASK: nothing is decided: a connection with waiting items is not removed
 * @MW_WAITING_KEEP: they need attention: they can be edited, or tried again after connecting again
 * @MW_WAITING_WITHDRAW: they are withdrawn, but for what may have left already in part: that needs attention
 *
 * What becomes of the items that wait for a connection when it is removed.
 */
typedef enum
{
  MW_WAITING_ASK,
  MW_WAITING_KEEP,
  MW_WAITING_WITHDRAW,
} MwWaitingChoice;

/**
 * MwConnectionLoad:
 * @waiting: items addressed to it that have not left, those that need attention included
 * @sending: items that are on the wire at this moment
 * @uncertain: items of which it is not known whether they arrived
 * @answers: items whose answer is fetched from there
 *
 * What hangs on a connection.
 */
typedef struct
{
  gint64 waiting;
  gint64 sending;
  gint64 uncertain;
  gint64 answers;
} MwConnectionLoad;

/**
 * MwRemoval:
 * @choice: what becomes of what waits
 * @waiting_text: why such an item needs attention, for a person
 * @uncertain_text: the same for one of which it is not known whether it arrived
 * @answers_text: for the timeline of an item whose answer was fetched from there
 * @by_engine: nobody at this computer removes it: the administrator has taken its file away
 * @withdrawn: (out): how many items were withdrawn
 * @kept: (out): how many need attention
 *
 * What a removal goes by, and what it did.
 */
typedef struct
{
  MwWaitingChoice choice;
  const char     *waiting_text;
  const char     *uncertain_text;
  const char     *answers_text;
  gboolean        by_engine;
  gint64          withdrawn;
  gint64          kept;
} MwRemoval;

/** MW_REMOVED_CODE: items.error of an item whose connection was removed */
#define MW_REMOVED_CODE "removed"

void     mw_connections_weigh (MwDb             *db,
                               gint64            id,
                               MwConnectionLoad *load);
gboolean mw_connections_remove (MwDb      *db,
                                gint64     id,
                                MwRemoval *removal,
                                gint64     now,
                                GError   **error);
gboolean mw_connections_any_stranded (MwDb  *db,
                                      gint64 now);
gboolean mw_connections_settle_stranded (MwDb            *db,
                                         const MwRemoval *removal,
                                         gint64           now,
                                         GError         **error);

G_END_DECLS
