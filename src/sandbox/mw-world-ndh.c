/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-world.h"

#include "mw-json.h"
#include "mw-template.h"

/* What the directory holds: every site of the sandbox, and what goes wrong in real directories. Shapes are
 * those of the National Directory (HL7 NDH) and Plan-Net, in R4. */

#define RANK "http://hl7.org/fhir/us/ndh/StructureDefinition/base-ext-endpoint-rank"
#define FHIR_VERSION "http://hl7.org/fhir/StructureDefinition/endpoint-fhir-version"
#define CONNECTION "http://terminology.hl7.org/CodeSystem/endpoint-connection-type"

static const struct
{
  const char *id;
  const char *name;
  const char *type;
  const char *part_of;   /* (nullable) */
  const char *endpoints; /* (nullable): parted by spaces */
} organizations[] = {
  { "lakeside", "Lakeside Family Practice", "prov", NULL, "lakeside-fhir" },
  { "st-marys", "St. Mary’s Hospital", "prov", NULL, "st-marys-fhir" },
  { "st-marys-cardiology", "Cardiology, St. Mary’s Hospital", "dept", "st-marys", "st-marys-cardiology-old st-marys-cardiology-fhir" },
  { "st-marys-nephrology", "Nephrology, St. Mary’s Hospital", "dept", "st-marys", NULL },
  { "plan-north", "Plan North", "pay", NULL, "plan-north-fhir" },
  { "harbour", "Harbour Clinic", "prov", NULL, "harbour-fhir" },
  { "county", "County General Hospital", "prov", NULL, "county-fhir" },
  { "county-cardiology", "Cardiology, County General Hospital", "dept", "county", "county-fhir" },
  { "riverside", "Riverside Urgent Care", "prov", NULL, "riverside-fhir" },
  { "amberly-hie", "Amberly Health Information Exchange", "other", NULL, "amberly-fhir" },
  /* reachable through the exchange alone */
  { "hilltop", "Hilltop Rural Clinic", "prov", NULL, NULL },
  /* only the last one works, and it has a slash at the end */
  { "old-mill", "Old Mill Practice", "prov", NULL, "old-mill-suspended old-mill-over old-mill-direct old-mill-fhir" },
  /* two servers say that they are theirs */
  { "twin-pines", "Twin Pines Health", "prov", NULL, "twin-pines-east twin-pines-west" },
};

static const struct
{
  const char *id;
  const char *organization;
  const char *name;
  const char *site;    /* (nullable): whose address it has */
  const char *address; /* what follows it, or the whole */
  const char *status;
  const char *connection;
  gint        days; /* until its period ends, from the start of the day; 0: no end */
  guint       rank;
} endpoints[] = {
  { "lakeside-fhir", "lakeside", "Lakeside FHIR R4", "practice", "", "active", "hl7-fhir-rest", 0, 1 },
  { "st-marys-fhir", "st-marys", "St. Mary’s FHIR R4", "hospital", "", "active", "hl7-fhir-rest", 0, 1 },
  { "st-marys-cardiology-old", "st-marys-cardiology", "Cardiology, the old server", NULL, "https://old-cardiology.stmarys.example/fhir", "off", "hl7-fhir-rest", -200, 1 },
  { "st-marys-cardiology-fhir", "st-marys-cardiology", "Cardiology FHIR R4", "hospital", "", "active", "hl7-fhir-rest", 900, 2 },
  { "plan-north-fhir", "plan-north", "Plan North FHIR R4", "plan", "", "active", "hl7-fhir-rest", 0, 1 },
  { "harbour-fhir", "harbour", "Harbour Clinic FHIR R4", "clinic", "", "active", "hl7-fhir-rest", 0, 1 },
  { "county-fhir", "county", "County General FHIR R5", "county", "", "active", "hl7-fhir-rest", 0, 1 },
  { "riverside-fhir", "riverside", "Riverside FHIR R4", "limited", "", "active", "hl7-fhir-rest", 0, 1 },
  { "amberly-fhir", "amberly-hie", "Amberly exchange FHIR R4", "hospital", "", "active", "hl7-fhir-rest", 0, 1 },
  { "old-mill-suspended", "old-mill", "Old Mill, suspended", NULL, "https://suspended.oldmill.example/fhir", "suspended", "hl7-fhir-rest", 0, 1 },
  { "old-mill-over", "old-mill", "Old Mill, until last year", NULL, "https://over.oldmill.example/fhir", "active", "hl7-fhir-rest", -90, 1 },
  { "old-mill-direct", "old-mill", "Old Mill by Direct", NULL, "mailto:referrals@direct.oldmill.example", "active", "direct-project", 0, 1 },
  { "old-mill-fhir", "old-mill", "Old Mill FHIR R4", "limited", "/", "active", "hl7-fhir-rest", 0, 4 },
  { "twin-pines-east", "twin-pines", "Twin Pines East", "limited", "", "active", "hl7-fhir-rest", 0, 1 },
  { "twin-pines-west", "twin-pines", "Twin Pines West", "hospital", "", "active", "hl7-fhir-rest", 0, 1 },
};

static const struct
{
  const char *id;
  const char *given;
  const char *family;
  const char *gender;
  const char *organization;
  const char *specialty_code;
  const char *specialty;
  const char *endpoint; /* (nullable): of the role itself */
} people[] = {
  { "maren-lindqvist", "Maren", "Lindqvist", "female", "lakeside", "419772000", "Family practice", "lakeside-fhir" },
  { "elena-castellanos", "Elena", "Castellanos", "female", "st-marys-cardiology", "394579002", "Cardiology", "st-marys-cardiology-fhir" },
  { "jonas-brandt", "Jonas", "Brandt", "male", "st-marys-nephrology", "394589003", "Nephrology", NULL },
  { "ines-marchetti", "Inês", "Marchetti", "female", "harbour", "419772000", "Family practice", "harbour-fhir" },
  { "ruth-abara", "Ruth", "Abara", "female", "county-cardiology", "394579002", "Cardiology", "county-fhir" },
  { "sam-whitaker", "Sam", "Whitaker", "male", "riverside", "408443003", "General medical practice", NULL },
  { "noor-haddad", "Noor", "Haddad", "female", "hilltop", "419772000", "Family practice", NULL },
  { "piet-de-boer", "Piet", "de Boer", "male", "old-mill", "419772000", "Family practice", NULL },
};

static const struct
{
  const char *id;
  const char *organization;
  const char *name;
  const char *code;
  const char *specialty;
  const char *endpoint; /* (nullable) */
} services[] = {
  { "st-marys-heart", "st-marys-cardiology", "Cardiology", "394579002", "Cardiology", "st-marys-cardiology-fhir" },
  { "st-marys-kidney", "st-marys-nephrology", "Nephrology", "394589003", "Nephrology", NULL },
  { "county-heart", "county-cardiology", "Cardiology", "394579002", "Cardiology", "county-fhir" },
  { "riverside-walk-in", "riverside", "Walk-in care", "408443003", "General medical practice", NULL },
};

static char *
address_of (MwWorld *self,
            guint    i)
{
  static const struct
  {
    const char *name;
    glong       slot;
  } sites[] = {
    { "practice", G_STRUCT_OFFSET (MwWorld, practice) },
    { "hospital", G_STRUCT_OFFSET (MwWorld, hospital) },
    { "plan", G_STRUCT_OFFSET (MwWorld, plan) },
    { "clinic", G_STRUCT_OFFSET (MwWorld, clinic) },
    { "county", G_STRUCT_OFFSET (MwWorld, county) },
    { "limited", G_STRUCT_OFFSET (MwWorld, limited) },
  };

  for (guint j = 0; j < G_N_ELEMENTS (sites); j++)
    if (g_strcmp0 (sites[j].name, endpoints[i].site) == 0)
      return g_strconcat (G_STRUCT_MEMBER (MwSite *, self, sites[j].slot)->url, endpoints[i].address, NULL);
  return g_strdup (endpoints[i].address);
}

static void
add_endpoint (MwWorld *self,
              guint    i)
{
  g_autofree char *address = address_of (self, i);
  g_autofree char *begin = mw_sandbox_date (self->start - MW_DAYS (1500));
  g_autofree char *end = mw_sandbox_date (self->start + MW_DAYS (endpoints[i].days));
  JsonNode        *endpoint = mw_template (
             "{'resourceType':'Endpoint','id':'%s','extension':[{'url':'" RANK "','valuePositiveInt':%i}],'status':'%s',"
                    "'connectionType':{'system':'" CONNECTION "','code':'%s'},'name':'%s','managingOrganization':{'reference':'Organization/%s'},"
                    "'period':{'start':'%s'},"
                    "'payloadType':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/data-absent-reason','code':'not-applicable'}]}],'address':'%s'}",
             endpoints[i].id, (gint64) endpoints[i].rank, endpoints[i].status, endpoints[i].connection, endpoints[i].name, endpoints[i].organization, begin, address);

  if (endpoints[i].days != 0)
    mw_json_set (endpoint, "period.end", end);
  if (g_str_equal (endpoints[i].connection, "hl7-fhir-rest"))
    mw_json_take (endpoint, "extension[+]", mw_template ("{'url':'" FHIR_VERSION "','valueCode':'%s'}", g_strcmp0 (endpoints[i].site, "county") == 0 ? "5.0.0" : "4.0.1"));
  mw_site_add (self->directory, endpoint);
}

static void
add_organization (MwSite *site,
                  guint   i)
{
  g_autofree char *npi = mw_world_npi (500 + i);
  g_auto (GStrv) own = organizations[i].endpoints != NULL ? g_strsplit (organizations[i].endpoints, " ", -1) : NULL;
  g_autofree char *part_of = g_strconcat ("Organization/", organizations[i].part_of, NULL);
  JsonNode        *organization = mw_template (
             "{'resourceType':'Organization','id':'%s','identifier':[{'system':'" MW_NPI "','value':'%s'}],'active':true,"
                    "'type':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/organization-type','code':'%s'}]}],'name':'%s',"
                    "'address':[{'city':'Port Amberly','state':'MN','postalCode':'55999','country':'US'}]}",
             organizations[i].id, npi, organizations[i].type, organizations[i].name);

  if (organizations[i].part_of != NULL)
    mw_json_set (organization, "partOf.reference", part_of);
  for (char **id = own; id != NULL && *id != NULL; id++)
    {
      g_autofree char *reference = g_strconcat ("Endpoint/", *id, NULL);

      mw_json_set (organization, "endpoint[+].reference", reference);
    }
  mw_site_add (site, organization);
  mw_site_add (site, mw_template ("{'resourceType':'Location','id':'%s','status':'active','name':'%s','mode':'instance',"
                                  "'address':{'city':'Port Amberly','state':'MN','postalCode':'55999','country':'US'},'managingOrganization':{'reference':'Organization/%s'}}",
                                  organizations[i].id, organizations[i].name, organizations[i].id));
}

static void
set_endpoint (JsonNode   *resource,
              const char *id)
{
  g_autofree char *reference = g_strconcat ("Endpoint/", id, NULL);

  if (id != NULL)
    mw_json_set (resource, "endpoint[0].reference", reference);
}

static void
add_person (MwSite *site,
            guint   i)
{
  g_autofree char *npi = mw_world_npi (600 + i);
  JsonNode        *role;

  mw_site_add (site, mw_template ("{'resourceType':'Practitioner','id':'%s','identifier':[{'system':'" MW_NPI "','value':'%s'}],'active':true,"
                                  "'name':[{'use':'official','family':'%s','given':['%s']}],'gender':'%s'}",
                                  people[i].id, npi, people[i].family, people[i].given, people[i].gender));
  role = mw_template ("{'resourceType':'PractitionerRole','id':'%s-role','active':true,'practitioner':{'reference':'Practitioner/%s','display':'%s %s'},"
                      "'organization':{'reference':'Organization/%s'},'specialty':[{'coding':[{'system':'" MW_SNOMED "','code':'%s','display':'%s'}],'text':'%s'}],"
                      "'location':[{'reference':'Location/%s'}]}",
                      people[i].id, people[i].id, people[i].given, people[i].family, people[i].organization, people[i].specialty_code,
                      people[i].specialty, people[i].specialty, people[i].organization);
  set_endpoint (role, people[i].endpoint);
  mw_site_add (site, role);
}

static void
add_service (MwSite *site,
             guint   i)
{
  JsonNode *service = mw_template ("{'resourceType':'HealthcareService','id':'%s','active':true,'providedBy':{'reference':'Organization/%s'},'name':'%s',"
                                   "'specialty':[{'coding':[{'system':'" MW_SNOMED "','code':'%s','display':'%s'}],'text':'%s'}],'location':[{'reference':'Location/%s'}]}",
                                   services[i].id, services[i].organization, services[i].name, services[i].code, services[i].specialty,
                                   services[i].specialty, services[i].organization);

  set_endpoint (service, services[i].endpoint);
  mw_site_add (site, service);
}

/**
 * mw_world_fill_directory:
 *
 * Writes the directory. The addresses in it are those of the sandbox's own sites, so it comes last.
 */
void
mw_world_fill_directory (MwWorld *self)
{
  static const char *const members[] = { "hilltop", "st-marys" };

  mw_sandbox_clock_set_now (self->clock, self->start - MW_DAYS (30));
  for (guint i = 0; i < G_N_ELEMENTS (organizations); i++)
    add_organization (self->directory, i);
  for (guint i = 0; i < G_N_ELEMENTS (endpoints); i++)
    add_endpoint (self, i);
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    add_person (self->directory, i);
  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    add_service (self->directory, i);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    mw_site_add (self->directory, mw_template ("{'resourceType':'OrganizationAffiliation','id':'amberly-%s','active':true,'organization':{'reference':'Organization/amberly-hie'},"
                                               "'participatingOrganization':{'reference':'Organization/%s'},'code':[{'coding':[{"
                                               "'system':'http://terminology.hl7.org/CodeSystem/organization-role','code':'member'}]}],"
                                               "'endpoint':[{'reference':'Endpoint/amberly-fhir'}]}",
                                               members[i], members[i]));
  mw_site_add (self->directory, mw_template ("{'resourceType':'CareTeam','id':'county-heart-team','status':'active','name':'County heart team',"
                                             "'managingOrganization':[{'reference':'Organization/county-cardiology'}],"
                                             "'participant':[{'member':{'reference':'Practitioner/ruth-abara'}}]}"));
  mw_sandbox_clock_set_now (self->clock, self->start);
}
