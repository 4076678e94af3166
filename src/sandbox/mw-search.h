/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-issues.h"
#include "mw-sandbox-store.h"

G_BEGIN_DECLS

/* A search (FHIR R4 search.html), read from a query and put to a store. */
typedef struct _MwSearch MwSearch;

MwSearch  *mw_search_new (MwSandboxStore *store,
                          const char     *base,
                          const char     *type,
                          const char     *query,
                          gboolean        lenient,
                          MwIssues       *issues);
void       mw_search_free (MwSearch *self);
GPtrArray *mw_search_run (MwSearch *self);
void       mw_search_add_includes (MwSearch  *self,
                                   GPtrArray *matches,
                                   GPtrArray *included);
guint      mw_search_get_count (MwSearch *self);
gboolean   mw_search_is_summary_count (MwSearch *self);
GPtrArray *mw_search_get_ignored (MwSearch *self);
char      *mw_search_self_link (MwSearch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwSearch, mw_search_free)

/* A span of time [start, end) in microseconds, as a FHIR date of any precision means it */
gboolean mw_search_parse_date (const char *text,
                               gint64     *start,
                               gint64     *end);

G_END_DECLS
