/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-decision.h"

#include "mw-draft.h"
#include "mw-item.h"
#include "mw-patient-link.h"
#include "mw-question.h"

#include <glib/gi18n-lib.h>

/* Who the patient is there holds for every item, until it is revoked */
static gboolean
remember_patient (MwDb             *db,
                  const MwQuestion *question,
                  const char       *reference,
                  gint64            now,
                  GError          **error)
{
  g_autoptr (MwItem) item = mw_items_load (db, question->item, error);
  g_autoptr (MwDraft) draft = item != NULL ? mw_draft_new_from_text (item->content, error) : NULL;

  if (draft == NULL)
    return FALSE;
  return draft->patient == NULL ||
         mw_patient_links_make (db, draft->patient, question->connection, reference, MW_LINK_PERSON, question->item, now, error) >= 0;
}

/**
 * mw_decision_take:
 * @question: its id
 * @value: of one of its choices
 *
 * Inside a write: a person decides, and what she decided is remembered. Fails as mw_questions_answer() does.
 */
gboolean
mw_decision_take (MwDb       *db,
                  gint64      question,
                  const char *value,
                  gint64      now,
                  GError    **error)
{
  g_autoptr (MwQuestion) row = mw_questions_load (db, question);

  if (!mw_questions_answer (db, question, value, now, error))
    return FALSE;
  if (g_strcmp0 (row->about, MW_QUESTION_PATIENT_THERE) == 0 && g_strcmp0 (value, MW_QUESTION_NONE) != 0)
    return remember_patient (db, row, value, now, error);
  return TRUE;
}

typedef struct
{
  gint64 question;
  char  *value;
  gint64 now;
} Decision;

static void
decision_free (gpointer data)
{
  Decision *decision = data;

  g_free (decision->value);
  g_free (decision);
}

static gint64
run_take (MwDb    *db,
          gpointer data,
          GError **error)
{
  Decision *decision = data;

  return mw_decision_take (db, decision->question, decision->value, decision->now, error) ? 0 : -1;
}

void
mw_decision_take_async (MwStore            *store,
                        gint64              question,
                        const char         *value,
                        gint64              now,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  Decision *decision = g_new0 (Decision, 1);

  decision->question = question;
  decision->value = g_strdup (value);
  decision->now = now;
  mw_store_write_async (store, run_take, decision, decision_free, cancellable, callback, user_data);
}

gboolean
mw_decision_take_finish (MwStore      *store,
                         GAsyncResult *result,
                         GError      **error)
{
  return mw_store_write_finish (store, result, error) >= 0;
}

/**
 * mw_decision_verdict_words:
 * @verdict: (nullable): of a line of a choice
 *
 * Returns: (nullable): the word to stand beside the line; NULL for none
 */
const char *
mw_decision_verdict_words (const char *verdict)
{
  static const struct
  {
    const char *code;
    const char *words;
  } verdicts[] = {
    { "same", NC_ ("comparison", "Agrees") },
    { "similar", NC_ ("comparison", "Similar") },
    { "different", NC_ ("comparison", "Differs") },
    { "only-here", NC_ ("comparison", "Only here") },
    { "only-there", NC_ ("comparison", "Only there") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (g_strcmp0 (verdicts[i].code, verdict) == 0)
      return g_dpgettext2 (GETTEXT_PACKAGE, "comparison", verdicts[i].words);
  return NULL;
}
