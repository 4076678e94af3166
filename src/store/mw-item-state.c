/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-item-state.h"

#define TO(state) (1u << MW_ITEM_##state)

/* The written table of states.
 *
 * state        moved on by                    when next                 what a start-up check does
 * draft        the person                     never by itself           nothing
 * saved        the sender, by compare-and-set next_attempt: the end of  nothing: a time that has passed is due
 *                                             undo or the set time
 * preparing    the sender                     next_attempt              looks at it at once
 * sending      the sender                     while its request runs    → unknown: nobody knows what the last
 *                                                                       run's open attempt did
 * unknown      the sender: looks the effect   next_attempt              looks it up at once
 *              up, then hands over, sends, or
 *              goes on with the next request
 * handed over  nobody; an answer may come     never                     nothing
 * waiting      an answer, or answer_by        follow-up's next_poll     follow-ups are polled at once
 * answered     nobody                         never                     nothing
 * overdue      an answer, or the person       follow-up's next_poll     as waiting
 * attention    the person: edit, retry,       never by itself           nothing; it must carry an error
 *              withdraw
 * withdrawn    nobody                         never                     nothing
 */
static const MwItemStateRule rules[MW_ITEM_N_STATES] = {
  [MW_ITEM_DRAFT] = { "draft", MW_OWNER_PERSON, FALSE, MW_ITEM_DRAFT, TO (SAVED) | TO (WITHDRAWN) },
  [MW_ITEM_SAVED] = { "saved", MW_OWNER_SENDER, TRUE, MW_ITEM_SAVED, TO (DRAFT) | TO (PREPARING) | TO (WITHDRAWN) | TO (ATTENTION) },
  [MW_ITEM_PREPARING] = { "preparing", MW_OWNER_SENDER, TRUE, MW_ITEM_PREPARING,
                          TO (SENDING) | TO (ATTENTION) | TO (WITHDRAWN) | TO (DRAFT) | TO (HANDED_OVER) | TO (WAITING) },
  [MW_ITEM_SENDING] = { "sending", MW_OWNER_SENDER, FALSE, MW_ITEM_UNKNOWN,
                        TO (PREPARING) | TO (UNKNOWN) | TO (HANDED_OVER) | TO (WAITING) | TO (ATTENTION) },
  [MW_ITEM_UNKNOWN] = { "unknown", MW_OWNER_SENDER, TRUE, MW_ITEM_UNKNOWN,
                        TO (PREPARING) | TO (SENDING) | TO (HANDED_OVER) | TO (WAITING) | TO (ATTENTION) },
  [MW_ITEM_HANDED_OVER] = { "handed-over", MW_OWNER_NOBODY, FALSE, MW_ITEM_HANDED_OVER, TO (WAITING) | TO (ANSWERED) },
  [MW_ITEM_WAITING] = { "waiting", MW_OWNER_ANSWER, FALSE, MW_ITEM_WAITING, TO (ANSWERED) | TO (OVERDUE) | TO (ATTENTION) | TO (HANDED_OVER) },
  [MW_ITEM_ANSWERED] = { "answered", MW_OWNER_NOBODY, FALSE, MW_ITEM_ANSWERED, 0 },
  [MW_ITEM_OVERDUE] = { "overdue", MW_OWNER_ANSWER, FALSE, MW_ITEM_OVERDUE, TO (ANSWERED) | TO (HANDED_OVER) | TO (WAITING) | TO (ATTENTION) },
  [MW_ITEM_ATTENTION] = { "attention", MW_OWNER_PERSON, FALSE, MW_ITEM_ATTENTION,
                          TO (DRAFT) | TO (PREPARING) | TO (UNKNOWN) | TO (WITHDRAWN) | TO (HANDED_OVER) | TO (WAITING) },
  [MW_ITEM_WITHDRAWN] = { "withdrawn", MW_OWNER_NOBODY, FALSE, MW_ITEM_WITHDRAWN, TO (DRAFT) },
};

const MwItemStateRule *
mw_item_state_rule (MwItemState state)
{
  g_return_val_if_fail ((guint) state < MW_ITEM_N_STATES, &rules[MW_ITEM_ATTENTION]);
  return &rules[state];
}

/**
 * mw_item_state_word:
 *
 * Returns: the state's name on the command line and in JSON; not for the screen
 */
const char *
mw_item_state_word (MwItemState state)
{
  return mw_item_state_rule (state)->word;
}

gboolean
mw_item_state_from_word (const char  *word,
                         MwItemState *state)
{
  for (guint i = 0; i < MW_ITEM_N_STATES; i++)
    if (g_strcmp0 (rules[i].word, word) == 0)
      {
        *state = (MwItemState) i;
        return TRUE;
      }
  return FALSE;
}

gboolean
mw_item_state_may_become (MwItemState from,
                          MwItemState to)
{
  return (mw_item_state_rule (from)->next & (1u << to)) != 0;
}

/**
 * mw_item_state_is_final:
 *
 * Returns: whether nothing more will happen unless a person or an answer makes it
 */
gboolean
mw_item_state_is_final (MwItemState state)
{
  return mw_item_state_rule (state)->owner == MW_OWNER_NOBODY;
}
