/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-bundle-reader.h"

#include <string.h>

/* Escapes, brackets in strings, an entry before and after everything else, an "entry" that is none */
static const char sample[] =
    "\xEF\xBB\xBF \n{\"resourceType\":\"Bundle\",\"x\":{\"entry\":[{\"no\":1}]},\"entry\" : [ {\"a\":\"}]\\\"{\"} ,\n"
    "{\"b\":[1,{\"c\":\"\\\\\"}]}, null ,{\"d\":1.50}\t] , \"total\":3,\"y\":\"entry\",\"link\":[{\"relation\":\"next\",\"url\":\"u\"}]} \n";

typedef struct
{
  GPtrArray *texts;
  guint      bad;
  gsize      bytes;
} Seen;

static void
entry_cb (MwBundleReader *reader,
          GBytes         *entry,
          const GError   *error,
          gpointer        user_data)
{
  Seen       *seen = user_data;
  gsize       length;
  const char *data = g_bytes_get_data (entry, &length);

  seen->bytes += length;
  if (error != NULL)
    seen->bad++;
  if (seen->texts != NULL)
    g_ptr_array_add (seen->texts, g_strndup (data, length));
}

static void
check_sample (gsize split,
              gsize step)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  Seen seen = { texts, 0, 0 };
  g_autoptr (MwBundleReader) reader = mw_bundle_reader_new (entry_cb, &seen);
  g_autoptr (GError) error = NULL;
  gsize     length = strlen (sample);
  JsonNode *rest;

  if (step == 0)
    {
      g_assert_true (mw_bundle_reader_push (reader, sample, split, &error));
      g_assert_true (mw_bundle_reader_push (reader, sample + split, length - split, &error));
    }
  else
    for (gsize i = 0; i < length; i += step)
      g_assert_true (mw_bundle_reader_push (reader, sample + i, MIN (step, length - i), &error));
  g_assert_true (mw_bundle_reader_finish (reader, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (texts->len, ==, 4);
  g_assert_cmpuint (seen.bad, ==, 1);
  g_assert_cmpuint (mw_bundle_reader_get_n_entries (reader), ==, 4);
  g_assert_cmpstr (texts->pdata[0], ==, "{\"a\":\"}]\\\"{\"}");
  g_assert_cmpstr (texts->pdata[1], ==, "{\"b\":[1,{\"c\":\"\\\\\"}]}");
  g_assert_cmpstr (texts->pdata[3], ==, "{\"d\":1.50}");
  rest = mw_bundle_reader_get_rest (reader);
  g_assert_cmpint (mw_json_integer (rest, "total", 0), ==, 3);
  g_assert_cmpuint (mw_json_length (rest, "entry"), ==, 0);
  g_assert_cmpint (mw_json_integer (rest, "x.entry.no", 0), ==, 1);
  g_assert_cmpstr (mw_json_string (rest, "link.url"), ==, "u");
}

static void
test_splits (void)
{
  for (gsize i = 0; i <= strlen (sample); i++)
    check_sample (i, 0);
  for (gsize step = 1; step < 9; step++)
    check_sample (0, step);
}

static gboolean
read_text (const char *text,
           Seen       *seen,
           JsonNode  **rest,
           GError    **error)
{
  g_autoptr (MwBundleReader) reader = mw_bundle_reader_new (entry_cb, seen);
  gboolean done;

  if (!mw_bundle_reader_push (reader, text, strlen (text), error))
    {
      g_assert_false (mw_bundle_reader_finish (reader, NULL));
      return FALSE;
    }
  done = mw_bundle_reader_finish (reader, error);
  if (rest != NULL && mw_bundle_reader_get_rest (reader) != NULL)
    *rest = json_node_ref (mw_bundle_reader_get_rest (reader));
  return done;
}

static void
test_other_roots (void)
{
  Seen seen = { NULL, 0, 0 };
  g_autoptr (JsonNode) outcome = NULL;
  g_autoptr (JsonNode) list = NULL;
  g_autoptr (JsonNode) lone = NULL;

  g_assert_true (read_text ("{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"code\":\"x\"}]}", &seen, &outcome, NULL));
  g_assert_cmpstr (mw_json_string (outcome, "issue.code"), ==, "x");
  g_assert_true (read_text ("{\"resourceType\":\"List\",\"entry\":[{\"item\":{\"display\":\"d\"}}]}", &seen, &list, NULL));
  g_assert_cmpstr (mw_json_string (list, "entry.item.display"), ==, "d");
  g_assert_cmpuint (seen.bytes, ==, 0);
  g_assert_true (read_text ("{\"entry\":{\"a\":{}},\"resourceType\":\"Bundle\"}", &seen, &lone, NULL));
  g_assert_cmpuint (seen.bytes, ==, strlen ("{\"a\":{}}"));
  g_assert_cmpstr (mw_resource_type (lone), ==, "Bundle");
}

static void
test_errors (void)
{
  static const struct
  {
    const char *text;
    int         code;
  } cases[] = {
    { "", MW_FHIR_ERROR_SYNTAX },
    { "  ", MW_FHIR_ERROR_SYNTAX },
    { "[]", MW_FHIR_ERROR_NOT_FHIR },
    { "<html>", MW_FHIR_ERROR_NOT_FHIR },
    { "{\"entry\":[{\"a\":1}", MW_FHIR_ERROR_SYNTAX },
    { "{\"entry\":[{\"a\":\"", MW_FHIR_ERROR_SYNTAX },
    { "{\"entry\":[}", MW_FHIR_ERROR_SYNTAX },
    { "{\"entry\":[]}}", MW_FHIR_ERROR_SYNTAX },
    { "{\"entry\":[]}{}", MW_FHIR_ERROR_SYNTAX },
    { "{\"a\":}", MW_FHIR_ERROR_SYNTAX },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      Seen seen = { NULL, 0, 0 };

      g_assert_false (read_text (cases[i].text, &seen, NULL, &error));
      g_assert_error (error, MW_FHIR_ERROR, cases[i].code);
    }
}

static void
test_deep_neighbour (void)
{
  g_autoptr (GString) text = g_string_new ("{\"entry\":[{\"a\":");
  Seen seen = { NULL, 0, 0 };

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (text, '[');
  for (guint i = 0; i < 100000; i++)
    g_string_append_c (text, ']');
  g_string_append (text, "},{\"b\":1}]}");
  g_assert_true (read_text (text->str, &seen, NULL, NULL));
  g_assert_cmpuint (seen.bad, ==, 1);
  g_assert_cmpuint (seen.bytes, >=, strlen ("{\"b\":1}"));
  g_assert_cmpuint (seen.bytes, <=, 64 * 1024 + strlen ("{\"b\":1}"));
}

static void
push_many (MwBundleReader *reader,
           const char     *text,
           guint           times)
{
  for (guint i = 0; i < times; i++)
    g_assert_true (mw_bundle_reader_push (reader, text, strlen (text), NULL));
}

static void
test_large_entry (void)
{
  Seen seen = { NULL, 0, 0 };
  g_autoptr (MwBundleReader) reader = mw_bundle_reader_new (entry_cb, &seen);
  g_autofree char *block = g_strnfill (1024 * 1024, 'x');

  push_many (reader, "{\"entry\":[{\"data\":\"", 1);
  push_many (reader, block, 40);
  push_many (reader, "\"},{\"b\":1}]}", 1);
  g_assert_true (mw_bundle_reader_finish (reader, NULL));
  g_assert_cmpuint (seen.bad, ==, 1);
  g_assert_cmpuint (seen.bytes, ==, 64 * 1024 + strlen ("{\"b\":1}"));
}

static void
test_large_rest (void)
{
  Seen seen = { NULL, 0, 0 };
  g_autoptr (MwBundleReader) reader = mw_bundle_reader_new (entry_cb, &seen);
  g_autofree char *block = g_strnfill (5 * 1024 * 1024, 'x');
  g_autoptr (GError) error = NULL;

  push_many (reader, "{\"x\":\"", 1);
  g_assert_false (mw_bundle_reader_push (reader, block, strlen (block), &error));
  g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_TOO_LARGE);
}

static gsize
resident_kilobytes (void)
{
  g_autofree char *text = NULL;
  const char      *at;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return 0;
  at = strstr (text, "VmHWM:");
  return at != NULL ? (gsize) g_ascii_strtoull (at + 6, NULL, 10) : 0;
}

static void
test_many_entries (void)
{
  Seen seen = { NULL, 0, 0 };
  g_autoptr (MwBundleReader) reader = mw_bundle_reader_new (entry_cb, &seen);
  g_autofree char    *body = g_strnfill (4000, 'y');
  g_autofree char    *entry = g_strdup_printf ("{\"resource\":{\"text\":\"%s\"}},", body);
  G_GNUC_UNUSED gsize before = resident_kilobytes ();

  push_many (reader, "{\"resourceType\":\"Bundle\",\"entry\":[", 1);
  push_many (reader, entry, 50000);
  push_many (reader, "{}]}", 1);
  g_assert_true (mw_bundle_reader_finish (reader, NULL));
  g_assert_cmpuint (mw_bundle_reader_get_n_entries (reader), ==, 50001);
  g_assert_cmpuint (seen.bytes, >, 200 * 1000 * 1000);
  /* 200 MB went through; the sanitizer keeps freed memory, so its figure says nothing */
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpuint (resident_kilobytes () - before, <, 8 * 1024);
#endif
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/bundle-reader/many-entries", test_many_entries);
  g_test_add_func ("/fhir/bundle-reader/splits", test_splits);
  g_test_add_func ("/fhir/bundle-reader/other-roots", test_other_roots);
  g_test_add_func ("/fhir/bundle-reader/errors", test_errors);
  g_test_add_func ("/fhir/bundle-reader/deep-neighbour", test_deep_neighbour);
  g_test_add_func ("/fhir/bundle-reader/large-entry", test_large_entry);
  g_test_add_func ("/fhir/bundle-reader/large-rest", test_large_rest);
  return g_test_run ();
}
