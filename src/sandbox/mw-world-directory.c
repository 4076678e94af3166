/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-world.h"

#include "mw-json.h"
#include "mw-template.h"

#include <string.h>

/* The directory is the same on all three servers, ids and all, as a shared one would be. */

static const struct
{
  const char *id;
  const char *name;
  const char *type;    /* organization-type */
  const char *part_of; /* (nullable) */
  const char *site;    /* (nullable): whose endpoint it has */
  const char *phone;
  const char *street;
} organizations[] = {
  { "lakeside", "Lakeside Family Practice", "prov", NULL, "practice", "+1-555-0100", "12 Harbour Lane" },
  { "st-marys", "St. Mary’s Hospital", "prov", NULL, "hospital", "+1-555-0120", "1 Chapel Hill" },
  { "st-marys-cardiology", "St. Mary’s Cardiology", "dept", "st-marys", "hospital", "+1-555-0121", "1 Chapel Hill" },
  { "st-marys-nephrology", "St. Mary’s Nephrology", "dept", "st-marys", "hospital", "+1-555-0122", "1 Chapel Hill" },
  { "st-marys-emergency", "St. Mary’s Emergency Department", "dept", "st-marys", "hospital", "+1-555-0123", "1 Chapel Hill" },
  { "st-marys-laboratory", "St. Mary’s Laboratory", "dept", "st-marys", "hospital", "+1-555-0124", "1 Chapel Hill" },
  { "plan-north", "Plan North", "pay", NULL, "plan", "+1-555-0140", "300 Union Square" },
};

static const struct
{
  const char *id;
  const char *prefix; /* (nullable) */
  const char *given;
  const char *family;
  const char *gender;
  const char *organization;
  const char *work;   /* what they do, for people */
  const char *snomed; /* occupation */
  const char *name;   /* as it is written in a sentence */
} staff[] = {
  { "maren-lindqvist", "Dr.", "Maren", "Lindqvist", "female", "lakeside", "Family medicine", "62247001", "Dr. Maren Lindqvist" },
  { "tom-whitfield", "Dr.", "Tom", "Whitfield", "male", "lakeside", "Family medicine", "62247001", "Dr. Tom Whitfield" },
  { "chidi-okafor", NULL, "Chidi", "Okafor", "male", "lakeside", "Practice nurse", "106292003", "Chidi Okafor, RN" },
  { "lucia-ramos", NULL, "Lucía", "Ramos", "female", "lakeside", "Care coordinator", "768820003", "Lucía Ramos" },
  { "minh-anh-tran", NULL, "Minh-Anh", "Tran", "female", "lakeside", "Clinical pharmacist", "46255001", "Minh-Anh Tran, PharmD" },
  { "elena-castellanos", "Dr.", "Elena", "Castellanos", "female", "st-marys-cardiology", "Cardiology", "17561000", "Dr. Elena Castellanos" },
  { "jonas-brandt", "Dr.", "Jonas", "Brandt", "male", "st-marys-nephrology", "Nephrology", "11911009", "Dr. Jonas Brandt" },
  { "folake-adeyemi", "Dr.", "Folake", "Adeyemi", "female", "st-marys-emergency", "Emergency medicine", "309294001", "Dr. Folake Adeyemi" },
  { "petra-novak", "Dr.", "Petra", "Nováková", "female", "st-marys-laboratory", "Laboratory medicine", "61246008", "Dr. Petra Nováková" },
  { "karen-hughes", NULL, "Karen", "Hughes", "female", "plan-north", "Utilization review nurse", "106292003", "Karen Hughes, RN" },
  { "anand-patel", "Dr.", "Anand", "Patel", "male", "plan-north", "Medical director", "158965000", "Dr. Anand Patel" },
};

static const struct
{
  const char *id;
  const char *organization;
  const char *name;
  const char *specialty_code;
  const char *specialty;
} services[] = {
  { "cardiology-consult", "st-marys-cardiology", "Cardiology consultation", "394579002", "Cardiology" },
  { "heart-failure-clinic", "st-marys-cardiology", "Heart failure clinic", "394579002", "Cardiology" },
  { "nephrology-consult", "st-marys-nephrology", "Nephrology consultation", "394589003", "Nephrology" },
  { "emergency-care", "st-marys-emergency", "Emergency care", "773568002", "Emergency medicine" },
  { "primary-care", "lakeside", "Primary care", "394814009", "General practice" },
};

/**
 * mw_world_npi:
 * @number: below 100000
 *
 * Returns: (transfer full): an invented NPI that passes the check: Luhn over 80840 and the first nine digits
 */
char *
mw_world_npi (guint number)
{
  g_autofree char *head = g_strdup_printf ("1999%05u", number);
  guint            sum = 24;

  for (guint i = 0; i < 9; i++)
    {
      guint digit = (guint) (head[i] - '0') * (i % 2 == 0 ? 2 : 1);

      sum += digit > 9 ? digit - 9 : digit;
    }
  return g_strdup_printf ("%s%u", head, (10 - sum % 10) % 10);
}

JsonNode *
mw_world_narrative (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_auto (GStrv) lines = g_strsplit (escaped, "\n", -1);
  g_autofree char *joined = g_strjoinv ("<br/>", lines);

  return mw_template ("{'status':'generated','div':'<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><p>%s</p></div>'}", joined);
}

static void
take_narrative (JsonNode   *resource,
                const char *text)
{
  mw_json_take (resource, "text", mw_world_narrative (text));
}

static void
add_organization (MwSite *site,
                  guint   i)
{
  g_autofree char *npi = mw_world_npi (100 + i);
  JsonNode        *organization = mw_template (
             "{'resourceType':'Organization','id':'%s','identifier':[{'system':'" MW_NPI "','value':'%s'}],'active':true,"
                    "'type':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/organization-type','code':'%s'}]}],"
                    "'name':'%s','telecom':[{'system':'phone','value':'%s','use':'work'}],"
                    "'address':[{'line':['%s'],'city':'Port Amberly','state':'MN','postalCode':'55999','country':'US'}]}",
             organizations[i].id, npi, organizations[i].type, organizations[i].name, organizations[i].phone, organizations[i].street);
  g_autofree char *part_of = g_strconcat ("Organization/", organizations[i].part_of, NULL);

  take_narrative (organization, organizations[i].name);
  if (organizations[i].part_of != NULL)
    mw_json_set (organization, "partOf.reference", part_of);
  mw_site_add (site, organization);
}

static void
add_endpoint (MwWorld *self,
              MwSite  *site,
              guint    i)
{
  MwSite          *sites[] = { self->practice, self->hospital, self->plan };
  g_autofree char *id = g_strconcat (organizations[i].id, "-fhir", NULL);
  g_autofree char *reference = g_strconcat ("Endpoint/", id, NULL);
  JsonNode        *organization;

  for (guint j = 0; j < G_N_ELEMENTS (sites); j++)
    if (g_str_equal (sites[j]->name, organizations[i].site))
      mw_site_add (site, mw_template ("{'resourceType':'Endpoint','id':'%s','status':'active',"
                                      "'connectionType':{'system':'http://terminology.hl7.org/CodeSystem/endpoint-connection-type','code':'hl7-fhir-rest'},"
                                      "'name':'FHIR R4 server of %s','managingOrganization':{'reference':'Organization/%s'},"
                                      "'payloadType':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/endpoint-payload-type','code':'any'}]}],"
                                      "'payloadMimeType':['application/fhir+json'],'address':'%s'}",
                                      id, sites[j]->title, organizations[i].id, sites[j]->url));
  organization = mw_json_copy (mw_sandbox_store_get (site->store, "Organization", organizations[i].id));
  mw_json_set (organization, "endpoint[0].reference", reference);
  mw_site_add (site, organization);
}

static void
add_location (MwSite *site,
              guint   i)
{
  mw_site_add (site, mw_template ("{'resourceType':'Location','id':'%s','status':'active','name':'%s','mode':'instance',"
                                  "'telecom':[{'system':'phone','value':'%s'}],"
                                  "'address':{'line':['%s'],'city':'Port Amberly','state':'MN','postalCode':'55999','country':'US'},"
                                  "'managingOrganization':{'reference':'Organization/%s','display':'%s'}}",
                                  organizations[i].id, organizations[i].name, organizations[i].phone, organizations[i].street,
                                  organizations[i].id, organizations[i].name));
}

static void
add_practitioner (MwSite *site,
                  guint   i)
{
  g_autofree char *npi = mw_world_npi (200 + i);
  g_autofree char *extension = g_strdup_printf ("%02u", i);
  JsonNode        *person = mw_template (
             "{'resourceType':'Practitioner','id':'%s','identifier':[{'system':'" MW_NPI "','value':'%s'}],'active':true,"
                    "'name':[{'use':'official','family':'%s','given':['%s']}],"
                    "'telecom':[{'system':'phone','value':'+1-555-02%s','use':'work'},{'system':'email','value':'%s@example.org','use':'work'}],'gender':'%s'}",
             staff[i].id, npi, staff[i].family, staff[i].given, extension, staff[i].id, staff[i].gender);
  g_autofree char *about = g_strdup_printf ("%s · %s", staff[i].name, staff[i].work);

  if (staff[i].prefix != NULL)
    mw_json_set (person, "name[0].prefix[0]", staff[i].prefix);
  take_narrative (person, about);
  mw_site_add (site, person);
}

static const char *
organization_name (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (organizations); i++)
    if (g_str_equal (organizations[i].id, id))
      return organizations[i].name;
  return NULL;
}

static void
add_role (MwSite *site,
          guint   i)
{
  const char *organization = staff[i].organization;
  JsonNode   *role = mw_template (
        "{'resourceType':'PractitionerRole','id':'%s-role','active':true,"
          "'practitioner':{'reference':'Practitioner/%s','display':'%s'},'organization':{'reference':'Organization/%s','display':'%s'},"
          "'code':[{'coding':[{'system':'" MW_SNOMED "','code':'%s','display':'%s'}],'text':'%s'}],"
          "'location':[{'reference':'Location/%s'}],'endpoint':[{'reference':'Endpoint/%s-fhir'}]}",
        staff[i].id, staff[i].id, staff[i].name, organization, organization_name (organization),
        staff[i].snomed, staff[i].work, staff[i].work, organization, organization);

  for (guint j = 0; j < G_N_ELEMENTS (services); j++)
    if (g_str_equal (services[j].organization, organization))
      {
        g_autofree char *reference = g_strconcat ("HealthcareService/", services[j].id, NULL);

        mw_json_set (role, "healthcareService[+].reference", reference);
      }
  mw_site_add (site, role);
}

static void
add_service (MwSite *site,
             guint   i)
{
  mw_site_add (site, mw_template ("{'resourceType':'HealthcareService','id':'%s','active':true,"
                                  "'providedBy':{'reference':'Organization/%s','display':'%s'},'name':'%s',"
                                  "'specialty':[{'coding':[{'system':'" MW_SNOMED "','code':'%s','display':'%s'}],'text':'%s'}],"
                                  "'location':[{'reference':'Location/%s'}],'endpoint':[{'reference':'Endpoint/%s-fhir'}]}",
                                  services[i].id, services[i].organization, organization_name (services[i].organization), services[i].name,
                                  services[i].specialty_code, services[i].specialty, services[i].specialty,
                                  services[i].organization, services[i].organization));
}

/**
 * mw_world_add_directory:
 *
 * Organizations, locations, endpoints, services and staff, as every site knows them.
 */
void
mw_world_add_directory (MwWorld *self,
                        MwSite  *site)
{
  for (guint i = 0; i < G_N_ELEMENTS (organizations); i++)
    {
      add_organization (site, i);
      add_endpoint (self, site, i);
      add_location (site, i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    add_service (site, i);
  for (guint i = 0; i < G_N_ELEMENTS (staff); i++)
    {
      add_practitioner (site, i);
      add_role (site, i);
    }
}

static void
add_own (MwSite     *site,
         const char *reference)
{
  JsonNode *resource = mw_site_resolve (site, reference);

  g_hash_table_add (site->own, g_strdup (reference));
  if (mw_json_string (resource, "identifier.value") != NULL)
    g_hash_table_add (site->own, g_strdup (mw_json_string (resource, "identifier.value")));
}

static JsonNode *
participant (guint i)
{
  return mw_template ("{'role':[{'text':'%s'}],'member':{'reference':'Practitioner/%s','display':'%s'},'onBehalfOf':{'reference':'Organization/lakeside'}}",
                      staff[i].work, staff[i].id, staff[i].name);
}

/**
 * mw_world_add_care_teams:
 *
 * The team of the practice, and who the clinician is there.
 */
void
mw_world_add_care_teams (MwWorld *self)
{
  JsonNode *team = mw_template ("{'resourceType':'CareTeam','id':'lakeside-team','status':'active','name':'Lakeside care team',"
                                "'category':[{'coding':[{'system':'" MW_LOINC "','code':'LA27976-2','display':'Encounter-focused care team'}]}],"
                                "'managingOrganization':[{'reference':'Organization/lakeside','display':'Lakeside Family Practice'}]}");

  for (guint i = 0; i < G_N_ELEMENTS (staff); i++)
    if (g_str_equal (staff[i].organization, "lakeside"))
      mw_json_take (team, "participant[+]", participant (i));
  take_narrative (team, "Lakeside care team");
  mw_site_add (self->practice, team);
  add_own (self->practice, MW_ME);
  add_own (self->practice, "PractitionerRole/maren-lindqvist-role");
  add_own (self->practice, "Organization/lakeside");
  add_own (self->practice, "CareTeam/lakeside-team");
  add_own (self->practice, "HealthcareService/primary-care");
}

/* the part of @reference that names a person of the staff */
static gint
find_staff (const char *reference)
{
  const char *slash = reference != NULL ? strrchr (reference, '/') : NULL;

  for (guint i = 0; slash != NULL && i < G_N_ELEMENTS (staff); i++)
    if (g_str_has_prefix (slash + 1, staff[i].id))
      return (gint) i;
  return -1;
}

/**
 * mw_world_staff_name:
 *
 * Returns: (transfer none) (nullable): the name of a Practitioner or PractitionerRole
 */
const char *
mw_world_staff_name (const char *reference)
{
  gint i = find_staff (reference);

  return i >= 0 ? staff[i].name : NULL;
}

/**
 * mw_world_staff_organization:
 *
 * Returns: (transfer none) (nullable): the id of the Organization they work for
 */
const char *
mw_world_staff_organization (const char *reference)
{
  gint i = find_staff (reference);

  return i >= 0 ? staff[i].organization : NULL;
}

/**
 * mw_world_department_doctor:
 *
 * Returns: (transfer none): the id of the Practitioner who answers for an Organization
 */
const char *
mw_world_department_doctor (const char *organization)
{
  for (guint i = 0; organization != NULL && i < G_N_ELEMENTS (staff); i++)
    if (g_str_equal (staff[i].organization, organization) && !g_str_equal (staff[i].id, "maren-lindqvist"))
      return staff[i].id;
  return "elena-castellanos";
}
