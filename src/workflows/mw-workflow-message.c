/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Care team coordination: threads of Communications with people and teams. */

#include "mw-config.h"

#include "mw-workflow-private.h"

#include <glib/gi18n-lib.h>

/* Wire notes 9.2: a Communication without payload and partOf is the header of a thread */
static gboolean
is_thread_header (JsonNode *resource)
{
  return mw_resource_is (resource, "Communication") && !mw_json_has (resource, "payload") && !mw_json_has (resource, "partOf") &&
         mw_json_has (resource, "topic") && g_strcmp0 (mw_json_string (resource, "status"), "in-progress") == 0;
}

static MwMeaning *
recognise (const MwArrival *arrival)
{
  JsonNode  *resource = arrival->resource;
  MwMeaning *meaning;

  if (!mw_resource_is (resource, "Communication"))
    return NULL;
  meaning = mw_meaning_new (MW_KIND_MESSAGE);
  mw_communication_meaning (meaning, arrival);
  if (mw_arrival_is_me (arrival, mw_json_get (resource, "sender")) || is_thread_header (resource))
    meaning->entry = FALSE;
  if (g_strcmp0 (mw_json_string (resource, "status"), "entered-in-error") == 0)
    {
      meaning->warning = g_strdup (_ ("The sender has marked this message as an error."));
      meaning->state = g_strdup ("entered-in-error");
    }
  else if (g_strcmp0 (mw_json_string (resource, "status"), "not-done") == 0)
    meaning->state = g_strdup ("not-done");
  return meaning;
}

static MwPlan *
plan (const MwDraft       *draft,
      const MwPlanContext *context,
      GError             **error)
{
  g_autoptr (MwParcel) parcel = mw_parcel_new (context);
  JsonNode *communication = mw_communication_new (parcel, draft, context);

  for (guint i = 0; context->resources != NULL && i < context->resources->len; i++)
    {
      g_autofree char *reference = mw_parcel_add_record (parcel, g_ptr_array_index (context->resources, i));
      JsonNode        *payload = mw_json_object_new ();

      mw_json_set (payload, "contentReference.reference", reference);
      mw_json_take (communication, "payload[+]", payload);
    }
  if (!mw_json_has (communication, "payload"))
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("The message is empty. Write something or add a file."));
      json_node_unref (communication);
      return NULL;
    }
  mw_parcel_add (parcel, "communication", communication, _ ("Your message"));
  return mw_parcel_to_plan (parcel, mw_parcel_best_way (parcel), NULL, NULL, NULL, error);
}

static const MwAction *
actions (JsonNode   *resource,
         const char *state,
         GStrv       me,
         const char *base)
{
  static MwAction table[] = {
    { "reply", N_ ("Reply"), MW_EFFECT_COMPOSE, .compose_kind = MW_KIND_MESSAGE, .suggested = TRUE },
    { "forward", N_ ("Forward"), MW_EFFECT_COMPOSE, .compose_kind = MW_KIND_MESSAGE },
    { "acknowledge", N_ ("Done"), MW_EFFECT_LOCAL },
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
  return mw_communication_settle (identity, arrival, settlement);
}

const MwWorkflow mw_workflow_message = { MW_KIND_MESSAGE, recognise, plan, actions, settle };
