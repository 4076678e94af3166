/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-arrivals.h"

#include "mw-identity.h"
#include "mw-json.h"
#include "mw-template.h"

#include <string.h>

#define CATEGORY "http://terminology.hl7.org/CodeSystem/communication-category"
#define CDEX "http://hl7.org/fhir/us/davinci-cdex/CodeSystem/cdex-temp"
#define HREX "http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp"

static char *
now_of (MwWorld *self)
{
  return mw_sandbox_instant (mw_sandbox_clock_now (self->clock));
}

static JsonNode *
subject_of (MwWorld *self,
            guint    person)
{
  g_autofree char *id = mw_world_patient_id (self->practice, person);
  g_autofree char *name = mw_world_patient_name (person);

  return mw_template ("{'reference':'Patient/%s','display':'%s'}", id, name);
}

static const char *
id_of (const char *urn)
{
  return urn + strlen ("urn:uuid:");
}

/* The name of any sender or recipient at the practice */
static char *
name_of (MwWorld    *self,
         const char *reference)
{
  const char *staff = mw_world_staff_name (reference);
  JsonNode   *resource = mw_site_resolve (self->practice, reference);

  if (staff != NULL)
    return g_strdup (staff);
  if (mw_resource_is (resource, "Patient"))
    return g_strjoin (" ", mw_json_string (resource, "name.given") != NULL ? mw_json_string (resource, "name.given") : "",
                      mw_json_string (resource, "name.family"), NULL);
  return g_strdup (mw_json_string (resource, "name"));
}

static JsonNode *
party (MwWorld    *self,
       const char *reference)
{
  g_autofree char *name = name_of (self, reference);

  return mw_template ("{'reference':'%s','display':'%s'}", reference, name);
}

static JsonNode *
communication_new (MwWorld    *self,
                   guint       person,
                   const char *key,
                   const char *category,
                   const char *priority,
                   const char *sender,
                   const char *recipient,
                   const char *topic)
{
  g_autofree char *urn = mw_world_urn (self, key);
  g_autofree char *now = now_of (self);
  g_autoptr (JsonNode) from = party (self, sender);
  g_autoptr (JsonNode) to = party (self, recipient);
  JsonNode *communication = mw_template (
      "{'resourceType':'Communication','id':'%s','identifier':[{'system':'" MW_URI_SYSTEM "','value':'%s'}],'status':'completed',"
      "'category':[{'coding':[{'system':'" CATEGORY "','code':'%s'}]}],'priority':'%s','topic':{'text':'%s'},"
      "'sent':'%s','sender':%j,'recipient':[%j]}",
      id_of (urn), urn, category, priority, topic, now, from, to);

  if (person != 0)
    mw_json_take (communication, "subject", subject_of (self, person));
  return communication;
}

void
mw_arrive_critical_value (MwWorld    *self,
                          guint       person,
                          const char *key,
                          const char *loinc,
                          const char *name,
                          const char *value,
                          const char *unit)
{
  g_autoptr (JsonNode) subject = subject_of (self, person);
  g_autofree char *now = now_of (self);
  g_autofree char *value_key = g_strconcat (key, "/value", NULL);
  g_autofree char *urn = mw_world_urn (self, value_key);
  g_autofree char *topic = g_strdup_printf ("Critical %s", name);
  g_autofree char *text = g_strdup_printf ("Critical result: %s %s %s. The sample was not hemolyzed. Please act today and call back at +1-555-0124.", name, value, unit);
  g_autofree char *reference = g_strconcat ("Observation/", id_of (urn), NULL);
  JsonNode        *observation = mw_template (
             "{'resourceType':'Observation','id':'%s','identifier':[{'system':'" MW_URI_SYSTEM "','value':'%s'}],'status':'final',"
                    "'category':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/observation-category','code':'laboratory'}]}],"
                    "'code':{'coding':[{'system':'" MW_LOINC "','code':'%s'}],'text':'%s'},'subject':%j,'effectiveDateTime':'%s','issued':'%s',"
                    "'performer':[{'reference':'Organization/st-marys-laboratory','display':'St. Mary’s Laboratory'}],"
                    "'valueQuantity':{'unit':'%s'},'interpretation':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation','code':'HH','display':'Critical high'}]}]}",
             id_of (urn), urn, loinc, name, subject, now, now, unit);
  JsonNode *alert;

  mw_json_set_decimal (observation, "valueQuantity.value", value);
  mw_site_add (self->practice, observation);
  alert = communication_new (self, person, key, "alert", "urgent", "Organization/st-marys-laboratory", MW_ME, topic);
  mw_json_take (alert, "payload[+]", mw_template ("{'contentString':'%s'}", text));
  mw_json_take (alert, "payload[+]", mw_template ("{'contentReference':{'reference':'%s'}}", reference));
  mw_site_add (self->practice, alert);
}

void
mw_arrive_message (MwWorld    *self,
                   guint       person,
                   const char *key,
                   const char *sender,
                   const char *recipient,
                   const char *topic,
                   const char *text,
                   const char *answer_to)
{
  JsonNode *message = communication_new (self, person, key, "notification", "routine", sender, recipient, topic);

  mw_json_take (message, "payload[+]", mw_template ("{'contentString':'%s'}", text));
  if (answer_to != NULL)
    {
      g_autofree char *urn = mw_world_urn (self, answer_to);
      g_autofree char *reference = g_strconcat ("Communication/", id_of (urn), NULL);

      mw_json_take (message, "inResponseTo[+]", mw_template ("{'reference':'%s'}", reference));
    }
  mw_site_add (self->practice, message);
}

/**
 * mw_arrive_thread_header:
 *
 * The other way to keep a thread: a Communication without a payload, of which messages are part.
 */
void
mw_arrive_thread_header (MwWorld    *self,
                         guint       person,
                         const char *key,
                         const char *topic)
{
  JsonNode *header = communication_new (self, person, key, "notification", "routine", "Practitioner/lucia-ramos", MW_ME, topic);

  mw_json_set (header, "status", "in-progress");
  mw_json_take (header, "recipient[+]", party (self, "CareTeam/lakeside-team"));
  mw_site_add (self->practice, header);
}

void
mw_arrive_in_thread (MwWorld    *self,
                     guint       person,
                     const char *key,
                     const char *header,
                     const char *sender,
                     const char *text)
{
  g_autofree char *urn = mw_world_urn (self, header);
  g_autofree char *reference = g_strconcat ("Communication/", id_of (urn), NULL);
  JsonNode        *parent = mw_site_resolve (self->practice, reference);
  JsonNode        *message = communication_new (self, person, key, "notification", "routine", sender, "CareTeam/lakeside-team", mw_json_string (parent, "topic.text"));

  mw_json_take (message, "partOf[+]", mw_template ("{'reference':'%s'}", reference));
  mw_json_take (message, "payload[+]", mw_template ("{'contentString':'%s'}", text));
  mw_site_add (self->practice, message);
}

static JsonNode *
task_new (MwWorld    *self,
          guint       person,
          const char *key,
          const char *status,
          const char *system,
          const char *code,
          const char *requester,
          const char *owner)
{
  g_autofree char *urn = mw_world_urn (self, key);
  g_autofree char *now = now_of (self);
  g_autoptr (JsonNode) subject = subject_of (self, person);
  g_autoptr (JsonNode) from = party (self, requester);
  g_autoptr (JsonNode) to = party (self, owner);

  return mw_template ("{'resourceType':'Task','id':'%s','identifier':[{'system':'" MW_URI_SYSTEM "','value':'%s'}],'status':'%s','intent':'order','priority':'routine',"
                      "'code':{'coding':[{'system':'%s','code':'%s'}]},'for':%j,'authoredOn':'%s','lastModified':'%s','requester':%j,'owner':%j}",
                      id_of (urn), urn, status, system, code, subject, now, now, from, to);
}

static JsonNode *
order_new (MwWorld    *self,
           guint       person,
           const char *key,
           const char *requester,
           const char *performer,
           const char *what,
           const char *why,
           const char *priority)
{
  g_autofree char *order_key = g_strconcat (key, "/order", NULL);
  g_autofree char *urn = mw_world_urn (self, order_key);
  g_autofree char *now = now_of (self);
  g_autoptr (JsonNode) subject = subject_of (self, person);
  g_autoptr (JsonNode) from = party (self, requester);
  g_autoptr (JsonNode) to = party (self, performer);

  return mw_template ("{'resourceType':'ServiceRequest','id':'%s','identifier':[{'system':'" MW_URI_SYSTEM "','value':'%s'}],'status':'active','intent':'order',"
                      "'category':[{'coding':[{'system':'" MW_SNOMED "','code':'3457005','display':'Patient referral'}]}],'priority':'%s','code':{'text':'%s'},"
                      "'subject':%j,'authoredOn':'%s','requester':%j,'performer':[%j],'reasonCode':[{'text':'%s'}],'note':[{'text':'%s'}]}",
                      id_of (urn), urn, priority, what, subject, now, from, to, why, why);
}

static void
join_order (JsonNode   *task,
            JsonNode   *order,
            const char *due)
{
  g_autofree char *reference = g_strconcat ("ServiceRequest/", mw_resource_id (order), NULL);

  mw_json_set (task, "focus.reference", reference);
  mw_json_set (task, "description", mw_json_string (order, "code.text"));
  mw_json_set (task, "priority", mw_json_string (order, "priority"));
  mw_json_set (task, "restriction.period.end", due);
}

void
mw_arrive_referral (MwWorld    *self,
                    guint       person,
                    const char *key,
                    const char *from,
                    const char *what,
                    const char *why,
                    const char *priority)
{
  g_autofree char *due = mw_sandbox_date (mw_sandbox_clock_now (self->clock) + MW_DAYS (14));
  JsonNode        *order = order_new (self, person, key, from, MW_ME, what, why, priority);
  JsonNode        *task = task_new (self, person, key, "requested", "http://hl7.org/fhir/CodeSystem/task-code", "fulfill", from, MW_ME);

  join_order (task, order, due);
  mw_site_add (self->practice, order);
  mw_site_add (self->practice, task);
}

/* A plan asks for data: Da Vinci CDex 2.1.0, Task data request */
static JsonNode *
data_request_new (MwWorld    *self,
                  guint       person,
                  const char *key,
                  const char *code)
{
  JsonNode        *task = task_new (self, person, key, "requested", CDEX, code, "Organization/plan-north", "Organization/lakeside");
  g_autofree char *due = mw_sandbox_date (mw_sandbox_clock_now (self->clock) + MW_DAYS (5));
  g_autofree char *reference = g_strconcat (mw_json_string (task, "for.reference"), NULL);
  JsonNode        *patient = mw_site_resolve (self->practice, reference);
  guint            n = mw_json_length (patient, "identifier");

  mw_json_set (task, "meta.profile[0]", "http://hl7.org/fhir/us/davinci-cdex/StructureDefinition/cdex-task-data-request");
  mw_json_take (task, "meta.tag[0]", mw_template ("{'system':'" CDEX "','code':'claims-processing'}"));
  mw_json_take (task, "for.identifier", mw_json_copy (mw_json_item (patient, "identifier", n - 1)));
  mw_json_set (task, "restriction.period.end", due);
  mw_json_take (task, "input[0]", mw_template ("{'type':{'coding':[{'system':'" CDEX "','code':'purpose-of-use'}]},"
                                               "'valueCodeableConcept':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-ActReason','code':'COVERAGE','display':'coverage under policy or program'}]}}"));
  return task;
}

void
mw_arrive_data_request (MwWorld    *self,
                        guint       person,
                        const char *key,
                        const char *loinc,
                        const char *document)
{
  JsonNode        *task = data_request_new (self, person, key, "data-request-code");
  g_autofree char *text = g_strdup_printf ("Please send: %s", document);

  mw_json_set (task, "description", text);
  mw_json_take (task, "input[+]", mw_template ("{'type':{'coding':[{'system':'" HREX "','code':'data-code'}]},"
                                               "'valueCodeableConcept':{'coding':[{'system':'" MW_LOINC "','code':'%s','display':'%s'}],'text':'%s'}}",
                                               loinc, document, document));
  mw_site_add (self->practice, task);
}

void
mw_arrive_data_query (MwWorld    *self,
                      guint       person,
                      const char *key,
                      const char *query)
{
  JsonNode        *task = data_request_new (self, person, key, "data-request-query");
  g_autofree char *full = g_strdup_printf ("%s?patient=%s", query, mw_json_string (task, "for.reference"));

  mw_json_set (task, "description", "Please send what this search finds");
  mw_json_take (task, "input[+]", mw_template ("{'type':{'coding':[{'system':'" HREX "','code':'data-query'}]},'valueString':'%s'}", full));
  mw_site_add (self->practice, task);
}

/**
 * mw_letter_new:
 * @patient: the Patient's id at @site
 * @author: a Practitioner of the directory
 *
 * Returns: (transfer full): a DocumentReference with the letter in it, as PDF and as text
 */
JsonNode *
mw_letter_new (MwWorld    *self,
               MwSite     *site,
               const char *patient,
               const char *key,
               const char *author,
               const char *loinc,
               const char *type,
               const char *text)
{
  g_autofree char *urn = mw_world_urn (self, key);
  g_autofree char *now = now_of (self);
  g_autofree char *signed_text = g_strdup_printf ("%s\n\n%s", text, mw_world_staff_name (author));
  g_autoptr (GBytes) pdf = mw_pdf_new (type, signed_text);
  g_autoptr (GBytes) plain = g_bytes_new (signed_text, strlen (signed_text));
  g_autoptr (JsonNode) pdf_attachment = mw_world_attachment (pdf, "application/pdf", type);
  g_autoptr (JsonNode) text_attachment = mw_world_attachment (plain, "text/plain; charset=utf-8", type);

  return mw_template ("{'resourceType':'DocumentReference','identifier':[{'system':'" MW_URI_SYSTEM "','value':'%s'}],'status':'current','docStatus':'final',"
                      "'type':{'coding':[{'system':'" MW_LOINC "','code':'%s','display':'%s'}],'text':'%s'},'subject':{'reference':'Patient/%s'},'date':'%s',"
                      "'author':[{'reference':'%s','display':'%s'}],'description':'%s','content':[{'attachment':%j},{'attachment':%j}]}",
                      urn, loinc, type, type, patient, now, author, mw_world_staff_name (author), type, pdf_attachment, text_attachment);
}

/**
 * mw_arrive_old_referral:
 * @answered: whether the consult note came back just now; else it is under way
 *
 * A referral that the clinician sent three weeks ago, kept at the practice.
 */
void
mw_arrive_old_referral (MwWorld    *self,
                        guint       person,
                        const char *key,
                        gboolean    answered)
{
  gint64           now = mw_sandbox_clock_now (self->clock);
  g_autofree char *patient = mw_world_patient_id (self->practice, person);
  g_autofree char *letter_key = g_strconcat (key, "/letter", NULL);
  const char      *department = answered ? "Organization/st-marys-cardiology" : "Organization/st-marys-nephrology";
  g_autofree char *modified = NULL;
  JsonNode        *order, *task;
  MwRecord        *letter;

  mw_sandbox_clock_set_now (self->clock, now - MW_DAYS (21));
  order = order_new (self, person, key, MW_ME, department, answered ? "Cardiology consultation" : "Nephrology consultation",
                     answered ? "New shortness of breath on exertion; known heart failure." : "Kidney function falling over six months.", "routine");
  task = task_new (self, person, key, answered ? "completed" : "accepted", "http://hl7.org/fhir/CodeSystem/task-code", "fulfill", MW_ME, department);
  join_order (task, order, NULL);
  mw_site_add (self->practice, order);
  mw_sandbox_clock_set_now (self->clock, now);
  modified = mw_sandbox_instant (now);
  mw_json_set (task, "lastModified", modified);
  if (answered)
    {
      g_autofree char *reference = NULL;

      letter = mw_site_add (self->practice, mw_letter_new (self, self->practice, patient, letter_key, "Practitioner/elena-castellanos", "11488-4", "Consult note",
                                                           "Thank you for referring this patient.\n\nFindings: ejection fraction 42 %, moderate mitral regurgitation.\n"
                                                           "Recommendation: raise the diuretic, start dapagliflozin 10 mg, control here in six weeks."));
      reference = g_strconcat ("DocumentReference/", letter->id, NULL);
      mw_json_take (task, "output[+]", mw_template ("{'type':{'coding':[{'system':'" MW_LOINC "','code':'11488-4','display':'Consult note'}],'text':'Consult note'},"
                                                    "'valueReference':{'reference':'%s'}}",
                                                    reference));
    }
  else
    mw_json_set (task, "businessStatus.text", "Appointment in nine days");
  mw_site_add (self->practice, task);
}

/**
 * mw_arrive_notification:
 * @focus: what the event is about, at the practice
 *
 * A subscription notification kept as a Bundle (Subscriptions R5 Backport 1.1.0, R4 form).
 */
void
mw_arrive_notification (MwWorld    *self,
                        const char *key,
                        const char *focus)
{
  g_autofree char *urn = mw_world_urn (self, key);
  g_autofree char *subscription = g_strdup_printf ("%s/Subscription/lakeside-tasks", self->practice->url);
  g_autofree char *target = g_strdup_printf ("%s/%s", self->practice->url, focus);
  g_autofree char *now = now_of (self);

  if (mw_sandbox_store_get (self->practice->store, "Subscription", "lakeside-tasks") == NULL)
    mw_site_add (self->practice,
                 mw_template ("{'resourceType':'Subscription','id':'lakeside-tasks','status':'active','reason':'Tasks for the practice',"
                              "'criteria':'http://hl7.org/fhir/us/davinci-hrex/SubscriptionTopic/Task','channel':{'type':'message','payload':'application/fhir+json'}}"));
  mw_site_add (self->practice,
               mw_template ("{'resourceType':'Bundle','meta':{'profile':['http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-notification-r4']},"
                            "'type':'history','timestamp':'%s','entry':[{'fullUrl':'%s','resource':{'resourceType':'Parameters','parameter':["
                            "{'name':'subscription','valueReference':{'reference':'%s'}},"
                            "{'name':'topic','valueCanonical':'http://hl7.org/fhir/us/davinci-hrex/SubscriptionTopic/Task'},"
                            "{'name':'status','valueCode':'active'},{'name':'type','valueCode':'event-notification'},"
                            "{'name':'events-since-subscription-start','valueString':'1'},"
                            "{'name':'notification-event','part':[{'name':'event-number','valueString':'1'},{'name':'timestamp','valueInstant':'%s'},"
                            "{'name':'focus','valueReference':{'reference':'%s'}}]}]},"
                            "'request':{'method':'GET','url':'%s/$status'},'response':{'status':'200'}}]}",
                            now, urn, subscription, now, target, subscription));
}
