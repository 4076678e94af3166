/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox-fixture.h"

#include <string.h>

#define JONAS "'name':[{'family':'Meyer','given':['Jonas']}],'birthDate':'2016-05-04'"
#define MEMBER(value) "'identifier':[{'system':'https://plannorth.example/id/member','value':'" value "'}]"

/* $match for a Patient with these members; @more: further parameters */
static void
match (Fixture    *self,
       const char *site,
       const char *patient,
       const char *more)
{
  g_autofree char *body = g_strdup_printf ("{'resourceType':'Parameters','parameter':[{'name':'resource','resource':{'resourceType':'Patient',%s}}%s]}", patient, more);

  fixture_post (self, site, "Patient/$match", body);
}

/* "id:grade" of each, in order */
static void
assert_grades (Fixture    *self,
               const char *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);
  guint n = mw_json_length (self->json, "entry");

  g_assert_cmpuint (self->status, ==, 200);
  g_assert_cmpuint (fixture_total (self), ==, n);
  for (guint i = 0; i < n; i++)
    {
      JsonNode        *entry = mw_json_item (self->json, "entry", i);
      JsonNode        *grade = mw_json_extension (mw_json_get (entry, "search"), "http://hl7.org/fhir/StructureDefinition/match-grade");
      g_autofree char *score = mw_json_scalar (entry, "search.score");

      g_string_append_printf (found, "%s%s:%s", i > 0 ? " " : "", mw_json_string (entry, "resource.id"), mw_json_string (grade, "valueCode"));
      g_assert_cmpfloat (g_ascii_strtod (score, NULL), >, 0);
      g_assert_cmpfloat (g_ascii_strtod (score, NULL), <, 1);
      g_assert_cmpstr (mw_json_string (entry, "search.mode"), ==, "match");
    }
  g_assert_cmpstr (found->str, ==, expected);
}

static void
test_grades (Fixture      *self,
             gconstpointer data)
{
  /* two of one name and birth date, and the twin: nobody is certain */
  match (self, "hospital", JONAS, "");
  assert_grades (self, "sm-9001:probable sm-9003:probable sm-9002:possible");
  /* the member number tells; the twin has another, so it is certainly not him */
  match (self, "hospital", JONAS "," MEMBER ("PN-990011-01"), "");
  assert_grades (self, "sm-9001:certain sm-9003:possible");
  match (self, "hospital", MEMBER ("PN-990012-02"), "");
  assert_grades (self, "sm-9002:certain");
  /* without a given name the twins cannot be told apart */
  match (self, "hospital", "'name':[{'family':'MEYER'}],'birthDate':'2016-05-04'", "");
  assert_grades (self, "sm-9001:probable sm-9002:probable sm-9003:probable");
  /* somebody whom nobody resembles */
  match (self, "hospital", "'name':[{'family':'Dubois-Renard','given':['Amélie']}],'birthDate':'1958-03-14'", "");
  assert_grades (self, "sm-70413:certain");
  match (self, "hospital", "'name':[{'family':'Nobody'}],'birthDate':'1900-01-01'", "");
  assert_grades (self, "");
}

static void
test_narrowed (Fixture      *self,
               gconstpointer data)
{
  match (self, "hospital", JONAS, ",{'name':'onlyCertainMatches','valueBoolean':true}");
  assert_grades (self, "");
  match (self, "hospital", JONAS "," MEMBER ("PN-771003-09"), ",{'name':'onlyCertainMatches','valueBoolean':true}");
  assert_grades (self, "sm-9003:certain");
  match (self, "hospital", JONAS, ",{'name':'count','valueInteger':1}");
  assert_grades (self, "sm-9001:probable");
}

static void
test_refused (Fixture      *self,
              gconstpointer data)
{
  match (self, "hospital", "'gender':'male'", "");
  fixture_assert_refused (self, 422, NULL);
  match (self, "hospital", "'name':[{'family':'Meyer'}]", "");
  fixture_assert_refused (self, 422, NULL);
  match (self, "hospital", JONAS, ",{'name':'count','valueInteger':0}");
  fixture_assert_refused (self, 400, NULL);
  match (self, "hospital", JONAS, ",{'name':'count','valueString':'1'}");
  fixture_assert_refused (self, 400, "Parameters.parameter[1]");
  match (self, "hospital", JONAS, ",{'name':'onlySingleMatch','valueBoolean':true}");
  fixture_assert_refused (self, 400, "Parameters.parameter[1]");
  match (self, "hospital", JONAS ",'birthdate':'2016-05-04'", "");
  fixture_assert_refused (self, 400, NULL);
  fixture_post (self, "hospital", "Patient/$match", "{'resourceType':'Parameters','parameter':[{'name':'count','valueInteger':1}]}");
  fixture_assert_refused (self, 400, NULL);
  fixture_post (self, "hospital", "Patient/$match", "{'resourceType':'Patient'," JONAS "}");
  fixture_assert_refused (self, 400, NULL);
  fixture_get (self, "hospital", "Patient/$match");
  fixture_assert_refused (self, 405, NULL);
}

static void
member_match (Fixture    *self,
              const char *patient,
              const char *coverage,
              const char *more)
{
  g_autofree char *body = g_strdup_printf ("{'resourceType':'Parameters','parameter':[{'name':'MemberPatient','resource':{'resourceType':'Patient','id':'1',%s}},"
                                           "{'name':'CoverageToMatch','resource':{'resourceType':'Coverage','status':'active',%s,"
                                           "'beneficiary':{'reference':'Patient/1'},'payor':[{'display':'Plan North'}]}}%s]}",
                                           patient, coverage, more);

  fixture_post (self, "plan", "Patient/$member-match", body);
}

static void
test_member (Fixture      *self,
             gconstpointer data)
{
  member_match (self, JONAS, "'subscriberId':'PN-990011-01'", "");
  g_assert_cmpuint (self->status, ==, 200);
  g_assert_true (mw_resource_is (self->json, "Parameters"));
  g_assert_cmpstr (mw_json_string (self->json, "parameter[0].name"), ==, "MemberIdentifier");
  g_assert_cmpstr (mw_json_string (self->json, "parameter[0].valueIdentifier.type.coding.code"), ==, "UMB");
  g_assert_cmpstr (mw_json_string (self->json, "parameter[0].valueIdentifier.value"), ==, "PN-990011-01");
  g_assert_cmpstr (mw_json_string (self->json, "parameter[1].valueReference.reference"), ==, "Patient/member-9001");
}

static void
test_member_refused (Fixture      *self,
                     gconstpointer data)
{
  /* both of that name are in this policy */
  member_match (self, JONAS, "'identifier':[{'system':'https://plannorth.example/id/policy','value':'FAM-1'}]", "");
  fixture_assert_refused (self, 422, NULL);
  /* nobody of that name has that number; one who has it has another name */
  member_match (self, JONAS, "'subscriberId':'PN-990012-02'", "");
  fixture_assert_refused (self, 422, NULL);
  member_match (self, "'gender':'male'", "'subscriberId':'PN-990011-01'", "");
  fixture_assert_refused (self, 422, NULL);
  member_match (self, JONAS, "'subscriberId':'PN-990011-01'", ",{'name':'Consent','resource':{'resourceType':'Consent','status':'inactive',"
                                                              "'scope':{'text':'a'},'category':[{'text':'b'}],'policyRule':{'text':'c'}}}");
  fixture_assert_refused (self, 422, NULL);
  member_match (self, JONAS, "'subscriberId':'PN-990011-01'", ",{'name':'memberPatient','resource':{'resourceType':'Patient'}}");
  fixture_assert_refused (self, 400, NULL);
  fixture_post (self, "plan", "Patient/$member-match", "{'resourceType':'Parameters','parameter':[{'name':'MemberPatient','resource':{'resourceType':'Patient'," JONAS "}}]}");
  fixture_assert_refused (self, 400, NULL);
  /* a hospital has no members */
  fixture_post (self, "hospital", "Patient/$member-match", "{'resourceType':'Parameters'}");
  fixture_assert_refused (self, 404, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/sandbox/match/grades", test_grades);
  fixture_add ("/sandbox/match/narrowed", test_narrowed);
  fixture_add ("/sandbox/match/refused", test_refused);
  fixture_add ("/sandbox/match/member", test_member);
  fixture_add ("/sandbox/match/member-refused", test_member_refused);

  return g_test_run ();
}
