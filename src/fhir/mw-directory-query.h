/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-capability.h"

G_BEGIN_DECLS

/* How a directory is asked for people and places (National Directory, Plan-Net, and plain FHIR servers). What a
 * server ignores of a search it answers with everything, so its rows are looked at again here. */

/**
 * MwDirectoryWords:
 * @department: (nullable): "cardiology" of "cardiology at St. Mary's"
 * @name: (nullable): "St. Mary's", or all there is when no place is named
 * @npi: (nullable): the number, when what was written is a valid NPI
 */
typedef struct
{
  char *department;
  char *name;
  char *npi;
} MwDirectoryWords;

MwDirectoryWords *mw_directory_words_new (const char *text);
void              mw_directory_words_free (MwDirectoryWords *self);
GStrv             mw_directory_queries (const MwDirectoryWords *words,
                                        MwCapability           *capability,
                                        guint                   count);
GStrv             mw_directory_query_endpoints (const char   *reference,
                                                MwCapability *capability,
                                                guint         count);
gboolean          mw_directory_matches (JsonNode   *resource,
                                        const char *text);
gboolean          mw_directory_matches_whole (JsonNode   *resource,
                                              const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwDirectoryWords, mw_directory_words_free)

G_END_DECLS
