/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/**
 * MwSearchTerms:
 * @kind: (nullable): kind:
 * @is: flags from is:, as MW_SEARCH_ bits
 * @match: (nullable): the full-text part, from words, from: and patient:
 *
 * What a person typed into the search field, taken apart.
 */
typedef struct
{
  char *kind;
  guint is;
  char *match;
} MwSearchTerms;

#define MW_SEARCH_UNREAD (1u << 0)
#define MW_SEARCH_READ (1u << 1)
#define MW_SEARCH_FLAGGED (1u << 2)
#define MW_SEARCH_URGENT (1u << 3)
#define MW_SEARCH_ARCHIVED (1u << 4)
#define MW_SEARCH_SNOOZED (1u << 5)

void     mw_search_parse (const char    *text,
                          MwSearchTerms *terms);
void     mw_search_terms_clear (MwSearchTerms *terms);
char    *mw_search_match (const char *words,
                          const char *column);
gboolean mw_search_index_entry (MwDb       *db,
                                gint64      id,
                                const char *subject,
                                const char *sender,
                                const char *patient,
                                const char *body,
                                GError    **error);
gboolean mw_search_index_item (MwDb       *db,
                               gint64      id,
                               const char *subject,
                               const char *recipient,
                               const char *patient,
                               const char *body,
                               GError    **error);
gboolean mw_search_unindex_item (MwDb    *db,
                                 gint64   id,
                                 GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MwSearchTerms, mw_search_terms_clear)

G_END_DECLS
