/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-link.h"

G_BEGIN_DECLS

/* Looks after what was handed over and awaits an answer: the Task that the server made of it. */

typedef struct _MwFollower MwFollower;

MwFollower *mw_follower_new (MwCore *core);
void        mw_follower_free (MwFollower *self);
void        mw_follower_pump (MwFollower *self);
gboolean    mw_follower_is_busy (MwFollower *self);

G_END_DECLS
