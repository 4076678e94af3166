/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-patient-banner.h"
#include "mw-words.h"

#include <locale.h>
#include <string.h>

/* Wednesday, 18 November 2026, 10:30 UTC */
#define NOW (G_GINT64_CONSTANT (1794997800) * G_USEC_PER_SEC)
#define MINUTE (60 * (gint64) G_USEC_PER_SEC)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static void
assert_words (char       *words,
              const char *expected)
{
  g_assert_cmpstr (words, ==, expected);
  g_free (words);
}

/* Two things besides the name, or words for what is missing */
static void
test_patient (void)
{
  MwPerson person = { .type = (char *) "Patient", .name = (char *) "Grete Lund", .birth_date = (char *) "1951-07-02", .identifiers = (char *) "4711" };

  g_assert_null (mw_person_missing (&person));
  assert_words (mw_person_summary (&person, NOW), "2 July 1951 · 75 y · 4711");
  person.identifiers = NULL;
  g_assert_cmpstr (mw_person_missing (&person), ==, "No number known");
  assert_words (mw_person_summary (&person, NOW), "2 July 1951 · 75 y · No number known");
  person.birth_date = NULL;
  g_assert_cmpstr (mw_person_missing (&person), ==, "No birth date and no number known");
  person.identifiers = (char *) "4711";
  g_assert_cmpstr (mw_person_missing (&person), ==, "Birth date not known");
  /* who is written to is told by what they do */
  person.type = (char *) "Practitioner";
  assert_words (mw_person_summary (&person, NOW), "4711");
}

static void
test_times (void)
{
  assert_words (mw_words_clock (NOW), "10:30");
  assert_words (mw_words_age (NOW - HOUR, NOW), "09:30");
  assert_words (mw_words_age (NOW - 11 * HOUR, NOW), "Yesterday");
  assert_words (mw_words_age (NOW - 3 * DAY, NOW), "Sun");
  assert_words (mw_words_age (NOW - 7 * DAY, NOW), "11 Nov");
  assert_words (mw_words_age (NOW - 400 * DAY, NOW), "14 Oct 2025");
  assert_words (mw_words_age (0, NOW), "");
  assert_words (mw_words_moment (NOW + HOUR, NOW), "11:30");
  assert_words (mw_words_moment (NOW + 22 * HOUR, NOW), "tomorrow 08:30");
  assert_words (mw_words_day (NOW - 2 * DAY, NOW), "Monday");
  assert_words (mw_words_day (NOW + 30 * DAY, NOW), "18 December");
  /* years that no calendar has do not crash */
  g_free (mw_words_age (G_MAXINT64, NOW));
  g_free (mw_words_moment (G_MININT64, NOW));
}

static void
test_item_states (void)
{
  MwItem item = { .state = MW_ITEM_SAVED, .not_before = NOW + 4 * (gint64) G_USEC_PER_SEC };

  assert_words (mw_words_item_state (&item, NOW), "Saved, leaves in 4 s");
  g_assert_true (mw_words_counts_down (&item, NOW));
  item.not_before = NOW + 21 * HOUR + 30 * MINUTE;
  item.scheduled = TRUE;
  assert_words (mw_words_item_state (&item, NOW), "Waits for its time: tomorrow 08:00");
  g_assert_false (mw_words_counts_down (&item, NOW));

  item = (MwItem){ .state = MW_ITEM_PREPARING, .wait = (char *) MW_WAIT_NETWORK };
  assert_words (mw_words_item_state (&item, NOW), "Waiting for network");
  item = (MwItem){ .state = MW_ITEM_PREPARING, .stage = (char *) "identify" };
  assert_words (mw_words_item_state (&item, NOW), "Identifying the patient…");
  item.stage = (char *) "discover";
  assert_words (mw_words_item_state (&item, NOW), "Finding out where to send it…");
  item.wait = (char *) MW_WAIT_BACK_OFF;
  item.next_attempt = NOW + MINUTE;
  assert_words (mw_words_item_state (&item, NOW), "Not handed over yet, next try at 10:31");
  item = (MwItem){ .state = MW_ITEM_SENDING, .wait = (char *) MW_WAIT_NETWORK };
  assert_words (mw_words_item_state (&item, NOW), "Waiting for network");
  item = (MwItem){ .state = MW_ITEM_SENDING };
  assert_words (mw_words_item_state (&item, NOW), "Sending…");
  item = (MwItem){ .state = MW_ITEM_UNKNOWN };
  assert_words (mw_words_item_state (&item, NOW), "Checking whether it arrived");
  item = (MwItem){ .state = MW_ITEM_HANDED_OVER, .handed_over = NOW - 28 * MINUTE };
  assert_words (mw_words_item_state (&item, NOW), "Handed over: 10:02");
  item = (MwItem){ .state = MW_ITEM_WAITING, .handed_over = NOW - 2 * DAY };
  assert_words (mw_words_item_state (&item, NOW), "Waiting for an answer since Monday");
  item = (MwItem){ .state = MW_ITEM_OVERDUE, .answer_by = NOW - DAY };
  assert_words (mw_words_item_state (&item, NOW), "Overdue: the answer was wanted by yesterday");
  item = (MwItem){ .state = MW_ITEM_ATTENTION, .error_text = (char *) "Nobody of that name was found." };
  assert_words (mw_words_item_state (&item, NOW), "Needs attention: Nobody of that name was found.");
}

/* Before a server has taken it, nothing may read as if it had left; what nobody knows did not fail */
static void
test_honest (void)
{
  static const MwItemState here[] = { MW_ITEM_DRAFT, MW_ITEM_SAVED, MW_ITEM_PREPARING, MW_ITEM_SENDING, MW_ITEM_UNKNOWN, MW_ITEM_ATTENTION };
  static const char *const waits[] = { NULL, MW_WAIT_UNDO, MW_WAIT_TIME, MW_WAIT_NETWORK, MW_WAIT_PAUSE, MW_WAIT_SIGN_IN, MW_WAIT_BACK_OFF, MW_WAIT_ORDER, MW_WAIT_HOME, "of a newer version" };

  for (guint i = 0; i < G_N_ELEMENTS (here); i++)
    for (guint k = 0; k < G_N_ELEMENTS (waits); k++)
      {
        MwItem           item = { .state = here[i], .wait = (char *) waits[k] };
        g_autofree char *words = mw_words_item_state (&item, NOW);
        g_autofree char *folded = g_utf8_casefold (words, -1);

        g_assert_cmpstr (words, !=, "");
        g_assert_false (g_str_has_prefix (folded, "sent"));
        g_assert_null (strstr (folded, " sent"));
        g_assert_null (strstr (folded, "fail"));
        g_assert_false (g_str_has_prefix (folded, "handed over"));
      }
}

static void
test_journal (void)
{
  MwJournalLine line = { .event = (char *) MW_EVENT_HANDED_OVER, .detail = (char *) "201 Created" };

  assert_words (mw_words_journal (&line), "Handed over: 201 Created");
  line.detail = NULL;
  assert_words (mw_words_journal (&line), "Handed over");
  line = (MwJournalLine){ .event = (char *) "of-a-newer-version", .detail = (char *) "Something new" };
  assert_words (mw_words_journal (&line), "Something new");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/patient", test_patient);
  g_test_add_func ("/words/times", test_times);
  g_test_add_func ("/words/item-states", test_item_states);
  g_test_add_func ("/words/honest", test_honest);
  g_test_add_func ("/words/journal", test_journal);
  return g_test_run ();
}
