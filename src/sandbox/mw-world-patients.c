/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-world.h"

#include "mw-json.h"
#include "mw-template.h"

/* Invented people, with the kinds of names that real inboxes hold. */
static const MwPerson people[] = {
  { 1, "Dubois-Renard", "Amélie", "female", "1958-03-14", "4 Millpond Court", "fr", "diabetes hypertension lipids", TRUE },
  { 2, "Whitcombe", "Harold|Jefferson", "male", "1941-11-02", "77 Beacon Street", "en", "heart-failure fibrillation kidney", TRUE },
  { 3, "العلوي", "فاطمة الزهراء", "female", "1979-06-21", "19 Orchard Row", "ar", "asthma thyroid", TRUE },
  { 4, "Wolfeschlegelsteinhausenbergerdorff-Oyelaran", "Maximiliana|Theodora|Alexandrina", "female", "1966-09-30", "200 Upper Quayside Terrace, Building C, Apartment 1104", "de", "kidney hypertension", TRUE },
  { 5, "Muñoz Íñiguez", "José|Ángel", "male", "1972-01-08", "31 Foundry Lane", "es", "hypertension back-pain", FALSE },
  { 6, "Kjærgaard", "Søren", "male", "1985-12-19", "8 Ferry Road", "da", "depression", FALSE },
  { 7, "Nguyễn", "Thị Bích|Ngọc", "female", "1993-04-02", "52 Lantern Street", "vi", "pregnancy", FALSE },
  { 8, "Okonkwo", "Grace", "female", "1950-07-17", "9 Hillcrest Avenue", "en", "arthritis hypertension", FALSE },
  { 9, "O’Brien-Łukasiewicz", "Zoë", "female", "2019-05-25", "14 Meadow Close", "en", "asthma", FALSE },
  { 10, "Kartika", NULL, "male", "1988-10-11", "3 Canal View", "id", "lipids", FALSE },
  { 11, "Hightower", "Dolores|Mae", "female", "1933-02-27", "Sunrise Care Home, 40 Elm Park", "en", "heart-failure arthritis", FALSE },
  { 12, "Wiśniewski", "Tomasz", "male", "1961-08-05", "66 Railway Terrace", "pl", "diabetes", FALSE },
};

const MwPerson *
mw_world_person (guint number)
{
  g_return_val_if_fail (number >= 1 && number <= G_N_ELEMENTS (people), NULL);

  return &people[number - 1];
}

guint
mw_world_n_people (void)
{
  return G_N_ELEMENTS (people);
}

/**
 * mw_world_patient_id:
 *
 * Returns: (transfer full): the id that @site gave the person of that number; each site its own
 */
char *
mw_world_patient_id (MwSite *site,
                     guint   number)
{
  if (g_str_equal (site->name, "practice"))
    return g_strdup_printf ("p%02u", number);
  if (g_str_equal (site->name, "hospital"))
    return g_strdup_printf ("sm-%u", 70400 + number * 13);
  return g_strdup_printf ("member-%u", 5000 + number * 7);
}

/**
 * mw_world_patient_name:
 *
 * Returns: (transfer full): the name as people write it
 */
char *
mw_world_patient_name (guint number)
{
  const MwPerson  *person = mw_world_person (number);
  g_autofree char *given = person->given != NULL ? g_strdelimit (g_strdup (person->given), "|", ' ') : NULL;

  return given != NULL ? g_strdup_printf ("%s %s", given, person->family) : g_strdup (person->family);
}

static JsonNode *
identifier (const char *use,
            const char *type,
            const char *label,
            const char *system,
            const char *value)
{
  return mw_template ("{'use':'%s','type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'%s'}],'text':'%s'},"
                      "'system':'%s','value':'%s'}",
                      use, type, label, system, value);
}

static void
add_identifiers (JsonNode       *patient,
                 MwSite         *site,
                 const MwPerson *person)
{
  g_autofree char *practice_mrn = g_strdup_printf ("LFP-%05u", 10000 + person->number * 37);
  g_autofree char *hospital_mrn = g_strdup_printf ("SM%07u", 4400000 + person->number * 1013);
  g_autofree char *member = g_strdup_printf ("PN-%u-%02u", 880100 + person->number * 11, person->number);
  gboolean         practice = g_str_equal (site->name, "practice"), hospital = g_str_equal (site->name, "hospital");

  if (practice)
    mw_json_take (patient, "identifier[+]", identifier ("usual", "MR", "Medical record number", MW_MRN_PRACTICE, practice_mrn));
  if (hospital || (practice && person->rich))
    mw_json_take (patient, "identifier[+]", identifier (hospital ? "usual" : "secondary", "MR", "Hospital record number", MW_MRN_HOSPITAL, hospital_mrn));
  mw_json_take (patient, "identifier[+]", identifier ("official", "MB", "Member number", MW_MEMBER, member));
}

static JsonNode *
name_of (const MwPerson *person)
{
  JsonNode *name = mw_template ("{'use':'official','family':'%s'}", person->family);
  g_auto (GStrv) given = person->given != NULL ? g_strsplit (person->given, "|", -1) : NULL;

  for (guint i = 0; given != NULL && given[i] != NULL; i++)
    mw_json_take (name, "given[+]", json_node_init_string (json_node_alloc (), given[i]));
  return name;
}

static void
add_patient (MwWorld        *self,
             MwSite         *site,
             const MwPerson *person)
{
  g_autofree char *id = mw_world_patient_id (site, person->number);
  g_autofree char *name = mw_world_patient_name (person->number);
  g_autofree char *about = g_strdup_printf ("%s, born %s", name, person->born);
  g_autofree char *phone = g_strdup_printf ("+1-555-01%02u", 50 + person->number);
  g_autoptr (JsonNode) official = name_of (person);
  JsonNode *patient = mw_template (
      "{'resourceType':'Patient','id':'%s','active':true,'name':[%j],'telecom':[{'system':'phone','value':'%s','use':'home'}],"
      "'gender':'%s','birthDate':'%s','address':[{'use':'home','line':['%s'],'city':'Port Amberly','state':'MN','postalCode':'55999','country':'US'}],"
      "'communication':[{'language':{'coding':[{'system':'urn:ietf:bcp:47','code':'%s'}]},'preferred':true}]}",
      id, official, phone, person->gender, person->born, person->street, person->language);

  mw_json_take (patient, "text", mw_world_narrative (about));
  add_identifiers (patient, site, person);
  if (!g_str_equal (site->name, "plan"))
    mw_json_take (patient, "generalPractitioner[+]", mw_template ("{'reference':'" MW_ME "','display':'Dr. Maren Lindqvist'}"));
  mw_json_set (patient, "managingOrganization.reference",
               site == self->practice ? "Organization/lakeside" : site == self->hospital ? "Organization/st-marys"
                                                                                         : "Organization/plan-north");
  mw_site_add (site, patient);
}

static void
add_coverage (MwSite         *site,
              const MwPerson *person)
{
  g_autofree char *patient = mw_world_patient_id (site, person->number);
  g_autofree char *member = g_strdup_printf ("PN-%u-%02u", 880100 + person->number * 11, person->number);

  mw_site_add (site, mw_template ("{'resourceType':'Coverage','id':'coverage-%s','identifier':[{'system':'" MW_MEMBER "','value':'%s'}],'status':'active',"
                                  "'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'HIP','display':'health insurance plan policy'}]},"
                                  "'subscriberId':'%s','beneficiary':{'reference':'Patient/%s'},"
                                  "'relationship':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/subscriber-relationship','code':'self'}]},"
                                  "'payor':[{'reference':'Organization/plan-north','display':'Plan North'}]}",
                                  patient, member, member, patient));
}

/**
 * mw_world_add_patients:
 *
 * The same people on all three sites, each under its own id; the member number is shared.
 */
void
mw_world_add_patients (MwWorld *self)
{
  MwSite *sites[] = { self->practice, self->hospital, self->plan };

  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sites); j++)
      {
        add_patient (self, sites[j], &people[i]);
        if (sites[j] != self->hospital)
          add_coverage (sites[j], &people[i]);
      }
}

/**
 * mw_person_has:
 * @problem: a key of mw-world-records.c
 */
gboolean
mw_person_has (const MwPerson *person,
               const char     *problem)
{
  g_auto (GStrv) keys = g_strsplit (person->problems, " ", -1);

  return g_strv_contains ((const char *const *) keys, problem);
}

/**
 * mw_world_write:
 * @resource: (transfer full)
 * @when: microseconds: when the server got it
 *
 * Writes what was there before the day began.
 */
MwRecord *
mw_world_write (MwWorld  *self,
                MwSite   *site,
                JsonNode *resource,
                gint64    when)
{
  MwRecord *record;

  mw_sandbox_clock_set_now (self->clock, when);
  record = mw_site_add (site, resource);
  mw_sandbox_clock_set_now (self->clock, self->start);
  return record;
}

/**
 * mw_world_fill:
 *
 * Writes everything that is there when the day begins, but for the inbox.
 */
void
mw_world_fill (MwWorld *self)
{
  MwSite *sites[] = { self->practice, self->hospital, self->plan };

  mw_sandbox_clock_set_now (self->clock, self->start - MW_DAYS (700));
  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    mw_world_add_directory (self, sites[i]);
  mw_world_add_care_teams (self);
  mw_world_add_patients (self);
  mw_sandbox_clock_set_now (self->clock, self->start);
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      mw_world_add_records (self, &people[i]);
      mw_world_add_course (self, &people[i]);
      if (people[i].rich)
        mw_world_add_documents (self, &people[i]);
    }
}
