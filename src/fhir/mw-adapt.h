/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-fhir-version.h"
#include "mw-json.h"

G_BEGIN_DECLS

gboolean  mw_adapt_needed (MwFhirVersion from,
                           MwFhirVersion to);
JsonNode *mw_adapt_resource (JsonNode     *resource,
                             MwFhirVersion from,
                             MwFhirVersion to,
                             GError      **error);

G_END_DECLS
