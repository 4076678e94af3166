/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The inbox on disk: entries, triage, search, threads, people, resources, watermarks, quarantine */

#include "store-fixture.h"

#include "mw-entry.h"
#include "mw-journal.h"
#include "mw-person.h"
#include "mw-resource-row.h"
#include "mw-search-index.h"
#include "mw-threads.h"
#include "mw-triage.h"
#include "mw-watermark.h"

#include <string.h>

#define SECOND G_TIME_SPAN_SECOND
#define T0 (G_GINT64_CONSTANT (1767225600) * SECOND)

static gint64
put_entry (MwDb       *db,
           const char *identity,
           const char *state,
           const char *subject,
           gint64      received,
           gboolean   *is_new)
{
  g_autoptr (GError) error = NULL;
  char    *keys[] = { (char *) identity, NULL };
  MwEntry  entry = { .identity = (char *) identity,
                     .kind = (char *) "alert",
                     .state = (char *) state,
                     .subject = (char *) subject,
                     .sender = (char *) "Mercy Hospital",
                     .patient_name = (char *) "Zoë Müller-O'Hara",
                     .sent = received,
                     .received = received,
                     .changed = received,
                     .unread = TRUE };
  gboolean dummy;
  gint64   id;

  entry.thread = mw_threads_ensure (db, keys, subject, 0, received, &error);
  id = mw_entries_put (db, &entry, "Body with the word pneumothorax", is_new != NULL ? is_new : &dummy, &error);
  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

static guint
count (MwDb       *db,
       const char *text,
       gint64      now)
{
  MwEntryFilter filter = { .text = text, .now = now };
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;

  g_assert_true (mw_entries_ids (db, &filter, ids, &error));
  g_assert_no_error (error);
  return ids->len;
}

static void
test_same_event (DbFixture    *f,
                 gconstpointer user_data)
{
  gboolean is_new;
  gint64   id = put_entry (f->db, "urn:uuid:1", "requested", "First", T0, &is_new);
  g_autoptr (MwEntry) entry = NULL;
  g_autoptr (GPtrArray) journal = NULL;

  g_assert_true (is_new);
  g_assert_cmpint (mw_triage_apply (f->db, MW_TRIAGE_ARCHIVE, &id, 1, 0, T0, NULL), ==, 1);
  /* the same again: stays as the clinician left it */
  g_assert_cmpint (put_entry (f->db, "urn:uuid:1", "requested", "First", T0 + SECOND, &is_new), ==, id);
  g_assert_false (is_new);
  g_assert_cmpuint (count (f->db, NULL, T0), ==, 0);
  g_assert_cmpint (mw_entries_count_unread (f->db, NULL, T0), ==, 0);
  /* something has happened: back in the inbox, unread, on top */
  g_assert_cmpint (put_entry (f->db, "urn:uuid:1", "accepted", "First, accepted", T0 + 2 * SECOND, &is_new), ==, id);
  g_assert_false (is_new);
  g_assert_cmpuint (count (f->db, NULL, T0), ==, 1);
  g_assert_cmpint (mw_entries_count_unread (f->db, "alert", T0), ==, 1);
  g_assert_cmpint (mw_entries_count_unread (f->db, "message", T0), ==, 0);
  entry = mw_entries_load (f->db, id, NULL);
  g_assert_cmpstr (entry->subject, ==, "First, accepted");
  g_assert_cmpint (entry->received, ==, T0 + 2 * SECOND);
  journal = mw_journal_of_thread (f->db, entry->thread, NULL);
  g_assert_cmpuint (journal->len, ==, 3);
  g_assert_cmpstr (((MwJournalLine *) journal->pdata[2])->event, ==, MW_EVENT_CHANGED);
  /* the index follows */
  g_assert_cmpuint (count (f->db, "accepted", T0), ==, 1);
}

static void
test_triage (DbFixture    *f,
             gconstpointer user_data)
{
  static const struct
  {
    MwTriage    verb, undo;
    const char *search;
  } verbs[] = {
    { MW_TRIAGE_UNREAD, MW_TRIAGE_READ, "is:unread" },
    { MW_TRIAGE_FLAG, MW_TRIAGE_UNFLAG, "is:flagged" },
    { MW_TRIAGE_ARCHIVE, MW_TRIAGE_UNARCHIVE, "is:archived" },
    { MW_TRIAGE_SNOOZE, MW_TRIAGE_UNSNOOZE, "is:snoozed" },
  };
  gint64 ids[3];
  gint64 bad[] = { 0, 4711 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *identity = g_strdup_printf ("urn:uuid:%u", i);

      ids[i] = put_entry (f->db, identity, NULL, "Subject", T0 + i, NULL);
    }
  mw_triage_apply (f->db, MW_TRIAGE_READ, ids, 3, 0, T0, &error);
  for (gsize v = 0; v < G_N_ELEMENTS (verbs); v++)
    {
      g_assert_cmpuint (count (f->db, verbs[v].search, T0 + SECOND), ==, 0);
      g_assert_cmpint (mw_triage_apply (f->db, verbs[v].verb, ids, 2, T0 + 3600 * SECOND, T0, &error), ==, 2);
      g_assert_cmpuint (count (f->db, verbs[v].search, T0 + SECOND), ==, 2);
      g_assert_cmpint (mw_triage_apply (f->db, verbs[v].undo, ids, 2, 0, T0, &error), ==, 2);
      g_assert_no_error (error);
      g_assert_cmpuint (count (f->db, verbs[v].search, T0 + SECOND), ==, 0);
      g_assert_cmpuint (count (f->db, NULL, T0 + SECOND), ==, 3);
    }
  /* one that is not there: told, and the caller's transaction is rolled back */
  bad[0] = ids[0];
  g_assert_cmpint (mw_triage_apply (f->db, MW_TRIAGE_FLAG, bad, 2, 0, T0, &error), ==, -1);
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND);
}

static void
test_snooze (DbFixture    *f,
             gconstpointer user_data)
{
  gint64 id = put_entry (f->db, "urn:uuid:1", NULL, "Subject", T0, NULL);
  g_autoptr (GError) error = NULL;

  put_entry (f->db, "urn:uuid:2", NULL, "Younger", T0 + 10, NULL);
  mw_triage_apply (f->db, MW_TRIAGE_READ, &id, 1, 0, T0, &error);
  mw_triage_apply (f->db, MW_TRIAGE_SNOOZE, &id, 1, T0 + 60 * SECOND, T0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count (f->db, NULL, T0 + SECOND), ==, 1);
  g_assert_cmpint (mw_entries_next_wake (f->db), ==, T0 + 60 * SECOND);
  g_assert_cmpint (mw_entries_wake (f->db, T0 + 59 * SECOND, &error), ==, 0);
  g_assert_cmpint (mw_entries_wake (f->db, T0 + 61 * SECOND, &error), ==, 1);
  g_assert_cmpint (mw_entries_next_wake (f->db), ==, 0);
  {
    MwEntryFilter filter = { .unread = TRUE, .now = T0 + 62 * SECOND };
    g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

    mw_entries_ids (f->db, &filter, ids, &error);
    g_assert_cmpuint (ids->len, ==, 2);
    g_assert_cmpint (g_array_index (ids, gint64, 0), ==, id);
  }
}

/* ---- search ---------------------------------------------------------- */

static void
test_search (DbFixture    *f,
             gconstpointer user_data)
{
  static const struct
  {
    const char *text;
    guint       hits;
  } searches[] = {
    { "Subject", 1 },
    { "subj", 1 },
    { "ubject", 0 },
    { "müller", 1 },
    { "MULLER", 1 },
    { "zoe", 1 },
    { "o'hara", 1 },
    { "\"müller-o'hara\"", 1 },
    { "pneumo", 1 },
    { "patient:zoe", 1 },
    { "patient:mercy", 0 },
    { "patient:\"Zoë Müller\"", 1 },
    { "patient:\"Müller Zoë\"", 0 },
    { "from:mercy", 1 },
    { "from:zoe", 0 },
    { "from:\"mercy hosp\"", 1 },
    { "kind:alert subject", 1 },
    { "kind:ALERT", 1 },
    { "kind:message subject", 0 },
    { "is:unread subject", 1 },
    { "is:read subject", 0 },
    { "is:unread zoe from:mercy pneumo", 1 },
    { "is:unread zoe from:mercy absent", 0 },
    /* no filter of ours: looked for as a word, so nothing typed is ignored */
    { "is:absent", 0 },
    { "absent:subject", 0 },
    { "AND", 0 },
    { "NOT subject", 0 },
    { "subject OR absent", 0 },
    { "subject NEAR absent", 0 },
    { "(subject", 1 },
    { "subject*", 1 },
    { "sub*ject", 0 },
    { "^subject", 1 },
    { "{subject party} : subject", 0 },
    { "party:mercy", 0 },
    { "\"", 1 },
    { "\"\"\"", 1 },
    { "\"subject", 1 },
    { "sub\"\"ject", 1 },
    { "- + * ( ) : ^", 1 },
    { "'; DROP TABLE entries; --", 0 },
    { "", 1 },
    { "   \t\n ", 1 },
    { "from:", 0 },
    { "kind:", 0 },
    { "\xff\xfe subject", 1 },
    { "subject \xe2\x82", 1 },
  };

  put_entry (f->db, "urn:uuid:1", NULL, "Subject", T0, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      guint hits = count (f->db, searches[i].text, T0);

      if (hits != searches[i].hits)
        g_error ("\"%s\" finds %u instead of %u", searches[i].text, hits, searches[i].hits);
    }
}

/* Any bytes: no error from FTS5, no crash */
static void
test_search_fuzz (DbFixture    *f,
                  gconstpointer user_data)
{
  static const char alphabet[] = "ab\"\"'*():^-+ \t\\{}[],;.%_|~#é\xff\xc3is:from:kind:patient:NEARANDORNOT";
  guint32           seed = 7;
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  put_entry (f->db, "urn:uuid:1", NULL, "Subject", T0, NULL);
  for (guint round = 0; round < 3000; round++)
    {
      char  text[24];
      guint length = (guint) g_rand_int_range (rand, 0, sizeof text - 1);

      for (guint i = 0; i < length; i++)
        text[i] = alphabet[g_rand_int_range (rand, 0, sizeof alphabet - 1)];
      text[length] = '\0';
      count (f->db, text, T0);
    }
}

/* ---- threads, people, resources -------------------------------------- */

static void
test_threads (DbFixture    *f,
              gconstpointer user_data)
{
  char  *a[] = { (char *) "http://h/Task/1", (char *) "urn:uuid:a", NULL };
  char  *b[] = { (char *) "http://h/Task/2", NULL };
  char  *both[] = { (char *) "http://h/Task/2", (char *) "urn:uuid:a", (char *) "http://h/Task/3", NULL };
  char  *third[] = { (char *) "http://h/Task/3", NULL };
  char  *none[] = { NULL };
  gint64 one = mw_threads_ensure (f->db, a, "One", 0, T0, NULL);
  gint64 two = mw_threads_ensure (f->db, b, "Two", 0, T0, NULL);

  g_assert_cmpint (mw_threads_ensure (f->db, a, "Again", 0, T0, NULL), ==, one);
  g_assert_cmpint (two, !=, one);
  /* what ties two threads joins the older one; what is shown apart stays apart */
  g_assert_cmpint (mw_threads_ensure (f->db, both, "Both", 0, T0, NULL), ==, one);
  g_assert_cmpint (mw_threads_find (f->db, b), ==, two);
  g_assert_cmpint (mw_threads_find (f->db, third), ==, one);
  g_assert_cmpint (mw_threads_find (f->db, none), ==, 0);
  g_assert_cmpint (mw_threads_ensure (f->db, none, "New", 0, T0, NULL), >, two);
}

static gint64
put_person (MwDb       *db,
            gint64      connection,
            const char *reference,
            const char *type,
            const char *name,
            const char *tokens)
{
  MwPerson person = { .connection = connection,
                      .reference = (char *) reference,
                      .type = (char *) type,
                      .name = (char *) name,
                      .birth_date = (char *) "1950-02-03",
                      .identifiers = (char *) "MRN 00-4711",
                      .tokens = (char *) tokens,
                      .active = TRUE };
  g_autoptr (GError) error = NULL;
  gint64 id = mw_people_put (db, &person, &error);

  g_assert_no_error (error);
  return id;
}

/* A patient is never guessed */
static void
test_tokens (DbFixture    *f,
             gconstpointer user_data)
{
  gint64 home = test_connection_new (f->db, "http://h", TRUE);
  gint64 other = test_connection_new (f->db, "http://o", FALSE);
  gint64 anna = put_person (f->db, home, "http://h/Patient/1", "Patient", "Anna", "urn:mrn|1\nurn:nhs|77");
  gint64 ben = put_person (f->db, home, "http://h/Patient/2", "Patient", "Ben", "urn:mrn|2\n|1\nurn:x|");
  gint64 passing;

  put_person (f->db, other, "http://o/Patient/9", "Patient", "Anna", "urn:other|5");
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", "urn:mrn|1"), ==, anna);
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", "urn:nhs|77\nurn:mrn|1"), ==, anna);
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", "urn:unknown|1\nurn:mrn|2"), ==, ben);
  /* identifiers of two */
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", "urn:mrn|1\nurn:mrn|2"), ==, 0);
  /* parts of values, values without a system, systems without a value, other types, other servers' */
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", "urn:nhs|7"), ==, 0);
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", "mrn|1"), ==, 0);
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", "|1"), ==, 0);
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", "urn:x|"), ==, 0);
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", "urn:mrn|%"), ==, 0);
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Practitioner", "urn:mrn|1"), ==, 0);
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", "urn:other|5"), ==, 0);
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", ""), ==, 0);
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", NULL), ==, 0);
  /* a namesake with the same number: nobody */
  put_person (f->db, home, "http://h/Patient/3", "Patient", "Anna", "urn:mrn|1");
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", "urn:mrn|1"), ==, 0);
  /* one who came with a message, until the home server lists them */
  passing = put_person (f->db, home, "http://h/Bundle/1#patient", "Patient", "Carl", "urn:mrn|3");
  g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", "urn:mrn|3"), ==, passing);
  {
    gint64 carl = put_person (f->db, home, "http://h/Patient/4", "Patient", "Carl", "urn:mrn|3");

    g_assert_cmpint (mw_people_find_by_tokens (f->db, "Patient", "urn:mrn|3"), ==, carl);
  }
}

static guint
people (MwDb       *db,
        const char *words)
{
  static const char *const types[] = { "Patient", "Practitioner", NULL };
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;

  g_assert_true (mw_people_search (db, words, types, 10, ids, &error));
  g_assert_no_error (error);
  return ids->len;
}

static void
test_people (DbFixture    *f,
             gconstpointer user_data)
{
  gint64 home = test_connection_new (f->db, "http://h", TRUE);
  gint64 id = put_person (f->db, home, "http://h/Patient/1", "Patient", "Zoë Müller-O'Hara", NULL);

  put_person (f->db, home, "http://h/Organization/1", "Organization", "Zoë's", NULL);
  g_assert_cmpuint (people (f->db, "zoe"), ==, 1);
  g_assert_cmpuint (people (f->db, "MULL zo"), ==, 1);
  g_assert_cmpuint (people (f->db, "1950-02"), ==, 1);
  g_assert_cmpuint (people (f->db, "00-4711 zoe"), ==, 1);
  g_assert_cmpuint (people (f->db, "oe"), ==, 0);
  g_assert_cmpuint (people (f->db, "%"), ==, 0);
  g_assert_cmpuint (people (f->db, "zoe ben"), ==, 0);
  g_assert_cmpuint (people (f->db, NULL), ==, 1);
  g_assert_cmpuint (people (f->db, "\xff"), ==, 0);
  /* brought up to date, not added again; found by the new name only */
  g_assert_cmpint (put_person (f->db, home, "http://h/Patient/1", "Patient", "Zoë Berg", NULL), ==, id);
  g_assert_cmpuint (people (f->db, "müller"), ==, 0);
  g_assert_cmpuint (people (f->db, "berg"), ==, 1);
}

static gint64
put_resource (MwDb       *db,
              const char *version,
              const char *updated,
              const char *raw,
              gboolean   *changed)
{
  g_autoptr (GBytes) bytes = g_bytes_new (raw, strlen (raw));
  MwResourceRow row = { .type = (char *) "Task",
                        .reference = (char *) "http://h/Task/1",
                        .version = (char *) version,
                        .last_updated = (char *) updated,
                        .title = (char *) raw,
                        .raw = bytes };
  g_autoptr (GError) error = NULL;
  gint64 id = mw_resources_put (db, &row, changed, &error);

  g_assert_no_error (error);
  return id;
}

/* The newest is kept, whatever comes late and however an instant is spelt */
static void
test_versions (DbFixture    *f,
               gconstpointer user_data)
{
  static const struct
  {
    const char *version, *updated, *raw;
    gboolean    changed;
  } steps[] = {
    { "1", "2026-01-01T10:00:00Z", "a", TRUE },
    { "1", "2026-01-01T10:00:00Z", "a", FALSE },
    { "1", "2026-01-01T10:00:00.000+00:00", "a with other spaces", FALSE },
    { "2", "2026-01-01T10:00:00.5Z", "b", TRUE },
    { "1", "2026-01-01T10:00:00Z", "late a", FALSE },
    { "3", "2026-01-01T09:00:01-01:00", "c", TRUE },
    { "2", "2026-01-01T11:00:00.5+01:00", "late b", FALSE },
    { "4", NULL, "d", TRUE },
    { "5", "2026-01-01T10:00:03Z", "e", TRUE },
    /* a server that does not count */
    { "5", "2026-01-01T10:00:04Z", "f", TRUE },
    { NULL, NULL, "g", TRUE },
    { NULL, NULL, "g", FALSE },
    { NULL, "nonsense", "h", TRUE },
  };
  const char *last = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      gboolean changed;
      gint64   id = put_resource (f->db, steps[i].version, steps[i].updated, steps[i].raw, &changed);
      g_autoptr (MwResourceRow) row = mw_resources_load (f->db, id);

      if (changed != steps[i].changed)
        g_error ("Step %u: %s", (guint) i, changed ? "taken" : "not taken");
      if (changed)
        last = steps[i].raw;
      g_assert_cmpstr (row->title, ==, last);
      g_assert_cmpmem (g_bytes_get_data (row->raw, NULL), g_bytes_get_size (row->raw), last, strlen (last));
    }
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT count(*) FROM resources", ""), ==, 1);
}

static void
test_quarantine (DbFixture    *f,
                 gconstpointer user_data)
{
  g_autoptr (GBytes) one = g_bytes_new ("\0{", 2);
  g_autoptr (GBytes) two = g_bytes_new ("", 0);
  g_autofree char *much = g_strnfill (3 * 1024 * 1024, 'x');
  g_autoptr (GBytes) three = g_bytes_new (much, strlen (much));
  gint64 id = mw_quarantine_put (f->db, 0, "Task?owner", "No JSON", one, T0, NULL);

  g_assert_cmpint (mw_quarantine_put (f->db, 0, "Task?owner", "No JSON", one, T0 + 1, NULL), ==, id);
  g_assert_cmpint (mw_quarantine_put (f->db, 0, "Task?owner", "Empty", two, T0, NULL), >, id);
  g_assert_cmpint (mw_quarantine_put (f->db, 0, "Task?owner", "Much", three, T0, NULL), >, id);
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT count(*) FROM quarantine", ""), ==, 3);
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT max(length(raw)) FROM quarantine", ""), ==, 1024 * 1024);
}

static void
store_mark (MwDb       *db,
            gint64      connection,
            const char *query,
            gint64      complete,
            const char *problem)
{
  MwWatermark mark = { .connection = connection, .query = (char *) query, .complete = complete, .problem = (char *) problem };
  g_autoptr (GError) error = NULL;

  mw_watermarks_store (db, &mark, &error);
  g_assert_no_error (error);
}

/* The window says until when the inbox is complete: never more than the slowest query proves */
static void
test_watermarks (DbFixture    *f,
                 gconstpointer user_data)
{
  gint64 home = test_connection_new (f->db, "http://h", TRUE);
  gint64 other = test_connection_new (f->db, "http://o", FALSE);
  g_autoptr (MwWatermark) mark = mw_watermarks_load (f->db, home, "Task?owner=1");

  g_assert_null (mark->since);
  g_assert_cmpint (mw_watermarks_complete_up_to (f->db, home), ==, 0);
  store_mark (f->db, home, "Task?owner=1", T0 + 10, NULL);
  store_mark (f->db, home, "Communication?recipient=1", 0, NULL);
  g_assert_cmpint (mw_watermarks_complete_up_to (f->db, home), ==, 0);
  store_mark (f->db, home, "Communication?recipient=1", T0 + 5, NULL);
  store_mark (f->db, home, "~Patient", 0, NULL);
  store_mark (f->db, home, "Bundle", 0, "Not offered");
  store_mark (f->db, other, "Task?owner=1", 1, NULL);
  g_assert_cmpint (mw_watermarks_complete_up_to (f->db, home), ==, T0 + 5);
  g_assert_cmpint (mw_watermarks_complete_up_to (f->db, other), ==, 1);
}

/* What was found by is:unread stays where it was once it is read; what is archived, and what was never shown, does not */
static void
test_keep (DbFixture    *f,
           gconstpointer user_data)
{
  static const char *const texts[] = { "is:unread", "is:unread subject" };

  for (guint t = 0; t < G_N_ELEMENTS (texts); t++)
    {
      gint64 ids[4];
      g_autoptr (GArray) shown = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_autoptr (GArray) now = g_array_new (FALSE, FALSE, sizeof (gint64));
      MwEntryFilter filter = { .text = texts[t], .now = T0 + SECOND };
      g_autoptr (GError) error = NULL;

      for (guint i = 0; i < 4; i++)
        {
          g_autofree char *identity = g_strdup_printf ("urn:uuid:%u-%u", t, i);

          ids[i] = put_entry (f->db, identity, NULL, "Subject", T0 + i, NULL);
        }
      mw_triage_apply (f->db, MW_TRIAGE_READ, &ids[0], 1, 0, T0, &error);
      g_assert_true (mw_entries_ids (f->db, &filter, shown, &error));
      g_assert_cmpuint (shown->len, ==, 3);
      mw_triage_apply (f->db, MW_TRIAGE_READ, &ids[2], 1, 0, T0, &error);
      filter.keep = shown;
      g_assert_true (mw_entries_ids (f->db, &filter, now, &error));
      g_assert_cmpuint (now->len, ==, 3);
      for (guint i = 0; i < 3; i++)
        g_assert_cmpint (g_array_index (now, gint64, i), ==, ids[3 - i]);
      mw_triage_apply (f->db, MW_TRIAGE_ARCHIVE, ids, 4, 0, T0, &error);
      g_array_set_size (now, 0);
      g_assert_true (mw_entries_ids (f->db, &filter, now, &error));
      /* a search for words looks into the archive too */
      g_assert_cmpuint (now->len, ==, t == 0 ? 0 : 3);
      g_assert_no_error (error);
    }
}

#define ADD(path, test) g_test_add ("/store/entries/" path, DbFixture, NULL, db_fixture_set_up, test, db_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("same-event", test_same_event);
  ADD ("triage", test_triage);
  ADD ("snooze", test_snooze);
  ADD ("search", test_search);
  ADD ("search/fuzz", test_search_fuzz);
  ADD ("search/keep", test_keep);
  ADD ("threads", test_threads);
  ADD ("tokens", test_tokens);
  ADD ("people", test_people);
  ADD ("versions", test_versions);
  ADD ("quarantine", test_quarantine);
  ADD ("watermarks", test_watermarks);
  return g_test_run ();
}
