/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-arrivals.h"

#include "mw-identity.h"
#include "mw-json.h"
#include "mw-template.h"

#define PROFILES "http://hl7.org/fhir/us/davinci-alerts/StructureDefinition/"
#define EVENTS "http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event"

/* A message being put together, Da Vinci Unsolicited Notifications 1.1.0 */
typedef struct
{
  MwWorld    *world;
  const char *key;
  JsonNode   *bundle;
  char       *patient; /* urn:uuid: of the Patient in it */
} Draft;

/**
 * mw_world_urn:
 *
 * Returns: (transfer full): a urn:uuid: that @key has in this world, always the same
 */
char *
mw_world_urn (MwWorld    *self,
              const char *key)
{
  g_autofree char *seed = g_strdup_printf ("sandbox-%" G_GUINT64_FORMAT, self->seed);
  g_autofree char *uuid = mw_identity_derive (seed, key);

  return mw_identity_urn (uuid);
}

static char *
part_urn (Draft      *draft,
          const char *part)
{
  g_autofree char *key = g_strconcat (draft->key, "/", part, NULL);

  return mw_world_urn (draft->world, key);
}

static void
take_entry (Draft      *draft,
            const char *urn,
            JsonNode   *resource)
{
  JsonNode *entry = mw_json_object_new ();

  mw_json_set (entry, "fullUrl", urn);
  mw_json_set (resource, "id", urn + 9);
  mw_json_take (entry, "resource", resource);
  mw_json_take (draft->bundle, "entry[+]", entry);
}

/* a copy of what the hospital has, for sending: without its own references */
static JsonNode *
excerpt (MwWorld    *self,
         const char *type,
         const char *id)
{
  static const char *const own[] = { "meta", "endpoint", "partOf", "generalPractitioner", "managingOrganization" };
  JsonNode                *copy = mw_json_copy (mw_sandbox_store_get (self->hospital->store, type, id));

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    mw_json_remove (copy, own[i]);
  return copy;
}

static void
draft_start (Draft      *draft,
             MwWorld    *world,
             guint       person,
             const char *key,
             const char *event,
             const char *display,
             const char *profile)
{
  g_autofree char *now = mw_sandbox_instant (mw_sandbox_clock_now (world->clock));
  g_autofree char *patient = mw_world_patient_id (world->hospital, person);
  g_autofree char *header = NULL;
  g_autofree char *focus = NULL;
  g_autofree char *organization = NULL;
  g_autofree char *envelope = NULL;

  draft->world = world;
  draft->key = key;
  header = part_urn (draft, event);
  focus = part_urn (draft, "focus");
  organization = part_urn (draft, "organization");
  envelope = part_urn (draft, display);
  draft->patient = part_urn (draft, "patient");
  draft->bundle = mw_template ("{'resourceType':'Bundle','id':'%s','meta':{'profile':['" PROFILES "notifications-bundle']},"
                               "'identifier':{'system':'" MW_URI_SYSTEM "','value':'%s'},'type':'message','timestamp':'%s'}",
                               envelope + 9, envelope, now);
  take_entry (draft, header,
              mw_template ("{'resourceType':'MessageHeader','meta':{'profile':['" PROFILES "%s']},"
                           "'eventCoding':{'system':'" EVENTS "','code':'%s','display':'%s'},"
                           "'destination':[{'name':'Lakeside Family Practice','endpoint':'%s/$process-message'}],"
                           "'sender':{'display':'St. Mary’s Hospital'},'responsible':{'reference':'%s'},"
                           "'source':{'name':'St. Mary’s Hospital','software':'Meanwhile sandbox','endpoint':'%s'},'focus':[{'reference':'%s'}]}",
                           profile, event, display, world->practice->url, organization, world->hospital->url, focus));
  take_entry (draft, draft->patient, excerpt (world, "Patient", patient));
  take_entry (draft, organization, excerpt (world, "Organization", "st-marys"));
}

static void
draft_focus (Draft    *draft,
             JsonNode *resource)
{
  g_autofree char *focus = part_urn (draft, "focus");

  take_entry (draft, focus, resource);
}

/* The practice takes it like any message; nobody has to react to it */
static void
draft_deliver (Draft *draft)
{
  g_autoptr (MwIssues) issues = mw_issues_new ();

  if (!mw_site_process_message (draft->world->practice, draft->bundle, issues))
    {
      g_autofree char *why = mw_json_to_text (issues->outcome, TRUE);

      g_critical ("the sandbox sent a message that is not valid: %s", why);
    }
  g_ptr_array_set_size (draft->world->practice->noticed, 0);
  g_clear_pointer (&draft->bundle, json_node_unref);
  g_clear_pointer (&draft->patient, g_free);
}

static JsonNode *
encounter_new (Draft      *draft,
               MwAdt       adt,
               gboolean    emergency,
               const char *reason)
{
  g_autofree char *visit = mw_world_urn (draft->world, draft->key);
  g_autofree char *organization = part_urn (draft, "organization");
  g_autofree char *condition = part_urn (draft, "condition");
  g_autofree char *location = part_urn (draft, "location");
  g_autofree char *doctor = part_urn (draft, "doctor");
  gint64           now = mw_sandbox_clock_now (draft->world->clock);
  g_autofree char *end = mw_sandbox_instant (now - MW_MINUTES (4));
  g_autofree char *start = mw_sandbox_instant (now - (adt == MW_ADT_ADMIT ? MW_MINUTES (9) : adt == MW_ADT_TRANSFER ? MW_HOURS (5)
                                                                                                                    : MW_HOURS (11)));
  JsonNode        *encounter = mw_template (
             "{'resourceType':'Encounter','meta':{'profile':['" PROFILES "adt-notification-encounter']},"
                    "'identifier':[{'system':'" MW_URI_SYSTEM "','value':'%s'}],'status':'%s',"
                    "'class':{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'%s','display':'%s'},"
                    "'type':[{'coding':[{'system':'" MW_SNOMED "','code':'%s','display':'%s'}],'text':'%s'}],"
                    "'subject':{'reference':'%s'},'participant':[{'individual':{'reference':'%s','display':'Dr. Folake Adeyemi'}}],"
                    "'period':{'start':'%s'},'reasonCode':[{'text':'%s'}],'diagnosis':[{'condition':{'reference':'%s'}}],"
                    "'location':[{'location':{'reference':'%s'}}],'serviceProvider':{'reference':'%s'}}",
             visit, adt == MW_ADT_DISCHARGE ? "finished" : "in-progress", emergency ? "EMER" : "IMP", emergency ? "emergency" : "inpatient encounter",
      emergency ? "50849002" : "32485007", emergency ? "Emergency room admission" : "Hospital admission",
      emergency ? "Emergency department" : "Hospital stay", draft->patient, doctor, start, reason, condition, location, organization);

  if (adt == MW_ADT_DISCHARGE)
    {
      mw_json_set (encounter, "period.end", end);
      mw_json_take (encounter, "hospitalization.dischargeDisposition",
                    mw_template ("{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/discharge-disposition','code':'home','display':'Home'}],'text':'Home'}"));
    }
  return encounter;
}

static JsonNode *
condition_new (Draft      *draft,
               const char *snomed,
               const char *text,
               const char *profile)
{
  g_autofree char *date = mw_sandbox_date (mw_sandbox_clock_now (draft->world->clock));
  JsonNode        *condition = mw_template (
             "{'resourceType':'Condition','meta':{'profile':['" PROFILES "%s']},"
                    "'clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'active'}]},"
                    "'verificationStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-ver-status','code':'provisional'}]},"
                    "'category':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-category','code':'encounter-diagnosis','display':'Encounter Diagnosis'}]}],"
                    "'code':{'text':'%s'},'subject':{'reference':'%s'},'recordedDate':'%s'}",
             profile, text, draft->patient, date);

  if (snomed != NULL)
    mw_json_take (condition, "code.coding[0]", mw_template ("{'system':'" MW_SNOMED "','code':'%s','display':'%s'}", snomed, text));
  return condition;
}

/**
 * mw_arrive_adt:
 * @key: the stay: the same for its admission, transfer and discharge
 */
void
mw_arrive_adt (MwWorld    *self,
               guint       person,
               const char *key,
               MwAdt       adt,
               gboolean    emergency,
               const char *reason)
{
  static const char *const events[] = { "notification-admit", "notification-transfer", "notification-discharge" };
  static const char *const displays[] = { "Notification Admit", "Notification Transfer", "Notification Discharge" };
  static const char *const profiles[] = { "admit-notification-messageheader", "transfer-notification-messageheader", "discharge-notification-messageheader" };
  Draft                    draft;
  g_autofree char         *condition = NULL;
  g_autofree char         *location = NULL;
  g_autofree char         *doctor = NULL;

  draft_start (&draft, self, person, key, events[adt], displays[adt], profiles[adt]);
  condition = part_urn (&draft, "condition");
  location = part_urn (&draft, "location");
  doctor = part_urn (&draft, "doctor");
  draft_focus (&draft, encounter_new (&draft, adt, emergency, reason));
  take_entry (&draft, condition, condition_new (&draft, NULL, reason, "adt-notification-condition"));
  take_entry (&draft, location, excerpt (self, "Location", emergency ? "st-marys-emergency" : "st-marys"));
  take_entry (&draft, doctor, excerpt (self, "Practitioner", "folake-adeyemi"));
  draft_deliver (&draft);
}

void
mw_arrive_lab_report (MwWorld    *self,
                      guint       person,
                      const char *key)
{
  Draft            draft;
  g_autofree char *result = NULL;
  g_autofree char *now = mw_sandbox_instant (mw_sandbox_clock_now (self->clock));
  double           value = g_rand_double_range (self->random, 9.1, 14.8);
  char             text[G_ASCII_DTOSTR_BUF_SIZE];
  JsonNode        *observation;

  draft_start (&draft, self, person, key, "notification-lab-report", "Notification Lab Report", "notifications-messageheader");
  result = part_urn (&draft, "result");
  observation = mw_template (
      "{'resourceType':'Observation','status':'final','category':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/observation-category','code':'laboratory'}]}],"
      "'code':{'coding':[{'system':'" MW_LOINC "','code':'718-7','display':'Hemoglobin [Mass/volume] in Blood'}],'text':'Hemoglobin'},"
      "'subject':{'reference':'%s'},'effectiveDateTime':'%s','issued':'%s',"
      "'valueQuantity':{'unit':'g/dL','system':'http://unitsofmeasure.org','code':'g/dL'}}",
      draft.patient, now, now);
  mw_json_set_decimal (observation, "valueQuantity.value", g_ascii_formatd (text, sizeof text, "%.1f", value));
  draft_focus (&draft, mw_template ("{'resourceType':'DiagnosticReport','status':'final',"
                                    "'category':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0074','code':'LAB','display':'Laboratory'}]}],"
                                    "'code':{'coding':[{'system':'" MW_LOINC "','code':'58410-2','display':'CBC panel - Blood by Automated count'}],'text':'Complete blood count'},"
                                    "'subject':{'reference':'%s'},'effectiveDateTime':'%s','issued':'%s','result':[{'reference':'%s'}],'conclusion':'%s'}",
                                    draft.patient, now, now, result,
                                    value < 11 ? "Hemoglobin below the reference range. Please review." : "No abnormal value."));
  take_entry (&draft, result, observation);
  draft_deliver (&draft);
}

void
mw_arrive_refill (MwWorld    *self,
                  guint       person,
                  const char *key,
                  const char *medication)
{
  Draft            draft;
  g_autofree char *date = mw_sandbox_date (mw_sandbox_clock_now (self->clock));

  draft_start (&draft, self, person, key, "notification-refill-request", "Notification Refill Request", "notifications-messageheader");
  draft_focus (&draft, mw_template ("{'resourceType':'MedicationRequest','status':'draft','intent':'proposal','medicationCodeableConcept':{'text':'%s'},"
                                    "'subject':{'reference':'%s'},'authoredOn':'%s','note':[{'text':'The patient has tablets for four more days.'}]}",
                                    medication, draft.patient, date));
  draft_deliver (&draft);
}

void
mw_arrive_coverage_change (MwWorld    *self,
                           guint       person,
                           const char *key)
{
  Draft            draft;
  g_autofree char *organization = NULL;
  g_autofree char *date = mw_sandbox_date (mw_sandbox_clock_now (self->clock));

  draft_start (&draft, self, person, key, "notification-coverage-change", "Notification Coverage Change", "notifications-messageheader");
  organization = part_urn (&draft, "organization");
  draft_focus (&draft, mw_template ("{'resourceType':'Coverage','status':'active','type':{'text':'Plan North Plus'},'beneficiary':{'reference':'%s'},"
                                    "'period':{'start':'%s'},'payor':[{'display':'Plan North'}]}",
                                    draft.patient, date));
  draft_deliver (&draft);
}

void
mw_arrive_new_condition (MwWorld    *self,
                         guint       person,
                         const char *key,
                         const char *snomed,
                         const char *condition)
{
  Draft draft;

  draft_start (&draft, self, person, key, "notification-new-condition", "Notification New Condition", "notifications-messageheader");
  draft_focus (&draft, condition_new (&draft, snomed, condition, "adt-notification-condition"));
  draft_deliver (&draft);
}
