/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Wherever a server points to, its token stays with it (G7): next pages, jobs, what was created */

#include "net-fixture.h"

#include "mw-json.h"

#include <string.h>

/* The server whose token it is, and one that would like to have it */
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
  mw_client_set_token (self->here.client, "secret");
}

static void
tear_down (Pair         *self,
           gconstpointer data)
{
  mw_fault_server_free (self->there);
  fixture_tear_down (&self->here, data);
}

/* {here}, {there}: each with its port, without the scheme */
static char *
fill_in (Pair       *self,
         const char *form)
{
  g_autoptr (GString) text = g_string_new (form);

  g_string_replace (text, "{here}", mw_fault_server_get_url (self->here.server) + strlen ("http://"), 0);
  g_string_replace (text, "{there}", mw_fault_server_get_url (self->there) + strlen ("http://"), 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Of each request that came there, none may have had it */
static void
assert_no_token_there (Pair *self)
{
  for (guint i = 0; i < mw_fault_server_n_requests (self->there); i++)
    {
      g_autoptr (MwFaultRequest) seen = mw_fault_server_get_request (self->there, i);

      g_assert_null (mw_fault_request_header (seen, "Authorization"));
    }
}

/* ---- next pages -------------------------------------------------------- */

static void
entry_cb (MwBundleReader *reader,
          GBytes         *entry,
          const GError   *error,
          gpointer        user_data)
{
}

static void
searched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  *(MwAnswer **) user_data = mw_client_search_finish (MW_CLIENT (source), result, &error);
  g_assert_no_error (error);
}

static MwAnswer *
search (Pair       *self,
        const char *url)
{
  MwAnswer *answer = NULL;

  mw_client_search_async (self->here.client, url, entry_cb, NULL, NULL, searched_cb, &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  return answer;
}

static void
reply_page (Pair       *self,
            const char *next)
{
  g_autofree char *body = g_strdup_printf ("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[{\"relation\":\"next\",\"url\":\"%s\"}]}", next);

  fixture_reply (&self->here, 200, FHIR, body);
}

static void
test_next_hostile (Pair         *self,
                   gconstpointer data)
{
  static const char *const forms[] = {
    "http://{there}/Task?page=2",
    "//{there}/Task?page=2",
    "http://{here}@{there}/Task",
    "http://{here}%40{there}/Task",
    "http://secret:x@{here}/Task",
    "https://{here}/Task?page=2",
    "http://{here}.evil.example/Task",
    "http://localhost/Task",
    "http:\\\\\\\\{there}\\\\Task",
    "\\\\\\\\{there}\\\\Task",
    "http:///{there}/Task",
    "ws://{there}/websocket",
    "wss://{here}/websocket",
    "file:///etc/hostname",
    "javascript:alert(1)",
    "data:text/plain,x",
    "http://[::1/Task",
    "http://{here}\\u0000.evil.example/",
    "http://\\u2025{there}/",
  };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree char *next = fill_in (self, forms[i]);
      g_autoptr (MwAnswer) answer = NULL;

      reply_page (self, next);
      answer = search (self, "Task?status=requested");
      /* what is followed after all stays here: "\\there\Task" is a path to one who does not take it for a host */
      if (answer->next != NULL)
        {
          g_autofree char *here = g_strconcat (mw_fault_server_get_url (self->here.server), "/", NULL);
          g_autoptr (MwAnswer) page = NULL;

          g_test_message ("%s leads to %s", next, answer->next);
          g_assert_true (g_str_has_prefix (answer->next, here));
          page = search (self, answer->next);
        }
    }
  g_assert_cmpuint (mw_fault_server_n_connections (self->there), ==, 0);
}

/* Asked for a page there in spite of it, the client asks without the token */
static void
test_page_there (Pair         *self,
                 gconstpointer data)
{
  g_autofree char *url = g_strconcat (mw_fault_server_get_url (self->there), "/Task?page=2", NULL);
  g_autoptr (MwAnswer) answer = search (self, url);

  g_assert_cmpuint (mw_fault_server_n_requests (self->there), ==, 1);
  assert_no_token_there (self);
}

/* A page that was fetched over a redirect to another place does not make that place the server */
static void
test_next_behind_redirect (Pair         *self,
                           gconstpointer data)
{
  g_autofree char *headers = g_strdup_printf ("Location: %s/Task?page=1\r\n", mw_fault_server_get_url (self->there));
  g_autoptr (MwAnswer) answer = NULL;

  fixture_reply (&self->here, 302, headers, NULL);
  mw_fault_server_script_reply (self->there, MW_FAULT_NONE, 200, FHIR,
                                "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[{\"relation\":\"next\",\"url\":\"/Task?page=2\"}]}", -1);
  answer = search (self, "Task");
  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_DONE);
  g_assert_null (answer->next);
  g_assert_cmpuint (mw_fault_server_n_requests (self->there), ==, 1);
  assert_no_token_there (self);
}

/* ---- jobs, and what was created ------------------------------------------- */

typedef struct
{
  const char *form;
  const char *url;   /* (nullable): what is made of it */
  gboolean    token; /* whether the token goes there */
} Place;

static const Place places[] = {
  { "http://{here}/jobs/1", "http://{here}/jobs/1", TRUE },
  { "/jobs/2", "http://{here}/jobs/2", TRUE },
  { "http://{there}/jobs/3", "http://{there}/jobs/3", FALSE },
  { "//{there}/jobs/4", "http://{there}/jobs/4", FALSE },
  { "http://{here}@{there}/jobs/5", NULL, FALSE },
  { "ws://{there}/jobs/6", NULL, FALSE },
};

static void
test_jobs (Pair         *self,
           gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *form = fill_in (self, places[i].form);
      g_autofree char *url = places[i].url != NULL ? fill_in (self, places[i].url) : NULL;
      g_autofree char *headers = g_strdup_printf ("Content-Location: %s\r\nLocation: %s\r\n", form, form);
      g_autoptr (MwAnswer) taken = NULL;
      g_autoptr (MwAnswer) status = NULL;

      fixture_reply (&self->here, 202, headers, NULL);
      taken = fixture_post (&self->here);
      g_assert_cmpint (taken->answer_class, ==, MW_ANSWER_TAKEN);
      g_assert_cmpstr (taken->content_location, ==, url);
      g_assert_cmpstr (taken->location, ==, url);
      if (url == NULL)
        continue;
      status = fixture_get (&self->here, taken->content_location);
      if (places[i].token)
        {
          g_autoptr (MwFaultRequest) seen = mw_fault_server_get_request (self->here.server, mw_fault_server_n_requests (self->here.server) - 1);

          g_assert_true (g_str_has_suffix (url, seen->target));
          g_assert_cmpstr (mw_fault_request_header (seen, "Authorization"), ==, "Bearer secret");
        }
    }
  g_assert_cmpuint (mw_fault_server_n_requests (self->there), ==, 2);
  assert_no_token_there (self);
}

/* What a server repeats of the token is not kept, shown or written down; what has it in part stays as it was */
static void
test_echo (Pair         *self,
           gconstpointer data)
{
  static const char *const said[] = { "Bearer 0123456789", "0123456789", "0123456789 and 0123456789", "a0123456789b01234567890123456789", "012345678 0123456780123456789" };
  static const char *const kept[] = { "Bearer **********", "**********", "********** and **********", "a**********b********************", "012345678 012345678**********" };

  mw_client_set_token (self->here.client, "0123456789");
  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"security\",\"diagnostics\":\"%s\"}]}", said[i]);
      g_autoptr (MwAnswer) answer = NULL;
      g_autofree char *text = NULL;

      fixture_reply (&self->here, 422, FHIR, body);
      answer = fixture_get (&self->here, "Task");
      g_assert_cmpstr (answer->detail, ==, kept[i]);
      text = g_strndup (g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body));
      g_assert_null (strstr (text, "0123456789\""));
      g_assert_cmpuint (strlen (text), ==, strlen (body));
    }
  mw_client_set_token (self->here.client, "error");
  fixture_reply (&self->here, 422, FHIR, OUTCOME ("invalid"));
  {
    g_autoptr (MwAnswer) answer = fixture_get (&self->here, "Task");

    g_assert_cmpstr (mw_json_string (answer->resource, "issue[0].severity"), ==, "error");
  }
}

/* A 401 there with every temptation: no scheme of authentication is answered with what we have */
static void
test_challenge (Pair         *self,
                gconstpointer data)
{
  static const char *const challenges[] = { "Bearer realm=\"x\"", "Basic realm=\"x\"", "Negotiate", "Digest realm=\"x\", nonce=\"y\", qop=\"auth\"", "NTLM" };

  for (guint i = 0; i < G_N_ELEMENTS (challenges); i++)
    {
      g_autofree char *headers = g_strdup_printf ("WWW-Authenticate: %s\r\n", challenges[i]);
      g_autofree char *url = g_strconcat (mw_fault_server_get_url (self->there), "/Task", NULL);
      g_autoptr (MwAnswer) answer = NULL;

      mw_fault_server_script_reply (self->there, MW_FAULT_NONE, 401, headers, NULL, -1);
      answer = fixture_get (&self->here, url);
      g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_SIGN_IN);
    }
  g_assert_cmpuint (mw_fault_server_n_requests (self->there), ==, G_N_ELEMENTS (challenges));
  assert_no_token_there (self);
}

#define add(path, func) g_test_add ("/net/origin/" path, Pair, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("next/hostile", test_next_hostile);
  add ("next/there", test_page_there);
  add ("next/behind-redirect", test_next_behind_redirect);
  add ("jobs", test_jobs);
  add ("echo", test_echo);
  add ("challenge", test_challenge);
  return g_test_run ();
}
