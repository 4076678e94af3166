/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Referrals and consults: a ServiceRequest says what, a Task follows it (BSeR 2.0.0-ballot; wire
 * notes 8). Received ones are accepted, declined, completed with a note; sent ones follow their Task. */

#include "mw-config.h"

#include "mw-workflow-private.h"

#include "mw-edit.h"
#include "mw-fhir-date.h"

#include <glib/gi18n-lib.h>

#define TASK_CODES "http://hl7.org/fhir/CodeSystem/task-code"
/* LOINC: consult note */
#define CONSULT_NOTE "11488-4"

static char *
sent_subject (const char *status,
              const char *who,
              const char *what)
{
  const char *name = who != NULL ? who : _ ("The recipient");

  if (g_str_equal (status, "rejected"))
    /* Translators: who declined, and the referral's service */
    return g_strdup_printf (_ ("%s declined your referral: %s"), name, what);
  if (g_str_equal (status, "completed"))
    return g_strdup_printf (_ ("%s completed your referral: %s"), name, what);
  if (g_str_equal (status, "failed"))
    return g_strdup_printf (_ ("%s could not carry out your referral: %s"), name, what);
  if (g_str_equal (status, "cancelled"))
    return g_strdup_printf (_ ("Your referral was cancelled: %s"), what);
  if (g_str_equal (status, "on-hold"))
    return g_strdup_printf (_ ("%s put your referral on hold: %s"), name, what);
  if (g_str_equal (status, "accepted"))
    return g_strdup_printf (_ ("%s accepted your referral: %s"), name, what);
  return g_strdup_printf (_ ("Your referral: %s"), what);
}

/* What of a sent referral's progress is worth an entry: the rest is in the thread's timeline */
static gboolean
is_news (const char *status)
{
  static const char *const news[] = { "rejected", "completed", "failed", "cancelled", "on-hold", "accepted", NULL };

  return g_strv_contains (news, status);
}

static MwMeaning *
recognise_task (const MwArrival *arrival)
{
  JsonNode        *task = arrival->resource;
  MwMeaning       *meaning = mw_meaning_new (MW_KIND_REFERRAL);
  g_autofree char *what = mw_task_what (arrival);

  mw_task_meaning (meaning, arrival);
  if (mw_task_is_mine_to_do (arrival))
    {
      mw_meaning_take_sender (meaning, arrival, mw_json_get (task, "requester"), NULL);
      meaning->subject = g_strdup_printf (_ ("Referral: %s"), what);
      meaning->entry = !g_str_equal (meaning->state, "draft");
    }
  else
    {
      mw_meaning_take_sender (meaning, arrival, mw_json_get (task, "owner"), NULL);
      meaning->subject = sent_subject (meaning->state, meaning->sender, what);
      meaning->entry = is_news (meaning->state);
    }
  return meaning;
}

/* An order without a Task: its status cannot be followed, but it must be seen */
static MwMeaning *
recognise_order (const MwArrival *arrival)
{
  JsonNode        *order = arrival->resource;
  MwMeaning       *meaning;
  g_autofree char *service = mw_concept_text (mw_json_get (order, "code.concept"));
  g_autofree char *reason = mw_resource_reason (order);
  const char      *note = mw_json_string (mw_json_item (order, "note", 0), "text");
  gboolean         to_me = FALSE;

  for (guint i = 0; i < mw_json_length (order, "performer"); i++)
    to_me = to_me || mw_arrival_is_me (arrival, mw_json_item (order, "performer", i));
  meaning = mw_meaning_new (MW_KIND_REFERRAL);
  if (service == NULL)
    service = mw_concept_text (mw_json_get (order, "code"));
  meaning->identity = g_strdup (arrival->reference);
  meaning->state = g_strdup (mw_json_string (order, "status"));
  meaning->priority = mw_priority_from_word (mw_json_string (order, "priority"));
  meaning->sent = mw_fhir_date_to_unix (mw_json_string (order, "authoredOn"), 0);
  meaning->subject = g_strdup_printf (_ ("Referral: %s"), service != NULL ? service : _ ("service not named"));
  meaning->preview = mw_one_line (reason != NULL ? reason : note);
  mw_meaning_take_patient (meaning, arrival, mw_json_get (order, "subject"), order, NULL);
  mw_meaning_take_sender (meaning, arrival, mw_json_get (order, "requester"), NULL);
  mw_meaning_add_key (meaning, arrival->reference);
  mw_meaning_add_identifiers (meaning, order);
  mw_meaning_add_references (meaning, arrival, order, "basedOn");
  mw_meaning_add_references (meaning, arrival, order, "replaces");
  /* with a Task, the Task is the entry; orders of others for others belong to the record */
  meaning->entry = to_me && !mw_json_has (order, "basedOn");
  return meaning;
}

static MwMeaning *
recognise (const MwArrival *arrival)
{
  if (mw_resource_is (arrival->resource, "ServiceRequest"))
    return recognise_order (arrival);
  if (mw_task_is_referral (arrival))
    return recognise_task (arrival);
  return NULL;
}

/* ---- sending --------------------------------------------------------- */

static MwPlan *
plan_new (const MwDraft       *draft,
          const MwPlanContext *context,
          GError             **error)
{
  g_autoptr (MwParcel) parcel = mw_parcel_new (context);
  JsonNode        *order = mw_resource_new ("ServiceRequest");
  JsonNode        *task = mw_resource_new ("Task");
  g_autofree char *order_words = g_strdup_printf (_ ("Referral: %s"), draft->service);
  const char      *order_urn;
  g_autoptr (GPtrArray) supporting = g_ptr_array_new_with_free_func (g_free);

  mw_json_set (order, "status", "active");
  mw_json_set (order, "intent", "order");
  mw_json_set (order, "category[0].coding[0].system", "http://snomed.info/sct");
  mw_json_set (order, "category[0].coding[0].code", "3457005");
  mw_json_set (order, "category[0].coding[0].display", "Patient referral");
  mw_json_set (order, "priority", draft->urgency != NULL ? draft->urgency : "routine");
  mw_json_set (order, "code.text", draft->service);
  mw_parcel_about_patient (parcel, order, "subject");
  mw_json_set (order, "occurrenceDateTime", draft->by);
  mw_json_set (order, "authoredOn", mw_parcel_created (parcel));
  mw_parcel_name_me (parcel, order, "requester");
  mw_parcel_name_recipient (parcel, order, "performer[0]");
  if (draft->reason != NULL)
    mw_json_set (order, "reasonCode[0].text", draft->reason);
  for (guint i = 0; context->resources != NULL && i < context->resources->len; i++)
    g_ptr_array_add (supporting, mw_parcel_add_record (parcel, g_ptr_array_index (context->resources, i)));
  for (guint i = 0; context->files != NULL && i < context->files->len; i++)
    g_ptr_array_add (supporting, mw_parcel_add_file (parcel, i, g_ptr_array_index (context->files, i)));
  for (guint i = 0; i < supporting->len; i++)
    {
      JsonNode *reference = mw_json_object_new ();

      mw_json_set (reference, "reference", g_ptr_array_index (supporting, i));
      mw_json_take (order, "supportingInfo[+]", reference);
    }
  if (draft->note != NULL && *draft->note != '\0')
    mw_json_set (order, "note[0].text", draft->note);
  order_urn = mw_parcel_add (parcel, "order", order, order_words);

  mw_json_set (task, "status", "requested");
  mw_json_set (task, "intent", "order");
  mw_json_set (task, "priority", draft->urgency != NULL ? draft->urgency : "routine");
  mw_json_set (task, "code.coding[0].system", TASK_CODES);
  mw_json_set (task, "code.coding[0].code", "fulfill");
  mw_json_set (task, "description", draft->service);
  mw_json_set (task, "focus.reference", order_urn);
  mw_parcel_about_patient (parcel, task, "for");
  mw_json_set (task, "authoredOn", mw_parcel_created (parcel));
  mw_json_set (task, "lastModified", mw_parcel_created (parcel));
  mw_parcel_name_me (parcel, task, "requester");
  mw_parcel_name_recipient (parcel, task, "owner");
  if (draft->by != NULL)
    mw_json_set (task, "restriction.period.end", draft->by);
  mw_parcel_add (parcel, "task", task, NULL);
  mw_parcel_watch (parcel, "task");
  return mw_parcel_to_plan (parcel, mw_parcel_best_way (parcel), NULL, NULL, NULL, error);
}

static char *
target_url (const MwPlanContext *context)
{
  return g_strdup_printf ("%s/%s", mw_resource_type (context->target), mw_resource_id (context->target));
}

static MwPlan *
plan_action (const MwDraft       *draft,
             const MwPlanContext *context,
             GError             **error)
{
  g_autoptr (MwParcel) parcel = mw_parcel_new (context);
  g_autofree char *url = target_url (context);
  JsonNode        *edit;
  MwPlan          *plan;
  const char      *words;

  if (g_str_equal (draft->action, "accept"))
    {
      edit = mw_task_edit (context, "accepted");
      mw_edit_require (edit, "status", "requested", "received", "ready", NULL);
      words = _ ("The referral is accepted");
    }
  else if (g_str_equal (draft->action, "decline"))
    {
      const char *reason = draft->reason != NULL ? draft->reason : draft->note;

      edit = mw_task_edit (context, "rejected");
      mw_edit_require (edit, "status", "requested", "received", "ready", "accepted", NULL);
      mw_task_edit_reason (context, edit, reason != NULL ? reason : _ ("Declined"));
      words = _ ("The referral is declined");
    }
  else
    {
      edit = mw_task_edit (context, "completed");
      mw_edit_require (edit, "status", "requested", "received", "accepted", "ready", "in-progress", "on-hold", NULL);
      mw_plan_task_reply (draft, context, parcel, _ ("Consult note"), CONSULT_NOTE, edit, NULL, NULL);
      words = _ ("The referral is completed");
    }
  plan = mw_parcel_to_plan (parcel, MW_PARCEL_SINGLE, NULL, NULL, NULL, error);
  if (plan != NULL)
    mw_plan_add_edit (plan, url, edit, words);
  else
    json_node_unref (edit);
  return plan;
}

static MwPlan *
plan (const MwDraft       *draft,
      const MwPlanContext *context,
      GError             **error)
{
  MwPlan *result;

  if (draft->action != NULL)
    {
      if (!mw_resource_is (context->target, "Task") || mw_resource_id (context->target) == NULL)
        {
          g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR,
                               _ ("This referral came without a task, so there is nothing to answer on. Reply with a message instead."));
          return NULL;
        }
      return mw_task_can_change (context, error) ? plan_action (draft, context, error) : NULL;
    }
  if (context->patient == NULL || draft->service == NULL)
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("A referral needs a patient and a service."));
      return NULL;
    }
  result = plan_new (draft, context, error);
  if (result != NULL)
    result->awaits = TRUE;
  return result;
}

static const MwAction *
actions (JsonNode   *resource,
         const char *state,
         GStrv       me,
         const char *base)
{
  static MwAction open[] = {
    { "accept", N_ ("Accept"), MW_EFFECT_SEND, .suggested = TRUE, .becomes = "accepted" },
    { "decline", N_ ("Decline"), MW_EFFECT_SEND, .note = 2, .destructive = TRUE, .becomes = "rejected" },
    { "reply", N_ ("Reply"), MW_EFFECT_COMPOSE, .compose_kind = MW_KIND_MESSAGE },
    { NULL },
  };
  static MwAction accepted[] = {
    { "complete", N_ ("Complete Referral"), MW_EFFECT_SEND, .note = 2, .files = TRUE, .suggested = TRUE, .becomes = "completed" },
    { "reply", N_ ("Reply"), MW_EFFECT_COMPOSE, .compose_kind = MW_KIND_MESSAGE },
    { "decline", N_ ("Decline"), MW_EFFECT_SEND, .note = 2, .destructive = TRUE, .becomes = "rejected" },
    { NULL },
  };
  static MwAction ended[] = {
    { "acknowledge", N_ ("Done"), MW_EFFECT_LOCAL, .suggested = TRUE },
    { "reply", N_ ("Reply"), MW_EFFECT_COMPOSE, .compose_kind = MW_KIND_MESSAGE },
    { NULL },
  };
  static const char *const can_accept[] = { "requested", "received", "ready", NULL };
  static const char *const can_complete[] = { "accepted", "in-progress", "on-hold", NULL };
  MwArrival                arrival = { .resource = resource, .base = base, .home = TRUE, .me = me };

  if (!mw_resource_is (resource, "Task") || state == NULL || !mw_task_is_mine_to_do (&arrival))
    return ended;
  if (g_strv_contains (can_accept, state))
    return open;
  return g_strv_contains (can_complete, state) ? accepted : ended;
}

static gboolean
settle (const MwDraft   *draft,
        const char      *identity,
        const MwArrival *arrival,
        MwSettlement    *settlement)
{
  return mw_task_settle (identity, "task", arrival, settlement);
}

const MwWorkflow mw_workflow_referral = { MW_KIND_REFERRAL, recognise, plan, actions, settle };
