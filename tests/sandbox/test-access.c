/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-auth-fixture.h"

#include <string.h>

#define TASK "{'resourceType':'Task','status':'requested','intent':'order','for':{'reference':'Patient/c01'},'requester':{'reference':'Practitioner/ines-marchetti'}}"
#define COMMUNICATION "{'resourceType':'Communication','status':'completed','subject':{'reference':'Patient/c01'},'sender':{'reference':'Practitioner/ines-marchetti'},'payload':[{'contentString':'Hello'}]}"

static void
assert_forbidden (Fixture *self)
{
  fixture_assert_refused (self, 403, NULL);
  g_assert_cmpstr (fixture_header (self, "WWW-Authenticate"), ==, "Bearer error=\"insufficient_scope\"");
}

static void
test_no_token (Fixture      *self,
               gconstpointer data)
{
  static const char *const tokens[] = { NULL, "", "nonsense" };

  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    {
      fixture_get_with (self, tokens[i], "Patient");
      fixture_assert_refused (self, 401, NULL);
      g_assert_cmpstr (fixture_header (self, "WWW-Authenticate"), ==, "Bearer error=\"invalid_token\"");
    }
  fixture_send_with (self, NULL, "POST", "Communication", COMMUNICATION);
  fixture_assert_refused (self, 401, NULL);
  g_assert_cmpuint (fixture_get (self, "clinic", "metadata"), ==, 200);
  g_assert_cmpuint (fixture_get (self, "clinic", "$versions"), ==, 200);
}

/* @scope allows exactly the letters in @may on Communication */
static void
check_letters (Fixture    *self,
               const char *scope,
               const char *may)
{
  g_autofree char *all = fixture_sign_in (self, "user/Communication.cruds");
  g_autofree char *token = fixture_sign_in (self, scope);
  g_autofree char *path = NULL;
  g_autofree char *body = NULL;

  g_assert_cmpuint (fixture_send_with (self, all, "POST", "Communication", COMMUNICATION), ==, 201);
  path = g_strconcat ("Communication/", mw_resource_id (self->json), NULL);
  body = mw_json_to_text (self->json, FALSE);

  for (const char *letter = "crsud"; *letter != '\0'; letter++)
    {
      if (*letter == 'c')
        fixture_send_with (self, token, "POST", "Communication", COMMUNICATION);
      else if (*letter == 'r')
        fixture_get_with (self, token, path);
      else if (*letter == 's')
        fixture_get_with (self, token, "Communication");
      else if (*letter == 'u')
        fixture_send_with (self, token, "PUT", path, body);
      else
        fixture_send_with (self, token, "DELETE", path, NULL);
      if (strchr (may, *letter) != NULL)
        g_assert_cmpuint (self->status, <, 300);
      else
        assert_forbidden (self);
    }
}

static void
test_letters (Fixture      *self,
              gconstpointer data)
{
  check_letters (self, "user/Communication.r", "r");
  check_letters (self, "user/Communication.cs", "cs");
  check_letters (self, "user/Communication.ud user/Task.r", "ud");
  check_letters (self, "user/*.read", "rs");
  check_letters (self, "user/Communication.write", "cud");
  check_letters (self, "user/Communication.*", "cruds");
  check_letters (self, "user/Task.cruds", "");
}

static void
test_history_and_page (Fixture      *self,
                       gconstpointer data)
{
  g_autofree char *patient = fixture_sign_in (self, "user/Patient.rs");
  g_autofree char *task = fixture_sign_in (self, "user/Task.rs");
  g_autofree char *next = NULL;
  const char      *base = mw_sandbox_get_url (self->sandbox, "clinic");

  g_assert_cmpuint (fixture_get_with (self, patient, "Patient/c01/_history"), ==, 200);
  fixture_get_with (self, task, "Patient/c01/_history");
  assert_forbidden (self);
  g_assert_cmpuint (fixture_get_with (self, patient, "Patient?_count=1"), ==, 200);
  next = g_strdup (mw_json_string (mw_json_item (self->json, "link", 1), "url"));
  g_assert_nonnull (next);
  /* a link that got into the wrong hands opens nothing */
  fixture_get_with (self, task, next + strlen (base));
  assert_forbidden (self);
  g_assert_cmpuint (fixture_get_with (self, patient, next + strlen (base)), ==, 200);
}

/* what is included is looked at too */
static void
test_include (Fixture      *self,
              gconstpointer data)
{
  g_autofree char *narrow = fixture_sign_in (self, "user/Communication.rs");
  g_autofree char *wide = fixture_sign_in (self, "user/Communication.rs user/Patient.r");

  g_assert_cmpuint (fixture_get_with (self, narrow, "Communication?category=alert&_include=Communication:subject"), ==, 200);
  g_assert_cmpuint (mw_json_length (self->json, "entry"), ==, 1);
  g_assert_cmpuint (fixture_get_with (self, wide, "Communication?category=alert&_include=Communication:subject"), ==, 200);
  g_assert_cmpuint (mw_json_length (self->json, "entry"), ==, 2);
}

static void
test_transaction (Fixture      *self,
                  gconstpointer data)
{
  static const char *const bundle =
      "{'resourceType':'Bundle','type':'transaction','entry':["
      "{'resource':" COMMUNICATION ",'request':{'method':'POST','url':'Communication'}},"
      "{'resource':" TASK ",'request':{'method':'POST','url':'Task'}}]}";
  g_autofree char *narrow = fixture_sign_in (self, "user/Communication.cs user/Task.rs");
  g_autofree char *wide = fixture_sign_in (self, "user/Communication.c user/Task.c");
  guint            before;

  g_assert_cmpuint (fixture_get_with (self, narrow, "Communication"), ==, 200);
  before = fixture_total (self);
  fixture_send_with (self, narrow, "POST", "", bundle);
  assert_forbidden (self);
  fixture_assert_refused (self, 403, "Bundle.entry[1]");
  /* all or nothing */
  g_assert_cmpuint (fixture_get_with (self, narrow, "Communication"), ==, 200);
  g_assert_cmpuint (fixture_total (self), ==, before);
  g_assert_cmpuint (fixture_send_with (self, wide, "POST", "", bundle), ==, 200);
}

/* patient/ scopes are about the patient whom the person chose */
static void
test_patient (Fixture      *self,
              gconstpointer data)
{
  g_autofree char *token = fixture_sign_in (self, "launch/patient patient/*.cruds");
  guint            n;

  g_assert_cmpuint (fixture_get_with (self, token, "Patient"), ==, 200);
  g_assert_cmpuint (fixture_total (self), ==, 1);
  g_assert_cmpstr (mw_json_string (self->json, "entry.resource.id"), ==, "c01");
  fixture_get_with (self, token, "Patient/c03");
  assert_forbidden (self);
  g_assert_cmpuint (fixture_get_with (self, token, "Practitioner/ines-marchetti"), ==, 200);
  g_assert_cmpuint (fixture_get_with (self, token, "Communication"), ==, 200);
  n = mw_json_length (self->json, "entry");
  g_assert_cmpuint (n, >, 0);
  for (guint i = 0; i < n; i++)
    g_assert_cmpstr (mw_json_string (mw_json_item (self->json, "entry", i), "resource.subject.reference"), ==, "Patient/c01");
  g_assert_cmpuint (fixture_send_with (self, token, "POST", "Communication", COMMUNICATION), ==, 201);
  fixture_send_with (self, token, "POST", "Communication",
                     "{'resourceType':'Communication','status':'completed','subject':{'reference':'Patient/c03'},'payload':[{'contentString':'Hello'}]}");
  assert_forbidden (self);
}

static void
test_operations (Fixture      *self,
                 gconstpointer data)
{
  static const char *const match = "{'resourceType':'Parameters','parameter':[{'name':'resource','resource':{'resourceType':'Patient',"
                                   "'name':[{'family':'Meyer'}],'birthDate':'2016-05-04'}}]}";
  g_autofree char         *token = fixture_sign_in (self, "user/Patient.rs");
  g_autofree char         *other = fixture_sign_in (self, "user/Task.cruds");

  g_assert_cmpuint (fixture_send_with (self, token, "POST", "Patient/$match", match), ==, 200);
  g_assert_cmpuint (fixture_total (self), ==, 2);
  fixture_send_with (self, other, "POST", "Patient/$match", match);
  assert_forbidden (self);
  /* everything, as far as the scopes go */
  g_assert_cmpuint (fixture_get_with (self, token, "Patient/c03/$everything"), ==, 200);
  g_assert_cmpuint (fixture_total (self), ==, 1);
  fixture_send_with (self, token, "POST", "$process-message", "{'resourceType':'Bundle','type':'message'}");
  assert_forbidden (self);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/sandbox/access/no-token", test_no_token);
  fixture_add ("/sandbox/access/letters", test_letters);
  fixture_add ("/sandbox/access/history-and-page", test_history_and_page);
  fixture_add ("/sandbox/access/include", test_include);
  fixture_add ("/sandbox/access/transaction", test_transaction);
  fixture_add ("/sandbox/access/patient", test_patient);
  fixture_add ("/sandbox/access/operations", test_operations);

  return g_test_run ();
}
