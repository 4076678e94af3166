/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-answer.h"

G_BEGIN_DECLS

/* What an answer means (wire notes 0.2). Pure: no I/O, no clock of its own. */

/** MW_RETRY_AFTER_CAP: the longest wait a server can ask for, in µs: one day */
#define MW_RETRY_AFTER_CAP (24 * G_TIME_SPAN_HOUR)

gboolean      mw_judge_is_read (const char *method);
gboolean      mw_judge_is_success_status (guint status);
gboolean      mw_judge_is_redirect_status (guint status);
gboolean      mw_judge_may_follow (const char *method,
                                   const char *first,
                                   const char *here,
                                   const char *target);
MwTrouble     mw_judge_error (const GError *error,
                              gboolean      started);
gint64        mw_judge_retry_after (const char *value,
                                    gint64      server_date,
                                    gint64      now);
gboolean      mw_judge_may_be_json (const char *content_type);
MwAnswerClass mw_judge_status (const char *method,
                               guint       status,
                               JsonNode   *resource);
MwAnswerClass mw_judge_body (const char     *method,
                             const char     *accept,
                             const MwAnswer *answer);
MwAnswerClass mw_judge_broken (const char     *method,
                               gboolean        started,
                               const MwAnswer *answer);

G_END_DECLS
