/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Event based alerts: message Bundles (Da Vinci Alerts 1.1.0), Communications of category alert, and
 * notifications that were stored as Bundles (Subscriptions R5 Backport 1.1.0). */

#include "mw-config.h"

#include "mw-workflow-private.h"

#include "mw-bundle.h"
#include "mw-describe.h"
#include "mw-fhir-date.h"
#include "mw-identity.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ALERT_CATEGORY "http://terminology.hl7.org/CodeSystem/communication-category"

/* Da Vinci Alerts CodeSystem notification-event, all 23. Note that "vitals" is birth or death. */
static const struct
{
  const char *code;
  const char *words;
} events[] = {
  { "notification-admit", N_ ("Admitted") },
  { "notification-discharge", N_ ("Discharged") },
  { "notification-transfer", N_ ("Transferred") },
  { "notification-referral", N_ ("Referral") },
  { "notification-new-condition", N_ ("New condition") },
  { "notification-lab-report", N_ ("Laboratory report") },
  { "notification-tx-change", N_ ("Treatment changed") },
  { "notification-tx-issue", N_ ("Problem with the treatment") },
  { "notification-care-team-change", N_ ("Care team changed") },
  { "notification-coverage-change", N_ ("Coverage changed") },
  { "notification-progress-update", N_ ("Progress update") },
  { "notification-summary-report", N_ ("Summary report") },
  { "notification-appointment-reminder", N_ ("Appointment reminder") },
  { "notification-refill-request", N_ ("Refill request") },
  { "notification-phone-consult", N_ ("Telephone consultation") },
  { "notification-ordered-device", N_ ("Device ordered") },
  { "notification-prior-auth-notice", N_ ("Prior authorization notice") },
  { "notification-social-determinants-change", N_ ("Social circumstances changed") },
  { "notification-public-health", N_ ("Public health notice") },
  { "notification-outpatient-visit", N_ ("Outpatient visit") },
  { "notification-vitals", N_ ("Birth or death") },
  { "notification-pharmacy", N_ ("Pharmacy notice") },
  { "notification-workers-comp", N_ ("Workers' compensation notice") },
};

static char *
event_words (JsonNode *header)
{
  const char *code = mw_json_string (header, "eventCoding.code");
  const char *display = mw_json_string (header, "eventCoding.display");
  const char *uri = mw_json_string (header, "eventUri");

  if (uri == NULL)
    uri = mw_json_string (header, "eventCanonical");
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (g_strcmp0 (events[i].code, code) == 0)
      return g_strdup (_ (events[i].words));
  if (display != NULL)
    return g_strdup (display);
  if (code != NULL)
    return g_strdup (code);
  if (uri != NULL)
    {
      const char *tail = strrchr (uri, '/');

      return g_strdup (tail != NULL && tail[1] != '\0' ? tail + 1 : uri);
    }
  return g_strdup (_ ("Message"));
}

static const char *
class_words (const char *code)
{
  static const struct
  {
    const char *code;
    const char *words;
  } classes[] = {
    { "EMER", N_ ("emergency department") },
    { "IMP", N_ ("inpatient") },
    { "ACUTE", N_ ("inpatient, acute") },
    { "NONAC", N_ ("inpatient, non-acute") },
    { "OBSENC", N_ ("observation") },
    { "SS", N_ ("short stay") },
    { "AMB", N_ ("ambulatory") },
    { "HH", N_ ("at home") },
    { "VR", N_ ("virtual") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_strcmp0 (classes[i].code, code) == 0)
      return _ (classes[i].words);
  return NULL;
}

/* A Coding in R4, a list of CodeableConcepts in R5 */
static const char *
encounter_class (JsonNode *focus)
{
  const char *class = mw_json_string (focus, "class.code");

  if (!mw_resource_is (focus, "Encounter"))
    return NULL;
  return class != NULL ? class : mw_json_string (focus, "class.coding.code");
}

static gboolean
has_died (JsonNode *focus)
{
  return mw_concept_has_code (focus, "hospitalization.dischargeDisposition", NULL, "exp") ||
         mw_concept_has_code (focus, "admission.dischargeDisposition", NULL, "exp");
}

/* An address in R4, in R5 one of two kinds of it */
static const char *
message_source (JsonNode *header)
{
  const char *endpoint = mw_json_string (header, "source.endpoint");

  if (endpoint == NULL)
    endpoint = mw_json_string (header, "source.endpointUrl");
  return endpoint != NULL ? endpoint : mw_json_string (header, "source.endpointReference.reference");
}

static char *
message_subject (JsonNode *header,
                 JsonNode *focus)
{
  g_autofree char *event = event_words (header);
  const char *class = encounter_class (focus);

  if (has_died (focus))
    return g_strdup (_ ("Died in hospital"));
  if (class_words (class) != NULL)
    /* Translators: subject of an alert: "Admitted: emergency department" */
    return g_strdup_printf (_ ("%s: %s"), event, class_words (class));
  return g_steal_pointer (&event);
}

static guint
message_priority (JsonNode *header,
                  JsonNode *focus)
{
  const char *code = mw_json_string (header, "eventCoding.code");

  if (has_died (focus))
    return 1;
  if (g_strcmp0 (code, "notification-admit") == 0 && g_strcmp0 (encounter_class (focus), "EMER") == 0)
    return 1;
  if (g_strcmp0 (code, "notification-tx-issue") == 0)
    return 1;
  return mw_priority_from_word (mw_json_string (focus, "priority"));
}

/* One patient per message (Da Vinci Alerts 1.1.0): a second one is a danger that must be seen */
static guint
count_patients (JsonNode *bundle)
{
  MwBundleIter iter;
  JsonNode    *resource;
  guint        n = 0;

  mw_bundle_iter_init (&iter, bundle);
  while (mw_bundle_iter_next (&iter, NULL, &resource))
    if (mw_resource_is (resource, "Patient"))
      n++;
  return n;
}

static void
take_patient_of_bundle (MwMeaning       *meaning,
                        const MwArrival *arrival,
                        JsonNode        *bundle,
                        JsonNode        *focus)
{
  static const char *const paths[] = { "subject", "patient", "for", "beneficiary" };
  JsonNode                *patient;

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    mw_meaning_take_patient (meaning, arrival, mw_json_get (focus, paths[i]), focus, bundle);
  patient = mw_resource_is (focus, "Patient") ? focus : mw_bundle_first (bundle, "Patient");
  if (patient != NULL && meaning->patient_resource == NULL)
    {
      meaning->patient_resource = json_node_ref (patient);
      g_clear_pointer (&meaning->patient_name, g_free);
      meaning->patient_name = mw_patient_name (patient);
    }
  if (count_patients (bundle) > 1)
    meaning->warning = g_strdup (_ ("This message holds more than one patient. Check whom it is about before you act on it."));
}

static void
take_message_sender (MwMeaning       *meaning,
                     const MwArrival *arrival,
                     JsonNode        *bundle,
                     JsonNode        *header)
{
  const char *source = mw_json_string (header, "source.name");

  mw_meaning_take_sender (meaning, arrival, mw_json_get (header, "sender"), bundle);
  if (meaning->sender == NULL)
    {
      g_clear_pointer (&meaning->sender_ref, g_free);
      mw_meaning_take_sender (meaning, arrival, mw_json_get (header, "responsible"), bundle);
    }
  if (meaning->sender == NULL)
    {
      g_clear_pointer (&meaning->sender_ref, g_free);
      mw_meaning_take_sender (meaning, arrival, mw_json_get (header, "author"), bundle);
    }
  if (meaning->sender == NULL)
    meaning->sender = g_strdup (source != NULL ? source : message_source (header));
}

/* Keyed on the sender and the message id: a replay in a new envelope is the same event */
static char *
message_identity (const MwArrival *arrival,
                  JsonNode        *header)
{
  const char *source = message_source (header);
  const char *id = mw_resource_id (header);

  if (id == NULL)
    return g_strdup (arrival->reference);
  return g_strdup_printf ("message %s %s", source != NULL ? source : arrival->base, id);
}

/* The id of the message that this one answers; in R5 it is an Identifier, whose value may be a URN already */
static const char *
message_answered (JsonNode *header)
{
  const char *id = mw_json_string (header, "response.identifier");
  const char *value = mw_json_string (header, "response.identifier.value");

  if (id != NULL || value == NULL)
    return id;
  return g_str_has_prefix (value, "urn:uuid:") ? value + strlen ("urn:uuid:") : value;
}

static MwMeaning *
recognise_message (const MwArrival *arrival)
{
  JsonNode   *bundle = arrival->resource;
  JsonNode   *header = mw_bundle_get_header (bundle);
  JsonNode   *focus = mw_reference_resolve (mw_json_item (header, "focus", 0), header, bundle);
  const char *response = message_answered (header);
  MwMeaning  *meaning = mw_meaning_new (MW_KIND_ALERT);
  g_autoptr (MwDescription) description = focus != NULL ? mw_describe (focus, &(MwDescribeContext){ .bundle = bundle }) : NULL;
  const char *timestamp = mw_json_string (bundle, "timestamp");

  if (timestamp == NULL)
    timestamp = mw_json_string (header, "timestamp");
  meaning->identity = message_identity (arrival, header);
  meaning->subject = message_subject (header, focus);
  meaning->priority = message_priority (header, focus);
  meaning->sent = mw_fhir_date_to_unix (timestamp, 0);
  take_message_sender (meaning, arrival, bundle, header);
  take_patient_of_bundle (meaning, arrival, bundle, focus);
  if (description != NULL)
    {
      g_autofree char *line = *description->summary != '\0' ? g_strdup_printf ("%s — %s", description->title, description->summary) : g_strdup (description->title);

      meaning->preview = mw_one_line (line);
      meaning->body = mw_description_to_plain (description);
    }
  mw_meaning_add_key (meaning, arrival->reference);
  mw_meaning_add_identifiers (meaning, bundle);
  if (mw_resource_id (header) != NULL && g_uuid_string_is_valid (mw_resource_id (header)))
    {
      g_autofree char *urn = mw_identity_urn (mw_resource_id (header));

      mw_meaning_add_key (meaning, urn);
    }
  if (response != NULL)
    {
      g_autofree char *urn = mw_identity_urn (response);

      /* an answer to a message of ours: it belongs to that thread */
      mw_meaning_add_key (meaning, urn);
      g_free (meaning->kind);
      meaning->kind = g_strdup (MW_KIND_MESSAGE);
      meaning->entry = g_strcmp0 (mw_json_string (header, "response.code"), "ok") != 0;
      g_free (meaning->subject);
      meaning->subject = meaning->entry ? g_strdup (_ ("A message of yours was refused")) : g_strdup (_ ("A message of yours was received"));
    }
  return meaning;
}

/* A topic is named by a URL whose end is a name in words: ".../SubscriptionTopic/encounter-start|1.0" */
static char *
topic_words (const char *topic)
{
  g_auto (GStrv) parts = g_strsplit (topic, "|", 2);
  const char *slash = strrchr (parts[0], '/');
  char       *words = mw_one_line (slash != NULL && slash[1] != '\0' ? slash + 1 : parts[0]);

  return words != NULL ? g_strdelimit (words, "-_", ' ') : NULL;
}

static MwMeaning *
recognise_notification (const MwArrival *arrival)
{
  JsonNode *bundle = arrival->resource;
  g_autoptr (GPtrArray) notifications = mw_bundle_get_notifications (bundle);
  MwMeaning      *meaning = mw_meaning_new (MW_KIND_ALERT);
  MwNotification *first = NULL;
  guint           n_events = 0;
  JsonNode       *resource = NULL, *focus = NULL;
  MwBundleIter    iter;

  for (guint i = 0; notifications != NULL && i < notifications->len; i++)
    {
      MwNotification *notification = g_ptr_array_index (notifications, i);

      if (first == NULL)
        first = notification;
      n_events += notification->type == MW_NOTIFICATION_EVENT || notification->type == MW_NOTIFICATION_QUERY_EVENT ? notification->events->len : 0;
      for (guint k = 0; k < notification->events->len; k++)
        {
          MwNotificationEvent *event = g_ptr_array_index (notification->events, k);

          if (event->focus != NULL)
            g_strv_builder_add (meaning->fetch, event->focus);
        }
    }
  mw_bundle_iter_init (&iter, bundle);
  while (mw_bundle_iter_next (&iter, NULL, &resource))
    if (focus == NULL && resource != NULL && !mw_resource_is (resource, "Parameters") && !mw_resource_is (resource, "SubscriptionStatus"))
      focus = resource;

  meaning->identity = g_strdup (arrival->reference);
  meaning->sent = mw_fhir_date_to_unix (mw_json_string (bundle, "timestamp"), 0);
  take_patient_of_bundle (meaning, arrival, bundle, focus);
  if (focus != NULL)
    {
      g_autofree char *title = mw_resource_title (focus);
      g_autofree char *kind = mw_resource_type_text (mw_resource_type (focus));

      /* Translators: subject of a notification: kind and title of what has changed */
      meaning->subject = g_strdup_printf (_ ("News: %s, %s"), kind, title);
    }
  else
    meaning->subject = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u event of a subscription", "%u events of a subscription", n_events), n_events);
  meaning->preview = first != NULL && first->topic != NULL ? topic_words (first->topic) : NULL;
  meaning->sender = g_strdup (_ ("Subscription"));
  /* handshakes and heartbeats say that nothing happened */
  meaning->entry = n_events > 0 || (first != NULL && (first->error != NULL || g_strcmp0 (first->status, "error") == 0));
  mw_meaning_add_key (meaning, arrival->reference);
  return meaning;
}

static MwMeaning *
recognise (const MwArrival *arrival)
{
  JsonNode  *resource = arrival->resource;
  MwMeaning *meaning;

  if (mw_resource_is (resource, "Bundle"))
    {
      if (mw_bundle_is_message (resource))
        return recognise_message (arrival);
      if (mw_bundle_is_notification (resource))
        return recognise_notification (arrival);
      return NULL;
    }
  if (!mw_resource_is (resource, "Communication") || !mw_concept_has_code (resource, "category", NULL, "alert"))
    return NULL;
  meaning = mw_meaning_new (MW_KIND_ALERT);
  mw_communication_meaning (meaning, arrival);
  meaning->entry = !mw_arrival_is_me (arrival, mw_json_get (resource, "sender"));
  return meaning;
}

static MwPlan *
plan_by (const MwDraft       *draft,
         const MwPlanContext *context,
         gboolean             message,
         GError             **error)
{
  g_autoptr (MwParcel) parcel = mw_parcel_new (context);
  JsonNode        *communication = mw_communication_new (parcel, draft, context);
  g_autofree char *urn = NULL;

  if (!mw_json_has (communication, "payload"))
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("The alert is empty. Say what has happened."));
      json_node_unref (communication);
      return NULL;
    }
  mw_json_set (communication, "category[0].coding[0].system", ALERT_CATEGORY);
  mw_json_set (communication, "category[0].coding[0].code", "alert");
  for (guint i = 0; context->resources != NULL && i < context->resources->len; i++)
    {
      g_autofree char *reference = mw_parcel_add_record (parcel, g_ptr_array_index (context->resources, i));
      JsonNode        *payload = mw_json_object_new ();

      mw_json_set (payload, "contentReference.reference", reference);
      mw_json_take (communication, "payload[+]", payload);
    }
  if (message)
    {
      /* a message is read on its own: the patient goes along */
      mw_parcel_about_patient (parcel, communication, "subject");
      urn = g_strdup (mw_parcel_add (parcel, "communication", communication, _ ("Your alert")));
      return mw_parcel_to_plan (parcel, MW_PARCEL_MESSAGE, "notification-progress-update", "Progress Update", urn, error);
    }
  mw_parcel_add (parcel, "communication", communication, _ ("Your alert"));
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
    { "push", N_ ("Push Records"), MW_EFFECT_COMPOSE, .compose_kind = MW_KIND_PUSH },
    { "ask", N_ ("Ask"), MW_EFFECT_COMPOSE, .compose_kind = MW_KIND_ASK },
    { "alert", N_ ("Alert Others"), MW_EFFECT_COMPOSE, .compose_kind = MW_KIND_ALERT },
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

const MwWorkflow mw_workflow_alert = { MW_KIND_ALERT, recognise, plan, actions, settle };
