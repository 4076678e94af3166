/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What one version of FHIR defines, as tables: what elements a type has, and what it can be searched by.
 * They are read once, from the two files under r4/ or r5/, and live as long as the program. */
typedef struct _MwDefinitions MwDefinitions;

/**
 * MwElementType:
 * @name: a data type, "@" and the path of a group, "Resource", or "any" (what a value[x] may be)
 * @codes: (nullable): the only codes allowed
 * @targets: (nullable): the only resource types a Reference may point to
 */
typedef struct
{
  char  *name;
  char **codes;
  char **targets;
} MwElementType;

/**
 * MwElement:
 * @cardinality: '?' 0..1, '!' 1..1, '*' 0..*, '+' 1..*
 * @choice: whether the name ends with [x]; @name is then without it
 */
typedef struct
{
  char      *name;
  char       cardinality;
  gboolean   choice;
  GPtrArray *types;
} MwElement;

typedef struct _MwElementGroup MwElementGroup;
struct _MwElementGroup
{
  char                 *path;
  char                 *base_name;
  const MwElementGroup *base;
  GPtrArray            *elements;
  GHashTable           *by_name;
};

typedef enum
{
  MW_SEARCH_NUMBER,
  MW_SEARCH_DATE,
  MW_SEARCH_STRING,
  MW_SEARCH_TOKEN,
  MW_SEARCH_REFERENCE,
  MW_SEARCH_QUANTITY,
  MW_SEARCH_URI,
} MwSearchKind;

typedef struct
{
  char        *name;
  MwSearchKind kind;
  char       **paths;
} MwSearchParam;

const MwDefinitions *mw_definitions_get (const char *version);
const char          *mw_definitions_full_version (const MwDefinitions *self);

const MwElementGroup *mw_definitions_group (const MwDefinitions *self, const char *path);
gboolean              mw_definitions_is_resource (const MwDefinitions *self, const char *type);
GPtrArray            *mw_definitions_resource_types (const MwDefinitions *self);
const MwElement      *mw_definitions_element (const MwElementGroup *group, const char *name, const MwElementType **type);
const MwSearchParam  *mw_definitions_param (const MwDefinitions *self, const char *type, const char *name);
GPtrArray            *mw_definitions_params (const MwDefinitions *self, const char *type);
const char           *mw_definitions_kind_name (MwSearchKind kind);

G_END_DECLS
