/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-decision.h"

#include "mw-draft.h"
#include "mw-item.h"
#include "mw-journal.h"
#include "mw-me.h"
#include "mw-other-patient.h"
#include "mw-patient-link.h"
#include "mw-question.h"
#include "mw-resource-row.h"
#include "mw-settle.h"

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

/* "None of these": nobody there is the patient, whatever was thought before */
static gboolean
forget_patient (MwDb             *db,
                const MwQuestion *question,
                gint64            now,
                GError          **error)
{
  g_autoptr (MwItem) item = mw_items_load (db, question->item, error);
  g_autoptr (MwDraft) draft = item != NULL ? mw_draft_new_from_text (item->content, error) : NULL;
  g_autoptr (MwPatientLink) link = draft != NULL && draft->patient != NULL ? mw_patient_links_find (db, draft->patient, question->connection) : NULL;

  if (draft == NULL)
    return FALSE;
  return link == NULL || mw_patient_links_revoke (db, link->id, now, error);
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
  if (g_strcmp0 (row->about, MW_QUESTION_PATIENT_THERE) != 0)
    return TRUE;
  return g_strcmp0 (value, MW_QUESTION_NONE) == 0 ? forget_patient (db, row, now, error) : remember_patient (db, row, value, now, error);
}

/* What was withheld from the request is told now */
static gboolean
settle (MwDb                 *db,
        const MwPatientCheck *check,
        gint64                now,
        GError              **error)
{
  g_autoptr (MwResourceRow) row = mw_resources_load (db, check->resource);
  g_autoptr (MwConnection) connection = row != NULL ? mw_connections_load (db, row->connection, NULL) : NULL;
  g_autoptr (JsonNode) resource = connection != NULL ? mw_json_parse (g_bytes_get_data (row->raw, NULL), (gssize) g_bytes_get_size (row->raw), NULL) : NULL;
  g_auto (GStrv) me = NULL;
  MwArrival arrival;

  if (resource == NULL)
    return TRUE;
  me = mw_me_load (db, connection);
  arrival = (MwArrival){ .resource = resource, .base = connection->url, .reference = row->reference, .home = connection->home, .me = me };
  return mw_settle_thread (db, check->thread, &arrival, NULL, now, error);
}

/* One that does not belong holds the answer back, one that nobody has decided does, too */
static gboolean
all_belong (MwDb                 *db,
            const MwPatientCheck *check)
{
  return mw_db_get_int (db, 1, "SELECT count(*) FROM patient_checks WHERE resource = ?1 AND decision IS NOT ?2", "is", check->resource, MW_CHECK_BELONGS) == 0;
}

/**
 * mw_decision_label:
 * @decision: MW_CHECK_BELONGS or MW_CHECK_DOES_NOT_BELONG
 *
 * Returns: (transfer none): what is on its button
 */
const char *
mw_decision_label (const char *decision)
{
  return g_str_equal (decision, MW_CHECK_BELONGS) ? _ ("It Belongs to This Request") : _ ("It Does Not");
}

/**
 * mw_decision_take_check:
 * @check: the id of what there is to decide about an answer
 * @decision: MW_CHECK_BELONGS or MW_CHECK_DOES_NOT_BELONG
 *
 * Inside a write: a person decides whether an answer about another patient belongs to the request. One that does answers
 * it, and is filed with the request's patient; one that does not is filed with the patient that it names, and the request
 * goes on waiting. An answer with several such findings counts when the last is decided. Fails as mw_patient_checks_decide() does.
 */
gboolean
mw_decision_take_check (MwDb       *db,
                        gint64      check,
                        const char *decision,
                        gint64      now,
                        GError    **error)
{
  g_autoptr (MwPatientCheck) row = NULL;
  g_autoptr (MwPatientCheck) next = NULL;
  g_autofree char *said = NULL;
  g_autofree char *warning = NULL;
  const char      *words = g_str_equal (decision, MW_CHECK_BELONGS) ? _ ("It belongs to this request") : _ ("It does not belong to this request");

  if (!mw_patient_checks_decide (db, check, decision, now, error))
    return FALSE;
  row = mw_patient_checks_load (db, check);
  said = mw_other_patient_warning (row);
  next = mw_patient_checks_of_entry (db, row->entry);
  /* what else came with it may be about somebody else still */
  warning = next != NULL && next->decision == NULL ? g_strdup_printf ("%s %s", next->text, said) : g_strdup (said);
  return mw_db_run (db, error, "UPDATE entries SET warning = ?2 WHERE id = ?1", "is", row->entry, warning) &&
         mw_journal_add (db, row->thread, 0, row->entry, now, MW_EVENT_DECIDED, words, error) &&
         (!all_belong (db, row) || settle (db, row, now, error));
}

typedef struct
{
  gint64   question;
  gboolean check;
  char    *value;
  gint64   now;
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

  if (decision->check)
    return mw_decision_take_check (db, decision->question, decision->value, decision->now, error) ? 0 : -1;
  return mw_decision_take (db, decision->question, decision->value, decision->now, error) ? 0 : -1;
}

static void
take_async (MwStore            *store,
            gint64              id,
            gboolean            check,
            const char         *value,
            gint64              now,
            GCancellable       *cancellable,
            GAsyncReadyCallback callback,
            gpointer            user_data)
{
  Decision *decision = g_new0 (Decision, 1);

  decision->question = id;
  decision->check = check;
  decision->value = g_strdup (value);
  decision->now = now;
  mw_store_write_async (store, run_take, decision, decision_free, cancellable, callback, user_data);
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
  take_async (store, question, FALSE, value, now, cancellable, callback, user_data);
}

/**
 * mw_decision_take_check_async:
 *
 * As mw_decision_take_check(); ends with mw_decision_take_finish().
 */
void
mw_decision_take_check_async (MwStore            *store,
                              gint64              check,
                              const char         *decision,
                              gint64              now,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  take_async (store, check, TRUE, decision, now, cancellable, callback, user_data);
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

/**
 * mw_decision_choice_words:
 * @about: of a question
 *
 * Returns: what the button of a choice says; NULL when the choice's own title says it
 */
const char *
mw_decision_choice_words (const char *about)
{
  if (g_strcmp0 (about, MW_QUESTION_PATIENT_THERE) == 0)
    return _ ("This Is the Patient");
  if (g_strcmp0 (about, MW_QUESTION_RECIPIENT) == 0)
    return _ ("Send It to Them");
  if (g_strcmp0 (about, MW_QUESTION_ENDPOINT) == 0)
    return _ ("Send It There");
  return NULL;
}

/**
 * mw_decision_none_words:
 * @about: of a question
 *
 * Returns: what the button of the choice MW_QUESTION_NONE says
 */
const char *
mw_decision_none_words (const char *about)
{
  if (g_strcmp0 (about, MW_QUESTION_CONNECT) == 0)
    return _ ("Do Not Send There");
  return g_strcmp0 (about, MW_QUESTION_ENDPOINT) == 0 ? _ ("Do Not Send It") : _ ("None of These");
}
