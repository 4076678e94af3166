/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gint64 mw_backoff_delay (gint64  failures,
                         gdouble jitter);
gint64 mw_follow_up_delay (gint64 since,
                           gint64 polls);

G_END_DECLS
