/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "audit-fixture.h"

#include <sqlite3.h>

/* What somebody does to the file with a tool of their own: no trigger stands in the way */
void
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

void
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
char *
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

void
add_one_more (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwStore) store = mw_store_open (folder, &error);

  g_assert_no_error (error);
  mw_store_write (store, run_add_one, NULL, &error);
  g_assert_no_error (error);
  mw_store_close (store);
}

MwAuditReport
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

void
assert_verdict (const char    *folder,
                MwAuditVerdict verdict,
                gint64         row)
{
  MwAuditReport report = verify (folder, NULL);

  g_assert_cmpstr (mw_audit_verdict_word (report.verdict), ==, mw_audit_verdict_word (verdict));
  g_assert_cmpint (report.row, ==, row);
}
