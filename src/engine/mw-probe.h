/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-link.h"

G_BEGIN_DECLS

/* What was found at the address of an endpoint */

void        mw_probe_note (MwCore     *core,
                           const char *address,
                           const char *trouble,
                           gint64      at);
const char *mw_probe_lost_words (void);

G_END_DECLS
