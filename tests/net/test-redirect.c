/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "net-fixture.h"

#include "mw-json.h"

/* A second server, where nothing but a GET may be sent on to, and no token ever */
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

static void
redirect (MwFaultServer *from,
          guint          status,
          MwFaultServer *to,
          const char    *path)
{
  g_autofree char *headers = g_strdup_printf ("Location: %s%s\r\nContent-Type: text/html\r\n", to != NULL ? mw_fault_server_get_url (to) : "", path);

  mw_fault_server_script_reply (from, MW_FAULT_NONE, status, headers, "<html>Moved</html>", -1);
}

static MwAnswer *
post (Pair *self)
{
  g_autoptr (GBytes) body = g_bytes_new_static (TASK, sizeof TASK - 1);
  MwHttpRequest request = { .method = "POST", .url = "old", .body = body, .prefer = "return=minimal", .if_none_exist = "identifier=s%7Cv" };

  return fixture_run (self->here.client, &request);
}

static void
assert_refused (const MwAnswer *answer)
{
  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_REJECTED);
  g_assert_cmpint (answer->trouble, ==, MW_TROUBLE_REDIRECT);
}

static void
test_same_host (Pair         *self,
                gconstpointer data)
{
  static const guint statuses[] = { 301, 302, 307, 308 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (MwAnswer) answer = NULL;
      g_autoptr (MwFaultRequest) seen = NULL;

      redirect (self->here.server, statuses[i], NULL, "/Task");
      answer = post (self);
      g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_DONE);
      seen = mw_fault_server_get_request (self->here.server, 2 * i + 1);
      g_assert_cmpstr (seen->method, ==, "POST");
      g_assert_cmpstr (seen->target, ==, "/Task");
      g_assert_cmpuint (g_bytes_get_size (seen->body), ==, sizeof TASK - 1);
      g_assert_cmpstr (mw_fault_request_header (seen, "Authorization"), ==, "Bearer secret");
      g_assert_cmpstr (mw_fault_request_header (seen, "Prefer"), ==, "return=minimal");
      g_assert_cmpstr (mw_fault_request_header (seen, "Content-Type"), ==, "application/fhir+json");
    }
  g_assert_cmpuint (mw_ledger_n_effects (self->here.ledger), ==, 1);
}

static void
test_see_other (Pair         *self,
                gconstpointer data)
{
  g_autoptr (MwAnswer) answer = NULL;
  g_autoptr (MwFaultRequest) seen = NULL;

  redirect (self->here.server, 303, NULL, "/metadata");
  answer = post (self);
  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_DONE);
  g_assert_true (mw_resource_is (answer->resource, "CapabilityStatement"));
  seen = mw_fault_server_get_request (self->here.server, 1);
  g_assert_cmpstr (seen->method, ==, "GET");
  g_assert_cmpuint (g_bytes_get_size (seen->body), ==, 0);
  g_assert_null (mw_fault_request_header (seen, "Prefer"));
  g_assert_null (mw_fault_request_header (seen, "If-None-Exist"));
  g_assert_null (mw_fault_request_header (seen, "Content-Type"));
  g_assert_cmpstr (mw_fault_request_header (seen, "Authorization"), ==, "Bearer secret");
}

/* The write had its effect before the 303; what happens to the reading cannot undo it */
static void
test_see_other_fails (Pair         *self,
                      gconstpointer data)
{
  g_autoptr (MwAnswer) missing = NULL;
  g_autoptr (MwAnswer) cut = NULL;
  g_autoptr (MwAnswer) nowhere = NULL;

  redirect (self->here.server, 303, NULL, "/Task/none");
  missing = post (self);
  g_assert_cmpint (missing->answer_class, ==, MW_ANSWER_UNKNOWN);
  g_assert_cmpuint (missing->status, ==, 404);

  redirect (self->here.server, 303, NULL, "/Task/none");
  mw_fault_server_script (self->here.server, MW_FAULT_RESET_BEFORE_EFFECT);
  mw_fault_server_script (self->here.server, MW_FAULT_RESET_BEFORE_EFFECT);
  cut = post (self);
  g_assert_cmpint (cut->answer_class, ==, MW_ANSWER_UNKNOWN);
}

static void
test_see_other_nowhere (Pair         *self,
                        gconstpointer data)
{
  g_autoptr (MwAnswer) answer = NULL;

  fixture_reply (&self->here, 303, "", NULL);
  answer = post (self);
  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_UNKNOWN);
  g_assert_cmpint (answer->trouble, ==, MW_TROUBLE_REDIRECT);
}

static void
test_other_host_read (Pair         *self,
                      gconstpointer data)
{
  g_autoptr (MwAnswer) answer = NULL;
  g_autoptr (MwFaultRequest) seen = NULL;

  redirect (self->here.server, 307, self->there, "/metadata");
  answer = fixture_get (&self->here, "metadata");
  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_DONE);
  seen = mw_fault_server_get_request (self->there, 0);
  g_assert_null (mw_fault_request_header (seen, "Authorization"));
}

/* There and back again: the token is for here, whichever way led here */
static void
test_back_again (Pair         *self,
                 gconstpointer data)
{
  g_autoptr (MwAnswer) answer = NULL;
  g_autoptr (MwFaultRequest) there = NULL;
  g_autoptr (MwFaultRequest) here = NULL;

  redirect (self->here.server, 302, self->there, "/x");
  redirect (self->there, 302, self->here.server, "/metadata");
  answer = fixture_get (&self->here, "y");
  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_DONE);
  there = mw_fault_server_get_request (self->there, 0);
  g_assert_null (mw_fault_request_header (there, "Authorization"));
  here = mw_fault_server_get_request (self->here.server, 1);
  g_assert_cmpstr (mw_fault_request_header (here, "Authorization"), ==, "Bearer secret");
}

static void
test_other_host_write (Pair         *self,
                       gconstpointer data)
{
  static const guint statuses[] = { 301, 302, 307, 308 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (MwAnswer) answer = NULL;

      redirect (self->here.server, statuses[i], self->there, "/Task");
      answer = post (self);
      assert_refused (answer);
      g_assert_cmpuint (answer->status, ==, statuses[i]);
    }
  g_assert_cmpuint (mw_fault_server_n_connections (self->there), ==, 0);
}

/* An absolute URL of ours, not a redirect: what the caller addresses goes there, but not the token */
static void
test_absolute_elsewhere (Pair         *self,
                         gconstpointer data)
{
  g_autofree char *url = g_strconcat (mw_fault_server_get_url (self->there), "/metadata", NULL);
  g_autoptr (MwAnswer) answer = fixture_get (&self->here, url);
  g_autoptr (MwFaultRequest) seen = mw_fault_server_get_request (self->there, 0);

  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_DONE);
  g_assert_null (mw_fault_request_header (seen, "Authorization"));
}

static void
test_loop (Pair         *self,
           gconstpointer data)
{
  g_autoptr (MwAnswer) itself = NULL;
  g_autoptr (MwAnswer) circle = NULL;

  redirect (self->here.server, 302, NULL, "/x");
  itself = fixture_get (&self->here, "x");
  assert_refused (itself);
  g_assert_cmpuint (mw_fault_server_n_requests (self->here.server), ==, 1);

  redirect (self->here.server, 302, NULL, "/b");
  redirect (self->here.server, 302, NULL, "/a");
  circle = fixture_get (&self->here, "a");
  assert_refused (circle);
  g_assert_cmpuint (mw_fault_server_n_requests (self->here.server), ==, 3);
}

static void
test_at_most_five (Pair         *self,
                   gconstpointer data)
{
  g_autoptr (MwAnswer) five = NULL;
  g_autoptr (MwAnswer) six = NULL;

  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *path = i < 5 ? g_strdup_printf ("/%u", i) : g_strdup ("/metadata");

      redirect (self->here.server, 307, NULL, path);
    }
  five = fixture_get (&self->here, "0");
  g_assert_cmpint (five->answer_class, ==, MW_ANSWER_DONE);

  for (guint i = 1; i <= 6; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u", i);

      redirect (self->here.server, 307, NULL, path);
    }
  six = fixture_get (&self->here, "0");
  assert_refused (six);
}

static void
test_bad_targets (Pair         *self,
                  gconstpointer data)
{
  static const char *const headers[] = { "", "Location: \r\n", "Location: file:///etc/passwd\r\n", "Location: javascript:alert(1)\r\n",
                                         "Location: https://user:pw@h.example/\r\n", "Location: http://\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (MwAnswer) answer = NULL;

      fixture_reply (&self->here, 302, headers[i], NULL);
      answer = fixture_get (&self->here, "x");
      assert_refused (answer);
    }
}

/* The body of a redirect is nobody's business, even if it has no end */
static void
test_endless_body (Pair         *self,
                   gconstpointer data)
{
  static const MwFaultKind faults[] = { MW_FAULT_ENDLESS_BODY, MW_FAULT_STALL_BODY };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (MwAnswer) answer = NULL;

      mw_fault_server_script_reply (self->here.server, faults[i], 302, "Location: /metadata\r\n", "some text", -1);
      answer = fixture_get (&self->here, "x");
      g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_DONE);
    }
}

#define add(path, func) g_test_add ("/net/redirect/" path, Pair, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("same-host", test_same_host);
  add ("see-other", test_see_other);
  add ("see-other-fails", test_see_other_fails);
  add ("see-other-nowhere", test_see_other_nowhere);
  add ("other-host-read", test_other_host_read);
  add ("other-host-write", test_other_host_write);
  add ("absolute-elsewhere", test_absolute_elsewhere);
  add ("back-again", test_back_again);
  add ("loop", test_loop);
  add ("at-most-five", test_at_most_five);
  add ("bad-targets", test_bad_targets);
  add ("endless-body", test_endless_body);
  return g_test_run ();
}
