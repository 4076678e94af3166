/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-entry.h"

#include "mw-audit-note.h"
#include "mw-journal.h"
#include "mw-search-index.h"

#define COLUMNS                                                                                                        \
  "id, thread, connection, resource, identity, kind, state, priority, subject, sender, sender_ref, preview, patient, " \
  "patient_name, sent, received, changed, unread, flagged, snoozed_until, archived, acknowledged, warning"

void
mw_entry_free (MwEntry *self)
{
  if (self == NULL)
    return;
  g_free (self->identity);
  g_free (self->kind);
  g_free (self->state);
  g_free (self->subject);
  g_free (self->sender);
  g_free (self->sender_ref);
  g_free (self->preview);
  g_free (self->patient_name);
  g_free (self->warning);
  g_free (self);
}

static MwEntry *
read_row (MwQuery *query)
{
  MwEntry *self = g_new0 (MwEntry, 1);
  int      i = 0;

  self->id = mw_query_int (query, i++);
  self->thread = mw_query_int (query, i++);
  self->connection = mw_query_int (query, i++);
  self->resource = mw_query_int (query, i++);
  self->identity = mw_query_dup (query, i++);
  self->kind = mw_query_dup (query, i++);
  self->state = mw_query_dup (query, i++);
  self->priority = (MwPriority) mw_query_int (query, i++);
  self->subject = mw_query_dup (query, i++);
  self->sender = mw_query_dup (query, i++);
  self->sender_ref = mw_query_dup (query, i++);
  self->preview = mw_query_dup (query, i++);
  self->patient = mw_query_int (query, i++);
  self->patient_name = mw_query_dup (query, i++);
  self->sent = mw_query_int (query, i++);
  self->received = mw_query_int (query, i++);
  self->changed = mw_query_int (query, i++);
  self->unread = mw_query_int (query, i++) != 0;
  self->flagged = mw_query_int (query, i++) != 0;
  self->snoozed_until = mw_query_int (query, i++);
  self->archived = mw_query_int (query, i++);
  self->acknowledged = mw_query_int (query, i++);
  self->warning = mw_query_dup (query, i++);
  return self;
}

/**
 * mw_entries_load:
 *
 * Returns: (transfer full): the entry, or NULL with MW_STORE_ERROR_NOT_FOUND
 */
MwEntry *
mw_entries_load (MwDb    *db,
                 gint64   id,
                 GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GError) local = NULL;

  if (!mw_query_init (&query, db, error, "SELECT " COLUMNS " FROM entries WHERE id = ?1", "i", id))
    return NULL;
  if (mw_query_step (&query, &local))
    return read_row (&query);
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND, "There is no such entry");
  return NULL;
}

MwEntry *
mw_entries_by_identity (MwDb       *db,
                        const char *identity)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (mw_query_init (&query, db, NULL, "SELECT " COLUMNS " FROM entries WHERE identity = ?1", "s", identity) && mw_query_step (&query, NULL))
    return read_row (&query);
  return NULL;
}

static gboolean
fill (MwQuery *query,
      GArray  *ids,
      GError **error)
{
  g_autoptr (GError) local = NULL;

  while (mw_query_step (query, &local))
    {
      gint64 id = mw_query_int (query, 0);

      g_array_append_val (ids, id);
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* The conditions shared by every listing. ?1 kind, ?2 now, ?3 unread (1, 0 or -1 for both), ?4 snoozed
 * (1 or 0), ?5 limit */
#define AWAKE "((?4 = 0 AND snoozed_until <= ?2) OR (?4 = 1 AND snoozed_until > ?2)) "
#define UNREAD "(?3 < 0 OR unread = ?3) "

static gboolean
list_plain (MwDb                *db,
            const MwEntryFilter *filter,
            const MwSearchTerms *terms,
            GArray              *ids,
            GError             **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  const char *kind = terms->kind != NULL ? terms->kind : filter->kind;
  int         unread = filter->unread || (terms->is & MW_SEARCH_UNREAD) ? 1 : terms->is & MW_SEARCH_READ ? 0
                                                                                                         : -1;
  int         snoozed = filter->snoozed || (terms->is & MW_SEARCH_SNOOZED) ? 1 : 0;
  gint64      limit = filter->limit > 0 ? filter->limit : -1;
  const char *sql;

  if (filter->archived || (terms->is & MW_SEARCH_ARCHIVED))
    sql = "SELECT id FROM entries WHERE archived > 0 AND (?1 IS NULL OR kind = ?1) AND " UNREAD "AND " AWAKE "ORDER BY archived DESC, id DESC LIMIT ?5";
  else if (snoozed == 1)
    /* a few of many: by their own index, which the plus keeps the planner to */
    sql = "SELECT id FROM entries WHERE +archived = 0 AND snoozed_until > 0 AND (?1 IS NULL OR kind = ?1) AND " UNREAD "AND " AWAKE "ORDER BY received DESC, id DESC LIMIT ?5";
  else if (kind != NULL)
    sql = "SELECT id FROM entries WHERE archived = 0 AND kind = ?1 AND " UNREAD "AND " AWAKE "ORDER BY received DESC, id DESC LIMIT ?5";
  else if (unread == 1)
    sql = "SELECT id FROM entries WHERE archived = 0 AND unread = 1 AND ?1 IS NULL AND ?3 = 1 AND " AWAKE "ORDER BY received DESC, id DESC LIMIT ?5";
  else
    sql = "SELECT id FROM entries WHERE archived = 0 AND ?1 IS NULL AND " UNREAD "AND " AWAKE "ORDER BY received DESC, id DESC LIMIT ?5";
  return mw_query_init (&query, db, error, sql, "siddi", kind, filter->now, unread, snoozed, limit) && fill (&query, ids, error);
}

static gboolean
list_searched (MwDb                *db,
               const MwEntryFilter *filter,
               const MwSearchTerms *terms,
               GArray              *ids,
               GError             **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  const char *kind = terms->kind != NULL ? terms->kind : filter->kind;
  int         unread = filter->unread || (terms->is & MW_SEARCH_UNREAD) ? 1 : terms->is & MW_SEARCH_READ ? 0
                                                                                                         : -1;
  int         archived = filter->archived || (terms->is & MW_SEARCH_ARCHIVED) ? 1 : -1;
  int         snoozed = terms->is & MW_SEARCH_SNOOZED ? 1 : -1;
  int         flagged = terms->is & MW_SEARCH_FLAGGED ? 1 : 0;
  int         urgent = terms->is & MW_SEARCH_URGENT ? 1 : 0;

  /* a search looks everywhere: what is archived or asleep is found too */
  if (terms->match != NULL)
    {
      if (!mw_query_init (&query, db, error,
                          "SELECT e.id FROM search AS s CROSS JOIN entries AS e ON e.id = s.rowid / 2 WHERE search MATCH ?9 AND s.rowid % 2 = 0 "
                          "AND (?1 IS NULL OR kind = ?1) AND (?3 < 0 OR unread = ?3) AND (?4 < 0 OR snoozed_until > ?2) "
                          "AND (?6 < 0 OR archived > 0) AND flagged >= ?7 AND priority >= ?8 AND (?10 = 0 OR e.patient = ?10) "
                          "ORDER BY s.rowid DESC LIMIT ?5",
                          "siddiddd"
                          "si",
                          kind, filter->now, unread, snoozed, filter->limit > 0 ? filter->limit : -1, archived, flagged, urgent,
                          terms->match, filter->patient))
        return FALSE;
    }
  else if (!mw_query_init (&query, db, error,
                           "SELECT id FROM entries WHERE (?1 IS NULL OR kind = ?1) AND (?3 < 0 OR unread = ?3) AND (?4 < 0 OR snoozed_until > ?2) "
                           "AND (?6 < 0 OR archived > 0) AND flagged >= ?7 AND priority >= ?8 AND (?9 = 0 OR patient = ?9) "
                           "ORDER BY received DESC, id DESC LIMIT ?5",
                           "siddiddd"
                           "i",
                           kind, filter->now, unread, snoozed, filter->limit > 0 ? filter->limit : -1, archived, flagged, urgent,
                           filter->patient))
    return FALSE;
  return fill (&query, ids, error);
}

static gboolean
list (MwDb                *db,
      const MwEntryFilter *filter,
      const MwSearchTerms *terms,
      GArray              *ids,
      GError             **error)
{
  if (terms->match == NULL && filter->patient == 0 && (terms->is & (MW_SEARCH_FLAGGED | MW_SEARCH_URGENT)) == 0)
    return list_plain (db, filter, terms, ids, error);
  return list_searched (db, filter, terms, ids, error);
}

/* Reading one must not make it vanish from under the eyes of who searched for what is unread */
static gboolean
list_keeping (MwDb                *db,
              const MwEntryFilter *filter,
              MwSearchTerms       *terms,
              GArray              *ids,
              GError             **error)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GArray) unread = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!list (db, filter, terms, unread, error))
    return FALSE;
  terms->is &= ~(guint) MW_SEARCH_UNREAD;
  if (!list (db, filter, terms, all, error))
    return FALSE;
  for (guint i = 0; i < unread->len; i++)
    g_hash_table_add (wanted, &g_array_index (unread, gint64, i));
  for (guint i = 0; i < filter->keep->len; i++)
    g_hash_table_add (wanted, &g_array_index (filter->keep, gint64, i));
  for (guint i = 0; i < all->len; i++)
    if (g_hash_table_contains (wanted, &g_array_index (all, gint64, i)))
      g_array_append_val (ids, g_array_index (all, gint64, i));
  return TRUE;
}

/**
 * mw_entries_ids:
 * @ids: (element-type gint64): the ids are appended, newest first
 *
 * The list that a filter describes. For a large inbox a read of some milliseconds: off the GTK thread.
 */
gboolean
mw_entries_ids (MwDb                *db,
                const MwEntryFilter *filter,
                GArray              *ids,
                GError             **error)
{
  g_auto (MwSearchTerms) terms = { 0 };

  mw_search_parse (filter->text != NULL ? filter->text : "", &terms);
  if (filter->keep != NULL && filter->keep->len > 0 && (terms.is & MW_SEARCH_UNREAD) != 0)
    return list_keeping (db, filter, &terms, ids, error);
  return list (db, filter, &terms, ids, error);
}

/**
 * mw_entries_count_unread:
 * @kind: (nullable): NULL for all kinds
 *
 * Returns: the count as the table has it at this moment
 */
gint64
mw_entries_count_unread (MwDb       *db,
                         const char *kind,
                         gint64      now)
{
  /* two statements, so that each goes by an index made for it */
  if (kind == NULL)
    return mw_db_get_int (db, 0, "SELECT count(*) FROM entries WHERE archived = 0 AND unread = 1 AND snoozed_until <= ?1", "i", now);
  return mw_db_get_int (db, 0, "SELECT count(*) FROM entries WHERE archived = 0 AND unread = 1 AND snoozed_until <= ?2 AND kind = ?1", "si", kind, now);
}

gboolean
mw_entries_of_thread (MwDb    *db,
                      gint64   thread,
                      GArray  *ids,
                      GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  return mw_query_init (&query, db, error, "SELECT id FROM entries WHERE thread = ?1 ORDER BY sent, id", "i", thread) &&
         fill (&query, ids, error);
}

/**
 * mw_entries_put:
 * @entry: what to add; id and triage state are ignored
 * @body: (nullable): text for the search
 * @is_new: (out): whether the entry was not here before
 *
 * Adds the entry, or brings the one with the same identity up to date. One whose workflow state has
 * changed comes back to the inbox unread; one that merely came again stays as the clinician left it.
 *
 * Returns: its id, or -1
 */
gint64
mw_entries_put (MwDb          *db,
                const MwEntry *entry,
                const char    *body,
                gboolean      *is_new,
                GError       **error)
{
  g_autoptr (MwEntry) old = mw_entries_by_identity (db, entry->identity);
  gint64 id;

  mw_db_touch (db, MW_CHANGE_ENTRIES);
  *is_new = old == NULL;
  if (old != NULL)
    {
      gboolean moved = g_strcmp0 (old->state, entry->state) != 0;

      id = old->id;
      if (!mw_db_run (db, error,
                      "UPDATE entries SET resource = coalesce(nullif(?2, 0), resource), state = ?3, priority = ?4, subject = ?5, sender = ?6, "
                      "sender_ref = ?7, preview = ?8, patient = coalesce(nullif(?9, 0), patient), patient_name = coalesce(?10, patient_name), changed = ?11, "
                      "warning = ?12, unread = CASE WHEN ?13 THEN 1 ELSE unread END, archived = CASE WHEN ?13 THEN 0 ELSE archived END, "
                      "snoozed_until = CASE WHEN ?13 THEN 0 ELSE snoozed_until END, received = CASE WHEN ?13 THEN ?14 ELSE received END WHERE id = ?1",
                      "iisdssssis"
                      "isdi",
                      id, entry->resource, entry->state, (int) entry->priority, entry->subject, entry->sender, entry->sender_ref,
                      entry->preview, entry->patient, entry->patient_name, entry->changed, entry->warning, (int) moved, entry->received))
        return -1;
      if (moved && !mw_journal_add (db, old->thread, 0, id, entry->changed, MW_EVENT_CHANGED, entry->subject, error))
        return -1;
    }
  else
    {
      if (!mw_db_run (db, error,
                      "INSERT INTO entries (thread, connection, resource, identity, kind, state, priority, subject, sender, sender_ref, preview, "
                      "patient, patient_name, sent, received, changed, unread, warning) VALUES (?1, nullif(?2, 0), nullif(?3, 0), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
                      "nullif(?12, 0), ?13, ?14, ?15, ?16, ?17, ?18)",
                      "iiisssdssss"
                      "isiiids",
                      entry->thread, entry->connection, entry->resource, entry->identity, entry->kind, entry->state,
                      (int) entry->priority, entry->subject, entry->sender, entry->sender_ref, entry->preview, entry->patient,
                      entry->patient_name, entry->sent, entry->received, entry->changed, (int) entry->unread, entry->warning))
        return -1;
      id = mw_db_last_id (db);
      if (!mw_journal_add (db, entry->thread, 0, id, entry->changed, MW_EVENT_RECEIVED, entry->subject, error))
        return -1;
    }
  if (!mw_search_index_entry (db, id, entry->subject, entry->sender, entry->patient_name, body, error))
    return -1;
  return id;
}

/* ---- triage ---------------------------------------------------------- */

static gboolean
triage_done (MwDb       *db,
             gint64      id,
             gint64      now,
             const char *event,
             GError    **error)
{
  mw_db_touch (db, MW_CHANGE_ENTRIES);
  if (mw_db_n_changed (db) != 1)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND, "There is no such entry");
      return FALSE;
    }
  if (event == NULL)
    return TRUE;
  return mw_journal_add (db, mw_db_get_int (db, 0, "SELECT thread FROM entries WHERE id = ?1", "i", id), 0, id, now, event, NULL, error);
}

gboolean
mw_entries_set_unread (MwDb    *db,
                       gint64   id,
                       gboolean unread,
                       GError **error)
{
  return mw_db_run (db, error, "UPDATE entries SET unread = ?2 WHERE id = ?1", "id", id, (int) unread) && triage_done (db, id, 0, NULL, error);
}

gboolean
mw_entries_set_flagged (MwDb    *db,
                        gint64   id,
                        gboolean flagged,
                        GError **error)
{
  return mw_db_run (db, error, "UPDATE entries SET flagged = ?2 WHERE id = ?1", "id", id, (int) flagged) && triage_done (db, id, 0, NULL, error);
}

/**
 * mw_entries_archive:
 * @archived: FALSE brings it back to the inbox
 */
gboolean
mw_entries_archive (MwDb    *db,
                    gint64   id,
                    gboolean archived,
                    gint64   now,
                    GError **error)
{
  return mw_db_run (db, error, "UPDATE entries SET archived = ?2, unread = CASE WHEN ?2 > 0 THEN 0 ELSE unread END, snoozed_until = 0 WHERE id = ?1", "ii", id, archived ? now : (gint64) 0) &&
         triage_done (db, id, now, archived ? MW_EVENT_ARCHIVED : MW_EVENT_RETURNED, error) &&
         mw_audit_note_entry (db, id, archived ? "archive" : "unarchive", now, error);
}

/**
 * mw_entries_acknowledge:
 *
 * The clinician has taken note. No answer is owed to the sender (core capability 13): it stays here,
 * and the entry leaves the inbox.
 */
gboolean
mw_entries_acknowledge (MwDb    *db,
                        gint64   id,
                        gint64   now,
                        GError **error)
{
  return mw_db_run (db, error, "UPDATE entries SET acknowledged = ?2, unread = 0, archived = ?2, snoozed_until = 0 WHERE id = ?1", "ii", id, now) &&
         triage_done (db, id, now, MW_EVENT_ACKNOWLEDGED, error) &&
         mw_audit_note_entry (db, id, "acknowledge", now, error);
}

/**
 * mw_entries_snooze:
 * @until: µs; 0 wakes it now
 */
gboolean
mw_entries_snooze (MwDb    *db,
                   gint64   id,
                   gint64   until,
                   gint64   now,
                   GError **error)
{
  return mw_db_run (db, error, "UPDATE entries SET snoozed_until = ?2, archived = 0 WHERE id = ?1", "ii", id, until) &&
         triage_done (db, id, now, until > 0 ? MW_EVENT_SNOOZED : MW_EVENT_RETURNED, error);
}

/**
 * mw_entries_wake:
 *
 * Brings back what was asleep until @now: unread and on top of the inbox.
 *
 * Returns: how many, or -1
 */
gint64
mw_entries_wake (MwDb    *db,
                 gint64   now,
                 GError **error)
{
  if (mw_db_get_int (db, 0, "SELECT count(*) FROM entries WHERE snoozed_until > 0 AND snoozed_until <= ?1", "i", now) == 0)
    return 0;
  if (!mw_db_run (db, error,
                  "INSERT INTO journal (thread, entry, at, event) SELECT thread, id, ?1, '" MW_EVENT_RETURNED "' FROM entries "
                  "WHERE snoozed_until > 0 AND snoozed_until <= ?1",
                  "i", now) ||
      !mw_db_run (db, error, "UPDATE entries SET snoozed_until = 0, unread = 1, received = ?1 WHERE snoozed_until > 0 AND snoozed_until <= ?1", "i", now))
    return -1;
  mw_db_touch (db, MW_CHANGE_ENTRIES | MW_CHANGE_JOURNAL);
  return mw_db_n_changed (db);
}

/**
 * mw_entries_next_wake:
 *
 * Returns: µs when the next entry wakes; 0 for none
 */
gint64
mw_entries_next_wake (MwDb *db)
{
  return mw_db_get_int (db, 0, "SELECT min(snoozed_until) FROM entries WHERE snoozed_until > 0", "");
}
