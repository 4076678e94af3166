/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-store.h"

G_BEGIN_DECLS

/** SEED_BASE: where the made-up server of the seeded store lies: nobody answers there */
#define SEED_BASE "http://127.0.0.1:9/fhir"

gboolean seed_day (MwStore *store,
                   gint64   now,
                   GError **error);
gboolean seed_many (MwStore *store,
                    guint    n_entries,
                    gint64   now,
                    GError **error);

G_END_DECLS
