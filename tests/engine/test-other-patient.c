/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* An answer about another patient than its request: shown with a warning, filed nowhere, and no answer, until decided */

#include "other-patient-fixture.h"

#include "mw-local-patient.h"
#include "mw-patient-link.h"

#include <string.h>

static char *
reply (OtherPatientFixture *f,
       const char          *version,
       const char          *subject)
{
  return g_strdup_printf ("{'resourceType':'Communication','id':'c1','meta':{'versionId':'%s','lastUpdated':'2026-01-01T12:00:0%sZ'},'status':'completed',"
                          "'priority':'stat','inResponseTo':[{'identifier':{'system':'urn:ietf:rfc:3986','value':'urn:uuid:%s'}}],"
                          "'sender':{'display':'Dr Rossi'},'recipient':[{'reference':'Practitioner/me'}],%s'payload':[{'contentString':'Well'}]}",
                          version, version, f->identity, subject);
}

static void
arrive_reply (OtherPatientFixture *f,
              gint64               connection,
              const char          *version,
              const char          *subject,
              const char          *patient)
{
  g_autofree char *text = reply (f, version, subject);

  other_patient_fixture_arrive (f, connection, text, patient);
}

static void
test_other (OtherPatientFixture *f,
            gconstpointer        user_data)
{
  g_autoptr (MwPatientCheck) check = NULL;
  gboolean differs = FALSE;

  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p2"), JONAS);
  other_patient_fixture_assert_warned (f);
  other_patient_fixture_expect (f, "SELECT count(DISTINCT thread) FROM (SELECT thread FROM items UNION ALL SELECT thread FROM entries)", 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM entries WHERE unread = 1 AND archived = 0 AND priority = 3 AND patient_name = 'Jonas Muster'", 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM journal WHERE event = 'other-patient' AND item IS NOT NULL AND detail LIKE 'Jonas Muster, born %'", 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM journal WHERE event = 'answered'", 0);
  check = mw_patient_checks_open_in_thread (f->engine.db, engine_fixture_thread (&f->engine, f->item));
  g_assert_nonnull (check);
  g_assert_nonnull (strstr (check->text, "This answer is about Jonas Muster, born "));
  g_assert_nonnull (strstr (check->text, "the request was about Erika Muster, born "));
  for (guint i = 0; i < mw_json_length (check->lines, NULL); i++)
    {
      JsonNode *line = mw_json_item (check->lines, NULL, i);

      differs = differs || (g_strcmp0 (mw_json_string (line, "here"), "4711") == 0 && g_strcmp0 (mw_json_string (line, "there"), "0815") == 0 &&
                            g_strcmp0 (mw_json_string (line, "verdict"), "different") == 0);
    }
  g_assert_true (differs);
}

/* A second copy, and a later version that says the same, do not warn twice */
static void
test_again (OtherPatientFixture *f,
            gconstpointer        user_data)
{
  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p2"), JONAS);
  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p2"), JONAS);
  engine_fixture_sql (&f->engine, "UPDATE entries SET unread = 0");
  arrive_reply (f, f->engine.home, "2", ABOUT ("Patient/p2"), NULL);
  other_patient_fixture_assert_warned (f);
  other_patient_fixture_expect (f, "SELECT count(*) FROM entries WHERE unread = 0", 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM patient_checks", 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM journal WHERE event = 'other-patient'", 1);
}

static void
test_belongs (OtherPatientFixture *f,
              gconstpointer        user_data)
{
  g_autoptr (GError) error = NULL;

  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p2"), JONAS);
  other_patient_fixture_decide (f, MW_CHECK_BELONGS, &error);
  g_assert_no_error (error);
  other_patient_fixture_expect (f, ANSWERED, 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM entries AS e JOIN people AS p ON p.id = e.patient WHERE p.name = 'Erika Muster' AND e.warning LIKE '%You decided%'", 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM resources AS r JOIN people AS p ON p.id = r.patient WHERE r.type = 'Communication' AND p.name = 'Erika Muster'", 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM journal WHERE event = 'decided' AND entry IS NOT NULL", 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM audit WHERE event = 'entry-action' AND detail = 'belongs'", 1);
  other_patient_fixture_decide (f, MW_CHECK_DOES_NOT_BELONG, &error);
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
  /* it is not asked again */
  arrive_reply (f, f->engine.home, "2", ABOUT ("Patient/p2"), NULL);
  other_patient_fixture_expect (f, OPEN, 0);
  other_patient_fixture_expect (f, "SELECT count(*) FROM entries AS e JOIN people AS p ON p.id = e.patient WHERE p.name = 'Erika Muster'", 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM resources AS r JOIN people AS p ON p.id = r.patient WHERE r.type = 'Communication' AND p.name = 'Erika Muster'", 1);
}

static void
test_does_not_belong (OtherPatientFixture *f,
                      gconstpointer        user_data)
{
  g_autoptr (GError) error = NULL;

  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p2"), JONAS);
  other_patient_fixture_decide (f, MW_CHECK_DOES_NOT_BELONG, &error);
  g_assert_no_error (error);
  arrive_reply (f, f->engine.home, "2", ABOUT ("Patient/p2"), NULL);
  other_patient_fixture_expect (f, OPEN, 0);
  other_patient_fixture_expect (f, ANSWERED, 0);
  other_patient_fixture_expect (f, "SELECT count(*) FROM entries AS e JOIN people AS p ON p.id = e.patient WHERE p.name = 'Jonas Muster' AND e.warning LIKE '%does not belong%'", 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM resources AS r JOIN people AS p ON p.id = r.patient WHERE r.type = 'Communication' AND p.name = 'Jonas Muster'", 1);
}

/* The sender mends it: nobody needs to decide */
static void
test_mended (OtherPatientFixture *f,
             gconstpointer        user_data)
{
  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p2"), JONAS);
  other_patient_fixture_assert_warned (f);
  arrive_reply (f, f->engine.home, "2", ABOUT ("Patient/p1"), NULL);
  other_patient_fixture_assert_well (f);
  other_patient_fixture_expect (f, "SELECT count(*) FROM resources AS r JOIN people AS p ON p.id = r.patient WHERE r.type = 'Communication' AND p.name = 'Erika Muster' AND r.held IS NULL", 1);
}

static void
test_same (OtherPatientFixture *f,
           gconstpointer        user_data)
{
  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p1"), NULL);
  other_patient_fixture_assert_well (f);
}

/* A number in common, name and birth date agree: the patient's record on the other server */
static void
test_number (OtherPatientFixture *f,
             gconstpointer        user_data)
{
  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/e1"), ERIKA_THERE);
  other_patient_fixture_assert_well (f);
}

static void
test_not_the_number (OtherPatientFixture *f,
                     gconstpointer        user_data)
{
  /* the number is not enough when the birth date is another */
  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/e1"), PATIENT ("e1", "Erika", "1975-03-02", "4711"));
  other_patient_fixture_assert_warned (f);
}

static void
test_namesake (OtherPatientFixture *f,
               gconstpointer        user_data)
{
  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/e1"), PATIENT ("e1", "Erika", "1957-03-02", "9999"));
  other_patient_fixture_assert_warned (f);
  other_patient_fixture_expect (f, "SELECT count(*) FROM patient_checks WHERE text LIKE '%another record%'", 1);
}

/* Nothing is known of the one over there, or there is nobody at all */
static void
test_unknown (OtherPatientFixture *f,
              gconstpointer        user_data)
{
  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/e7"), NULL);
  other_patient_fixture_assert_well (f);
}

static void
test_nobody (OtherPatientFixture *f,
             gconstpointer        user_data)
{
  arrive_reply (f, f->peer->connection, "1", "", NULL);
  other_patient_fixture_assert_well (f);
}

/* Only a number is said: one that is hers, and one that is not */
static void
test_logical (OtherPatientFixture *f,
              gconstpointer        user_data)
{
  arrive_reply (f, f->peer->connection, "1", "'subject':{'type':'Patient','identifier':{'system':'urn:oid:1.2.3','value':'4711'}},", NULL);
  other_patient_fixture_assert_well (f);
}

static void
test_logical_other (OtherPatientFixture *f,
                    gconstpointer        user_data)
{
  arrive_reply (f, f->peer->connection, "1", "'subject':{'type':'Patient','identifier':{'system':'urn:oid:1.2.3','value':'0815'},'display':'Jonas Muster'},", NULL);
  other_patient_fixture_assert_warned (f);
}

typedef struct
{
  OtherPatientFixture *fixture;
  const char          *patient;
  gint64               connection;
  const char          *reference;
} Link;

static gint64
write_link (MwDb    *db,
            gpointer data,
            GError **error)
{
  Link *link = data;

  return mw_patient_links_make (db, link->patient, link->connection, link->reference, MW_LINK_PERSON, link->fixture->item, 1, error);
}

static void
make_link (OtherPatientFixture *f,
           const char          *patient,
           gint64               connection,
           const char          *reference)
{
  Link link = { f, patient, connection, reference };
  g_autoptr (GError) error = NULL;

  mw_store_write (f->engine.store, write_link, &link, &error);
  g_assert_no_error (error);
}

/* The number over there is another and the name is spelt in another way: a person has said that it is she */
static void
check_link (OtherPatientFixture *f,
            gboolean             revoked)
{
  g_autofree char *here = g_strconcat (f->engine.home_url, "/Patient/p1", NULL);
  g_autofree char *there = g_strconcat (f->peer->url, "/Patient/e1", NULL);

  make_link (f, here, f->peer->connection, there);
  if (revoked)
    engine_fixture_sql (&f->engine, "UPDATE patient_links SET revoked = 1");
  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/e1"), PATIENT ("e1", "Rike", "1957-02-03", "8"));
  if (revoked)
    other_patient_fixture_assert_warned (f);
  else
    other_patient_fixture_assert_well (f);
}

static void
test_link (OtherPatientFixture *f,
           gconstpointer        user_data)
{
  check_link (f, FALSE);
}

static void
test_link_revoked (OtherPatientFixture *f,
                   gconstpointer        user_data)
{
  check_link (f, TRUE);
}

/* Known here by a name of our own making, and linked to her record at home and to the one there */
static void
test_local (OtherPatientFixture *f,
            gconstpointer        user_data)
{
  const char      *local = "urn:uuid:0b7e1c2e-1111-4222-8333-444444444444";
  g_autofree char *here = g_strconcat (f->engine.home_url, "/Patient/p1", NULL);
  g_autofree char *there = g_strconcat (f->peer->url, "/Patient/e1", NULL);

  engine_fixture_sql (&f->engine, "INSERT INTO people (reference, type, name, fold) VALUES ('urn:uuid:0b7e1c2e-1111-4222-8333-444444444444', 'Patient', 'Erika M', ' erika m')");
  engine_fixture_sql (&f->engine, "UPDATE items SET patient = (SELECT max(id) FROM people)");
  make_link (f, local, f->engine.home, here);
  make_link (f, here, f->peer->connection, there);
  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/e1"), PATIENT ("e1", "Rike", "1957-02-03", "8"));
  other_patient_fixture_assert_well (f);
}

/* Two patients of the home server whom somebody took for one over there stay two */
static void
test_not_downwards (OtherPatientFixture *f,
                    gconstpointer        user_data)
{
  g_autofree char *one = g_strconcat (f->engine.home_url, "/Patient/p1", NULL);
  g_autofree char *other = g_strconcat (f->engine.home_url, "/Patient/p2", NULL);
  g_autofree char *there = g_strconcat (f->peer->url, "/Patient/e1", NULL);

  make_link (f, one, f->peer->connection, there);
  make_link (f, other, f->peer->connection, there);
  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p2"), JONAS);
  other_patient_fixture_assert_warned (f);
}

/* The receiver made its record of what went along: it carries the item's mark, and no number */
static void
test_made_there (OtherPatientFixture *f,
                 gconstpointer        user_data)
{
  g_autofree char *derived = mw_identity_derive (f->identity, "patient");
  g_autofree char *patient = g_strdup_printf ("{'resourceType':'Patient','id':'new','identifier':[{'system':'urn:ietf:rfc:3986','value':'urn:uuid:%s'}],"
                                              "'name':[{'family':'Muster'}]}",
                                              derived);

  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/new"), patient);
  other_patient_fixture_assert_well (f);
}

/* The same of one who is known here only: the mark is the patient's own, for every item */
static void
test_local_made_there (OtherPatientFixture *f,
                       gconstpointer        user_data)
{
  const char      *local = "urn:uuid:0b7e1c2e-1111-4222-8333-444444444444";
  g_autofree char *mark = mw_local_patient_identity (local, f->peer->url);
  g_autofree char *patient = g_strdup_printf ("{'resourceType':'Patient','id':'new','identifier':[{'system':'urn:ietf:rfc:3986','value':'urn:uuid:%s'}],"
                                              "'name':[{'family':'M'}]}",
                                              mark);

  engine_fixture_sql (&f->engine, "INSERT INTO people (reference, type, name, fold) VALUES ('urn:uuid:0b7e1c2e-1111-4222-8333-444444444444', 'Patient', 'Erika M', ' erika m')");
  engine_fixture_sql (&f->engine, "UPDATE items SET patient = (SELECT max(id) FROM people)");
  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/new"), patient);
  other_patient_fixture_assert_well (f);
}

/* A message that begins a thread answers nothing */
static void
test_alone (OtherPatientFixture *f,
            gconstpointer        user_data)
{
  other_patient_fixture_arrive (f, f->engine.home,
                                "{'resourceType':'Communication','id':'c9','status':'completed','recipient':[{'reference':'Practitioner/me'}],"
                                "'contained':[{'resourceType':'Patient','id':'x','name':[{'text':'Jonas'}]}],'subject':{'reference':'#x'},'payload':[{'contentString':'Hello'}]}",
                                NULL);
  other_patient_fixture_expect (f, "SELECT count(*) FROM entries", 1);
  other_patient_fixture_expect (f, OPEN, 0);
  other_patient_fixture_expect (f, WARNED, 0);
}

/* The message brings its own patient, with her number and another name: a person has said that it is not she */
static void
test_her_number (OtherPatientFixture *f,
                 gconstpointer        user_data)
{
  const char *subject = "'contained':[" PATIENT ("x", "Jonas", "2016-05-04", "4711") "],'subject':{'reference':'#x'},";
  g_autoptr (GError) error = NULL;

  arrive_reply (f, f->engine.home, "1", subject, NULL);
  other_patient_fixture_assert_warned (f);
  other_patient_fixture_decide (f, MW_CHECK_DOES_NOT_BELONG, &error);
  g_assert_no_error (error);
  arrive_reply (f, f->engine.home, "2", subject, NULL);
  other_patient_fixture_expect (f, OPEN, 0);
  other_patient_fixture_expect (f, ANSWERED, 0);
  other_patient_fixture_expect (f, "SELECT count(*) FROM resources WHERE type = 'Communication' AND version = '2' AND patient IS NULL", 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM entries WHERE patient IS NOT NULL", 0);
}

#define ADD(path, data, test) g_test_add ("/engine/other-patient/" path, OtherPatientFixture, data, other_patient_fixture_set_up, test, other_patient_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("other", NULL, test_other);
  ADD ("again", NULL, test_again);
  ADD ("belongs", NULL, test_belongs);
  ADD ("does-not-belong", NULL, test_does_not_belong);
  ADD ("mended", NULL, test_mended);
  ADD ("same", NULL, test_same);
  ADD ("number", NULL, test_number);
  ADD ("not-the-number", NULL, test_not_the_number);
  ADD ("namesake", NULL, test_namesake);
  ADD ("logical", NULL, test_logical);
  ADD ("logical/other", NULL, test_logical_other);
  ADD ("local", NULL, test_local);
  ADD ("not-downwards", NULL, test_not_downwards);
  ADD ("made-there", NULL, test_made_there);
  ADD ("made-there/local", NULL, test_local_made_there);
  ADD ("alone", NULL, test_alone);
  ADD ("her-number", NULL, test_her_number);
  ADD ("unknown", NULL, test_unknown);
  ADD ("nobody", NULL, test_nobody);
  ADD ("link", NULL, test_link);
  ADD ("link/revoked", NULL, test_link_revoked);
  return g_test_run ();
}
