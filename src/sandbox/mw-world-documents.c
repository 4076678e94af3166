/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-world.h"

#include "mw-json.h"
#include "mw-template.h"

#include <string.h>

static JsonNode *
document_new (const char *id,
              const char *loinc,
              const char *type,
              const char *patient,
              const char *author,
              const char *description,
              gint64      when)
{
  g_autofree char *date = mw_sandbox_instant (when);
  const char      *name = mw_world_staff_name (author);
  const char      *organization = mw_world_staff_organization (author);

  return mw_template ("{'resourceType':'DocumentReference','id':'%s','status':'current','docStatus':'final',"
                      "'type':{'coding':[{'system':'" MW_LOINC "','code':'%s','display':'%s'}],'text':'%s'},"
                      "'category':[{'coding':[{'system':'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category','code':'clinical-note','display':'Clinical Note'}]}],"
                      "'subject':{'reference':'Patient/%s'},'date':'%s','author':[{'reference':'%s','display':'%s'}],"
                      "'custodian':{'reference':'Organization/%s'},'description':'%s'}",
                      id, loinc, type, type, patient, date, author, name, organization, description);
}

/* A letter as PDF, kept as a Binary of its own, and its text beside it */
static void
add_letter (MwWorld        *self,
            MwSite         *site,
            const MwPerson *person,
            const char     *key,
            const char     *loinc,
            const char     *type,
            const char     *author,
            const char     *body,
            guint           days)
{
  g_autofree char *patient = mw_world_patient_id (site, person->number);
  g_autofree char *id = g_strdup_printf ("%s-%s", patient, key);
  g_autofree char *name = mw_world_patient_name (person->number);
  g_autofree char *text = g_strdup_printf ("Patient: %s, born %s\n\n%s\n\n%s", name, person->born, body, mw_world_staff_name (author));
  g_autofree char *url = g_strdup_printf ("Binary/%s-pdf", id);
  g_autoptr (GBytes) pdf = mw_pdf_new (type, text);
  g_autoptr (GBytes) plain = g_bytes_new (text, strlen (text));
  g_autoptr (JsonNode) stored = mw_world_attachment (pdf, "application/pdf", type);
  gint64           when = self->start - MW_DAYS (days);
  g_autofree char *date = mw_sandbox_instant (when);
  JsonNode        *document = document_new (id, loinc, type, patient, author, type, when);
  JsonNode        *attachment = mw_json_object_new ();

  mw_world_write (self, site,
                  mw_template ("{'resourceType':'Binary','id':'%s-pdf','contentType':'application/pdf','securityContext':{'reference':'Patient/%s'},'data':'%s'}",
                               id, patient, mw_json_string (stored, "data")),
                  when);
  mw_json_set (attachment, "contentType", "application/pdf");
  mw_json_set (attachment, "url", url);
  mw_json_set_integer (attachment, "size", (gint64) g_bytes_get_size (pdf));
  mw_json_set (attachment, "hash", mw_json_string (stored, "hash"));
  mw_json_set (attachment, "title", type);
  mw_json_set (attachment, "creation", date);
  mw_json_take (document, "content[0].attachment", attachment);
  mw_json_take (document, "content[1]", mw_json_object_new ());
  mw_json_take (document, "content[1].attachment", mw_world_attachment (plain, "text/plain; charset=utf-8", type));
  mw_json_take (document, "text", mw_world_narrative (text));
  mw_world_write (self, site, document, when);
}

static void
add_hospital_stay (MwWorld        *self,
                   const MwPerson *person)
{
  g_autofree char *patient = mw_world_patient_id (self->hospital, person->number);
  gint64           when = self->start - MW_DAYS (200 + person->number);
  g_autofree char *start = mw_sandbox_instant (when);
  g_autofree char *end = mw_sandbox_instant (when + MW_DAYS (4));

  mw_world_write (self, self->hospital,
                  mw_template ("{'resourceType':'Encounter','id':'%s-stay','status':'finished',"
                               "'class':{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'IMP','display':'inpatient encounter'},"
                               "'subject':{'reference':'Patient/%s'},'period':{'start':'%s','end':'%s'},"
                               "'hospitalization':{'dischargeDisposition':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/discharge-disposition','code':'home','display':'Home'}]}},"
                               "'location':[{'location':{'reference':'Location/st-marys'}}],'serviceProvider':{'reference':'Organization/st-marys'}}",
                               patient, patient, start, end),
                  when + MW_DAYS (4));
  add_letter (self, self->hospital, person, "discharge-summary", "18842-5", "Discharge summary", "Practitioner/folake-adeyemi",
              "Admitted with shortness of breath, treated, and discharged home in good condition.\nPlease check kidney function and potassium within two weeks.", 195 + person->number);
}

static void
add_report (MwWorld        *self,
            const MwPerson *person)
{
  static const char *const codes[] = { "4548-4", "2160-0", "33914-3", "2823-3", "3016-3", "2345-7" };
  g_autofree char         *patient = mw_world_patient_id (self->practice, person->number);
  gint64                   when = self->start - MW_DAYS (4 + person->number);
  g_autofree char         *date = mw_sandbox_instant (when);
  JsonNode                *report = mw_template (
                     "{'resourceType':'DiagnosticReport','id':'%s-laboratory','status':'final',"
                                    "'category':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0074','code':'LAB','display':'Laboratory'}]}],"
                                    "'code':{'coding':[{'system':'" MW_LOINC "','code':'11502-2','display':'Laboratory report'}],'text':'Laboratory report'},"
                                    "'subject':{'reference':'Patient/%s'},'effectiveDateTime':'%s','issued':'%s',"
                                    "'performer':[{'reference':'Organization/st-marys-laboratory','display':'St. Mary’s Laboratory'}],"
                                    "'resultsInterpreter':[{'reference':'Practitioner/petra-novak','display':'Dr. Petra Nováková'}],'conclusion':'Compared with the last report: no new abnormal value.'}",
                     patient, patient, date, date);

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autofree char *first = g_strdup_printf ("%s-%s-1", patient, codes[i]);
      guint            last = 1;
      g_autofree char *reference = NULL;

      if (mw_sandbox_store_get (self->practice->store, "Observation", first) == NULL)
        continue;
      for (;; last++)
        {
          g_autofree char *next = g_strdup_printf ("%s-%s-%u", patient, codes[i], last + 1);

          if (mw_sandbox_store_get (self->practice->store, "Observation", next) == NULL)
            break;
        }
      reference = g_strdup_printf ("Observation/%s-%s-%u", patient, codes[i], last);
      mw_json_take (report, "result[+]", mw_template ("{'reference':'%s'}", reference));
    }
  mw_json_take (report, "text", mw_world_narrative ("Laboratory report"));
  mw_world_write (self, self->practice, report, when + MW_HOURS (4));
}

static JsonNode *
activity (const char *what,
          const char *status)
{
  return mw_template ("{'detail':{'kind':'ServiceRequest','status':'%s','description':'%s'}}", status, what);
}

static void
add_plan (MwWorld        *self,
          const MwPerson *person)
{
  g_autofree char *patient = mw_world_patient_id (self->practice, person->number);
  g_autofree char *since = mw_sandbox_date (self->start - MW_DAYS (150));
  JsonNode        *team = mw_template (
             "{'resourceType':'CareTeam','id':'%s-team','status':'active','name':'Shared care team','subject':{'reference':'Patient/%s'},"
                    "'participant':[{'role':[{'text':'Family physician'}],'member':{'reference':'" MW_ME "','display':'Dr. Maren Lindqvist'}},"
                    "{'role':[{'text':'Specialist'}],'member':{'reference':'Practitioner/elena-castellanos','display':'Dr. Elena Castellanos'}},"
                    "{'role':[{'text':'Care coordinator'}],'member':{'reference':'Practitioner/lucia-ramos','display':'Lucía Ramos'}}]}",
             patient, patient);
  JsonNode *goal = mw_template (
      "{'resourceType':'Goal','id':'%s-goal','lifecycleStatus':'active',"
      "'description':{'text':'Blood pressure below 135/85 at home'},'subject':{'reference':'Patient/%s'},'startDate':'%s',"
      "'expressedBy':{'reference':'" MW_ME "'}}",
      patient, patient, since);
  JsonNode *plan = mw_template (
      "{'resourceType':'CarePlan','id':'%s-plan','status':'active','intent':'plan','title':'Shared care plan',"
      "'description':'Agreed between the practice, St. Mary’s and the patient.','category':[{'text':'Longitudinal care plan'}],"
      "'subject':{'reference':'Patient/%s'},'period':{'start':'%s'},'author':{'reference':'" MW_ME "','display':'Dr. Maren Lindqvist'},"
      "'careTeam':[{'reference':'CareTeam/%s-team'}],'goal':[{'reference':'Goal/%s-goal'}]}",
      patient, patient, since, patient, patient);

  mw_world_write (self, self->practice, team, self->start - MW_DAYS (150));
  mw_world_write (self, self->practice, goal, self->start - MW_DAYS (150));
  mw_json_take (plan, "activity[+]", activity ("Measure weight and blood pressure every morning", "in-progress"));
  mw_json_take (plan, "activity[+]", activity ("Laboratory control every two months", "in-progress"));
  mw_json_take (plan, "activity[+]", activity ("Visit of the care coordinator at home", "scheduled"));
  mw_json_take (plan, "text", mw_world_narrative ("Shared care plan: blood pressure below 135/85, weight every morning, laboratory control every two months."));
  mw_world_write (self, self->practice, plan, self->start - MW_DAYS (149));
}

/**
 * mw_world_add_documents:
 *
 * Letters, reports and the care plan of a patient with a rich record.
 */
void
mw_world_add_documents (MwWorld        *self,
                        const MwPerson *person)
{
  add_letter (self, self->practice, person, "progress-note", "11506-3", "Progress note", MW_ME,
              "Feels well. Takes the medication as agreed. Blood pressure at home mostly within the goal.\nPlan: continue, laboratory control in two months.", 11 + person->number);
  add_letter (self, self->practice, person, "old-consult", "11488-4", "Consult note", "Practitioner/elena-castellanos",
              "Thank you for referring this patient. Echocardiography: ejection fraction 48 %, no relevant valve disease.\nRecommendation: continue the present medication, control in one year.", 170 + person->number);
  add_hospital_stay (self, person);
  add_report (self, person);
  add_plan (self, person);
}
