/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-connections.h"

G_BEGIN_DECLS

GStrv    mw_me_load (MwDb               *db,
                     const MwConnection *home);
gboolean mw_me_store (MwDb    *db,
                      gint64   connection,
                      GStrv    references,
                      GError **error);

G_END_DECLS
