/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/* A change to a resource that others change too: read, edit, write with If-Match, and again when
 * somebody was faster (FHIR R4 http.html#concurrency). An edit is a JSON document, since it waits
 * on disk until the resource can be read:
 *
 *   { "identity": UUID, "require": [ { "path": P, "in": [ TEXT… ] } ],
 *     "ops": [ { "op": "set" | "append", "path": P, "value": … } ] }
 */

/** MW_EDIT_EXTENSION: carries the identity of each of our edits in the resource, so that a lost
 * answer can be told from an edit that never arrived */
#define MW_EDIT_EXTENSION "https://meanwhile.health/fhir/StructureDefinition/edit-identity"

JsonNode *mw_edit_new (const char *identity);
void      mw_edit_require (JsonNode   *edit,
                           const char *path,
                           const char *first,
                           ...) G_GNUC_NULL_TERMINATED;
void      mw_edit_set (JsonNode   *edit,
                       const char *path,
                       const char *value);
void      mw_edit_append (JsonNode   *edit,
                          const char *path,
                          JsonNode   *value);
gboolean  mw_edit_is_applied (JsonNode *edit,
                              JsonNode *resource);
JsonNode *mw_edit_apply (JsonNode *edit,
                         JsonNode *resource,
                         GError  **error);

G_END_DECLS
