/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-validate.h"

G_BEGIN_DECLS

const char *mw_validate_primitive (const char *type,
                                   JsonNode   *node);
void        mw_validate_datatype_rules (const char *type,
                                        JsonNode   *node,
                                        const char *path,
                                        MwIssues   *issues);
void        mw_validate_resource_rules (JsonNode   *resource,
                                        const char *path,
                                        MwIssues   *issues);

G_END_DECLS
