/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "store-fixture.h"

#include "mw-audit-note.h"
#include "mw-audit-verify.h"
#include "mw-connections.h"
#include "mw-entry.h"
#include "mw-request.h"
#include "mw-schema.h"
#include "mw-threads.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define ITEM "11111111-2222-4333-8444-555555555555"

/* What somebody does to the file with a tool of their own: no trigger stands in the way */
static void
tamper (const char *folder,
        const char *sql)
{
  g_autofree char *path = g_build_filename (folder, "meanwhile.db", NULL);
  g_autofree char *script = g_strconcat ("DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; DROP TRIGGER audit_no_replace;", sql, NULL);
  sqlite3         *handle = NULL;
  char            *message = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  sqlite3_exec (handle, script, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  sqlite3_close (handle);
}

static void
add_row (MwDb       *db,
         const char *detail)
{
  g_autoptr (GError) error = NULL;
  MwAuditEvent event = {
    .at = 1700000000000000,
    .actor = "https://home.example/fhir/Practitioner/12",
    .agent = "login:rossi",
    .event = MW_AUDIT_SAVED,
    .item = ITEM,
    .detail = detail,
  };

  g_assert_true (mw_audit_add (db, &event, &error));
  g_assert_no_error (error);
}

static gint64
run_add_five (MwDb    *db,
              gpointer input,
              GError **error)
{
  static const char *const details[] = { "one", "two", "three", "four", "five" };

  for (gsize i = 0; i < G_N_ELEMENTS (details); i++)
    add_row (db, details[i]);
  return 0;
}

static gint64
run_add_one (MwDb    *db,
             gpointer input,
             GError **error)
{
  add_row (db, "later");
  return 0;
}

/* A data folder with five rows, closed again */
static char *
folder_with_five (void)
{
  char *folder = test_folder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MwStore) store = mw_store_open (folder, &error);

  g_assert_no_error (error);
  mw_store_write (store, run_add_five, NULL, &error);
  g_assert_no_error (error);
  mw_store_close (store);
  return folder;
}

static void
add_one_more (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwStore) store = mw_store_open (folder, &error);

  g_assert_no_error (error);
  mw_store_write (store, run_add_one, NULL, &error);
  g_assert_no_error (error);
  mw_store_close (store);
}

static MwAuditReport
verify (const char        *folder,
        const MwAuditHead *copy)
{
  g_autofree char *path = g_build_filename (folder, "meanwhile.db", NULL);
  g_autoptr (GError) error = NULL;
  MwDb         *db = mw_db_open (path, MW_DB_READ_ONLY, &error);
  MwAuditReport report;

  g_assert_no_error (error);
  g_assert_true (mw_audit_verify (db, folder, copy, &report, &error));
  g_assert_no_error (error);
  mw_db_close (db);
  return report;
}

static void
assert_verdict (const char    *folder,
                MwAuditVerdict verdict,
                gint64         row)
{
  MwAuditReport report = verify (folder, NULL);

  g_assert_cmpstr (mw_audit_verdict_word (report.verdict), ==, mw_audit_verdict_word (verdict));
  g_assert_cmpint (report.row, ==, row);
}

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

/* ---- tampering ------------------------------------------------------- */

typedef struct
{
  const char    *path;
  const char    *sql;
  MwAuditVerdict verdict;
  gint64         row;
} Attack;

static const Attack attacks[] = {
  { "/store/audit/changed/detail", "UPDATE audit SET detail = 'x' WHERE id = 3", MW_AUDIT_CHANGED, 3 },
  { "/store/audit/changed/time", "UPDATE audit SET at = at + 1 WHERE id = 1", MW_AUDIT_CHANGED, 1 },
  { "/store/audit/changed/actor", "UPDATE audit SET actor = 'https://home.example/fhir/Practitioner/13' WHERE id = 5", MW_AUDIT_CHANGED, 5 },
  { "/store/audit/changed/agent", "UPDATE audit SET agent = 'engine' WHERE id = 2", MW_AUDIT_CHANGED, 2 },
  { "/store/audit/changed/event", "UPDATE audit SET event = 'left' WHERE id = 2", MW_AUDIT_CHANGED, 2 },
  { "/store/audit/changed/item", "UPDATE audit SET item = NULL WHERE id = 2", MW_AUDIT_CHANGED, 2 },
  { "/store/audit/changed/entry", "UPDATE audit SET entry = 'abc' WHERE id = 2", MW_AUDIT_CHANGED, 2 },
  { "/store/audit/changed/connection", "UPDATE audit SET connection = 'https://x' WHERE id = 2", MW_AUDIT_CHANGED, 2 },
  { "/store/audit/changed/authority", "UPDATE audit SET authority = 'open' WHERE id = 2", MW_AUDIT_CHANGED, 2 },
  { "/store/audit/changed/request", "UPDATE audit SET request = 'POST Task' WHERE id = 2", MW_AUDIT_CHANGED, 2 },
  { "/store/audit/changed/digest", "UPDATE audit SET body_digest = '00' WHERE id = 2", MW_AUDIT_CHANGED, 2 },
  { "/store/audit/changed/status", "UPDATE audit SET http_status = 201 WHERE id = 2", MW_AUDIT_CHANGED, 2 },
  { "/store/audit/changed/fields-moved", "UPDATE audit SET item = item || detail, detail = NULL WHERE id = 4", MW_AUDIT_CHANGED, 4 },
  { "/store/audit/changed/previous", "UPDATE audit SET previous = hash WHERE id = 4", MW_AUDIT_CHANGED, 4 },
  { "/store/audit/changed/hash", "UPDATE audit SET hash = '" MW_AUDIT_NO_PREVIOUS "' WHERE id = 5", MW_AUDIT_CHANGED, 5 },
  { "/store/audit/removed/first", "DELETE FROM audit WHERE id = 1", MW_AUDIT_MISSING, 1 },
  { "/store/audit/removed/middle", "DELETE FROM audit WHERE id = 3", MW_AUDIT_MISSING, 3 },
  { "/store/audit/removed/middle-renumbered", "DELETE FROM audit WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 4; UPDATE audit SET id = 4 WHERE id = 5",
    MW_AUDIT_CHANGED, 3 },
  { "/store/audit/removed/end", "DELETE FROM audit WHERE id = 5", MW_AUDIT_CUT_OFF, 5 },
  { "/store/audit/removed/all", "DELETE FROM audit", MW_AUDIT_CUT_OFF, 1 },
  { "/store/audit/removed/all-and-head", "DELETE FROM audit; DELETE FROM settings", MW_AUDIT_CUT_OFF, 1 },
  { "/store/audit/removed/end-and-head-put-back",
    "DELETE FROM audit WHERE id > 3; UPDATE settings SET value = printf('%020d %s', 3, (SELECT hash FROM audit WHERE id = 3)) || char(10) "
    "WHERE key = 'audit.head'",
    MW_AUDIT_CUT_OFF, 4 },
  { "/store/audit/swapped",
    "UPDATE audit SET id = 100 WHERE id = 2; UPDATE audit SET id = 2 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 100", MW_AUDIT_CHANGED, 2 },
  { "/store/audit/inserted/before", "INSERT INTO audit SELECT 0, at, actor, agent, event, item, entry, connection, authority, request, body_digest, "
                                    "http_status, detail, previous, hash FROM audit WHERE id = 1",
    MW_AUDIT_ADDED, 0 },
  { "/store/audit/inserted/copy", "INSERT INTO audit SELECT 6, at, actor, agent, event, item, entry, connection, authority, request, body_digest, "
                                  "http_status, detail, previous, hash FROM audit WHERE id = 5",
    MW_AUDIT_CHANGED, 6 },
  { "/store/audit/head/removed", "DELETE FROM settings WHERE key = 'audit.head'", MW_AUDIT_HEAD, 0 },
  { "/store/audit/head/changed", "UPDATE settings SET value = printf('%020d %s', 5, '" MW_AUDIT_NO_PREVIOUS "') || char(10) WHERE key = 'audit.head'",
    MW_AUDIT_HEAD, 5 },
};

static void
test_tampered (gconstpointer user_data)
{
  const Attack *attack = user_data;
  char         *folder = folder_with_five ();

  assert_verdict (folder, MW_AUDIT_WHOLE, 0);
  tamper (folder, attack->sql);
  assert_verdict (folder, attack->verdict, attack->row);
  test_folder_remove (folder);
}

/* Whoever knows how a row is hashed can make one that looks right by itself: the rows around it tell */
static void
forge (const char *folder,
       gint64      id,
       const char *previous,
       gboolean    insert)
{
  MwAuditRow row = {
    .id = id,
    .at = 1,
    .actor = (char *) "a",
    .agent = (char *) "b",
    .event = (char *) "saved",
    .previous = (char *) previous,
  };
  g_autofree char *hash = mw_audit_hash (&row);
  g_autofree char *sql = NULL;

  if (insert)
    sql = g_strdup_printf ("INSERT INTO audit (id, at, actor, agent, event, previous, hash) VALUES (%d, 1, 'a', 'b', 'saved', '%s', '%s')", (int) id,
                           previous, hash);
  else
    sql = g_strdup_printf ("UPDATE audit SET at = 1, actor = 'a', agent = 'b', event = 'saved', item = NULL, detail = NULL, hash = '%s' WHERE id = %d",
                           hash, (int) id);
  tamper (folder, sql);
}

static char *
hash_of (const char *folder,
         gint64      id)
{
  g_autofree char *path = g_build_filename (folder, "meanwhile.db", NULL);
  MwDb            *db = mw_db_open (path, MW_DB_READ_ONLY, NULL);
  char            *hash = mw_db_get_text (db, "SELECT hash FROM audit WHERE id = ?1", "i", id);

  mw_db_close (db);
  return hash;
}

static void
test_forged (void)
{
  char            *folder = folder_with_five ();
  g_autofree char *second = hash_of (folder, 2);

  forge (folder, 3, second, FALSE);
  assert_verdict (folder, MW_AUDIT_BROKEN, 4);
  test_folder_remove (folder);
}

static void
test_forged_end (void)
{
  char            *folder = folder_with_five ();
  g_autofree char *last = hash_of (folder, 5);

  forge (folder, 6, last, TRUE);
  assert_verdict (folder, MW_AUDIT_ADDED, 6);
  test_folder_remove (folder);
}

/* Rows that come later do not heal a cut */
static void
test_cut_then_written (void)
{
  char *folder = folder_with_five ();

  tamper (folder, "DELETE FROM audit WHERE id > 3");
  add_one_more (folder);
  assert_verdict (folder, MW_AUDIT_MISSING, 4);
  test_folder_remove (folder);
}

/* Nor when the head in the database was put back as well: the file stays behind as a witness */
static void
test_put_back_then_written (void)
{
  char *folder = folder_with_five ();

  tamper (folder, "DELETE FROM audit WHERE id > 3; UPDATE settings SET value = printf('%020d %s', 3, (SELECT hash FROM audit WHERE id = 3)) || char(10) "
                  "WHERE key = 'audit.head'");
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MwStore) store = mw_store_open (folder, &error);

      g_assert_no_error (error);
      mw_store_write (store, run_add_one, NULL, &error);
      g_assert_no_error (error);
      mw_store_close (store);
    }
  assert_verdict (folder, MW_AUDIT_FILE_DIFFERS, 5);
  test_folder_remove (folder);
}

static void
test_file_removed (void)
{
  char            *folder = folder_with_five ();
  g_autofree char *path = g_build_filename (folder, "audit-head", NULL);

  g_assert_cmpint (g_remove (path), ==, 0);
  assert_verdict (folder, MW_AUDIT_FILE_MISSING, 0);
  add_one_more (folder);
  assert_verdict (folder, MW_AUDIT_FILE_MISSING, 0);
  test_folder_remove (folder);
}

static void
test_file_damaged (void)
{
  char            *folder = folder_with_five ();
  g_autofree char *path = g_build_filename (folder, "audit-head", NULL);

  g_assert_true (g_file_set_contents (path, "5\n", -1, NULL));
  assert_verdict (folder, MW_AUDIT_FILE_DIFFERS, 0);
  test_folder_remove (folder);
}

/* After a crash the file may name an earlier row: that is no tampering, and the next commit moves it on */
static void
test_file_behind (void)
{
  char            *folder = folder_with_five ();
  g_autofree char *path = g_build_filename (folder, "audit-head", NULL);
  g_autofree char *third = hash_of (folder, 3);
  g_autofree char *line = g_strdup_printf ("00000000000000000003 %s\n", third);
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (path, line, -1, NULL));
  assert_verdict (folder, MW_AUDIT_WHOLE, 0);
  add_one_more (folder);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "00000000000000000006 "));
  assert_verdict (folder, MW_AUDIT_WHOLE, 0);
  test_folder_remove (folder);
}

/* A whole chain made anew is found with a head that was kept elsewhere */
static void
test_made_anew (void)
{
  char         *folder = folder_with_five ();
  MwAuditReport before = verify (folder, NULL);
  MwAuditReport report;
  MwAuditHead   other = before.head;

  report = verify (folder, &before.head);
  g_assert_cmpint (report.verdict, ==, MW_AUDIT_WHOLE);
  other.hash[0] = other.hash[0] == 'a' ? 'b' : 'a';
  report = verify (folder, &other);
  g_assert_cmpint (report.verdict, ==, MW_AUDIT_COPY_DIFFERS);
  other.count = 9;
  report = verify (folder, &other);
  g_assert_cmpint (report.verdict, ==, MW_AUDIT_CUT_OFF);
  g_assert_cmpint (report.row, ==, 6);
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

/* A folder of the version before the audit gets one that is whole */
static void
test_migrated (void)
{
  char *folder = test_folder_new ();
  g_autoptr (MwStore) store = mw_store_open (folder, NULL);
  g_autofree char *head = g_build_filename (folder, "audit-head", NULL);

  mw_store_close (store);
  tamper (folder, "DROP TABLE audit; DELETE FROM settings; PRAGMA user_version = 1");
  g_assert_cmpint (g_remove (head), ==, 0);
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
  for (gsize i = 0; i < G_N_ELEMENTS (attacks); i++)
    g_test_add_data_func (attacks[i].path, &attacks[i], test_tampered);
  g_test_add_func ("/store/audit/forged", test_forged);
  g_test_add_func ("/store/audit/forged-end", test_forged_end);
  g_test_add_func ("/store/audit/cut-then-written", test_cut_then_written);
  g_test_add_func ("/store/audit/put-back-then-written", test_put_back_then_written);
  g_test_add_func ("/store/audit/file/removed", test_file_removed);
  g_test_add_func ("/store/audit/file/damaged", test_file_damaged);
  g_test_add_func ("/store/audit/file/behind", test_file_behind);
  g_test_add_func ("/store/audit/made-anew", test_made_anew);
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
