/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Whatever is done to the audit behind the program's back is found */

#include "audit-fixture.h"

#include <glib/gstdio.h>

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
    add_one_more (folder);
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

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

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

  return g_test_run ();
}
