/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What can be done with an entry, and what that begins with */

#include "mw-config.h"

#include "mw-outbox.h"

#include "mw-me.h"
#include "mw-person.h"
#include "mw-resource-row.h"

#include <glib/gi18n-lib.h>

/**
 * mw_outbox_entry_resource:
 *
 * Returns: (transfer full) (nullable): the JSON of what the entry is about
 */
JsonNode *
mw_outbox_entry_resource (MwDb          *db,
                          const MwEntry *entry)
{
  g_autoptr (MwResourceRow) row = mw_resources_load (db, entry->resource);

  return row != NULL ? mw_json_parse (g_bytes_get_data (row->raw, NULL), (gssize) g_bytes_get_size (row->raw), NULL) : NULL;
}

static const MwAction *
actions_in_state (MwDb          *db,
                  const MwEntry *entry,
                  const char    *state)
{
  g_autoptr (JsonNode) resource = mw_outbox_entry_resource (db, entry);
  g_autoptr (MwConnection) connection = mw_connections_load (db, entry->connection, NULL);
  g_auto (GStrv) me = NULL;

  if (resource == NULL || connection == NULL)
    return NULL;
  me = mw_me_load (db, connection);
  if (!connection->home)
    {
      /* what lives on another server came to us because we sent it there */
      static const char *const nobody[] = { "", NULL };

      return mw_workflow_actions (entry->kind, resource, state, (GStrv) nobody, connection->url);
    }
  return mw_workflow_actions (entry->kind, resource, state, me, connection->url);
}

/* What a person did counts from the moment it is saved: the state that the entry is going to have, while the actions
 * travel and until the server's own word on it arrives. Otherwise she could accept twice. */
static const MwAction *
actions_after_saved_ones (MwDb          *db,
                          const MwEntry *entry)
{
  const MwAction *actions = actions_in_state (db, entry, entry->state);
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (!mw_query_init (&query, db, NULL,
                      "SELECT action FROM items WHERE entry = ?1 AND action IS NOT NULL AND state NOT IN (?2, ?3) "
                      "AND (handed_over = 0 OR handed_over >= ?4) ORDER BY id",
                      "iiii", entry->id, (gint64) MW_ITEM_DRAFT, (gint64) MW_ITEM_WITHDRAWN, entry->changed))
    return actions;
  while (actions != NULL && mw_query_step (&query, NULL))
    {
      const MwAction *done = mw_action_find (actions, mw_query_text (&query, 0));

      if (done != NULL && done->becomes != NULL)
        actions = actions_in_state (db, entry, done->becomes);
    }
  return actions;
}

/**
 * mw_outbox_entry_actions:
 *
 * Returns: (transfer none) (nullable): what the entry's workflow offers now, ended by one without a name; what is on
 *   its way counts as done
 */
const MwAction *
mw_outbox_entry_actions (MwDb          *db,
                         const MwEntry *entry)
{
  return actions_after_saved_ones (db, entry);
}

/**
 * mw_outbox_check_action:
 *
 * Inside a write: refuses what changes an entry and has been done already.
 *
 * Returns: FALSE with MW_STORE_ERROR_STATE
 */
gboolean
mw_outbox_check_action (MwDb       *db,
                        gint64      id,
                        const char *name,
                        GError    **error)
{
  g_autoptr (MwEntry) entry = mw_entries_load (db, id, error);
  const MwAction *action;

  if (entry == NULL)
    return FALSE;
  action = mw_action_find (actions_in_state (db, entry, entry->state), name);
  if (action == NULL || action->becomes == NULL || mw_action_find (actions_after_saved_ones (db, entry), name) != NULL)
    return TRUE;
  /* Translators: %s is an action that is on a button, such as Accept */
  g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, _ ("“%s” is on its way already. The outbox shows it."), mw_action_label (action));
  return FALSE;
}

/**
 * mw_outbox_draft_for_action:
 *
 * Returns: (transfer full): the draft that an action of an entry begins with: patient, recipient and subject filled in
 */
MwDraft *
mw_outbox_draft_for_action (MwDb           *db,
                            const MwEntry  *entry,
                            const MwAction *action,
                            GError        **error)
{
  g_autoptr (MwResourceRow) row = mw_resources_load (db, entry->resource);
  g_autoptr (MwPerson) patient = mw_people_load (db, entry->patient);
  g_autoptr (MwPerson) sender = mw_people_by_reference (db, entry->sender_ref);
  MwDraft *draft = mw_draft_new (action->effect == MW_EFFECT_COMPOSE && action->compose_kind != NULL ? action->compose_kind : entry->kind);

  draft->action = g_strdup (action->name);
  if (patient != NULL && patient->active)
    {
      draft->patient = g_strdup (patient->reference);
      draft->patient_name = g_strdup (patient->name);
    }
  else
    draft->patient_name = g_strdup (entry->patient_name);
  if (row != NULL && (action->effect == MW_EFFECT_SEND || g_str_equal (action->name, "reply")))
    draft->target = g_strdup (row->reference);
  if (action->effect == MW_EFFECT_COMPOSE && !g_str_equal (action->name, "forward") && !g_str_equal (action->name, "alert"))
    {
      if (sender != NULL && sender->active)
        draft->to = g_strdup (sender->reference);
      if (draft->to == NULL)
        draft->to_name = g_strdup (entry->sender);
    }
  if (g_str_equal (action->name, "reply"))
    draft->subject = g_strdup (entry->subject);
  else if (g_str_equal (action->name, "forward"))
    {
      /* Translators: subject of a forwarded message; %s is its own subject */
      draft->subject = g_strdup_printf (_ ("Forwarded: %s"), entry->subject);
      draft->note = g_strdup (entry->preview);
      if (row != NULL && patient != NULL && patient->active)
        mw_draft_add_resource (draft, row->reference);
    }
  return draft;
}
