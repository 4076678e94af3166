/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Information requests that arrive, plan to provider and between providers: Tasks of CDex 2.1.0 and
 * HRex 1.2.0, CommunicationRequests, and every other Task that is the clinician's to do. */

#include "mw-config.h"

#include "mw-workflow-private.h"

#include "mw-edit.h"
#include "mw-fhir-date.h"
#include "mw-identity.h"

#include <glib/gi18n-lib.h>

/* Wire notes 5.1: the system of an input's type differs between guides; the code decides */
static JsonNode *
find_input (JsonNode   *task,
            const char *code)
{
  guint n = mw_json_length (task, "input");

  for (guint i = 0; i < n; i++)
    {
      JsonNode *input = mw_json_item (task, "input", i);

      if (mw_concept_has_code (input, "type", NULL, code))
        return input;
    }
  return NULL;
}

static char *
what_is_asked (const MwArrival *arrival)
{
  JsonNode                *task = arrival->resource;
  static const char *const codes[] = { "data-code", "attachments-needed" };
  JsonNode                *query = find_input (task, "data-query");

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      char *text = mw_concept_text (mw_json_get (find_input (task, codes[i]), "valueCodeableConcept"));

      if (text != NULL)
        return text;
    }
  if (mw_json_string (query, "valueString") != NULL)
    {
      g_auto (GStrv) parts = g_strsplit_set (mw_json_string (query, "valueString"), "?/", 2);
      g_autofree char *kind = mw_resource_type_text (parts[0]);

      return g_strdup (kind != NULL ? kind : parts[0]);
    }
  if (find_input (task, "questionnaire") != NULL || find_input (task, "questionnaire-context") != NULL)
    return g_strdup (_ ("a questionnaire"));
  return mw_task_what (arrival);
}

static MwMeaning *
recognise (const MwArrival *arrival)
{
  JsonNode  *resource = arrival->resource;
  MwMeaning *meaning;

  if (mw_resource_is (resource, "CommunicationRequest") && arrival->home && mw_task_is_mine_to_do (arrival))
    {
      meaning = mw_meaning_new (MW_KIND_REQUEST);
      mw_communication_meaning (meaning, arrival);
      meaning->state = g_strdup (mw_json_string (resource, "status"));
      return meaning;
    }
  if (!mw_resource_is (resource, "Task") || !mw_task_is_mine_to_do (arrival))
    return NULL;
  {
    g_autofree char *what = what_is_asked (arrival);

    meaning = mw_meaning_new (MW_KIND_REQUEST);
    mw_task_meaning (meaning, arrival);
    mw_meaning_take_sender (meaning, arrival, mw_json_get (resource, "requester"), NULL);
    /* Translators: subject of a request that came in; %s is what is asked for */
    meaning->subject = g_strdup_printf (_ ("Asks for: %s"), what);
    meaning->entry = !g_str_equal (meaning->state, "draft");
  }
  return meaning;
}

static MwPlan *
plan_task (const MwDraft       *draft,
           const MwPlanContext *context,
           GError             **error)
{
  g_autoptr (MwParcel) parcel = mw_parcel_new (context);
  g_autofree char *url = g_strdup_printf ("Task/%s", mw_resource_id (context->target));
  JsonNode        *edit;
  MwPlan          *plan;

  if (g_str_equal (draft->action, "decline"))
    {
      const char *reason = draft->reason != NULL ? draft->reason : draft->note;

      edit = mw_task_edit (context, "rejected");
      mw_edit_require (edit, "status", "requested", "received", "ready", "accepted", NULL);
      mw_task_edit_reason (context, edit, reason != NULL ? reason : _ ("Declined"));
      plan = mw_parcel_to_plan (parcel, MW_PARCEL_SINGLE, NULL, NULL, NULL, error);
      if (plan != NULL)
        mw_plan_add_edit (plan, url, edit, _ ("The request is declined"));
      else
        json_node_unref (edit);
      return plan;
    }
  edit = mw_task_edit (context, "completed");
  mw_edit_require (edit, "status", "requested", "received", "accepted", "ready", "in-progress", "on-hold", NULL);
  if (!mw_plan_task_reply (draft, context, parcel, _ ("Answer"), NULL, edit, "http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp", "data-value"))
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("The answer is empty. Write something, or add a file or a part of the record."));
      json_node_unref (edit);
      return NULL;
    }
  plan = mw_parcel_to_plan (parcel, mw_parcel_best_way (parcel), NULL, NULL, NULL, error);
  if (plan == NULL)
    {
      json_node_unref (edit);
      return NULL;
    }
  mw_plan_task_begin (plan, context, url);
  mw_plan_add_edit (plan, url, edit, _ ("The request is answered"));
  return plan;
}

/* A CommunicationRequest is fulfilled by a Communication based on it (FHIR R4 communicationrequest.html) */
static MwPlan *
plan_communication (const MwDraft       *draft,
                    const MwPlanContext *context,
                    GError             **error)
{
  g_autoptr (MwParcel) parcel = mw_parcel_new (context);
  JsonNode        *communication = mw_communication_new (parcel, draft, context);
  g_autofree char *based_on = g_strdup_printf ("CommunicationRequest/%s", mw_resource_id (context->target));
  JsonNode        *recipient = mw_json_get (context->target, "requester");

  mw_json_set (communication, "basedOn[0].reference", based_on);
  if (recipient != NULL && !mw_json_has (communication, "recipient"))
    mw_json_take (communication, "recipient[0]", mw_json_copy (recipient));
  if (g_str_equal (draft->action, "decline"))
    {
      mw_json_set (communication, "status", "not-done");
      mw_json_set (communication, "statusReason.text", draft->reason != NULL ? draft->reason : draft->note);
    }
  mw_parcel_add (parcel, "communication", communication, g_str_equal (draft->action, "decline") ? _ ("The request is declined") : _ ("Your answer"));
  return mw_parcel_to_plan (parcel, mw_parcel_best_way (parcel), NULL, NULL, NULL, error);
}

static MwPlan *
plan (const MwDraft       *draft,
      const MwPlanContext *context,
      GError             **error)
{
  if (draft->action != NULL && mw_resource_id (context->target) != NULL)
    {
      if (mw_resource_is (context->target, "Task"))
        return mw_task_can_change (context, error) ? plan_task (draft, context, error) : NULL;
      if (mw_resource_is (context->target, "CommunicationRequest"))
        return plan_communication (draft, context, error);
    }
  g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("The request that this answers is not here any more."));
  return NULL;
}

static const MwAction *
actions (JsonNode   *resource,
         const char *state,
         GStrv       me,
         const char *base)
{
  static MwAction open[] = {
    { "answer", N_ ("Answer Request"), MW_EFFECT_SEND, .note = 2, .files = TRUE, .suggested = TRUE, .becomes = "completed" },
    { "decline", N_ ("Decline"), MW_EFFECT_SEND, .note = 2, .destructive = TRUE, .becomes = "rejected" },
    { "reply", N_ ("Reply"), MW_EFFECT_COMPOSE, .compose_kind = MW_KIND_MESSAGE },
    { NULL },
  };
  static MwAction ended[] = {
    { "acknowledge", N_ ("Done"), MW_EFFECT_LOCAL, .suggested = TRUE },
    { "reply", N_ ("Reply"), MW_EFFECT_COMPOSE, .compose_kind = MW_KIND_MESSAGE },
    { NULL },
  };
  static const char *const is_open[] = { "requested", "received", "ready", "accepted", "in-progress", "on-hold", "active", NULL };

  return state != NULL && g_strv_contains (is_open, state) ? open : ended;
}

static gboolean
settle (const MwDraft   *draft,
        const char      *identity,
        const MwArrival *arrival,
        MwSettlement    *settlement)
{
  return mw_communication_settle (identity, arrival, settlement);
}

const MwWorkflow mw_workflow_request = { MW_KIND_REQUEST, recognise, plan, actions, settle };
