/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-client.h"
#include "mw-url.h"

static void
test_base (void)
{
  static const struct
  {
    const char *text;
    const char *base;
  } cases[] = {
    { "https://h.example/fhir", "https://h.example/fhir" },
    { " https://h.example/fhir// ", "https://h.example/fhir" },
    { "HTTPS://h.example:443/fhir/R4/", "https://h.example/fhir/R4" },
    { "http://127.0.0.1:8080", "http://127.0.0.1:8080" },
    { "http://127.0.0.1:8080/", "http://127.0.0.1:8080" },
    { "https://[::1]:8443/a", "https://[::1]:8443/a" },
    { "https://h.example/fhir#x", "https://h.example/fhir" },
    { "https://h.example/fhir?x=1", NULL },
    { "https://user:pw@h.example/fhir", NULL },
    { "https://user@h.example/fhir", NULL },
    { "https:///fhir", NULL },
    { "ftp://h.example/fhir", NULL },
    { "file:///etc/passwd", NULL },
    { "h.example/fhir", NULL },
    { "https://h.example/a/../b", "https://h.example/b" },
    { "https://h.example/a/%2e%2e/b", "https://h.example/b" },
    { "", NULL },
    { "javascript:alert(1)", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *base = mw_url_base (cases[i].text, &error);

      g_assert_cmpstr (base, ==, cases[i].base);
      g_assert_true ((base == NULL) == (error != NULL));
    }
}

static void
test_resolve (void)
{
  static const struct
  {
    const char *url;
    const char *absolute;
  } cases[] = {
    { "", "https://h.example/fhir/R4" },
    { "Task/1", "https://h.example/fhir/R4/Task/1" },
    { "$process-message", "https://h.example/fhir/R4/$process-message" },
    { "Task?owner=Organization/1&code=a%7Cb", "https://h.example/fhir/R4/Task?owner=Organization/1&code=a%7Cb" },
    { "Task?code=a|b c", "https://h.example/fhir/R4/Task?code=a%7Cb%20c" },
    { "Task?_lastUpdated=gt2026-01-01T10:00:00+01:00", "https://h.example/fhir/R4/Task?_lastUpdated=gt2026-01-01T10:00:00+01:00" },
    { "Task?about=http://x.example/y", "https://h.example/fhir/R4/Task?about=http://x.example/y" },
    { "?_getpages=abc", "https://h.example/fhir/R4?_getpages=abc" },
    { "Task/1#part", "https://h.example/fhir/R4/Task/1" },
    { "Task?name=Müller", "https://h.example/fhir/R4/Task?name=M%C3%BCller" },
    { "Task?x=%zz", "https://h.example/fhir/R4/Task?x=%zz" },
    { "Task/1\r\nHost: evil", "https://h.example/fhir/R4/Task/1%0D%0AHost:%20evil" },
    { "https://h.example/other/x", "https://h.example/other/x" },
    { "https://elsewhere.example/x?y=1", "https://elsewhere.example/x?y=1" },
    { "/Task/1", NULL },
    { "//elsewhere.example/x", NULL },
    { "\\\\elsewhere.example/x", "https://h.example/fhir/R4/%5C%5Celsewhere.example/x" },
    { "../admin", NULL },
    { "Task/../../admin", NULL },
    { "Task/%2e%2E/%2e./admin", NULL },
    { "Task/%2fx", NULL },
    { "#x", NULL },
    { "javascript:alert(1)", NULL },
    { "  javascript:alert(1)", NULL },
    { "file:///etc/passwd", NULL },
    { "urn:uuid:0c3d", NULL },
    { "https://user@h.example/x", NULL },
    { "https://", NULL },
    { "http:x", NULL },
  };
  g_autoptr (MwClient) client = mw_client_new ("https://h.example/fhir/R4/", NULL, NULL);

  g_assert_cmpstr (mw_client_get_base_url (client), ==, "https://h.example/fhir/R4");
  g_assert_null (mw_client_resolve (client, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *absolute = mw_client_resolve (client, cases[i].url);

      g_assert_cmpstr (absolute, ==, cases[i].absolute);
    }
}

static void
test_join (void)
{
  static const struct
  {
    const char *reference;
    const char *absolute;
  } cases[] = {
    { "/fhir/Task/1", "https://h.example/fhir/Task/1" },
    { "Task/1", "https://h.example/fhir/Task/1" },
    { "?page=2", "https://h.example/fhir/Task?page=2" },
    { "//other.example/x", "https://other.example/x" },
    { "http://h.example/fhir/Task?page=2", "http://h.example/fhir/Task?page=2" },
    { "../x#frag", "https://h.example/x" },
    { "https://a@h.example/x", NULL },
    { "file:///x", NULL },
    { "data:text/html,x", NULL },
    { "", NULL },
    { NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *absolute = mw_url_join ("https://h.example/fhir/Task?page=1", cases[i].reference);

      g_assert_cmpstr (absolute, ==, cases[i].absolute);
    }
}

static void
test_origin (void)
{
  g_assert_true (mw_url_same_origin ("https://h.example/a", "https://H.example:443/b"));
  g_assert_true (mw_url_same_origin ("http://h.example", "http://h.example:80/"));
  g_assert_false (mw_url_same_origin ("https://h.example/a", "http://h.example/a"));
  g_assert_false (mw_url_same_origin ("https://h.example/a", "https://h.example:8443/a"));
  g_assert_false (mw_url_same_origin ("https://h.example/a", "https://h.example.evil/a"));
  g_assert_false (mw_url_same_origin ("https://h.example/a", "https://sub.h.example/a"));
  g_assert_false (mw_url_same_origin ("https://h.example/a", NULL));
  g_assert_false (mw_url_same_origin ("file:///a", "file:///a"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/url/base", test_base);
  g_test_add_func ("/net/url/resolve", test_resolve);
  g_test_add_func ("/net/url/join", test_join);
  g_test_add_func ("/net/url/origin", test_origin);
  return g_test_run ();
}
