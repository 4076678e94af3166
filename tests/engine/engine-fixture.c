/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "engine-fixture.h"

#include "mw-connections.h"
#include "mw-endpoint-row.h"
#include "mw-identity.h"
#include "mw-journal.h"
#include "mw-json.h"
#include "mw-person.h"
#include "mw-resource-row.h"

#include <glib/gstdio.h>
#include <string.h>

/* Every wait of the engine is shorter by this much */
#define PACE 2000
/* When nothing was committed for so long, nothing will be: no wait of the engine is nearly as long at this pace */
#define STALLED_SECONDS 60

static gint64
clock_cb (gpointer user_data)
{
  EngineFixture *f = user_data;

  return g_get_real_time () + __atomic_load_n (&f->offset, __ATOMIC_SEQ_CST);
}

static gdouble
jitter_cb (gpointer user_data)
{
  return 0.5;
}

gint64
engine_fixture_now (EngineFixture *f)
{
  return clock_cb (f);
}

static void
changed_cb (MwStore *store,
            MwChange changes,
            gpointer user_data)
{
  ((EngineFixture *) user_data)->changed = TRUE;
}

static void
peer_free (gpointer data)
{
  Peer *peer = data;

  mw_fault_server_free (peer->server);
  mw_ledger_free (peer->ledger);
  g_free (peer->url);
  g_free (peer->organization);
  g_free (peer);
}

typedef struct
{
  EngineFixture      *fixture;
  Peer               *peer;
  const MwConnection *connection;
  const MwDraft      *draft;
  gint64              thread;
  const char         *sql;
  MwOutboxVerb        verb;
  gint64              item;
} Input;

static gint64
write_connection (MwDb    *db,
                  gpointer data,
                  GError **error)
{
  return mw_connections_add (db, ((Input *) data)->connection, error);
}

static gint64
write_sql (MwDb    *db,
           gpointer data,
           GError **error)
{
  mw_db_touch (db, MW_CHANGE_ITEMS | MW_CHANGE_CONNECTIONS);
  return mw_db_exec (db, ((Input *) data)->sql, error) ? 0 : -1;
}

static gint64
put (EngineFixture *f,
     MwStoreFunc    func,
     gpointer       input)
{
  g_autoptr (GError) error = NULL;
  gint64 value = mw_store_write (f->store, func, input, &error);

  g_assert_no_error (error);
  return value;
}

/* As a person at the command line would: no change notice of its own beyond those of the tables */
void
engine_fixture_sql (EngineFixture *f,
                    const char    *sql)
{
  Input input = { .sql = sql };

  put (f, write_sql, &input);
}

static gint64
write_patient (MwDb    *db,
               gpointer data,
               GError **error)
{
  static const char text[] = "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"identifier\":[{\"system\":\"urn:oid:1.2.3\",\"value\":\"4711\"}],"
                             "\"name\":[{\"family\":\"Muster\",\"given\":[\"Erika\"]}],\"birthDate\":\"1957-03-02\"}";
  EngineFixture    *f = data;
  g_autofree char  *reference = g_strconcat (f->home_url, "/Patient/p1", NULL);
  g_autoptr (GBytes) raw = g_bytes_new_static (text, strlen (text));
  MwResourceRow row = { .connection = f->home, .type = (char *) "Patient", .fhir_id = (char *) "p1", .reference = reference, .raw = raw };
  MwPerson      person = { .connection = f->home, .reference = reference, .type = (char *) "Patient", .name = (char *) "Erika Muster", .tokens = (char *) "urn:oid:1.2.3|4711", .active = TRUE };
  gboolean      changed;

  return mw_resources_put (db, &row, &changed, error) >= 0 && mw_people_put (db, &person, error) >= 0 ? 0 : -1;
}

void
engine_fixture_set_up (EngineFixture *f,
                       gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  MwConnection base = { .name = (char *) "Home", .url = (char *) "http://127.0.0.1:9/home", .home = TRUE, .me = (char *) "Practitioner/me", .auth = (char *) "open" };
  Input        input = { .connection = &base };

  f->folder = g_dir_make_tmp ("mw-engine-XXXXXX", &error);
  g_assert_no_error (error);
  f->store = mw_store_open (f->folder, &error);
  g_assert_no_error (error);
  f->db = mw_store_get_reader (f->store, &error);
  f->peers = g_ptr_array_new_with_free_func (peer_free);
  f->options = (MwEngineOptions){ .now = clock_cb, .jitter = jitter_cb, .user_data = f, .pace = PACE };
  f->watch = mw_store_watch (f->store, changed_cb, f);
  /* the tests of sending have a home that is switched off, so that nothing else is on the wire */
  f->home = put (f, write_connection, &input);
  f->home_url = g_strdup (base.url);
  engine_fixture_sql (f, "UPDATE connections SET enabled = 0 WHERE home = 1");
  put (f, write_patient, f);
}

/* A home that is there */
void
engine_fixture_set_home (EngineFixture *f,
                         const char    *url,
                         const char    *me)
{
  MwConnection base = { .name = (char *) "Home", .url = (char *) url, .home = TRUE, .me = (char *) me, .auth = (char *) "open" };
  Input        input = { .connection = &base };

  engine_fixture_sql (f, "DELETE FROM connections WHERE home = 1");
  f->home = put (f, write_connection, &input);
  g_free (f->home_url);
  f->home_url = g_strdup (url);
}

void
engine_fixture_tear_down (EngineFixture *f,
                          gconstpointer  user_data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  engine_fixture_stop (f);
  mw_store_unwatch (f->store, f->watch);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  mw_store_close (f->store);
  g_assert_finalize_object (f->store);
  g_ptr_array_unref (f->peers);
  dir = g_dir_open (f->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->home_url);
}

void
engine_fixture_start (EngineFixture *f)
{
  g_assert_null (f->engine);
  f->engine = mw_engine_new (f->store, &f->options);
  mw_engine_start (f->engine);
}

void
engine_fixture_stop (EngineFixture *f)
{
  if (f->engine == NULL)
    return;
  mw_engine_stop (f->engine);
  g_clear_object (&f->engine);
}

/* ---- peers ----------------------------------------------------------- */

static void
peer_handle (MwFaultRequest *request,
             MwFaultReply   *reply,
             gpointer        user_data)
{
  Peer *peer = user_data;

  if (peer->flags & PEER_IGNORES_IF)
    {
      g_hash_table_remove (request->headers, "if-none-exist");
      if (g_str_equal (request->method, "POST"))
        {
          gsize            size;
          const char      *data = g_bytes_get_data (request->body, &size);
          g_autofree char *text = g_strndup (data, size);
          g_auto (GStrv) parts = g_strsplit (text, "\"ifNoneExist\"", -1);
          char *joined = g_strjoinv ("\"x-ignored\"", parts);

          g_bytes_unref (request->body);
          request->body = g_bytes_new_take (joined, strlen (joined));
        }
    }
  if (peer->flags & PEER_ANSWERS_ALL && strchr (request->target, '?') != NULL)
    *strchr (request->target, '?') = '\0';
  if (peer->hook != NULL)
    peer->hook (request, reply, peer->hook_data);
  else
    mw_ledger_handle (request, reply, peer->ledger);
}

static GBytes *
capability (PeerFlags flags)
{
  static const char *const types[] = { "Communication", "Task", "ServiceRequest", "DocumentReference", "Observation", "Patient", "Organization" };
  g_autoptr (JsonNode) node = mw_resource_new ("CapabilityStatement");
  char *text;

  mw_json_set (node, "fhirVersion", "4.0.1");
  mw_json_set (node, "rest[0].mode", "server");
  if (flags & PEER_TRANSACTION)
    mw_json_set (node, "rest[0].interaction[0].code", "transaction");
  if (flags & PEER_MESSAGE)
    mw_json_set (node, "rest[0].operation[0].name", "process-message");
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      JsonNode *resource = mw_json_object_new ();

      mw_json_set (resource, "type", types[i]);
      mw_json_set (resource, "interaction[0].code", "create");
      mw_json_set (resource, "interaction[1].code", "read");
      mw_json_set (resource, "interaction[2].code", "update");
      if (flags & PEER_SEARCH)
        mw_json_set (resource, "interaction[3].code", "search-type");
      if (flags & PEER_MATCH && g_str_equal (types[i], "Patient"))
        mw_json_set (resource, "operation[+].name", "match");
      if (flags & PEER_MEMBER_MATCH && g_str_equal (types[i], "Patient"))
        mw_json_set (resource, "operation[+].name", "member-match");
      mw_json_take (resource, "conditionalCreate", json_node_init_boolean (json_node_alloc (), (flags & PEER_CONDITIONAL) != 0));
      mw_json_take (resource, "updateCreate", json_node_init_boolean (json_node_alloc (), (flags & PEER_CLIENT_IDS) != 0));
      mw_json_take (node, "rest[0].resource[+]", resource);
    }
  text = mw_json_to_text (node, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

static gint64
write_peer (MwDb    *db,
            gpointer data,
            GError **error)
{
  Input         *input = data;
  Peer          *peer = input->peer;
  EngineFixture *f = input->fixture;
  g_autoptr (GBytes) json = capability (peer->flags);
  g_autofree char *endpoint = g_strconcat (peer->organization, "-endpoint", NULL);
  g_autofree char *token_file = g_build_filename (f->folder, "token", NULL);
  g_autofree char *name = g_strdup_printf ("Peer %u", f->peers->len);
  MwConnection     connection = { .name = name,
                                  .url = peer->url,
                                  .auth = (char *) (peer->flags & PEER_TOKEN ? "token" : "open"),
                                  .token_file = peer->flags & PEER_TOKEN ? token_file : NULL };
  MwPerson         organization = { .connection = f->home, .reference = peer->organization, .type = (char *) "Organization", .name = name, .active = TRUE, .fetched = engine_fixture_now (f) };
  MwEndpoint       address = { .name = name, .status = (char *) "active", .kinds = MW_ENDPOINT_REST, .address = peer->url, .start = G_MININT64, .end = G_MAXINT64, .rank = MW_ENDPOINT_NO_RANK };
  MwEndpointRow    row = { .connection = f->home, .reference = endpoint, .endpoint = &address, .fetched = engine_fixture_now (f) };

  peer->connection = mw_connections_add (db, &connection, error);
  if (peer->connection < 0 || mw_people_put (db, &organization, error) < 0 || mw_endpoint_rows_put (db, &row, error) < 0 ||
      !mw_endpoint_rows_claim (db, NULL, endpoint, peer->organization, error))
    return -1;
  /* nobody asks for it over the wire */
  return mw_capabilities_store (db, peer->connection, json, "4.0.1", "Peer", engine_fixture_now (f), error) ? 0 : -1;
}

Peer *
engine_fixture_add_peer (EngineFixture *f,
                         PeerFlags      flags)
{
  Peer *peer = g_new0 (Peer, 1);
  Input input = { .fixture = f, .peer = peer };

  peer->fixture = f;
  peer->flags = flags;
  peer->ledger = mw_ledger_new (NULL);
  peer->server = mw_fault_server_new (peer_handle, peer, NULL);
  peer->url = g_strdup (mw_fault_server_get_url (peer->server));
  peer->organization = g_strdup_printf ("%s/Organization/%u", f->home_url, f->peers->len + 1);
  g_ptr_array_add (f->peers, peer);
  put (f, write_peer, &input);
  return peer;
}

/* ---- items ----------------------------------------------------------- */

static gint64
write_post (MwDb    *db,
            gpointer data,
            GError **error)
{
  Input *input = data;
  gint64 now = engine_fixture_now (input->fixture);
  gint64 id = mw_outbox_post (db, input->draft, 0, NULL, now, FALSE, now, error);

  if (id > 0 && input->thread > 0 && !mw_db_run (db, error, "UPDATE items SET thread = ?2 WHERE id = ?1", "ii", id, input->thread))
    return -1;
  return id;
}

/* @thread: 0 for a new one */
gint64
engine_fixture_post (EngineFixture *f,
                     Peer          *peer,
                     gint64         thread,
                     const MwDraft *draft)
{
  Input input = { .fixture = f, .draft = draft, .thread = thread };

  return put (f, write_post, &input);
}

gint64
engine_fixture_message (EngineFixture *f,
                        Peer          *peer,
                        gint64         thread,
                        const char    *text)
{
  g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_MESSAGE);

  draft->to = g_strdup (peer->organization);
  draft->to_name = g_strdup ("Peer");
  draft->note = g_strdup (text);
  return engine_fixture_post (f, peer, thread, draft);
}

static gint64
write_act (MwDb    *db,
           gpointer data,
           GError **error)
{
  Input *input = data;

  return mw_outbox_act (db, input->verb, input->item, engine_fixture_now (input->fixture), error);
}

gboolean
engine_fixture_act (EngineFixture *f,
                    MwOutboxVerb   verb,
                    gint64         item,
                    GError       **error)
{
  Input input = { .fixture = f, .verb = verb, .item = item };

  return mw_store_write (f->store, write_act, &input, error) >= 0;
}

gint64
engine_fixture_thread (EngineFixture *f,
                       gint64         item)
{
  return mw_db_get_int (f->db, 0, "SELECT thread FROM items WHERE id = ?1", "i", item);
}

/* SQL of a test is not one literal at one address, which is what kept statements go by */
gint64
engine_fixture_get (EngineFixture *f,
                    const char    *sql)
{
  g_autofree char *text = engine_fixture_get_text (f, sql);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : -1;
}

char *
engine_fixture_get_text (EngineFixture *f,
                         const char    *sql)
{
  return mw_db_get_text (f->db, g_intern_string (sql), "");
}

static char *
describe (EngineFixture *f)
{
  g_autofree char *items = engine_fixture_get_text (f, "SELECT group_concat(id || ': ' || state || ' ' || coalesce(wait, '-') || ' ' || coalesce(error_text, '-'), '; ') FROM items");
  g_autofree char *servers = engine_fixture_get_text (f, "SELECT group_concat(id || ': ' || status || ' ' || (paused_until > 0), '; ') FROM connections");

  return g_strdup_printf ("%s | %s", items, servers);
}

static gboolean
stalled_cb (gpointer user_data)
{
  g_autofree char *text = describe (user_data);

  g_error ("Nothing has happened for %d s: %s", STALLED_SECONDS, text);
  return G_SOURCE_REMOVE;
}

/* Until something was committed since f->changed was cleared */
static void
await_change (EngineFixture *f)
{
  guint stalled = g_timeout_add_seconds (STALLED_SECONDS, stalled_cb, f);

  while (!f->changed)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (stalled);
}

/* Until the query gives @value: looked at after each commit */
void
engine_fixture_wait (EngineFixture *f,
                     const char    *sql,
                     gint64         value)
{
  for (;;)
    {
      f->changed = FALSE;
      if (engine_fixture_get (f, sql) == value)
        return;
      if (g_getenv ("MW_TEST_VERBOSE") != NULL)
        {
          g_autofree char *text = describe (f);

          g_test_message ("%s", text);
        }
      await_change (f);
    }
}

void
engine_fixture_wait_state (EngineFixture *f,
                           gint64         item,
                           const char    *word)
{
  for (;;)
    {
      g_autoptr (MwItem) row = NULL;

      f->changed = FALSE;
      row = mw_items_load (f->db, item, NULL);
      if (g_str_equal (mw_item_state_word (row->state), word))
        return;
      if (mw_item_state_rule (row->state)->owner == MW_OWNER_NOBODY || row->state == MW_ITEM_ATTENTION)
        {
          g_autofree char *journal = engine_fixture_journal (f, item);

          g_error ("Item %" G_GINT64_FORMAT " is %s (%s) instead of %s after: %s", item, mw_item_state_word (row->state), row->error_text, word, journal);
        }
      await_change (f);
    }
}

/* Until the item waits for @wait; it may not leave in place of that */
void
engine_fixture_wait_held (EngineFixture *f,
                          gint64         item,
                          const char    *wait)
{
  for (;;)
    {
      g_autoptr (MwItem) row = NULL;

      f->changed = FALSE;
      row = mw_items_load (f->db, item, NULL);
      if (g_strcmp0 (row->wait, wait) == 0)
        return;
      if (row->handed_over > 0 || row->state == MW_ITEM_ATTENTION)
        g_error ("Item %" G_GINT64_FORMAT " is %s instead of waiting for “%s”", item, mw_item_state_word (row->state), wait);
      await_change (f);
    }
}

/* The events of its timeline, in order */
char *
engine_fixture_journal (EngineFixture *f,
                        gint64         item)
{
  g_autoptr (GPtrArray) lines = mw_journal_of_item (f->db, item, NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", ((MwJournalLine *) lines->pdata[i])->event);
  return g_string_free (text, FALSE);
}

/* Every item handed over to @peer had its one effect, and nothing else had one (G2) */
void
engine_fixture_assert_once (EngineFixture *f,
                            Peer          *peer)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  guint n = 0;

  g_assert_cmpuint (mw_ledger_n_doubled (peer->ledger), ==, 0);
  g_assert_true (mw_query_init (&query, f->db, NULL, "SELECT identity FROM items WHERE connection = ?1 AND state IN (5, 6, 7, 8) AND kind = 'message'", "i", peer->connection));
  while (mw_query_step (&query, NULL))
    {
      g_autofree char *identity = mw_identity_derive (mw_query_text (&query, 0), "communication");
      g_autofree char *created = g_strdup_printf ("Communication?identifier=%s|urn:uuid:%s", MW_URI_SYSTEM, identity);
      g_autofree char *put = g_strdup_printf ("PUT Communication/%s", identity);

      g_assert_cmpuint (mw_ledger_count (peer->ledger, created) + mw_ledger_count (peer->ledger, put), ==, 1);
      n++;
    }
  g_assert_cmpuint (mw_ledger_n_effects (peer->ledger), ==, n);
}
