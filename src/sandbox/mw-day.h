/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-world.h"

G_BEGIN_DECLS

/* The day that the sandbox plays: what arrives by itself, and how the others react. */
typedef struct _MwDay MwDay;

MwDay *mw_day_new (MwWorld *world);
void   mw_day_free (MwDay *self);
void   mw_day_play (MwDay *self);

G_END_DECLS
