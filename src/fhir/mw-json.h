/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "mw-fhir-error.h"

G_BEGIN_DECLS

/* Tolerant reading and path-wise writing of FHIR JSON.
 *
 * Paths name an element from a starting node: "code.coding[0].display". A segment without an
 * index takes the first member of an array, and an index 0 takes a thing that is no array, since
 * servers differ in what they repeat. Every reader accepts NULL for @node and for whatever is
 * missing or of another type, and answers with "absent".
 *
 * Decimals keep their text: json-glib would turn 1.00 into 1 (FHIR R4 json.html#primitive). The
 * parser carries them as marked strings that only the functions here unwrap, so a tree must be
 * parsed by mw_json_parse() and written by mw_json_to_text(). */

/** MW_JSON_MAX_DEPTH: nesting above this is refused before the JSON library sees it */
#define MW_JSON_MAX_DEPTH 64

JsonNode   *mw_json_parse (const char *data,
                           gssize      length,
                           GError    **error);
char       *mw_json_to_text (JsonNode *node,
                             gboolean  pretty);
gboolean    mw_json_slice (const char  *data,
                           gsize        length,
                           const char  *member,
                           const char **start,
                           gsize       *size);
JsonNode   *mw_json_get (JsonNode   *node,
                         const char *path);
gboolean    mw_json_has (JsonNode   *node,
                         const char *path);
const char *mw_json_string (JsonNode   *node,
                            const char *path);
char       *mw_json_scalar (JsonNode   *node,
                            const char *path);
gboolean    mw_json_boolean (JsonNode   *node,
                             const char *path,
                             gboolean    fallback);
gint64      mw_json_integer (JsonNode   *node,
                             const char *path,
                             gint64      fallback);
guint       mw_json_length (JsonNode   *node,
                            const char *path);
JsonNode   *mw_json_item (JsonNode   *node,
                          const char *path,
                          guint       index);
JsonNode   *mw_json_choice (JsonNode    *node,
                            const char  *prefix,
                            const char **suffix);
gboolean    mw_json_is_object (JsonNode *node);
JsonNode   *mw_json_extension (JsonNode   *node,
                               const char *url);

const char *mw_resource_type (JsonNode *node);
const char *mw_resource_id (JsonNode *node);
gboolean    mw_resource_is (JsonNode   *node,
                            const char *type);

JsonNode *mw_resource_new (const char *type);
JsonNode *mw_json_copy (JsonNode *node);
JsonNode *mw_json_object_new (void);
void      mw_json_set (JsonNode   *node,
                       const char *path,
                       const char *value);
void      mw_json_set_boolean (JsonNode   *node,
                               const char *path,
                               gboolean    value);
void      mw_json_set_integer (JsonNode   *node,
                               const char *path,
                               gint64      value);
void      mw_json_set_decimal (JsonNode   *node,
                               const char *path,
                               const char *text);
void      mw_json_take (JsonNode   *node,
                        const char *path,
                        JsonNode   *value);
void      mw_json_remove (JsonNode   *node,
                          const char *member);

G_END_DECLS
