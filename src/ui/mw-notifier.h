/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "mw-settings.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* Tells the desktop about urgent entries that arrive. */

#define MW_TYPE_NOTIFIER (mw_notifier_get_type ())
G_DECLARE_FINAL_TYPE (MwNotifier, mw_notifier, MW, NOTIFIER, GObject)

MwNotifier *mw_notifier_new (GApplication *application,
                             MwStore      *store,
                             MwSettings   *settings);

G_END_DECLS
