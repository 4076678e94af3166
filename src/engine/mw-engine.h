/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-store.h"

G_BEGIN_DECLS

/* The background: receives, prepares, sends, follows up and keeps time, on a thread and a main
 * context of its own. It talks to nobody: it reads and writes the store. */

#define MW_TYPE_ENGINE (mw_engine_get_type ())
G_DECLARE_FINAL_TYPE (MwEngine, mw_engine, MW, ENGINE, GObject)

/**
 * MwEngineOptions:
 * @now: (nullable): µs since 1970; the system's clock when NULL
 * @jitter: (nullable): in [0, 1); GLib's randomness when NULL
 * @poll_seconds: between two looks at the home inbox; 0 for the default of 60
 * @pace: divides every wait: 1 in earnest; tests and the sandbox's fast day use more; 0 counts as 1
 * @managed: whether the connections that an administrator ships are taken up
 * @once: whether it is to say when nothing is left but what waits for an answer, a person or its set time
 *
 * Collaborators and paces, so that a test can hold the clock.
 */
typedef struct
{
  gint64 (*now) (gpointer user_data);
  gdouble (*jitter) (gpointer user_data);
  gpointer user_data;
  guint    poll_seconds;
  gdouble  pace;
  gboolean once;
  gboolean managed;
} MwEngineOptions;

/**
 * MwEngineSummary:
 * @received: entries that came in since the start
 * @handed_over: items handed over since the start
 */
typedef struct
{
  gint64 received;
  gint64 handed_over;
} MwEngineSummary;

MwEngine *mw_engine_new (MwStore               *store,
                         const MwEngineOptions *options);
gdouble   mw_engine_pace_from_environment (void);
void      mw_engine_start (MwEngine *self);
void      mw_engine_stop (MwEngine *self);
void      mw_engine_wake (MwEngine *self);
void      mw_engine_set_active (MwEngine *self,
                                gboolean  active);
gboolean  mw_engine_is_sender (MwEngine *self);
gint64    mw_engine_check_at_start (MwStore *store,
                                    gint64   now,
                                    GError **error);
void      mw_engine_get_summary (MwEngine        *self,
                                 MwEngineSummary *summary);

G_END_DECLS
