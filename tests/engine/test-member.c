/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A plan is asked which of its members a patient is (Da Vinci HRex 1.2) */

#include "registry.h"

#include "mw-json.h"
#include "mw-question.h"

#include <string.h>

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
      item = registry_message (f, &registry);
      engine_fixture_start (f);
      engine_fixture_wait_state (f, item, "handed-over");
      g_assert_true (registry_is_about (f, item, "Patient/m1"));
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
  item = registry_message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "attention");
  question = mw_questions_open (f->db, item);
  g_assert_nonnull (question);
  g_assert_nonnull (strstr (question->text, "Not exactly one member fits"));
  g_assert_cmpuint (mw_json_length (question->choices, NULL), ==, 1);
  registry_take (f, item, MW_QUESTION_NONE);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (registry.n_member, ==, 1);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links"), ==, 0);
  registry_end (&registry, f);

  registry_begin (&registry, f, PEER_MEMBER_MATCH | PEER_SEARCH, "", BUNDLE (ERIKA "}"));
  registry.member = g_strdup (NO_MEMBER);
  registry.member_status = 422;
  cover (f, payor_of (f, &registry), "active");
  item = registry_message (f, &registry);
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_true (registry_is_about (f, item, "Patient/e1"));
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
      item = registry_message (f, &registry);
      engine_fixture_start (f);
      engine_fixture_wait_state (f, item, "handed-over");
      g_assert_cmpuint (registry.n_member, ==, cases[i].n_member);
      g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM patient_links"), ==, 0);
      registry_end (&registry, f);
    }
}

#define ADD(path, test) g_test_add ("/engine/member/" path, EngineFixture, NULL, engine_fixture_set_up, test, engine_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("member", test_member);
  ADD ("no-member", test_no_member);
  ADD ("not-asked", test_not_asked);
  return g_test_run ();
}
