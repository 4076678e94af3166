/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox-fixture.h"

#include <string.h>

#define URN "urn:uuid:0a1b2c3d-0000-4000-8000-000000000001"
#define COMMUNICATION "{'resourceType':'Communication','identifier':[{'system':'urn:ietf:rfc:3986','value':'" URN "'}]," \
                      "'status':'completed','payload':[{'contentString':'Hello'}]}"

static guint
count (Fixture    *self,
       const char *site,
       const char *query)
{
  fixture_get (self, site, query);
  return fixture_total (self);
}

static void
test_capabilities (Fixture      *self,
                   gconstpointer data)
{
  static const struct
  {
    const char *site;
    gboolean    message, transaction, observation;
  } sites[] = {
    { "practice", TRUE, TRUE, TRUE },
    { "hospital", TRUE, TRUE, TRUE },
    { "plan", FALSE, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    {
      g_assert_cmpuint (fixture_get (self, sites[i].site, "metadata"), ==, 200);
      g_assert_cmpstr (mw_json_string (self->json, "fhirVersion"), ==, "4.0.1");
      g_assert_cmpint (mw_json_length (self->json, "rest[0].operation") == 1, ==, sites[i].message);
      g_assert_cmpint (mw_json_length (self->json, "rest[0].interaction") == 2, ==, sites[i].transaction);
      fixture_get (self, sites[i].site, "Observation?_count=1");
      g_assert_cmpuint (self->status, ==, sites[i].observation ? 200 : 404);
    }
}

static void
test_create_once (Fixture      *self,
                  gconstpointer data)
{
  const char      *condition = "identifier=urn%3Aietf%3Arfc%3A3986%7C" URN;
  g_autofree char *id = NULL;
  g_autofree char *location = NULL;

  for (guint i = 0; i < 3; i++)
    {
      fixture_send (self, "plan", "POST", "Communication", COMMUNICATION, "If-None-Exist", condition);
      g_assert_cmpuint (self->status, ==, i == 0 ? 201 : 200);
      if (i == 0)
        id = g_strdup (mw_resource_id (self->json));
      g_assert_cmpstr (mw_resource_id (self->json), ==, id);
      g_assert_cmpstr (fixture_header (self, "ETag"), ==, "W/\"1\"");
      g_assert_true (g_str_has_suffix (fixture_header (self, "Location"), "/_history/1"));
    }
  g_assert_cmpuint (count (self, "plan", "Communication?identifier=" URN), ==, 1);

  /* two by hand: the condition is no longer met by one alone */
  fixture_post (self, "plan", "Communication", COMMUNICATION);
  g_assert_cmpuint (self->status, ==, 201);
  fixture_send (self, "plan", "POST", "Communication", COMMUNICATION, "If-None-Exist", condition);
  fixture_assert_refused (self, 412, NULL);
}

static void
test_read (Fixture      *self,
           gconstpointer data)
{
  g_autofree char *etag = NULL;

  g_assert_cmpuint (fixture_get (self, "practice", "Patient/p01"), ==, 200);
  etag = g_strdup (fixture_header (self, "ETag"));
  g_assert_cmpstr (fixture_header (self, "Content-Type"), ==, "application/fhir+json; charset=utf-8");
  g_assert_cmpuint (fixture_send (self, "practice", "GET", "Patient/p01", NULL, "If-None-Match", etag), ==, 304);
  g_assert_cmpuint (fixture_get (self, "practice", "Patient/p01/_history/1"), ==, 200);
  fixture_get (self, "practice", "Patient/p01/_history/9");
  fixture_assert_refused (self, 404, NULL);
  fixture_get (self, "practice", "Patient/nobody");
  fixture_assert_refused (self, 404, NULL);
  fixture_get (self, "practice", "Pet/1");
  fixture_assert_refused (self, 404, NULL);
  fixture_get (self, "practice", "$nonsense");
  fixture_assert_refused (self, 404, NULL);
}

static void
test_update (Fixture      *self,
             gconstpointer data)
{
  const char *body = "{'resourceType':'Basic','id':'mine','code':{'text':'two'}}";

  g_assert_cmpuint (fixture_send (self, "practice", "PUT", "Basic/mine", body, NULL, NULL), ==, 201);
  g_assert_cmpuint (fixture_send (self, "practice", "PUT", "Basic/mine", body, "If-Match", "W/\"1\""), ==, 200);
  g_assert_cmpstr (fixture_header (self, "ETag"), ==, "W/\"2\"");
  fixture_send (self, "practice", "PUT", "Basic/mine", body, "If-Match", "W/\"1\"");
  fixture_assert_refused (self, 412, NULL);
  fixture_send (self, "practice", "PUT", "Basic/other", body, NULL, NULL);
  fixture_assert_refused (self, 400, "id");
  fixture_send (self, "hospital", "PUT", "Basic/mine", body, NULL, NULL);
  fixture_assert_refused (self, 405, NULL);

  g_assert_cmpuint (fixture_send (self, "practice", "DELETE", "Basic/mine", NULL, NULL, NULL), ==, 204);
  fixture_get (self, "practice", "Basic/mine");
  fixture_assert_refused (self, 410, NULL);
  g_assert_cmpuint (count (self, "practice", "Basic?_id=mine"), ==, 0);
  g_assert_cmpuint (count (self, "practice", "Basic/mine/_history"), ==, 3);
}

static void
test_prefer (Fixture      *self,
             gconstpointer data)
{
  fixture_send (self, "practice", "POST", "Communication", COMMUNICATION, "Prefer", "return=minimal");
  g_assert_cmpuint (self->status, ==, 201);
  g_assert_cmpuint (g_bytes_get_size (self->body), ==, 0);
  g_assert_nonnull (fixture_header (self, "Location"));
  fixture_send (self, "practice", "POST", "Communication", COMMUNICATION, "Prefer", "return=OperationOutcome");
  g_assert_true (mw_resource_is (self->json, "OperationOutcome"));
}

static void
test_binary (Fixture      *self,
             gconstpointer data)
{
  g_autofree char *path = NULL;

  fixture_send (self, "plan", "POST", "Binary", "%PDF-1.4 not really", "Content-Type", "application/pdf");
  g_assert_cmpuint (self->status, ==, 201);
  path = g_strconcat ("Binary/", mw_resource_id (self->json), NULL);
  g_assert_cmpuint (fixture_get (self, "plan", path), ==, 200);
  g_assert_cmpstr (fixture_header (self, "Content-Type"), ==, "application/pdf");
  g_assert_cmpmem (g_bytes_get_data (self->body, NULL), g_bytes_get_size (self->body), "%PDF-1.4 not really", strlen ("%PDF-1.4 not really"));
  fixture_send (self, "plan", "GET", path, NULL, "Accept", FHIR);
  g_assert_true (mw_resource_is (self->json, "Binary"));
}

static void
test_headers_refused (Fixture      *self,
                      gconstpointer data)
{
  fixture_send (self, "practice", "POST", "Communication", COMMUNICATION, "Content-Type", "text/plain");
  fixture_assert_refused (self, 415, NULL);
  fixture_send (self, "practice", "POST", "Communication", COMMUNICATION, "Content-Type", FHIR "; fhirVersion=5.0");
  fixture_assert_refused (self, 415, NULL);
  fixture_send (self, "practice", "GET", "Patient/p01", NULL, "Accept", "application/fhir+xml");
  fixture_assert_refused (self, 406, NULL);
  fixture_send (self, "practice", "PATCH", "Patient/p01", "[]", NULL, NULL);
  fixture_assert_refused (self, 405, NULL);
  fixture_send (self, "plan", "POST", "", "{'resourceType':'Bundle','type':'batch'}", NULL, NULL);
  fixture_assert_refused (self, 405, NULL);
  fixture_send (self, "plan", "POST", "$process-message", "{'resourceType':'Bundle','type':'message'}", NULL, NULL);
  fixture_assert_refused (self, 404, NULL);
  fixture_send (self, "plan", "POST", "Patient", "{'resourceType':'Patient'}", NULL, NULL);
  fixture_assert_refused (self, 405, NULL);
}

static void
test_body_refused (Fixture      *self,
                   gconstpointer data)
{
  static const struct
  {
    const char *type;
    const char *body;
    guint       status;
    const char *expression;
  } cases[] = {
    { "Communication", "", 400, NULL },
    { "Communication", "{'resourceType':'Communication'", 400, NULL },
    { "Communication", "[]", 400, NULL },
    { "Communication", "{'resourceType':'Task','status':'requested','intent':'order'}", 400, "resourceType" },
    { "Communication", "{'resourceType':'Communication'}", 400, "Communication" },
    { "Communication", "{'resourceType':'Communication','status':'sent'}", 400, "Communication.status" },
    { "Communication", "{'resourceType':'Communication','status':'completed','status':'completed'}", 400, NULL },
    { "Communication", "{'resourceType':'Communication','status':'completed','text':'hello'}", 400, "Communication.text" },
    { "Communication", "{'resourceType':'Communication','status':'completed','colour':'red'}", 400, "Communication.colour" },
    { "Communication", "{'resourceType':'Communication','status':'completed','payload':[]}", 400, "Communication.payload" },
    { "Communication", "{'resourceType':'Communication','status':'completed','payload':[{}]}", 400, "Communication.payload[0]" },
    { "Communication", "{'resourceType':'Communication','status':'completed','payload':[{'contentString':''}]}", 400, "Communication.payload[0].contentString" },
    { "Communication", "{'resourceType':'Communication','status':'completed','payload':[{'contentString':'a','contentReference':{'display':'b'}}]}", 400, "Communication.payload[0].contentReference" },
    { "Communication", "{'resourceType':'Communication','status':'completed','payload':[{'contentCode':'a'}]}", 400, "Communication.payload[0].contentCode" },
    { "Communication", "{'resourceType':'Communication','status':'completed','payload':{'contentString':'a'}}", 400, "Communication.payload" },
    { "Communication", "{'resourceType':'Communication','status':'completed','sent':'2026-02-30'}", 400, "Communication.sent" },
    { "Communication", "{'resourceType':'Communication','status':'completed','sent':'2026-02-03T10:00:00'}", 400, "Communication.sent" },
    { "Communication", "{'resourceType':'Communication','status':'completed','sender':{'reference':'CareTeam/lakeside-team'}}", 400, "Communication.sender" },
    { "Communication", "{'resourceType':'Communication','status':'completed','subject':{'reference':'Patient/nobody'}}", 422, "Communication.subject" },
    { "Communication", "{'resourceType':'Communication','status':'completed','subject':{'reference':'urn:uuid:0a1b2c3d-0000-4000-8000-000000000001'}}", 422, "Communication.subject" },
    { "Communication", "{'resourceType':'Communication','status':'completed','subject':{'reference':'#p'}}", 400, "Communication.subject" },
    { "Communication", "{'resourceType':'Communication','status':'completed','payload':[{'contentAttachment':{'data':'aGVsbG8='}}]}", 422, "Communication.payload[0].contentAttachment" },
    { "Communication", "{'resourceType':'Communication','status':'completed','payload':[{'contentAttachment':{'contentType':'text/plain','data':'a b!'}}]}", 400, "Communication.payload[0].contentAttachment.data" },
    { "Communication", "{'resourceType':'Communication','contained':[{'resourceType':'Patient','id':'p'}],'status':'completed'}", 422, "Communication" },
    { "Observation", "{'resourceType':'Observation','status':'final','code':{'text':'x'},'valueQuantity':{'value':'5'}}", 400, "Observation.valueQuantity.value" },
    { "Observation", "{'resourceType':'Observation','status':'final','code':{'text':'x'},'valueInteger':5.5}", 400, "Observation.valueInteger" },
    { "Observation", "{'resourceType':'Observation','status':'final','code':{'text':'x'},'valueInteger':5,'dataAbsentReason':{'text':'y'}}", 422, "Observation" },
    { "Encounter", "{'resourceType':'Encounter','status':'finished','class':{'code':'AMB'},'period':{'start':'2026-02-03','end':'2026-02-01'}}", 422, "Encounter.period" },
    { "Task", "{'resourceType':'Task','status':'requested','intent':'order','authoredOn':'2026-02-03','lastModified':'2026-02-01'}", 422, "Task" },
    { "Basic", "{'resourceType':'Basic','code':{'text':'x'},'text':{'status':'generated','div':'<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><script>x</script></div>'}}", 400, "Basic.text.div" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].body);
      fixture_post (self, "practice", cases[i].type, cases[i].body);
      fixture_assert_refused (self, cases[i].status, cases[i].expression);
    }
  g_assert_cmpuint (count (self, "practice", "Communication?_lastUpdated=ge2026-03-02T08:00:00Z"), ==, 0);
}

static void
test_body_accepted (Fixture      *self,
                    gconstpointer data)
{
  static const struct
  {
    const char *type;
    const char *body;
  } cases[] = {
    { "Communication", "{'resourceType':'Communication','status':'completed','_sent':{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/data-absent-reason','valueCode':'unknown'}]}}" },
    { "Communication", "{'resourceType':'Communication','contained':[{'resourceType':'Patient','id':'p'}],'status':'completed','subject':{'reference':'#p'}}" },
    { "Communication", "{'resourceType':'Communication','status':'completed','subject':{'reference':'https://elsewhere.example/fhir/Patient/1'}}" },
    { "Communication", "{'resourceType':'Communication','status':'completed','inResponseTo':[{'type':'Communication','identifier':{'system':'urn:ietf:rfc:3986','value':'" URN "'}}]}" },
    { "Observation", "{'resourceType':'Observation','status':'final','code':{'text':'x'},'valueQuantity':{'value':1.00}}" },
    { "Patient", "{'resourceType':'Patient','name':[{'given':['A',null],'_given':[null,{'id':'x'}]}]}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].body);
      g_assert_cmpuint (fixture_post (self, "practice", cases[i].type, cases[i].body), ==, 201);
    }
  fixture_get (self, "practice", "Observation?_lastUpdated=ge2026-03-02T08:00:00Z");
  {
    g_autofree char *value = mw_json_scalar (self->json, "entry[0].resource.valueQuantity.value");

    g_assert_cmpstr (value, ==, "1.00");
  }
}

static void
test_match (Fixture      *self,
            gconstpointer data)
{
  fixture_post (self, "hospital", "Patient/$match",
                "{'resourceType':'Parameters','parameter':[{'name':'resource','resource':{'resourceType':'Patient',"
                "'name':[{'family':'dubois-renard','given':['Amélie']}],'birthDate':'1958-03-14'}}]}");
  g_assert_cmpuint (fixture_total (self), ==, 1);
  g_assert_cmpstr (mw_resource_id (mw_json_get (self->json, "entry[0].resource")), ==, "sm-70413");
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].search.extension[0].valueCode"), ==, "certain");
  fixture_post (self, "hospital", "Patient/$match", "{'resourceType':'Parameters','parameter':[{'name':'resource','resource':{'resourceType':'Patient','gender':'male'}}]}");
  fixture_assert_refused (self, 422, NULL);
}

static void
test_everything (Fixture      *self,
                 gconstpointer data)
{
  guint all;

  all = count (self, "practice", "Patient/p01/$everything");
  g_assert_cmpuint (all, >, 50);
  g_assert_cmpuint (count (self, "practice", "Patient/p01/$everything?_type=AllergyIntolerance,Patient"), ==, 2);
  g_assert_cmpuint (count (self, "practice", "Patient/p01/$everything?_since=2030-01-01T00:00:00Z"), ==, 1);
}

static void
test_nowhere (Fixture      *self,
              gconstpointer data)
{
  fixture_get (self, "practice", "../../nowhere");
  fixture_assert_refused (self, 404, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/sandbox/rest/capabilities", test_capabilities);
  fixture_add ("/sandbox/rest/create-once", test_create_once);
  fixture_add ("/sandbox/rest/read", test_read);
  fixture_add ("/sandbox/rest/update", test_update);
  fixture_add ("/sandbox/rest/prefer", test_prefer);
  fixture_add ("/sandbox/rest/binary", test_binary);
  fixture_add ("/sandbox/rest/headers-refused", test_headers_refused);
  fixture_add ("/sandbox/rest/body-refused", test_body_refused);
  fixture_add ("/sandbox/rest/body-accepted", test_body_accepted);
  fixture_add ("/sandbox/rest/match", test_match);
  fixture_add ("/sandbox/rest/everything", test_everything);
  fixture_add ("/sandbox/rest/nowhere", test_nowhere);

  return g_test_run ();
}
