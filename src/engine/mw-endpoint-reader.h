/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-endpoint-row.h"
#include "mw-json.h"

G_BEGIN_DECLS

/**
 * MwEndpointReading:
 * @row: (nullable): of an Endpoint
 * @claimed: (nullable): of an Endpoint the absolute reference of its managing organisation, when that is on the same server
 * @named: (nullable): of somebody who can have endpoints: the absolute references of those that are named
 *
 * What a resource says about where somebody is reached.
 */
typedef struct
{
  MwEndpointRow *row;
  char          *claimed;
  GStrv          named;
} MwEndpointReading;

MwEndpointReading *mw_endpoint_reading_new (JsonNode   *resource,
                                            const char *reference,
                                            const char *base,
                                            gint64      connection,
                                            gint64      now);
void               mw_endpoint_reading_free (MwEndpointReading *self);
gboolean           mw_endpoint_reading_write (MwDb                    *db,
                                              const MwEndpointReading *self,
                                              const char              *reference,
                                              GError                 **error);

G_END_DECLS
