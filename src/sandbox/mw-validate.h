/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-issues.h"
#include "mw-sandbox-store.h"

G_BEGIN_DECLS

gboolean mw_validate_as (const MwDefinitions *definitions,
                         JsonNode            *resource,
                         MwSandboxStore      *store,
                         const char          *base,
                         MwIssues            *issues);
gboolean mw_validate (JsonNode       *resource,
                      MwSandboxStore *store,
                      const char     *base,
                      MwIssues       *issues);
void     mw_validate_keys (const char *data,
                           gsize       length,
                           MwIssues   *issues);

G_END_DECLS
