/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* An answer about another patient than its request: shown with a warning, filed nowhere, and no answer, until decided */

#include "engine-fixture.h"

#include "mw-batch.h"
#include "mw-decision.h"
#include "mw-identity.h"
#include "mw-local-patient.h"
#include "mw-patient-check.h"
#include "mw-patient-link.h"

#include <string.h>

#define PATIENT(id, given, birth, number)                                                                                              \
  "{'resourceType':'Patient','id':'" id "','identifier':[{'system':'urn:oid:1.2.3','value':'" number "'}],'name':[{'family':'Muster'," \
  "'given':['" given "']}],'birthDate':'" birth "'}"
#define ERIKA_THERE PATIENT ("e1", "Erika", "1957-03-02", "4711")
#define JONAS PATIENT ("p2", "Jonas", "2016-05-04", "0815")

#define OPEN "SELECT count(*) FROM patient_checks WHERE decided = 0"
#define WARNED "SELECT count(*) FROM entries WHERE warning IS NOT NULL"
#define ANSWERED "SELECT count(*) FROM items WHERE state = 7"

typedef struct
{
  EngineFixture engine;
  Peer         *peer;
  gint64        item;
  char         *identity;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer user_data)
{
  g_autoptr (MwDraft) draft = mw_draft_new (user_data != NULL ? user_data : MW_KIND_MESSAGE);

  engine_fixture_set_up (&f->engine, NULL);
  f->peer = engine_fixture_add_peer (&f->engine, PEER_PLAIN);
  draft->to = g_strdup (f->peer->organization);
  draft->to_name = g_strdup ("Peer");
  draft->patient = g_strconcat (f->engine.home_url, "/Patient/p1", NULL);
  draft->patient_name = g_strdup ("Erika Muster");
  draft->note = g_strdup ("How is she?");
  f->item = engine_fixture_post (&f->engine, f->peer, 0, draft);
  f->identity = engine_fixture_get_text (&f->engine, "SELECT identity FROM items");
  engine_fixture_sql (&f->engine, "UPDATE items SET state = 6, handed_over = 1");
}

static void
tear_down (Fixture      *f,
           gconstpointer user_data)
{
  engine_fixture_tear_down (&f->engine, NULL);
  g_free (f->identity);
}

static gint64
write_batch (MwDb    *db,
             gpointer data,
             GError **error)
{
  return mw_batch_write (db, data, error);
}

/* As if the server at @connection had sent these, apostrophes for quotes */
static void
arrive (Fixture    *f,
        gint64      connection,
        const char *first,
        const char *second)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwConnection) row = mw_connections_load (f->engine.db, connection, &error);
  char       *me[] = { NULL };
  MwBatch    *batch = mw_batch_new (f->engine.store, f->engine.db, row, me, engine_fixture_now (&f->engine));
  const char *texts[] = { first, second };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = g_strdelimit (g_strdup (texts[i] != NULL ? texts[i] : ""), "'", '"');
      g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));

      if (*text != '\0')
        mw_batch_add_resource (batch, raw, "test");
    }
  mw_batch_recognise (batch);
  mw_store_write (f->engine.store, write_batch, batch, &error);
  g_assert_no_error (error);
  mw_batch_free (batch);
}

static char *
reply (Fixture    *f,
       const char *version,
       const char *subject)
{
  return g_strdup_printf ("{'resourceType':'Communication','id':'c1','meta':{'versionId':'%s','lastUpdated':'2026-01-01T12:00:0%sZ'},'status':'completed',"
                          "'priority':'stat','inResponseTo':[{'identifier':{'system':'urn:ietf:rfc:3986','value':'urn:uuid:%s'}}],"
                          "'sender':{'display':'Dr Rossi'},'recipient':[{'reference':'Practitioner/me'}],%s'payload':[{'contentString':'Well'}]}",
                          version, version, f->identity, subject);
}

static void
arrive_reply (Fixture    *f,
              gint64      connection,
              const char *version,
              const char *subject,
              const char *patient)
{
  g_autofree char *text = reply (f, version, subject);

  arrive (f, connection, text, patient);
}

#define ABOUT(reference) "'subject':{'reference':'" reference "'},"

static void
expect (Fixture    *f,
        const char *sql,
        gint64      value)
{
  if (engine_fixture_get (&f->engine, sql) != value)
    g_error ("%s is not %" G_GINT64_FORMAT, sql, value);
}

static void
assert_well (Fixture *f)
{
  expect (f, "SELECT count(*) FROM patient_checks", 0);
  expect (f, WARNED, 0);
  expect (f, ANSWERED, 1);
}

static void
assert_warned (Fixture *f)
{
  expect (f, OPEN, 1);
  expect (f, WARNED, 1);
  expect (f, ANSWERED, 0);
  expect (f, "SELECT count(*) FROM items WHERE state = 6", 1);
  /* in no record */
  expect (f, "SELECT count(*) FROM entries WHERE patient IS NOT NULL", 0);
  expect (f, "SELECT count(*) FROM resources WHERE type = 'Communication' AND patient IS NOT NULL", 0);
}

typedef struct
{
  const char *decision;
} Choice;

static gint64
write_choice (MwDb    *db,
              gpointer data,
              GError **error)
{
  return mw_decision_take_check (db, mw_db_get_int (db, 0, "SELECT max(id) FROM patient_checks", ""), ((Choice *) data)->decision, 1, error) ? 0 : -1;
}

static void
decide (Fixture    *f,
        const char *decision,
        GError    **error)
{
  Choice choice = { decision };

  mw_store_write (f->engine.store, write_choice, &choice, error);
}

/* ---- tests ---------------------------------------------------------------- */

static void
test_other (Fixture      *f,
            gconstpointer user_data)
{
  g_autoptr (MwPatientCheck) check = NULL;
  gboolean differs = FALSE;

  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p2"), JONAS);
  assert_warned (f);
  expect (f, "SELECT count(DISTINCT thread) FROM (SELECT thread FROM items UNION ALL SELECT thread FROM entries)", 1);
  expect (f, "SELECT count(*) FROM entries WHERE unread = 1 AND archived = 0 AND priority = 3 AND patient_name = 'Jonas Muster'", 1);
  expect (f, "SELECT count(*) FROM journal WHERE event = 'other-patient' AND item IS NOT NULL AND detail LIKE 'Jonas Muster, born %'", 1);
  expect (f, "SELECT count(*) FROM journal WHERE event = 'answered'", 0);
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
test_again (Fixture      *f,
            gconstpointer user_data)
{
  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p2"), JONAS);
  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p2"), JONAS);
  engine_fixture_sql (&f->engine, "UPDATE entries SET unread = 0");
  arrive_reply (f, f->engine.home, "2", ABOUT ("Patient/p2"), NULL);
  assert_warned (f);
  expect (f, "SELECT count(*) FROM entries WHERE unread = 0", 1);
  expect (f, "SELECT count(*) FROM patient_checks", 1);
  expect (f, "SELECT count(*) FROM journal WHERE event = 'other-patient'", 1);
}

static void
test_belongs (Fixture      *f,
              gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p2"), JONAS);
  decide (f, MW_CHECK_BELONGS, &error);
  g_assert_no_error (error);
  expect (f, ANSWERED, 1);
  expect (f, "SELECT count(*) FROM entries AS e JOIN people AS p ON p.id = e.patient WHERE p.name = 'Erika Muster' AND e.warning LIKE '%You decided%'", 1);
  expect (f, "SELECT count(*) FROM resources AS r JOIN people AS p ON p.id = r.patient WHERE r.type = 'Communication' AND p.name = 'Erika Muster'", 1);
  expect (f, "SELECT count(*) FROM journal WHERE event = 'decided' AND entry IS NOT NULL", 1);
  expect (f, "SELECT count(*) FROM audit WHERE event = 'entry-action' AND detail = 'belongs'", 1);
  decide (f, MW_CHECK_DOES_NOT_BELONG, &error);
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE);
  /* it is not asked again */
  arrive_reply (f, f->engine.home, "2", ABOUT ("Patient/p2"), NULL);
  expect (f, OPEN, 0);
  expect (f, "SELECT count(*) FROM entries AS e JOIN people AS p ON p.id = e.patient WHERE p.name = 'Erika Muster'", 1);
  expect (f, "SELECT count(*) FROM resources AS r JOIN people AS p ON p.id = r.patient WHERE r.type = 'Communication' AND p.name = 'Erika Muster'", 1);
}

static void
test_does_not_belong (Fixture      *f,
                      gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p2"), JONAS);
  decide (f, MW_CHECK_DOES_NOT_BELONG, &error);
  g_assert_no_error (error);
  arrive_reply (f, f->engine.home, "2", ABOUT ("Patient/p2"), NULL);
  expect (f, OPEN, 0);
  expect (f, ANSWERED, 0);
  expect (f, "SELECT count(*) FROM entries AS e JOIN people AS p ON p.id = e.patient WHERE p.name = 'Jonas Muster' AND e.warning LIKE '%does not belong%'", 1);
  expect (f, "SELECT count(*) FROM resources AS r JOIN people AS p ON p.id = r.patient WHERE r.type = 'Communication' AND p.name = 'Jonas Muster'", 1);
}

/* The sender mends it: nobody needs to decide */
static void
test_mended (Fixture      *f,
             gconstpointer user_data)
{
  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p2"), JONAS);
  assert_warned (f);
  arrive_reply (f, f->engine.home, "2", ABOUT ("Patient/p1"), NULL);
  assert_well (f);
  expect (f, "SELECT count(*) FROM resources AS r JOIN people AS p ON p.id = r.patient WHERE r.type = 'Communication' AND p.name = 'Erika Muster' AND r.held IS NULL", 1);
}

static void
test_same (Fixture      *f,
           gconstpointer user_data)
{
  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p1"), NULL);
  assert_well (f);
}

/* A number in common, name and birth date agree: the patient's record on the other server */
static void
test_number (Fixture      *f,
             gconstpointer user_data)
{
  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/e1"), ERIKA_THERE);
  assert_well (f);
}

static void
test_not_the_number (Fixture      *f,
                     gconstpointer user_data)
{
  /* the number is not enough when the birth date is another */
  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/e1"), PATIENT ("e1", "Erika", "1975-03-02", "4711"));
  assert_warned (f);
}

static void
test_namesake (Fixture      *f,
               gconstpointer user_data)
{
  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/e1"), PATIENT ("e1", "Erika", "1957-03-02", "9999"));
  assert_warned (f);
  expect (f, "SELECT count(*) FROM patient_checks WHERE text LIKE '%another record%'", 1);
}

/* Nothing is known of the one over there, or there is nobody at all */
static void
test_unknown (Fixture      *f,
              gconstpointer user_data)
{
  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/e7"), NULL);
  assert_well (f);
}

static void
test_nobody (Fixture      *f,
             gconstpointer user_data)
{
  arrive_reply (f, f->peer->connection, "1", "", NULL);
  assert_well (f);
}

/* Only a number is said: one that is hers, and one that is not */
static void
test_logical (Fixture      *f,
              gconstpointer user_data)
{
  arrive_reply (f, f->peer->connection, "1", "'subject':{'type':'Patient','identifier':{'system':'urn:oid:1.2.3','value':'4711'}},", NULL);
  assert_well (f);
}

static void
test_logical_other (Fixture      *f,
                    gconstpointer user_data)
{
  arrive_reply (f, f->peer->connection, "1", "'subject':{'type':'Patient','identifier':{'system':'urn:oid:1.2.3','value':'0815'},'display':'Jonas Muster'},", NULL);
  assert_warned (f);
}

typedef struct
{
  Fixture    *fixture;
  const char *patient;
  gint64      connection;
  const char *reference;
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
make_link (Fixture    *f,
           const char *patient,
           gint64      connection,
           const char *reference)
{
  Link link = { f, patient, connection, reference };
  g_autoptr (GError) error = NULL;

  mw_store_write (f->engine.store, write_link, &link, &error);
  g_assert_no_error (error);
}

/* The number over there is another and the name is spelt in another way: a person has said that it is she */
static void
check_link (Fixture *f,
            gboolean revoked)
{
  g_autofree char *here = g_strconcat (f->engine.home_url, "/Patient/p1", NULL);
  g_autofree char *there = g_strconcat (f->peer->url, "/Patient/e1", NULL);

  make_link (f, here, f->peer->connection, there);
  if (revoked)
    engine_fixture_sql (&f->engine, "UPDATE patient_links SET revoked = 1");
  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/e1"), PATIENT ("e1", "Rike", "1957-02-03", "8"));
  if (revoked)
    assert_warned (f);
  else
    assert_well (f);
}

static void
test_link (Fixture      *f,
           gconstpointer user_data)
{
  check_link (f, FALSE);
}

static void
test_link_revoked (Fixture      *f,
                   gconstpointer user_data)
{
  check_link (f, TRUE);
}

/* Known here by a name of our own making, and linked to her record at home and to the one there */
static void
test_local (Fixture      *f,
            gconstpointer user_data)
{
  const char      *local = "urn:uuid:0b7e1c2e-1111-4222-8333-444444444444";
  g_autofree char *here = g_strconcat (f->engine.home_url, "/Patient/p1", NULL);
  g_autofree char *there = g_strconcat (f->peer->url, "/Patient/e1", NULL);

  engine_fixture_sql (&f->engine, "INSERT INTO people (reference, type, name, fold) VALUES ('urn:uuid:0b7e1c2e-1111-4222-8333-444444444444', 'Patient', 'Erika M', ' erika m')");
  engine_fixture_sql (&f->engine, "UPDATE items SET patient = (SELECT max(id) FROM people)");
  make_link (f, local, f->engine.home, here);
  make_link (f, here, f->peer->connection, there);
  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/e1"), PATIENT ("e1", "Rike", "1957-02-03", "8"));
  assert_well (f);
}

/* Two patients of the home server whom somebody took for one over there stay two */
static void
test_not_downwards (Fixture      *f,
                    gconstpointer user_data)
{
  g_autofree char *one = g_strconcat (f->engine.home_url, "/Patient/p1", NULL);
  g_autofree char *other = g_strconcat (f->engine.home_url, "/Patient/p2", NULL);
  g_autofree char *there = g_strconcat (f->peer->url, "/Patient/e1", NULL);

  make_link (f, one, f->peer->connection, there);
  make_link (f, other, f->peer->connection, there);
  arrive_reply (f, f->engine.home, "1", ABOUT ("Patient/p2"), JONAS);
  assert_warned (f);
}

/* The receiver made its record of what went along: it carries the item's mark, and no number */
static void
test_made_there (Fixture      *f,
                 gconstpointer user_data)
{
  g_autofree char *derived = mw_identity_derive (f->identity, "patient");
  g_autofree char *patient = g_strdup_printf ("{'resourceType':'Patient','id':'new','identifier':[{'system':'urn:ietf:rfc:3986','value':'urn:uuid:%s'}],"
                                              "'name':[{'family':'Muster'}]}",
                                              derived);

  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/new"), patient);
  assert_well (f);
}

/* The same of one who is known here only: the mark is the patient's own, for every item */
static void
test_local_made_there (Fixture      *f,
                       gconstpointer user_data)
{
  const char      *local = "urn:uuid:0b7e1c2e-1111-4222-8333-444444444444";
  g_autofree char *mark = mw_local_patient_identity (local, f->peer->url);
  g_autofree char *patient = g_strdup_printf ("{'resourceType':'Patient','id':'new','identifier':[{'system':'urn:ietf:rfc:3986','value':'urn:uuid:%s'}],"
                                              "'name':[{'family':'M'}]}",
                                              mark);

  engine_fixture_sql (&f->engine, "INSERT INTO people (reference, type, name, fold) VALUES ('urn:uuid:0b7e1c2e-1111-4222-8333-444444444444', 'Patient', 'Erika M', ' erika m')");
  engine_fixture_sql (&f->engine, "UPDATE items SET patient = (SELECT max(id) FROM people)");
  arrive_reply (f, f->peer->connection, "1", ABOUT ("Patient/new"), patient);
  assert_well (f);
}

/* A message that begins a thread answers nothing */
static void
test_alone (Fixture      *f,
            gconstpointer user_data)
{
  arrive (f, f->engine.home,
          "{'resourceType':'Communication','id':'c9','status':'completed','recipient':[{'reference':'Practitioner/me'}],"
          "'contained':[{'resourceType':'Patient','id':'x','name':[{'text':'Jonas'}]}],'subject':{'reference':'#x'},'payload':[{'contentString':'Hello'}]}",
          NULL);
  expect (f, "SELECT count(*) FROM entries", 1);
  expect (f, OPEN, 0);
  expect (f, WARNED, 0);
}

/* The Task is right, the note that it brings is not */
static void
test_document (Fixture      *f,
               gconstpointer user_data)
{
  g_autofree char *derived = mw_identity_derive (f->identity, "task");
  g_autofree char *task = g_strdup_printf ("{'resourceType':'Task','id':'t1','identifier':[{'system':'urn:ietf:rfc:3986','value':'urn:uuid:%s'}],'status':'completed',"
                                           "'intent':'order','basedOn':[{'identifier':{'value':'urn:uuid:%s'}}],'for':{'reference':'Patient/p1'},"
                                           "'output':[{'type':{'text':'Note'},'valueReference':{'reference':'DocumentReference/d1'}}]}",
                                           derived, f->identity);
  g_autoptr (GError) error = NULL;

  arrive (f, f->engine.home, JONAS, NULL);
  arrive (f, f->engine.home, task,
          "{'resourceType':'DocumentReference','id':'d1','status':'current','subject':{'reference':'Patient/p2'},'content':[]}");
  assert_warned (f);
  expect (f, "SELECT count(*) FROM patient_checks WHERE text LIKE 'A document%Jonas Muster%'", 1);
  expect (f, "SELECT count(*) FROM resources WHERE type = 'DocumentReference' AND patient IS NULL AND thread IS NOT NULL", 1);
  decide (f, MW_CHECK_BELONGS, &error);
  g_assert_no_error (error);
  expect (f, ANSWERED, 1);
  expect (f, "SELECT count(*) FROM resources AS r JOIN people AS p ON p.id = r.patient WHERE r.type = 'DocumentReference' AND p.name = 'Erika Muster'", 1);
}

#define ADD(path, data, test) g_test_add ("/engine/other-patient/" path, Fixture, data, set_up, test, tear_down)

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
  ADD ("document", MW_KIND_ASK, test_document);
  ADD ("unknown", NULL, test_unknown);
  ADD ("nobody", NULL, test_nobody);
  ADD ("link", NULL, test_link);
  ADD ("link/revoked", NULL, test_link_revoked);
  return g_test_run ();
}
