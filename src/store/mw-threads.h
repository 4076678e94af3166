/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

gint64   mw_threads_ensure (MwDb       *db,
                            GStrv       keys,
                            const char *subject,
                            gint64      patient,
                            gint64      now,
                            GError    **error);
gint64   mw_threads_find (MwDb *db,
                          GStrv keys);
gboolean mw_threads_add_key (MwDb       *db,
                             gint64      thread,
                             const char *key,
                             GError    **error);

G_END_DECLS
