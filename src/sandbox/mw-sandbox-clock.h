/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MW_SECONDS(n) ((gint64) (n) *G_USEC_PER_SEC)
#define MW_MINUTES(n) (MW_SECONDS (60) * (n))
#define MW_HOURS(n) (MW_MINUTES (60) * (n))
#define MW_DAYS(n) (MW_HOURS (24) * (n))

typedef struct _MwSandboxClock MwSandboxClock;
typedef void (*MwSandboxClockFunc) (gpointer user_data);

MwSandboxClock *mw_sandbox_clock_new (gint64 start);
void            mw_sandbox_clock_free (MwSandboxClock *self);
gint64          mw_sandbox_clock_now (MwSandboxClock *self);
void            mw_sandbox_clock_set_now (MwSandboxClock *self,
                                          gint64          now);
void            mw_sandbox_clock_set_speed (MwSandboxClock *self,
                                            double          speed);
void            mw_sandbox_clock_advance (MwSandboxClock *self,
                                          gint64          microseconds);
void            mw_sandbox_clock_at (MwSandboxClock    *self,
                                     gint64             when,
                                     MwSandboxClockFunc func,
                                     gpointer           user_data,
                                     GDestroyNotify     destroy);
char           *mw_sandbox_instant (gint64 when);
char           *mw_sandbox_date (gint64 when);

G_END_DECLS
