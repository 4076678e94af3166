/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-person.h"
#include "mw-store.h"
#include "mw-trend.h"

G_BEGIN_DECLS

/**
 * MwChartThread:
 * @is_item: whether it is something that leaves
 *
 * Something about a patient that came or goes.
 */
typedef struct
{
  gint64   id;
  gboolean is_item;
  char    *kind;
  char    *subject;
  char    *party;
  gint64   at;
  gboolean unread;
} MwChartThread;

/**
 * MwChart:
 * @base: (nullable): the FHIR base that the record came from
 * @types: (element-type GPtrArray): for each resource type, in clinical order, its MwRecord, newest first
 * @threads: (element-type MwChartThread): newest first
 * @trends: (element-type MwTrend):
 *
 * All that is known here of one patient.
 */
typedef struct
{
  MwPerson  *person;
  char      *base;
  GPtrArray *types;
  GPtrArray *threads;
  GPtrArray *trends;
} MwChart;

void     mw_chart_free (MwChart *self);
void     mw_chart_load_async (MwStore            *store,
                              gint64              patient,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);
MwChart *mw_chart_load_finish (MwStore      *store,
                               GAsyncResult *result,
                               GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwChart, mw_chart_free)

G_END_DECLS
