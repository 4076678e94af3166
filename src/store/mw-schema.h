/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/** MW_SCHEMA_VERSION: what PRAGMA user_version is after all migrations */
#define MW_SCHEMA_VERSION 11

gboolean mw_schema_migrate (MwDb    *db,
                            GError **error);
gboolean mw_schema_empty (MwDb    *db,
                          GError **error);

G_END_DECLS
