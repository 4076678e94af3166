/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

JsonNode *mw_jws_verify (const char *jws,
                         JsonNode   *keys);

G_END_DECLS
