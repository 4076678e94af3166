/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MwItemState:
 *
 * Where an item is in its life. The numbers are on disk: append only.
 */
typedef enum
{
  MW_ITEM_DRAFT = 0,
  MW_ITEM_SAVED = 1,
  MW_ITEM_PREPARING = 2,
  MW_ITEM_SENDING = 3,
  MW_ITEM_UNKNOWN = 4,
  MW_ITEM_HANDED_OVER = 5,
  MW_ITEM_WAITING = 6,
  MW_ITEM_ANSWERED = 7,
  MW_ITEM_OVERDUE = 8,
  MW_ITEM_ATTENTION = 9,
  MW_ITEM_WITHDRAWN = 10,
} MwItemState;

#define MW_ITEM_N_STATES 11

/**
 * MwItemOwner:
 *
 * Who moves an item on from a state.
 */
typedef enum
{
  MW_OWNER_PERSON,
  MW_OWNER_SENDER,
  MW_OWNER_ANSWER,
  MW_OWNER_NOBODY,
} MwItemOwner;

/**
 * MwItemStateRule:
 * @word: the state's name on the command line and in JSON
 * @owner: who moves it on
 * @timed: whether such an item always has a next_attempt at which the sender looks at it
 * @at_start: the state a row found in this one is put into when the program starts
 * @next: the states it may go to, as a set of bits
 *
 * One row of the written state table.
 */
typedef struct
{
  const char *word;
  MwItemOwner owner;
  gboolean    timed;
  MwItemState at_start;
  guint       next;
} MwItemStateRule;

const MwItemStateRule *mw_item_state_rule (MwItemState state);
const char            *mw_item_state_word (MwItemState state);
gboolean               mw_item_state_from_word (const char  *word,
                                                MwItemState *state);
gboolean               mw_item_state_may_become (MwItemState from,
                                                 MwItemState to);
gboolean               mw_item_state_is_final (MwItemState state);

G_END_DECLS
