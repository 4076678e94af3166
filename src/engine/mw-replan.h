/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-item.h"
#include "mw-link.h"

G_BEGIN_DECLS

/* An item whose way was refused is planned again. It has no way then, and its requests are still there: those that are
 * done, the refused one, and those that were to follow. */

gboolean      mw_replan_is_due (MwDb         *db,
                                const MwItem *item);
MwCapability *mw_replan_capability (MwLink       *link,
                                    gint64        item,
                                    MwCapability *capability);
gboolean      mw_replan_is_refused (MwDb      *db,
                                    gint64     item,
                                    GPtrArray *requests);
gint64        mw_replan_write_end (MwDb    *db,
                                   gpointer item,
                                   GError **error);

G_END_DECLS
