/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-world.h"

#include "mw-template.h"

/* People whom one can mistake for each other: twins, and a stranger of the same name and birth date. The
 * clinic's Jonas Meyer is the first of them. */
static const struct
{
  guint       number;
  const char *given;
  const char *member;
  const char *street;
} people[] = {
  { 1, "Jonas", "PN-990011-01", "21 Quay Street" },
  { 2, "Felix", "PN-990012-02", "21 Quay Street" },
  { 3, "Jonas", "PN-771003-09", "5 Windmill Road" },
};

static void
add_patient (MwSite     *site,
             guint       i,
             const char *prefix,
             const char *record)
{
  JsonNode *patient = mw_template (
      "{'resourceType':'Patient','id':'%s-%i','identifier':["
      "{'use':'usual','type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'MB'}]},'system':'" MW_MEMBER "','value':'%s'},"
      "{'use':'secondary','type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'MR'}]},'system':'%s','value':'9100%i'}],"
      "'active':true,'name':[{'use':'official','family':'Meyer','given':['%s']}],'gender':'male','birthDate':'2016-05-04',"
      "'address':[{'use':'home','line':['%s'],'city':'Port Amberly','state':'MN','postalCode':'55999','country':'US'}]}",
      prefix, (gint64) 9000 + people[i].number, people[i].member, record, (gint64) people[i].number, people[i].given, people[i].street);

  mw_site_add (site, patient);
}

/* @policy: what the plan calls a family, beside the number of each */
static void
add_coverage (MwSite     *site,
              guint       i,
              const char *policy)
{
  gint64 number = 9000 + people[i].number;

  mw_site_add (site, mw_template ("{'resourceType':'Coverage','id':'coverage-member-%i','identifier':[{'system':'https://plannorth.example/id/policy','value':'%s'}],"
                                  "'status':'active','subscriberId':'%s','beneficiary':{'reference':'Patient/member-%i'},"
                                  "'payor':[{'reference':'Organization/plan-north'}]}",
                                  number, policy, people[i].member, number));
}

/**
 * mw_world_add_namesakes:
 *
 * The Meyers at the hospital, the plan and the two receivers without a day of their own. At the plan
 * the two Jonas share one policy number, so that it does not tell them apart.
 */
void
mw_world_add_namesakes (MwWorld *self)
{
  mw_sandbox_clock_set_now (self->clock, self->start - MW_DAYS (400));
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      add_patient (self->hospital, i, "sm", MW_MRN_HOSPITAL);
      add_patient (self->plan, i, "member", "https://plannorth.example/id/person");
      add_patient (self->county, i, "cg", "https://county.example/id/mrn");
      add_patient (self->limited, i, "ru", "https://riverside.example/id/mrn");
      add_coverage (self->plan, i, people[i].number == 2 ? "FAM-2" : "FAM-1");
    }
  mw_sandbox_clock_set_now (self->clock, self->start);
}

/**
 * mw_world_add_receiver:
 * @id: of the Organization whose server @site is
 *
 * A site that only receives: an organization and a clinician who takes what comes.
 */
void
mw_world_add_receiver (MwWorld    *self,
                       MwSite     *site,
                       const char *id,
                       const char *person,
                       guint       number)
{
  g_autofree char *npi = mw_world_npi (number);
  g_autofree char *own = mw_world_npi (number + 1);

  mw_sandbox_clock_set_now (self->clock, self->start - MW_DAYS (700));
  mw_site_add (site, mw_template ("{'resourceType':'Organization','id':'%s','identifier':[{'system':'" MW_NPI "','value':'%s'}],'active':true,'name':'%s'}", id, npi, site->title));
  mw_site_add (site, mw_template ("{'resourceType':'Practitioner','id':'%s','identifier':[{'system':'" MW_NPI "','value':'%s'}],'active':true,'name':[{'text':'%s'}]}", person, own, person));
  mw_sandbox_clock_set_now (self->clock, self->start);
}
