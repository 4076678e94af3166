/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-published-list.h"

#include "mw-fhir-error.h"

#include <locale.h>
#include <string.h>

#define END(id, more) "{\"resource\":{\"resourceType\":\"Endpoint\",\"id\":\"" id "\",\"status\":\"active\",\"connectionType\":{\"code\":\"hl7-fhir-rest\"},\"address\":\"https://" id ".example/fhir\"" more "}"
#define ORG(id, more) "{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"" id "\",\"name\":\"" id "\"" more "}"
#define URL(url) ",\"fullUrl\":\"" url "\"}"
#define PLAIN "}"

/* Collects "organisation>host" of each pair, "-" where there is none */
static void
collect (const MwPublishedOrganization *organization,
         const MwEndpoint              *endpoint,
         gpointer                       user_data)
{
  GPtrArray *pairs = user_data;

  g_ptr_array_add (pairs, g_strdup_printf ("%s>%s", organization != NULL ? organization->name : "-", endpoint != NULL ? endpoint->id : "-"));
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Reads a list in pieces of @step bytes; returns its pairs, sorted */
static char *
read_text (const char       *text,
           gsize             step,
           MwPublishedList **list,
           GError          **error)
{
  GPtrArray       *pairs = g_ptr_array_new_with_free_func (g_free);
  MwPublishedList *self = mw_published_list_new (collect, pairs);
  gsize            length = strlen (text);
  gboolean         good = TRUE;
  char            *joined;

  for (gsize at = 0; at < length && good; at += step)
    good = mw_published_list_push (self, text + at, MIN (step, length - at), NULL);
  mw_published_list_finish (self, error);
  g_ptr_array_sort (pairs, compare);
  g_ptr_array_add (pairs, NULL);
  joined = g_strjoinv (" ", (GStrv) pairs->pdata);
  g_ptr_array_unref (pairs);
  if (list != NULL)
    *list = self;
  else
    mw_published_list_free (self);
  return joined;
}

static const struct
{
  const char *entries, *pairs;
  guint       dangling;
} cases[] = {
  /* without fullUrl, either way round, from either side and from both */
  { ORG ("o", ",\"endpoint\":[{\"reference\":\"Endpoint/e\"}]") PLAIN "," END ("e", "") PLAIN, "o>e", 0 },
  { END ("e", "") PLAIN "," ORG ("o", ",\"endpoint\":[{\"reference\":\"Endpoint/e\"}]") PLAIN, "o>e", 0 },
  { END ("e", ",\"managingOrganization\":{\"reference\":\"Organization/o\"}") PLAIN "," ORG ("o", "") PLAIN, "o>e", 0 },
  { END ("e", ",\"managingOrganization\":{\"reference\":\"Organization/o\"}") PLAIN "," ORG ("o", ",\"endpoint\":[{\"reference\":\"Endpoint/e\"},{\"reference\":\"Endpoint/e\"}]") PLAIN, "o>e", 0 },
  /* absolute URLs */
  { ORG ("o", ",\"endpoint\":[{\"reference\":\"https://a.example/Endpoint/e\"}]") URL ("https://a.example/Organization/o") "," END ("e", "") URL ("https://a.example/Endpoint/e"), "o>e", 0 },
  { ORG ("o", ",\"endpoint\":[{\"reference\":\"Endpoint/e\"}]") URL ("https://a.example/Organization/o") "," END ("e", "") URL ("https://a.example/Endpoint/e/_history/2"), "o>e", 0 },
  /* the same id on two servers is not the same endpoint */
  { ORG ("o", ",\"endpoint\":[{\"reference\":\"Endpoint/e\"}]") URL ("https://a.example/Organization/o") "," END ("e", "") URL ("https://b.example/Endpoint/e"), "->e o>-", 1 },
  { ORG ("o", ",\"endpoint\":[{\"reference\":\"https://a.example/Endpoint/e\"}]") PLAIN "," END ("e", "") URL ("https://b.example/Endpoint/e"), "->e o>-", 1 },
  { ORG ("o", ",\"endpoint\":[{\"reference\":\"Endpoint/e\"}]") PLAIN "," END ("e", "") URL ("https://a.example/Endpoint/e") "," END ("e", "") URL ("https://b.example/Endpoint/e"), "->e ->e o>-", 1 },
  /* where one side has no base, the end of the URL tells */
  { ORG ("o", ",\"endpoint\":[{\"reference\":\"Endpoint/e\"}]") PLAIN "," END ("e", "") URL ("https://a.example/Endpoint/e"), "o>e", 0 },
  { ORG ("o", ",\"endpoint\":[{\"reference\":\"https://a.example/Endpoint/e\"}]") PLAIN "," END ("e", "") PLAIN, "o>e", 0 },
  { ORG ("o", ",\"endpoint\":[{\"reference\":\"Endpoint/e\"}]") URL ("urn:uuid:1") "," END ("e", "") URL ("urn:uuid:2"), "o>e", 0 },
  /* urn:uuid, in any letter case */
  { ORG ("o", ",\"endpoint\":[{\"reference\":\"urn:uuid:AB\"}]") URL ("urn:uuid:1") "," END ("e", "") URL ("urn:uuid:ab"), "o>e", 0 },
  /* contained, both ways */
  { ORG ("o", ",\"contained\":[{\"resourceType\":\"Endpoint\",\"id\":\"e\",\"address\":\"https://x.example\"}],\"endpoint\":[{\"reference\":\"#e\"}]") PLAIN, "o>e", 0 },
  { ORG ("o", ",\"contained\":[{\"resourceType\":\"Endpoint\",\"id\":\"e\",\"address\":\"https://x.example\",\"managingOrganization\":{\"reference\":\"#\"}}]") PLAIN, "o>e", 0 },
  { END ("e", ",\"contained\":[{\"resourceType\":\"Organization\",\"id\":\"c\",\"name\":\"c\"}],\"managingOrganization\":{\"reference\":\"#c\"}") PLAIN, "c>e", 0 },
  /* what is contained in one is not seen from another */
  { ORG ("o", ",\"contained\":[{\"resourceType\":\"Endpoint\",\"id\":\"e\",\"address\":\"https://x.example\"}],\"endpoint\":[{\"reference\":\"#e\"}]") PLAIN
    "," ORG ("p", ",\"endpoint\":[{\"reference\":\"#e\"}]") PLAIN,
    "o>e p>-", 1 },
  { ORG ("o", ",\"contained\":[{\"resourceType\":\"Endpoint\",\"id\":\"e\",\"address\":\"https://x.example\"}],\"endpoint\":[{\"reference\":\"#e\"}]") PLAIN
    "," ORG ("p", ",\"endpoint\":[{\"reference\":\"Endpoint/e\"}]") PLAIN,
    "o>e p>-", 1 },
  /* by identifier, unless two have it */
  { ORG ("o", ",\"identifier\":[{\"system\":\"s\",\"value\":\"1\"}]") PLAIN "," END ("e", ",\"managingOrganization\":{\"identifier\":{\"system\":\"s\",\"value\":\"1\"}}") PLAIN, "o>e", 0 },
  { ORG ("o", ",\"identifier\":[{\"system\":\"s\",\"value\":\"1\"}]") PLAIN "," ORG ("p", ",\"identifier\":[{\"system\":\"s\",\"value\":\"1\"}]") PLAIN
    "," END ("e", ",\"managingOrganization\":{\"identifier\":{\"system\":\"s\",\"value\":\"1\"}}") PLAIN,
    "->e o>- p>-", 1 },
  /* user-access brands */
  { ORG ("o", ",\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/organization-portal\",\"extension\":[{\"url\":\"portalName\",\"valueString\":\"P\"},"
              "{\"url\":\"portalEndpoint\",\"valueReference\":{\"reference\":\"Endpoint/e\"}}]}]") PLAIN "," END ("e", "") PLAIN,
    "o>e", 0 },
  /* many to many */
  { ORG ("o", ",\"endpoint\":[{\"reference\":\"Endpoint/e\"},{\"reference\":\"Endpoint/f\"}]") PLAIN "," ORG ("p", ",\"endpoint\":[{\"reference\":\"Endpoint/e\"}]") PLAIN
    "," END ("e", "") PLAIN "," END ("f", "") PLAIN,
    "o>e o>f p>e", 0 },
  /* an endpoint is no organisation, whatever a reference says */
  { ORG ("o", ",\"endpoint\":[{\"reference\":\"Organization/p\"}]") PLAIN "," ORG ("p", "") PLAIN, "o>- p>-", 1 },
};

static void
test_joins (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[%s]}", cases[i].entries);

      for (gsize step = 1; step < 100000; step *= 100)
        {
          g_autoptr (MwPublishedList) list = NULL;
          g_autoptr (GError) error = NULL;
          g_autofree char *pairs = read_text (text, step, &list, &error);

          g_test_message ("%s", cases[i].entries);
          g_assert_no_error (error);
          g_assert_cmpstr (pairs, ==, cases[i].pairs);
          g_assert_cmpuint (mw_published_list_get_n_problems (list, MW_PUBLISHED_DANGLING), ==, cases[i].dangling);
        }
    }
}

static const MwPublishedOrganization *seen;
static char                          *seen_text;

static void
look (const MwPublishedOrganization *organization,
      const MwEndpoint              *endpoint,
      gpointer                       user_data)
{
  seen = organization;
  seen_text = g_strdup_printf ("%s|%s|%s|%s|%s|%s|%d|%s", organization->key, organization->name, organization->aliases[0], organization->identifiers[0],
                               organization->npi, organization->address, organization->inactive, organization->part_of);
}

static void
test_fields (void)
{
  static const char text[] =
      "{\"resourceType\":\"Bundle\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"entry\":[{\"fullUrl\":\"https://a.example/Organization/o\",\"resource\":"
      "{\"resourceType\":\"Organization\",\"id\":\"o\",\"active\":false,\"name\":\"St.\\u202e Mary\",\"alias\":[\"SM\"],\"partOf\":{\"reference\":\"Organization/p\"},"
      "\"identifier\":[{\"system\":\"http://hl7.org/fhir/sid/us-npi\",\"value\":\"1234567893\"},{\"value\":\"x\"}],\"address\":[{\"city\":\"Ulm\"}]}}]}";
  g_autoptr (MwPublishedList) list = mw_published_list_new (look, NULL);
  g_autoptr (GError) error = NULL;

  mw_published_list_push (list, text, strlen (text), &error);
  mw_published_list_finish (list, &error);
  g_assert_no_error (error);
  g_assert_nonnull (seen);
  g_assert_cmpstr (seen_text, ==,
                   "https://a.example/Organization/o|St. Mary|SM|http://hl7.org/fhir/sid/us-npi|1234567893|1234567893|Ulm|1|https://a.example/Organization/p");
  g_assert_cmpstr (mw_published_list_get_timestamp (list), ==, "2026-01-01T00:00:00Z");
  g_clear_pointer (&seen_text, g_free);
}

static void
test_garbage (void)
{
  g_autofree char *deep = g_strnfill (200, '[');
  g_autofree char *deep_end = g_strnfill (200, ']');
  g_autofree char *filler = g_strnfill (2 * 1024 * 1024, 'x');
  g_autofree char *text = g_strdup_printf (
      "{\"resourceType\":\"Bundle\",\"entry\":[null,7,\"x\",[],{},{\"resource\":{}},{\"resource\":{\"resourceType\":\"Patient\"}},"
      "{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"n\"}},{\"resource\":{\"resourceType\":\"Endpoint\",\"id\":\"n\"}},"
      "{\"resource\":{\"resourceType\":\"Endpoint\",\"address\":\"mailto:a@b.example\"}},{\"resource\":{\"resourceType\":\"Organization\",\"name\":\"no id\",\"endpoint\":[7,null,{},\"\"]}}," ORG ("o", "") PLAIN "," ORG ("o", "") PLAIN
      ",{\"x\":%s%s},{\"x\":\"%s\"}," END ("e", ",\"managingOrganization\":{\"reference\":\"Organization/o\"}") PLAIN "]}",
      deep, deep_end, filler);
  g_autoptr (MwPublishedList) list = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *pairs = read_text (text, 1000, &list, &error);
  g_autofree char *report = mw_published_list_report (list);

  g_assert_no_error (error);
  g_assert_cmpstr (pairs, ==, "->(null) no id>- o>e");
  g_assert_cmpuint (mw_published_list_get_n_problems (list, MW_PUBLISHED_UNREADABLE), ==, 8);
  g_assert_cmpuint (mw_published_list_get_n_problems (list, MW_PUBLISHED_OTHER_KIND), ==, 1);
  g_assert_cmpuint (mw_published_list_get_n_problems (list, MW_PUBLISHED_NO_NAME), ==, 1);
  g_assert_cmpuint (mw_published_list_get_n_problems (list, MW_PUBLISHED_NO_ADDRESS), ==, 1);
  g_assert_cmpuint (mw_published_list_get_n_problems (list, MW_PUBLISHED_TWICE), ==, 1);
  g_assert_cmpstr (report, ==,
                   "2 organisations were read. 2 endpoints were read. 8 entries cannot be read. 1 entry is of another kind. "
                   "1 organisation has no name. 1 endpoint has no address. 1 entry is there twice.");
}

static void
test_broken (void)
{
  static const char *const broken[] = {
    "",
    "<html>",
    "{\"resourceType\":\"Bundle\",\"entry\":[" ORG ("o", "") PLAIN ",",
    "{\"resourceType\":\"Organization\",\"name\":\"o\"}",
    "{\"resourceType\":\"List\",\"entry\":[{\"item\":{\"reference\":\"Endpoint/e\"}}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *pairs = read_text (broken[i], 7, NULL, &error);

      g_assert_nonnull (error);
      g_assert_true (error->domain == MW_FHIR_ERROR);
      /* what came before a list broke off is good */
      g_assert_cmpstr (pairs, ==, strstr (broken[i], "\"Bundle\"") != NULL ? "o>-" : "");
    }
}

typedef struct
{
  guint pairs;
  guint alone;
} Count;

static void
count (const MwPublishedOrganization *organization,
       const MwEndpoint              *endpoint,
       gpointer                       user_data)
{
  Count *counted = user_data;

  if (organization != NULL && endpoint != NULL)
    counted->pairs++;
  else
    counted->alone++;
}

/* Organisations first and their endpoints after all of them: every join waits for the end of a large list */
static void
test_large (void)
{
  const guint n = 30000;
  Count       counted = { 0 };
  g_autoptr (MwPublishedList) list = mw_published_list_new (count, &counted);
  g_autoptr (GError) error = NULL;
  static const char head[] = "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[";

  g_assert_true (mw_published_list_push (list, head, strlen (head), &error));
  for (guint i = 0; i < 2 * n; i++)
    {
      g_autofree char *entry =
          i < n ? g_strdup_printf ("%s{\"fullUrl\":\"https://a.example/Organization/%u\",\"resource\":{\"resourceType\":\"Organization\",\"id\":\"%u\",\"name\":\"O %u\","
                                   "\"endpoint\":[{\"reference\":\"Endpoint/%u\"}]}}",
                                   i > 0 ? "," : "", i, i, i, n - 1 - i)
                : g_strdup_printf (",{\"fullUrl\":\"https://a.example/Endpoint/%u\",\"resource\":{\"resourceType\":\"Endpoint\",\"id\":\"%u\",\"address\":\"https://h%u.example/fhir\"}}",
                                   i - n, i - n, i);

      g_assert_true (mw_published_list_push (list, entry, strlen (entry), &error));
      if (i == n + 10)
        g_assert_cmpuint (counted.pairs, ==, 11);
    }
  g_assert_true (mw_published_list_push (list, "]}", 2, &error));
  g_assert_true (mw_published_list_finish (list, &error));
  g_assert_cmpuint (counted.pairs, ==, n);
  g_assert_cmpuint (counted.alone, ==, 0);
}

/* More than the cap is counted, not kept */
static void
test_cap (void)
{
  Count counted = { 0 };
  g_autoptr (MwPublishedList) list = mw_published_list_new (count, &counted);
  static const char head[] = "{\"resourceType\":\"Bundle\",\"entry\":[{}";

  g_assert_true (mw_published_list_push (list, head, strlen (head), NULL));
  for (guint i = 0; i < MW_PUBLISHED_MAX_RECORDS + 5; i++)
    {
      g_autofree char *entry = g_strdup_printf (",{\"resource\":{\"resourceType\":\"Endpoint\",\"id\":\"%u\",\"address\":\"x\"}}", i);

      g_assert_true (mw_published_list_push (list, entry, strlen (entry), NULL));
    }
  g_assert_true (mw_published_list_push (list, "]}", 2, NULL));
  g_assert_true (mw_published_list_finish (list, NULL));
  g_assert_cmpuint (mw_published_list_get_n_endpoints (list), ==, MW_PUBLISHED_MAX_RECORDS);
  g_assert_cmpuint (mw_published_list_get_n_problems (list, MW_PUBLISHED_TOO_MANY), ==, 5);
  g_assert_cmpuint (counted.alone, ==, MW_PUBLISHED_MAX_RECORDS);
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/published-list/joins", test_joins);
  g_test_add_func ("/fhir/published-list/fields", test_fields);
  g_test_add_func ("/fhir/published-list/garbage", test_garbage);
  g_test_add_func ("/fhir/published-list/broken", test_broken);
  g_test_add_func ("/fhir/published-list/large", test_large);
  g_test_add_func ("/fhir/published-list/cap", test_cap);
  return g_test_run ();
}
