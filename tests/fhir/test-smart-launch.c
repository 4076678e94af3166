/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-smart-launch.h"

#define STATE "ThisIsTheStateOfOneSignIn"
#define BASE "https://ehr.example/fhir"
#define NOW ((gint64) 1800000000 * G_USEC_PER_SEC)

static void
test_url (void)
{
  MwSmartLaunch    launch = { "https://ehr.example/authorize?tenant=a%20b", "mean while", "http://127.0.0.1:4711/callback", "openid user/Task.crus", STATE, "n-1", BASE, "E9Melhoa" };
  g_autofree char *url = mw_smart_launch_url (&launch);
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GHashTable) query = NULL;
  const struct
  {
    const char *name, *value;
  } wanted[] = {
    { "tenant", "a b" },
    { "response_type", "code" },
    { "client_id", "mean while" },
    { "redirect_uri", "http://127.0.0.1:4711/callback" },
    { "scope", "openid user/Task.crus" },
    { "state", STATE },
    { "nonce", "n-1" },
    { "aud", BASE },
    { "code_challenge", "E9Melhoa" },
    { "code_challenge_method", "S256" },
  };

  g_assert_nonnull (uri);
  g_assert_cmpstr (g_uri_get_path (uri), ==, "/authorize");
  query = g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_NONE, NULL);
  g_assert_nonnull (query);
  g_assert_cmpuint (g_hash_table_size (query), ==, G_N_ELEMENTS (wanted));
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    g_assert_cmpstr (g_hash_table_lookup (query, wanted[i].name), ==, wanted[i].value);
}

static void
test_callback (void)
{
  const struct
  {
    const char *query, *code, *error;
  } cases[] = {
    { "code=abc&state=" STATE, "abc", NULL },
    { "state=" STATE "&code=a%2Bb+c&session_state=1", "a+b c", NULL },
    { "error=access_denied&error_description=no&state=" STATE, NULL, "access_denied" },
    { "code=abc&state=" STATE "&iss=https%3A%2F%2Fehr.example", "abc", NULL },
    { NULL, NULL, NULL },
    { "", NULL, NULL },
    { "code=abc", NULL, NULL },
    { "state=" STATE, NULL, NULL },
    { "code=&state=" STATE, NULL, NULL },
    { "code=abc&state=", NULL, NULL },
    { "code=abc&state=ThisIsTheStateOfOneSignIm", NULL, NULL },
    { "code=abc&state=ThisIsTheStateOfOneSignI", NULL, NULL },
    { "code=abc&state=" STATE "x", NULL, NULL },
    { "code=abc&state=" STATE "&state=" STATE, NULL, NULL },
    { "code=abc&code=def&state=" STATE, NULL, NULL },
    { "code=abc&error=access_denied&state=" STATE, NULL, NULL },
    { "%zz&code=abc&state=" STATE, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MwSmartCallback) callback = mw_smart_callback_new (cases[i].query, STATE);

      g_test_message ("%s", cases[i].query);
      g_assert_cmpint (callback != NULL, ==, cases[i].code != NULL || cases[i].error != NULL);
      g_assert_cmpstr (callback != NULL ? callback->code : NULL, ==, cases[i].code);
      g_assert_cmpstr (callback != NULL ? callback->error : NULL, ==, cases[i].error);
    }
}

static void
test_callback_is_bounded (void)
{
  g_autofree char *long_code = g_strnfill (9000, 'c');
  g_autofree char *query = g_strdup_printf ("code=%s&state=" STATE, long_code);
  g_autofree char *many = g_strnfill (100000, '&');
  g_autoptr (MwSmartCallback) callback = mw_smart_callback_new (query, STATE);
  g_autoptr (MwSmartCallback) other = mw_smart_callback_new (many, STATE);

  g_assert_null (callback);
  g_assert_null (other);
}

static void
test_user (void)
{
  const struct
  {
    const char *claims, *user;
  } cases[] = {
    { "{'iss':'I','aud':'C','nonce':'N','exp':1800000100,'fhirUser':'Practitioner/12'}", "Practitioner/12" },
    { "{'iss':'I','aud':'C','nonce':'N','exp':1800000100,'fhirUser':'" BASE "/Practitioner/12'}", "Practitioner/12" },
    { "{'iss':'I','aud':['other','C'],'nonce':'N','exp':1800000100,'profile':'PractitionerRole/7'}", "PractitionerRole/7" },
    /* a clock that is a little late */
    { "{'iss':'I','aud':'C','nonce':'N','exp':1799999900,'fhirUser':'Practitioner/12'}", "Practitioner/12" },
    { "{'iss':'I','aud':'C','nonce':'N','exp':1799999000,'fhirUser':'Practitioner/12'}", NULL },
    { "{'iss':'J','aud':'C','nonce':'N','exp':1800000100,'fhirUser':'Practitioner/12'}", NULL },
    { "{'aud':'C','nonce':'N','exp':1800000100,'fhirUser':'Practitioner/12'}", NULL },
    { "{'iss':'I','aud':'D','nonce':'N','exp':1800000100,'fhirUser':'Practitioner/12'}", NULL },
    { "{'iss':'I','aud':['D','E'],'nonce':'N','exp':1800000100,'fhirUser':'Practitioner/12'}", NULL },
    { "{'iss':'I','aud':'C','nonce':'M','exp':1800000100,'fhirUser':'Practitioner/12'}", NULL },
    { "{'iss':'I','aud':'C','exp':1800000100,'fhirUser':'Practitioner/12'}", NULL },
    { "{'iss':'I','aud':'C','nonce':'N','fhirUser':'Practitioner/12'}", NULL },
    { "{'iss':'I','aud':'C','nonce':'N','exp':1800000100}", NULL },
    { "{'iss':'I','aud':'C','nonce':'N','exp':1800000100,'fhirUser':'https://other.example/fhir/Practitioner/12'}", NULL },
    { "{'iss':'I','aud':'C','nonce':'N','exp':1800000100,'fhirUser':'nobody'}", NULL },
    { "{'iss':'I','aud':'C','nonce':'N','exp':1800000100,'fhirUser':{'a':1}}", NULL },
    { "[]", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdelimit (g_strdup (cases[i].claims), "'", '"');
      g_autoptr (JsonNode) claims = mw_json_parse (json, -1, NULL);
      g_autofree char *user = mw_smart_user (claims, "I", "C", "N", NOW, BASE);

      g_test_message ("%s", cases[i].claims);
      g_assert_cmpstr (user, ==, cases[i].user);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smart-launch/url", test_url);
  g_test_add_func ("/smart-launch/callback", test_callback);
  g_test_add_func ("/smart-launch/callback-is-bounded", test_callback_is_bounded);
  g_test_add_func ("/smart-launch/user", test_user);
  return g_test_run ();
}
