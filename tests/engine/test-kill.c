/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A program that drains a hundred items into servers that cut connections at random is killed at two
 * hundred random points and started again each time: nothing lost, nothing doubled, nothing stuck, each
 * thread in order. A second case makes the identities change between attempts, and must see doubles. */

#include "mw-connections.h"
#include "mw-engine.h"
#include "mw-identity.h"
#include "mw-item.h"
#include "mw-json.h"
#include "mw-outbox.h"
#include "mw-endpoint-row.h"
#include "mw-person.h"
#include "mw-request.h"
#include "mw-resource-row.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_SERVERS 5
#define N_ITEMS 100
#define THREADS_PER_SERVER 5
#define PACE 2000

/* ---- the store before the first start -------------------------------- */

typedef struct
{
  char *urls[N_SERVERS];
} Plan;

/* What the five servers say that they can do, so that every way of sending is met */
static const char *const abilities[N_SERVERS] = {
  "\"conditionalCreate\":true",
  "\"conditionalCreate\":false,\"updateCreate\":true",
  "\"conditionalCreate\":false",
  "\"conditionalCreate\":true",
  "\"conditionalCreate\":true",
};
static const char *const systems[N_SERVERS] = {
  "",
  "",
  "",
  "\"interaction\":[{\"code\":\"transaction\"}],",
  "\"operation\":[{\"name\":\"process-message\"}],",
};

static GBytes *
capability (guint server)
{
  static const char *const types[] = { "Communication", "Patient", "ServiceRequest", "Task", "DocumentReference" };
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\",\"rest\":[{\"mode\":\"server\",%s\"resource\":[", systems[server]);
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    g_string_append_printf (text, "%s{\"type\":\"%s\",%s,\"interaction\":[{\"code\":\"create\"},{\"code\":\"read\"},{\"code\":\"search-type\"}]}",
                            i > 0 ? "," : "", types[i], abilities[server]);
  g_string_append (text, "]}]}");
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

static gboolean
add_server (MwDb    *db,
            gint64   home,
            guint    number,
            char    *url,
            GError **error)
{
  g_autofree char *organization = g_strdup_printf ("http://127.0.0.1:9/home/Organization/%u", number);
  g_autofree char *endpoint = g_strdup_printf ("http://127.0.0.1:9/home/Endpoint/%u", number);
  g_autoptr (GBytes) json = capability (number);
  MwConnection  connection = { .name = (char *) "Server", .url = url, .auth = (char *) "open" };
  MwPerson      who = { .connection = home, .reference = organization, .type = (char *) "Organization", .name = (char *) "Server", .active = TRUE };
  MwEndpoint    address = { .status = (char *) "active", .kinds = MW_ENDPOINT_REST, .address = url, .start = G_MININT64, .end = G_MAXINT64, .rank = 1 };
  MwEndpointRow where = { .connection = home, .reference = endpoint, .endpoint = &address, .fetched = g_get_real_time () };
  gint64        id = mw_connections_add (db, &connection, error);

  return id > 0 && mw_people_put (db, &who, error) > 0 && mw_endpoint_rows_put (db, &where, error) > 0 &&
         mw_endpoint_rows_claim (db, NULL, endpoint, organization, error) &&
         mw_capabilities_store (db, id, json, "4.0.1", "Server", g_get_real_time (), error);
}

static gboolean
add_patient (MwDb    *db,
             gint64   home,
             GError **error)
{
  static const char text[] = "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"identifier\":[{\"system\":\"urn:oid:1.2.3\",\"value\":\"4711\"}],"
                             "\"name\":[{\"family\":\"Muster\"}],\"birthDate\":\"1957-03-02\"}";
  g_autoptr (GBytes) raw = g_bytes_new_static (text, strlen (text));
  MwResourceRow row = { .connection = home, .type = (char *) "Patient", .fhir_id = (char *) "p1", .reference = (char *) "http://127.0.0.1:9/home/Patient/p1", .raw = raw };
  gboolean      changed;

  return mw_resources_put (db, &row, &changed, error) > 0;
}

static gboolean
add_item (MwDb    *db,
          guint    number,
          gint64  *thread,
          GError **error)
{
  guint  server = number % N_SERVERS;
  gint64 now = g_get_real_time ();
  g_autoptr (MwDraft) draft = mw_draft_new (server >= 3 ? MW_KIND_PUSH : MW_KIND_MESSAGE);
  gint64 id;

  draft->to = g_strdup_printf ("http://127.0.0.1:9/home/Organization/%u", server);
  draft->note = g_strdup_printf ("Number %u", number);
  if (server >= 3)
    draft->patient = g_strdup ("http://127.0.0.1:9/home/Patient/p1");
  id = mw_outbox_post (db, draft, 0, NULL, now, FALSE, now, error);
  if (id < 0)
    return FALSE;
  if (*thread == 0)
    *thread = mw_db_get_int (db, 0, "SELECT thread FROM items WHERE id = ?1", "i", id);
  return mw_db_run (db, error, "UPDATE items SET thread = ?2 WHERE id = ?1", "ii", id, *thread);
}

static gint64
write_plan (MwDb    *db,
            gpointer data,
            GError **error)
{
  Plan        *plan = data;
  MwConnection row = { .name = (char *) "Home", .url = (char *) "http://127.0.0.1:9/home", .home = TRUE, .auth = (char *) "open" };
  gint64       home = mw_connections_add (db, &row, error);
  gint64       threads[N_SERVERS * THREADS_PER_SERVER] = { 0 };

  if (home < 0 || !mw_db_exec (db, "UPDATE connections SET enabled = 0", error) || !add_patient (db, home, error))
    return -1;
  for (guint i = 0; i < N_SERVERS; i++)
    if (!add_server (db, home, i, plan->urls[i], error))
      return -1;
  for (guint i = 0; i < N_ITEMS; i++)
    if (!add_item (db, i, &threads[i % G_N_ELEMENTS (threads)], error))
      return -1;
  return 0;
}

/* ---- the program that is killed -------------------------------------- */

/* A server that fails five times on the same item is a person's affair (500: few tries), and here the person says: again */
static gint64
retry_failed (MwDb    *db,
              gpointer input,
              GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!mw_items_ids (db, MW_ITEM_VIEW_ATTENTION, NULL, ids, error))
    return -1;
  for (guint i = 0; i < ids->len; i++)
    {
      gint64           id = g_array_index (ids, gint64, i);
      g_autofree char *code = mw_db_get_text (db, "SELECT error FROM items WHERE id = ?1", "i", id);

      if (g_strcmp0 (code, "server-error") == 0 && !mw_items_retry (db, id, g_get_real_time (), error))
        return -1;
    }
  return ids->len;
}

static void
changed_cb (MwStore *store,
            MwChange changes,
            gpointer user_data)
{
  MwDb *db = mw_store_get_reader (store, NULL);

  if (mw_db_get_int (db, 0, "SELECT count(*) FROM items WHERE state = 9 AND error = 'server-error'", "") > 0)
    mw_store_write_async (store, retry_failed, NULL, NULL, NULL, NULL, NULL);
  if (mw_db_get_int (db, -1, "SELECT count(*) FROM items WHERE state NOT IN (5, 6)", "") == 0)
    g_main_loop_quit (user_data);
}

static int
drain (const char *folder)
{
  MwStore        *store = mw_store_open (folder, NULL);
  MwEngineOptions options = { .pace = PACE };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  MwEngine *engine;

  if (store == NULL)
    return 3;
  mw_store_watch (store, changed_cb, loop);
  engine = mw_engine_new (store, &options);
  if (write (STDOUT_FILENO, "up\n", 3) != 3)
    return 3;
  mw_engine_start (engine);
  changed_cb (store, MW_CHANGE_ALL, loop);
  if (mw_db_get_int (mw_store_get_reader (store, NULL), -1, "SELECT count(*) FROM items WHERE state NOT IN (5, 6)", "") > 0)
    g_main_loop_run (loop);
  mw_engine_stop (engine);
  g_object_unref (engine);
  mw_store_close (store);
  g_object_unref (store);
  return 0;
}

/* ---- the servers ----------------------------------------------------- */

typedef struct
{
  GSubprocess *process;
  char        *url;
  char        *effects;
} Server;

static char *program;
static char *ledger_program;

static char *
read_line (GSubprocess *process)
{
  g_autoptr (GString) line = g_string_new (NULL);
  char c;

  while (g_input_stream_read (g_subprocess_get_stdout_pipe (process), &c, 1, NULL, NULL) == 1 && c != '\n')
    g_string_append_c (line, c);
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static void
server_start (Server     *self,
              guint       number,
              const char *folder,
              double      rate,
              gboolean    strict)
{
  g_autofree char *seed = g_strdup_printf ("--seed=%u", 100 + number);
  g_autofree char *faults = g_strdup_printf ("--fault-rate=%g", rate);
  g_autofree char *effects = NULL;
  g_autoptr (GError) error = NULL;

  self->effects = g_strdup_printf ("%s/effects-%u", folder, number);
  effects = g_strconcat ("--effects-file=", self->effects, NULL);
  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                                    ledger_program, seed, faults, effects, strict ? NULL : "--ignore-conditions", NULL);
  g_assert_no_error (error);
  self->url = read_line (self->process);
  g_assert_true (g_str_has_prefix (self->url, "http://"));
}

static void
server_stop (Server *self)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
  g_free (self->url);
  g_free (self->effects);
}

/* ---- what must have happened ----------------------------------------- */

typedef struct
{
  guint lost;
  guint doubled;
  guint strange;
  guint disordered;
  guint stuck;
} Verdict;

/* The effects that a request must have: by the identifiers in what it sends */
static void
expect_resource (GPtrArray  *expected,
                 JsonNode   *resource,
                 const char *method,
                 const char *url)
{
  if (g_str_equal (method, "PUT"))
    g_ptr_array_add (expected, g_strdup_printf ("PUT %s", url));
  else
    g_ptr_array_add (expected, g_strdup_printf ("%s?identifier=%s|%s", mw_resource_type (resource), mw_json_string (resource, "identifier[0].system"),
                                                mw_json_string (resource, "identifier[0].value")));
}

static GPtrArray *
expected_of (GPtrArray *requests)
{
  GPtrArray *expected = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < requests->len; i++)
    {
      MwRequest  *request = g_ptr_array_index (requests, i);
      gsize       size;
      const char *data = g_bytes_get_data (request->body, &size);
      g_autoptr (JsonNode) body = mw_json_parse (data, (gssize) size, NULL);

      if (g_str_equal (request->url, "$process-message"))
        g_ptr_array_add (expected, g_strdup_printf ("message:%s", request->identity));
      else if (mw_resource_is (body, "Bundle"))
        for (guint k = 0; k < mw_json_length (body, "entry"); k++)
          expect_resource (expected, mw_json_get (mw_json_item (body, "entry", k), "resource"), "POST", NULL);
      else
        expect_resource (expected, body, request->method, request->url);
    }
  return expected;
}

static gint
index_of (GStrv       lines,
          const char *line)
{
  for (gint i = 0; lines[i] != NULL; i++)
    if (g_str_equal (lines[i], line))
      return i;
  return -1;
}

static guint
times (GStrv       lines,
       const char *line)
{
  guint n = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    n += g_str_equal (lines[i], line);
  return n;
}

static void
judge_server (MwDb       *db,
              const char *url,
              GStrv       effects,
              Verdict    *verdict)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64 thread = 0;
  gint   last = -1;

  g_assert_true (mw_query_init (&query, db, NULL,
                                "SELECT i.id, i.thread FROM items AS i JOIN connections AS c ON c.id = i.connection WHERE c.url = ?1 ORDER BY i.thread, i.saved, i.id", "s", url));
  while (mw_query_step (&query, NULL))
    {
      g_autoptr (GPtrArray) requests = mw_requests_of_item (db, mw_query_int (&query, 0), NULL);
      g_autoptr (GPtrArray) expected = expected_of (requests);
      gint at = -1;

      if (mw_query_int (&query, 1) != thread)
        last = -1;
      thread = mw_query_int (&query, 1);
      for (guint i = 0; i < expected->len; i++)
        {
          const char *effect = g_ptr_array_index (expected, i);

          verdict->lost += times (effects, effect) == 0;
          /* one patient for all: the first brings it along */
          at = g_str_has_prefix (effect, "Patient") ? at : index_of (effects, effect);
          g_hash_table_add (known, g_strdup (effect));
        }
      verdict->disordered += at < last;
      last = at;
    }
  for (guint i = 0; effects[i] != NULL; i++)
    if (effects[i][0] != '\0')
      {
        verdict->doubled += times (effects, effects[i]) > 1;
        verdict->strange += !g_hash_table_contains (known, effects[i]);
      }
}

static Verdict
judge (const char *folder,
       Server     *servers)
{
  g_autofree char *path = g_build_filename (folder, "meanwhile.db", NULL);
  MwDb            *db = mw_db_open (path, MW_DB_READ_ONLY, NULL);
  Verdict          verdict = { 0 };

  verdict.stuck = (guint) mw_db_get_int (db, -1, "SELECT count(*) FROM items WHERE state NOT IN (5, 6)", "");
  g_assert_cmpint (mw_db_get_int (db, -1, "SELECT count(*) FROM items", ""), ==, N_ITEMS);
  for (guint i = 0; i < N_SERVERS; i++)
    {
      g_autofree char *text = NULL;
      g_auto (GStrv) effects = NULL;

      g_assert_true (g_file_get_contents (servers[i].effects, &text, NULL, NULL));
      effects = g_strsplit (text, "\n", -1);
      judge_server (db, servers[i].url, effects, &verdict);
    }
  g_test_message ("%" G_GINT64_FORMAT " attempts, %" G_GINT64_FORMAT " of them killed", mw_db_get_int (db, 0, "SELECT count(*) FROM attempts", ""),
                  mw_db_get_int (db, 0, "SELECT count(*) FROM attempts WHERE outcome = 'died'", ""));
  mw_db_close (db);
  return verdict;
}

/* ---- the run --------------------------------------------------------- */

typedef struct
{
  guint    kills;
  gboolean forget; /* identities change between attempts */
} Case;

/* What a program would do that chose an identity anew for each attempt */
static void
change_identities (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "meanwhile.db", NULL);
  MwDb            *db = mw_db_open (path, MW_DB_READ_WRITE, NULL);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  {
    g_auto (MwQuery) query = MW_QUERY_INIT;

    mw_query_init (&query, db, NULL, "SELECT id FROM requests WHERE state IN (1, 3)", "");
    while (mw_query_step (&query, NULL))
      {
        gint64 id = mw_query_int (&query, 0);

        g_array_append_val (ids, id);
      }
  }
  mw_db_exec (db, "BEGIN IMMEDIATE", NULL);
  for (guint i = 0; i < ids->len; i++)
    {
      gint64           id = g_array_index (ids, gint64, i);
      g_autofree char *old = mw_db_get_text (db, "SELECT identity FROM requests WHERE id = ?1", "i", id);
      g_autofree char *new = g_uuid_string_random ();

      g_assert_true (mw_db_run (db, NULL,
                                "UPDATE requests SET identity = ?3, url = replace(url, ?2, ?3), if_none_exist = replace(if_none_exist, ?2, ?3), "
                                "lookup = replace(lookup, ?2, ?3), body = CAST(replace(CAST(body AS TEXT), ?2, ?3) AS BLOB) WHERE id = ?1",
                                "iss", id, old, new));
    }
  mw_db_exec (db, "COMMIT", NULL);
  mw_db_close (db);
}

static void
kill_and_restart (const char *folder,
                  GRand      *rand,
                  const Case *c,
                  guint      *kills,
                  guint      *rounds)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--drain", folder, NULL);
  g_autofree char *up = NULL;

  g_assert_no_error (error);
  (*rounds)++;
  up = read_line (child);
  g_assert_cmpstr (up, ==, "up");
  if (*kills < c->kills)
    {
      /* the one wait of these tests: the point at which it dies is a matter of time */
      g_usleep ((gulong) g_rand_int_range (rand, 5 * 1000, 150 * 1000));
      g_subprocess_force_exit (child);
      (*kills)++;
    }
  g_subprocess_wait (child, NULL, NULL);
  if (c->forget)
    change_identities (folder);
}

static gint64
unfinished (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "meanwhile.db", NULL);
  MwDb            *db = mw_db_open (path, MW_DB_READ_ONLY, NULL);
  gint64           n = mw_db_get_int (db, -1, "SELECT count(*) FROM items WHERE state NOT IN (5, 6)", "");

  mw_db_close (db);
  return n;
}

static void
remove_all (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (folder);
}

/* Until all is handed over; the kills that are left then meet another hundred */
static Verdict
run (const Case *c,
     guint32     seed,
     guint      *kills)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autofree char *folder = g_dir_make_tmp ("mw-kill-XXXXXX", NULL);
  Server           servers[N_SERVERS] = { 0 };
  Plan             plan;
  Verdict          verdict;
  guint            rounds = 0;
  g_autoptr (GError) error = NULL;
  MwStore *store;

  for (guint i = 0; i < N_SERVERS; i++)
    {
      /* the third one ignores conditions: only looking up saves it from doubles */
      server_start (&servers[i], i, folder, 0.25, i != 2);
      plan.urls[i] = servers[i].url;
    }
  store = mw_store_open (folder, &error);
  g_assert_no_error (error);
  mw_store_write (store, write_plan, &plan, &error);
  g_assert_no_error (error);
  mw_store_close (store);
  g_object_unref (store);
  while (unfinished (folder) > 0)
    kill_and_restart (folder, rand, c, kills, &rounds);
  g_test_message ("%u starts", rounds);
  verdict = judge (folder, servers);
  for (guint i = 0; i < N_SERVERS; i++)
    server_stop (&servers[i]);
  remove_all (folder);
  return verdict;
}

static guint32
seed_of_run (void)
{
  guint32 seed = g_getenv ("MW_TEST_SEED") != NULL ? (guint32) g_ascii_strtoull (g_getenv ("MW_TEST_SEED"), NULL, 10) : 2026;

  g_test_message ("seed %u", seed);
  return seed;
}

static void
test_kill (void)
{
  guint32 seed = seed_of_run ();
  Case    c = { 200, FALSE };
  guint   kills = 0;

  if (g_getenv ("MW_TEST_KILLS") != NULL)
    c.kills = (guint) g_ascii_strtoull (g_getenv ("MW_TEST_KILLS"), NULL, 10);
  for (guint n = 0; kills < c.kills; n++)
    {
      Verdict v = run (&c, seed + n, &kills);

      g_test_message ("%u kills; lost %u, doubled %u, strange %u, out of order %u, stuck %u", kills, v.lost, v.doubled, v.strange, v.disordered, v.stuck);
      g_assert_cmpuint (v.lost, ==, 0);
      g_assert_cmpuint (v.doubled, ==, 0);
      g_assert_cmpuint (v.strange, ==, 0);
      g_assert_cmpuint (v.disordered, ==, 0);
      g_assert_cmpuint (v.stuck, ==, 0);
    }
}

/* The same with identities that change: the effects of the first attempts are nobody's any more */
static void
test_teeth (void)
{
  Case  c = { 60, TRUE };
  guint strange = 0;

  /* on a slow day the kills may all come before anything has left: then another day is tried */
  for (guint32 day = 0; day < 5 && strange == 0; day++)
    {
      guint   kills = 0;
      Verdict v = run (&c, seed_of_run () + day, &kills);

      strange = v.strange;
    }
  g_test_message ("strange %u", strange);
  g_assert_cmpuint (strange, >, 0);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--drain"))
    return drain (argv[2]);
  program = g_file_read_link ("/proc/self/exe", NULL);
  g_test_init (&argc, &argv, NULL);
  ledger_program = g_strdup (g_getenv ("MW_TEST_LEDGER_SERVER"));
  g_assert_nonnull (ledger_program);
  g_test_add_func ("/engine/kill", test_kill);
  g_test_add_func ("/engine/kill/teeth", test_teeth);
  return g_test_run ();
}
