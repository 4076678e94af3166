/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/** MW_TREND_MAX_POINTS: the newest values of one code that are kept */
#define MW_TREND_MAX_POINTS 12

/**
 * MwTrendPoint:
 * @at: the date as the sender wrote it
 * @value: with its unit, decimals as they were written
 * @sort: µs since 1970
 */
typedef struct
{
  char  *at;
  char  *value;
  double number;
  gint64 sort;
} MwTrendPoint;

/**
 * MwTrend:
 * @title: what was measured
 * @points: (element-type MwTrendPoint): newest first
 *
 * The values of one code over time.
 */
typedef struct
{
  char      *title;
  char      *key;
  GPtrArray *points;
} MwTrend;

GPtrArray  *mw_trends_from_observations (GPtrArray *observations);
const char *mw_trend_direction (const MwTrend *trend);

G_END_DECLS
