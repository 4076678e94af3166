/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-client.h"

G_BEGIN_DECLS

/* Ends an exchange that makes no progress; no library underneath is trusted to. Lives on one main
 * context. */

typedef struct _MwWatchdog MwWatchdog;

/**
 * MwWatchdogFunc:
 * @trouble: MW_TROUBLE_TIMED_OUT or MW_TROUBLE_STUCK
 *
 * Called at most once; the watchdog may be freed from within.
 */
typedef void (*MwWatchdogFunc) (MwTrouble trouble,
                                gpointer  user_data);

MwWatchdog *mw_watchdog_new (GMainContext         *context,
                             const MwClientLimits *limits,
                             MwWatchdogFunc        func,
                             gpointer              user_data);
void        mw_watchdog_free (MwWatchdog *self);
void        mw_watchdog_connecting (MwWatchdog *self);
void        mw_watchdog_progress (MwWatchdog *self);
void        mw_watchdog_rest (MwWatchdog *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwWatchdog, mw_watchdog_free)

G_END_DECLS
