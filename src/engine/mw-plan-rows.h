/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-workflow.h"

G_BEGIN_DECLS

GPtrArray *mw_plan_rows (MwPlan     *plan,
                         const char *media_type);

G_END_DECLS
