/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

char *mw_json_canonical (JsonNode   *node,
                         const char *without);

G_END_DECLS
