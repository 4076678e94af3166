/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Patient information that is pushed: out as a message, a transaction or creates, by what the
 * receiver can do; in as document Bundles and collections. */

#include "mw-config.h"

#include "mw-workflow-private.h"

#include "mw-bundle.h"
#include "mw-describe.h"
#include "mw-fhir-date.h"

#include <glib/gi18n-lib.h>

static JsonNode *
first_content (JsonNode *bundle)
{
  MwBundleIter iter;
  JsonNode    *resource;

  mw_bundle_iter_init (&iter, bundle);
  while (mw_bundle_iter_next (&iter, NULL, &resource))
    if (resource != NULL && !mw_resource_is (resource, "Patient") && !mw_resource_is (resource, "OperationOutcome"))
      return resource;
  return NULL;
}

static MwMeaning *
recognise (const MwArrival *arrival)
{
  static const char *const paths[] = { "subject", "patient", "for", "beneficiary" };
  JsonNode                *bundle = arrival->resource;
  JsonNode                *first, *patient;
  MwMeaning               *meaning;
  guint                    n;
  g_autofree char         *title = NULL;

  if (!mw_resource_is (bundle, "Bundle"))
    return NULL;
  meaning = mw_meaning_new (MW_KIND_PUSH);
  n = mw_json_length (bundle, "entry");
  first = first_content (bundle);
  title = first != NULL ? mw_resource_title (first) : NULL;
  meaning->identity = g_strdup (arrival->reference);
  meaning->sent = mw_fhir_date_to_unix (mw_json_string (bundle, "timestamp"), 0);
  if (mw_bundle_get_kind (bundle) == MW_BUNDLE_DOCUMENT && title != NULL)
    /* Translators: subject of a document that came in; %s is its title */
    meaning->subject = g_strdup_printf (_ ("Document: %s"), title);
  else
    meaning->subject = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Records: %u part", "Records: %u parts", n), n);
  meaning->preview = g_strdup (title);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    mw_meaning_take_patient (meaning, arrival, mw_json_get (first, paths[i]), first, bundle);
  patient = mw_bundle_first (bundle, "Patient");
  if (patient != NULL && meaning->patient_resource == NULL)
    {
      meaning->patient_resource = json_node_ref (patient);
      g_free (meaning->patient_name);
      meaning->patient_name = mw_patient_name (patient);
    }
  mw_meaning_take_sender (meaning, arrival, mw_json_get (first, "custodian"), bundle);
  mw_meaning_take_sender (meaning, arrival, mw_json_item (first, "author", 0), bundle);
  mw_meaning_add_key (meaning, arrival->reference);
  mw_meaning_add_identifiers (meaning, bundle);
  return meaning;
}

static gboolean
add_content (MwParcel            *parcel,
             const MwPlanContext *context,
             JsonNode            *communication)
{
  gboolean any = FALSE;

  for (guint i = 0; context->resources != NULL && i < context->resources->len; i++)
    {
      g_autofree char *reference = mw_parcel_add_record (parcel, g_ptr_array_index (context->resources, i));
      JsonNode        *payload = mw_json_object_new ();

      mw_json_set (payload, "contentReference.reference", reference);
      mw_json_take (communication, "payload[+]", payload);
      any = TRUE;
    }
  for (guint i = 0; context->files != NULL && i < context->files->len; i++)
    {
      const MwPlanFile *file = g_ptr_array_index (context->files, i);
      g_autofree char  *reference = mw_parcel_add_file (parcel, i, file);
      JsonNode         *payload = mw_json_object_new ();

      mw_json_set (payload, "contentReference.reference", reference);
      mw_json_set (payload, "contentReference.display", file->title);
      mw_json_take (communication, "payload[+]", payload);
      any = TRUE;
    }
  return any;
}

static MwPlan *
plan_by (const MwDraft       *draft,
         const MwPlanContext *context,
         gboolean             message,
         GError             **error)
{
  g_autoptr (MwParcel) parcel = mw_parcel_new (context);
  MwPlanContext    covering = *context;
  g_autofree char *subject = mw_draft_subject (draft);
  JsonNode        *communication;
  g_autofree char *urn = NULL;
  gboolean         content;

  if (context->patient == NULL)
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("Records can only be sent about a patient. Choose one."));
      return NULL;
    }
  /* files go as documents of their own, not inside the covering note */
  covering.files = NULL;
  communication = mw_communication_new (parcel, draft, &covering);
  mw_parcel_about_patient (parcel, communication, "subject");
  mw_json_set (communication, "topic.text", subject);
  content = add_content (parcel, context, communication);
  if (!content && draft->note == NULL)
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("There is nothing to send yet. Choose a part of the record, add a file or write a note."));
      json_node_unref (communication);
      return NULL;
    }
  /* a receiver that takes no Communications still gets the content */
  if (mw_parcel_takes (parcel, "Communication") || message || !content)
    urn = g_strdup (mw_parcel_add (parcel, "communication", communication, draft->note != NULL ? _ ("Your note") : NULL));
  else
    json_node_unref (communication);
  if (message)
    return mw_parcel_to_plan (parcel, MW_PARCEL_MESSAGE, "notification-summary-report", "Summary Report", urn, error);
  return mw_parcel_to_plan (parcel, mw_parcel_best_way (parcel), NULL, NULL, NULL, error);
}

static MwPlan *
plan (const MwDraft       *draft,
      const MwPlanContext *context,
      GError             **error)
{
  return mw_plan_message_first (draft, context, plan_by, error);
}

static const MwAction *
actions (JsonNode   *resource,
         const char *state,
         GStrv       me,
         const char *base)
{
  static MwAction table[] = {
    { "acknowledge", N_ ("Acknowledge"), MW_EFFECT_LOCAL, .suggested = TRUE },
    { "reply", N_ ("Reply"), MW_EFFECT_COMPOSE, .compose_kind = MW_KIND_MESSAGE },
    { "forward", N_ ("Forward"), MW_EFFECT_COMPOSE, .compose_kind = MW_KIND_PUSH },
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

const MwWorkflow mw_workflow_push = { MW_KIND_PUSH, recognise, plan, actions, settle };
