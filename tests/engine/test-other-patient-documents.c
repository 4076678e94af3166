/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What an answer brings may be about another patient although the answer is not */

#include "other-patient-fixture.h"

#define NOTE(id, version, subject)                                                                                                       \
  "{'resourceType':'DocumentReference','id':'" id "','meta':{'versionId':'" version "','lastUpdated':'2026-01-01T12:00:0" version "Z'}," \
  "'status':'current'," subject "'content':[]}"
#define OUTPUT(id) "{'type':{'text':'Note'},'valueReference':{'reference':'DocumentReference/" id "'}}"
#define IN_RECORD(type, name) "SELECT count(*) FROM resources AS r JOIN people AS p ON p.id = r.patient WHERE r.type = '" type "' AND p.name = '" name "' AND r.held IS NULL"
#define SHOWN_WITH(name) "SELECT count(*) FROM entries AS e JOIN people AS p ON p.id = e.patient WHERE p.name = '" name "'"

/* The Task that answers, at @version, with what it brings */
static void
arrive_task (OtherPatientFixture *f,
             const char          *version,
             const char          *status,
             const char          *patient,
             const char          *output,
             const char          *note)
{
  g_autofree char *derived = mw_identity_derive (f->identity, "task");
  g_autofree char *task = g_strdup_printf ("{'resourceType':'Task','id':'t1','meta':{'versionId':'%s','lastUpdated':'2026-01-01T12:00:0%sZ'},"
                                           "'identifier':[{'system':'urn:ietf:rfc:3986','value':'urn:uuid:%s'}],'status':'%s','intent':'order',"
                                           "'basedOn':[{'identifier':{'value':'urn:uuid:%s'}}],'for':{'reference':'Patient/%s'},'output':[%s]}",
                                           version, version, derived, status, f->identity, patient, output);

  other_patient_fixture_arrive (f, f->engine.home, task, note);
}

/* The Task is right, the note that it brings is not */
static void
test_document (OtherPatientFixture *f,
               gconstpointer        user_data)
{
  g_autofree char *derived = mw_identity_derive (f->identity, "task");
  g_autofree char *task = g_strdup_printf ("{'resourceType':'Task','id':'t1','identifier':[{'system':'urn:ietf:rfc:3986','value':'urn:uuid:%s'}],'status':'completed',"
                                           "'intent':'order','basedOn':[{'identifier':{'value':'urn:uuid:%s'}}],'for':{'reference':'Patient/p1'},"
                                           "'output':[{'type':{'text':'Note'},'valueReference':{'reference':'DocumentReference/d1'}}]}",
                                           derived, f->identity);
  g_autoptr (GError) error = NULL;

  other_patient_fixture_arrive (f, f->engine.home, JONAS, NULL);
  other_patient_fixture_arrive (f, f->engine.home, task,
                                "{'resourceType':'DocumentReference','id':'d1','status':'current','subject':{'reference':'Patient/p2'},'content':[]}");
  other_patient_fixture_assert_warned (f);
  other_patient_fixture_expect (f, "SELECT count(*) FROM patient_checks WHERE text LIKE 'A document%Jonas Muster%'", 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM resources WHERE type = 'DocumentReference' AND patient IS NULL AND thread IS NOT NULL", 1);
  other_patient_fixture_decide (f, MW_CHECK_BELONGS, &error);
  g_assert_no_error (error);
  other_patient_fixture_expect (f, ANSWERED, 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM resources AS r JOIN people AS p ON p.id = r.patient WHERE r.type = 'DocumentReference' AND p.name = 'Erika Muster'", 1);
}

/* The note of somebody else goes to that one, and the Task stays with its own patient */
static void
test_document_does_not_belong (OtherPatientFixture *f,
                               gconstpointer        user_data)
{
  g_autoptr (GError) error = NULL;

  other_patient_fixture_arrive (f, f->engine.home, JONAS, NULL);
  arrive_task (f, "1", "completed", "p1", OUTPUT ("d1"), NOTE ("d1", "1", ABOUT ("Patient/p2")));
  other_patient_fixture_assert_warned (f);
  other_patient_fixture_decide (f, MW_CHECK_DOES_NOT_BELONG, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      other_patient_fixture_expect (f, OPEN, 0);
      other_patient_fixture_expect (f, ANSWERED, 0);
      other_patient_fixture_expect (f, IN_RECORD ("Task", "Erika Muster"), 1);
      other_patient_fixture_expect (f, SHOWN_WITH ("Erika Muster"), 1);
      other_patient_fixture_expect (f, IN_RECORD ("DocumentReference", "Jonas Muster"), 1);
      arrive_task (f, "2", "completed", "p1", OUTPUT ("d1"), NOTE ("d1", "2", ABOUT ("Patient/p2")));
    }
}

/* The note of nobody who is known here */
static void
test_document_unknown (OtherPatientFixture *f,
                       gconstpointer        user_data)
{
  g_autoptr (GError) error = NULL;

  arrive_task (f, "1", "completed", "p1", OUTPUT ("d1"),
               NOTE ("d1", "1", "'subject':{'type':'Patient','identifier':{'system':'urn:oid:1.2.3','value':'0815'}},"));
  other_patient_fixture_assert_warned (f);
  other_patient_fixture_expect (f, "SELECT count(*) FROM resources WHERE type = 'DocumentReference' AND held IS NOT NULL", 1);
  other_patient_fixture_decide (f, MW_CHECK_DOES_NOT_BELONG, &error);
  g_assert_no_error (error);
  other_patient_fixture_expect (f, IN_RECORD ("Task", "Erika Muster"), 1);
  other_patient_fixture_expect (f, SHOWN_WITH ("Erika Muster"), 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM resources WHERE type = 'DocumentReference' AND patient IS NULL AND held IS NULL", 1);
}

/* A later version of the note stays where a person has put it */
static void
test_document_belongs (OtherPatientFixture *f,
                       gconstpointer        user_data)
{
  g_autoptr (GError) error = NULL;

  other_patient_fixture_arrive (f, f->engine.home, JONAS, NULL);
  arrive_task (f, "1", "completed", "p1", OUTPUT ("d1"), NOTE ("d1", "1", ABOUT ("Patient/p2")));
  other_patient_fixture_decide (f, MW_CHECK_BELONGS, &error);
  g_assert_no_error (error);
  arrive_task (f, "2", "completed", "p1", OUTPUT ("d1"), NOTE ("d1", "2", ABOUT ("Patient/p2")));
  other_patient_fixture_expect (f, OPEN, 0);
  other_patient_fixture_expect (f, ANSWERED, 1);
  other_patient_fixture_expect (f, IN_RECORD ("DocumentReference", "Erika Muster"), 1);
}

/* That the Task belongs says nothing of the note that it brings later */
static void
test_document_later (OtherPatientFixture *f,
                     gconstpointer        user_data)
{
  g_autoptr (GError) error = NULL;

  other_patient_fixture_arrive (f, f->engine.home, JONAS, NULL);
  arrive_task (f, "1", "in-progress", "p9", "", PATIENT ("p9", "Erika", "1957-03-02", "9999"));
  other_patient_fixture_expect (f, OPEN, 1);
  other_patient_fixture_decide (f, MW_CHECK_BELONGS, &error);
  g_assert_no_error (error);
  other_patient_fixture_expect (f, ANSWERED, 0);
  arrive_task (f, "2", "completed", "p9", OUTPUT ("d1"), NOTE ("d1", "1", ABOUT ("Patient/p2")));
  other_patient_fixture_assert_warned (f);
  other_patient_fixture_expect (f, "SELECT count(*) FROM entries WHERE warning LIKE '%Jonas Muster%'", 1);
  other_patient_fixture_decide (f, MW_CHECK_BELONGS, &error);
  g_assert_no_error (error);
  other_patient_fixture_expect (f, ANSWERED, 1);
  other_patient_fixture_expect (f, IN_RECORD ("Task", "Erika Muster"), 1);
  other_patient_fixture_expect (f, IN_RECORD ("DocumentReference", "Erika Muster"), 1);
}

/* Two notes, about two others: each is named, and nothing is answered before both are decided */
static void
test_documents (OtherPatientFixture *f,
                gconstpointer        user_data)
{
  g_autoptr (GError) error = NULL;

  other_patient_fixture_arrive (f, f->engine.home, JONAS, PATIENT ("p3", "Mia", "2018-01-02", "0816"));
  other_patient_fixture_arrive (f, f->engine.home, NOTE ("d1", "1", ABOUT ("Patient/p2")), NOTE ("d2", "1", ABOUT ("Patient/p3")));
  arrive_task (f, "1", "completed", "p1", OUTPUT ("d1") "," OUTPUT ("d2"), NULL);
  other_patient_fixture_expect (f, OPEN, 2);
  other_patient_fixture_expect (f, ANSWERED, 0);
  other_patient_fixture_expect (f, "SELECT count(*) FROM entries WHERE warning LIKE '%Jonas Muster%' AND warning LIKE '%Mia Muster%' AND patient IS NULL", 1);
  other_patient_fixture_expect (f, "SELECT count(*) FROM resources WHERE type = 'DocumentReference' AND patient IS NULL AND held IS NOT NULL", 2);
  other_patient_fixture_decide (f, MW_CHECK_BELONGS, &error);
  g_assert_no_error (error);
  other_patient_fixture_expect (f, OPEN, 1);
  other_patient_fixture_expect (f, ANSWERED, 0);
  other_patient_fixture_expect (f, "SELECT count(*) FROM entries WHERE warning LIKE '%Jonas Muster%' AND warning LIKE '%Mia Muster%' AND patient IS NULL", 1);
  other_patient_fixture_expect (f, IN_RECORD ("Task", "Erika Muster"), 0);
  other_patient_fixture_expect (f, IN_RECORD ("DocumentReference", "Erika Muster"), 1);
  /* the same of a later version, which asks nothing anew */
  arrive_task (f, "2", "completed", "p1", OUTPUT ("d1") "," OUTPUT ("d2"), NULL);
  other_patient_fixture_expect (f, OPEN, 1);
  other_patient_fixture_expect (f, ANSWERED, 0);
  other_patient_fixture_decide (f, MW_CHECK_BELONGS, &error);
  g_assert_no_error (error);
  other_patient_fixture_expect (f, OPEN, 0);
  other_patient_fixture_expect (f, ANSWERED, 1);
  other_patient_fixture_expect (f, IN_RECORD ("Task", "Erika Muster"), 1);
  other_patient_fixture_expect (f, SHOWN_WITH ("Erika Muster"), 1);
  other_patient_fixture_expect (f, IN_RECORD ("DocumentReference", "Erika Muster"), 2);
}

/* The sender takes the wrong note back: it is in the record of whom it is about again */
static void
test_document_mended (OtherPatientFixture *f,
                      gconstpointer        user_data)
{
  other_patient_fixture_arrive (f, f->engine.home, JONAS, NULL);
  /* it may have come before */
  other_patient_fixture_arrive (f, f->engine.home, NOTE ("d1", "1", ABOUT ("Patient/p2")), NULL);
  arrive_task (f, "1", "completed", "p1", OUTPUT ("d1"), NULL);
  other_patient_fixture_assert_warned (f);
  other_patient_fixture_expect (f, "SELECT count(*) FROM resources WHERE type = 'DocumentReference' AND patient IS NULL AND held IS NOT NULL", 1);
  arrive_task (f, "2", "completed", "p1", "", NULL);
  other_patient_fixture_assert_well (f);
  other_patient_fixture_expect (f, IN_RECORD ("Task", "Erika Muster"), 1);
  other_patient_fixture_expect (f, IN_RECORD ("DocumentReference", "Jonas Muster"), 1);
}

#define ADD(path, data, test) g_test_add ("/engine/other-patient-documents/" path, OtherPatientFixture, data, other_patient_fixture_set_up, test, other_patient_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("note", MW_KIND_ASK, test_document);
  ADD ("does-not-belong", MW_KIND_ASK, test_document_does_not_belong);
  ADD ("unknown", MW_KIND_ASK, test_document_unknown);
  ADD ("belongs", MW_KIND_ASK, test_document_belongs);
  ADD ("later", MW_KIND_ASK, test_document_later);
  ADD ("mended", MW_KIND_ASK, test_document_mended);
  ADD ("several", MW_KIND_ASK, test_documents);
  return g_test_run ();
}
