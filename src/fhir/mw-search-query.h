/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *mw_search_query_escape (const char *text);
void  mw_search_query_add (GString    *query,
                           const char *name,
                           const char *value);

G_END_DECLS
