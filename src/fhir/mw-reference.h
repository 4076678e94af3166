/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/**
 * MwReferenceKind:
 *
 * The forms a Reference takes (FHIR R4 references.html).
 */
typedef enum
{
  MW_REFERENCE_NONE,
  MW_REFERENCE_RELATIVE,
  MW_REFERENCE_ABSOLUTE,
  MW_REFERENCE_URN,
  MW_REFERENCE_CONTAINED,
  MW_REFERENCE_CONDITIONAL,
  MW_REFERENCE_LOGICAL,
} MwReferenceKind;

/**
 * MwReference:
 * @kind: which form it has
 * @literal: (nullable): Reference.reference as it came
 * @base: (nullable): of an absolute one, the FHIR base without trailing slash
 * @type: (nullable): the resource type, when the text tells it or Reference.type does
 * @id: (nullable): the logical id; of a contained one, without '#'
 * @version: (nullable): the version id
 * @system: (nullable): Reference.identifier.system
 * @value: (nullable): Reference.identifier.value
 * @display: (nullable): Reference.display
 */
typedef struct
{
  MwReferenceKind kind;
  char           *literal;
  char           *base;
  char           *type;
  char           *id;
  char           *version;
  char           *system;
  char           *value;
  char           *display;
} MwReference;

MwReference *mw_reference_new (JsonNode *reference);
MwReference *mw_reference_new_for_literal (const char *literal);
void         mw_reference_free (MwReference *self);
char        *mw_reference_absolute (const MwReference *self,
                                    const char        *base);
char        *mw_reference_relative (const MwReference *self,
                                    const char        *base);
gboolean     mw_reference_same (const char *one,
                                const char *other,
                                const char *base);
JsonNode    *mw_reference_resolve (JsonNode *reference,
                                   JsonNode *container,
                                   JsonNode *bundle);

/**
 * MwReferenceRewriteFunc:
 * @literal: a Reference.reference
 *
 * Returns: (transfer full) (nullable): what to write instead; NULL leaves it
 */
typedef char *(*MwReferenceRewriteFunc) (const char *literal,
                                         gpointer    user_data);

void     mw_reference_rewrite_all (JsonNode              *resource,
                                   MwReferenceRewriteFunc func,
                                   gpointer               user_data);
gboolean mw_reference_is_type_name (const char *text,
                                    gsize       length);
char    *mw_base_url_normalise (const char *url);
gboolean mw_base_url_is_loopback (const char *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwReference, mw_reference_free)

G_END_DECLS
