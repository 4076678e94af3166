/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-world.h"

#include "mw-json.h"
#include "mw-template.h"

#include <string.h>

/* What people have and what they take for it. Codes are left out where we have none to be sure of. */
static const struct
{
  const char *key;
  const char *snomed;
  const char *display;
  guint       years;      /* since */
  const char *rxnorm;     /* (nullable) */
  const char *medication; /* (nullable) */
  const char *dosage;
  const char *reason;
} problems[] = {
  { "diabetes", "44054006", "Type 2 diabetes mellitus", 9, "860975", "Metformin hydrochloride 500 mg extended-release tablet", "2 tablets with the evening meal", "diabetes" },
  { "hypertension", "38341003", "Hypertensive disorder", 12, "314076", "Lisinopril 10 mg tablet", "1 tablet in the morning", "blood pressure" },
  { "lipids", "55822004", "Hyperlipidemia", 6, "617311", "Atorvastatin 40 mg tablet", "1 tablet at bedtime", "cholesterol" },
  { "heart-failure", "84114007", "Heart failure", 4, "313988", "Furosemide 40 mg tablet", "1 tablet in the morning; one more when weight rises by 2 kg", "heart failure" },
  { "fibrillation", "49436004", "Atrial fibrillation", 5, "1364445", "Apixaban 5 mg tablet", "1 tablet twice a day", "stroke prevention" },
  { "kidney", "433144002", "Chronic kidney disease stage 3", 3, NULL, NULL, NULL, NULL },
  { "asthma", "195967001", "Asthma", 11, "745679", "Albuterol 90 micrograms inhaler", "2 puffs when short of breath", "asthma" },
  { "thyroid", "40930008", "Hypothyroidism", 7, NULL, "Levothyroxine sodium 75 micrograms tablet", "1 tablet half an hour before breakfast", "thyroid" },
  { "back-pain", "279039007", "Low back pain", 1, NULL, "Naproxen 500 mg tablet", "1 tablet twice a day with food, for two weeks at most", "pain" },
  { "depression", "35489007", "Depressive disorder", 2, NULL, "Sertraline 50 mg tablet", "1 tablet in the morning", "depression" },
  { "pregnancy", "77386006", "Pregnancy", 0, NULL, "Folic acid 400 micrograms tablet", "1 tablet a day", "pregnancy" },
  { "arthritis", "396275006", "Osteoarthritis", 8, NULL, "Acetaminophen 500 mg tablet", "2 tablets up to three times a day", "pain" },
};

static const struct
{
  guint       person;
  const char *snomed;
  const char *substance;
  const char *criticality;
  const char *reaction;
} allergies[] = {
  { 1, "91936005", "Allergy to penicillin", "high", "Hives" },
  { 2, "294505008", "Allergy to amoxicillin", "high", "Swelling of the face" },
  { 3, "300913006", "Allergy to shellfish", "low", "Itching" },
  { 4, "91935009", "Allergy to peanut", "high", "Anaphylaxis" },
  { 8, "293586001", "Allergy to aspirin", "low", "Wheezing" },
};

static const struct
{
  const char *cvx;
  const char *name;
  guint       days; /* ago */
} vaccines[] = {
  { "140", "Influenza, seasonal, injectable, preservative free", 48 },
  { "33", "Pneumococcal polysaccharide PPV23", 610 },
  { "115", "Tdap", 1490 },
};

static JsonNode *
subject_of (const char     *pid,
            const MwPerson *person)
{
  g_autofree char *name = mw_world_patient_name (person->number);

  return mw_template ("{'reference':'Patient/%s','display':'%s'}", pid, name);
}

static void
add_problem (MwWorld        *self,
             const MwPerson *person,
             guint           i)
{
  g_autofree char *pid = mw_world_patient_id (self->practice, person->number);
  g_autoptr (JsonNode) subject = subject_of (pid, person);
  gint64           onset = self->start - MW_DAYS (365 * problems[i].years + 120);
  g_autofree char *date = mw_sandbox_date (onset);
  JsonNode        *condition = mw_template (
             "{'resourceType':'Condition','id':'%s-%s','clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'active'}]},"
                    "'verificationStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-ver-status','code':'confirmed'}]},"
                    "'category':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-category','code':'problem-list-item','display':'Problem List Item'}]}],"
                    "'code':{'coding':[{'system':'" MW_SNOMED "','code':'%s','display':'%s'}],'text':'%s'},'subject':%j,'onsetDateTime':'%s','recordedDate':'%s',"
                    "'recorder':{'reference':'" MW_ME "'}}",
             pid, problems[i].key, problems[i].snomed, problems[i].display, problems[i].display, subject, date, date);

  mw_json_take (condition, "text", mw_world_narrative (problems[i].display));
  mw_world_write (self, self->practice, condition, self->start - MW_DAYS (400));
}

static void
add_medication (MwWorld        *self,
                const MwPerson *person,
                guint           i)
{
  g_autofree char *pid = mw_world_patient_id (self->practice, person->number);
  g_autoptr (JsonNode) subject = subject_of (pid, person);
  gint64           written = self->start - MW_DAYS (35 + 7 * (i % 5));
  g_autofree char *date = mw_sandbox_date (written);
  JsonNode        *request = mw_template (
             "{'resourceType':'MedicationRequest','id':'%s-%s-medication','status':'active','intent':'order',"
                    "'medicationCodeableConcept':{'text':'%s'},'subject':%j,'authoredOn':'%s','requester':{'reference':'" MW_ME "','display':'Dr. Maren Lindqvist'},"
                    "'reasonReference':[{'reference':'Condition/%s-%s'}],"
                    "'dosageInstruction':[{'text':'%s'}],'dispenseRequest':{'numberOfRepeatsAllowed':3,'expectedSupplyDuration':{'value':90,'unit':'days','system':'http://unitsofmeasure.org','code':'d'}}}",
             pid, problems[i].key, problems[i].medication, subject, date,
             pid, problems[i].key, problems[i].dosage);

  if (problems[i].rxnorm != NULL)
    mw_json_take (request, "medicationCodeableConcept.coding[0]",
                  mw_template ("{'system':'http://www.nlm.nih.gov/research/umls/rxnorm','code':'%s','display':'%s'}", problems[i].rxnorm, problems[i].medication));
  mw_json_take (request, "text", mw_world_narrative (problems[i].medication));
  mw_world_write (self, self->practice, request, written);
}

static void
add_allergies (MwWorld        *self,
               const MwPerson *person)
{
  for (guint i = 0; i < G_N_ELEMENTS (allergies); i++)
    if (allergies[i].person == person->number)
      {
        g_autoptr (JsonNode) narrative = mw_world_narrative (allergies[i].substance);
        g_autofree char *pid = mw_world_patient_id (self->practice, person->number);
        g_autoptr (JsonNode) subject = subject_of (pid, person);

        mw_world_write (self, self->practice,
                        mw_template ("{'resourceType':'AllergyIntolerance','id':'%s-allergy','text':%j,"
                                     "'clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical','code':'active'}]},"
                                     "'verificationStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification','code':'confirmed'}]},"
                                     "'type':'allergy','criticality':'%s','code':{'coding':[{'system':'" MW_SNOMED "','code':'%s','display':'%s'}],'text':'%s'},"
                                     "'patient':%j,'recordedDate':'2017-04-11','reaction':[{'manifestation':[{'text':'%s'}]}]}",
                                     pid, narrative,
                                     allergies[i].criticality, allergies[i].snomed, allergies[i].substance, allergies[i].substance, subject, allergies[i].reaction),
                        self->start - MW_DAYS (420));
      }
}

static void
add_vaccines (MwWorld        *self,
              const MwPerson *person)
{
  guint n = person->rich ? G_N_ELEMENTS (vaccines) : 1;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *pid = mw_world_patient_id (self->practice, person->number);
      g_autoptr (JsonNode) subject = subject_of (pid, person);
      gint64           when = self->start - MW_DAYS (vaccines[i].days + person->number);
      g_autofree char *date = mw_sandbox_date (when);
      g_autofree char *number = g_strdup_printf ("%u", i + 1);

      mw_world_write (self, self->practice,
                      mw_template ("{'resourceType':'Immunization','id':'%s-vaccine-%s','status':'completed',"
                                   "'vaccineCode':{'coding':[{'system':'http://hl7.org/fhir/sid/cvx','code':'%s','display':'%s'}],'text':'%s'},"
                                   "'patient':%j,'occurrenceDateTime':'%s','primarySource':true,'location':{'reference':'Location/lakeside'},"
                                   "'performer':[{'actor':{'reference':'Practitioner/chidi-okafor','display':'Chidi Okafor, RN'}}]}",
                                   pid, number, vaccines[i].cvx, vaccines[i].name, vaccines[i].name, subject, date),
                      MAX (when, self->start - MW_DAYS (690)));
    }
}

static void
add_visit (MwWorld        *self,
           const MwPerson *person,
           guint           number,
           gint64          when)
{
  static const char *const reasons[] = { "Follow-up visit", "Review of medication", "Routine check", "New complaint" };
  g_autofree char         *pid = mw_world_patient_id (self->practice, person->number);
  g_autoptr (JsonNode) subject = subject_of (pid, person);
  g_autofree char *text = g_strdup_printf ("%u", number);
  g_autofree char *start = mw_sandbox_instant (when);
  g_autofree char *end = mw_sandbox_instant (when + MW_MINUTES (20));

  mw_world_write (self, self->practice,
                  mw_template ("{'resourceType':'Encounter','id':'%s-visit-%s','status':'finished',"
                               "'class':{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'AMB','display':'ambulatory'},"
                               "'type':[{'text':'Office visit'}],'subject':%j,"
                               "'participant':[{'individual':{'reference':'" MW_ME "','display':'Dr. Maren Lindqvist'}}],"
                               "'period':{'start':'%s','end':'%s'},'reasonCode':[{'text':'%s'}],"
                               "'location':[{'location':{'reference':'Location/lakeside','display':'Lakeside Family Practice'}}],"
                               "'serviceProvider':{'reference':'Organization/lakeside'}}",
                               pid, text, subject, start, end, reasons[number % G_N_ELEMENTS (reasons)]),
                  when + MW_HOURS (1));
}

/**
 * mw_world_add_records:
 *
 * Problems, medications, allergies, vaccines and visits of a patient, at the practice.
 */
void
mw_world_add_records (MwWorld        *self,
                      const MwPerson *person)
{
  guint visits = person->rich ? 5 : 2;

  for (guint i = 0; i < G_N_ELEMENTS (problems); i++)
    if (mw_person_has (person, problems[i].key))
      {
        add_problem (self, person, i);
        if (problems[i].medication != NULL)
          add_medication (self, person, i);
      }
  add_allergies (self, person);
  add_vaccines (self, person);
  for (guint i = 0; i < visits; i++)
    add_visit (self, person, i + 1, self->start - MW_DAYS (11 + 88 * i + person->number));
}
