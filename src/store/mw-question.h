/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"
#include "mw-json.h"

G_BEGIN_DECLS

/* What only a person can decide about an item. An item has at most one open question; while it is open, the item needs
 * attention with the code "question". The answer is kept, and is what the item then goes by.
 *
 * The choices are an array:
 *
 *   [{"value": "https://there.example/fhir/Patient/7",   what the answer is kept as
 *     "title": "Jonas Meyer, 4 May 2016",                for the button or the line
 *     "lines": [{"label": "Birth date",                  a side-by-side view; none where there is nothing to compare
 *                "here": "4 May 2016",                   left out where this side does not say
 *                "there": "4 May 2017",
 *                "verdict": "different"}]}]              same, similar, different, only-here, only-there or unknown
 *
 * Texts in it are in the person's language and safe to show. */

/** MW_QUESTION_CODE: what an item's error says while its question is open */
#define MW_QUESTION_CODE "question"

/** MW_QUESTION_PATIENT_THERE: who the item's patient is on the server it goes to. A value is an absolute reference to a
 *  Patient there, or MW_QUESTION_NONE */
#define MW_QUESTION_PATIENT_THERE "patient-there"

/** MW_QUESTION_RECIPIENT: who is meant by words that several fit. A value is an absolute reference to a row of people, or
 *  MW_QUESTION_NONE */
#define MW_QUESTION_RECIPIENT "recipient"

/** MW_QUESTION_ENDPOINT: which of several servers of equal standing it goes to. A value is a FHIR base, or
 *  MW_QUESTION_NONE */
#define MW_QUESTION_ENDPOINT "endpoint"

/** MW_QUESTION_CONNECT: whether to connect to a server that a directory has named. A value is its FHIR base, or
 *  MW_QUESTION_NONE */
#define MW_QUESTION_CONNECT "connect"

/** MW_QUESTION_NONE: the value of the choice "none of these", or "do not" */
#define MW_QUESTION_NONE "none"

/**
 * MwQuestion:
 * @stage: "identify" or "discover"
 * @about: one of the codes above
 * @connection: the server it is about; 0 for none
 * @text: the question, with why it is asked, in the person's language
 * @choices: see above
 * @answer: (nullable): the value of a choice; NULL while it is open
 * @answered: µs; 0 while it is open
 */
typedef struct
{
  gint64    id;
  gint64    item;
  char     *stage;
  char     *about;
  gint64    connection;
  char     *text;
  JsonNode *choices;
  gint64    asked;
  char     *answer;
  gint64    answered;
} MwQuestion;

void        mw_question_free (MwQuestion *self);
JsonNode   *mw_question_choice (const MwQuestion *self,
                                const char       *value);
gboolean    mw_questions_ask (MwDb             *db,
                              const MwQuestion *question,
                              gint64            now,
                              GError          **error);
MwQuestion *mw_questions_load (MwDb  *db,
                               gint64 id);
MwQuestion *mw_questions_open (MwDb  *db,
                               gint64 item);
MwQuestion *mw_questions_answered (MwDb       *db,
                                   gint64      item,
                                   const char *about,
                                   gint64      connection);
gboolean    mw_questions_answer (MwDb       *db,
                                 gint64      id,
                                 const char *value,
                                 gint64      now,
                                 GError    **error);
gboolean    mw_questions_drop_open (MwDb    *db,
                                    gint64   item,
                                    GError **error);
gboolean    mw_questions_forget (MwDb    *db,
                                 gint64   item,
                                 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwQuestion, mw_question_free)

G_END_DECLS
