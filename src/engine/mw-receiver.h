/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-link.h"

G_BEGIN_DECLS

/* Looks at the home inbox: who the clinician is there, what came for her, the directory, and the records of
 * the patients she has to do with. */

typedef struct _MwReceiver MwReceiver;

MwReceiver *mw_receiver_new (MwCore *core);
void        mw_receiver_free (MwReceiver *self);
void        mw_receiver_look (MwReceiver *self,
                              gboolean    now);
gint64      mw_receiver_next_time (MwReceiver *self);
gboolean    mw_receiver_is_busy (MwReceiver *self);
gboolean    mw_receiver_has_looked (MwReceiver *self);
void        mw_receiver_set_active (MwReceiver *self,
                                    gboolean    active);

G_END_DECLS
