/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** MW_AUTOSAVE_PAUSE: µs without a change after which a draft is written */
#define MW_AUTOSAVE_PAUSE (700 * G_TIME_SPAN_MILLISECOND)
/** MW_AUTOSAVE_LONGEST: µs after the first unwritten change, however busily somebody types */
#define MW_AUTOSAVE_LONGEST (5 * G_TIME_SPAN_SECOND)
/** MW_AUTOSAVE_RETRY: µs after a write that failed */
#define MW_AUTOSAVE_RETRY (10 * G_TIME_SPAN_SECOND)

/**
 * MwAutosave:
 *
 * When a draft is to be written. It keeps no timer and reads no clock: the caller says what time it
 * is, in monotonic µs.
 */
typedef struct
{
  guint64  changed;
  guint64  written;
  guint64  writing;
  gint64   due;
  gint64   first;
  gboolean busy;
} MwAutosave;

#define MW_AUTOSAVE_NEVER (-1)

void     mw_autosave_touch (MwAutosave *self,
                            gint64      now);
gint64   mw_autosave_wait (const MwAutosave *self,
                           gint64            now);
gboolean mw_autosave_is_dirty (const MwAutosave *self);
gboolean mw_autosave_begin (MwAutosave *self);
void     mw_autosave_end (MwAutosave *self,
                          gboolean    written,
                          gint64      now);

G_END_DECLS
