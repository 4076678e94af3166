/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-prepare.h"

#include "mw-attempt-record.h"
#include "mw-backoff.h"
#include "mw-batch.h"
#include "mw-discover.h"
#include "mw-fetch.h"
#include "mw-identify.h"
#include "mw-journal.h"
#include "mw-me.h"
#include "mw-patient-link.h"
#include "mw-plan-input.h"
#include "mw-plan-rows.h"
#include "mw-probe.h"
#include "mw-reference.h"
#include "mw-replan.h"
#include "mw-request.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  MwCore       *core;
  gint64        item;
  gint64        revision;
  MwItem       *row;
  MwPlanInput  *input;
  MwLink       *link;
  MwCapability *capability;
  MwBatch      *batch;
  MwIdentified *identified;
  MwDiscovered *discovered;
  gboolean      looked_again; /* where it is now, since no server was where it was */
  gboolean      stays;        /* there all the same: its directory knows no other place */
  gboolean      was_known;    /* it has said before what it can do */
  gboolean      fetched;
  gboolean      counted; /* among what its connection has under way */
  char         *missing; /* absolute reference of what is not here */
  MwLink       *holder;  /* the connection that may have it */
} Prepare;

static void
prepare_free (gpointer data)
{
  Prepare *prepare = data;

  if (prepare->counted)
    prepare->link->in_flight--;
  mw_item_free (prepare->row);
  mw_plan_input_free (prepare->input);
  g_clear_pointer (&prepare->capability, mw_capability_unref);
  mw_batch_free (prepare->batch);
  mw_identified_free (prepare->identified);
  mw_discovered_free (prepare->discovered);
  g_free (prepare->missing);
  g_free (prepare);
}

static void load_input (GTask *task);
static void discover (GTask      *task,
                      const char *lost);

/* ---- how it can end -------------------------------------------------- */

/* The text may have been taken back, changed or put off while the stages ran: nothing that was found out about the one
 * before counts for it */
static gboolean
is_current (MwDb    *db,
            gint64   item,
            gint64   revision,
            GError **error)
{
  if (mw_db_get_int (db, -1, "SELECT revision FROM items WHERE id = ?1 AND state = 2", "i", item) == revision)
    return TRUE;
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "The item has moved on meanwhile");
  return FALSE;
}

typedef struct
{
  gint64      item;
  gint64      revision;
  gint64      next_attempt;
  const char *stage;
  const char *wait;
  const char *code;
  const char *sentence;
  gint64      now;
} Verdict;

static gint64
write_hold (MwDb    *db,
            gpointer data,
            GError **error)
{
  Verdict *verdict = data;

  return is_current (db, verdict->item, verdict->revision, error) &&
                 mw_items_hold (db, verdict->item, verdict->next_attempt, verdict->stage, verdict->wait, verdict->sentence, verdict->now, error)
             ? 0
             : -1;
}

static gint64
write_attention (MwDb    *db,
                 gpointer data,
                 GError **error)
{
  Verdict *verdict = data;

  return is_current (db, verdict->item, verdict->revision, error) &&
                 mw_items_need_attention (db, verdict->item, verdict->stage, verdict->code, verdict->sentence, verdict->now, error)
             ? 0
             : -1;
}

/* Nobody has said when to come back: soon while the item is young, later the longer it has waited, so that a directory
 * that is away for a weekend does not have all others asked each second */
static gint64
patience (Prepare *prepare,
          gint64   now)
{
  gint64 age = now - MAX (prepare->row->saved, prepare->row->not_before);

  return MAX (mw_backoff_delay (2, mw_core_jitter (prepare->core)), MIN (age / 8, 15 * G_TIME_SPAN_MINUTE));
}

static void
hold (GTask      *task,
      const char *stage,
      const char *wait,
      const char *sentence,
      gint64      until)
{
  Prepare *prepare = g_task_get_task_data (task);
  MwCore  *core = prepare->core;
  gint64   now = mw_core_now (core);
  Verdict  verdict = { prepare->item, prepare->revision, until, stage, wait, NULL, sentence, now };

  if (until <= now)
    verdict.next_attempt = now + mw_core_pace (core, patience (prepare, now));
  mw_store_write (core->store, write_hold, &verdict, NULL);
  g_task_return_boolean (task, FALSE);
}

static void
ask_person (GTask      *task,
            const char *stage,
            const char *sentence)
{
  Prepare *prepare = g_task_get_task_data (task);
  Verdict  verdict = { prepare->item, prepare->revision, 0, stage, NULL, stage, sentence, mw_core_now (prepare->core) };

  mw_store_write (prepare->core->store, write_attention, &verdict, NULL);
  g_task_return_boolean (task, FALSE);
}

static const char *
stage_of (const GError *error)
{
  if (error->domain != MW_STAGE_ERROR)
    return "content";
  switch ((MwStageError) error->code)
    {
    case MW_STAGE_ERROR_IDENTIFY:
    case MW_STAGE_ERROR_MISSING:
      return "identify";
    case MW_STAGE_ERROR_DISCOVER:
      return "discover";
    case MW_STAGE_ERROR_NEGOTIATE:
      return "negotiate";
    case MW_STAGE_ERROR_AUTHORISE:
      return "authorise";
    case MW_STAGE_ERROR_CONTENT:
    default:
      return "content";
    }
}

/* ---- plan ------------------------------------------------------------ */

typedef struct
{
  Prepare   *prepare;
  GPtrArray *requests;
  MwPlan    *plan;
  gint64     now;
} PlanInput;

/* Who the patient is there, and how that is known, becomes true with the plan that goes by it */
static gboolean
write_identified (MwDb      *db,
                  PlanInput *input,
                  GError   **error)
{
  Prepare            *prepare = input->prepare;
  const MwIdentified *identified = prepare->identified;

  if (identified->how != NULL &&
      mw_patient_links_make (db, mw_plan_input_get_patient_reference (prepare->input), prepare->link->row->id, identified->reference, identified->how,
                             prepare->item, input->now, error) < 0)
    return FALSE;
  return identified->words == NULL ||
         mw_journal_add (db, prepare->row->thread, prepare->item, 0, input->now, MW_EVENT_IDENTIFIED, identified->words, error);
}

static gint64
write_plan (MwDb    *db,
            gpointer data,
            GError **error)
{
  PlanInput *input = data;
  Prepare   *prepare = input->prepare;
  gint64     thread = prepare->row->thread;

  if (!is_current (db, prepare->item, prepare->revision, error))
    return -1;
  if (mw_plan_input_get_recipient_name (prepare->input) != NULL &&
      !mw_db_run (db, error, "UPDATE items SET recipient = ?2 WHERE id = ?1", "is", prepare->item, mw_plan_input_get_recipient_name (prepare->input)))
    return -1;
  if (!write_identified (db, input, error) ||
      !mw_requests_replace (db, prepare->item, input->requests, error) ||
      !mw_items_address (db, prepare->item, prepare->link->row->id, input->plan->way != NULL ? input->plan->way : "", error) ||
      !mw_journal_add (db, thread, prepare->item, 0, input->now, MW_EVENT_DISCOVERED,
                       prepare->discovered != NULL && prepare->discovered->words != NULL ? prepare->discovered->words : prepare->link->row->name, error) ||
      !mw_journal_add (db, thread, prepare->item, 0, input->now, MW_EVENT_NEGOTIATED, input->plan->way, error))
    return -1;
  return 0;
}

/* There is no other way: what was refused stays, for the person's own retry */
static void
ask_refused (GTask *task)
{
  Prepare *prepare = g_task_get_task_data (task);
  Verdict  verdict = { prepare->item, prepare->revision, 0, "negotiate", NULL, "unsupported", prepare->row->error_text, mw_core_now (prepare->core) };

  mw_store_write (prepare->core->store, mw_replan_write_end, &prepare->item, NULL);
  mw_store_write (prepare->core->store, write_attention, &verdict, NULL);
  g_task_return_boolean (task, FALSE);
}

static void
make_plan (GTask *task)
{
  Prepare *prepare = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwReference) there = mw_reference_new_for_literal (prepare->identified->reference);
  g_autofree char *patient_there = prepare->identified->reference != NULL ? mw_reference_relative (there, prepare->link->row->url) : NULL;
  g_autoptr (MwCapability) capability = mw_replan_capability (prepare->link, prepare->item, prepare->capability);
  g_autoptr (MwPlan) plan = mw_plan_input_plan (prepare->input, capability, mw_link_get_version (prepare->link, NULL), patient_there,
                                                prepare->identified->is_new, &error);
  g_autofree char *media_type = mw_link_dup_media_type (prepare->link);
  g_autoptr (GPtrArray) requests = NULL;
  PlanInput input;

  if (plan == NULL)
    {
      ask_person (task, stage_of (error), error->message);
      return;
    }
  requests = mw_plan_rows (plan, media_type);
  if (mw_replan_is_refused (prepare->core->db, prepare->item, requests))
    {
      ask_refused (task);
      return;
    }
  input = (PlanInput){ prepare, requests, plan, mw_core_now (prepare->core) };
  if (mw_store_write (prepare->core->store, write_plan, &input, &error) < 0)
    {
      g_debug ("A plan was not written: %s", error->message);
      g_task_return_boolean (task, FALSE);
      return;
    }
  g_task_return_boolean (task, TRUE);
}

/* ---- identify on the receiving server -------------------------------- */

static void
identified (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Prepare *prepare = g_task_get_task_data (task);

  prepare->identified = mw_identify_finish (result);
  switch (prepare->identified->end)
    {
    case MW_IDENTIFY_THERE:
    case MW_IDENTIFY_NONE:
      /* whom a server does not know, or cannot say, it gets with the item */
      make_plan (task);
      return;
    case MW_IDENTIFY_HELD:
      hold (task, "identify", mw_link_get_wait (prepare->link), mw_link_get_wait_text (prepare->link), mw_link_get_wait_until (prepare->link));
      return;
    case MW_IDENTIFY_ASKED:
    case MW_IDENTIFY_STOPPED:
    default:
      g_task_return_boolean (task, FALSE);
    }
}

/* ---- authorise and negotiate ----------------------------------------- */

/* Returns: whether the stages begin anew: no server is where the endpoint was, and it is looked up again, once */
static gboolean
has_moved (GTask *task)
{
  Prepare         *prepare = g_task_get_task_data (task);
  MwLink          *link = prepare->link;
  const MwReach   *reach = prepare->discovered != NULL ? prepare->discovered->reach : NULL;
  g_autofree char *address = reach != NULL ? g_strdup (mw_reach_get_address (reach)) : NULL;

  if (address == NULL)
    return FALSE;
  if (!link->lost && link->capability != NULL)
    mw_probe_note (prepare->core, address, NULL, link->capability_fetched);
  if (!link->lost || prepare->looked_again)
    return FALSE;
  prepare->looked_again = TRUE;
  prepare->was_known = link->capability != NULL;
  prepare->counted = FALSE;
  link->in_flight--;
  g_clear_pointer (&prepare->capability, mw_capability_unref);
  g_clear_pointer (&prepare->input, mw_plan_input_free);
  discover (task, address);
  return TRUE;
}

static void
negotiated (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Prepare *prepare = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  prepare->capability = mw_link_negotiate_finish (prepare->link, result, &error);
  if (!g_cancellable_is_cancelled (prepare->core->cancellable) && has_moved (task))
    return;
  if (prepare->capability == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_task_return_boolean (task, FALSE);
      else
        hold (task, "negotiate", mw_link_get_wait (prepare->link), error->message, mw_link_get_wait_until (prepare->link));
      return;
    }
  if (mw_link_get_version (prepare->link, &error) == MW_FHIR_VERSION_UNKNOWN && error != NULL)
    {
      ask_person (task, "negotiate", error->message);
      return;
    }
  mw_identify_async (prepare->link, prepare->item, prepare->revision, mw_plan_input_get_patient_reference (prepare->input),
                     mw_plan_input_get_patient (prepare->input), prepare->capability, identified, g_object_ref (task));
}

static void
authorised (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Prepare *prepare = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!mw_link_authorise_finish (prepare->link, result, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_task_return_boolean (task, FALSE);
      else
        hold (task, "authorise", mw_link_get_wait (prepare->link), error->message, mw_link_get_wait_until (prepare->link));
      return;
    }
  mw_link_negotiate_async (prepare->link, negotiated, g_steal_pointer (&task));
}

/* ---- identify and discover ------------------------------------------- */

static void
missing_written (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;

  mw_store_write_finish (MW_STORE (source), result, NULL);
  discover (task, NULL);
}

static void
missing_fetched (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Prepare *prepare = g_task_get_task_data (task);

  if (!mw_fetch_finish (result, NULL))
    {
      if (g_cancellable_is_cancelled (prepare->core->cancellable))
        g_task_return_boolean (task, FALSE);
      else
        hold (task, "identify", mw_link_get_wait (prepare->holder), mw_link_get_wait_text (prepare->holder), mw_link_get_wait_until (prepare->holder));
      return;
    }
  mw_batch_recognise (prepare->batch);
  mw_store_write_async (prepare->core->store, mw_batch_write, prepare->batch, NULL, NULL, missing_written, g_steal_pointer (&task));
}

static void
missing_authorised (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Prepare *prepare = g_task_get_task_data (task);
  g_auto (GStrv) me = NULL;
  char *references[] = { prepare->missing, NULL };

  if (!mw_link_authorise_finish (prepare->holder, result, NULL))
    {
      load_input (task);
      return;
    }
  me = mw_me_load (prepare->core->db, prepare->holder->row);
  prepare->batch = mw_batch_new (prepare->core->store, prepare->core->db, prepare->holder->row, me, mw_core_now (prepare->core));
  mw_fetch_async (prepare->holder, prepare->batch, g_strdupv (references), missing_fetched, g_steal_pointer (&task));
}

/* What the draft names but is not here may still be on the connection it names, most often the home one */
static gboolean
fetch_missing (GTask *task)
{
  Prepare *prepare = g_task_get_task_data (task);
  g_autoptr (MwDraft) draft = mw_draft_new_from_text (prepare->row->content, NULL);
  g_autoptr (MwConnection) holder = NULL;

  if (prepare->fetched || draft == NULL)
    return FALSE;
  prepare->missing = mw_plan_input_missing_of (prepare->core->db, draft);
  holder = prepare->missing != NULL ? mw_connections_by_reference (prepare->core->db, prepare->missing) : NULL;
  prepare->holder = holder != NULL && holder->enabled ? mw_core_link (prepare->core, holder->id) : NULL;
  if (prepare->holder == NULL || !mw_link_is_open (prepare->holder))
    return FALSE;
  prepare->fetched = TRUE;
  mw_link_authorise_async (prepare->holder, missing_authorised, g_object_ref (task));
  return TRUE;
}

/* Where it goes is known, but it cannot go yet: from here on it waits among the items of that connection */
static gint64
write_address (MwDb    *db,
               gpointer data,
               GError **error)
{
  Prepare *prepare = data;

  return is_current (db, prepare->item, prepare->revision, error) && mw_items_address (db, prepare->item, prepare->link->row->id, NULL, error) ? 0 : -1;
}

static void
load_input (GTask *task)
{
  Prepare *prepare = g_task_get_task_data (task);
  MwCore  *core = prepare->core;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwDraft) draft = mw_draft_new_from_text (prepare->row->content, &error);
  const MwConnection *connection;

  if (draft != NULL)
    prepare->input = mw_plan_input_new (core->db, draft, prepare->row->identity, prepare->row->saved, prepare->item,
                                        prepare->discovered != NULL ? prepare->discovered->reach : NULL, &error);
  if (prepare->input == NULL)
    {
      if (g_error_matches (error, MW_STAGE_ERROR, MW_STAGE_ERROR_MISSING) && fetch_missing (task))
        return;
      if (g_error_matches (error, MW_STAGE_ERROR, MW_STAGE_ERROR_MISSING) && prepare->holder != NULL && mw_link_is_paused (prepare->holder))
        hold (task, "identify", mw_link_get_wait (prepare->holder), error->message, mw_link_get_wait_until (prepare->holder));
      else
        ask_person (task, stage_of (error), error->message);
      return;
    }
  connection = mw_plan_input_get_connection (prepare->input);
  prepare->link = mw_core_link (core, connection->id);
  if (prepare->link == NULL || !mw_link_is_open (prepare->link))
    {
      ask_person (task, "discover", prepare->link != NULL && prepare->link->problem != NULL ? prepare->link->problem : _ ("The connection cannot be used."));
      return;
    }
  if (mw_link_is_paused (prepare->link))
    {
      /* who removes the connection is told of it */
      mw_store_write (core->store, write_address, prepare, NULL);
      hold (task, NULL, mw_link_get_wait (prepare->link), mw_link_get_wait_text (prepare->link), mw_link_get_wait_until (prepare->link));
      return;
    }
  if (prepare->link->in_flight >= MW_LINK_MAX_IN_FLIGHT)
    {
      mw_store_write (core->store, write_address, prepare, NULL);
      g_task_return_boolean (task, FALSE);
      return;
    }
  prepare->link->in_flight++;
  prepare->counted = TRUE;
  mw_link_authorise_async (prepare->link, authorised, g_object_ref (task));
}

/* ---- discover -------------------------------------------------------- */

static void
discovered (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Prepare      *prepare = g_task_get_task_data (task);
  MwDiscovered *found = mw_discover_finish (result);

  g_clear_pointer (&prepare->discovered, mw_discovered_free);
  prepare->discovered = found;
  switch (found->end)
    {
    case MW_DISCOVER_FOUND:
      load_input (task);
      return;
    case MW_DISCOVER_HELD:
      hold (task, "discover", found->wait, found->sentence, found->until);
      return;
    case MW_DISCOVER_ATTENTION:
      /* only its description is out of order, and its directory knows no other place: it goes on by what it has said
       * before, and the sending shows whether it is there */
      if (prepare->looked_again && prepare->was_known && !prepare->stays)
        {
          prepare->stays = TRUE;
          discover (task, NULL);
          return;
        }
      ask_person (task, "discover", found->sentence);
      return;
    case MW_DISCOVER_ASKED:
    case MW_DISCOVER_STOPPED:
    default:
      g_task_return_boolean (task, FALSE);
    }
}

/* @lost: (nullable): where it was to go, and no server is */
static void
discover (GTask      *task,
          const char *lost)
{
  Prepare *prepare = g_task_get_task_data (task);
  g_autoptr (MwDraft) draft = mw_draft_new_from_text (prepare->row->content, NULL);

  if (draft == NULL || mw_plan_input_is_action (draft))
    load_input (task);
  else
    mw_discover_async (prepare->core, prepare->item, prepare->revision, draft, lost, discovered, g_object_ref (task));
}

typedef struct
{
  gint64 item;
  gint64 now;
} Claim;

/* The one compare-and-set between undo and send */
static gint64
write_claim (MwDb    *db,
             gpointer data,
             GError **error)
{
  Claim *claim = data;

  if (mw_db_get_int (db, 0, "SELECT next_attempt FROM items WHERE id = ?1 AND state = 1", "i", claim->item) > claim->now)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "The item is not due any more");
      return -1;
    }
  return mw_items_move (db, claim->item, MW_ITEM_SAVED, MW_ITEM_PREPARING, claim->now, error) ? 0 : -1;
}

/**
 * mw_prepare_async:
 * @item: one that is saved and due, or preparing
 *
 * Takes an item through its stages.
 */
void
mw_prepare_async (MwCore             *core,
                  gint64              item,
                  GAsyncReadyCallback callback,
                  gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, core->cancellable, callback, user_data);
  Prepare *prepare = g_new0 (Prepare, 1);
  Claim    claim = { item, mw_core_now (core) };

  /* every end is on disk already when it is told */
  g_task_set_check_cancellable (task, FALSE);
  prepare->core = core;
  prepare->item = item;
  g_task_set_task_data (task, prepare, prepare_free);
  prepare->row = mw_items_load (core->db, item, NULL);
  if (prepare->row != NULL && prepare->row->state == MW_ITEM_SAVED)
    {
      mw_item_free (prepare->row);
      prepare->row = mw_store_write (core->store, write_claim, &claim, NULL) >= 0 ? mw_items_load (core->db, item, NULL) : NULL;
    }
  if (prepare->row == NULL || prepare->row->state != MW_ITEM_PREPARING)
    {
      g_task_return_boolean (task, FALSE);
      return;
    }
  prepare->revision = prepare->row->revision;
  discover (task, NULL);
}

/**
 * mw_prepare_finish:
 *
 * Returns: whether the item's requests are on disk and it may leave
 */
gboolean
mw_prepare_finish (GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}
