/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox-fixture.h"

#include "mw-validate.h"

#include <string.h>

static const char *const sites[] = { "practice", "hospital", "plan" };

static MwSandbox *
make (guint64 seed,
      guint   hours)
{
  MwSandbox *sandbox = mw_sandbox_new (seed);

  mw_sandbox_set_time (sandbox, FIXTURE_START);
  mw_sandbox_play (sandbox);
  mw_sandbox_advance (sandbox, hours * G_TIME_SPAN_HOUR);
  return sandbox;
}

static void
test_same_seed (void)
{
  g_autoptr (MwSandbox) one = make (7, 10);
  g_autoptr (MwSandbox) other = make (7, 10);
  g_autoptr (MwSandbox) different = make (8, 10);

  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    {
      g_autofree char *left = mw_sandbox_dump (one, sites[i]);
      g_autofree char *right = mw_sandbox_dump (other, sites[i]);

      g_assert_cmpstr (left, ==, right);
    }
  {
    g_autofree char *left = mw_sandbox_dump (one, "practice");
    g_autofree char *right = mw_sandbox_dump (different, "practice");

    g_assert_cmpstr (left, !=, right);
  }
}

static void
test_valid (void)
{
  g_autoptr (MwSandbox) sandbox = make (13, 10);

  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    {
      g_autofree char *text = mw_sandbox_dump (sandbox, sites[i]);
      g_autoptr (JsonNode) bundle = mw_json_parse (text, -1, NULL);
      guint n = mw_json_length (bundle, "entry");

      /* at the least twelve patients and who cares for them */
      g_assert_cmpuint (n, >, 24);
      for (guint j = 0; j < n; j++)
        {
          g_autoptr (MwIssues) issues = mw_issues_new ();

          if (!mw_validate (mw_json_get (mw_json_item (bundle, "entry", j), "resource"), NULL, NULL, issues))
            {
              g_autofree char *why = mw_json_to_text (issues->outcome, TRUE);

              g_error ("%s", why);
            }
        }
    }
}

/* every relative reference of a server leads somewhere on it */
static void
check_references (JsonNode   *node,
                  GHashTable *there)
{
  guint n;

  if (node == NULL || JSON_NODE_HOLDS_VALUE (node))
    return;
  if (mw_json_is_object (node))
    {
      JsonObjectIter iter;
      const char    *name;
      JsonNode      *member;

      /* what a Bundle carries refers to itself */
      if (mw_resource_is (node, "Bundle"))
        return;
      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, &name, &member))
        {
          const char *text = g_str_equal (name, "reference") ? mw_json_string (member, NULL) : NULL;

          if (text != NULL && *text != '#' && strchr (text, ':') == NULL && !g_hash_table_contains (there, text))
            g_error ("%s leads nowhere", text);
          check_references (member, there);
        }
      return;
    }
  n = mw_json_length (node, NULL);
  for (guint i = 0; i < n; i++)
    check_references (mw_json_item (node, NULL, i), there);
}

static void
test_whole (void)
{
  g_autoptr (MwSandbox) sandbox = make (13, 10);
  g_auto (GStrv) names = mw_sandbox_get_site_names (sandbox);

  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *text = mw_sandbox_dump (sandbox, *name);
      g_autoptr (JsonNode) bundle = mw_json_parse (text, -1, NULL);
      g_autoptr (GHashTable) there = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      guint n = mw_json_length (bundle, "entry");

      for (guint j = 0; j < n; j++)
        {
          JsonNode *resource = mw_json_get (mw_json_item (bundle, "entry", j), "resource");

          g_hash_table_add (there, g_strconcat (mw_resource_type (resource), "/", mw_resource_id (resource), NULL));
        }
      for (guint j = 0; j < n; j++)
        check_references (mw_json_get (mw_json_item (bundle, "entry", j), "resource"), there);
    }
}

static void
test_people (Fixture      *self,
             gconstpointer data)
{
  /* twelve, and three at the hospital and the plan who are there to be mistaken for each other */
  static const guint totals[] = { 12, 15, 15 };

  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    {
      fixture_get (self, sites[i], "Patient");
      g_assert_cmpuint (fixture_total (self), ==, totals[i]);
      for (guint j = 0; j < 12; j++)
        {
          JsonNode *patient = mw_json_get (mw_json_item (self->json, "entry", j), "resource");

          g_assert_cmpuint (mw_json_length (patient, "identifier"), >=, i == 2 ? 1 : 2);
        }
    }
  /* the member number is what all three share */
  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    {
      fixture_get (self, sites[i], "Patient?identifier=https%3A%2F%2Fplannorth.example%2Fid%2Fmember%7CPN-880111-01");
      g_assert_cmpuint (fixture_total (self), ==, 1);
      g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.name.family"), ==, "Dubois-Renard");
    }
}

static void
test_directory (Fixture      *self,
                gconstpointer data)
{
  static const char *const organizations[] = { "lakeside", "st-marys", "plan-north" };

  for (guint i = 0; i < G_N_ELEMENTS (organizations); i++)
    {
      g_autofree char *path = g_strdup_printf ("Organization?_id=%s&_include=Organization:endpoint", organizations[i]);

      fixture_get (self, "practice", path);
      g_assert_cmpuint (mw_json_length (self->json, "entry"), ==, 2);
      g_assert_cmpstr (mw_json_string (self->json, "entry[1].resource.address"), ==, mw_sandbox_get_url (self->sandbox, sites[i]));
      g_assert_cmpstr (mw_json_string (self->json, "entry[1].resource.connectionType.code"), ==, "hl7-fhir-rest");
    }
  g_assert_cmpuint (fixture_get (self, "practice", mw_sandbox_get_me (self->sandbox)), ==, 200);
}

static void
test_course (Fixture      *self,
             gconstpointer data)
{
  fixture_get (self, "practice", "Observation?patient=p01&code=http%3A%2F%2Floinc.org%7C4548-4&_sort=date");
  g_assert_cmpuint (fixture_total (self), >=, 5);
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.effectiveDateTime"), <, "2025-03-02");
  fixture_get (self, "practice", "Observation?patient=p04&code=33914-3&value-quantity=lt45");
  g_assert_cmpuint (fixture_total (self), >, 0);
}

static void
test_document (Fixture      *self,
               gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autofree char *text = NULL;
  const char      *xref, *start;
  gsize            length;
  gint64           size;

  fixture_get (self, "practice", "DocumentReference?patient=p01&type=11506-3");
  g_assert_cmpuint (fixture_total (self), ==, 1);
  url = g_strdup (mw_json_string (self->json, "entry[0].resource.content[0].attachment.url"));
  size = mw_json_integer (self->json, "entry[0].resource.content[0].attachment.size", -1);
  g_assert_cmpuint (fixture_get (self, "practice", url), ==, 200);
  g_assert_cmpint ((gint64) g_bytes_get_size (self->body), ==, size);
  text = g_strndup (g_bytes_get_data (self->body, &length), g_bytes_get_size (self->body));
  g_assert_true (g_str_has_prefix (text, "%PDF-1.4\n"));
  g_assert_true (g_str_has_suffix (text, "%%EOF\n"));
  /* startxref gives the place of the table (ISO 32000-1 7.5.5) */
  start = strstr (text, "startxref\n");
  g_assert_nonnull (start);
  xref = text + g_ascii_strtoull (start + strlen ("startxref\n"), NULL, 10);
  g_assert_true (g_str_has_prefix (xref, "xref\n0 6\n"));
  /* and the table that of the first object */
  {
    const char *first = strstr (xref, "65535 f \n") + strlen ("65535 f \n");

    g_assert_true (g_str_has_prefix (text + g_ascii_strtoull (first, NULL, 10), "1 0 obj\n"));
  }
}

static void
test_morning (Fixture      *self,
              gconstpointer data)
{
  guint total = 0;

  fixture_get (self, "practice", "Bundle?type=message");
  total += fixture_total (self);
  g_assert_cmpuint (total, >=, 5);
  fixture_get (self, "practice", "Task?status=requested");
  g_assert_cmpuint (fixture_total (self), >=, 3);
  total += fixture_total (self);
  fixture_get (self, "practice", "Communication");
  total += fixture_total (self);
  g_assert_cmpuint (total, >=, 16);
  g_assert_cmpuint (total, <=, 24);
  fixture_get (self, "practice", "Communication?category=alert");
  g_assert_cmpuint (fixture_total (self), ==, 1);
  g_assert_cmpstr (mw_json_string (self->json, "entry[0].resource.priority"), ==, "urgent");
  fixture_get (self, "practice", "Bundle?type=history");
  g_assert_cmpuint (fixture_total (self), ==, 1);
  /* what came before the day began, came before it */
  fixture_get (self, "practice", "Communication?_lastUpdated=ge2026-03-02T08:00:00Z");
  g_assert_cmpuint (fixture_total (self), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox/world/same-seed", test_same_seed);
  g_test_add_func ("/sandbox/world/valid", test_valid);
  g_test_add_func ("/sandbox/world/whole", test_whole);
  fixture_add ("/sandbox/world/people", test_people);
  fixture_add ("/sandbox/world/directory", test_directory);
  fixture_add ("/sandbox/world/course", test_course);
  fixture_add ("/sandbox/world/document", test_document);
  fixture_add ("/sandbox/world/morning", test_morning);

  return g_test_run ();
}
