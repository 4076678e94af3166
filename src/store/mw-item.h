/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"
#include "mw-item-state.h"

G_BEGIN_DECLS

/**
 * MwPriority:
 *
 * FHIR R4 request-priority, in rising order.
 */
typedef enum
{
  MW_PRIORITY_ROUTINE = 0,
  MW_PRIORITY_URGENT = 1,
  MW_PRIORITY_ASAP = 2,
  MW_PRIORITY_STAT = 3,
} MwPriority;

/* Why an item waits (items.wait) */
#define MW_WAIT_UNDO "undo"
#define MW_WAIT_TIME "time"
#define MW_WAIT_NETWORK "network"
#define MW_WAIT_PAUSE "pause"
#define MW_WAIT_SIGN_IN "sign-in"
#define MW_WAIT_BACK_OFF "back-off"
#define MW_WAIT_ORDER "order"
#define MW_WAIT_HOME "home"
#define MW_WAIT_OFF "off"

/**
 * MwItem:
 * @identity: the UUID that all identities of its requests are derived from
 * @thread: 0 in a new draft: it begins its own
 * @entry: the entry it acts on; 0 for none
 * @content: the draft, a JSON document (see mw-draft.h)
 * @connection: where it goes; 0 until that is discovered
 * @error: (nullable): a code for what stands in the way: the nick of an answer class or of a stage
 *
 * One thing in the outbox.
 */
typedef struct
{
  gint64      id;
  char       *identity;
  gint64      thread;
  gint64      entry;
  char       *kind;
  char       *action;
  MwItemState state;
  gint64      revision;
  char       *content;
  char       *subject;
  char       *recipient;
  char       *recipient_ref;
  gint64      patient;
  char       *patient_name;
  gint64      connection;
  MwPriority  priority;
  gint64      created;
  gint64      changed;
  gint64      saved;
  gint64      not_before;
  gboolean    scheduled;
  gint64      next_attempt;
  gint64      attempts;
  gint64      same_failures;
  char       *stage;
  char       *wait;
  gint64      answer_by;
  gint64      handed_over;
  gint64      ended;
  char       *error;
  char       *error_text;
  char       *way;
} MwItem;

/**
 * MwItemView:
 *
 * The lists of the window over items.
 */
typedef enum
{
  MW_ITEM_VIEW_OUTBOX,
  MW_ITEM_VIEW_WAITING,
  MW_ITEM_VIEW_HANDED_OVER,
  MW_ITEM_VIEW_DRAFTS,
  MW_ITEM_VIEW_ATTENTION,
  MW_ITEM_VIEW_ALL,
} MwItemView;

void     mw_item_free (MwItem *self);
MwItem  *mw_items_load (MwDb    *db,
                        gint64   id,
                        GError **error);
gboolean mw_items_ids (MwDb       *db,
                       MwItemView  view,
                       const char *words,
                       GArray     *ids,
                       GError    **error);
gint64   mw_items_count (MwDb      *db,
                         MwItemView view);
GArray  *mw_items_of_thread (MwDb    *db,
                             gint64   thread,
                             GError **error);
gboolean mw_items_of_patient (MwDb    *db,
                              gint64   patient,
                              GArray  *ids,
                              GError **error);

gint64   mw_items_create (MwDb         *db,
                          const MwItem *draft,
                          gint64        now,
                          GError      **error);
gboolean mw_items_update_draft (MwDb         *db,
                                const MwItem *draft,
                                gint64        now,
                                GError      **error);
gboolean mw_items_save (MwDb    *db,
                        gint64   id,
                        gint64   not_before,
                        gboolean scheduled,
                        gint64   now,
                        GError **error);
gboolean mw_items_undo (MwDb    *db,
                        gint64   id,
                        gint64   now,
                        GError **error);
gboolean mw_items_send_now (MwDb    *db,
                            gint64   id,
                            gint64   now,
                            GError **error);
gboolean mw_items_retry (MwDb    *db,
                         gint64   id,
                         gint64   now,
                         GError **error);
gboolean mw_items_withdraw (MwDb    *db,
                            gint64   id,
                            gint64   now,
                            GError **error);
gboolean mw_items_edit (MwDb    *db,
                        gint64   id,
                        gint64   now,
                        GError **error);
gboolean mw_items_discard (MwDb    *db,
                           gint64   id,
                           gint64   now,
                           GError **error);

gboolean mw_items_move (MwDb       *db,
                        gint64      id,
                        MwItemState from,
                        MwItemState to,
                        gint64      now,
                        GError    **error);
gboolean mw_items_hold (MwDb       *db,
                        gint64      id,
                        gint64      next_attempt,
                        const char *stage,
                        const char *wait,
                        const char *error_text,
                        gint64      now,
                        GError    **error);
gboolean mw_items_need_attention (MwDb       *db,
                                  gint64      id,
                                  const char *stage,
                                  const char *code,
                                  const char *sentence,
                                  gint64      now,
                                  GError    **error);
gboolean mw_items_address (MwDb       *db,
                           gint64      id,
                           gint64      connection,
                           const char *way,
                           GError    **error);
gboolean mw_items_hand_over (MwDb    *db,
                             gint64   id,
                             gboolean waiting,
                             gint64   now,
                             GError **error);
gboolean mw_items_answer (MwDb       *db,
                          gint64      id,
                          const char *detail,
                          gint64      now,
                          GError    **error);
void     mw_items_note_order (MwDb   *db,
                              MwItem *item);
gboolean mw_items_due (MwDb    *db,
                       gint64   connection,
                       gint64   now,
                       guint    limit,
                       GArray  *ids,
                       GError **error);
gint64   mw_items_next_time (MwDb  *db,
                             gint64 now);
gint64   mw_items_check_at_start (MwDb    *db,
                                  gint64   now,
                                  GError **error);
gint64   mw_items_mark_overdue (MwDb    *db,
                                gint64   now,
                                GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwItem, mw_item_free)

G_END_DECLS
