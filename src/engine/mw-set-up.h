/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-link.h"

G_BEGIN_DECLS

typedef struct _MwSetUp MwSetUp;

MwSetUp *mw_set_up_new (MwCore *core);
void     mw_set_up_free (MwSetUp *self);
void     mw_set_up_pump (MwSetUp *self);
void     mw_set_up_again (MwSetUp *self);
gboolean mw_set_up_is_busy (MwSetUp *self);

G_END_DECLS
