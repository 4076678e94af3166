/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox-fixture.h"

#include "mw-validate.h"

#define TASK(more) "{'resourceType':'Task','status':'requested','intent':'order','for':{'reference':'Patient/cg-9001'}" more "}"
#define ORDER(more) "{'resourceType':'ServiceRequest','status':'active','intent':'order','subject':{'reference':'Patient/cg-9001'}" more "}"
#define NOTE(more) "{'resourceType':'Communication','status':'completed','subject':{'reference':'Patient/cg-9001'}" more "}"
#define JSON_R5 "application/fhir+json; fhirVersion=5.0"
#define JSON_R4 "application/fhir+json; fhirVersion=4.0"

static void
test_says_so (Fixture      *self,
              gconstpointer data)
{
  g_assert_cmpuint (fixture_get (self, "county", "metadata"), ==, 200);
  g_assert_cmpstr (mw_json_string (self->json, "fhirVersion"), ==, "5.0.0");
  g_assert_cmpuint (fixture_get (self, "county", "$versions"), ==, 200);
  g_assert_cmpstr (mw_json_string (self->json, "parameter[0].name"), ==, "version");
  g_assert_cmpstr (mw_json_string (self->json, "parameter[0].valueCode"), ==, "5.0");
  g_assert_cmpstr (mw_json_string (self->json, "parameter[1].name"), ==, "default");
  /* who does not have it says that */
  fixture_get (self, "hospital", "$versions");
  fixture_assert_refused (self, 404, NULL);
}

/* what only R4 has, by the place of the fault */
static void
test_r4_refused (Fixture      *self,
                 gconstpointer data)
{
  static const struct
  {
    const char *body;
    const char *type;
    const char *at;
  } cases[] = {
    { NOTE (",'payload':[{'contentString':'Hello'}]"), "Communication", "Communication.payload[0].contentString" },
    { TASK (",'reasonCode':{'text':'Chest pain'}"), "Task", "Task.reasonCode" },
    { TASK (",'performerType':[{'text':'Nurse'}]"), "Task", "Task.performerType" },
    { ORDER (",'code':{'text':'Cardiology consult'}"), "ServiceRequest", "ServiceRequest.code.text" },
    { ORDER (",'reasonReference':[{'display':'a'}]"), "ServiceRequest", "ServiceRequest.reasonReference" },
    { "{'resourceType':'CommunicationRequest','status':'active','payload':[{'contentAttachment':{'title':'a'}}]}", "CommunicationRequest", "CommunicationRequest" },
    { "{'resourceType':'CommunicationRequest','status':'active','intent':'order','sender':{'display':'a'}}", "CommunicationRequest", "CommunicationRequest.sender" },
    { "{'resourceType':'Appointment','status':'proposed','comment':'a','participant':[{'status':'accepted','actor':{'display':'a'}}]}", "Appointment", "Appointment.comment" },
    { "{'resourceType':'Endpoint','status':'active','connectionType':{'code':'hl7-fhir-rest'},'address':'https://a.example'}", "Endpoint", "Endpoint.connectionType" },
    { "{'resourceType':'CarePlan','status':'active','intent':'plan','subject':{'reference':'Patient/cg-9001'},'activity':[{'detail':{'status':'scheduled'}}]}", "CarePlan", "CarePlan.activity[0].detail" },
    { TASK (",'status':'begun'"), "Task", NULL },
    { NOTE (",'payload':[{}]"), "Communication", "Communication.payload[0]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      fixture_post (self, "county", cases[i].type, cases[i].body);
      fixture_assert_refused (self, 400, cases[i].at);
    }
}

static void
test_r5_taken (Fixture      *self,
               gconstpointer data)
{
  static const struct
  {
    const char *body;
    const char *type;
  } cases[] = {
    { NOTE (",'payload':[{'contentAttachment':{'contentType':'text/plain','data':'SGVsbG8='}},{'contentCodeableConcept':{'text':'a'}}]"), "Communication" },
    { TASK (",'reason':[{'concept':{'text':'Chest pain'}}],'requestedPerformer':[{'reference':{'reference':'Organization/county'}}],'doNotPerform':false"), "Task" },
    { ORDER (",'code':{'concept':{'coding':[{'system':'http://snomed.info/sct','code':'183519002'}],'text':'Cardiology consult'}},'reason':[{'concept':{'text':'a'}}]"), "ServiceRequest" },
    { "{'resourceType':'CommunicationRequest','status':'active','intent':'order','informationProvider':[{'display':'a'}]}", "CommunicationRequest" },
    { "{'resourceType':'Endpoint','status':'active','connectionType':[{'coding':[{'code':'hl7-fhir-rest'}]}],'address':'https://a.example'}", "Endpoint" },
    { "{'resourceType':'Observation','status':'final','code':{'text':'a'},'valueQuantity':{'value':1.50,'unit':'mg'}}", "Observation" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpuint (fixture_post (self, "county", cases[i].type, cases[i].body), ==, 201);
      /* which R4 would not have */
      if (i < 5)
        {
          g_autoptr (MwIssues) issues = mw_issues_new ();
          g_autofree char *text = fixture_quote (cases[i].body);
          g_autoptr (JsonNode) resource = mw_json_parse (text, -1, NULL);

          g_assert_false (mw_validate (resource, NULL, NULL, issues));
        }
    }
  fixture_get (self, "county", "ServiceRequest?code-concept=http%3A%2F%2Fsnomed.info%2Fsct%7C183519002");
  g_assert_cmpuint (fixture_total (self), ==, 1);
  fixture_get (self, "county", "ServiceRequest?code=183519002");
  fixture_assert_refused (self, 400, NULL);
  fixture_get (self, "county", "Task?patient=Patient/cg-9001&requestedperformer-reference=Organization/county");
  g_assert_cmpuint (fixture_total (self), ==, 1);
}

static void
test_media_type (Fixture      *self,
                 gconstpointer data)
{
  g_assert_cmpuint (fixture_send (self, "county", "GET", "Patient", NULL, "Accept", JSON_R5), ==, 200);
  fixture_send (self, "county", "GET", "Patient", NULL, "Accept", JSON_R4);
  fixture_assert_refused (self, 406, NULL);
  fixture_send (self, "county", "GET", "Patient", NULL, "Accept", "application/fhir+xml");
  fixture_assert_refused (self, 406, NULL);
  g_assert_cmpuint (fixture_send (self, "county", "POST", "Task", TASK (""), "Content-Type", JSON_R5), ==, 201);
  fixture_send (self, "county", "POST", "Task", TASK (""), "Content-Type", JSON_R4);
  fixture_assert_refused (self, 415, NULL);
  /* and the other way round */
  g_assert_cmpuint (fixture_send (self, "hospital", "GET", "Patient", NULL, "Accept", JSON_R4), ==, 200);
  fixture_send (self, "hospital", "GET", "Patient", NULL, "Accept", JSON_R5);
  fixture_assert_refused (self, 406, NULL);
}

static void
test_transaction (Fixture      *self,
                  gconstpointer data)
{
  static const char *const bundle =
      "{'resourceType':'Bundle','type':'transaction','entry':["
      "{'fullUrl':'urn:uuid:0b1f0c7e-0000-4000-8000-000000000001','resource':" ORDER (",'code':{'concept':{'text':'Consult'}}") ",'request':{'method':'POST','url':'ServiceRequest'}},"
                                                                                                                                "{'resource':" TASK (",'focus':{'reference':'urn:uuid:0b1f0c7e-0000-4000-8000-000000000001'}") ",'request':{'method':'POST','url':'Task'}}]}";
  static const char *const old =
      "{'resourceType':'Bundle','type':'transaction','entry':["
      "{'resource':" ORDER (",'code':{'text':'Consult'}") ",'request':{'method':'POST','url':'ServiceRequest'}}]}";

  g_assert_cmpuint (fixture_post (self, "county", "", bundle), ==, 200);
  g_assert_true (g_str_has_prefix (mw_json_string (self->json, "entry[1].resource.focus.reference"), "ServiceRequest/"));
  fixture_post (self, "county", "", old);
  fixture_assert_refused (self, 400, NULL);
}

/* what the site itself holds and answers is R5 too */
static void
test_own (Fixture      *self,
          gconstpointer data)
{
  static const char *const paths[] = { "metadata", "Patient", "Organization?_include=Organization:endpoint", "Practitioner" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (MwIssues) issues = mw_issues_new ();

      g_assert_cmpuint (fixture_get (self, "county", paths[i]), ==, 200);
      if (!mw_validate_as (mw_definitions_get ("5.0"), self->json, NULL, NULL, issues))
        {
          g_autofree char *why = mw_json_to_text (issues->outcome, TRUE);

          g_error ("%s: %s", paths[i], why);
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/sandbox/r5/says-so", test_says_so);
  fixture_add ("/sandbox/r5/r4-refused", test_r4_refused);
  fixture_add ("/sandbox/r5/r5-taken", test_r5_taken);
  fixture_add ("/sandbox/r5/media-type", test_media_type);
  fixture_add ("/sandbox/r5/transaction", test_transaction);
  fixture_add ("/sandbox/r5/own", test_own);

  return g_test_run ();
}
