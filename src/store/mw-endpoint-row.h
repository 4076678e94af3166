/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"
#include "mw-endpoint.h"

G_BEGIN_DECLS

/** MW_ENDPOINT_ROWS_MAX: endpoints of one owner that are looked at */
#define MW_ENDPOINT_ROWS_MAX 50

/**
 * MwEndpointRow:
 * @connection: the directory it was read from; 0 for a published list
 * @source: (nullable): the published list; NULL or empty for a directory
 * @reference: absolute, or what the list calls it
 * @endpoint: what it says of itself
 * @fetched: µs when it was read
 * @probed: µs when its address was last looked at; 0 when it never was
 * @worked: µs when a FHIR server was last found there; 0 when none ever was
 * @trouble: (nullable): what stood in the way when it was last looked at, a sentence for a person
 *
 * An endpoint as a directory or a list told it, and what was found at its address.
 */
typedef struct
{
  gint64      id;
  gint64      connection;
  char       *source;
  char       *reference;
  MwEndpoint *endpoint;
  gint64      fetched;
  gint64      probed;
  gint64      worked;
  char       *trouble;
} MwEndpointRow;

void           mw_endpoint_row_free (MwEndpointRow *self);
gint64         mw_endpoint_rows_put (MwDb                *db,
                                     const MwEndpointRow *row,
                                     GError             **error);
gboolean       mw_endpoint_rows_link (MwDb              *db,
                                      const char        *source,
                                      const char        *owner,
                                      const char *const *endpoints,
                                      GError           **error);
gboolean       mw_endpoint_rows_claim (MwDb       *db,
                                       const char *source,
                                       const char *endpoint,
                                       const char *owner,
                                       GError    **error);
MwEndpointRow *mw_endpoint_rows_load (MwDb       *db,
                                      const char *source,
                                      const char *reference);
GPtrArray     *mw_endpoint_rows_of_owner (MwDb       *db,
                                          const char *owner,
                                          GError    **error);
gint64         mw_endpoint_rows_probed (MwDb       *db,
                                        const char *address,
                                        gint64     *worked,
                                        char      **trouble);
gboolean       mw_endpoint_rows_set_probe (MwDb       *db,
                                           const char *address,
                                           const char *trouble,
                                           gint64      now,
                                           GError    **error);
gboolean       mw_endpoint_rows_mark_gone (MwDb       *db,
                                           const char *reference,
                                           gint64      now,
                                           GError    **error);
gboolean       mw_endpoint_rows_forget (MwDb       *db,
                                        const char *source,
                                        GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwEndpointRow, mw_endpoint_row_free)

G_END_DECLS
