/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-batch.h"
#include "mw-endpoint-reader.h"

G_BEGIN_DECLS

/**
 * MwBatchArrival:
 * @resource: NULL for what is to be quarantined
 * @raw: its bytes as they came
 * @reference: absolute
 * @origin: the query that brought it, without values
 * @reason: (nullable): why it is quarantined
 * @patient: (nullable): absolute reference of whom it is about
 * @happened: µs, the clinically relevant time; 0 for none
 * @meaning: (nullable): what a workflow makes of it
 * @person: (nullable): when it is one
 * @reach: (nullable): where somebody is reached, when it says so
 *
 * One thing in a batch. What follows from @resource is filled in by mw_batch_recognise().
 */
typedef struct
{
  JsonNode          *resource;
  GBytes            *raw;
  char              *reference;
  char              *origin;
  char              *reason;
  char              *title;
  char              *patient;
  gint64             happened;
  MwMeaning         *meaning;
  MwPerson          *person;
  MwEndpointReading *reach;
} MwBatchArrival;

struct _MwBatch
{
  MwStore      *store;
  MwDb         *db;
  MwConnection *connection;
  GStrv         me;
  gint64        now;
  GPtrArray    *arrivals;
  GHashTable   *by_reference; /* reference → MwBatchArrival */
  GHashTable   *looked_up;    /* reference → JsonNode, kept while the batch is prepared */
  MwWatermark  *watermark;
  char         *last_updated;
  guint         n_read;
  guint         n_new;
};

MwArrival mw_batch_context_of (MwBatch        *self,
                               MwBatchArrival *arrival);
char     *mw_batch_patient_of (MwBatch  *self,
                               JsonNode *resource);
GStrv     mw_batch_take_list (GStrvBuilder *builder);

G_END_DECLS
