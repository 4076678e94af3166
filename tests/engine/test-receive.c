/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The inbox against a server that pages, breaks off, tells the wrong time and sends rubbish (G5, G8) */

#include "engine-fixture.h"

#include "mw-connection-removal.h"

#include "mw-entry.h"
#include "mw-json.h"
#include "mw-watermark.h"

#include <string.h>

#define SECOND G_TIME_SPAN_SECOND
/* The server's clock when nothing else is said: 2026-01-01 12:00 */
#define T0 (G_GINT64_CONSTANT (1767268800) * SECOND)

/* A home server with Communications to one practitioner: pages of some size, searched by _lastUpdated. The
 * script of its faults is @hook's. All of it is used under the server's own lock. */
typedef struct
{
  MwFaultServer *server;
  GPtrArray     *texts; /* entries, whole; some of them rubbish */
  GArray        *times; /* µs, by which they are found */
  guint          page;
  gint64         clock; /* of the server */
  gboolean       no_date;
  guint          gone;         /* answers to page links that are 410 from now on */
  guint          fail_patient; /* answers to reads of the patient that are 503 */
  char          *next_elsewhere;
  gboolean       next_self;
  gboolean       no_sort;
  guint          n_pages;
  guint          n_first;
} Home;

static char *
stamp (gint64 at)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (at / SECOND);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

static void
add_text (Home       *home,
          gint64      at,
          const char *entry)
{
  g_ptr_array_add (home->texts, g_strdup (entry));
  g_array_append_val (home->times, at);
}

static void
add_message (Home  *home,
             guint  number,
             gint64 at)
{
  g_autofree char *when = stamp (at);
  g_autofree char *text = g_strdup_printf ("{\"fullUrl\":\"urn:x\",\"search\":{\"mode\":\"match\"},\"resource\":{\"resourceType\":\"Communication\",\"id\":\"c%u\","
                                           "\"meta\":{\"versionId\":\"1\",\"lastUpdated\":\"%s\"},\"status\":\"completed\","
                                           "\"recipient\":[{\"reference\":\"Practitioner/me\"}],\"sender\":{\"display\":\"Dr Rossi\"},"
                                           "\"payload\":[{\"contentString\":\"Message %u\"}]}}",
                                           number, when, number);

  add_text (home, at, text);
}

static void
answer_json (MwFaultReply *reply,
             const char   *text)
{
  reply->status = 200;
  mw_fault_reply_header (reply, "Content-Type", "application/fhir+json");
  g_string_append (reply->body, text);
}

static gint64
since_of (const char *target)
{
  const char      *at = strstr (target, "_lastUpdated=ge");
  g_autofree char *text = NULL;
  g_autoptr (GDateTime) time = NULL;

  if (at == NULL)
    return 0;
  text = g_uri_unescape_segment (at + strlen ("_lastUpdated=ge"), strchr (at, '&'), NULL);
  time = g_date_time_new_from_iso8601 (text, NULL);
  g_assert_nonnull (time);
  return g_date_time_to_unix (time) * SECOND;
}

static void
answer_page (Home         *home,
             const char   *target,
             MwFaultReply *reply)
{
  const char *offset = strstr (target, "offset=");
  guint       first = offset != NULL ? (guint) g_ascii_strtoull (offset + strlen ("offset="), NULL, 10) : 0;
  gint64      since = since_of (target);
  guint       found = 0;
  g_autoptr (GString) text = g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",");
  g_autoptr (GString) entries = g_string_new (NULL);
  g_autofree char *since_text = stamp (since);

  home->n_pages++;
  home->n_first += first == 0;
  for (guint i = 0; i < home->texts->len; i++)
    {
      if (g_array_index (home->times, gint64, i) < since)
        continue;
      if (found >= first && found < first + home->page)
        g_string_append_printf (entries, "%s%s", entries->len > 0 ? "," : "", (char *) home->texts->pdata[i]);
      found++;
    }
  if (home->next_elsewhere != NULL && found > first + home->page)
    g_string_append_printf (text, "\"link\":[{\"relation\":\"next\",\"url\":\"%s\"}],", home->next_elsewhere);
  else if (home->next_self)
    g_string_append_printf (text, "\"link\":[{\"relation\":\"next\",\"url\":\"%s%s\"}],", mw_fault_server_get_url (home->server), target);
  else if (found > first + home->page)
    g_string_append_printf (text, "\"link\":[{\"relation\":\"next\",\"url\":\"%s/Communication?recipient=x&_lastUpdated=ge%s&offset=%u\"}],",
                            mw_fault_server_get_url (home->server), since_text, first + home->page);
  g_string_append_printf (text, "\"entry\":[%s]}", entries->str);
  answer_json (reply, text->str);
}

static const char statement[] =
    "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\",\"rest\":[{\"mode\":\"server\",\"resource\":["
    "{\"type\":\"Communication\",\"interaction\":[{\"code\":\"search-type\"},{\"code\":\"read\"}],\"searchParam\":[{\"name\":\"recipient\",\"type\":\"reference\"}]}]}]}";

static void
home_handle (MwFaultRequest *request,
             MwFaultReply   *reply,
             gpointer        user_data)
{
  Home *home = user_data;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (home->clock / SECOND);
  g_autofree char *date = g_date_time_format (time, "%a, %d %b %Y %H:%M:%S GMT");

  if (!home->no_date)
    mw_fault_reply_header (reply, "Date", date);
  if (g_str_has_prefix (request->target, "/metadata"))
    answer_json (reply, statement);
  else if (g_str_has_prefix (request->target, "/Communication?recipient="))
    {
      if (home->gone > 0 && strstr (request->target, "offset=") != NULL)
        {
          home->gone--;
          reply->status = 410;
        }
      else if (home->no_sort && strstr (request->target, "_sort") != NULL)
        reply->status = 400;
      else
        answer_page (home, request->target, reply);
    }
  else if (g_str_has_prefix (request->target, "/Patient/"))
    {
      if (home->fail_patient > 0)
        {
          home->fail_patient--;
          reply->status = 503;
        }
      else
        answer_json (reply, "{\"resourceType\":\"Patient\",\"id\":\"p7\",\"name\":[{\"text\":\"Erika Muster\"}]}");
    }
  else if (strchr (request->target, '?') != NULL)
    answer_json (reply, "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"}");
  else
    reply->status = 404;
}

typedef struct
{
  EngineFixture engine;
  Home          home;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer user_data)
{
  engine_fixture_set_up (&f->engine, user_data);
  f->home.texts = g_ptr_array_new_with_free_func (g_free);
  f->home.times = g_array_new (FALSE, FALSE, sizeof (gint64));
  f->home.page = 10;
  f->home.clock = T0;
  f->home.server = mw_fault_server_new (home_handle, &f->home, NULL);
  f->engine.offset = T0 - g_get_real_time ();
  /* looks only when it is told to */
  f->engine.options.poll_seconds = 1000000;
  engine_fixture_set_home (&f->engine, mw_fault_server_get_url (f->home.server), "Practitioner/me");
}

static void
tear_down (Fixture      *f,
           gconstpointer user_data)
{
  engine_fixture_tear_down (&f->engine, user_data);
  mw_fault_server_free (f->home.server);
  g_ptr_array_unref (f->home.texts);
  g_array_unref (f->home.times);
  g_free (f->home.next_elsewhere);
}

static void
look (Fixture *f)
{
  if (f->engine.engine == NULL)
    engine_fixture_start (&f->engine);
  else
    mw_engine_wake (f->engine.engine);
}

#define COUNT "SELECT count(*) FROM entries"
#define QUERY "instr(query, 'Communication?recipient') = 1"

/* Until the query was walked to its end once more */
static void
look_whole (Fixture *f)
{
  gint64           swept = MAX (engine_fixture_get (&f->engine, "SELECT swept FROM watermarks WHERE " QUERY), 0);
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM watermarks WHERE " QUERY " AND swept > %" G_GINT64_FORMAT " AND next_page IS NULL", swept);

  look (f);
  engine_fixture_wait (&f->engine, sql, 1);
}

static gint64
complete (Fixture *f)
{
  return engine_fixture_get (&f->engine, "SELECT complete FROM watermarks WHERE " QUERY);
}

/* ---- tests ----------------------------------------------------------- */

static void
test_pages (Fixture      *f,
            gconstpointer user_data)
{
  for (guint i = 0; i < 35; i++)
    add_message (&f->home, i, T0 - 3600 * SECOND + i * 60 * SECOND);
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 35);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(DISTINCT subject) FROM entries WHERE subject LIKE 'Message %'"), ==, 35);
  g_assert_cmpint (complete (f), ==, T0);
  g_assert_cmpuint (f->home.n_pages, ==, 4);
  /* again: what comes in the overlap comes once */
  engine_fixture_stop (&f->engine);
  f->home.clock = T0 + 60 * SECOND;
  add_message (&f->home, 100, T0 + 30 * SECOND);
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 36);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM journal WHERE event = 'received'"), ==, 36);
  g_assert_cmpint (complete (f), ==, T0 + 60 * SECOND);
}

/* Indexing lags behind the clock: something older than the newest turns up late */
static void
test_late (Fixture      *f,
           gconstpointer user_data)
{
  add_message (&f->home, 1, T0 - 10 * SECOND);
  look_whole (f);
  engine_fixture_stop (&f->engine);
  add_message (&f->home, 2, T0 - 100 * SECOND);
  f->home.clock = T0 + 60 * SECOND;
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 2);
}

/* The program ends between two pages: what is there is there, and the rest follows */
static void
test_resume (Fixture      *f,
             gconstpointer user_data)
{
  for (guint i = 0; i < 45; i++)
    add_message (&f->home, i, T0 - 3600 * SECOND + i * 60 * SECOND);
  /* metadata and seven lists of the directory come before; then two pages, and a stall */
  look (f);
  engine_fixture_wait (&f->engine, "SELECT count(*) >= 20 FROM entries", 1);
  engine_fixture_stop (&f->engine);
  g_test_message ("%" G_GINT64_FORMAT " entries at the stop", engine_fixture_get (&f->engine, COUNT));
  /* never more is claimed than is there */
  if (engine_fixture_get (&f->engine, COUNT) < 45)
    {
      g_assert_cmpint (complete (f), ==, 0);
      g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM watermarks WHERE " QUERY " AND next_page IS NOT NULL"), ==, 1);
    }
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 45);
}

/* A page link that has expired, in a new run or in the middle of one: from the beginning, not given up for a day */
static void
test_gone (Fixture      *f,
           gconstpointer user_data)
{
  for (guint i = 0; i < 25; i++)
    add_message (&f->home, i, T0 - 3600 * SECOND + i * 60 * SECOND);
  f->home.gone = 1;
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 25);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM watermarks WHERE problem IS NOT NULL AND " QUERY), ==, 0);
  engine_fixture_stop (&f->engine);
  engine_fixture_sql (&f->engine, "UPDATE watermarks SET since = NULL, next_page = (SELECT url FROM connections WHERE home = 1) || '/Communication?recipient=x&offset=20'");
  f->home.gone = 1;
  add_message (&f->home, 100, T0 - 1);
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 26);
}

/* One that always expires: never complete, never given up, and not walked in a circle */
static void
test_always_gone (Fixture      *f,
                  gconstpointer user_data)
{
  for (guint i = 0; i < 25; i++)
    add_message (&f->home, i, T0 - 3600 * SECOND + i * 60 * SECOND);
  f->home.gone = 1000;
  look (f);
  engine_fixture_wait (&f->engine, "SELECT count(*) >= 10 FROM entries", 1);
  engine_fixture_wait (&f->engine, "SELECT count(*) FROM connections WHERE status = 'ok'", 1);
  engine_fixture_stop (&f->engine);
  g_assert_cmpint (complete (f), ==, 0);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM watermarks WHERE problem IS NOT NULL AND " QUERY), ==, 0);
}

static void
test_no_sort (Fixture      *f,
              gconstpointer user_data)
{
  for (guint i = 0; i < 25; i++)
    add_message (&f->home, i, T0 - 3600 * SECOND + i * 60 * SECOND);
  f->home.no_sort = TRUE;
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 25);
}

/* A page that names itself as the next one */
static void
test_circle (Fixture      *f,
             gconstpointer user_data)
{
  add_message (&f->home, 1, T0);
  f->home.next_self = TRUE;
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 1);
  g_assert_cmpuint (f->home.n_pages, <=, 2);
}

static void
elsewhere (MwFaultRequest *request,
           MwFaultReply   *reply,
           gpointer        user_data)
{
  answer_json (reply, "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"}");
}

/* A next page on another origin is not fetched, and the inbox is not called complete */
static void
test_elsewhere (Fixture      *f,
                gconstpointer user_data)
{
  g_autoptr (MwFaultServer) other = mw_fault_server_new (elsewhere, NULL, NULL);

  for (guint i = 0; i < 25; i++)
    add_message (&f->home, i, T0 - 3600 * SECOND + i * 60 * SECOND);
  f->home.next_elsewhere = g_strconcat (mw_fault_server_get_url (other), "/page", NULL);
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 10);
  g_assert_cmpuint (mw_fault_server_n_requests (other), ==, 0);
  g_assert_cmpint (complete (f), ==, 0);
}

/* Rubbish is kept aside with a reason; its neighbours arrive */
static void
test_garbage (Fixture      *f,
              gconstpointer user_data)
{
  static const char *const rubbish[] = {
    "{}",
    "null",
    "17",
    "\"text\"",
    "[1,2]",
    "{\"resource\":null}",
    "{\"resource\":[]}",
    "{\"resource\":{ }}",
    "{\"resource\":{\"resourceType\":17}}",
    "{\"resource\":{\"resourceType\":\"<script>\"}}",
    "{\"resource\":{\"resourceType\":\"\"}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rubbish); i++)
    {
      add_text (&f->home, T0 - 3600 * SECOND + i * SECOND, rubbish[i]);
      add_message (&f->home, i, T0 - 3600 * SECOND + i * SECOND);
    }
  /* shapes that are no better, but say what they are */
  add_text (&f->home, T0 - 1, "{\"resource\":{\"resourceType\":\"Communication\",\"id\":[1],\"meta\":7,\"payload\":{\"contentString\":{}},\"sender\":[[]],\"recipient\":\"x\",\"status\":{}}}");
  add_text (&f->home, T0 - 1, "{\"resource\":{\"resourceType\":\"Task\",\"id\":\"../../etc\",\"status\":null,\"focus\":[],\"for\":{\"reference\":{}},\"output\":[null,1,{}]}}");
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM entries WHERE subject LIKE 'Message %'"), ==, G_N_ELEMENTS (rubbish));
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM quarantine"), ==, G_N_ELEMENTS (rubbish));
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM quarantine WHERE length(reason) < 5"), ==, 0);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM resources WHERE CAST(raw AS TEXT) LIKE '%etc%' OR CAST(raw AS TEXT) LIKE '%contentString\":{}%'"), ==, 2);
  g_assert_cmpint (complete (f), ==, T0);
}

/* A page that breaks off in the middle is asked for again; nothing is claimed before */
static void
test_cut (Fixture      *f,
          gconstpointer user_data)
{
  for (guint i = 0; i < 25; i++)
    add_message (&f->home, i, T0 - 3600 * SECOND + i * 60 * SECOND);
  mw_fault_server_set_random (f->home.server, 3, 0.15);
  f->engine.options.poll_seconds = 60;
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 25);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM quarantine"), ==, 0);
}

/* The server's clock is not ours: its own stamps are compared with its own stamps only */
static void
test_clock (Fixture      *f,
            gconstpointer user_data)
{
  gint64 shift = GPOINTER_TO_INT (user_data) * (gint64) 3600 * SECOND;

  f->home.clock = T0 + shift;
  add_message (&f->home, 1, T0 + shift - 60 * SECOND);
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 1);
  g_assert_cmpint (complete (f), ==, T0 + shift);
  engine_fixture_stop (&f->engine);
  f->home.clock += 600 * SECOND;
  add_message (&f->home, 2, T0 + shift + 300 * SECOND);
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 2);
  /* nothing is dated into the future of the list */
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT max(received) FROM entries"), <=, engine_fixture_now (&f->engine));
}

/* One resource from the far future does not make the others arrive never */
static void
test_future (Fixture      *f,
             gconstpointer user_data)
{
  f->home.no_date = GPOINTER_TO_INT (user_data);
  add_message (&f->home, 1, T0 - 60 * SECOND);
  add_message (&f->home, 2, T0 + 73 * 365 * (gint64) 86400 * SECOND);
  look_whole (f);
  engine_fixture_stop (&f->engine);
  f->home.clock = T0 + 120 * SECOND;
  f->engine.offset += 120 * SECOND;
  add_message (&f->home, 3, T0 + 60 * SECOND);
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 3);
}

/* The patient is fetched with what is about them; a server that stumbles just then costs a second, not the name */
static void
test_patient (Fixture      *f,
              gconstpointer user_data)
{
  add_text (&f->home, T0 - 1,
            "{\"resource\":{\"resourceType\":\"Communication\",\"id\":\"c1\",\"meta\":{\"versionId\":\"1\",\"lastUpdated\":\"2026-01-01T11:00:00Z\"},\"status\":\"completed\","
            "\"recipient\":[{\"reference\":\"Practitioner/me\"}],\"subject\":{\"reference\":\"Patient/p7\"},\"payload\":[{\"contentString\":\"About her\"}]}}");
  f->home.fail_patient = 1;
  f->engine.options.poll_seconds = 60;
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM entries WHERE patient_name = 'Erika Muster' AND patient IS NOT NULL"), ==, 1);
}

/* Two runs, and two processes' worth of the same: nothing twice */
static void
test_again (Fixture      *f,
            gconstpointer user_data)
{
  for (guint i = 0; i < 12; i++)
    add_message (&f->home, i, T0 - 60 * SECOND);
  for (guint i = 0; i < 4; i++)
    {
      look_whole (f);
      if (i % 2 == 1)
        engine_fixture_stop (&f->engine);
    }
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 12);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM resources WHERE type = 'Communication'"), ==, 12);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM journal"), ==, 12);
}

typedef struct
{
  Fixture *f;
  gboolean once;
} Remover;

static gint64
write_removal (MwDb    *db,
               gpointer data,
               GError **error)
{
  MwRemoval removal = { .choice = MW_WAITING_KEEP };

  return mw_connections_remove (db, ((Fixture *) data)->engine.home, &removal, T0, error) ? 0 : -1;
}

/* The second page is asked for: before it is answered the connection is gone */
static void
remove_in_walk (MwFaultRequest *request,
                MwFaultReply   *reply,
                gpointer        user_data)
{
  Remover *remover = user_data;

  if (!remover->once && strstr (request->target, "offset=10") != NULL)
    {
      remover->once = TRUE;
      g_assert_cmpint (mw_store_write (remover->f->engine.store, write_removal, remover->f, NULL), ==, 0);
    }
  home_handle (request, reply, &remover->f->home);
}

static void
idle_cb (MwEngine *engine,
         gpointer  user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* What comes after the removal is not taken, and no mark says that it was; connected again, the rest comes, and once */
static void
test_removed (Fixture      *f,
              gconstpointer user_data)
{
  Remover        remover = { f, FALSE };
  MwFaultServer *server = mw_fault_server_new (remove_in_walk, &remover, NULL);
  gboolean       idle = FALSE;
  gint64         id;

  mw_fault_server_free (f->home.server);
  f->home.server = server;
  engine_fixture_set_home (&f->engine, mw_fault_server_get_url (server), "Practitioner/me");
  id = f->engine.home;
  for (guint i = 0; i < 25; i++)
    add_message (&f->home, i, T0 - 3600 * SECOND + i * 60 * SECOND);
  f->engine.options.once = TRUE;
  f->engine.engine = mw_engine_new (f->engine.store, &f->engine.options);
  g_signal_connect (f->engine.engine, "idle", G_CALLBACK (idle_cb), &idle);
  mw_engine_start (f->engine.engine);
  while (!idle)
    g_main_context_iteration (NULL, TRUE);
  engine_fixture_stop (&f->engine);
  g_assert_true (remover.once);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 10);
  g_assert_cmpint (complete (f), ==, 0);

  f->engine.options.once = FALSE;
  engine_fixture_set_home (&f->engine, mw_fault_server_get_url (server), "Practitioner/me");
  g_assert_cmpint (f->engine.home, ==, id);
  look_whole (f);
  g_assert_cmpint (engine_fixture_get (&f->engine, COUNT), ==, 25);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM journal WHERE event = 'received'"), ==, 25);
}

#define ADD(path, data, test) g_test_add ("/engine/receive/" path, Fixture, data, set_up, test, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("pages", NULL, test_pages);
  ADD ("late", NULL, test_late);
  ADD ("resume", NULL, test_resume);
  ADD ("gone", NULL, test_gone);
  ADD ("always-gone", NULL, test_always_gone);
  ADD ("no-sort", NULL, test_no_sort);
  ADD ("circle", NULL, test_circle);
  ADD ("elsewhere", NULL, test_elsewhere);
  ADD ("garbage", NULL, test_garbage);
  ADD ("cut", NULL, test_cut);
  ADD ("clock/ahead", GINT_TO_POINTER (30), test_clock);
  ADD ("clock/behind", GINT_TO_POINTER (-30), test_clock);
  ADD ("future", GINT_TO_POINTER (FALSE), test_future);
  ADD ("future/no-date", GINT_TO_POINTER (TRUE), test_future);
  ADD ("patient", NULL, test_patient);
  ADD ("again", NULL, test_again);
  ADD ("removed", NULL, test_removed);
  return g_test_run ();
}
