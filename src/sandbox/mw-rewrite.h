/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Gives every literal reference in a resource to @func; what it returns (transfer full) takes its
 * place, NULL leaves it. */
typedef char *(*MwRewriteFunc) (const char *literal,
                                gpointer    user_data);

void mw_rewrite_references (JsonNode     *node,
                            MwRewriteFunc func,
                            gpointer      user_data);

G_END_DECLS
