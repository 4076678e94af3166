/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Information requests that go out: a CDex Task where the receiver takes Tasks, else a
 * CommunicationRequest. The answer lands in the thread. */

#include "mw-config.h"

#include "mw-workflow-private.h"

#include "mw-fhir-date.h"
#include "mw-identity.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CDEX_CODES "http://hl7.org/fhir/us/davinci-cdex/CodeSystem/cdex-temp"
#define HREX_CODES "http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp"

static char *
answer_subject (const char *status,
                const char *who,
                const char *what)
{
  const char *name = who != NULL ? who : _ ("The recipient");

  if (g_str_equal (status, "rejected"))
    /* Translators: who declined, and what was asked for */
    return g_strdup_printf (_ ("%s declined your question: %s"), name, what);
  if (g_str_equal (status, "failed"))
    return g_strdup_printf (_ ("%s could not answer: %s"), name, what);
  if (g_str_equal (status, "completed"))
    return g_strdup_printf (_ ("%s answered: %s"), name, what);
  return g_strdup_printf (_ ("Your question: %s"), what);
}

static MwMeaning *
recognise (const MwArrival *arrival)
{
  static const char *const news[] = { "rejected", "failed", "completed", "cancelled", NULL };
  JsonNode                *resource = arrival->resource;
  MwMeaning               *meaning;
  g_autofree char         *what = NULL;

  if (mw_resource_is (resource, "CommunicationRequest"))
    {
      meaning = mw_meaning_new (MW_KIND_ASK);
      mw_communication_meaning (meaning, arrival);
      meaning->entry = FALSE;
      return meaning;
    }
  if (!mw_resource_is (resource, "Task"))
    return NULL;
  what = mw_task_what (arrival);
  meaning = mw_meaning_new (MW_KIND_ASK);
  mw_task_meaning (meaning, arrival);
  mw_meaning_take_sender (meaning, arrival, mw_json_get (resource, "owner"), NULL);
  meaning->subject = answer_subject (meaning->state, meaning->sender, what);
  meaning->entry = g_strv_contains (news, meaning->state);
  return meaning;
}

static void
add_input (JsonNode   *task,
           const char *about)
{
  JsonNode *input = mw_json_object_new ();

  if (strchr (about, '?') != NULL)
    {
      mw_json_set (input, "type.coding[0].system", HREX_CODES);
      mw_json_set (input, "type.coding[0].code", "data-query");
      mw_json_set (input, "valueString", about);
    }
  else
    {
      g_auto (GStrv) code = g_strsplit (about, "|", 2);

      mw_json_set (input, "type.coding[0].system", HREX_CODES);
      mw_json_set (input, "type.coding[0].code", "data-code");
      if (code[0] != NULL && code[1] != NULL)
        {
          mw_json_set (input, "valueCodeableConcept.coding[0].system", code[0]);
          mw_json_set (input, "valueCodeableConcept.coding[0].code", code[1]);
        }
      else
        mw_json_set (input, "valueCodeableConcept.text", about);
    }
  mw_json_take (task, "input[+]", input);
}

/* CDex 2.1.0: exactly one of query and code in a request; several things asked for are several inputs of
 * one kind, so the first decides and the note carries the rest */
static JsonNode *
new_task (MwParcel            *parcel,
          const MwDraft       *draft,
          const MwPlanContext *context)
{
  JsonNode        *task = mw_resource_new ("Task");
  const char      *first = draft->about != NULL && draft->about[0] != NULL ? draft->about[0] : draft->note;
  gboolean         query = strchr (first, '?') != NULL && draft->about != NULL && draft->about[0] != NULL;
  g_autofree char *title = mw_draft_subject (draft);

  mw_json_set (task, "status", "requested");
  mw_json_set (task, "intent", "order");
  mw_json_set (task, "priority", draft->urgency);
  mw_json_set (task, "code.coding[0].system", CDEX_CODES);
  mw_json_set (task, "code.coding[0].code", query ? "data-request-query" : "data-request-code");
  mw_json_set (task, "code.text", title);
  mw_json_set (task, "description", draft->note);
  mw_parcel_about_patient_lightly (parcel, task, "for");
  mw_json_set (task, "authoredOn", mw_parcel_created (parcel));
  mw_json_set (task, "lastModified", mw_parcel_created (parcel));
  mw_parcel_name_me (parcel, task, "requester");
  mw_parcel_name_recipient (parcel, task, "owner");
  mw_json_set (task, "restriction.period.end", draft->by);
  if (draft->about == NULL || draft->about[0] == NULL)
    {
      JsonNode *input = mw_json_object_new ();

      mw_json_set (input, "type.coding[0].system", HREX_CODES);
      mw_json_set (input, "type.coding[0].code", "data-code");
      mw_json_set (input, "valueCodeableConcept.text", draft->note);
      mw_json_take (task, "input[+]", input);
    }
  for (guint i = 0; draft->about != NULL && draft->about[i] != NULL; i++)
    add_input (task, draft->about[i]);
  return task;
}

static JsonNode *
new_communication_request (MwParcel            *parcel,
                           const MwDraft       *draft,
                           const MwPlanContext *context)
{
  JsonNode *request = mw_resource_new ("CommunicationRequest");

  mw_json_set (request, "status", "active");
  /* R5 wants to know, R4 has no word for it: mw_adapt_resource() puts it where it belongs */
  if (mw_parcel_get_version (parcel) == MW_FHIR_VERSION_R5)
    {
      mw_json_set (request, "extension[0].url", "http://hl7.org/fhir/5.0/StructureDefinition/extension-CommunicationRequest.intent");
      mw_json_set (request, "extension[0].valueCode", "order");
    }
  mw_json_set (request, "priority", draft->urgency);
  mw_parcel_about_patient_lightly (parcel, request, "subject");
  for (guint i = 0; draft->about != NULL && draft->about[i] != NULL; i++)
    {
      JsonNode *payload = mw_json_object_new ();

      mw_json_set (payload, "contentString", draft->about[i]);
      mw_json_take (request, "payload[+]", payload);
    }
  if (draft->note != NULL && *draft->note != '\0')
    {
      JsonNode *payload = mw_json_object_new ();

      mw_json_set (payload, "contentString", draft->note);
      mw_json_take (request, "payload[+]", payload);
    }
  mw_json_set (request, "occurrencePeriod.end", draft->by);
  mw_json_set (request, "authoredOn", mw_parcel_created (parcel));
  mw_parcel_name_me (parcel, request, "requester");
  mw_parcel_name_recipient (parcel, request, "recipient[0]");
  return request;
}

static MwPlan *
plan (const MwDraft       *draft,
      const MwPlanContext *context,
      GError             **error)
{
  g_autoptr (MwParcel) parcel = mw_parcel_new (context);
  MwPlan     *result;
  const char *name;
  gboolean    asks = (draft->about != NULL && draft->about[0] != NULL) || (draft->note != NULL && *draft->note != '\0');

  if (!asks || context->patient == NULL)
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("A question needs a patient, and something that is asked for."));
      return NULL;
    }
  if (mw_parcel_takes (parcel, "Task"))
    {
      mw_parcel_add (parcel, "task", new_task (parcel, draft, context), _ ("Your question"));
      name = "task";
    }
  else
    {
      mw_parcel_add (parcel, "request", new_communication_request (parcel, draft, context), _ ("Your question"));
      name = "request";
    }
  mw_parcel_watch (parcel, name);
  result = mw_parcel_to_plan (parcel, mw_parcel_best_way (parcel), NULL, NULL, NULL, error);
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
  static MwAction table[] = {
    { "acknowledge", N_ ("Done"), MW_EFFECT_LOCAL, .suggested = TRUE },
    { "ask", N_ ("Ask Again"), MW_EFFECT_COMPOSE, .compose_kind = MW_KIND_ASK },
    { "reply", N_ ("Reply"), MW_EFFECT_COMPOSE, .compose_kind = MW_KIND_MESSAGE },
    { NULL },
  };

  return table;
}

static gboolean
settle (const MwDraft   *draft,
        const char      *identity,
        const MwArrival *arrival,
        MwSettlement    *settlement)
{
  return mw_task_settle (identity, "task", arrival, settlement) || mw_communication_settle (identity, arrival, settlement);
}

const MwWorkflow mw_workflow_ask = { MW_KIND_ASK, recognise, plan, actions, settle };
