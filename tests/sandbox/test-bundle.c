/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox-fixture.h"

#define ORDER "urn:uuid:0a1b2c3d-0000-4000-8000-00000000000a"
#define TASK "urn:uuid:0a1b2c3d-0000-4000-8000-00000000000b"
#define MEMBER "https://plannorth.example/id/member|PN-880111-01"

static guint
count (Fixture    *self,
       const char *site,
       const char *query)
{
  fixture_get (self, site, query);
  return fixture_total (self);
}

/* A referral to the hospital; @status and @subject make it right or wrong */
static char *
referral (const char *status,
          const char *subject)
{
  return g_strdup_printf (
      "{'resourceType':'Bundle','type':'transaction','entry':["
      "{'fullUrl':'" ORDER "','resource':{'resourceType':'ServiceRequest','identifier':[{'system':'urn:ietf:rfc:3986','value':'" ORDER "'}],"
      "'status':'active','intent':'order','code':{'text':'Cardiology'},'subject':{'reference':'%s'}},"
      "'request':{'method':'POST','url':'ServiceRequest','ifNoneExist':'identifier=urn:ietf:rfc:3986|" ORDER "'}},"
      "{'fullUrl':'" TASK "','resource':{'resourceType':'Task','identifier':[{'system':'urn:ietf:rfc:3986','value':'" TASK "'}],"
      "'status':'%s','intent':'order','focus':{'reference':'" ORDER "'},'owner':{'reference':'Organization/st-marys-cardiology'}},"
      "'request':{'method':'POST','url':'Task','ifNoneExist':'identifier=urn:ietf:rfc:3986|" TASK "'}}]}",
      subject, status);
}

static void
test_transaction (Fixture      *self,
                  gconstpointer data)
{
  g_autofree char *body = referral ("requested", "Patient?identifier=" MEMBER);
  g_autofree char *order = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (fixture_post (self, "hospital", "", body), ==, 200);
      g_assert_cmpstr (mw_json_string (self->json, "type"), ==, "transaction-response");
      g_assert_cmpuint (mw_json_length (self->json, "entry"), ==, 2);
      g_assert_cmpstr (mw_json_string (self->json, "entry[1].response.status"), ==, i == 0 ? "201 Created" : "200 OK");
      g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.subject.reference"), ==, "Patient/sm-70413");
    }
  order = g_strconcat ("ServiceRequest/", mw_resource_id (mw_json_get (self->json, "entry[0].resource")), NULL);
  g_assert_cmpstr (mw_json_string (self->json, "entry[1].resource.focus.reference"), ==, order);
  g_assert_cmpuint (count (self, "hospital", "ServiceRequest"), ==, 1);
  g_assert_cmpuint (count (self, "hospital", "Task"), ==, 1);
}

static void
test_transaction_minimal (Fixture      *self,
                          gconstpointer data)
{
  g_autofree char *body = referral ("requested", "Patient/sm-70413");

  fixture_send (self, "hospital", "POST", "", body, "Prefer", "return=minimal");
  g_assert_cmpuint (self->status, ==, 200);
  g_assert_false (mw_json_has (self->json, "entry[0].resource"));
  g_assert_nonnull (mw_json_string (self->json, "entry[0].response.location"));
}

static void
test_rollback (Fixture      *self,
               gconstpointer data)
{
  static const struct
  {
    const char *status;
    const char *subject;
    guint       expected;
    const char *expression;
  } cases[] = {
    { "bogus", "Patient/sm-70413", 400, "Bundle.entry[1].resource.status" },
    /* others carry it out: it cannot begin as done */
    { "completed", "Patient/sm-70413", 422, "Bundle.entry[1].resource.status" },
    { "requested", "Patient/nobody", 422, "Bundle.entry[0].resource.subject" },
    { "requested", "urn:uuid:0a1b2c3d-0000-4000-8000-0000000000ff", 422, "Bundle.entry[0].resource.subject" },
    { "requested", "Patient?identifier=nobody", 412, NULL },
    { "requested", "Patient?gender=female", 412, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = referral (cases[i].status, cases[i].subject);

      g_test_message ("%s %s", cases[i].status, cases[i].subject);
      fixture_post (self, "hospital", "", body);
      fixture_assert_refused (self, cases[i].expected, cases[i].expression);
      g_assert_cmpuint (count (self, "hospital", "ServiceRequest"), ==, 0);
      g_assert_cmpuint (count (self, "hospital", "ServiceRequest?identifier=" ORDER), ==, 0);
    }
}

static void
test_bundle_refused (Fixture      *self,
                     gconstpointer data)
{
  static const struct
  {
    const char *entry;
    guint       status;
  } cases[] = {
    { "{'resource':{'resourceType':'Basic','code':{'text':'x'}},'request':{'method':'POST','url':'/Basic'}}", 400 },
    { "{'resource':{'resourceType':'Basic','code':{'text':'x'}}}", 400 },
    { "{'request':{'method':'POST','url':'Basic'}}", 400 },
    { "{'resource':{'resourceType':'Basic','code':{'text':'x'}},'request':{'method':'POST','url':'Task'}}", 400 },
    { "{'resource':{'resourceType':'Basic','code':{'text':'x'}},'request':{'method':'SEND','url':'Basic'}}", 400 },
    { "{'resource':{'resourceType':'Basic','id':'a','code':{'text':'x'}},'request':{'method':'PUT','url':'Basic/a'}},"
      "{'resource':{'resourceType':'Basic','id':'a','code':{'text':'y'}},'request':{'method':'PUT','url':'Basic/a'}}",
      400 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = g_strdup_printf ("{'resourceType':'Bundle','type':'transaction','entry':[%s]}", cases[i].entry);

      g_test_message ("%s", cases[i].entry);
      fixture_post (self, "practice", "", body);
      fixture_assert_refused (self, cases[i].status, NULL);
    }
  fixture_post (self, "practice", "", "{'resourceType':'Bundle','type':'collection'}");
  fixture_assert_refused (self, 400, "Bundle.type");
  g_assert_cmpuint (count (self, "practice", "Basic"), ==, 0);
}

static void
test_batch (Fixture      *self,
            gconstpointer data)
{
  fixture_post (self, "practice", "",
                "{'resourceType':'Bundle','type':'batch','entry':["
                "{'resource':{'resourceType':'Basic','code':{'text':'x'}},'request':{'method':'POST','url':'Basic'}},"
                "{'resource':{'resourceType':'Basic'},'request':{'method':'POST','url':'Basic'}},"
                "{'request':{'method':'GET','url':'Patient?family=Kartika'}}]}");
  g_assert_cmpuint (self->status, ==, 200);
  g_assert_cmpstr (mw_json_string (self->json, "type"), ==, "batch-response");
  g_assert_true (g_str_has_prefix (mw_json_string (self->json, "entry[0].response.status"), "201"));
  g_assert_true (g_str_has_prefix (mw_json_string (self->json, "entry[1].response.status"), "400"));
  g_assert_true (mw_resource_is (mw_json_get (self->json, "entry[1].response.outcome"), "OperationOutcome"));
  g_assert_cmpint (mw_json_integer (self->json, "entry[2].resource.total", -1), ==, 1);
  g_assert_cmpuint (count (self, "practice", "Basic"), ==, 1);
}

/* A push to the hospital as a message; @focus is what MessageHeader points to */
static char *
message (const char *focus,
         const char *extra)
{
  return g_strdup_printf (
      "{'resourceType':'Bundle','id':'b1','type':'message','timestamp':'2026-03-02T08:00:00Z','entry':["
      "{'fullUrl':'urn:uuid:0a1b2c3d-0000-4000-8000-000000000011','resource':{'resourceType':'MessageHeader','id':'0a1b2c3d-0000-4000-8000-000000000011',"
      "'eventCoding':{'system':'http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event','code':'notification-new-condition'},"
      "'source':{'endpoint':'http://127.0.0.1/practice'},'focus':[{'reference':'%s'}]}},"
      "{'fullUrl':'urn:uuid:0a1b2c3d-0000-4000-8000-000000000012','resource':{'resourceType':'Condition','code':{'text':'Asthma'},"
      "'subject':{'reference':'urn:uuid:0a1b2c3d-0000-4000-8000-000000000013'}%s}},"
      "{'fullUrl':'urn:uuid:0a1b2c3d-0000-4000-8000-000000000013','resource':{'resourceType':'Patient','id':'p01',"
      "'identifier':[{'system':'https://plannorth.example/id/member','value':'PN-880111-01'}]}}]}",
      focus, extra);
}

static void
test_message (Fixture      *self,
              gconstpointer data)
{
  g_autofree char *body = message ("urn:uuid:0a1b2c3d-0000-4000-8000-000000000012", "");

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (fixture_post (self, "hospital", "$process-message", body), ==, 200);
      g_assert_true (mw_resource_is (self->json, "OperationOutcome"));
    }
  g_assert_cmpuint (count (self, "hospital", "Bundle?type=message"), ==, 1);
  g_assert_cmpuint (count (self, "hospital", "Condition"), ==, 1);
  /* the patient is known here under another id */
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.subject.reference"), ==, "Patient/sm-70413");
  g_assert_cmpuint (count (self, "hospital", "Patient"), ==, 15);
}

static void
test_message_refused (Fixture      *self,
                      gconstpointer data)
{
  g_autofree char *dangling = message ("urn:uuid:0a1b2c3d-0000-4000-8000-0000000000ff", "");
  g_autofree char *unknown = message ("urn:uuid:0a1b2c3d-0000-4000-8000-000000000012", ",'recorder':{'reference':'Practitioner/nobody'}");
  g_autofree char *wrong = message ("urn:uuid:0a1b2c3d-0000-4000-8000-000000000012", ",'colour':'red'");

  fixture_post (self, "hospital", "$process-message", dangling);
  fixture_assert_refused (self, 422, "Bundle.entry[0].resource.focus[0]");
  fixture_post (self, "hospital", "$process-message", unknown);
  fixture_assert_refused (self, 422, NULL);
  fixture_post (self, "hospital", "$process-message", wrong);
  fixture_assert_refused (self, 400, "Bundle.entry[1].resource.colour");
  fixture_post (self, "hospital", "$process-message", "{'resourceType':'Bundle','type':'message','timestamp':'2026-03-02T08:00:00Z','entry':[{'fullUrl':'urn:uuid:0a1b2c3d-0000-4000-8000-000000000011','resource':{'resourceType':'Basic','code':{'text':'x'}}}]}");
  fixture_assert_refused (self, 422, "Bundle");
  fixture_post (self, "hospital", "$process-message", "{'resourceType':'Bundle','type':'batch'}");
  fixture_assert_refused (self, 400, "Bundle.type");
  g_assert_cmpuint (count (self, "hospital", "Condition"), ==, 0);
  g_assert_cmpuint (count (self, "hospital", "Bundle"), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/sandbox/bundle/transaction", test_transaction);
  fixture_add ("/sandbox/bundle/transaction-minimal", test_transaction_minimal);
  fixture_add ("/sandbox/bundle/rollback", test_rollback);
  fixture_add ("/sandbox/bundle/refused", test_bundle_refused);
  fixture_add ("/sandbox/bundle/batch", test_batch);
  fixture_add ("/sandbox/bundle/message", test_message);
  fixture_add ("/sandbox/bundle/message-refused", test_message_refused);

  return g_test_run ();
}
