/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-link.h"

G_BEGIN_DECLS

/* Drains the outbox: takes due items through their stages and requests, a lane at a time for each
 * connection and thread. */

typedef struct _MwSender MwSender;

MwSender *mw_sender_new (MwCore *core);
void      mw_sender_free (MwSender *self);
void      mw_sender_pump (MwSender *self);
gboolean  mw_sender_is_busy (MwSender *self);
gint64    mw_sender_next_time (MwSender *self,
                               gint64    looked);

G_END_DECLS
