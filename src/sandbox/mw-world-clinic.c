/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-arrivals.h"

#include "mw-identity.h"
#include "mw-json.h"
#include "mw-template.h"

/* Another practice, whose server wants to know who comes: with a clinician, patients and an inbox of its
 * own, so that one can sign in to it and use it as home. */

static const struct
{
  const char *id;
  const char *given;
  const char *family;
  const char *gender;
  const char *work;
} staff[] = {
  { "ines-marchetti", "Inês", "Marchetti", "female", "Family medicine" },
  { "david-osei", "David", "Osei", "male", "Practice nurse" },
};

static const struct
{
  const char *id;
  const char *given;
  const char *family;
  const char *gender;
  const char *born;
  const char *mrn;
  const char *member;
} patients[] = {
  { "c01", "Jonas", "Meyer", "male", "2016-05-04", "HC-20011", "PN-990011-01" },
  { "c02", "Felix", "Meyer", "male", "2016-05-04", "HC-20012", "PN-990012-02" },
  { "c03", "Rosa", "Delacroix", "female", "1949-09-23", "HC-20013", "PN-990013-03" },
  { "c04", "Kwame", "Boateng", "male", "1983-01-30", "HC-20014", "PN-990014-04" },
};

static const struct
{
  guint       patient;
  const char *key;
  const char *category;
  const char *priority;
  const char *sender;
  const char *topic;
  const char *text;
  guint       hours; /* before the day begins */
} messages[] = {
  { 3, "potassium", "alert", "urgent", "Organization/st-marys", "Critical potassium", "Potassium 6.4 mmol/L this morning. Please act today and call back.", 1 },
  { 4, "blood-pressure", "notification", "routine", "Practitioner/david-osei", "Blood pressure at the visit", "158/96 twice, ten minutes apart. He asks whether to come back next week.", 3 },
  { 1, "school", "notification", "routine", "Practitioner/david-osei", "School form for Jonas", "His mother needs the form on his asthma plan signed by Friday.", 20 },
};

static void
add_people (MwSite *site)
{
  for (guint i = 0; i < G_N_ELEMENTS (staff); i++)
    {
      g_autofree char *npi = mw_world_npi (400 + i);

      mw_site_add (site, mw_template ("{'resourceType':'Practitioner','id':'%s','identifier':[{'system':'" MW_NPI "','value':'%s'}],'active':true,"
                                      "'name':[{'use':'official','family':'%s','given':['%s']}],'gender':'%s'}",
                                      staff[i].id, npi, staff[i].family, staff[i].given, staff[i].gender));
      mw_site_add (site, mw_template ("{'resourceType':'PractitionerRole','id':'%s-role','active':true,'practitioner':{'reference':'Practitioner/%s'},"
                                      "'organization':{'reference':'Organization/harbour','display':'Harbour Clinic'},'code':[{'text':'%s'}]}",
                                      staff[i].id, staff[i].id, staff[i].work));
    }
}

static void
add_patients (MwSite *site)
{
  for (guint i = 0; i < G_N_ELEMENTS (patients); i++)
    mw_site_add (site, mw_template ("{'resourceType':'Patient','id':'%s','identifier':["
                                    "{'use':'usual','type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'MR'}]},'system':'" MW_MRN_CLINIC "','value':'%s'},"
                                    "{'use':'official','type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'MB'}]},'system':'" MW_MEMBER "','value':'%s'}],"
                                    "'active':true,'name':[{'use':'official','family':'%s','given':['%s']}],'gender':'%s','birthDate':'%s',"
                                    "'generalPractitioner':[{'reference':'" MW_CLINIC_ME "'}],'managingOrganization':{'reference':'Organization/harbour'}}",
                                    patients[i].id, patients[i].mrn, patients[i].member, patients[i].family, patients[i].given, patients[i].gender, patients[i].born));
}

static void
add_organization (MwSite     *site,
                  const char *id,
                  const char *name,
                  guint       number)
{
  g_autofree char *npi = mw_world_npi (number);

  mw_site_add (site, mw_template ("{'resourceType':'Organization','id':'%s','identifier':[{'system':'" MW_NPI "','value':'%s'}],'active':true,'name':'%s',"
                                  "'type':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/organization-type','code':'prov'}]}]}",
                                  id, npi, name));
}

static void
add_message (MwWorld *self,
             guint    i)
{
  g_autofree char *key = g_strconcat ("clinic/", messages[i].key, NULL);
  g_autofree char *urn = mw_world_urn (self, key);
  gint64           when = self->start - MW_HOURS (messages[i].hours);
  g_autofree char *sent = mw_sandbox_instant (when);
  guint            patient = messages[i].patient - 1;
  g_autofree char *name = g_strdup_printf ("%s %s", patients[patient].given, patients[patient].family);

  mw_world_write (self, self->clinic,
                  mw_template ("{'resourceType':'Communication','id':'%s','identifier':[{'system':'" MW_URI_SYSTEM "','value':'%s'}],'status':'completed',"
                               "'category':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/communication-category','code':'%s'}]}],'priority':'%s',"
                               "'topic':{'text':'%s'},'subject':{'reference':'Patient/%s','display':'%s'},'sent':'%s','sender':{'reference':'%s'},"
                               "'recipient':[{'reference':'" MW_CLINIC_ME "','display':'Dr. Inês Marchetti'}],'payload':[{'contentString':'%s'}]}",
                               urn + sizeof "urn:uuid:" - 1, urn, messages[i].category, messages[i].priority, messages[i].topic,
                               patients[patient].id, name, sent, messages[i].sender, messages[i].text),
                  when);
}

static void
add_task (MwWorld *self)
{
  gint64           when = self->start - MW_HOURS (5);
  g_autofree char *written = mw_sandbox_instant (when);
  g_autofree char *urn = mw_world_urn (self, "clinic/records");

  mw_world_write (self, self->clinic,
                  mw_template ("{'resourceType':'Task','identifier':[{'system':'" MW_URI_SYSTEM "','value':'%s'}],'status':'requested','intent':'order','priority':'routine',"
                               "'code':{'text':'Please send the last visit note'},'description':'St. Mary’s asks for the last visit note of Rosa Delacroix.',"
                               "'for':{'reference':'Patient/c03','display':'Rosa Delacroix'},'authoredOn':'%s','lastModified':'%s',"
                               "'requester':{'reference':'Organization/st-marys','display':'St. Mary’s Hospital'},'owner':{'reference':'" MW_CLINIC_ME "'}}",
                               urn, written, written),
                  when);
}

/**
 * mw_world_fill_clinic:
 *
 * Writes what is at the clinic when the day begins.
 */
void
mw_world_fill_clinic (MwWorld *self)
{
  static const char *const own[] = { MW_CLINIC_ME, "PractitionerRole/ines-marchetti-role", "Organization/harbour" };

  mw_sandbox_clock_set_now (self->clock, self->start - MW_DAYS (700));
  add_organization (self->clinic, "harbour", "Harbour Clinic", 110);
  add_organization (self->clinic, "st-marys", "St. Mary’s Hospital", 101);
  add_people (self->clinic);
  add_patients (self->clinic);
  mw_sandbox_clock_set_now (self->clock, self->start);
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    add_message (self, i);
  add_task (self);
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    g_hash_table_add (self->clinic->own, g_strdup (own[i]));
}
