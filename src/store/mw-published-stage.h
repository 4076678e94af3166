/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-endpoint-row.h"
#include "mw-person.h"
#include "mw-published-list.h"
#include "mw-published-row.h"

G_BEGIN_DECLS

/* A list on its way into the store: its rows are written in many small transactions under the token of the import,
 * where nobody finds them, and take the place of what the list had before in one. That one touches each row of people
 * once: what leads nowhere any more is deleted later. */

gboolean mw_published_stage_begin (MwDb       *db,
                                   const char *token,
                                   gint64      now,
                                   GError    **error);
char    *mw_published_stage_stale (MwDb  *db,
                                   gint64 before);
char    *mw_published_reference (const char *source,
                                 const char *key);
gboolean mw_published_stage_organization (MwDb                          *db,
                                          const char                    *token,
                                          const char                    *source,
                                          const MwPublishedOrganization *organization,
                                          const char *const             *endpoints,
                                          gint64                         now,
                                          GError                       **error);
gboolean mw_published_stage_endpoint (MwDb             *db,
                                      const char       *token,
                                      const char       *reference,
                                      const MwEndpoint *endpoint,
                                      gint64            now,
                                      GError          **error);
gboolean mw_published_stage_swap (MwDb                 *db,
                                  const char           *token,
                                  const MwPublishedRow *list,
                                  GError              **error);

G_END_DECLS
