/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-match-compare.h"
#include "mw-match-decide.h"

#include <locale.h>
#include <string.h>

#define BASE "https://h.example/fhir"
#define GRADE "http://hl7.org/fhir/StructureDefinition/match-grade"
#define JONAS "\"name\":[{\"family\":\"Meyer\",\"given\":[\"Jonas\"]}],\"birthDate\":\"2016-01-05\",\"gender\":\"male\""
#define MRN(value) "\"identifier\":[{\"system\":\"http://h.example/mrn\",\"value\":\"" value "\"}]"

static JsonNode *
parse (const char *text)
{
  JsonNode *node = mw_json_parse (text, -1, NULL);

  g_assert_nonnull (node);
  return node;
}

static JsonNode *
asked_patient (void)
{
  return parse ("{\"resourceType\":\"Patient\",\"id\":\"local\"," MRN ("77") "," JONAS "}");
}

/* An entry for Patient @id with more members, graded unless @grade is NULL */
static char *
entry (const char *id,
       const char *members,
       const char *grade)
{
  g_autofree char *search = grade != NULL ? g_strdup_printf (",\"extension\":[{\"url\":\"" GRADE "\",\"valueCode\":\"%s\"}]", grade) : g_strdup ("");

  return g_strdup_printf ("{\"fullUrl\":\"" BASE "/Patient/%s\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"%s\",%s},"
                          "\"search\":{\"mode\":\"match\"%s}}",
                          id, id, members, search);
}

static MwMatchAnswer *
read_bundle (const char *more,
             char      **entries)
{
  g_autofree char *joined = g_strjoinv (",", entries);
  g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"Bundle\",\"type\":\"searchset\"%s,\"entry\":[%s]}", more, joined);
  g_autoptr (JsonNode) node = parse (text);
  MwMatchAnswer *answer = mw_match_answer_new (node, BASE, NULL);

  g_assert_nonnull (answer);
  return answer;
}

/* Takes one entry, two or none */
static MwMatchAnswer *
read_entries (const char *more,
              char       *first,
              char       *second)
{
  char          *entries[] = { first, second, NULL };
  MwMatchAnswer *answer = read_bundle (more, entries);

  g_free (first);
  g_free (second);
  return answer;
}

static MwCandidate *
candidate (MwMatchAnswer *answer,
           guint          index)
{
  g_assert_cmpuint (index, <, answer->candidates->len);
  return g_ptr_array_index (answer->candidates, index);
}

static void
test_answer (void)
{
  g_autoptr (JsonNode) node = parse (
      "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":2,\"entry\":["
      "{\"fullUrl\":\"" BASE "/Patient/7\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"7\",\"active\":false},\"search\":{\"extension\":[{\"url\":\"" GRADE "\",\"valueCode\":\"probable\"}],\"mode\":\"match\",\"score\":0.83}},"
      "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"8\",\"link\":[{\"type\":\"seealso\",\"other\":{\"reference\":\"Patient/1\"}},"
      "{\"type\":\"replaced-by\",\"other\":{\"reference\":\"Patient/7\"}}]},\"search\":{\"score\":17}},"
      "{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"1\"}},"
      "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"9\"},\"search\":{\"mode\":\"include\"}},"
      "null,7,{},"
      "{\"resource\":{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"warning\",\"diagnostics\":\"Thin input\"}]},\"search\":{\"mode\":\"outcome\"}}]}");
  g_autoptr (MwMatchAnswer) answer = mw_match_answer_new (node, BASE, NULL);

  g_assert_nonnull (answer);
  g_assert_cmpuint (answer->candidates->len, ==, 2);
  g_assert_cmpuint (answer->skipped, ==, 5);
  g_assert_cmpuint (answer->remarks->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (answer->remarks, 0), ==, "Thin input");
  g_assert_true (answer->graded);
  g_assert_true (answer->complete);
  g_assert_cmpstr (candidate (answer, 0)->reference, ==, BASE "/Patient/7");
  g_assert_cmpint (candidate (answer, 0)->grade, ==, MW_MATCH_GRADE_PROBABLE);
  g_assert_true (candidate (answer, 0)->has_score);
  g_assert_cmpfloat_with_epsilon (candidate (answer, 0)->score, 0.83, 1e-9);
  g_assert_true (candidate (answer, 0)->inactive);
  g_assert_cmpstr (candidate (answer, 1)->reference, ==, BASE "/Patient/8");
  g_assert_false (candidate (answer, 1)->has_score);
  g_assert_true (candidate (answer, 1)->replaced);
  g_assert_cmpstr (candidate (answer, 1)->replaced_by, ==, BASE "/Patient/7");
}

/* Where a candidate is: fullUrl, id, and the reference that comes of it */
static const struct
{
  const char *base, *full_url, *id, *expected;
} place_cases[] = {
  { BASE, "\"" BASE "/Patient/7\"", "\"7\"", BASE "/Patient/7" },
  { BASE, "\"" BASE "/Patient/7/_history/3\"", "\"7\"", BASE "/Patient/7" },
  { BASE, "null", "\"7\"", BASE "/Patient/7" },
  { BASE, "\"urn:uuid:0a1b\"", "\"7\"", BASE "/Patient/7" },
  { BASE, "\"" BASE "/Patient/7\"", "null", BASE "/Patient/7" },
  { BASE, "\"http://h.example/fhir/Patient/7\"", "\"7\"", BASE "/Patient/7" },
  { BASE, "\"https://h.example/r5/Patient/7\"", "\"7\"", "https://h.example/r5/Patient/7" },
  { BASE, "\"http://h.example/r5/Patient/7\"", "\"7\"", NULL },
  { BASE, "\"https://evil.example/fhir/Patient/7\"", "\"7\"", NULL },
  { BASE, "\"https://h.example:8443/fhir/Patient/7\"", "\"7\"", NULL },
  { BASE, "\"https://h.example@evil.example/fhir/Patient/7\"", "\"7\"", NULL },
  { BASE, "\"" BASE "/Patient/8\"", "\"7\"", NULL },
  { BASE, "\"" BASE "/Patient/17\"", "\"7\"", NULL },
  { BASE, "\"" BASE "/Organization/7\"", "\"7\"", NULL },
  { BASE, "\"https://h.example\"", "\"7\"", NULL },
  { BASE, "null", "\"../../x\"", NULL },
  { BASE, "\"urn:uuid:0a1b\"", "null", NULL },
};

static void
test_places (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (place_cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"Bundle\",\"entry\":[{\"fullUrl\":%s,\"resource\":{\"resourceType\":\"Patient\",\"id\":%s}}]}",
                                               place_cases[i].full_url, place_cases[i].id);
      g_autoptr (JsonNode) node = parse (text);
      g_autoptr (MwMatchAnswer) answer = mw_match_answer_new (node, place_cases[i].base, NULL);

      g_test_message ("%s %s", place_cases[i].full_url, place_cases[i].id);
      g_assert_cmpstr (candidate (answer, 0)->reference, ==, place_cases[i].expected);
    }
}

/* A grade outside entry.search may order, but makes nothing certain */
static void
test_grades (void)
{
  static const struct
  {
    const char  *entry;
    MwMatchGrade grade;
  } cases[] = {
    { "\"search\":{\"extension\":[{\"url\":\"" GRADE "\",\"valueCode\":\"certain\"}]},\"resource\":{\"resourceType\":\"Patient\",\"id\":\"1\"}", MW_MATCH_GRADE_CERTAIN },
    { "\"search\":{\"extension\":{\"url\":\"" GRADE "\",\"valueCoding\":{\"code\":\"certain\"}}},\"resource\":{\"resourceType\":\"Patient\"}", MW_MATCH_GRADE_CERTAIN },
    { "\"search\":{\"extension\":[{\"url\":\"" GRADE "\",\"valueCodeableConcept\":{\"coding\":[{\"code\":\"possible\"}]}}]},\"resource\":{\"resourceType\":\"Patient\"}", MW_MATCH_GRADE_POSSIBLE },
    { "\"search\":{\"extension\":[{\"url\":\"" GRADE "\",\"valueCode\":\"certain\"},{\"url\":\"" GRADE "\",\"valueCode\":\"possible\"}]},\"resource\":{\"resourceType\":\"Patient\"}", MW_MATCH_GRADE_POSSIBLE },
    { "\"search\":{\"extension\":[{\"url\":\"" GRADE "\",\"valueCode\":\"sure\"}]},\"resource\":{\"resourceType\":\"Patient\"}", MW_MATCH_GRADE_NONE },
    { "\"resource\":{\"resourceType\":\"Patient\",\"extension\":[{\"url\":\"" GRADE "\",\"valueCode\":\"certain\"}]}", MW_MATCH_GRADE_PROBABLE },
    { "\"resource\":{\"resourceType\":\"Patient\",\"meta\":{\"extension\":[{\"url\":\"" GRADE "\",\"valueCode\":\"certainly-not\"}]}}", MW_MATCH_GRADE_CERTAINLY_NOT },
    { "\"extension\":[{\"url\":\"" GRADE "\",\"valueCode\":\"certain\"}],\"resource\":{\"resourceType\":\"Patient\"}", MW_MATCH_GRADE_PROBABLE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"Bundle\",\"entry\":[{%s}]}", cases[i].entry);
      g_autoptr (JsonNode) node = parse (text);
      g_autoptr (MwMatchAnswer) answer = mw_match_answer_new (node, BASE, NULL);

      g_test_message ("%s", text);
      g_assert_cmpint (candidate (answer, 0)->grade, ==, cases[i].grade);
    }
}

static void
test_answer_bad (void)
{
  g_autoptr (JsonNode) outcome = parse ("{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"diagnostics\":\"Too little is known\"}]}");
  g_autoptr (JsonNode) patient = parse ("{\"resourceType\":\"Patient\"}");
  g_autoptr (JsonNode) empty = parse ("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":\"x\"}");
  g_autoptr (JsonNode) wrapped = parse ("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"return\",\"resource\":{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"1\"}}]}}]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other = NULL;
  g_autoptr (MwMatchAnswer) nobody = mw_match_answer_new (empty, BASE, NULL);
  g_autoptr (MwMatchAnswer) one = mw_match_answer_new (wrapped, BASE, NULL);

  g_assert_null (mw_match_answer_new (outcome, BASE, &error));
  g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR);
  g_assert_cmpstr (error->message, ==, "Too little is known");
  g_assert_null (mw_match_answer_new (patient, BASE, &other));
  g_assert_error (other, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR);
  g_assert_cmpuint (nobody->candidates->len, ==, 0);
  g_assert_cmpuint (one->candidates->len, ==, 1);
}

static void
test_cap (void)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (MwMatchAnswer) answer = NULL;
  g_autoptr (JsonNode) asked = asked_patient ();
  g_autoptr (GPtrArray) offered = NULL;

  for (int i = 0; i < 10000; i++)
    {
      g_autofree char *id = g_strdup_printf ("p%d", i);

      g_ptr_array_add (entries, entry (id, JONAS, "possible"));
    }
  g_ptr_array_add (entries, NULL);
  answer = read_bundle ("", (char **) entries->pdata);
  g_assert_cmpuint (answer->candidates->len, ==, MW_MATCH_MAX_ENTRIES);
  g_assert_false (answer->complete);
  offered = mw_match_offer (asked, answer);
  g_assert_cmpuint (offered->len, ==, MW_MATCH_MAX_OFFERED);
}

/* Two patients, a field, and how they compare */
static const struct
{
  MwMatchField    field;
  const char     *here, *there;
  MwMatchLikeness likeness;
} compare_cases[] = {
  { MW_MATCH_FIELD_FAMILY, "\"name\":[{\"family\":\"Müller\"}]", "\"name\":[{\"family\":\"MUELLER\"}]", MW_MATCH_SAME },
  { MW_MATCH_FIELD_FAMILY, "\"name\":[{\"family\":\"Meyer\"}]", "\"name\":[{\"family\":\"Meier\"}]", MW_MATCH_DIFFERENT },
  { MW_MATCH_FIELD_FAMILY, "\"name\":[{\"family\":\"Smith\"}]", "\"name\":[{\"family\":\"Smith-Jones\"}]", MW_MATCH_SIMILAR },
  { MW_MATCH_FIELD_FAMILY, "\"name\":[{\"family\":\"Smith\"}]", "\"name\":[{\"use\":\"maiden\",\"family\":\"Smith\"},{\"family\":\"Jones\"}]", MW_MATCH_SIMILAR },
  { MW_MATCH_FIELD_FAMILY, "\"name\":[{\"family\":\"Smith\"}]", "\"name\":[{\"use\":\"old\",\"family\":\"Jones\"},{\"family\":\"Smith\"}]", MW_MATCH_SAME },
  { MW_MATCH_FIELD_FAMILY, "\"name\":[{\"family\":\"Smith\"}]", "\"name\":[{\"text\":\"Jane Smith\"}]", MW_MATCH_SIMILAR },
  { MW_MATCH_FIELD_FAMILY, "\"name\":[{\"text\":\"Jane Smith\"}]", "\"name\":[{\"family\":\"Jones\"}]", MW_MATCH_ONLY_THERE },
  { MW_MATCH_FIELD_FAMILY, "\"name\":[{\"family\":\"Smith\"}]", "\"name\":[null,7,{\"family\":{}}]", MW_MATCH_ONLY_HERE },
  { MW_MATCH_FIELD_FAMILY, "\"name\":[{\"family\":\"-\"}]", "\"name\":[{\"family\":\"-\"}]", MW_MATCH_DIFFERENT },
  { MW_MATCH_FIELD_FAMILY, "\"a\":1", "\"a\":1", MW_MATCH_UNKNOWN },
  { MW_MATCH_FIELD_GIVEN, "\"name\":[{\"given\":[\"Anna\",\"Maria\"]}]", "\"name\":[{\"given\":[\"maria anna\"]}]", MW_MATCH_SAME },
  { MW_MATCH_FIELD_GIVEN, "\"name\":[{\"given\":[\"Anna\",\"Maria\"]}]", "\"name\":[{\"given\":[\"Anna\"]}]", MW_MATCH_SIMILAR },
  { MW_MATCH_FIELD_GIVEN, "\"name\":[{\"given\":[\"Anna\",\"M.\"]}]", "\"name\":[{\"given\":[\"Anna\",\"Maria\"]}]", MW_MATCH_SIMILAR },
  { MW_MATCH_FIELD_GIVEN, "\"name\":[{\"given\":[\"Lena\"]}]", "\"name\":[{\"given\":[\"Lea\"]}]", MW_MATCH_DIFFERENT },
  { MW_MATCH_FIELD_BIRTH_DATE, "\"birthDate\":\"2016-01-05\"", "\"birthDate\":\"2016-01-05\"", MW_MATCH_SAME },
  { MW_MATCH_FIELD_BIRTH_DATE, "\"birthDate\":\"2016-01-05\"", "\"birthDate\":\"2016-05-01\"", MW_MATCH_DIFFERENT },
  { MW_MATCH_FIELD_BIRTH_DATE, "\"birthDate\":\"2016-01-05\"", "\"birthDate\":\"2016\"", MW_MATCH_SIMILAR },
  { MW_MATCH_FIELD_BIRTH_DATE, "\"birthDate\":\"2016-01-05\"", "\"birthDate\":\"2016-02\"", MW_MATCH_DIFFERENT },
  { MW_MATCH_FIELD_BIRTH_DATE, "\"birthDate\":\"2016\"", "\"birthDate\":\"2016\"", MW_MATCH_SIMILAR },
  { MW_MATCH_FIELD_BIRTH_DATE, "\"birthDate\":\"2016-01-05\"", "\"birthDate\":\"05/01/2016\"", MW_MATCH_ONLY_HERE },
  { MW_MATCH_FIELD_GENDER, "\"gender\":\"male\"", "\"gender\":\"male\"", MW_MATCH_SAME },
  { MW_MATCH_FIELD_GENDER, "\"gender\":\"male\"", "\"gender\":\"female\"", MW_MATCH_DIFFERENT },
  { MW_MATCH_FIELD_GENDER, "\"gender\":\"unknown\"", "\"gender\":\"female\"", MW_MATCH_ONLY_THERE },
  { MW_MATCH_FIELD_IDENTIFIER, MRN ("1"), MRN ("1"), MW_MATCH_SAME },
  { MW_MATCH_FIELD_IDENTIFIER, MRN ("1"), MRN ("2"), MW_MATCH_DIFFERENT },
  { MW_MATCH_FIELD_IDENTIFIER, MRN ("12-34 A"), MRN ("1234a"), MW_MATCH_SIMILAR },
  { MW_MATCH_FIELD_IDENTIFIER, MRN ("1"), "\"identifier\":[{\"system\":\"http://other\",\"value\":\"1\"}]", MW_MATCH_ONLY_THERE },
  { MW_MATCH_FIELD_IDENTIFIER, "\"identifier\":[{\"value\":\"1\"}]", "\"identifier\":[{\"value\":\"1\"}]", MW_MATCH_SIMILAR },
  { MW_MATCH_FIELD_IDENTIFIER, "\"identifier\":[{\"system\":\"a\",\"value\":\"1\"},{\"system\":\"b\",\"value\":\"1\"}]",
    "\"identifier\":[{\"system\":\"a\",\"value\":\"1\"},{\"system\":\"b\",\"value\":\"2\"}]", MW_MATCH_DIFFERENT },
  { MW_MATCH_FIELD_IDENTIFIER, "\"identifier\":[{\"system\":\"a\",\"value\":\"1\"}]",
    "\"identifier\":[{\"system\":\"a\",\"value\":\"0\"},{\"system\":\"a\",\"value\":\"1\"}]", MW_MATCH_SAME },
  { MW_MATCH_FIELD_PHONE, "\"telecom\":[{\"system\":\"phone\",\"value\":\"+1 (555) 010-0100\"}]", "\"telecom\":[{\"system\":\"sms\",\"value\":\"15550100100\"}]", MW_MATCH_SAME },
  { MW_MATCH_FIELD_PHONE, "\"telecom\":[{\"system\":\"phone\",\"value\":\"+49 170 1234567\"}]", "\"telecom\":[{\"system\":\"phone\",\"value\":\"0170 1234567\"}]", MW_MATCH_SIMILAR },
  { MW_MATCH_FIELD_PHONE, "\"telecom\":[{\"system\":\"phone\",\"value\":\"170 1234567\"}]", "\"telecom\":[{\"system\":\"phone\",\"value\":\"567\"}]", MW_MATCH_DIFFERENT },
  { MW_MATCH_FIELD_PHONE, "\"telecom\":[{\"system\":\"phone\",\"value\":\"x\"}]", "\"telecom\":[{\"system\":\"phone\",\"value\":\"y\"}]", MW_MATCH_DIFFERENT },
  { MW_MATCH_FIELD_EMAIL, "\"telecom\":[{\"system\":\"email\",\"value\":\"A@x.example\"}]", "\"telecom\":[{\"system\":\"email\",\"value\":\"a@X.example\"}]", MW_MATCH_SAME },
  { MW_MATCH_FIELD_ADDRESS, "\"address\":[{\"line\":[\"Weg 1\"],\"city\":\"Ulm\",\"postalCode\":\"89073\"}]", "\"address\":[{\"line\":[\"WEG 1\"],\"city\":\"Ulm\"}]", MW_MATCH_SAME },
  { MW_MATCH_FIELD_ADDRESS, "\"address\":[{\"line\":[\"Weg 1\"],\"city\":\"Ulm\"}]", "\"address\":[{\"line\":[\"Weg 2\"],\"city\":\"Ulm\"}]", MW_MATCH_SIMILAR },
  { MW_MATCH_FIELD_ADDRESS, "\"address\":[{\"line\":[\"Weg 1\"],\"city\":\"Ulm\"}]", "\"address\":[{\"line\":[\"Weg 1\"],\"city\":\"Bonn\"}]", MW_MATCH_DIFFERENT },
};

static MwMatchLikeness
turned (MwMatchLikeness likeness)
{
  if (likeness == MW_MATCH_ONLY_HERE)
    return MW_MATCH_ONLY_THERE;
  return likeness == MW_MATCH_ONLY_THERE ? MW_MATCH_ONLY_HERE : likeness;
}

static void
test_compare (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (compare_cases); i++)
    {
      g_autofree char *a = g_strdup_printf ("{\"resourceType\":\"Patient\",%s}", compare_cases[i].here);
      g_autofree char *b = g_strdup_printf ("{\"resourceType\":\"Patient\",%s}", compare_cases[i].there);
      g_autoptr (JsonNode) here = parse (a);
      g_autoptr (JsonNode) there = parse (b);

      g_test_message ("%s | %s", a, b);
      g_assert_cmpint (mw_match_compare_field (here, there, compare_cases[i].field), ==, compare_cases[i].likeness);
      if (strstr (b, "http://other") == NULL)
        g_assert_cmpint (mw_match_compare_field (there, here, compare_cases[i].field), ==, turned (compare_cases[i].likeness));
    }
}

static void
check_line (GPtrArray      *lines,
            guint           index,
            const char     *label,
            const char     *here,
            const char     *there,
            MwMatchLikeness likeness)
{
  const MwMatchDifference *line;

  g_assert_cmpuint (index, <, lines->len);
  line = g_ptr_array_index (lines, index);
  g_assert_cmpstr (line->label, ==, label);
  g_assert_cmpstr (line->here, ==, here);
  g_assert_cmpstr (line->there, ==, there);
  g_assert_cmpint (line->likeness, ==, likeness);
}

static void
test_lines (void)
{
  g_autoptr (JsonNode) here = parse ("{\"resourceType\":\"Patient\",\"identifier\":[{\"type\":{\"coding\":[{\"code\":\"MR\"}]},\"system\":\"http://h.example/mrn\",\"value\":\"77\"},"
                                     "{\"system\":\"urn:ietf:rfc:3986\",\"value\":\"urn:uuid:1\"}]," JONAS "}");
  g_autoptr (JsonNode) there = parse ("{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":\"http://h.example/mrn\",\"value\":\"78\"},{\"value\":\"5\"}],"
                                      "\"name\":[{\"family\":\"Me\\u202eyer\",\"given\":[\"J.\"]}],\"birthDate\":\"2016\","
                                      "\"address\":[{\"city\":\"Ulm\"}],\"telecom\":[{\"system\":\"phone\",\"value\":\"1\"}]}");
  g_autoptr (GPtrArray) lines = mw_match_compare (here, there);
  g_autoptr (GPtrArray) nothing = mw_match_compare (NULL, NULL);

  check_line (lines, 0, "Family name", "Meyer", "Meyer", MW_MATCH_SAME);
  check_line (lines, 1, "Given names", "Jonas", "J.", MW_MATCH_SIMILAR);
  check_line (lines, 2, "Birth date", "5 January 2016", "2016", MW_MATCH_SIMILAR);
  check_line (lines, 3, "Gender", "Male", NULL, MW_MATCH_ONLY_HERE);
  check_line (lines, 4, "Record number", "77", "78", MW_MATCH_DIFFERENT);
  check_line (lines, 5, "Number", NULL, "5", MW_MATCH_ONLY_THERE);
  check_line (lines, 6, "Telephone", NULL, "1", MW_MATCH_ONLY_THERE);
  check_line (lines, 7, "Address", NULL, "Ulm", MW_MATCH_ONLY_THERE);
  g_assert_cmpuint (lines->len, ==, 8);
  g_assert_cmpuint (nothing->len, ==, 0);
}

static void
check_verdict (MwMatchAnswer *answer,
               MwMatchVerdict expected,
               const char    *chosen_tail,
               const char    *why_part,
               guint          n_offered)
{
  g_autoptr (JsonNode) asked = asked_patient ();
  g_autoptr (GPtrArray) offered = mw_match_offer (asked, answer);
  g_autofree char *why = NULL;
  MwCandidate     *chosen = NULL;

  g_assert_cmpint (mw_match_decide (asked, answer, &chosen, &why), ==, expected);
  g_assert_cmpuint (offered->len, ==, n_offered);
  g_assert_true ((chosen != NULL) == (expected == MW_MATCH_TAKEN));
  g_assert_true ((why != NULL) == (expected == MW_MATCH_ASK));
  if (chosen_tail != NULL)
    g_assert_true (g_str_has_suffix (chosen->reference, chosen_tail));
  if (why_part != NULL)
    g_assert_nonnull (strstr (why, why_part));
  mw_match_answer_free (answer);
}

static void
test_decide_graded (void)
{
  static const char other_day[] = "\"name\":[{\"family\":\"Meyer\",\"given\":[\"Jonas\"]}],\"birthDate\":\"2016-01-06\"";
  static const char twin[] = "\"name\":[{\"family\":\"Meyer\",\"given\":[\"Jakob\"]}],\"birthDate\":\"2016-01-05\"";
  static const char girl[] = "\"name\":[{\"family\":\"Meyer\"}],\"birthDate\":\"2016-01-05\",\"gender\":\"female\"";

  check_verdict (read_entries ("", NULL, NULL), MW_MATCH_NOBODY, NULL, NULL, 0);
  check_verdict (read_entries ("", entry ("1", JONAS, "certain"), NULL), MW_MATCH_TAKEN, "/1", NULL, 1);
  check_verdict (read_entries ("", entry ("2", other_day, "probable"), entry ("1", JONAS, "certain")), MW_MATCH_TAKEN, "/1", NULL, 2);
  check_verdict (read_entries ("", entry ("1", JONAS, "certain"), entry ("1", JONAS, "certain")), MW_MATCH_TAKEN, "/1", NULL, 1);
  check_verdict (read_entries ("", entry ("1", JONAS, "certain"), entry ("2", twin, "certain")), MW_MATCH_ASK, NULL, "more than one", 2);
  check_verdict (read_entries ("", entry ("1", JONAS, "certain"), entry ("2", JONAS, "possible")), MW_MATCH_ASK, NULL, "this name and this birth date", 2);
  check_verdict (read_entries ("", entry ("1", JONAS, "certain"), entry ("2", JONAS, "certainly-not")), MW_MATCH_TAKEN, "/1", NULL, 1);
  check_verdict (read_entries ("", entry ("1", JONAS, "certain"), entry ("1", JONAS, "probable")), MW_MATCH_ASK, NULL, "not certain", 1);
  check_verdict (read_entries ("", entry ("1", JONAS, "probable"), NULL), MW_MATCH_ASK, NULL, "not certain", 1);
  check_verdict (read_entries ("", entry ("1", other_day, "certain"), NULL), MW_MATCH_ASK, NULL, "birth date", 1);
  check_verdict (read_entries ("", entry ("1", "\"name\":[{\"family\":\"Meyer\"}],\"birthDate\":\"2016\"", "certain"), NULL), MW_MATCH_ASK, NULL, "birth date", 1);
  check_verdict (read_entries ("", entry ("1", "\"name\":[{\"family\":\"Meier\"}],\"birthDate\":\"2016-01-05\"", "certain"), NULL), MW_MATCH_ASK, NULL, "family name", 1);
  check_verdict (read_entries ("", entry ("1", twin, "certain"), NULL), MW_MATCH_ASK, NULL, "given name", 1);
  check_verdict (read_entries ("", entry ("1", girl, "certain"), NULL), MW_MATCH_ASK, NULL, "gender", 1);
  check_verdict (read_entries ("", entry ("1", JONAS "," MRN ("78"), "certain"), NULL), MW_MATCH_ASK, NULL, "number", 1);
  check_verdict (read_entries ("", entry ("1", JONAS, "certainly-not"), NULL), MW_MATCH_NOBODY, NULL, NULL, 0);
  check_verdict (read_entries ("", entry ("1", JONAS ",\"active\":false", "certain"), NULL), MW_MATCH_ASK, NULL, "no longer", 1);
  check_verdict (read_entries (",\"link\":[{\"relation\":\"next\",\"url\":\"" BASE "?p=2\"}]", entry ("1", JONAS, "certain"), NULL), MW_MATCH_ASK, NULL, "more patients", 1);
  check_verdict (read_entries (",\"total\":12", entry ("1", JONAS, "certain"), NULL), MW_MATCH_ASK, NULL, "more patients", 1);
}

static void
test_decide_replaced (void)
{
  static const char gone[] = JONAS ",\"link\":[{\"type\":\"replaced-by\",\"other\":{\"reference\":\"Patient/2\"}}]";
  static const char circle[] = JONAS ",\"link\":[{\"type\":\"replaced-by\",\"other\":{\"reference\":\"Patient/1\"}}]";

  /* the record that took over is there too: the old one is nobody */
  check_verdict (read_entries ("", entry ("1", gone, "certain"), entry ("2", JONAS, "certain")), MW_MATCH_TAKEN, "/2", NULL, 1);
  check_verdict (read_entries ("", entry ("1", gone, "certain"), NULL), MW_MATCH_ASK, NULL, "replaces it", 1);
  /* two that replace each other do not both vanish */
  check_verdict (read_entries ("", entry ("1", gone, "certain"), entry ("2", circle, "possible")), MW_MATCH_ASK, NULL, "replaces it", 2);
}

static void
test_decide_plain (void)
{
  static const char other[] = "\"name\":[{\"family\":\"Schmidt\",\"given\":[\"Ada\"]}],\"birthDate\":\"1950-03-03\"";
  g_autoptr (GPtrArray) everybody = g_ptr_array_new_with_free_func (g_free);

  check_verdict (read_entries ("", entry ("1", JONAS "," MRN ("77"), NULL), NULL), MW_MATCH_TAKEN, "/1", NULL, 1);
  check_verdict (read_entries ("", entry ("1", JONAS, NULL), NULL), MW_MATCH_ASK, NULL, "no number", 1);
  check_verdict (read_entries ("", entry ("1", "\"birthDate\":\"2016-01-05\"," MRN ("77"), NULL), NULL), MW_MATCH_ASK, NULL, "family name", 1);
  check_verdict (read_entries ("", entry ("1", JONAS "," MRN ("77"), NULL), entry ("2", JONAS, NULL)), MW_MATCH_ASK, NULL, "More than one", 2);
  check_verdict (read_entries ("", entry ("1", other, NULL), NULL), MW_MATCH_NOBODY, NULL, NULL, 0);

  /* a server that ignores what it was asked: nobody is taken, and only who could be meant is offered */
  for (int i = 0; i < 500; i++)
    {
      g_autofree char *id = g_strdup_printf ("o%d", i);

      g_ptr_array_add (everybody, entry (id, other, NULL));
    }
  g_ptr_array_add (everybody, entry ("1", JONAS "," MRN ("77"), NULL));
  g_ptr_array_add (everybody, NULL);
  check_verdict (read_bundle ("", (char **) everybody->pdata), MW_MATCH_ASK, NULL, "More than one", 1);
}

/* The likeliest stands first */
static void
test_order (void)
{
  g_autoptr (JsonNode) asked = asked_patient ();
  g_auto (GStrv) entries = g_new0 (char *, 5);
  g_autoptr (MwMatchAnswer) answer = NULL;
  g_autoptr (GPtrArray) offered = NULL;
  static const char *const order[] = { "/1", "/4", "/2", "/3" };

  entries[0] = entry ("3", "\"name\":[{\"family\":\"Meyer\"}]", NULL);
  entries[1] = entry ("2", JONAS, NULL);
  entries[2] = entry ("4", "\"name\":[{\"family\":\"X\"}]", "probable");
  entries[3] = entry ("1", JONAS, "certain");
  answer = read_bundle ("", entries);
  offered = mw_match_offer (asked, answer);
  g_assert_cmpuint (offered->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_true (g_str_has_suffix (((MwCandidate *) g_ptr_array_index (offered, i))->reference, order[i]));
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/match/answer", test_answer);
  g_test_add_func ("/fhir/match/places", test_places);
  g_test_add_func ("/fhir/match/grades", test_grades);
  g_test_add_func ("/fhir/match/answer-bad", test_answer_bad);
  g_test_add_func ("/fhir/match/cap", test_cap);
  g_test_add_func ("/fhir/match/compare", test_compare);
  g_test_add_func ("/fhir/match/lines", test_lines);
  g_test_add_func ("/fhir/match/decide-graded", test_decide_graded);
  g_test_add_func ("/fhir/match/decide-replaced", test_decide_replaced);
  g_test_add_func ("/fhir/match/decide-plain", test_decide_plain);
  g_test_add_func ("/fhir/match/order", test_order);
  return g_test_run ();
}
