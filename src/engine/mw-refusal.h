/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-answer.h"
#include "mw-request.h"

G_BEGIN_DECLS

/* What is said of a request that a server refused: to a person, and to programs. */

char       *mw_refusal_sentence (const char     *name,
                                 const MwAnswer *answer);
const char *mw_refusal_code (MwAnswerClass answer_class);
char       *mw_refusal_word (const MwRequest *request,
                             guint            n_requests,
                             MwAnswerClass    answer_class);
gboolean    mw_refusal_leaves_way (const MwRequest *request,
                                   MwAnswerClass    answer_class);
char       *mw_refusal_way_sentence (const char *name,
                                     const char *word);

G_END_DECLS
