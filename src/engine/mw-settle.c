/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-settle.h"

#include "mw-item.h"
#include "mw-journal.h"

static gboolean
settle_item (MwDb            *db,
             MwItem          *item,
             const MwArrival *arrival,
             const char      *withheld,
             gint64           now,
             GError         **error)
{
  const MwWorkflow *workflow = mw_workflow_for_kind (item->kind);
  g_autoptr (MwDraft) draft = mw_draft_new_from_text (item->content, NULL);
  g_autofree char *identity = g_strdup (item->identity);
  MwSettlement     settlement = { 0 };
  gboolean         ok = TRUE;

  /* an action on somebody else's Task (accept, decline) awaits nothing */
  if (workflow == NULL || draft == NULL || (draft->action != NULL && !g_str_equal (draft->action, "reply") && !g_str_equal (draft->action, "forward")))
    return TRUE;
  if (!workflow->settle (draft, identity, arrival, &settlement))
    return TRUE;
  if (withheld != NULL)
    ok = mw_journal_add (db, item->thread, item->id, 0, now, MW_EVENT_OTHER_PATIENT, withheld, error);
  else if (settlement.answered)
    ok = mw_items_answer (db, item->id, settlement.detail, now, error);
  else
    ok = mw_journal_add (db, item->thread, item->id, 0, now, MW_EVENT_PROGRESS, settlement.detail, error);
  g_free (settlement.detail);
  return ok;
}

/**
 * mw_settle_thread:
 * @withheld: (nullable): whom it is about, where that is another patient: nothing is answered by it
 *
 * Tells the thread's items that have been handed over what has arrived in it.
 */
gboolean
mw_settle_thread (MwDb            *db,
                  gint64           thread,
                  const MwArrival *arrival,
                  const char      *withheld,
                  gint64           now,
                  GError         **error)
{
  g_autoptr (GArray) ids = mw_items_of_thread (db, thread, error);

  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (MwItem) item = mw_items_load (db, g_array_index (ids, gint64, i), error);

      if (item == NULL)
        return FALSE;
      if (item->state != MW_ITEM_HANDED_OVER && item->state != MW_ITEM_WAITING && item->state != MW_ITEM_OVERDUE)
        continue;
      if (!settle_item (db, item, arrival, withheld, now, error))
        return FALSE;
    }
  return TRUE;
}
