/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-narrative.h"

#include <string.h>

static void
check (const char *xhtml,
       const char *expected)
{
  g_autoptr (MwStyledText) styled = mw_narrative_to_text (xhtml);

  g_assert_cmpstr (styled != NULL ? styled->text : NULL, ==, expected);
  for (guint i = 0; styled != NULL && i < styled->runs->len; i++)
    {
      MwStyledRun *run = &g_array_index (styled->runs, MwStyledRun, i);

      g_assert_cmpuint (run->start, <, run->end);
      g_assert_cmpuint (run->end, <=, strlen (styled->text));
    }
}

#define DIV(text) "<div xmlns=\"http://www.w3.org/1999/xhtml\">" text "</div>"

static void
test_structure (void)
{
  check (DIV ("plain"), "plain");
  check (DIV ("  a\n  b  "), "a b");
  check (DIV ("<p>one</p><p>two</p>"), "one\n\ntwo");
  check (DIV ("one<br/>two"), "one\ntwo");
  check (DIV ("<h1>Title</h1>text"), "Title\n\ntext");
  check (DIV ("<ul><li>a</li><li>b</li></ul>"), "• a\n• b");
  check (DIV ("<ol><li>a</li><li><p>b</p></li></ol>"), "1. a\n\n2. b");
  check (DIV ("<ul><li>a<ul><li>b</li></ul></li></ul>"), "• a\n    • b");
  check (DIV ("<table><tr><th>Name</th><th>Value</th></tr><tr><td>K</td><td><p>6.1</p></td></tr></table>"), "Name · Value\nK · 6.1");
  check (DIV ("<pre>a\n b</pre>"), "a\n b");
  check (DIV ("<img src=\"http://x.example/a.png\" alt=\"chest\"/> film"), "chest film");
  check (DIV ("<a href=\" javascript:alert(1)\">link</a>"), "link");
  check (DIV (""), NULL);
  check (NULL, NULL);
}

static void
test_styles (void)
{
  g_autoptr (MwStyledText) styled = mw_narrative_to_text (DIV ("x <b>bold <i>both</i></b> H<sub>2</sub>O"));
  static const MwStyledRun expected[] = {
    { 2, 7, MW_STYLE_BOLD },
    { 7, 11, MW_STYLE_BOLD | MW_STYLE_ITALIC },
    { 13, 14, MW_STYLE_SUBSCRIPT },
  };

  g_assert_cmpstr (styled->text, ==, "x bold both H2O");
  g_assert_cmpuint (styled->runs->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < styled->runs->len; i++)
    {
      MwStyledRun *run = &g_array_index (styled->runs, MwStyledRun, i);

      g_assert_cmpuint (run->start, ==, expected[i].start);
      g_assert_cmpuint (run->end, ==, expected[i].end);
      g_assert_cmpuint (run->style, ==, expected[i].style);
    }
}

static void
test_hostile (void)
{
  g_autoptr (MwStyledText) bomb = mw_narrative_to_text (
      "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
      "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]><div>&c;&x;end</div>");

  check (DIV ("a<script>alert(1)</script>b"), "ab");
  check (DIV ("a<style>p{}</style><iframe>x</iframe><object>y</object>b"), "ab");
  check ("<div><p>open <b>tags", "open tags");
  check ("<div>caf&eacute;&nbsp;x</div>", "café x");
  check (DIV ("a\xE2\x80\xAE"
              "b\xE2\x81\xA6"
              "c"),
         "abc");
  check (DIV ("a&#7;b&#x202e;c"), "abc");
  check (DIV ("<unknown onclick=\"x\">kept</unknown>"), "kept");
  check ("no markup & no end", "no markup & no end");
  if (bomb != NULL)
    {
      g_assert_cmpuint (strlen (bomb->text), <, 1000);
      g_assert_null (strstr (bomb->text, "root:"));
      g_assert_null (strstr (bomb->text, "aaaaaaaaaaaaaaaaaaaa"));
    }
}

static char *
repeat (const char *open,
        const char *middle,
        const char *close,
        guint       times)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < times; i++)
    g_string_append (text, open);
  g_string_append (text, middle);
  for (guint i = 0; i < times; i++)
    g_string_append (text, close);
  return g_string_free (text, FALSE);
}

static void
test_limits (void)
{
  g_autofree char *deep = repeat ("<b>", "x", "</b>", 100000);
  g_autofree char *deep_divs = repeat ("<div>", "x", "</div>", 100000);
  g_autofree char *closers = repeat ("<b>", "x", "</i>", 100000);
  g_autofree char *shallow = repeat ("<i>", "x", "</i>", 100);
  g_autofree char *cells = repeat ("<td>a", "x", "", 100000);
  g_autofree char *long_text = g_strnfill (MW_NARRATIVE_MAX_INPUT + 1000, 'x');
  g_autoptr (MwStyledText) first = mw_narrative_to_text (deep);
  g_autoptr (MwStyledText) second = mw_narrative_to_text (deep_divs);
  g_autoptr (MwStyledText) third = mw_narrative_to_text (closers);
  g_autoptr (MwStyledText) fourth = mw_narrative_to_text (cells);
  g_autoptr (MwStyledText) fifth = mw_narrative_to_text (long_text);

  g_assert_null (first);
  g_assert_null (second);
  g_assert_null (third);
  g_assert_true (fourth == NULL || strlen (fourth->text) <= MW_NARRATIVE_MAX_TEXT + 8);
  g_assert_nonnull (fifth);
  g_assert_cmpuint (strlen (fifth->text), <=, MW_NARRATIVE_MAX_TEXT + 8);
  check (shallow, "x");
}

static void
test_resource (void)
{
  g_autoptr (JsonNode) empty = mw_json_parse ("{\"text\":{\"status\":\"empty\",\"div\":\"<div>x</div>\"}}", -1, NULL);
  g_autoptr (JsonNode) full = mw_json_parse ("{\"text\":{\"status\":\"generated\",\"div\":\"<div>x</div>\"}}", -1, NULL);
  g_autoptr (MwStyledText) styled = mw_narrative_for_resource (full);
  g_autofree char *plain = mw_narrative_to_plain ("<div><p>a</p><p>b</p></div>", 100);

  g_assert_null (mw_narrative_for_resource (empty));
  g_assert_cmpstr (styled->text, ==, "x");
  g_assert_cmpstr (plain, ==, "a b");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/narrative/structure", test_structure);
  g_test_add_func ("/fhir/narrative/styles", test_styles);
  g_test_add_func ("/fhir/narrative/hostile", test_hostile);
  g_test_add_func ("/fhir/narrative/limits", test_limits);
  g_test_add_func ("/fhir/narrative/resource", test_resource);
  return g_test_run ();
}
