/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-item.h"

G_BEGIN_DECLS

/**
 * MwEntry:
 * @resource: the row of the resource that it is about
 * @identity: the same event arriving again has the same one
 * @state: (nullable): the workflow's word
 * @received: µs, when the home server had it
 * @warning: (nullable): a sentence to be shown loudly
 *
 * One thing in the inbox.
 */
typedef struct
{
  gint64     id;
  gint64     thread;
  gint64     connection;
  gint64     resource;
  char      *identity;
  char      *kind;
  char      *state;
  MwPriority priority;
  char      *subject;
  char      *sender;
  char      *sender_ref;
  char      *preview;
  gint64     patient;
  char      *patient_name;
  gint64     sent;
  gint64     received;
  gint64     changed;
  gboolean   unread;
  gboolean   flagged;
  gint64     snoozed_until;
  gint64     archived;
  gint64     acknowledged;
  char      *warning;
} MwEntry;

/**
 * MwEntryFilter:
 * @kind: (nullable): only this kind
 * @text: (nullable): what was typed into the search field
 * @patient: 0 for all
 * @archived: the archive instead of the inbox
 * @snoozed: what is asleep instead of what is awake
 * @now: µs, for telling them apart
 * @limit: 0 for all
 * @keep: (nullable) (element-type gint64): ids that stay in a search for what is unread although they were read meanwhile
 */
typedef struct
{
  const char *kind;
  const char *text;
  gint64      patient;
  gboolean    unread;
  gboolean    archived;
  gboolean    snoozed;
  gint64      now;
  gint64      limit;
  GArray     *keep;
} MwEntryFilter;

void     mw_entry_free (MwEntry *self);
MwEntry *mw_entries_load (MwDb    *db,
                          gint64   id,
                          GError **error);
MwEntry *mw_entries_by_identity (MwDb       *db,
                                 const char *identity);
gboolean mw_entries_ids (MwDb                *db,
                         const MwEntryFilter *filter,
                         GArray              *ids,
                         GError             **error);
gint64   mw_entries_count_unread (MwDb       *db,
                                  const char *kind,
                                  gint64      now);
gboolean mw_entries_of_thread (MwDb    *db,
                               gint64   thread,
                               GArray  *ids,
                               GError **error);
gint64   mw_entries_put (MwDb          *db,
                         const MwEntry *entry,
                         const char    *body,
                         gboolean      *is_new,
                         GError       **error);

/* Triage: what the clinician does with an entry here; nothing of it leaves the computer */
gboolean mw_entries_set_unread (MwDb    *db,
                                gint64   id,
                                gboolean unread,
                                GError **error);
gboolean mw_entries_set_flagged (MwDb    *db,
                                 gint64   id,
                                 gboolean flagged,
                                 GError **error);
gboolean mw_entries_archive (MwDb    *db,
                             gint64   id,
                             gboolean archived,
                             gint64   now,
                             GError **error);
gboolean mw_entries_acknowledge (MwDb    *db,
                                 gint64   id,
                                 gint64   now,
                                 GError **error);
gboolean mw_entries_snooze (MwDb    *db,
                            gint64   id,
                            gint64   until,
                            gint64   now,
                            GError **error);
gint64   mw_entries_wake (MwDb    *db,
                          gint64   now,
                          GError **error);
gint64   mw_entries_next_wake (MwDb *db);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwEntry, mw_entry_free)

G_END_DECLS
