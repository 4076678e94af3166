/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-connections.h"
#include "mw-outbox.h"
#include "mw-patient-check.h"
#include "mw-person.h"
#include "mw-question.h"

G_BEGIN_DECLS

/**
 * MwPart:
 * @resource: what came along
 * @bundle: (nullable): the Bundle that it came in
 * @reference: (nullable): absolute
 */
typedef struct
{
  JsonNode *resource;
  JsonNode *bundle;
  char     *reference;
} MwPart;

/**
 * MwMomentTone:
 *
 * What a moment of the timeline means for the person; told by words too.
 */
typedef enum
{
  MW_TONE_PLAIN,
  MW_TONE_GOOD,
  MW_TONE_WAITING,
  MW_TONE_TROUBLE,
} MwMomentTone;

/**
 * MwMoment:
 * @about: (nullable): the entry or item that it happened to, when that is not the one on the page
 */
typedef struct
{
  gint64       at;
  char        *text;
  char        *about;
  MwMomentTone tone;
  gint64       entry;
  gint64       item;
} MwMoment;

/**
 * MwDetail:
 * @check: (nullable): of an entry: that it is about another patient than its request; of an item: an open one of its thread
 * @words: (nullable): what happened, in the sender's words
 * @lines: (element-type utf8): of an item: what goes along
 * @parts: (element-type MwPart): what came with it
 * @moments: (element-type MwMoment): the thread's timeline, newest first
 * @cut: how many older moments were left out
 *
 * All that the reading pane shows of one entry or item. Read on another thread, then never changed.
 */
typedef struct
{
  gint64          id;
  gboolean        is_item;
  MwEntry        *entry;
  MwItem         *item;
  MwDraft        *draft;
  MwPerson       *patient;
  MwConnection   *connection;
  MwQuestion     *question;
  MwPatientCheck *check;
  const MwAction *actions;
  char           *words;
  GPtrArray      *lines;
  GPtrArray      *parts;
  GPtrArray      *moments;
  guint           cut;
} MwDetail;

MwDetail *mw_detail_ref (MwDetail *self);
void      mw_detail_unref (MwDetail *self);
void      mw_detail_load_async (MwStore            *store,
                                gint64              id,
                                gboolean            is_item,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
MwDetail *mw_detail_load_finish (MwStore      *store,
                                 GAsyncResult *result,
                                 GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwDetail, mw_detail_unref)

G_END_DECLS
