/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Who an item's patient is on the server it goes to: found, linked, asked about once, never guessed */

#include "registry.h"

#include "mw-audit-words.h"
#include "mw-json.h"
#include "mw-patient-link.h"
#include "mw-question.h"

#include <string.h>

/* Whether what will be sent, as a person is shown it before, is about the patient whom the server knows */
static gboolean
preview_is_about (EngineFixture *f,
                  Registry      *registry,
                  const char    *reference)
{
  g_autoptr (MwDraft) draft = registry_draft (f, registry);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwPlan) plan = mw_outbox_preview (f->db, draft, 0, &error);
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", reference);

  g_assert_no_error (error);
  for (guint i = 0; i < plan->requests->len; i++)
    {
      const MwPlannedRequest *request = g_ptr_array_index (plan->requests, i);
      gsize                   size;
      const char             *data = g_bytes_get_data (request->body, &size);

      if (g_strstr_len (data, (gssize) size, quoted) != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
assert_journal (EngineFixture *f,
                const char    *words)
{
  g_autofree char *all = engine_fixture_get_text (f, "SELECT group_concat(detail, ' | ') FROM journal WHERE event = 'identified'");

  if (all == NULL || strstr (all, words) == NULL)
    g_error ("“%s” is not in “%s”", words, all);
}

/* What the audit says of the link that was made last, and by whose hand */
static void
assert_audited (EngineFixture *f,
                gboolean       by_person,
                const char    *words)
{
  g_autoptr (MwAuditRow) row = mw_audit_load (f->db, engine_fixture_get (f, "SELECT max(id) FROM audit WHERE event = 'link-made'"), NULL);
  g_autofree char *event = NULL;

  g_assert_nonnull (row);
  event = mw_audit_words_event (f->db, row);
  g_assert_true (g_str_has_prefix (event, words));
  g_assert_cmpint (g_str_equal (row->agent, MW_AUDIT_ENGINE), !=, by_person);
}

/* ---- without a question ------------------------------------------------ */

static void
test_certain (EngineFixture *f,
              gconstpointer  user_data)
{
  Registry registry;
  gint64   item;

  registry_begin (&registry, f, PEER_MATCH | PEER_SEARCH, BUNDLE (ERIKA GRADE ("certain", "1.0") "}"), "");
  item = registry_message (f, &registry);
  g_assert_false (preview_is_about (f, &registry, "Patient/e1"));
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_true (registry_is_about (f, item, "Patient/e1"));
  g_assert_true (preview_is_about (f, &registry, "Patient/e1"));
  assert_journal (f, "is certain");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links WHERE how = 'certain' AND revoked = 0"), ==, 1);
  assert_audited (f, FALSE, "Message: Found which patient there is meant: the server is certain");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM audit WHERE event = 'queried' AND request = 'POST Patient/$match'"), ==, 1);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM questions"), ==, 0);
  /* the second one goes by the link */
  item = registry_message (f, &registry);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_true (registry_is_about (f, item, "Patient/e1"));
  assert_journal (f, "as found before");
  g_assert_cmpuint (registry.n_match, ==, 1);
  g_assert_cmpuint (registry.n_search, ==, 0);
  registry_end (&registry, f);
}

static void
test_number (EngineFixture *f,
             gconstpointer  user_data)
{
  Registry registry;
  gint64   item;

  registry_begin (&registry, f, PEER_SEARCH, "", BUNDLE (ERIKA "}"));
  item = registry_message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_true (registry_is_about (f, item, "Patient/e1"));
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links WHERE how = 'identifier'"), ==, 1);
  assert_audited (f, FALSE, "Message: Found which patient there is meant: the only one with this number");
  g_assert_cmpuint (registry.n_search, ==, 1);
  registry_end (&registry, f);
}

static void
test_nobody (EngineFixture *f,
             gconstpointer  user_data)
{
  Registry registry;
  gint64   item;

  registry_begin (&registry, f, PEER_MATCH | PEER_SEARCH, BUNDLE (""), BUNDLE (ERIKA "}"));
  item = registry_message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_false (registry_is_about (f, item, "Patient/e1"));
  assert_journal (f, "the data go along");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links"), ==, 0);
  /* it has said all there is to say */
  g_assert_cmpuint (registry.n_search, ==, 0);
  registry_end (&registry, f);
}

/* A $match that is refused or broken: the search does it */
static void
test_refused (EngineFixture *f,
              gconstpointer  user_data)
{
  static const guint statuses[] = { 403, 404, 422, 500, 501 };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      Registry registry;
      gint64   item;

      engine_fixture_sql (f, "DELETE FROM patient_links");
      registry_begin (&registry, f, PEER_MATCH | PEER_SEARCH, "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"processing\",\"diagnostics\":\"Erika Muster\"}]}",
                      BUNDLE (ERIKA "}"));
      registry.match_status = statuses[i];
      item = registry_message (f, &registry);
      engine_fixture_start (f);
      engine_fixture_wait_state (f, item, "handed-over");
      g_assert_true (registry_is_about (f, item, "Patient/e1"));
      g_assert_cmpuint (registry.n_match, ==, 1);
      registry_end (&registry, f);
    }
}

/* A server that can search, but not with a form: the number goes into a URL, names and birth dates do not */
static void
test_no_forms (EngineFixture *f,
               gconstpointer  user_data)
{
  static const guint statuses[] = { 400, 404, 405, 501 };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      Registry registry;
      gint64   item;

      engine_fixture_sql (f, "DELETE FROM patient_links");
      registry_begin (&registry, f, PEER_SEARCH, "", BUNDLE (ERIKA "}"));
      registry.form_status = statuses[i];
      item = registry_message (f, &registry);
      engine_fixture_start (f);
      engine_fixture_wait_state (f, item, "handed-over");
      g_assert_true (registry_is_about (f, item, "Patient/e1"));
      g_assert_cmpuint (registry.n_search, ==, 1);
      g_assert_cmpuint (registry.n_get, ==, 1);
      g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM audit WHERE request LIKE '%4711%'"), ==, 0);
      registry_end (&registry, f);
    }
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM audit WHERE event = 'queried' AND request LIKE 'GET Patient%'"), ==, G_N_ELEMENTS (statuses));
}

static void
test_no_forms_nobody (EngineFixture *f,
                      gconstpointer  user_data)
{
  Registry registry;
  gint64   item;

  registry_begin (&registry, f, PEER_SEARCH, "", BUNDLE (""));
  registry.form_status = 405;
  item = registry_message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  /* by number, by both names, by family name: only the first has a second way */
  g_assert_cmpuint (registry.n_search, ==, 3);
  g_assert_cmpuint (registry.n_get, ==, 1);
  assert_journal (f, "nobody with this number");
  registry_end (&registry, f);
}

/* Whoever has the number at a server may be somebody else. Only where that server was asked, and nobody has it, the
 * patient's record is made on the condition that nobody has it */
static void
test_number_of_another (EngineFixture *f,
                        gconstpointer  user_data)
{
  static const struct
  {
    PeerFlags   flags;
    const char *match;
    guint       form_status;
    gboolean    by_number;
  } cases[] = {
    { PEER_SEARCH, "", 0, TRUE },
    { PEER_SEARCH, "", 403, FALSE },
    { PEER_PLAIN, "", 0, FALSE },
    { PEER_MATCH | PEER_SEARCH, BUNDLE (""), 0, FALSE },
    { PEER_MATCH | PEER_SEARCH, BUNDLE ("{" RECORD ("e4", "Otto", "2001-01-01", "4711") GRADE ("certainly-not", "0.0") "}"), 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Registry registry;
      gint64   message, push;
      g_autoptr (MwDraft) draft = NULL;
      g_autofree char *condition = NULL;
      g_autofree char *subject = NULL;

      engine_fixture_sql (f, "DELETE FROM requests");
      registry_begin (&registry, f, cases[i].flags, cases[i].match, BUNDLE (""));
      registry.form_status = cases[i].form_status;
      draft = registry_draft (f, &registry);
      g_free (draft->kind);
      draft->kind = g_strdup (MW_KIND_PUSH);
      push = engine_fixture_post (f, registry.peer, 0, draft);
      engine_fixture_start (f);
      engine_fixture_wait_state (f, push, "handed-over");
      condition = engine_fixture_get_text (f, "SELECT if_none_exist FROM requests WHERE url = 'Patient'");
      g_assert_nonnull (condition);
      g_assert_true ((strstr (condition, "4711") != NULL) == cases[i].by_number);
      /* nor is anybody named by it alone */
      engine_fixture_sql (f, "DELETE FROM requests");
      message = registry_message (f, &registry);
      engine_fixture_wait_state (f, message, "handed-over");
      subject = engine_fixture_get_text (f, "SELECT json_extract(CAST(body AS TEXT), '$.subject.identifier.value') FROM requests WHERE url = 'Communication'");
      g_assert_cmpstr (subject, ==, cases[i].by_number ? "4711" : NULL);
      registry_end (&registry, f);
    }
}

#define BOY "urn:uuid:0b7e1c2e-1111-4222-8333-444444444444"

/* The receiver has the boy's record, and makes one of his mother, whose data go along: that one is not his */
static void
test_mother (EngineFixture *f,
             gconstpointer  user_data)
{
  static const PeerFlags ways[] = { PEER_PLAIN, PEER_TRANSACTION };

  engine_fixture_sql (f, "INSERT INTO people (reference, type, name, fold) VALUES ('" BOY "', 'Patient', 'Jonas Muster', ' jonas muster')");
  engine_fixture_sql (f, "INSERT INTO resources (type, reference, received, patient, raw) SELECT 'Patient', reference, 0, id, "
                         "CAST('{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Muster\",\"given\":[\"Jonas\"]}],\"birthDate\":\"2016-05-04\"}' AS BLOB) "
                         "FROM people WHERE reference = '" BOY "'");
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      Registry registry;
      gint64   alone, both;
      g_autoptr (MwDraft) draft = NULL;
      g_autofree char *mother = g_strconcat (f->home_url, "/Patient/p1", NULL);

      registry_begin (&registry, f, ways[i], "", "");
      draft = registry_draft (f, &registry);
      g_free (draft->kind);
      draft->kind = g_strdup (MW_KIND_PUSH);
      g_free (draft->patient);
      draft->patient = g_strdup (BOY);
      alone = engine_fixture_post (f, registry.peer, 0, draft);
      engine_fixture_start (f);
      engine_fixture_wait_state (f, alone, "handed-over");
      g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links WHERE how = 'created'"), ==, 1);
      engine_fixture_sql (f, "DELETE FROM patient_links");
      draft->resources = g_strsplit (mother, " ", -1);
      both = engine_fixture_post (f, registry.peer, 0, draft);
      engine_fixture_wait_state (f, both, "handed-over");
      g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links"), ==, 0);
      registry_end (&registry, f);
    }
}

/* ---- with one ----------------------------------------------------------- */

static void
test_namesake (EngineFixture *f,
               gconstpointer  user_data)
{
  Registry registry;
  gint64   item, second, third;
  g_autoptr (MwQuestion) question = NULL;
  g_autofree char *value = NULL;

  registry_begin (&registry, f, PEER_MATCH, BUNDLE (ERIKA GRADE ("certain", "1.0") "}," NAMESAKE GRADE ("possible", "0.5") "}"), "");
  value = g_strconcat (registry.peer->url, "/Patient/e2", NULL);
  item = registry_message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "attention");
  question = mw_questions_open (f->db, item);
  g_assert_nonnull (question);
  g_assert_cmpuint (mw_json_length (question->choices, NULL), ==, 3);
  g_assert_cmpstr (mw_json_string (mw_json_item (question->choices, NULL, 2), "value"), ==, MW_QUESTION_NONE);
  g_assert_nonnull (strstr (question->text, "Erika Muster"));
  g_assert_cmpuint (mw_json_length (mw_question_choice (question, value), "lines"), >=, 3);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM requests"), ==, 0);

  registry_take (f, item, value);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_true (registry_is_about (f, item, "Patient/e2"));
  engine_fixture_assert_once (f, registry.peer);
  assert_journal (f, "as you decided");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links WHERE how = 'person'"), ==, 1);
  assert_audited (f, TRUE, "Message: Said which patient there is meant");
  second = registry_message (f, &registry);
  engine_fixture_wait_state (f, second, "handed-over");
  g_assert_true (registry_is_about (f, second, "Patient/e2"));
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM questions"), ==, 1);

  /* a link that was taken back counts no more */
  engine_fixture_sql (f, "UPDATE patient_links SET revoked = 1");
  third = registry_message (f, &registry);
  engine_fixture_wait_state (f, third, "attention");
  registry_take (f, third, MW_QUESTION_NONE);
  engine_fixture_wait_state (f, third, "handed-over");
  g_assert_false (registry_is_about (f, third, "Patient/e1") || registry_is_about (f, third, "Patient/e2"));
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links WHERE revoked = 0"), ==, 0);
  g_assert_cmpuint (registry.n_match, ==, 2);
  registry_end (&registry, f);
}

/* No scores, no grades, and more than one; and one that is found by its number but has another birth date */
static void
test_ungraded (EngineFixture *f,
               gconstpointer  user_data)
{
  static const char *const answers[] = {
    BUNDLE (ERIKA "}," NAMESAKE "}"),
    BUNDLE ("{" RECORD ("e3", "Erika", "1975-02-03", "4711") "}"),
    BUNDLE (ERIKA GRADE ("probable", "0.9") "}"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      Registry registry;
      gint64   item;

      registry_begin (&registry, f, PEER_MATCH, answers[i], "");
      item = registry_message (f, &registry);
      engine_fixture_start (f);
      engine_fixture_wait_state (f, item, "attention");
      g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links"), ==, 0);
      registry_end (&registry, f);
    }
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM questions"), ==, G_N_ELEMENTS (answers));
}

static void
test_hostile (EngineFixture *f,
              gconstpointer  user_data)
{
  g_autoptr (GString) many = g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[" ERIKA GRADE ("certain", "1") "}");
  Registry registry;
  gint64   item;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (many, ",{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"x%u\",\"name\":[{\"family\":\"Muster\"}]}}", i);
  g_string_append (many, "]}");
  registry_begin (&registry, f, PEER_MATCH, many->str, "");
  item = registry_message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "attention");
  g_assert_cmpint (engine_fixture_get (f, "SELECT json_array_length(choices) FROM questions"), <=, 21);
  registry_end (&registry, f);

  /* whoever is elsewhere can neither be taken nor chosen */
  engine_fixture_sql (f, "DELETE FROM questions");
  registry_begin (&registry, f, PEER_MATCH,
                  BUNDLE ("{\"fullUrl\":\"https://evil.example/fhir/Patient/e1\"," RECORD ("e1", "Erika", "1957-03-02", "4711") GRADE ("certain", "1") "}"), "");
  item = registry_message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links"), ==, 0);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM questions"), ==, 0);
  registry_end (&registry, f);
}

#define ADD(path, test) g_test_add ("/engine/identify/" path, EngineFixture, NULL, engine_fixture_set_up, test, engine_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("certain", test_certain);
  ADD ("number", test_number);
  ADD ("nobody", test_nobody);
  ADD ("refused", test_refused);
  ADD ("no-forms", test_no_forms);
  ADD ("no-forms-nobody", test_no_forms_nobody);
  ADD ("number-of-another", test_number_of_another);
  ADD ("mother", test_mother);
  ADD ("namesake", test_namesake);
  ADD ("ungraded", test_ungraded);
  ADD ("hostile", test_hostile);
  return g_test_run ();
}
