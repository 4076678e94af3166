/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void mw_thread_priority_draw (void);
void mw_thread_priority_step_back (void);

G_END_DECLS
