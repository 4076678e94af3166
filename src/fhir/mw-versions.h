/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-fhir-version.h"
#include "mw-json.h"

G_BEGIN_DECLS

/** MwVersions: the versions of FHIR that a server offers side by side; immutable */
typedef struct _MwVersions MwVersions;

MwVersions   *mw_versions_new (JsonNode *answer,
                               GError  **error);
MwVersions   *mw_versions_new_from_text (const char *text);
char         *mw_versions_to_text (const MwVersions *self);
void          mw_versions_free (MwVersions *self);
guint         mw_versions_count (const MwVersions *self);
MwFhirVersion mw_versions_choose (const MwVersions *self,
                                  const char       *stated,
                                  GError          **error);
char         *mw_versions_media_type (const MwVersions *self,
                                      MwFhirVersion     version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwVersions, mw_versions_free)

G_END_DECLS
