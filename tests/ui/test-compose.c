/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-autosave.h"
#include "mw-compose-rules.h"
#include "mw-trend.h"
#include "mw-when.h"

#define MS G_TIME_SPAN_MILLISECOND

/* ---- autosave ---- */

static void
test_pause (void)
{
  MwAutosave save = { 0 };

  g_assert_cmpint (mw_autosave_wait (&save, 0), ==, MW_AUTOSAVE_NEVER);
  mw_autosave_touch (&save, 1000 * MS);
  g_assert_cmpint (mw_autosave_wait (&save, 1000 * MS), ==, 700 * MS);
  mw_autosave_touch (&save, 1500 * MS);
  g_assert_cmpint (mw_autosave_wait (&save, 1700 * MS), ==, 500 * MS);
  g_assert_cmpint (mw_autosave_wait (&save, 9000 * MS), ==, 0);
}

/* Somebody who never pauses still has her text on disk after some seconds */
static void
test_no_pause (void)
{
  MwAutosave save = { 0 };
  gint64     now = 0;

  for (; now <= 4900 * MS; now += 100 * MS)
    mw_autosave_touch (&save, now);
  g_assert_cmpint (mw_autosave_wait (&save, now), ==, MAX (0, MW_AUTOSAVE_LONGEST - now));
  g_assert_cmpint (mw_autosave_wait (&save, 5000 * MS), ==, 0);
}

static void
test_change_while_writing (void)
{
  MwAutosave save = { 0 };

  mw_autosave_touch (&save, 0);
  g_assert_true (mw_autosave_begin (&save));
  g_assert_false (mw_autosave_begin (&save));
  mw_autosave_touch (&save, 100 * MS);
  g_assert_cmpint (mw_autosave_wait (&save, 9000 * MS), ==, MW_AUTOSAVE_NEVER);
  mw_autosave_end (&save, TRUE, 200 * MS);
  g_assert_true (mw_autosave_is_dirty (&save));
  g_assert_cmpint (mw_autosave_wait (&save, 200 * MS), ==, 600 * MS);
  g_assert_true (mw_autosave_begin (&save));
  mw_autosave_end (&save, TRUE, 900 * MS);
  g_assert_false (mw_autosave_is_dirty (&save));
}

static void
test_failed_write (void)
{
  MwAutosave save = { 0 };

  mw_autosave_touch (&save, 0);
  g_assert_true (mw_autosave_begin (&save));
  mw_autosave_end (&save, FALSE, 1000 * MS);
  g_assert_true (mw_autosave_is_dirty (&save));
  g_assert_cmpint (mw_autosave_wait (&save, 1000 * MS), ==, MW_AUTOSAVE_RETRY);
  g_assert_true (mw_autosave_begin (&save));
  mw_autosave_end (&save, TRUE, 2000 * MS);
  g_assert_cmpint (mw_autosave_wait (&save, 2000 * MS), ==, MW_AUTOSAVE_NEVER);
}

/* ---- rules ---- */

static MwDraft *
full_draft (const char *kind)
{
  MwDraft *draft = mw_draft_new (kind);

  draft->patient = g_strdup ("https://home.example/fhir/Patient/1");
  draft->patient_name = g_strdup ("Ada Meyer");
  draft->to = g_strdup ("https://home.example/fhir/Organization/1");
  draft->to_name = g_strdup ("St. Mary's");
  draft->subject = g_strdup ("A subject");
  draft->note = g_strdup ("A note");
  draft->service = g_strdup ("Cardiology");
  draft->reason = g_strdup ("Chest pain");
  draft->urgency = g_strdup ("asap");
  draft->by = g_strdup ("2026-12-01");
  mw_draft_add_about (draft, "Lab results");
  mw_draft_add_resource (draft, "https://home.example/fhir/Condition/1");
  return draft;
}

static void
assert_problem (const MwDraft *draft,
                guint          n_files,
                MwComposeField expected)
{
  MwComposeField field = MW_FIELD_NOTE | MW_FIELD_TO;
  const char    *sentence = mw_compose_problem (draft, n_files, &field);

  g_assert_cmpint (field, ==, expected);
  g_assert_true ((sentence == NULL) == (expected == 0));
}

static void
test_complete (void)
{
  for (guint i = 0; mw_compose_kinds ()[i] != NULL; i++)
    {
      g_autoptr (MwDraft) draft = full_draft (mw_compose_kinds ()[i]);

      assert_problem (draft, 0, 0);
    }
}

static void
test_missing_patient (void)
{
  static const char *const need[] = { MW_KIND_PUSH, MW_KIND_ASK, MW_KIND_REFERRAL };
  static const char *const can_do_without[] = { MW_KIND_MESSAGE, MW_KIND_ALERT };

  for (guint i = 0; i < G_N_ELEMENTS (need); i++)
    {
      g_autoptr (MwDraft) draft = full_draft (need[i]);

      /* a name that was typed and not chosen says nothing about who is meant */
      g_clear_pointer (&draft->patient, g_free);
      assert_problem (draft, 0, MW_FIELD_PATIENT);
    }
  for (guint i = 0; i < G_N_ELEMENTS (can_do_without); i++)
    {
      g_autoptr (MwDraft) draft = full_draft (can_do_without[i]);

      g_clear_pointer (&draft->patient, g_free);
      assert_problem (draft, 0, 0);
    }
}

static void
test_recipient (void)
{
  g_autoptr (MwDraft) draft = full_draft (MW_KIND_MESSAGE);

  /* a name alone will do: where to find it is looked up later */
  g_clear_pointer (&draft->to, g_free);
  assert_problem (draft, 0, 0);
  g_free (draft->to_name);
  draft->to_name = g_strdup (" \t ");
  assert_problem (draft, 0, MW_FIELD_TO);
}

static void
test_content (void)
{
  g_autoptr (MwDraft) push = full_draft (MW_KIND_PUSH);
  g_autoptr (MwDraft) referral = full_draft (MW_KIND_REFERRAL);
  g_autoptr (MwDraft) ask = full_draft (MW_KIND_ASK);
  g_autoptr (MwDraft) message = full_draft (MW_KIND_MESSAGE);

  g_clear_pointer (&push->resources, g_strfreev);
  g_clear_pointer (&push->note, g_free);
  assert_problem (push, 0, MW_FIELD_RESOURCES);
  assert_problem (push, 1, 0);
  g_clear_pointer (&referral->service, g_free);
  assert_problem (referral, 0, MW_FIELD_SERVICE);
  g_clear_pointer (&ask->about, g_strfreev);
  assert_problem (ask, 0, 0);
  g_clear_pointer (&ask->note, g_free);
  assert_problem (ask, 0, MW_FIELD_ABOUT);
  g_clear_pointer (&message->note, g_free);
  g_clear_pointer (&message->subject, g_free);
  g_clear_pointer (&message->resources, g_strfreev);
  assert_problem (message, 0, MW_FIELD_NOTE);
}

/* What was typed for another kind stays in the draft and does not leave */
static void
test_outgoing (void)
{
  g_autoptr (MwDraft) draft = full_draft (MW_KIND_ASK);
  g_autoptr (MwDraft) ask = mw_compose_outgoing (draft);
  g_autoptr (MwDraft) message = NULL;

  g_assert_nonnull (draft->resources);
  g_assert_null (ask->resources);
  g_assert_null (ask->service);
  g_assert_null (ask->subject);
  g_assert_cmpstr (ask->about[0], ==, "Lab results");
  g_assert_cmpstr (ask->by, ==, "2026-12-01");

  g_free (draft->kind);
  draft->kind = g_strdup (MW_KIND_MESSAGE);
  g_clear_pointer (&draft->patient, g_free);
  message = mw_compose_outgoing (draft);
  g_assert_null (message->about);
  g_assert_null (message->by);
  g_assert_cmpstr (message->subject, ==, "A subject");
  /* of nobody's record nothing goes along */
  g_assert_null (message->resources);
  g_assert_null (message->patient_name);
}

static void
test_empty (void)
{
  g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_MESSAGE);

  g_assert_true (mw_compose_is_empty (draft, 0));
  g_assert_false (mw_compose_is_empty (draft, 1));
  draft->urgency = g_strdup ("urgent");
  draft->note = g_strdup ("\n ");
  g_assert_true (mw_compose_is_empty (draft, 0));
  g_free (draft->note);
  draft->note = g_strdup ("x");
  g_assert_false (mw_compose_is_empty (draft, 0));
}

static void
test_copy (void)
{
  g_autoptr (MwDraft) draft = full_draft (MW_KIND_REFERRAL);
  g_autoptr (MwDraft) copy = NULL;
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;

  draft->action = g_strdup ("reply");
  draft->target = g_strdup ("https://home.example/fhir/Task/1");
  copy = mw_compose_copy (draft);
  one = mw_draft_to_text (draft);
  two = mw_draft_to_text (copy);
  g_assert_cmpstr (one, ==, two);
}

/* ---- times ---- */

static void
test_when (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GDateTime) friday = g_date_time_new (zone, 2026, 11, 20, 17, 30, 0);
  g_autoptr (GDateTime) hour = mw_when_time (MW_WHEN_IN_AN_HOUR, friday);
  g_autoptr (GDateTime) tomorrow = mw_when_time (MW_WHEN_TOMORROW, friday);
  g_autoptr (GDateTime) monday = mw_when_time (MW_WHEN_NEXT_MONDAY, friday);
  g_autofree char *hour_text = g_date_time_format_iso8601 (hour);
  g_autofree char *tomorrow_text = g_date_time_format_iso8601 (tomorrow);
  g_autofree char *monday_text = g_date_time_format_iso8601 (monday);
  g_autoptr (GDateTime) next = mw_when_time (MW_WHEN_NEXT_MONDAY, monday);
  g_autofree char *next_text = g_date_time_format_iso8601 (next);

  g_assert_cmpstr (hour_text, ==, "2026-11-20T18:30:00Z");
  g_assert_cmpstr (tomorrow_text, ==, "2026-11-21T08:00:00Z");
  g_assert_cmpstr (monday_text, ==, "2026-11-23T08:00:00Z");
  /* on a Monday it is the one after */
  g_assert_cmpstr (next_text, ==, "2026-11-30T08:00:00Z");
  /* the evening is nearly here: "this evening" would be no choice */
  g_assert_null (mw_when_time (MW_WHEN_THIS_EVENING, friday));
}

/* ---- values over time ---- */

static void
unref_node (gpointer data)
{
  json_node_unref (data);
}

static void
add_observation (GPtrArray  *list,
                 const char *status,
                 const char *code,
                 const char *when,
                 const char *value,
                 const char *unit)
{
  g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"Observation\",\"status\":\"%s\",\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"%s\"}],"
                                           "\"text\":\"%s\"},\"effectiveDateTime\":\"%s\",\"valueQuantity\":{\"value\":%s,\"unit\":\"%s\",\"code\":\"%s\"}}",
                                           status, code, code, when, value, unit, unit);
  JsonNode        *node = mw_json_parse (text, -1, NULL);

  g_assert_nonnull (node);
  g_ptr_array_add (list, node);
}

static void
test_trends (void)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (unref_node);
  g_autoptr (GPtrArray) trends = NULL;
  const MwTrend      *trend;
  const MwTrendPoint *point;

  add_observation (list, "final", "2160-0", "2026-01-05", "1.10", "mg/dL");
  add_observation (list, "final", "2160-0", "2026-03-01", "1.30", "mg/dL");
  add_observation (list, "final", "2160-0", "2026-02-01", "97", "umol/L");
  add_observation (list, "entered-in-error", "2160-0", "2026-04-01", "9.9", "mg/dL");
  add_observation (list, "final", "8480-6", "2026-04-01", "120", "mmHg");
  trends = mw_trends_from_observations (list);

  /* another unit is another series, one value is no series, and a mistake is no value */
  g_assert_cmpuint (trends->len, ==, 1);
  trend = g_ptr_array_index (trends, 0);
  g_assert_cmpstr (trend->title, ==, "2160-0");
  g_assert_cmpuint (trend->points->len, ==, 2);
  point = g_ptr_array_index (trend->points, 0);
  g_assert_cmpstr (point->at, ==, "2026-03-01");
  g_assert_cmpstr (point->value, ==, "1.30 mg/dL");
  g_assert_cmpstr (mw_trend_direction (trend), ==, "higher");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/compose/autosave/pause", test_pause);
  g_test_add_func ("/ui/compose/autosave/no-pause", test_no_pause);
  g_test_add_func ("/ui/compose/autosave/change-while-writing", test_change_while_writing);
  g_test_add_func ("/ui/compose/autosave/failed-write", test_failed_write);
  g_test_add_func ("/ui/compose/rules/complete", test_complete);
  g_test_add_func ("/ui/compose/rules/missing-patient", test_missing_patient);
  g_test_add_func ("/ui/compose/rules/recipient", test_recipient);
  g_test_add_func ("/ui/compose/rules/content", test_content);
  g_test_add_func ("/ui/compose/rules/outgoing", test_outgoing);
  g_test_add_func ("/ui/compose/rules/empty", test_empty);
  g_test_add_func ("/ui/compose/rules/copy", test_copy);
  g_test_add_func ("/ui/compose/when", test_when);
  g_test_add_func ("/ui/compose/trends", test_trends);
  return g_test_run ();
}
