/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "mw-patient-check.h"
#include "mw-question.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* What only a person can decide about an item: the question, the candidates side by side with what tells them apart, and
 * a button for each */

#define MW_TYPE_QUESTION_CARD (mw_question_card_get_type ())
G_DECLARE_FINAL_TYPE (MwQuestionCard, mw_question_card, MW, QUESTION_CARD, GtkWidget)

void mw_question_card_set_store (MwQuestionCard *self,
                                 MwStore        *store);
void mw_question_card_show (MwQuestionCard       *self,
                            const MwQuestion     *question,
                            const MwPatientCheck *check);

G_END_DECLS
