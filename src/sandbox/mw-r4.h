/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The R4 definitions as tables: what elements a type has, and what it can be searched by. The
 * tables are read once, from the two files under r4/, and live as long as the program. */

/**
 * MwR4Type:
 * @name: a data type, "@" and the path of a group, "Resource", or "any" (what a value[x] may be)
 * @codes: (nullable): the only codes allowed
 * @targets: (nullable): the only resource types a Reference may point to
 */
typedef struct
{
  char  *name;
  char **codes;
  char **targets;
} MwR4Type;

/**
 * MwR4Element:
 * @cardinality: '?' 0..1, '!' 1..1, '*' 0..*, '+' 1..*
 * @choice: whether the name ends with [x]; @name is then without it
 */
typedef struct
{
  char      *name;
  char       cardinality;
  gboolean   choice;
  GPtrArray *types;
} MwR4Element;

typedef struct _MwR4Group MwR4Group;
struct _MwR4Group
{
  char            *path;
  char            *base_name;
  const MwR4Group *base;
  GPtrArray       *elements;
  GHashTable      *by_name;
};

typedef enum
{
  MW_R4_NUMBER,
  MW_R4_DATE,
  MW_R4_STRING,
  MW_R4_TOKEN,
  MW_R4_REFERENCE,
  MW_R4_QUANTITY,
  MW_R4_URI,
} MwR4ParamKind;

typedef struct
{
  char         *name;
  MwR4ParamKind kind;
  char        **paths;
} MwR4Param;

const MwR4Group   *mw_r4_group (const char *path);
gboolean           mw_r4_is_resource (const char *type);
GPtrArray         *mw_r4_resource_types (void);
const MwR4Element *mw_r4_element (const MwR4Group *group,
                                  const char      *name,
                                  const MwR4Type **type);
const MwR4Param   *mw_r4_param (const char *type,
                                const char *name);
GPtrArray         *mw_r4_params (const char *type);
const char        *mw_r4_param_kind_name (MwR4ParamKind kind);

G_END_DECLS
