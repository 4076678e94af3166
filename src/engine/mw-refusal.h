/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-answer.h"

G_BEGIN_DECLS

/* What is said of a request that a server refused: to a person, and to programs. */

char       *mw_refusal_sentence (const char     *name,
                                 const MwAnswer *answer);
const char *mw_refusal_code (MwAnswerClass answer_class);

G_END_DECLS
