/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-audit-words.h"

#include "mw-patient-check.h"
#include "mw-patient-link.h"
#include "mw-person.h"
#include "mw-workflow.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *event;
  const char *detail; /* NULL for all */
  const char *words;
} Words;

static const Words words[] = {
  { MW_AUDIT_SAVED, NULL, N_ ("Saved for sending") },
  { MW_AUDIT_SCHEDULED, NULL, N_ ("Saved for a set time") },
  { MW_AUDIT_UNDONE, NULL, N_ ("Taken back") },
  { MW_AUDIT_SENT_NOW, NULL, N_ ("Sent on its way before its set time") },
  { MW_AUDIT_RETRIED, NULL, N_ ("Tried again") },
  { MW_AUDIT_WITHDRAWN, NULL, N_ ("Withdrawn") },
  { MW_AUDIT_EDITED, NULL, N_ ("Taken back for editing") },
  { MW_AUDIT_DISCARDED, NULL, N_ ("Discarded") },
  { MW_AUDIT_ENTRY, "acknowledge", N_ ("Acknowledged an entry, here only") },
  { MW_AUDIT_ENTRY, "archive", N_ ("Archived an entry") },
  { MW_AUDIT_ENTRY, "unarchive", N_ ("Brought an entry back to the inbox") },
  { MW_AUDIT_ENTRY, MW_CHECK_BELONGS, N_ ("Decided that an answer about another patient belongs to its request") },
  { MW_AUDIT_ENTRY, MW_CHECK_DOES_NOT_BELONG, N_ ("Decided that an answer about another patient does not belong to its request") },
  { MW_AUDIT_ENTRY, NULL, N_ ("Did something with an entry") },
  { MW_AUDIT_CONNECTION_ADDED, "administrator", N_ ("The administrator added the connection") },
  { MW_AUDIT_CONNECTION_ADDED, NULL, N_ ("Added the connection") },
  { MW_AUDIT_CONNECTION_CHANGED, "again", N_ ("Connected again") },
  { MW_AUDIT_CONNECTION_CHANGED, "signed-out", N_ ("Signed out") },
  { MW_AUDIT_CONNECTION_CHANGED, "on", N_ ("Switched the connection on") },
  { MW_AUDIT_CONNECTION_CHANGED, "off", N_ ("Switched the connection off") },
  { MW_AUDIT_CONNECTION_CHANGED, "renamed", N_ ("Renamed the connection") },
  { MW_AUDIT_CONNECTION_CHANGED, "directory", N_ ("Began to look up people and places there") },
  { MW_AUDIT_CONNECTION_CHANGED, "no-directory", N_ ("Ceased to look up people and places there") },
  { MW_AUDIT_CONNECTION_CHANGED, "administrator", N_ ("The administrator changed the connection") },
  { MW_AUDIT_CONNECTION_CHANGED, NULL, N_ ("Changed the connection") },
  { MW_AUDIT_CONNECTION_REMOVED, "administrator", N_ ("The administrator took the connection away") },
  { MW_AUDIT_CONNECTION_REMOVED, NULL, N_ ("Removed the connection") },
  { MW_AUDIT_SIGNED_IN, NULL, N_ ("Signed in") },
  { MW_AUDIT_SIGNED_OUT, NULL, N_ ("Signed out") },
  { MW_AUDIT_QUESTION_ANSWERED, NULL, N_ ("Answered a question about an item") },
  { MW_AUDIT_LINK_MADE, MW_LINK_CERTAIN, N_ ("Found which patient there is meant: the server is certain, and name and birth date agree") },
  { MW_AUDIT_LINK_MADE, MW_LINK_IDENTIFIER, N_ ("Found which patient there is meant: the only one with this number, and name and birth date agree") },
  { MW_AUDIT_LINK_MADE, MW_LINK_MEMBER, N_ ("Found which patient there is meant: the plan says that this is its member") },
  { MW_AUDIT_LINK_MADE, MW_LINK_CREATED, N_ ("Found which patient there is meant: the server made the record from what was sent") },
  { MW_AUDIT_LINK_MADE, MW_LINK_PERSON, N_ ("Said which patient there is meant") },
  { MW_AUDIT_LINK_MADE, NULL, N_ ("Found which patient there is meant") },
  { MW_AUDIT_LINK_REVOKED, "replaced", N_ ("Gave up which patient there was meant, since another one was found") },
  { MW_AUDIT_LINK_REVOKED, NULL, N_ ("Took back which patient there is meant") },
  { MW_AUDIT_EXPORTED, NULL, N_ ("Exported a proof") },
  { MW_AUDIT_EMPTIED, NULL, N_ ("Emptied the sandbox's data") },
  { MW_AUDIT_LEFT, "again", N_ ("Left this computer once more, because somebody was faster there") },
  { MW_AUDIT_LEFT, NULL, N_ ("Left this computer") },
  { MW_AUDIT_TAKEN, NULL, N_ ("The server took it") },
  { MW_AUDIT_NOT_SENT, NULL, N_ ("Did not get out: nothing arrived") },
  { MW_AUDIT_DEFERRED, NULL, N_ ("The server did not take it now") },
  { MW_AUDIT_REFUSED, NULL, N_ ("The server did not accept it") },
  { MW_AUDIT_UNKNOWN, "died", N_ ("The program ended meanwhile: not known whether it arrived") },
  { MW_AUDIT_UNKNOWN, NULL, N_ ("Not known whether it arrived") },
  { MW_AUDIT_LOOKED_UP, "found", N_ ("Asked the server: it had arrived") },
  { MW_AUDIT_LOOKED_UP, NULL, N_ ("Asked the server: it had not arrived") },
  { MW_AUDIT_QUERIED, NULL, N_ ("Searched for the patient by identifiers") },
  { MW_AUDIT_ANSWERED, NULL, N_ ("An answer came") },
};

static const char *
find (const MwAuditRow *row)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].event, row->event) && (words[i].detail == NULL || g_strcmp0 (words[i].detail, row->detail) == 0))
      return _ (words[i].words);
  return row->event;
}

/* "request.accept": the kind alone has a word that fits everywhere */
static const char *
kind_of (MwDb             *db,
         const MwAuditRow *row,
         char            **kind)
{
  *kind = row->item != NULL ? mw_db_get_text (db, "SELECT kind FROM items WHERE identity = ?1", "s", row->item) : NULL;
  /* of an item that is gone, the row that saved it still says so */
  if (*kind == NULL && row->item != NULL)
    *kind = mw_db_get_text (db, "SELECT detail FROM audit WHERE item = ?1 AND event IN ('" MW_AUDIT_SAVED "', '" MW_AUDIT_SCHEDULED "') ORDER BY id LIMIT 1", "s",
                            row->item);
  if (*kind != NULL && strchr (*kind, '.') != NULL)
    *strchr (*kind, '.') = '\0';
  return *kind != NULL && mw_workflow_for_kind (*kind) != NULL ? mw_kind_label (*kind) : NULL;
}

/**
 * mw_audit_words_event:
 *
 * Returns: (transfer full): what happened: "Referral: Left this computer"
 */
char *
mw_audit_words_event (MwDb             *db,
                      const MwAuditRow *row)
{
  g_autofree char *code = NULL;
  const char      *kind = kind_of (db, row, &code);

  /* Translators: a kind of item, such as Referral, and what happened to it */
  return kind != NULL ? g_strdup_printf (_ ("%s: %s"), kind, find (row)) : g_strdup (find (row));
}

/**
 * mw_audit_words_place:
 *
 * Returns: (transfer full) (nullable): where: the recipient and the connection, as far as they are known here
 */
char *
mw_audit_words_place (MwDb             *db,
                      const MwAuditRow *row)
{
  g_autofree char *recipient = row->item != NULL ? mw_db_get_text (db, "SELECT recipient FROM items WHERE identity = ?1", "s", row->item) : NULL;
  g_autofree char *name = NULL;

  if (row->connection == NULL)
    return g_steal_pointer (&recipient);
  name = mw_db_get_text (db, "SELECT name FROM connections WHERE url = ?1", "s", row->connection);
  if (name == NULL)
    name = g_strdup (row->connection);
  if (recipient == NULL || g_str_equal (recipient, name))
    return g_steal_pointer (&name);
  /* Translators: a recipient, and the connection it is reached by */
  return g_strdup_printf (_ ("%s, by %s"), recipient, name);
}

/**
 * mw_audit_words_who:
 *
 * Returns: (transfer full): whose act it was, by name where that is known here
 */
char *
mw_audit_words_who (MwDb             *db,
                    const MwAuditRow *row)
{
  g_autoptr (MwPerson) person = mw_people_by_reference (db, row->actor);
  const char *name = person != NULL ? person->name : row->actor;

  if (g_str_has_prefix (name, "login:"))
    name += strlen ("login:");
  if (!g_str_equal (row->agent, MW_AUDIT_ENGINE))
    return g_strdup (name);
  /* Translators: %s is a person's name */
  return g_strdup_printf (_ ("the program, for %s"), name);
}

/**
 * mw_audit_words_end:
 * @row: one of what left
 *
 * Returns: (transfer full) (nullable): how it ended; NULL for a row that has no end
 */
char *
mw_audit_words_end (MwDb             *db,
                    const MwAuditRow *row)
{
  g_autoptr (MwAuditRow) end = NULL;

  if (!g_str_equal (row->event, MW_AUDIT_LEFT))
    return NULL;
  end = mw_audit_end_of (db, row);
  if (end == NULL)
    return g_strdup (_ ("No answer yet"));
  /* Translators: how a request ended, and the status of its answer */
  return end->http_status != 0 ? g_strdup_printf (_ ("%s (HTTP %d)"), find (end), (int) end->http_status) : g_strdup (find (end));
}

/**
 * mw_audit_words_report:
 *
 * Returns: (transfer full): a sentence or two: what the check found, and what to do
 */
char *
mw_audit_words_report (const MwAuditReport *report)
{
  g_autofree char *row = g_strdup_printf ("%" G_GINT64_FORMAT, report->row);
  g_autofree char *count = g_strdup_printf ("%" G_GINT64_FORMAT, report->count);

  switch (report->verdict)
    {
    case MW_AUDIT_WHOLE:
      return report->count == 0 ? g_strdup (_ ("The audit has no rows yet."))
                                /* Translators: %s is a number */
                                : g_strdup_printf (_ ("The audit is whole: all %s rows are as they were written, and none is missing."), count);
    case MW_AUDIT_CHANGED:
      return g_strdup_printf (_ ("Row %s of the audit is not as it was written: somebody changed it. The rows before it are sound."), row);
    case MW_AUDIT_MISSING:
      return g_strdup_printf (_ ("Row %s of the audit is missing: somebody removed it. The rows before it are sound."), row);
    case MW_AUDIT_BROKEN:
      return g_strdup_printf (_ ("Row %s of the audit does not follow the one before it: somebody replaced one of them."), row);
    case MW_AUDIT_CUT_OFF:
      return g_strdup_printf (_ ("The end of the audit is missing, from row %s on: somebody removed it, or put back an older database."), row);
    case MW_AUDIT_ADDED:
      return g_strdup_printf (_ ("Row %s of the audit was not written by Meanwhile: somebody added it."), row);
    case MW_AUDIT_HEAD:
      return g_strdup (_ ("What the database keeps about the end of the audit does not fit its rows: somebody changed one of them."));
    case MW_AUDIT_FILE_MISSING:
      return g_strdup (_ ("The file audit-head is missing beside the database, so it cannot be ruled out that the end of the audit was removed."));
    case MW_AUDIT_FILE_DIFFERS:
      return g_strdup (_ ("The file audit-head beside the database does not fit the audit: somebody changed the file, or replaced the rows."));
    case MW_AUDIT_COPY_DIFFERS:
    default:
      return g_strdup (_ ("The audit is not the one that this proof was exported from: somebody replaced its rows, or it belongs to another data folder."));
    }
}
