/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-datatypes.h"

/** MW_DATATYPES_MAX_REPEATS: elements of a list that are put into words */
#define MW_DATATYPES_MAX_REPEATS 200

/* A list of words under construction: empty parts are skipped */
typedef struct
{
  GString *text;
} MwWords;

void  mw_words_init (MwWords *words);
void  mw_words_take (MwWords    *words,
                     const char *separator,
                     char       *part);
char *mw_words_end (MwWords *words);

char *mw_contact_point_text (JsonNode *contact);
char *mw_quantity_text (JsonNode *quantity);
char *mw_range_text (JsonNode *range);
char *mw_timing_text (JsonNode *timing);
char *mw_dosage_text (JsonNode                *dosage,
                      const MwDescribeContext *context);
char *mw_reference_text_deep (JsonNode                *reference,
                              const MwDescribeContext *context,
                              guint                    depth);
char *mw_resource_title_deep (JsonNode                *resource,
                              const MwDescribeContext *context,
                              guint                    depth);
char *mw_join_texts (JsonNode                *node,
                     const char              *path,
                     const char              *type,
                     const MwDescribeContext *context);
