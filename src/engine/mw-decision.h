/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-store.h"

G_BEGIN_DECLS

/* How the window and the command line answer a question about an item (see mw-question.h), and say what its choices'
 * lines mean */

gboolean    mw_decision_take (MwDb       *db,
                              gint64      question,
                              const char *value,
                              gint64      now,
                              GError    **error);
void        mw_decision_take_async (MwStore            *store,
                                    gint64              question,
                                    const char         *value,
                                    gint64              now,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
gboolean    mw_decision_take_finish (MwStore      *store,
                                     GAsyncResult *result,
                                     GError      **error);
const char *mw_decision_label (const char *decision);
gboolean    mw_decision_take_check (MwDb       *db,
                                    gint64      check,
                                    const char *decision,
                                    gint64      now,
                                    GError    **error);
void        mw_decision_take_check_async (MwStore            *store,
                                          gint64              check,
                                          const char         *decision,
                                          gint64              now,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
const char *mw_decision_verdict_words (const char *verdict);
const char *mw_decision_choice_words (const char *about);
const char *mw_decision_none_words (const char *about);

G_END_DECLS
