/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/**
 * MwDescribeContext:
 * @bundle: (nullable): the Bundle that the resource came in
 * @container: (nullable): the resource that contains it, for "#id" references; NULL is the resource itself
 * @lookup: (nullable): finds a stored resource by its literal reference; what it returns stays its own
 *   and must live until the description is made
 * @lookup_data: for @lookup
 *
 * Where the resources that a resource refers to may be found.
 */
typedef struct
{
  JsonNode *bundle;
  JsonNode *container;
  JsonNode *(*lookup) (const char *reference, gpointer lookup_data);
  gpointer lookup_data;
} MwDescribeContext;

char     *mw_datatype_to_text (JsonNode   *value,
                               const char *type);
char     *mw_datatype_to_text_in (JsonNode                *value,
                                  const char              *type,
                                  const MwDescribeContext *context);
char     *mw_human_name_text (JsonNode *name);
char     *mw_patient_name (JsonNode *person);
char     *mw_address_text (JsonNode *address);
char     *mw_identifier_text (JsonNode *identifier);
char     *mw_identifier_label (JsonNode *identifier);
char     *mw_concept_text (JsonNode *concept);
gboolean  mw_concept_has_code (JsonNode   *node,
                               const char *path,
                               const char *system,
                               const char *code);
char     *mw_reference_text (JsonNode                *reference,
                             const MwDescribeContext *context);
JsonNode *mw_reference_find (JsonNode                *reference,
                             const MwDescribeContext *context);
char     *mw_resource_title (JsonNode *resource);
char     *mw_resource_title_in (JsonNode                *resource,
                                const MwDescribeContext *context);
char     *mw_resource_type_text (const char *type);

G_END_DECLS
