/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-audit-verify.h"

#include "mw-audit.h"

static void
blame (MwAuditReport *report,
       MwAuditVerdict verdict,
       gint64         row)
{
  if (report->verdict != MW_AUDIT_WHOLE)
    return;
  report->verdict = verdict;
  report->row = row;
}

static void
judge_row (MwAuditReport    *report,
           const MwAuditRow *row,
           const char       *before)
{
  g_autofree char *hash = mw_audit_hash (row);
  gint64           expected = report->count + 1;

  if (row->id < expected)
    blame (report, MW_AUDIT_ADDED, row->id);
  else if (row->id > expected)
    blame (report, MW_AUDIT_MISSING, expected);
  else if (g_strcmp0 (hash, row->hash) != 0)
    blame (report, MW_AUDIT_CHANGED, row->id);
  else if (g_strcmp0 (row->previous, before) != 0)
    blame (report, MW_AUDIT_BROKEN, row->id);
}

/* From the first row on; what follows the first bad one proves nothing any more */
static gboolean
read_chain (MwDb          *db,
            MwAuditReport *report,
            GError       **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GError) local = NULL;
  g_autofree char *before = g_strdup (MW_AUDIT_NO_PREVIOUS);

  if (!mw_query_init (&query, db, error, "SELECT " MW_AUDIT_COLUMNS " FROM audit ORDER BY id", ""))
    return FALSE;
  while (report->verdict == MW_AUDIT_WHOLE && mw_query_step (&query, &local))
    {
      g_autoptr (MwAuditRow) row = mw_audit_read_row (&query);

      judge_row (report, row, before);
      if (report->verdict != MW_AUDIT_WHOLE)
        break;
      report->count++;
      g_free (before);
      before = g_steal_pointer (&row->hash);
    }
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return TRUE;
}

/* A head that was kept elsewhere must be a row of this chain */
static void
judge_kept (MwDb              *db,
            MwAuditReport     *report,
            const MwAuditHead *kept,
            MwAuditVerdict     differs)
{
  g_autofree char *hash = NULL;

  if (kept->count > report->count)
    {
      blame (report, MW_AUDIT_CUT_OFF, report->count + 1);
      return;
    }
  hash = kept->count > 0 ? mw_db_get_text (db, "SELECT hash FROM audit WHERE id = ?1", "i", kept->count) : g_strdup (MW_AUDIT_NO_PREVIOUS);
  if (g_strcmp0 (hash, kept->hash) != 0)
    blame (report, differs, kept->count);
}

static void
judge_settings (MwDb          *db,
                MwAuditReport *report)
{
  if (!mw_audit_head_load (db, &report->head))
    {
      if (report->count > 0)
        blame (report, MW_AUDIT_HEAD, 0);
      return;
    }
  if (report->head.count < report->count)
    blame (report, MW_AUDIT_ADDED, report->head.count + 1);
  else
    judge_kept (db, report, &report->head, MW_AUDIT_HEAD);
}

/**
 * mw_audit_verify:
 * @folder: the data folder, for the file with the head
 * @copy: (nullable): a head that was kept elsewhere, such as in a proof bundle
 * @report: (out caller-allocates): what was found
 *
 * Reads the whole audit and judges it. Takes about a second for each 100,000 rows: not on the GTK thread.
 *
 * Returns: FALSE with @error set when it could not be read
 */
gboolean
mw_audit_verify (MwDb              *db,
                 const char        *folder,
                 const MwAuditHead *copy,
                 MwAuditReport     *report,
                 GError           **error)
{
  MwAuditHead     file;
  MwAuditHeadFile have = mw_audit_head_read_file (folder, &file);
  gboolean        ok;

  *report = (MwAuditReport){ .verdict = MW_AUDIT_WHOLE };
  /* one state of the database for all that is compared; the file was read before, so it is not ahead of it */
  if (!mw_db_exec (db, "SAVEPOINT audit_verify", error))
    return FALSE;
  ok = read_chain (db, report, error);
  if (ok)
    {
      judge_settings (db, report);
      if (have == MW_AUDIT_HEAD_FILE_READ)
        judge_kept (db, report, &file, MW_AUDIT_FILE_DIFFERS);
      else if (have == MW_AUDIT_HEAD_FILE_BAD)
        blame (report, MW_AUDIT_FILE_DIFFERS, 0);
      else if (report->count > 0)
        blame (report, MW_AUDIT_FILE_MISSING, 0);
      if (copy != NULL)
        judge_kept (db, report, copy, MW_AUDIT_COPY_DIFFERS);
    }
  mw_db_exec (db, "RELEASE audit_verify", NULL);
  return ok;
}

/**
 * mw_audit_verdict_word:
 *
 * Returns: the verdict for programs
 */
const char *
mw_audit_verdict_word (MwAuditVerdict verdict)
{
  static const char *const words[] = { "whole", "changed", "missing", "broken", "cut-off", "added", "head-differs", "file-missing", "file-differs",
                                       "copy-differs" };

  return words[verdict];
}
