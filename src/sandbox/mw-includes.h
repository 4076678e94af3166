/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-sandbox-store.h"

G_BEGIN_DECLS

/* What a search brings along with what it finds: _include and _revinclude (FHIR R4 search.html#revinclude). */

typedef struct _MwIncludes MwIncludes;

MwIncludes *mw_includes_new (MwSandboxStore *store,
                             const char     *base);
void        mw_includes_free (MwIncludes *self);
gboolean    mw_includes_add (MwIncludes *self,
                             const char *value,
                             gboolean    iterate);
gboolean    mw_includes_add_reverse (MwIncludes *self,
                                     const char *value);
void        mw_includes_follow (MwIncludes *self,
                                GPtrArray  *found,
                                GPtrArray  *included);

G_END_DECLS
