/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"
#include "mw-workflow.h"

G_BEGIN_DECLS

gboolean mw_settle_thread (MwDb            *db,
                           gint64           thread,
                           const MwArrival *arrival,
                           const char      *withheld,
                           gint64           now,
                           GError         **error);

G_END_DECLS
