/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Token requests: what goes out, to whom, and what is made of each answer */

#include "net-fixture.h"

#include "mw-oauth.h"

#include <string.h>

#define SECRET "a secret"
#define JSON "Content-Type: application/json\r\n"
#define HTML "<!DOCTYPE html><html><body>Sign in</body></html>"

/* The connection's server, which also gives out tokens, and another one */
typedef struct
{
  Fixture        here;
  MwFaultServer *there;
} Pair;

static void
set_up (Pair         *self,
        gconstpointer data)
{
  fixture_set_up (&self->here, data);
  self->there = mw_fault_server_new (mw_ledger_handle, self->here.ledger, NULL);
  mw_client_set_token (self->here.client, "bearer-of-the-connection");
}

static void
tear_down (Pair         *self,
           gconstpointer data)
{
  mw_fault_server_free (self->there);
  fixture_tear_down (&self->here, data);
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  MwOauthAnswer **answer = user_data;

  *answer = mw_oauth_token_finish (result, &error);
  g_assert_no_error (error);
}

static MwOauthAnswer *
ask (Pair          *self,
     MwFaultServer *server)
{
  static const char *const fields[] = { "grant_type", "client_credentials", "scope", "system/Task.rs a+b&c=d é", NULL };
  g_autofree char         *endpoint = g_strconcat (mw_fault_server_get_url (server), "/token", NULL);
  g_autofree char         *basic = mw_oauth_basic ("client", SECRET);
  MwOauthAnswer           *answer = NULL;

  mw_oauth_token_async (self->here.client, endpoint, basic, fields, NULL, answered_cb, &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  return answer;
}

static MwOauthAnswer *
ask_and_get (Pair       *self,
             guint       status,
             const char *headers,
             const char *body)
{
  fixture_reply (&self->here, status, headers, body);
  return ask (self, self->here.server);
}

/* ---- what goes out --------------------------------------------------- */

static void
test_request (Pair         *self,
              gconstpointer data)
{
  g_autoptr (MwOauthAnswer) answer = ask_and_get (self, 200, JSON, "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}");
  g_autoptr (MwFaultRequest) seen = mw_fault_server_get_request (self->here.server, 0);
  g_autofree char *basic = mw_oauth_basic ("client", SECRET);
  gsize            size;
  const char      *body = g_bytes_get_data (seen->body, &size);
  g_autofree char *form = g_strndup (body, size);

  g_assert_cmpstr (answer->access_token, ==, "t");
  g_assert_cmpstr (seen->method, ==, "POST");
  g_assert_cmpstr (seen->target, ==, "/token");
  g_assert_cmpstr (mw_fault_request_header (seen, "Content-Type"), ==, "application/x-www-form-urlencoded");
  g_assert_cmpstr (mw_fault_request_header (seen, "Accept"), ==, "application/json");
  /* its own proof, and not the token of the connection, though this is the connection's own server */
  g_assert_cmpstr (mw_fault_request_header (seen, "Authorization"), ==, basic);
  g_assert_cmpstr (form, ==, "grant_type=client_credentials&scope=system%2FTask.rs%20a%2Bb%26c%3Dd%20%C3%A9");
}

/* Without a secret in the header there is no header: the bearer token does not slip into its place */
static void
test_no_bearer (Pair         *self,
                gconstpointer data)
{
  static const char *const fields[] = { "client_assertion", "x", NULL };
  g_autofree char         *endpoint = g_strconcat (mw_fault_server_get_url (self->here.server), "/token", NULL);
  MwOauthAnswer           *answer = NULL;
  g_autoptr (MwFaultRequest) seen = NULL;

  mw_oauth_token_async (self->here.client, endpoint, NULL, fields, NULL, answered_cb, &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  seen = mw_fault_server_get_request (self->here.server, 0);
  g_assert_null (mw_fault_request_header (seen, "Authorization"));
  mw_oauth_answer_free (answer);
}

/* A token request goes where it was sent, or nowhere: also to another path of the same server it is not sent on */
static void
test_redirects (Pair         *self,
                gconstpointer data)
{
  static const guint statuses[] = { 301, 302, 303, 307, 308 };
  guint              n_here = 0;

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    for (guint elsewhere = 0; elsewhere <= 1; elsewhere++)
      {
        g_autofree char *headers = g_strdup_printf ("Location: %s/metadata\r\n", mw_fault_server_get_url (elsewhere ? self->there : self->here.server));
        g_autoptr (MwOauthAnswer) answer = ask_and_get (self, statuses[i], headers, NULL);

        g_assert_null (answer->access_token);
        g_assert_false (mw_answer_is_success (answer->answer));
        g_assert_cmpint (answer->answer->trouble, ==, MW_TROUBLE_REDIRECT);
        n_here++;
        g_assert_cmpuint (mw_fault_server_n_requests (self->here.server), ==, n_here);
        g_assert_cmpuint (mw_fault_server_n_connections (self->there), ==, 0);
      }
}

/* RFC 6749, 2.3.1 and appendix B: both are escaped before they are joined, so that a colon in one is no border */
static void
test_basic (void)
{
  static const struct
  {
    const char *id;
    const char *secret;
    const char *pair;
  } rows[] = {
    { "client", "secret", "client:secret" },
    { "urn:app", "a:b", "urn%3Aapp:a%3Ab" },
    { "100%", "%3A", "100%25:%253A" },
    { "caf\xc3\xa9", "\xc3\xa9\xe2\x82\xac", "caf%C3%A9:%C3%A9%E2%82%AC" },
    { "a&b=c+d/e", "\"\\", "a%26b%3Dc%2Bd%2Fe:%22%5C" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char   *header = mw_oauth_basic (rows[i].id, rows[i].secret);
      gsize              size;
      g_autofree guchar *pair = NULL;
      g_autofree char   *text = NULL;

      g_assert_true (g_str_has_prefix (header, "Basic "));
      pair = g_base64_decode (header + strlen ("Basic "), &size);
      text = g_strndup ((const char *) pair, size);
      g_assert_cmpstr (text, ==, rows[i].pair);
    }
}

/* ---- tokens -------------------------------------------------------------- */

typedef struct
{
  const char *name;
  const char *body;
  const char *token;
  gint        seconds;
} Good;

#define DAYS (24 * 60 * 60)

static const Good good[] = {
  { "plain", "{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":3600}", "abc", 3600 },
  { "lower-case", "{\"access_token\":\"abc\",\"token_type\":\"bearer\",\"expires_in\":60}", "abc", 60 },
  { "upper-case", "{\"access_token\":\"abc\",\"token_type\":\"BEARER\",\"expires_in\":60}", "abc", 60 },
  { "no-type", "{\"access_token\":\"abc\",\"expires_in\":60}", "abc", 60 },
  { "no-lifetime", "{\"access_token\":\"abc\",\"token_type\":\"Bearer\"}", "abc", 300 },
  { "lifetime-null", "{\"access_token\":\"abc\",\"expires_in\":null}", "abc", 300 },
  { "lifetime-text", "{\"access_token\":\"abc\",\"expires_in\":\"900\"}", "abc", 900 },
  { "lifetime-decimal", "{\"access_token\":\"abc\",\"expires_in\":900.5}", "abc", 900 },
  /* said, but no time: as if it were not said. A token that has ended as it comes would be asked for without end */
  { "lifetime-nonsense", "{\"access_token\":\"abc\",\"expires_in\":\"soon\"}", "abc", 300 },
  { "lifetime-object", "{\"access_token\":\"abc\",\"expires_in\":{\"a\":1}}", "abc", 300 },
  { "lifetime-zero", "{\"access_token\":\"abc\",\"expires_in\":0}", "abc", 300 },
  { "lifetime-negative", "{\"access_token\":\"abc\",\"expires_in\":-1}", "abc", 300 },
  { "lifetime-negative-text", "{\"access_token\":\"abc\",\"expires_in\":\"-5\"}", "abc", 300 },
  { "lifetime-huge", "{\"access_token\":\"abc\",\"expires_in\":9223372036854775807}", "abc", 366 * DAYS },
  { "lifetime-beyond", "{\"access_token\":\"abc\",\"expires_in\":99999999999999999999999999}", "abc", 366 * DAYS },
  { "lifetime-exponent", "{\"access_token\":\"abc\",\"expires_in\":1e300}", "abc", 366 * DAYS },
  { "lifetime-huge-text", "{\"access_token\":\"abc\",\"expires_in\":\"99999999999999999999999999\"}", "abc", 366 * DAYS },
};

static void
test_good (Pair         *self,
           gconstpointer data)
{
  const Good *row = data;
  g_autoptr (MwOauthAnswer) answer = ask_and_get (self, 200, JSON, row->body);

  g_assert_cmpstr (answer->access_token, ==, row->token);
  g_assert_cmpint (answer->lifetime, ==, row->seconds * G_TIME_SPAN_SECOND);
  g_assert_null (answer->error);
}

static void
test_all_of_it (Pair         *self,
                gconstpointer data)
{
  g_autoptr (MwOauthAnswer) answer = ask_and_get (self, 200, JSON,
                                                  "{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"refresh_token\":\"def\",\"id_token\":\"g.h.i\","
                                                  "\"scope\":\"system/Task.rs system/Patient.r\"}");
  g_autoptr (MwOauthAnswer) half = ask_and_get (self, 200, JSON,
                                                "{\"access_token\":\"abc\",\"refresh_token\":\"d\\u0007f\",\"id_token\":7,\"scope\":[\"a\"],\"error\":\"invalid_scope\"}");

  g_assert_cmpstr (answer->refresh_token, ==, "def");
  g_assert_cmpstr (answer->id_token, ==, "g.h.i");
  g_assert_cmpstr (answer->scope, ==, "system/Task.rs system/Patient.r");
  /* what has no proper form is left out, and costs nothing else */
  g_assert_cmpstr (half->access_token, ==, "abc");
  g_assert_null (half->refresh_token);
  g_assert_null (half->id_token);
}

/* ---- no tokens ----------------------------------------------------------- */

typedef struct
{
  const char   *name;
  guint         status;
  const char   *headers;
  const char   *body;
  const char   *error;
  MwAnswerClass answer_class;
} Bad;

static const Bad bad[] = {
  { "other-type", 200, JSON, "{\"access_token\":\"abc\",\"token_type\":\"mac\"}", NULL, MW_ANSWER_DONE },
  { "dpop", 200, JSON, "{\"access_token\":\"abc\",\"token_type\":\"DPoP\"}", NULL, MW_ANSWER_DONE },
  { "empty-type", 200, JSON, "{\"access_token\":\"abc\",\"token_type\":\"\"}", NULL, MW_ANSWER_DONE },
  { "line-break", 200, JSON, "{\"access_token\":\"abc\\r\\nX-Evil: 1\",\"token_type\":\"Bearer\"}", NULL, MW_ANSWER_DONE },
  { "nul", 200, JSON, "{\"access_token\":\"abc\\u0000def\"}", NULL, MW_ANSWER_DONE },
  { "space", 200, JSON, "{\"access_token\":\"abc def\"}", NULL, MW_ANSWER_DONE },
  { "not-ascii", 200, JSON, "{\"access_token\":\"abc\xc3\xa9\"}", NULL, MW_ANSWER_DONE },
  { "empty-token", 200, JSON, "{\"access_token\":\"\"}", NULL, MW_ANSWER_DONE },
  { "number", 200, JSON, "{\"access_token\":42}", NULL, MW_ANSWER_DONE },
  { "nothing", 200, JSON, "{}", NULL, MW_ANSWER_DONE },
  { "list", 200, JSON, "[{\"access_token\":\"abc\"}]", NULL, MW_ANSWER_NOT_FHIR },
  { "html", 200, "Content-Type: text/html\r\n", HTML, NULL, MW_ANSWER_NOT_FHIR },
  { "html-as-json", 200, JSON, HTML, NULL, MW_ANSWER_NOT_FHIR },
  { "empty", 200, JSON, "", NULL, MW_ANSWER_DONE },
  { "cut", 200, JSON, "{\"access_token\":\"abc\"", NULL, MW_ANSWER_NOT_FHIR },
  { "created", 201, JSON, "{\"access_token\":\"abc\"}", NULL, MW_ANSWER_DONE },
  { "accepted", 202, JSON, "{\"access_token\":\"abc\"}", NULL, MW_ANSWER_TAKEN },
  { "error-400", 400, JSON, "{\"error\":\"invalid_scope\",\"error_description\":\"No\"}", "invalid_scope", MW_ANSWER_REJECTED },
  { "error-401", 401, JSON, "{\"error\":\"invalid_client\"}", "invalid_client", MW_ANSWER_SIGN_IN },
  { "error-with-token", 400, JSON, "{\"error\":\"invalid_grant\",\"access_token\":\"abc\"}", "invalid_grant", MW_ANSWER_REJECTED },
  { "error-of-no-form", 400, JSON, "{\"error\":\"a\\u001b[2Jb\"}", NULL, MW_ANSWER_REJECTED },
  { "error-html", 400, "Content-Type: text/html\r\n", HTML, NULL, MW_ANSWER_REJECTED },
  { "error-200", 200, JSON, "{\"error\":\"invalid_client\"}", NULL, MW_ANSWER_DONE },
  { "500", 500, JSON, "{\"access_token\":\"abc\"}", NULL, MW_ANSWER_TEMPORARY },
  { "502-html", 502, "Content-Type: text/html\r\n", HTML, NULL, MW_ANSWER_TEMPORARY },
  { "503", 503, "Retry-After: 7\r\n", NULL, NULL, MW_ANSWER_TEMPORARY },
};

static void
test_bad (Pair         *self,
          gconstpointer data)
{
  const Bad *row = data;
  g_autoptr (MwOauthAnswer) answer = ask_and_get (self, row->status, row->headers, row->body);

  g_assert_null (answer->access_token);
  g_assert_cmpstr (answer->error, ==, row->error);
  g_assert_cmpuint (answer->answer->status, ==, row->status);
  g_assert_cmpint (answer->answer->answer_class, ==, row->answer_class);
}

/* No token endpoint has so much to say */
static void
test_too_big (Pair         *self,
              gconstpointer data)
{
  g_autofree char *filler = g_strnfill (300 * 1024, 'x');
  g_autofree char *body = g_strdup_printf ("{\"access_token\":\"abc\",\"more\":\"%s\"}", filler);
  g_autoptr (MwOauthAnswer) answer = ask_and_get (self, 200, JSON, body);

  g_assert_null (answer->access_token);
  g_assert_cmpint (answer->answer->trouble, ==, MW_TROUBLE_TOO_BIG);
}

static void
test_nobody_there (Pair         *self,
                   gconstpointer data)
{
  g_autoptr (MwOauthAnswer) answer = NULL;

  mw_fault_server_script (self->here.server, MW_FAULT_RESET_AFTER_EFFECT);
  answer = ask (self, self->here.server);
  g_assert_null (answer->access_token);
  g_assert_cmpuint (answer->answer->status, ==, 0);
  g_assert_cmpuint (mw_fault_server_n_requests (self->here.server), ==, 1);
}

/* What is asked of another origin, too, has only its own proof with it */
static void
test_other_origin (Pair         *self,
                   gconstpointer data)
{
  g_autoptr (MwOauthAnswer) answer = NULL;
  g_autoptr (MwFaultRequest) seen = NULL;

  mw_fault_server_script_reply (self->there, MW_FAULT_NONE, 200, JSON, "{\"access_token\":\"abc\"}", -1);
  answer = ask (self, self->there);
  g_assert_cmpstr (answer->access_token, ==, "abc");
  seen = mw_fault_server_get_request (self->there, 0);
  g_assert_true (g_str_has_prefix (mw_fault_request_header (seen, "Authorization"), "Basic "));
}

#define add(path, func) g_test_add ("/net/oauth/" path, Pair, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/oauth/basic", test_basic);
  add ("request", test_request);
  add ("no-bearer", test_no_bearer);
  add ("redirects", test_redirects);
  add ("other-origin", test_other_origin);
  add ("all-of-it", test_all_of_it);
  add ("too-big", test_too_big);
  add ("nobody-there", test_nobody_there);
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *path = g_strconcat ("/net/oauth/token/", good[i].name, NULL);

      g_test_add (path, Pair, &good[i], set_up, test_good, tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strconcat ("/net/oauth/none/", bad[i].name, NULL);

      g_test_add (path, Pair, &bad[i], set_up, test_bad, tear_down);
    }
  return g_test_run ();
}
