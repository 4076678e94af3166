/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-store"

#include "mw-audit-head.h"

#include "mw-audit.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Always of one length, so that it is written in place and a cut leaves the old line or the new one */
#define LINE_LENGTH (20 + 1 + 64 + 1)

static char *
line_of (const MwAuditHead *head)
{
  return g_strdup_printf ("%020" G_GINT64_FORMAT " %s\n", head->count, head->hash);
}

static gboolean
is_hash (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

/**
 * mw_audit_head_parse:
 * @text: a line as it is in the file and in the settings
 *
 * Returns: whether it is one
 */
gboolean
mw_audit_head_parse (const char  *text,
                     MwAuditHead *head)
{
  char    hash[65];
  guint64 count;

  if (strlen (text) != LINE_LENGTH || text[20] != ' ' || text[LINE_LENGTH - 1] != '\n' || strspn (text, "0123456789") != 20)
    return FALSE;
  memcpy (hash, text + 21, 64);
  hash[64] = '\0';
  count = g_ascii_strtoull (text, NULL, 10);
  if (!is_hash (hash) || count > G_MAXINT64)
    return FALSE;
  head->count = (gint64) count;
  memcpy (head->hash, hash, sizeof hash);
  return TRUE;
}

/**
 * mw_audit_head_load:
 * @head: (out): of an empty chain when there is none
 *
 * Returns: whether the settings have one
 */
gboolean
mw_audit_head_load (MwDb        *db,
                    MwAuditHead *head)
{
  g_autofree char *text = mw_db_get_text (db, "SELECT value FROM settings WHERE key = '" MW_AUDIT_HEAD_KEY "'", "");

  if (text != NULL && mw_audit_head_parse (text, head))
    return TRUE;
  head->count = 0;
  memcpy (head->hash, MW_AUDIT_NO_PREVIOUS, sizeof head->hash);
  return FALSE;
}

gboolean
mw_audit_head_store (MwDb              *db,
                     const MwAuditHead *head,
                     GError           **error)
{
  g_autofree char *line = line_of (head);

  return mw_db_run (db, error,
                    "INSERT INTO settings (key, value) VALUES ('" MW_AUDIT_HEAD_KEY "', ?1) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    "s", line);
}

/* ---- the file -------------------------------------------------------- */

static MwAuditHeadFile
read_fd (int          fd,
         MwAuditHead *head)
{
  char   text[LINE_LENGTH + 2];
  gssize size = pread (fd, text, sizeof text - 1, 0);

  if (size < 0)
    return MW_AUDIT_HEAD_FILE_BAD;
  text[size] = '\0';
  return mw_audit_head_parse (text, head) ? MW_AUDIT_HEAD_FILE_READ : MW_AUDIT_HEAD_FILE_BAD;
}

/**
 * mw_audit_head_read_file:
 * @folder: the data folder
 */
MwAuditHeadFile
mw_audit_head_read_file (const char  *folder,
                         MwAuditHead *head)
{
  g_autofree char *path = g_build_filename (folder, MW_AUDIT_HEAD_NAME, NULL);
  int              fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  MwAuditHeadFile  result;

  if (fd < 0)
    return errno == ENOENT ? MW_AUDIT_HEAD_FILE_MISSING : MW_AUDIT_HEAD_FILE_BAD;
  result = read_fd (fd, head);
  g_close (fd, NULL);
  return result;
}

/**
 * mw_audit_head_begin_file:
 *
 * Makes the file of a chain that has no row yet. Only then: a file that is missing later has been taken away.
 */
void
mw_audit_head_begin_file (MwDb       *db,
                          const char *folder)
{
  g_autofree char *path = g_build_filename (folder, MW_AUDIT_HEAD_NAME, NULL);
  g_autofree char *line = NULL;
  MwAuditHead      none = { 0, MW_AUDIT_NO_PREVIOUS };
  MwAuditHead      head;
  g_autoptr (GError) error = NULL;

  if (mw_audit_head_load (db, &head) || mw_db_get_int (db, 0, "SELECT 1 FROM audit LIMIT 1", "") != 0 ||
      mw_audit_head_read_file (folder, &head) != MW_AUDIT_HEAD_FILE_MISSING)
    return;
  line = line_of (&none);
  if (!g_file_set_contents_full (path, line, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &error))
    g_warning ("The head of the audit cannot be written: %s", error->message);
}

static gboolean
is_in_chain (MwDb              *db,
             const MwAuditHead *head)
{
  g_autofree char *hash = NULL;

  if (head->count == 0)
    return g_str_equal (head->hash, MW_AUDIT_NO_PREVIOUS);
  hash = mw_db_get_text (db, "SELECT hash FROM audit WHERE id = ?1", "i", head->count);
  return g_strcmp0 (hash, head->hash) == 0;
}

/**
 * mw_audit_head_follow:
 *
 * After a commit: moves the file to the chain's head. Not synchronised with the disk: behind is good enough.
 */
void
mw_audit_head_follow (MwDb       *db,
                      const char *folder)
{
  g_autofree char *path = g_build_filename (folder, MW_AUDIT_HEAD_NAME, NULL);
  int              fd = g_open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0);
  MwAuditHead      file, head;

  if (fd < 0)
    return;
  /* the file first: another process may move both on, and the chain is never behind the file */
  if (read_fd (fd, &file) == MW_AUDIT_HEAD_FILE_READ && mw_audit_head_load (db, &head) && file.count < head.count && is_in_chain (db, &file))
    {
      g_autofree char *line = line_of (&head);

      if (pwrite (fd, line, LINE_LENGTH, 0) != LINE_LENGTH)
        g_debug ("The head of the audit was not written");
    }
  g_close (fd, NULL);
}
