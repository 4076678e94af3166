/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *mw_request_links_fill (GPtrArray  *requests,
                             guint       index,
                             const char *base,
                             const char *text);

G_END_DECLS
