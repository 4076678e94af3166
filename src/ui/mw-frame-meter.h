/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MwFrameMeter:
 *
 * A 60 Hz tick on the main loop, and how late it comes: what a person feels as jank.
 */
typedef struct _MwFrameMeter MwFrameMeter;

/**
 * MwLateness:
 * @n: ticks counted
 * @p50: µs; as are the others
 * @own_p99: of the part that the thread itself has worked or waited for, without what the machine took from it
 */
typedef struct
{
  guint  n;
  gint64 p50;
  gint64 p99;
  gint64 max;
  gint64 own_p99;
  gint64 own_max;
} MwLateness;

MwFrameMeter *mw_frame_meter_start (int priority);
void          mw_frame_meter_read (MwFrameMeter *self,
                                   MwLateness   *lateness);
void          mw_frame_meter_stop (MwFrameMeter *self);
MwFrameMeter *mw_frame_meter_start_from_environment (void);
void          mw_frame_meter_finish (MwFrameMeter *self);

G_END_DECLS
