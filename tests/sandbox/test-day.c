/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox-fixture.h"

#include <string.h>

#define SECONDS(n) ((n) *G_TIME_SPAN_SECOND)
#define MINUTES(n) ((n) *G_TIME_SPAN_MINUTE)
#define ME "Practitioner/maren-lindqvist"
#define URN "urn:uuid:0a1b2c3d-0000-4000-8000-00000000000a"
#define IDENTIFIER "'identifier':[{'system':'urn:ietf:rfc:3986','value':'" URN "'}]"
#define NEW_MAIL "Communication?recipient=" ME "&_lastUpdated=ge2026-03-02T08:00:00Z"

static guint
count (Fixture    *self,
       const char *site,
       const char *query)
{
  fixture_get (self, site, query);
  return fixture_total (self);
}

static char *
create (Fixture    *self,
        const char *site,
        const char *type,
        const char *body)
{
  g_assert_cmpuint (fixture_post (self, site, type, body), ==, 201);
  return g_strconcat (type, "/", mw_resource_id (self->json), NULL);
}

static void
assert_status (Fixture    *self,
               const char *site,
               const char *task,
               const char *status)
{
  g_assert_cmpuint (fixture_get (self, site, task), ==, 200);
  g_assert_cmpstr (mw_json_string (self->json, "status"), ==, status);
}

static char *
refer (Fixture    *self,
       const char *owner)
{
  g_autofree char *order = create (self, "hospital", "ServiceRequest",
                                   "{'resourceType':'ServiceRequest','status':'active','intent':'order','code':{'text':'Cardiology'},'subject':{'reference':'Patient/sm-70413'}}");
  g_autofree char *body = g_strdup_printf ("{'resourceType':'Task'," IDENTIFIER ",'status':'requested','intent':'order','focus':{'reference':'%s'},"
                                           "'for':{'reference':'Patient/sm-70413'},'authoredOn':'2026-03-02T08:00:00Z','lastModified':'2026-03-02T08:00:00Z','owner':{'reference':'%s'}}",
                                           order, owner);

  return create (self, "hospital", "Task", body);
}

static void
test_referral (Fixture      *self,
               gconstpointer data)
{
  g_autofree char *task = refer (self, "Organization/st-marys-cardiology");
  const char      *letter;

  assert_status (self, "hospital", task, "requested");
  mw_sandbox_advance (self->sandbox, SECONDS (29));
  assert_status (self, "hospital", task, "requested");
  mw_sandbox_advance (self->sandbox, SECONDS (1));
  assert_status (self, "hospital", task, "received");
  mw_sandbox_advance (self->sandbox, SECONDS (90));
  assert_status (self, "hospital", task, "accepted");
  g_assert_cmpstr (mw_json_string (self->json, "lastModified"), ==, "2026-03-02T08:02:00.000Z");
  mw_sandbox_advance (self->sandbox, MINUTES (3));
  assert_status (self, "hospital", task, "in-progress");
  mw_sandbox_advance (self->sandbox, MINUTES (5));
  assert_status (self, "hospital", task, "completed");

  letter = mw_json_string (self->json, "output[0].valueReference.reference");
  g_assert_true (g_str_has_prefix (letter, "DocumentReference/"));
  {
    g_autofree char *path = g_strdup (letter);

    g_assert_cmpuint (fixture_get (self, "hospital", path), ==, 200);
  }
  g_assert_cmpstr (mw_json_string (self->json, "subject.reference"), ==, "Patient/sm-70413");
  g_assert_cmpstr (mw_json_string (self->json, "content[0].attachment.contentType"), ==, "application/pdf");
  /* it ends there */
  mw_sandbox_advance (self->sandbox, MINUTES (60));
  fixture_get (self, "hospital", task);
  g_assert_cmpstr (fixture_header (self, "ETag"), ==, "W/\"5\"");
}

static void
test_referral_declined (Fixture      *self,
                        gconstpointer data)
{
  g_autofree char *task = refer (self, "Organization/st-marys-emergency");

  mw_sandbox_advance (self->sandbox, MINUTES (20));
  assert_status (self, "hospital", task, "rejected");
  g_assert_nonnull (mw_json_string (self->json, "statusReason.text"));
}

/* The version, the status and the rest of the Task as the client would write it */
static guint
move (Fixture    *self,
      const char *site,
      const char *task,
      const char *status,
      gboolean    with_version)
{
  g_autoptr (JsonNode) copy = NULL;
  g_autofree char *etag = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpuint (fixture_get (self, site, task), ==, 200);
  etag = g_strdup (fixture_header (self, "ETag"));
  copy = mw_json_copy (self->json);
  mw_json_set (copy, "status", status);
  text = mw_json_to_text (copy, FALSE);
  if (with_version)
    return fixture_send (self, site, "PUT", task, text, "If-Match", etag);
  return fixture_send (self, site, "PUT", task, text, NULL, NULL);
}

static void
test_referral_cancelled (Fixture      *self,
                         gconstpointer data)
{
  g_autofree char *task = refer (self, "Organization/st-marys-cardiology");

  mw_sandbox_advance (self->sandbox, SECONDS (40));
  g_assert_cmpuint (move (self, "hospital", task, "cancelled", TRUE), ==, 200);
  mw_sandbox_advance (self->sandbox, MINUTES (20));
  assert_status (self, "hospital", task, "cancelled");
}

static void
test_task_rules (Fixture      *self,
                 gconstpointer data)
{
  g_autofree char *task = refer (self, "Organization/st-marys-cardiology");
  g_autofree char *mine = NULL;

  move (self, "hospital", task, "cancelled", FALSE);
  fixture_assert_refused (self, 428, NULL);
  /* the hospital accepts, not who asked */
  move (self, "hospital", task, "accepted", TRUE);
  fixture_assert_refused (self, 403, "Task.status");
  /* no such move */
  move (self, "hospital", task, "draft", TRUE);
  fixture_assert_refused (self, 422, "Task.status");
  g_assert_cmpuint (move (self, "hospital", task, "cancelled", TRUE), ==, 200);
  move (self, "hospital", task, "requested", TRUE);
  fixture_assert_refused (self, 422, "Task.status");

  /* at home it is the other way round for what the clinician owns */
  fixture_get (self, "practice", "Task?owner=" ME "&status=requested&code=fulfill");
  g_assert_cmpuint (fixture_total (self), ==, 1);
  mine = g_strconcat ("Task/", mw_resource_id (mw_json_get (self->json, "entry[0].resource")), NULL);
  move (self, "practice", mine, "cancelled", TRUE);
  fixture_assert_refused (self, 403, "Task.status");
  g_assert_cmpuint (move (self, "practice", mine, "accepted", TRUE), ==, 200);
  /* who gave it is glad */
  mw_sandbox_advance (self->sandbox, MINUTES (3));
  g_assert_cmpuint (count (self, "practice", NEW_MAIL), ==, 1);
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.basedOn[0].reference"), ==, mine);
}

static void
test_referral_by_message (Fixture      *self,
                          gconstpointer data)
{
  g_assert_cmpuint (fixture_post (self, "hospital", "$process-message",
                                  "{'resourceType':'Bundle','type':'message','timestamp':'2026-03-02T08:00:00Z','entry':["
                                  "{'fullUrl':'urn:uuid:0a1b2c3d-0000-4000-8000-000000000011','resource':{'resourceType':'MessageHeader','id':'m1',"
                                  "'eventCoding':{'system':'http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event','code':'notification-referral'},"
                                  "'source':{'endpoint':'http://127.0.0.1/practice'},'focus':[{'reference':'urn:uuid:0a1b2c3d-0000-4000-8000-000000000012'}]}},"
                                  "{'fullUrl':'urn:uuid:0a1b2c3d-0000-4000-8000-000000000012','resource':{'resourceType':'Task','status':'requested','intent':'order',"
                                  "'focus':{'reference':'urn:uuid:0a1b2c3d-0000-4000-8000-000000000013'},'for':{'reference':'urn:uuid:0a1b2c3d-0000-4000-8000-000000000014'}}},"
                                  "{'fullUrl':'urn:uuid:0a1b2c3d-0000-4000-8000-000000000013','resource':{'resourceType':'ServiceRequest'," IDENTIFIER ",'status':'active','intent':'order',"
                                  "'subject':{'reference':'urn:uuid:0a1b2c3d-0000-4000-8000-000000000014'}}},"
                                  "{'fullUrl':'urn:uuid:0a1b2c3d-0000-4000-8000-000000000014','resource':{'resourceType':'Patient',"
                                  "'identifier':[{'system':'https://plannorth.example/id/member','value':'PN-880111-01'}]}}]}"),
                    ==, 200);
  mw_sandbox_advance (self->sandbox, MINUTES (11));
  g_assert_cmpuint (count (self, "hospital", "Task?status=completed"), ==, 1);
  /* who sent a message may not be able to see the Task: the note comes to the inbox as well */
  g_assert_cmpuint (count (self, "practice", NEW_MAIL), ==, 1);
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.subject.reference"), ==, "Patient/p01");
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.basedOn[0].identifier.value"), ==, URN);
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.payload[1].contentAttachment.contentType"), ==, "application/pdf");
}

static void
test_reply_at_home (Fixture      *self,
                    gconstpointer data)
{
  g_autofree char *message = create (self, "practice", "Communication",
                                     "{'resourceType':'Communication'," IDENTIFIER ",'status':'completed','topic':{'text':'Flu shots'},'subject':{'reference':'Patient/p02'},"
                                     "'sender':{'reference':'" ME "'},'recipient':[{'reference':'CareTeam/lakeside-team'}],'payload':[{'contentString':'Who can help on Friday?'}]}");

  mw_sandbox_advance (self->sandbox, SECONDS (44));
  g_assert_cmpuint (count (self, "practice", NEW_MAIL), ==, 0);
  mw_sandbox_advance (self->sandbox, MINUTES (3));
  g_assert_cmpuint (count (self, "practice", NEW_MAIL), ==, 1);
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.inResponseTo[0].reference"), ==, message);
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.subject.reference"), ==, "Patient/p02");
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.topic.text"), ==, "Flu shots");
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.sender.reference"), !=, ME);
  /* one answer, and nobody answers that */
  mw_sandbox_advance (self->sandbox, MINUTES (60));
  g_assert_cmpuint (count (self, "practice", NEW_MAIL), ==, 1);
}

static void
test_reply_from_elsewhere (Fixture      *self,
                           gconstpointer data)
{
  static const char *const sites[] = { "hospital", "plan" };

  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    {
      g_autofree char *message = create (self, sites[i], "Communication",
                                         "{'resourceType':'Communication'," IDENTIFIER ",'status':'completed',"
                                         "'subject':{'identifier':{'system':'https://plannorth.example/id/member','value':'PN-880111-01'}},"
                                         "'recipient':[{'reference':'Organization/plan-north'}],'payload':[{'contentString':'Please note the new address.'}]}");

      mw_sandbox_advance (self->sandbox, MINUTES (4));
      g_assert_cmpuint (count (self, "practice", NEW_MAIL "&_sort=-_lastUpdated"), ==, i + 1);
      g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.inResponseTo[0].identifier.value"), ==, URN);
      g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.sender.reference"), ==, "Practitioner/karen-hughes");
      g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.subject.reference"), ==, "Patient/p01");
      g_assert_cmpuint (count (self, sites[i], "Communication"), ==, 1);
    }
}

static void
test_reply_to_what_is_gone (Fixture      *self,
                            gconstpointer data)
{
  g_autofree char *message = create (self, "practice", "Communication",
                                     "{'resourceType':'Communication','status':'completed','sender':{'reference':'" ME "'},"
                                     "'recipient':[{'reference':'Practitioner/tom-whitfield'}],'payload':[{'contentString':'Never mind'}]}");

  g_assert_cmpuint (fixture_send (self, "practice", "DELETE", message, NULL, NULL, NULL), ==, 204);
  mw_sandbox_advance (self->sandbox, MINUTES (4));
  g_assert_cmpuint (count (self, "practice", NEW_MAIL), ==, 1);
}

static void
test_no_reply (Fixture      *self,
               gconstpointer data)
{
  g_autofree char *alert = NULL;
  g_autofree char *etag = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) copy = NULL;

  /* an alert that is acknowledged: its receipt is noted, and a word without content */
  fixture_get (self, "practice", "Communication?category=alert");
  copy = mw_json_copy (mw_json_get (self->json, "entry[0].resource"));
  alert = g_strconcat ("Communication/", mw_resource_id (copy), NULL);
  mw_json_set (copy, "received", "2026-03-02T08:00:00Z");
  text = mw_json_to_text (copy, FALSE);
  g_assert_cmpuint (fixture_send (self, "practice", "PUT", alert, text, NULL, NULL), ==, 200);
  {
    g_autofree char *body = g_strdup_printf ("{'resourceType':'Communication','status':'completed','sender':{'reference':'" ME "'},"
                                             "'recipient':[{'reference':'Organization/st-marys-laboratory'}],'inResponseTo':[{'reference':'%s'}]}",
                                             alert);
    g_autofree char *acknowledgement = create (self, "practice", "Communication", body);

    g_assert_nonnull (acknowledgement);
  }
  mw_sandbox_advance (self->sandbox, MINUTES (30));
  g_assert_cmpuint (count (self, "practice", "Communication?_lastUpdated=gt2026-03-02T08:00:00.999Z"), ==, 0);
}

static void
test_ask_query (Fixture      *self,
                gconstpointer data)
{
  g_autofree char *task = create (self, "hospital", "Task",
                                  "{'resourceType':'Task','status':'requested','intent':'order',"
                                  "'code':{'coding':[{'system':'http://hl7.org/fhir/us/davinci-cdex/CodeSystem/cdex-temp','code':'data-request-query'}]},"
                                  "'for':{'identifier':{'system':'https://plannorth.example/id/member','value':'PN-880111-01'}},'owner':{'reference':'Organization/st-marys'},"
                                  "'input':[{'type':{'coding':[{'system':'http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp','code':'data-query'}]},"
                                  "'valueString':'Encounter?patient=Patient/p01&status=finished'}]}");

  mw_sandbox_advance (self->sandbox, SECONDS (45));
  assert_status (self, "hospital", task, "accepted");
  mw_sandbox_advance (self->sandbox, MINUTES (3));
  assert_status (self, "hospital", task, "completed");
  g_assert_cmpstr (mw_json_string (self->json, "output[0].valueReference.reference"), ==, "#results");
  g_assert_cmpuint (mw_json_length (self->json, "contained[0].entry"), ==, 1);
  g_assert_cmpstr (mw_json_string (self->json, "contained[0].entry[0].resource.subject.reference"), ==, "Patient/sm-70413");
}

static void
test_ask_query_of_another (Fixture      *self,
                           gconstpointer data)
{
  /* the query says everybody; the Task says whom: nothing of others leaves */
  g_autofree char *task = create (self, "hospital", "Task",
                                  "{'resourceType':'Task','status':'requested','intent':'order','for':{'reference':'Patient/sm-70426'},"
                                  "'input':[{'type':{'coding':[{'code':'data-query'}]},'valueString':'Encounter?status=finished'}]}");

  mw_sandbox_advance (self->sandbox, MINUTES (4));
  assert_status (self, "hospital", task, "completed");
  g_assert_cmpuint (mw_json_length (self->json, "contained[0].entry"), ==, 1);
  g_assert_cmpstr (mw_json_string (self->json, "contained[0].entry[0].resource.subject.reference"), ==, "Patient/sm-70426");
}

static void
test_ask_plan (Fixture      *self,
               gconstpointer data)
{
  g_autofree char *letter = NULL;
  g_autofree char *task = create (self, "plan", "Task",
                                  "{'resourceType':'Task'," IDENTIFIER ",'status':'requested','intent':'order','description':'Is physiotherapy covered?',"
                                  "'for':{'reference':'Patient/member-5007'},'owner':{'reference':'Organization/plan-north'}}");

  mw_sandbox_advance (self->sandbox, MINUTES (4));
  assert_status (self, "plan", task, "completed");
  letter = g_strdup (mw_json_string (self->json, "output[0].valueReference.reference"));
  g_assert_cmpuint (fixture_get (self, "plan", letter), ==, 200);
  g_assert_cmpstr (mw_json_string (self->json, "author[0].reference"), ==, "Practitioner/karen-hughes");
}

static void
test_ask_by_communication_request (Fixture      *self,
                                   gconstpointer data)
{
  g_autofree char *request = create (self, "plan", "CommunicationRequest",
                                     "{'resourceType':'CommunicationRequest'," IDENTIFIER ",'status':'active','subject':{'reference':'Patient/member-5007'},"
                                     "'payload':[{'contentString':'Which visits were paid?'}],'sender':{'reference':'Organization/plan-north'}}");

  g_assert_nonnull (request);
  mw_sandbox_advance (self->sandbox, MINUTES (4));
  g_assert_cmpuint (count (self, "practice", NEW_MAIL), ==, 1);
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.basedOn[0].identifier.value"), ==, URN);
}

static void
test_thanks (Fixture      *self,
             gconstpointer data)
{
  guint thanked;

  /* nobody owes thanks, but somebody will say so once in sixteen */
  for (guint i = 0; i < 16; i++)
    {
      g_autofree char *document = create (self, "hospital", "DocumentReference",
                                          "{'resourceType':'DocumentReference'," IDENTIFIER ",'status':'current','subject':{'reference':'Patient/sm-70413'},"
                                          "'content':[{'attachment':{'contentType':'text/plain','data':'aGVsbG8='}}]}");

      g_assert_nonnull (document);
      mw_sandbox_advance (self->sandbox, MINUTES (5));
    }
  thanked = count (self, "practice", NEW_MAIL);
  g_assert_cmpuint (thanked, >, 0);
  g_assert_cmpuint (thanked, <, 16);
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.about[0].identifier.value"), ==, URN);
}

static void
test_script (Fixture      *self,
             gconstpointer data)
{
  guint messages = count (self, "practice", "Bundle?type=message");
  guint alerts = count (self, "practice", "Communication?category=alert");
  guint tasks = count (self, "practice", "Task");

  mw_sandbox_advance (self->sandbox, MINUTES (60));
  g_assert_cmpuint (count (self, "practice", "Bundle?type=message"), ==, messages);

  mw_sandbox_play (self->sandbox);
  mw_sandbox_advance (self->sandbox, MINUTES (1));
  g_assert_cmpuint (count (self, "practice", "Bundle?type=message"), ==, messages);
  mw_sandbox_advance (self->sandbox, MINUTES (9));
  g_assert_cmpuint (count (self, "practice", "Bundle?type=message"), ==, messages + 2);
  mw_sandbox_advance (self->sandbox, MINUTES (480));
  g_assert_cmpuint (count (self, "practice", "Bundle?type=message"), >, messages + 8);
  g_assert_cmpuint (count (self, "practice", "Communication?category=alert"), ==, alerts + 2);
  g_assert_cmpuint (count (self, "practice", "Task"), ==, tasks + 5);
  /* a stay is one Encounter, from its admission to its discharge */
  g_assert_cmpuint (count (self, "practice", "Encounter?status=finished&_lastUpdated=ge2026-03-02T16:00:00Z"), ==, 1);
  fixture_get (self, "practice", "Encounter?status=in-progress&_lastUpdated=ge2026-03-02T08:00:00Z");
  g_assert_cmpuint (fixture_total (self), ==, 0);
}

static void
test_runs_by_itself (Fixture      *self,
                     gconstpointer data)
{
  g_autofree char *task = refer (self, "Organization/st-marys-cardiology");

  /* ten minutes in a tenth of a second; each look lets the main context turn */
  mw_sandbox_set_speed (self->sandbox, 6000);
  do
    g_assert_cmpuint (fixture_get (self, "hospital", task), ==, 200);
  while (g_strcmp0 (mw_json_string (self->json, "status"), "completed") != 0);
  mw_sandbox_set_speed (self->sandbox, 0);
  g_assert_cmpint (mw_sandbox_get_now (self->sandbox), >=, FIXTURE_START + MINUTES (10));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/sandbox/day/referral", test_referral);
  fixture_add ("/sandbox/day/referral-declined", test_referral_declined);
  fixture_add ("/sandbox/day/referral-cancelled", test_referral_cancelled);
  fixture_add ("/sandbox/day/referral-by-message", test_referral_by_message);
  fixture_add ("/sandbox/day/task-rules", test_task_rules);
  fixture_add ("/sandbox/day/reply-at-home", test_reply_at_home);
  fixture_add ("/sandbox/day/reply-from-elsewhere", test_reply_from_elsewhere);
  fixture_add ("/sandbox/day/reply-to-what-is-gone", test_reply_to_what_is_gone);
  fixture_add ("/sandbox/day/no-reply", test_no_reply);
  fixture_add ("/sandbox/day/ask-query", test_ask_query);
  fixture_add ("/sandbox/day/ask-query-of-another", test_ask_query_of_another);
  fixture_add ("/sandbox/day/ask-plan", test_ask_plan);
  fixture_add ("/sandbox/day/ask-by-communication-request", test_ask_by_communication_request);
  fixture_add ("/sandbox/day/thanks", test_thanks);
  fixture_add ("/sandbox/day/script", test_script);
  fixture_add ("/sandbox/day/runs-by-itself", test_runs_by_itself);

  return g_test_run ();
}
