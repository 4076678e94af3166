/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "net-fixture.h"

#include "mw-json.h"

#define ENTRY(id) "{\"fullUrl\":\"urn:x:" id "\",\"resource\":{\"resourceType\":\"Task\",\"id\":\"" id "\"}}"

typedef struct
{
  GString  *entries; /* "a b c" */
  guint     n_errors;
  guint     n;
  MwAnswer *answer;
} Found;

static void
entry_cb (MwBundleReader *reader,
          GBytes         *entry,
          const GError   *error,
          gpointer        user_data)
{
  Found *found = user_data;
  g_autoptr (JsonNode) node = NULL;

  g_assert_null (found->answer);
  found->n++;
  if (error != NULL)
    {
      found->n_errors++;
      return;
    }
  if (found->n > 100)
    return;
  node = mw_json_parse (g_bytes_get_data (entry, NULL), (gssize) g_bytes_get_size (entry), NULL);
  g_string_append_printf (found->entries, "%s%s", found->entries->len > 0 ? " " : "", mw_json_string (node, "resource.id"));
}

static void
searched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  Found *found = user_data;

  found->answer = mw_client_search_finish (MW_CLIENT (source), result, &error);
  g_assert_no_error (error);
}

static void
search (Fixture    *self,
        Found      *found,
        const char *url)
{
  found->entries = g_string_new (NULL);
  mw_client_search_async (self->client, url, entry_cb, found, NULL, searched_cb, found);
  while (found->answer == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
found_clear (Found *found)
{
  g_string_free (found->entries, TRUE);
  mw_answer_free (found->answer);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Found, found_clear)

static void
reply_page (Fixture    *self,
            const char *next,
            const char *entries)
{
  g_autofree char *body = g_strdup_printf ("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":7,"
                                           "\"link\":[{\"relation\":\"self\",\"url\":\"x\"},{\"relation\":\"next\",\"url\":\"%s\"}],\"entry\":[%s]}",
                                           next,
                                           entries);

  fixture_reply (self, 200, FHIR, body);
}

static void
test_page (Fixture      *self,
           gconstpointer data)
{
  g_auto (Found) found = { 0 };
  g_autofree char *next = g_strconcat (mw_fault_server_get_url (self->server), "/Task?_page=2&code=a%7Cb", NULL);
  g_autoptr (MwFaultRequest) seen = NULL;

  mw_client_set_token (self->client, "secret");
  reply_page (self, "?_page=2&code=a|b", ENTRY ("a") "," ENTRY ("b"));
  search (self, &found, "Task?status=requested");
  g_assert_cmpint (found.answer->answer_class, ==, MW_ANSWER_DONE);
  g_assert_cmpstr (found.entries->str, ==, "a b");
  g_assert_true (mw_resource_is (found.answer->resource, "Bundle"));
  g_assert_cmpint (mw_json_integer (found.answer->resource, "total", -1), ==, 7);
  g_assert_cmpuint (mw_json_length (found.answer->resource, "entry"), ==, 0);
  g_assert_cmpstr (found.answer->next, ==, next);
  g_assert_null (found.answer->detail);

  seen = mw_fault_server_get_request (self->server, 0);
  g_assert_cmpstr (seen->target, ==, "/Task?status=requested");
  g_assert_cmpstr (mw_fault_request_header (seen, "Cache-Control"), ==, "no-cache");
  g_assert_cmpstr (mw_fault_request_header (seen, "Accept"), ==, "application/fhir+json");
  g_assert_cmpstr (mw_fault_request_header (seen, "Authorization"), ==, "Bearer secret");
}

static void
test_last_page (Fixture      *self,
                gconstpointer data)
{
  g_auto (Found) found = { 0 };
  g_autofree char *url = g_strconcat (mw_fault_server_get_url (self->server), "/Task?identifier=none%7C", NULL);

  search (self, &found, url);
  g_assert_cmpint (found.answer->answer_class, ==, MW_ANSWER_DONE);
  g_assert_cmpuint (found.n, ==, 0);
  g_assert_null (found.answer->next);
  g_assert_null (found.answer->detail);
}

/* Neither the token nor the search goes where the person did not point */
static void
test_next_elsewhere (Fixture      *self,
                     gconstpointer data)
{
  static const char *const links[] = { "https://elsewhere.example/Task?page=2", "//elsewhere.example/Task", "file:///etc/passwd",
                                       "http://127.0.0.1:1/Task", "javascript:alert(1)", "Task" };

  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_auto (Found) found = { 0 };

      reply_page (self, links[i], ENTRY ("a"));
      search (self, &found, "Task");
      g_assert_cmpint (found.answer->answer_class, ==, MW_ANSWER_DONE);
      g_assert_cmpstr (found.entries->str, ==, "a");
      g_assert_null (found.answer->next);
      g_assert_nonnull (found.answer->detail);
    }
}

static void
test_cut (Fixture      *self,
          gconstpointer data)
{
  g_auto (Found) found = { 0 };
  g_auto (Found) half = { 0 };

  mw_fault_server_script_reply (self->server, MW_FAULT_CUT_BODY, 200, FHIR,
                                "{\"resourceType\":\"Bundle\",\"entry\":[" ENTRY ("a") "," ENTRY ("b") "," ENTRY ("c") "," ENTRY ("d") "]}", -1);
  search (self, &found, "Task");
  g_assert_cmpint (found.answer->answer_class, ==, MW_ANSWER_NOT_SENT);
  g_assert_cmpint (found.answer->trouble, ==, MW_TROUBLE_CUT_OFF);
  g_assert_cmpstr (found.entries->str, ==, "a");
  g_assert_null (found.answer->resource);

  /* a whole answer that is no whole Bundle */
  fixture_reply (self, 200, FHIR, "{\"resourceType\":\"Bundle\",\"entry\":[" ENTRY ("a") ",");
  search (self, &half, "Task");
  g_assert_cmpint (half.answer->answer_class, ==, MW_ANSWER_NOT_FHIR);
  g_assert_cmpint (half.answer->trouble, ==, MW_TROUBLE_NONE);
}

static void
test_not_a_bundle (Fixture      *self,
                   gconstpointer data)
{
  static const struct
  {
    guint         status;
    const char   *headers;
    const char   *body;
    MwAnswerClass answer_class;
    const char   *detail;
  } cases[] = {
    { 200, "Content-Type: text/html\r\n", "<html>Guest network</html>", MW_ANSWER_NOT_FHIR, NULL },
    { 200, FHIR, "<html>Guest network</html>", MW_ANSWER_NOT_FHIR, NULL },
    { 200, FHIR, "", MW_ANSWER_NOT_FHIR, NULL },
    { 200, FHIR, "[]", MW_ANSWER_NOT_FHIR, NULL },
    { 200, FHIR, TASK, MW_ANSWER_NOT_FHIR, NULL },
    { 200, FHIR, OUTCOME ("invalid"), MW_ANSWER_NOT_FHIR, "Because" },
    { 400, FHIR, OUTCOME ("invalid"), MW_ANSWER_REJECTED, "Because" },
    { 410, "", NULL, MW_ANSWER_GONE, NULL },
    { 401, "", NULL, MW_ANSWER_SIGN_IN, NULL },
    { 503, "", NULL, MW_ANSWER_TEMPORARY, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Found) found = { 0 };

      fixture_reply (self, cases[i].status, cases[i].headers, cases[i].body);
      search (self, &found, "Task");
      g_assert_cmpint (found.answer->answer_class, ==, cases[i].answer_class);
      g_assert_cmpuint (found.answer->status, ==, cases[i].status);
      g_assert_cmpstr (found.answer->detail, ==, cases[i].detail);
      g_assert_cmpuint (found.n, ==, 0);
    }
}

/* More than an ordinary body may hold, in the memory of an entry */
static void
test_large (Fixture      *self,
            gconstpointer data)
{
  enum
  {
    N = 24000
  };
  g_auto (Found) found = { 0 };
  g_autofree char *filler = g_strnfill (1000, 'x');
  g_autoptr (GString) body = g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[");

  for (guint i = 0; i < N; i++)
    g_string_append_printf (body, "%s{\"resource\":{\"resourceType\":\"Task\",\"id\":\"%u\",\"description\":\"%s\"}}", i > 0 ? "," : "", i, filler);
  g_string_append (body, "]}");
  g_assert_cmpuint (body->len, >, 16 * 1024 * 1024);
  mw_fault_server_script_reply (self->server, MW_FAULT_NONE, 200, FHIR, body->str, (gssize) body->len);
  search (self, &found, "Task");
  g_assert_cmpint (found.answer->answer_class, ==, MW_ANSWER_DONE);
  g_assert_cmpuint (found.n, ==, N);
  g_assert_cmpuint (found.n_errors, ==, 0);
}

/* One entry that cannot be read leaves its neighbours alone */
static void
test_poisoned_entry (Fixture      *self,
                     gconstpointer data)
{
  g_auto (Found) found = { 0 };
  g_autoptr (GString) deep = g_string_new (ENTRY ("a") ",{\"resource\":");

  for (guint i = 0; i < 1000; i++)
    g_string_append (deep, "[");
  for (guint i = 0; i < 1000; i++)
    g_string_append (deep, "]");
  g_string_append (deep, "}," ENTRY ("b"));
  reply_page (self, "?page=2", deep->str);
  search (self, &found, "Task");
  g_assert_cmpint (found.answer->answer_class, ==, MW_ANSWER_DONE);
  g_assert_cmpstr (found.entries->str, ==, "a b");
  g_assert_cmpuint (found.n_errors, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/net/search/page", test_page);
  fixture_add ("/net/search/last-page", test_last_page);
  fixture_add ("/net/search/next-elsewhere", test_next_elsewhere);
  fixture_add ("/net/search/cut", test_cut);
  fixture_add ("/net/search/not-a-bundle", test_not_a_bundle);
  fixture_add ("/net/search/large", test_large);
  fixture_add ("/net/search/poisoned-entry", test_poisoned_entry);
  return g_test_run ();
}
