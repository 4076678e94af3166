/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-store.h"

G_BEGIN_DECLS

/* The sandbox as a person tries it: its own process, that ends with this one, and three connections to it */
typedef struct _MwTry MwTry;

MwTry   *mw_try_new (const char *program,
                     GError    **error);
gboolean mw_try_connect (MwTry   *self,
                         MwStore *store,
                         GError **error);
void     mw_try_free (MwTry *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwTry, mw_try_free)

G_END_DECLS
