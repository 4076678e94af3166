/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/**
 * MwResourceRow:
 * @reference: absolute
 * @patient: people row; 0 for none
 * @thread: 0 for none
 * @happened: µs, the clinically relevant time
 * @raw: the JSON as received
 */
typedef struct
{
  gint64  id;
  gint64  connection;
  char   *type;
  char   *fhir_id;
  char   *reference;
  char   *version;
  char   *last_updated;
  gint64  patient;
  gint64  thread;
  char   *title;
  gint64  happened;
  gint64  received;
  GBytes *raw;
} MwResourceRow;

void           mw_resource_row_free (MwResourceRow *self);
MwResourceRow *mw_resources_load (MwDb  *db,
                                  gint64 id);
MwResourceRow *mw_resources_by_reference (MwDb       *db,
                                          const char *reference);
gint64         mw_resources_put (MwDb                *db,
                                 const MwResourceRow *row,
                                 gboolean            *changed,
                                 GError             **error);
gboolean       mw_resources_file (MwDb    *db,
                                  gint64   id,
                                  gint64   thread,
                                  gint64   patient,
                                  GError **error);
gboolean       mw_resources_of_patient (MwDb    *db,
                                        gint64   patient,
                                        GArray  *ids,
                                        GError **error);
gboolean       mw_resources_of_thread (MwDb    *db,
                                       gint64   thread,
                                       GArray  *ids,
                                       GError **error);
gint64         mw_quarantine_put (MwDb       *db,
                                  gint64      connection,
                                  const char *origin,
                                  const char *reason,
                                  GBytes     *raw,
                                  gint64      now,
                                  GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwResourceRow, mw_resource_row_free)

G_END_DECLS
