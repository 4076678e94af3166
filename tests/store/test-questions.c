/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Questions to a person, and the links between the records of one patient that their answers make */

#include "store-fixture.h"

#include "mw-audit.h"
#include "mw-patient-link.h"
#include "mw-question.h"

#define SECOND G_TIME_SPAN_SECOND
#define T0 (G_GINT64_CONSTANT (1767225600) * SECOND)
#define HOME "https://home.example/fhir/Patient/1"
#define THERE "https://there.example/fhir"

static gint64
ask (MwDb  *db,
     gint64 item,
     gint64 connection)
{
  g_autoptr (JsonNode) choices = mw_json_parse ("[{\"value\":\"" THERE "/Patient/7\",\"title\":\"Jonas Meyer\"},{\"value\":\"none\",\"title\":\"None\"}]", -1, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwQuestion) open = NULL;
  MwQuestion question = { .item = item,
                          .stage = (char *) "identify",
                          .about = (char *) MW_QUESTION_PATIENT_THERE,
                          .connection = connection,
                          .text = (char *) "Who is it?",
                          .choices = choices };

  mw_questions_ask (db, &question, T0, &error);
  g_assert_no_error (error);
  open = mw_questions_open (db, item);
  g_assert_nonnull (open);
  return open->id;
}

static gint64
preparing (MwDb *db)
{
  gint64 item = test_item_saved (db, 0, T0, T0);

  g_assert_true (mw_items_move (db, item, MW_ITEM_SAVED, MW_ITEM_PREPARING, T0, NULL));
  return item;
}

static MwItemState
state_of (MwDb  *db,
          gint64 item)
{
  return (MwItemState) mw_db_get_int (db, -1, "SELECT state FROM items WHERE id = ?1", "i", item);
}

static void
test_ask (DbFixture    *f,
          gconstpointer data)
{
  gint64 connection = test_connection_new (f->db, THERE, FALSE);
  gint64 item = preparing (f->db);
  gint64 first = ask (f->db, item, connection);
  g_autoptr (MwItem) row = mw_items_load (f->db, item, NULL);
  g_autoptr (MwQuestion) question = NULL;
  gint64 second;

  g_assert_cmpint (row->state, ==, MW_ITEM_ATTENTION);
  g_assert_cmpstr (row->error, ==, MW_QUESTION_CODE);
  g_assert_cmpstr (row->error_text, ==, "Who is it?");
  question = mw_questions_load (f->db, first);
  g_assert_cmpstr (question->stage, ==, "identify");
  g_assert_cmpint (question->connection, ==, connection);
  g_assert_cmpstr (mw_json_string (mw_question_choice (question, "none"), "title"), ==, "None");
  g_assert_null (mw_question_choice (question, NULL));
  /* asked again after another try: one question is open, not two */
  g_assert_true (mw_items_retry (f->db, item, T0, NULL));
  g_assert_null (mw_questions_open (f->db, item));
  second = ask (f->db, item, connection);
  g_assert_cmpint (mw_db_get_int (f->db, -1, "SELECT count(*) FROM questions", ""), ==, 1);
  g_assert_cmpint (second, >, 0);
}

static void
test_answer (DbFixture    *f,
             gconstpointer data)
{
  gint64 connection = test_connection_new (f->db, THERE, FALSE);
  gint64 item = preparing (f->db);
  gint64 question = ask (f->db, item, connection);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwQuestion) kept = NULL;
  g_autofree char *detail = NULL;

  g_assert_false (mw_questions_answer (f->db, question, THERE "/Patient/8", T0 + SECOND, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmpint (state_of (f->db, item), ==, MW_ITEM_ATTENTION);
  g_assert_null (mw_questions_answered (f->db, item, MW_QUESTION_PATIENT_THERE, connection));

  g_assert_true (mw_questions_answer (f->db, question, THERE "/Patient/7", T0 + SECOND, &error));
  g_assert_cmpint (state_of (f->db, item), ==, MW_ITEM_PREPARING);
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT next_attempt FROM items WHERE id = ?1", "i", item), ==, T0 + SECOND);
  g_assert_null (mw_questions_open (f->db, item));
  detail = mw_db_get_text (f->db, "SELECT detail FROM audit WHERE event = '" MW_AUDIT_QUESTION_ANSWERED "'", "");
  g_assert_cmpstr (detail, ==, "identify");

  /* the first answer counts */
  g_assert_false (mw_questions_answer (f->db, question, MW_QUESTION_NONE, T0 + 2 * SECOND, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
  kept = mw_questions_answered (f->db, item, MW_QUESTION_PATIENT_THERE, connection);
  g_assert_cmpstr (kept->answer, ==, THERE "/Patient/7");
  g_assert_cmpint (kept->answered, ==, T0 + SECOND);
  g_assert_null (mw_questions_answered (f->db, item, MW_QUESTION_PATIENT_THERE, connection + 1));
}

static void
test_too_late (DbFixture    *f,
               gconstpointer data)
{
  gint64 connection = test_connection_new (f->db, THERE, FALSE);
  gint64 item = preparing (f->db);
  gint64 question = ask (f->db, item, connection);
  g_autoptr (GError) error = NULL;

  g_assert_true (mw_items_withdraw (f->db, item, T0, NULL));
  g_assert_false (mw_questions_answer (f->db, question, MW_QUESTION_NONE, T0, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
  g_assert_cmpint (state_of (f->db, item), ==, MW_ITEM_WITHDRAWN);
  g_clear_error (&error);

  /* an answer is about the patient of that time: after an edit it counts for nobody */
  item = preparing (f->db);
  question = ask (f->db, item, connection);
  g_assert_true (mw_questions_answer (f->db, question, MW_QUESTION_NONE, T0, NULL));
  g_assert_true (mw_items_edit (f->db, item, T0, NULL));
  g_assert_null (mw_questions_answered (f->db, item, MW_QUESTION_PATIENT_THERE, connection));
}

static void
test_links (DbFixture    *f,
            gconstpointer data)
{
  gint64 connection = test_connection_new (f->db, THERE, FALSE);
  gint64 item = preparing (f->db);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwPatientLink) found = NULL;
  g_autoptr (GPtrArray) all = NULL;
  gint64 first, second;

  g_assert_null (mw_patient_links_find (f->db, HOME, connection));
  first = mw_patient_links_make (f->db, HOME, connection, THERE "/Patient/7", MW_LINK_CERTAIN, item, T0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mw_patient_links_make (f->db, HOME, connection, THERE "/Patient/7", MW_LINK_PERSON, item, T0, NULL), ==, first);
  g_assert_cmpint (mw_db_get_int (f->db, -1, "SELECT count(*) FROM audit WHERE event = '" MW_AUDIT_LINK_MADE "' AND detail = 'certain'", ""), ==, 1);
  /* somebody else there takes its place, and nothing is lost of what was */
  second = mw_patient_links_make (f->db, HOME, connection, THERE "/Patient/8", MW_LINK_PERSON, item, T0 + SECOND, NULL);
  g_assert_cmpint (mw_db_get_int (f->db, -1, "SELECT count(*) FROM audit WHERE event = '" MW_AUDIT_LINK_REVOKED "' AND detail = 'replaced' AND agent <> 'engine'", ""), ==, 1);
  found = mw_patient_links_find (f->db, HOME, connection);
  g_assert_cmpint (found->id, ==, second);
  g_assert_cmpstr (found->reference, ==, THERE "/Patient/8");
  g_assert_null (mw_patient_links_find (f->db, HOME, connection + 1));
  g_assert_true (mw_patient_links_revoke (f->db, second, T0 + SECOND, NULL));
  g_assert_null (mw_patient_links_find (f->db, HOME, connection));
  g_assert_false (mw_patient_links_revoke (f->db, second, T0 + SECOND, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
  all = mw_patient_links_list (f->db, NULL);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpint (((MwPatientLink *) g_ptr_array_index (all, 1))->revoked, ==, T0 + SECOND);
  g_assert_cmpint (mw_db_get_int (f->db, -1, "SELECT count(*) FROM audit WHERE event = '" MW_AUDIT_LINK_REVOKED "'", ""), ==, 2);
}

#define ADD(path, test) g_test_add ("/store/questions/" path, DbFixture, NULL, db_fixture_set_up, test, db_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("ask", test_ask);
  ADD ("answer", test_answer);
  ADD ("too-late", test_too_late);
  ADD ("links", test_links);
  return g_test_run ();
}
