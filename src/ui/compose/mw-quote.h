/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-store.h"

G_BEGIN_DECLS

typedef void (*MwQuoteFunc) (const char *title,
                             const char *text,
                             gpointer    user_data);

void mw_quote_load (MwStore      *store,
                    gint64        entry,
                    GCancellable *cancellable,
                    MwQuoteFunc   func,
                    gpointer      user_data);

G_END_DECLS
