/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-describe.h"

/* How descriptions are written down.
 *
 * A path names elements and fans out over arrays: "participant.individual" is every one of them;
 * "value[x]" is a choice. "a|b" are the places where versions of FHIR keep the same thing. A line is
 * "a|b;c;d": of each part between semicolons the first place that holds anything, then all joined by " · ".
 */

/**
 * MwRowFlags:
 * @MW_ROW_EACH: a field for each value, not one for all
 * @MW_ROW_GROUP: a heading, and below it what @rows find in each element
 * @MW_ROW_LOUD: must not be overlooked
 * @MW_ROW_IF_TRUE: only when it is not false
 * @MW_ROW_CANONICAL: a URL of which the last part is a name
 * @MW_ROW_NESTED: elements hold elements of their own kind below the same name ("item", "section")
 */
typedef enum
{
  MW_ROW_PLAIN = 0,
  MW_ROW_EACH = 1 << 0,
  MW_ROW_GROUP = 1 << 1,
  MW_ROW_LOUD = 1 << 2,
  MW_ROW_IF_TRUE = 1 << 3,
  MW_ROW_CANONICAL = 1 << 4,
  MW_ROW_NESTED = 1 << 5,
} MwRowFlags;

/**
 * MwRow:
 * @paths: where the values are, all places taken together
 * @label: N_() text
 * @flags: MwRowFlags
 * @key: (nullable): a line in each element at @paths that labels its field, instead of @label
 * @value: (nullable): a line in each element that is the field's value
 * @rows: (nullable): fields one level deeper, read in each element
 */
typedef struct _MwRow
{
  const char          *paths;
  const char          *label;
  guint                flags;
  const char          *key;
  const char          *value;
  const struct _MwRow *rows;
} MwRow;

typedef struct
{
  MwDescription    *result;
  MwDescribeContext context;
} MwDescribing;

/**
 * MwTypeFlags:
 * @MW_TYPE_PREFIX: the title says what kind of thing it is: "Task: …"
 * @MW_TYPE_CLOSED: elements without a row are not for a reader
 */
typedef enum
{
  MW_TYPE_PLAIN = 0,
  MW_TYPE_PREFIX = 1 << 0,
  MW_TYPE_CLOSED = 1 << 1,
} MwTypeFlags;

typedef struct
{
  const char  *type;
  guint        flags;
  const char  *summary; /* a line */
  const MwRow *rows;
  char *(*title) (MwDescribing *self, JsonNode *resource);
  char *(*make_summary) (MwDescribing *self, JsonNode *resource);
  void (*extra) (MwDescribing *self, JsonNode *resource);
} MwTypeSpec;

extern const MwTypeSpec mw_describe_people[];
extern const MwTypeSpec mw_describe_clinical[];
extern const MwTypeSpec mw_describe_medication[];
extern const MwTypeSpec mw_describe_work[];
extern const MwTypeSpec mw_describe_finance[];
extern const MwTypeSpec mw_describe_forms[];
extern const MwTypeSpec mw_describe_exchange[];

void     mw_describing_add (MwDescribing *self,
                            guint         level,
                            const char   *label,
                            char         *value,
                            gboolean      loud);
char    *mw_describing_all (MwDescribing *self,
                            JsonNode     *node,
                            const char   *paths,
                            guint         flags);
char    *mw_describing_line (MwDescribing *self,
                             JsonNode     *node,
                             const char   *line);
void     mw_describing_rows (MwDescribing *self,
                             JsonNode     *node,
                             const MwRow  *rows,
                             guint         level);
void     mw_describing_tree (MwDescribing *self,
                             JsonNode     *node,
                             const MwRow  *known,
                             guint         level);
gboolean mw_describing_knows (const MwRow *rows,
                              const char  *name);
void     mw_describing_attachments (MwDescribing *self,
                                    JsonNode     *resource);
