/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-question.h"

#include "mw-audit-note.h"
#include "mw-item.h"
#include "mw-journal.h"

#define COLUMNS "id, item, stage, about, coalesce(connection, 0), text, choices, asked, answer, answered"

void
mw_question_free (MwQuestion *self)
{
  if (self == NULL)
    return;
  g_free (self->stage);
  g_free (self->about);
  g_free (self->text);
  g_clear_pointer (&self->choices, json_node_unref);
  g_free (self->answer);
  g_free (self);
}

/**
 * mw_question_choice:
 *
 * Returns: (transfer none) (nullable): the choice that has @value
 */
JsonNode *
mw_question_choice (const MwQuestion *self,
                    const char       *value)
{
  guint n = mw_json_length (self->choices, NULL);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *choice = mw_json_item (self->choices, NULL, i);

      if (value != NULL && g_strcmp0 (mw_json_string (choice, "value"), value) == 0)
        return choice;
    }
  return NULL;
}

static gboolean
moved_on (GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "The question is not open any more");
  return FALSE;
}

/**
 * mw_questions_ask:
 * @question: item, stage, about, connection, text and choices
 *
 * Puts the question before the person: the item needs attention from now on. It takes the place of a question that the
 * item may have open.
 */
gboolean
mw_questions_ask (MwDb             *db,
                  const MwQuestion *question,
                  gint64            now,
                  GError          **error)
{
  g_autofree char *choices = mw_json_to_text (question->choices, FALSE);

  return mw_questions_drop_open (db, question->item, error) &&
         mw_db_run (db, error,
                    "INSERT INTO questions (item, stage, about, connection, text, choices, asked) VALUES (?1, ?2, ?3, nullif(?4, 0), ?5, ?6, ?7)",
                    "ississi", question->item, question->stage, question->about, question->connection, question->text, choices, now) &&
         mw_items_need_attention (db, question->item, question->stage, MW_QUESTION_CODE, question->text, now, error);
}

static MwQuestion *
read_row (MwQuery *query)
{
  MwQuestion *self;

  if (!mw_query_step (query, NULL))
    return NULL;
  self = g_new0 (MwQuestion, 1);
  self->id = mw_query_int (query, 0);
  self->item = mw_query_int (query, 1);
  self->stage = mw_query_dup (query, 2);
  self->about = mw_query_dup (query, 3);
  self->connection = mw_query_int (query, 4);
  self->text = mw_query_dup (query, 5);
  self->choices = mw_json_parse (mw_query_text (query, 6), -1, NULL);
  self->asked = mw_query_int (query, 7);
  self->answer = mw_query_dup (query, 8);
  self->answered = mw_query_int (query, 9);
  return self;
}

/**
 * mw_questions_load:
 *
 * Returns: (transfer full) (nullable): the question, open or answered
 */
MwQuestion *
mw_questions_load (MwDb  *db,
                   gint64 id)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (!mw_query_init (&query, db, NULL, "SELECT " COLUMNS " FROM questions WHERE id = ?1", "i", id))
    return NULL;
  return read_row (&query);
}

/**
 * mw_questions_open:
 *
 * Returns: (transfer full) (nullable): what the item is waiting to be told
 */
MwQuestion *
mw_questions_open (MwDb  *db,
                   gint64 item)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (!mw_query_init (&query, db, NULL, "SELECT " COLUMNS " FROM questions WHERE item = ?1 AND answered = 0 ORDER BY id DESC LIMIT 1", "i", item))
    return NULL;
  return read_row (&query);
}

/**
 * mw_questions_answered:
 * @connection: the server it is about; 0 for none
 *
 * Returns: (transfer full) (nullable): the last answer of a person about this
 */
MwQuestion *
mw_questions_answered (MwDb       *db,
                       gint64      item,
                       const char *about,
                       gint64      connection)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (!mw_query_init (&query, db, NULL,
                      "SELECT " COLUMNS " FROM questions WHERE item = ?1 AND about = ?2 AND connection IS nullif(?3, 0) AND answered > 0 "
                      "ORDER BY id DESC LIMIT 1",
                      "isi", item, about, connection))
    return NULL;
  return read_row (&query);
}

/**
 * mw_questions_answer:
 * @value: of one of its choices; MW_STORE_ERROR_NOT_FOUND says that it is none
 *
 * A person decides. The first answer counts: MW_STORE_ERROR_STATE says that somebody has answered already, or that the
 * item has moved on. With it the item goes on its way.
 */
gboolean
mw_questions_answer (MwDb       *db,
                     gint64      id,
                     const char *value,
                     gint64      now,
                     GError    **error)
{
  g_autoptr (MwQuestion) question = mw_questions_load (db, id);
  JsonNode *choice = question != NULL ? mw_question_choice (question, value) : NULL;
  gint64    thread;

  if (question == NULL)
    return moved_on (error);
  if (choice == NULL)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND, "There is no such choice");
      return FALSE;
    }
  if (!mw_db_run (db, error, "UPDATE questions SET answer = ?2, answered = ?3 WHERE id = ?1 AND answered = 0", "isi", id, value, now))
    return FALSE;
  if (mw_db_n_changed (db) != 1)
    return moved_on (error);
  if (!mw_db_run (db, error,
                  "UPDATE items SET state = 2, stage = NULL, error = NULL, error_text = NULL, wait = NULL, attempts = 0, same_failures = 0, "
                  "next_attempt = ?2, changed = ?2 WHERE id = ?1 AND state = 9 AND error = '" MW_QUESTION_CODE "'",
                  "ii", question->item, now))
    return FALSE;
  if (mw_db_n_changed (db) != 1)
    return moved_on (error);
  thread = mw_db_get_int (db, 0, "SELECT thread FROM items WHERE id = ?1", "i", question->item);
  mw_db_touch (db, MW_CHANGE_ITEMS);
  return mw_journal_add (db, thread, question->item, 0, now, MW_EVENT_DECIDED, mw_json_string (choice, "title"), error) &&
         mw_audit_note_decision (db, question->item, question->stage, now, error);
}

/**
 * mw_questions_drop_open:
 *
 * Nobody needs to answer any more: the item was withdrawn, or tries once more by itself.
 */
gboolean
mw_questions_drop_open (MwDb    *db,
                        gint64   item,
                        GError **error)
{
  return mw_db_run (db, error, "DELETE FROM questions WHERE item = ?1 AND answered = 0", "i", item);
}

/**
 * mw_questions_forget:
 *
 * The item is being edited: it may become one about somebody else, for whom no answer counts.
 */
gboolean
mw_questions_forget (MwDb    *db,
                     gint64   item,
                     GError **error)
{
  return mw_db_run (db, error, "DELETE FROM questions WHERE item = ?1", "i", item);
}
