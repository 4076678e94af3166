/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-definitions.h"
#include "mw-search.h"

G_BEGIN_DECLS

/**
 * MwTerm:
 * @modifier: (nullable): what stood after the colon
 * @chain: (nullable): the term that what is referenced has to meet
 * @values: any of these will do
 */
typedef struct _MwTerm MwTerm;
struct _MwTerm
{
  MwSearchParam param;
  char         *modifier;
  MwTerm       *chain;
  char        **values;
};

void     mw_search_collect (JsonNode   *node,
                            const char *path,
                            GPtrArray  *out);
gboolean mw_term_matches (const MwTerm   *term,
                          JsonNode       *resource,
                          MwSandboxStore *store,
                          const char     *base);
gboolean mw_term_check_value (const MwTerm *term,
                              const char   *value);
char   **mw_search_split (const char *text,
                          char        separator);
char    *mw_search_local_reference (const char *literal,
                                    const char *base);
gboolean mw_search_time_of (JsonNode *node,
                            gint64   *start,
                            gint64   *end);

G_END_DECLS
