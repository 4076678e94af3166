/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-item.h"
#include "mw-journal.h"

G_BEGIN_DECLS

/* States and codes in the words that a person reads, the same in the window and on the command line.
 * They say what is known and no more: never "sent" for what is only saved, never "failed" for what
 * nobody knows. */

char       *mw_words_clock (gint64 at);
char       *mw_words_day (gint64 at,
                          gint64 now);
char       *mw_words_age (gint64 at,
                          gint64 now);
char       *mw_words_moment (gint64 at,
                             gint64 now);
char       *mw_words_size (gint64 bytes);
const char *mw_words_priority (MwPriority priority);
char       *mw_words_item_state (const MwItem *item,
                                 gint64        now);
char       *mw_words_wait (const MwItem *item,
                           gint64        now);
char       *mw_words_trouble (const MwItem *item);
char       *mw_words_journal (const MwJournalLine *line);
gboolean    mw_words_counts_down (const MwItem *item,
                                  gint64        now);

G_END_DECLS
