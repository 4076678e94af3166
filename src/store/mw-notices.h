/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-store.h"

G_BEGIN_DECLS

/* Tells everybody that rows have changed: the watches of this process on their own main contexts, and other
 * processes through a file that they watch. */

typedef struct _MwNotices MwNotices;

MwNotices *mw_notices_new (MwStore    *store,
                           const char *folder);
void       mw_notices_close (MwNotices *self);
void       mw_notices_free (MwNotices *self);
guint      mw_notices_watch (MwNotices       *self,
                             MwStoreWatchFunc func,
                             gpointer         user_data);
void       mw_notices_unwatch (MwNotices *self,
                               guint      id);
void       mw_notices_tell (MwNotices *self,
                            MwChange   changes);
void       mw_notices_wake_others (MwNotices *self);

G_END_DECLS
