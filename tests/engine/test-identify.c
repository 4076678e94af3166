/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Who an item's patient is on the server it goes to: found, linked, asked about once, never guessed */

#include "engine-fixture.h"

#include "mw-audit-words.h"
#include "mw-decision.h"
#include "mw-json.h"
#include "mw-patient-link.h"
#include "mw-question.h"

#include <string.h>

#define RECORD(id, given, birth, number)                                                                                           \
  "\"resource\":{\"resourceType\":\"Patient\",\"id\":\"" id "\",\"identifier\":[{\"system\":\"urn:oid:1.2.3\",\"value\":\"" number \
  "\"}],\"name\":[{\"family\":\"Muster\",\"given\":[\"" given "\"]}],\"birthDate\":\"" birth "\"}"
#define GRADE(grade, score)                                                                                                              \
  ",\"search\":{\"mode\":\"match\",\"score\":" score ",\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/match-grade\"," \
  "\"valueCode\":\"" grade "\"}]}"
#define BUNDLE(entries) "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[" entries "]}"

#define ERIKA "{" RECORD ("e1", "Erika", "1957-03-02", "4711")
#define NAMESAKE "{" RECORD ("e2", "Erika", "1957-03-02", "9999")

/* A server that knows patients, in front of a ledger for all else */
typedef struct
{
  Peer *peer;
  guint match_status; /* 0: 200 */
  guint form_status;  /* of a search by a form; 0: 200 */
  char *match;
  char *found;         /* of a search */
  guint member_status; /* of $member-match; 0: 200 */
  char *member;
  guint n_member;
  guint n_match;
  guint n_search;
  guint n_get;    /* searches by a URL */
  guint n_in_url; /* requests with a number or a name of the patient in the URL */
} Registry;

static void
registry_handle (MwFaultRequest *request,
                 MwFaultReply   *reply,
                 gpointer        user_data)
{
  Registry *self = user_data;
  gboolean  match = strstr (request->target, "Patient/$match") != NULL || strstr (request->target, "Patient/%24match") != NULL;
  gboolean  search = strstr (request->target, "Patient/_search") != NULL;

  gboolean get = g_str_equal (request->method, "GET") && strstr (request->target, "Patient?identifier=") != NULL;

  g_atomic_int_add (&self->n_in_url, (strstr (request->target, "4711") != NULL && !get) || strstr (request->target, "Muster") != NULL ||
                                         strstr (request->target, "1957") != NULL);
  if (strstr (request->target, "member-match") != NULL)
    {
      gsize            size;
      const char      *data = g_bytes_get_data (request->body, &size);
      g_autofree char *text = g_strndup (data, size);

      g_assert_nonnull (strstr (text, "CoverageToMatch"));
      g_atomic_int_inc (&self->n_member);
      reply->status = self->member_status != 0 ? self->member_status : 200;
      mw_fault_reply_header (reply, "Content-Type", "application/fhir+json");
      g_string_append (reply->body, self->member);
      return;
    }
  if (!match && !search && !get)
    {
      mw_ledger_handle (request, reply, self->peer->ledger);
      return;
    }
  g_atomic_int_inc (match ? &self->n_match : get ? &self->n_get
                                                 : &self->n_search);
  reply->status = match && self->match_status != 0 ? self->match_status : search && self->form_status != 0 ? self->form_status
                                                                                                           : 200;
  mw_fault_reply_header (reply, "Content-Type", "application/fhir+json");
  if (search && self->form_status != 0)
    g_string_append (reply->body, "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"not-supported\"}]}");
  else
    g_string_append (reply->body, match ? self->match : self->found);
}

static void
registry_begin (Registry      *self,
                EngineFixture *f,
                PeerFlags      flags,
                const char    *match,
                const char    *found)
{
  memset (self, 0, sizeof *self);
  self->match = g_strdup (match);
  self->found = g_strdup (found);
  self->peer = engine_fixture_add_peer (f, PEER_CONDITIONAL | PEER_CLIENT_IDS | flags);
  self->peer->hook_data = self;
  self->peer->hook = registry_handle;
}

static void
registry_end (Registry      *self,
              EngineFixture *f)
{
  engine_fixture_stop (f);
  g_assert_cmpuint (self->n_in_url, ==, 0);
  g_free (self->match);
  g_free (self->found);
  g_free (self->member);
}

static gint64
message (EngineFixture *f,
         Registry      *registry)
{
  g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_MESSAGE);

  draft->to = g_strdup (registry->peer->organization);
  draft->to_name = g_strdup ("Peer");
  draft->patient = g_strconcat (f->home_url, "/Patient/p1", NULL);
  draft->note = g_strdup ("Hello");
  return engine_fixture_post (f, registry->peer, 0, draft);
}

/* Whom the item is about, in what left this computer */
static gboolean
is_about (EngineFixture *f,
          gint64         item,
          const char    *reference)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM requests WHERE item = %" G_GINT64_FORMAT " AND instr(CAST(body AS TEXT), '\"%s\"') > 0", item, reference);

  return engine_fixture_get (f, sql) > 0;
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
  item = message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_true (is_about (f, item, "Patient/e1"));
  assert_journal (f, "is certain");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links WHERE how = 'certain' AND revoked = 0"), ==, 1);
  assert_audited (f, FALSE, "Message: Found which patient there is meant: the server is certain");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM audit WHERE event = 'queried' AND request = 'POST Patient/$match'"), ==, 1);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM questions"), ==, 0);
  /* the second one goes by the link */
  item = message (f, &registry);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_true (is_about (f, item, "Patient/e1"));
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
  item = message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_true (is_about (f, item, "Patient/e1"));
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
  item = message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_false (is_about (f, item, "Patient/e1"));
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
      item = message (f, &registry);
      engine_fixture_start (f);
      engine_fixture_wait_state (f, item, "handed-over");
      g_assert_true (is_about (f, item, "Patient/e1"));
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
      item = message (f, &registry);
      engine_fixture_start (f);
      engine_fixture_wait_state (f, item, "handed-over");
      g_assert_true (is_about (f, item, "Patient/e1"));
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
  item = message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  /* by number, by both names, by family name: only the first has a second way */
  g_assert_cmpuint (registry.n_search, ==, 3);
  g_assert_cmpuint (registry.n_get, ==, 1);
  assert_journal (f, "nobody with this number");
  registry_end (&registry, f);
}

/* ---- with one ----------------------------------------------------------- */

typedef struct
{
  gint64      question;
  const char *value;
  gint64      now;
} Answer;

static gint64
write_answer (MwDb    *db,
              gpointer data,
              GError **error)
{
  Answer *answer = data;

  return mw_decision_take (db, answer->question, answer->value, answer->now, error) ? 0 : -1;
}

static void
take (EngineFixture *f,
      gint64         item,
      const char    *value)
{
  g_autoptr (MwQuestion) question = mw_questions_open (f->db, item);
  g_autoptr (GError) error = NULL;
  Answer answer = { question->id, value, engine_fixture_now (f) };

  mw_store_write (f->store, write_answer, &answer, &error);
  g_assert_no_error (error);
}

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
  item = message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "attention");
  question = mw_questions_open (f->db, item);
  g_assert_nonnull (question);
  g_assert_cmpuint (mw_json_length (question->choices, NULL), ==, 3);
  g_assert_cmpstr (mw_json_string (mw_json_item (question->choices, NULL, 2), "value"), ==, MW_QUESTION_NONE);
  g_assert_nonnull (strstr (question->text, "Erika Muster"));
  g_assert_cmpuint (mw_json_length (mw_question_choice (question, value), "lines"), >=, 3);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM requests"), ==, 0);

  take (f, item, value);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_true (is_about (f, item, "Patient/e2"));
  engine_fixture_assert_once (f, registry.peer);
  assert_journal (f, "as you decided");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links WHERE how = 'person'"), ==, 1);
  assert_audited (f, TRUE, "Message: Said which patient there is meant");
  second = message (f, &registry);
  engine_fixture_wait_state (f, second, "handed-over");
  g_assert_true (is_about (f, second, "Patient/e2"));
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM questions"), ==, 1);

  /* a link that was taken back counts no more */
  engine_fixture_sql (f, "UPDATE patient_links SET revoked = 1");
  third = message (f, &registry);
  engine_fixture_wait_state (f, third, "attention");
  take (f, third, MW_QUESTION_NONE);
  engine_fixture_wait_state (f, third, "handed-over");
  g_assert_false (is_about (f, third, "Patient/e1") || is_about (f, third, "Patient/e2"));
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
      item = message (f, &registry);
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
  item = message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "attention");
  g_assert_cmpint (engine_fixture_get (f, "SELECT json_array_length(choices) FROM questions"), <=, 21);
  registry_end (&registry, f);

  /* whoever is elsewhere can neither be taken nor chosen */
  engine_fixture_sql (f, "DELETE FROM questions");
  registry_begin (&registry, f, PEER_MATCH,
                  BUNDLE ("{\"fullUrl\":\"https://evil.example/fhir/Patient/e1\"," RECORD ("e1", "Erika", "1957-03-02", "4711") GRADE ("certain", "1") "}"), "");
  item = message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links"), ==, 0);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM questions"), ==, 0);
  registry_end (&registry, f);
}

/* ---- at a plan ------------------------------------------------------------ */

#define MEMBER_ID(reference) "{\"name\":\"MemberId\",\"valueReference\":{\"reference\":\"" reference "\"}}"
#define MEMBER_NUMBER "{\"name\":\"MemberIdentifier\",\"valueIdentifier\":{\"system\":\"urn:oid:9.9\",\"value\":\"M-1\"}}"
#define PARAMETERS(parameters) "{\"resourceType\":\"Parameters\",\"parameter\":[" parameters "]}"
#define MEMBER_RECORD                                                                                                                    \
  "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"m1\",\"identifier\":[{\"system\":\"urn:oid:9.9\",\"value\":\"M-1\"}],\"name\":[" \
  "{\"family\":\"Muster\",\"given\":[\"Erika\"]}],\"birthDate\":\"1957-03-02\"}}"
#define NO_MEMBER \
  "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"not-found\",\"diagnostics\":\"Not exactly one member fits\"}]}"

/* What the home record says of who pays; @payor is relative */
static void
cover (EngineFixture *f,
       const char    *payor,
       const char    *status)
{
  g_autofree char *sql = g_strdup_printf (
      "INSERT OR REPLACE INTO resources (connection, type, fhir_id, reference, patient, received, raw) SELECT %" G_GINT64_FORMAT ", 'Coverage', 'c1', "
      "'%s/Coverage/c1', id, 0, CAST('{\"resourceType\":\"Coverage\",\"id\":\"c1\",\"status\":\"%s\",\"beneficiary\":{\"reference\":\"Patient/p1\"},"
      "\"payor\":[{\"reference\":\"%s\"}]}' AS BLOB) FROM people WHERE reference = '%s/Patient/p1'",
      f->home, f->home_url, status, payor, f->home_url);

  engine_fixture_sql (f, sql);
}

static const char *
payor_of (EngineFixture *f,
          Registry      *registry)
{
  return registry->peer->organization + strlen (f->home_url) + 1;
}

static void
test_member (EngineFixture *f,
             gconstpointer  user_data)
{
  static const char *const answers[] = { PARAMETERS (MEMBER_NUMBER "," MEMBER_ID ("Patient/m1")), PARAMETERS (MEMBER_NUMBER) };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      Registry registry;
      gint64   item;

      engine_fixture_sql (f, "DELETE FROM patient_links");
      registry_begin (&registry, f, PEER_MEMBER_MATCH | PEER_SEARCH, "", i == 0 ? BUNDLE ("") : BUNDLE (MEMBER_RECORD));
      registry.member = g_strdup (answers[i]);
      cover (f, payor_of (f, &registry), "active");
      item = message (f, &registry);
      engine_fixture_start (f);
      engine_fixture_wait_state (f, item, "handed-over");
      g_assert_true (is_about (f, item, "Patient/m1"));
      g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links WHERE how = 'member-match'"), ==, 1);
      g_assert_cmpuint (registry.n_member, ==, 1);
      if (i == 0)
        g_assert_cmpuint (registry.n_search, ==, 0);
      registry_end (&registry, f);
    }
}

/* 422 is no for good: a search may still find her, else a person says. The plan is not asked a second time */
static void
test_no_member (EngineFixture *f,
                gconstpointer  user_data)
{
  Registry registry;
  gint64   item;
  g_autoptr (MwQuestion) question = NULL;

  registry_begin (&registry, f, PEER_MEMBER_MATCH, "", "");
  registry.member = g_strdup (NO_MEMBER);
  registry.member_status = 422;
  cover (f, payor_of (f, &registry), "active");
  item = message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "attention");
  question = mw_questions_open (f->db, item);
  g_assert_nonnull (question);
  g_assert_nonnull (strstr (question->text, "Not exactly one member fits"));
  g_assert_cmpuint (mw_json_length (question->choices, NULL), ==, 1);
  take (f, item, MW_QUESTION_NONE);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (registry.n_member, ==, 1);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links"), ==, 0);
  registry_end (&registry, f);

  registry_begin (&registry, f, PEER_MEMBER_MATCH | PEER_SEARCH, "", BUNDLE (ERIKA "}"));
  registry.member = g_strdup (NO_MEMBER);
  registry.member_status = 422;
  cover (f, payor_of (f, &registry), "active");
  item = message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_true (is_about (f, item, "Patient/e1"));
  g_assert_cmpuint (registry.n_member, ==, 1);
  registry_end (&registry, f);
}

/* Whoever does not pay, or pays no more, learns nothing of it; $match is asked first; a member elsewhere is nobody */
static void
test_not_asked (EngineFixture *f,
                gconstpointer  user_data)
{
  static const struct
  {
    PeerFlags   flags;
    const char *payor;
    const char *status;
    const char *answer;
    guint       n_member;
  } cases[] = {
    { PEER_MEMBER_MATCH, "Organization/other", "active", "", 0 },
    { PEER_MEMBER_MATCH, NULL, "cancelled", "", 0 },
    { PEER_MEMBER_MATCH | PEER_MATCH, NULL, "active", "", 0 },
    { PEER_MEMBER_MATCH, NULL, "active", PARAMETERS (MEMBER_NUMBER "," MEMBER_ID ("https://evil.example/fhir/Patient/m1")), 1 },
    { PEER_MEMBER_MATCH, NULL, "active", PARAMETERS (MEMBER_NUMBER "," MEMBER_ID ("Practitioner/m1")), 1 },
    { PEER_MEMBER_MATCH, NULL, "active", "[]", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Registry registry;
      gint64   item;

      registry_begin (&registry, f, cases[i].flags, BUNDLE (""), "");
      registry.member = g_strdup (cases[i].answer);
      cover (f, cases[i].payor != NULL ? cases[i].payor : payor_of (f, &registry), cases[i].status);
      item = message (f, &registry);
      engine_fixture_start (f);
      engine_fixture_wait_state (f, item, "handed-over");
      g_assert_cmpuint (registry.n_member, ==, cases[i].n_member);
      g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links"), ==, 0);
      registry_end (&registry, f);
    }
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
  ADD ("namesake", test_namesake);
  ADD ("ungraded", test_ungraded);
  ADD ("hostile", test_hostile);
  ADD ("member", test_member);
  ADD ("no-member", test_no_member);
  ADD ("not-asked", test_not_asked);
  return g_test_run ();
}
