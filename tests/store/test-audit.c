/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the audit records, and how its chain grows */

#include "audit-fixture.h"

#include "mw-connections.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

/* ---- the chain ------------------------------------------------------- */

static void
test_hash (void)
{
  /* computed by hand, outside of this program: printf '17:meanwhile-audit-1,1:1,2:42,1:a,7:login:b,5:saved,-,-,-,-,-,-,3:201,2:it,64:0…0,' | sha256sum */
  MwAuditRow row = {
    .id = 1,
    .at = 42,
    .actor = (char *) "a",
    .agent = (char *) "login:b",
    .event = (char *) "saved",
    .http_status = 201,
    .detail = (char *) "it",
    .previous = (char *) MW_AUDIT_NO_PREVIOUS,
  };
  g_autofree char *hash = mw_audit_hash (&row);

  g_assert_cmpstr (hash, ==, "75dfe68dbe61f37a3a12b48f27c390896be24bcc96a09f1a8df7c68db54dea50");
}

static void
test_chain (void)
{
  char            *folder = folder_with_five ();
  MwAuditReport    report = verify (folder, NULL);
  g_autofree char *path = g_build_filename (folder, "audit-head", NULL);
  g_autofree char *text = NULL;
  g_autofree char *expected = NULL;
  GStatBuf         info;

  g_assert_cmpint (report.verdict, ==, MW_AUDIT_WHOLE);
  g_assert_cmpint (report.count, ==, 5);
  g_assert_cmpint (report.head.count, ==, 5);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  expected = g_strdup_printf ("00000000000000000005 %s\n", report.head.hash);
  g_assert_cmpstr (text, ==, expected);
  add_one_more (folder);
  assert_verdict (folder, MW_AUDIT_WHOLE, 0);
  test_folder_remove (folder);
}

static void
test_empty (void)
{
  char *folder = test_folder_new ();
  g_autoptr (MwStore) store = mw_store_open (folder, NULL);

  mw_store_close (store);
  assert_verdict (folder, MW_AUDIT_WHOLE, 0);
  test_folder_remove (folder);
}

static void
test_append_only (DbFixture    *f,
                  gconstpointer user_data)
{
  static const char *const attacks[] = {
    "UPDATE audit SET detail = 'other' WHERE id = 1",
    "DELETE FROM audit WHERE id = 2",
    "DELETE FROM audit",
    "INSERT OR REPLACE INTO audit (id, at, actor, agent, event, previous, hash) VALUES (2, 1, 'a', 'b', 'c', 'd', 'e')",
  };

  add_row (f->db, "one");
  add_row (f->db, "two");
  for (gsize i = 0; i < G_N_ELEMENTS (attacks); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (mw_db_exec (f->db, attacks[i], &error));
      g_assert_nonnull (error);
    }
  g_assert_cmpint (mw_db_get_int (f->db, 0, "SELECT count(*) FROM audit WHERE detail IN ('one', 'two')", ""), ==, 2);
}

/* A row and what it records are one transaction: neither is there without the other */
static gint64
run_fail (MwDb    *db,
          gpointer input,
          GError **error)
{
  add_row (db, "gone");
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "Too late");
  return -1;
}

static void
test_rolled_back (void)
{
  char *folder = folder_with_five ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MwStore) store = mw_store_open (folder, &error);

  g_assert_cmpint (mw_store_write (store, run_fail, NULL, &error), ==, -1);
  mw_store_close (store);
  assert_verdict (folder, MW_AUDIT_WHOLE, 0);
  g_assert_cmpint (verify (folder, NULL).count, ==, 5);
  test_folder_remove (folder);
}

/* ---- what is recorded ------------------------------------------------ */

static char *
events (MwDb *db)
{
  return mw_db_get_text (db, "SELECT group_concat(event || coalesce(':' || detail, ''), ' ') FROM (SELECT event, detail FROM audit ORDER BY id)", "");
}

static void
test_persons_acts (DbFixture    *f,
                   gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  MwConnection connection = {
    .name = (char *) "Home",
    .url = (char *) "https://home.example/fhir",
    .home = TRUE,
    .me = (char *) "Practitioner/12",
    .auth = (char *) "token",
  };
  gint64           home = mw_connections_add (f->db, &connection, &error);
  gint64           item = test_item_new (f->db, 0, 10);
  g_autofree char *identity = mw_db_get_text (f->db, "SELECT identity FROM items WHERE id = ?1", "i", item);
  g_autofree char *login = g_strconcat ("login:", g_get_user_name (), NULL);
  g_autofree char *all = NULL, *actor = NULL, *agent = NULL, *url = NULL;

  mw_connections_add (f->db, &connection, &error);
  mw_connections_set_enabled (f->db, home, FALSE, &error);
  mw_connections_set_enabled (f->db, home, FALSE, &error);
  mw_connections_set_enabled (f->db, home, TRUE, &error);
  mw_connections_rename (f->db, home, "Practice", &error);
  mw_items_save (f->db, item, 20, FALSE, 11, &error);
  mw_items_undo (f->db, item, 12, &error);
  mw_items_save (f->db, item, 20, TRUE, 13, &error);
  mw_items_send_now (f->db, item, 14, &error);
  mw_items_edit (f->db, item, 15, &error);
  mw_items_save (f->db, item, 20, FALSE, 16, &error);
  mw_items_withdraw (f->db, item, 17, &error);
  mw_items_discard (f->db, item, 18, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mw_db_get_int (f->db, -1, "SELECT count(*) FROM items", ""), ==, 0);
  all = events (f->db);
  g_assert_cmpstr (all, ==,
                   "connection-added connection-changed:again connection-changed:off connection-changed:on connection-changed:renamed "
                   "saved:message undone:message scheduled:message sent-now:message edited:message saved:message withdrawn:message discarded:message");
  /* the item is gone; what was done with it stays */
  g_assert_cmpint (mw_db_get_int (f->db, -1, "SELECT count(*) FROM audit WHERE item = ?1", "s", identity), ==, 8);
  actor = mw_db_get_text (f->db, "SELECT DISTINCT actor FROM audit", "");
  agent = mw_db_get_text (f->db, "SELECT DISTINCT agent FROM audit", "");
  url = mw_db_get_text (f->db, "SELECT connection || ' ' || authority FROM audit WHERE id = 1", "");
  g_assert_cmpstr (actor, ==, "https://home.example/fhir/Practitioner/12");
  g_assert_cmpstr (agent, ==, login);
  g_assert_cmpstr (url, ==, "https://home.example/fhir token");
}

/* A draft that nobody saved was never to leave */
static void
test_draft_leaves_no_trace (DbFixture    *f,
                            gconstpointer user_data)
{
  gint64 item = test_item_new (f->db, 0, 10);

  g_assert_true (mw_items_discard (f->db, item, 11, NULL));
  g_assert_cmpint (mw_db_get_int (f->db, -1, "SELECT count(*) FROM audit", ""), ==, 0);
}

static void
test_who (DbFixture    *f,
          gconstpointer user_data)
{
  g_autofree char *login = mw_audit_agent ();
  g_autofree char *nobody = mw_audit_actor (f->db);
  g_autofree char *patient = NULL;
  MwConnection     connection = {
        .name = (char *) "Home",
        .url = (char *) "https://home.example/fhir",
        .home = TRUE,
        .me = (char *) "Patient/meyer",
        .auth = (char *) "open",
  };

  g_assert_cmpstr (nobody, ==, login);
  g_assert_cmpint (mw_connections_add (f->db, &connection, NULL), >, 0);
  patient = mw_audit_actor (f->db);
  g_assert_cmpstr (patient, ==, login);
}

static void
test_request (void)
{
  static const struct
  {
    const char *method;
    const char *url;
    const char *expected;
  } cases[] = {
    { "POST", "", "POST [base]" },
    { "POST", "Communication", "POST Communication" },
    { "PUT", "Task/17", "PUT Task/[id]" },
    { "PUT", "https://a.example/fhir/Task/17", "PUT Task/[id]" },
    { "POST", "https://a.example/fhir", "POST [base]" },
    { "POST", "https://a.example/fhirs/Task", "POST [other]" },
    { "POST", "$process-message", "POST $process-message" },
    { "POST", "Patient/Meyer/$everything?name=Meyer", "POST Patient/[id]/$everything?[query]" },
    { "GET", "Patient?identifier=http%3A%2F%2Fmrn%7C123", "GET Patient?[query]" },
    { "GET", "Task/17/_history/3", "GET Task/[id]/_history/[id]" },
    { "GET", "Patient/$Meyer", "GET Patient/[id]" },
    { "GET", "meyer/1970-01-01", "GET [other]/[id]" },
    { "POST", "https://other.example/Patient/Meyer", "POST [other]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = mw_audit_request (cases[i].method, cases[i].url, "https://a.example/fhir");

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

/* Leaving the sandbox empties the store, but not the audit */
static gint64
run_sandbox (MwDb    *db,
             gpointer input,
             GError **error)
{
  MwConnection connection = {
    .name = (char *) "Sandbox",
    .url = (char *) "http://127.0.0.1:9/fhir",
    .home = TRUE,
    .auth = (char *) "open",
    .sandbox = TRUE,
  };

  return mw_connections_add (db, &connection, error);
}

static void
test_emptied (void)
{
  char *folder = folder_with_five ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MwStore) store = mw_store_open (folder, &error);
  g_autofree char *last = NULL;

  g_assert_cmpint (mw_store_write (store, run_sandbox, NULL, &error), >, 0);
  g_assert_true (mw_store_forget_all (store, &error));
  g_assert_no_error (error);
  last = mw_db_get_text (mw_store_get_reader (store, NULL), "SELECT event FROM audit WHERE id = 7", "");
  g_assert_cmpstr (last, ==, "emptied");
  mw_store_close (store);
  assert_verdict (folder, MW_AUDIT_WHOLE, 0);
  test_folder_remove (folder);
}

/* A database that is set aside takes the head of its chain along */
static void
test_set_aside (void)
{
  char *folder = folder_with_five ();
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = mw_store_set_aside (folder, &error);

  g_assert_nonnull (aside);
  add_one_more (folder);
  assert_verdict (folder, MW_AUDIT_WHOLE, 0);
  test_folder_remove (folder);
}

/* A folder of the version before the audit gets one that is whole, and everything that came after it */
static void
test_migrated (void)
{
  char            *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "meanwhile.db", NULL);
  g_autoptr (GBytes) first = g_resources_lookup_data ("/health/meanwhile/store/001-beginning.sql", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  sqlite3 *handle = NULL;

  g_assert_nonnull (first);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, g_bytes_get_data (first, NULL), NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, "PRAGMA user_version = 1", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  add_one_more (folder);
  assert_verdict (folder, MW_AUDIT_WHOLE, 0);
  test_folder_remove (folder);
}

static void
test_filter (DbFixture    *f,
             gconstpointer user_data)
{
  MwAuditFilter filter = { .item = ITEM };
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  MwAuditEvent other = { .at = 2000, .actor = "a", .agent = "b", .event = MW_AUDIT_LEFT };

  add_row (f->db, "one");
  g_assert_true (mw_audit_add (f->db, &other, NULL));
  add_row (f->db, "two");
  g_assert_true (mw_audit_ids (f->db, &filter, ids, NULL));
  g_assert_cmpint (ids->len, ==, 2);
  g_assert_cmpint (g_array_index (ids, gint64, 0), ==, 3);
  g_array_set_size (ids, 0);
  filter = (MwAuditFilter){ .to = 2001 };
  g_assert_true (mw_audit_ids (f->db, &filter, ids, NULL));
  g_assert_cmpint (ids->len, ==, 1);
  g_array_set_size (ids, 0);
  filter = (MwAuditFilter){ .from = 2001 };
  g_assert_true (mw_audit_ids (f->db, &filter, ids, NULL));
  g_assert_cmpint (ids->len, ==, 2);
  g_array_set_size (ids, 0);
  filter = (MwAuditFilter){ .sends = TRUE };
  g_assert_true (mw_audit_ids (f->db, &filter, ids, NULL));
  g_assert_cmpint (ids->len, ==, 1);
  g_array_set_size (ids, 0);
  filter = (MwAuditFilter){ .limit = 1 };
  g_assert_true (mw_audit_ids (f->db, &filter, ids, NULL));
  g_assert_cmpint (ids->len, ==, 1);
  g_assert_cmpint (g_array_index (ids, gint64, 0), ==, 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, DbFixture, NULL, db_fixture_set_up, func, db_fixture_tear_down)

  g_test_add_func ("/store/audit/hash", test_hash);
  g_test_add_func ("/store/audit/chain", test_chain);
  g_test_add_func ("/store/audit/empty", test_empty);
  ADD ("/store/audit/append-only", test_append_only);
  g_test_add_func ("/store/audit/rolled-back", test_rolled_back);
  ADD ("/store/audit/persons-acts", test_persons_acts);
  ADD ("/store/audit/draft-leaves-no-trace", test_draft_leaves_no_trace);
  ADD ("/store/audit/who", test_who);
  g_test_add_func ("/store/audit/request", test_request);
  g_test_add_func ("/store/audit/emptied", test_emptied);
  g_test_add_func ("/store/audit/set-aside", test_set_aside);
  g_test_add_func ("/store/audit/migrated", test_migrated);
  ADD ("/store/audit/filter", test_filter);

  return g_test_run ();
}
