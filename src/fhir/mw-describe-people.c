/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-describe-private.h"

#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* People, organisations, places and things (FHIR R4 administration.html) */

#define CONTACT_ROWS \
  { "telecom", N_ ("Contact") }, { "address", N_ ("Address"), MW_ROW_EACH }

static const MwRow person_contact_rows[] = {
  { "telecom", N_ ("Contact") },
  { "address", N_ ("Address") },
  { "organization", N_ ("Organisation") },
  { "period", N_ ("Period") },
  { 0 },
};

static const MwRow patient_rows[] = {
  { "active", N_ ("In use") },
  { "name", N_ ("Name") },
  { "identifier", N_ ("Identifiers") },
  { "gender", N_ ("Gender") },
  { "birthDate", N_ ("Born") },
  { "deceased[x]", N_ ("Deceased"), MW_ROW_LOUD | MW_ROW_IF_TRUE },
  CONTACT_ROWS,
  { "maritalStatus", N_ ("Marital status") },
  { "multipleBirth[x]", N_ ("Multiple birth") },
  { "communication", N_ ("Language"), MW_ROW_PLAIN, NULL, "language" },
  { "contact", N_ ("Contact person"), MW_ROW_PLAIN, "relationship", "name", person_contact_rows },
  { "generalPractitioner", N_ ("General practitioner") },
  { "managingOrganization", N_ ("Record kept by") },
  { "link", N_ ("Also known as"), MW_ROW_PLAIN, "type", "other" },
  { "photo", NULL },
  { 0 },
};

static const MwRow person_rows[] = {
  { "active", N_ ("In use") },
  { "name", N_ ("Name") },
  { "identifier", N_ ("Identifiers") },
  { "relationship", N_ ("Relationship") },
  { "patient", N_ ("Patient") },
  { "gender", N_ ("Gender") },
  { "birthDate", N_ ("Born") },
  { "deceased[x]", N_ ("Deceased"), MW_ROW_LOUD | MW_ROW_IF_TRUE },
  CONTACT_ROWS,
  { "qualification", N_ ("Qualification"), MW_ROW_PLAIN, NULL, "code;issuer;period" },
  { "communication.language|communication", N_ ("Language") },
  { "managingOrganization", N_ ("Record kept by") },
  { "period", N_ ("Period") },
  { "link", N_ ("Linked record"), MW_ROW_PLAIN, NULL, "target" },
  { "photo", NULL },
  { 0 },
};

static const MwRow role_rows[] = {
  { "active", N_ ("In use") },
  { "practitioner", N_ ("Clinician") },
  { "code", N_ ("Role") },
  { "specialty", N_ ("Specialty") },
  { "organization", N_ ("Organisation") },
  { "location", N_ ("Location") },
  { "healthcareService", N_ ("Service") },
  { "telecom|contact.telecom", N_ ("Contact") },
  { "contact", NULL },
  { "period", N_ ("Period") },
  { "availableTime|availability.availableTime", N_ ("Available"), MW_ROW_PLAIN, NULL, "daysOfWeek;availableStartTime;availableEndTime;allDay" },
  { "notAvailable|availability.notAvailableTime", N_ ("Not available"), MW_ROW_PLAIN, NULL, "description;during" },
  { "availability", NULL },
  { "availabilityExceptions", N_ ("Exceptions") },
  { "endpoint", N_ ("Electronic address") },
  { 0 },
};

static const MwRow organization_rows[] = {
  { "active", N_ ("In use") },
  { "name", N_ ("Name") },
  { "alias", N_ ("Also called") },
  { "type", N_ ("Kind") },
  { "identifier", N_ ("Identifiers") },
  { "telecom|contact.telecom", N_ ("Contact") },
  { "address|contact.address", N_ ("Address"), MW_ROW_EACH },
  { "contact", N_ ("Contact person"), MW_ROW_PLAIN, "purpose", "name" },
  { "partOf", N_ ("Part of") },
  { "endpoint", N_ ("Electronic address") },
  { 0 },
};

static const MwRow affiliation_rows[] = {
  { "active", N_ ("In use") },
  { "organization", N_ ("Organisation") },
  { "participatingOrganization", N_ ("Takes part") },
  { "network", N_ ("Network") },
  { "code", N_ ("Role") },
  { "specialty", N_ ("Specialty") },
  { "location", N_ ("Location") },
  { "healthcareService", N_ ("Service") },
  { "period", N_ ("Period") },
  { "telecom|contact.telecom", N_ ("Contact") },
  { "contact", NULL },
  { "endpoint", N_ ("Electronic address") },
  { 0 },
};

static const MwRow location_rows[] = {
  { "status", N_ ("Status") },
  { "name", N_ ("Name") },
  { "alias", N_ ("Also called") },
  { "description", N_ ("Description") },
  { "type|physicalType|form", N_ ("Kind") },
  { "operationalStatus", N_ ("State") },
  { "telecom|contact.telecom", N_ ("Contact") },
  { "contact", NULL },
  { "address", N_ ("Address") },
  { "position", N_ ("Position"), MW_ROW_PLAIN, NULL, "latitude;longitude" },
  { "partOf", N_ ("Part of") },
  { "managingOrganization", N_ ("Run by") },
  { "mode", NULL },
  { "endpoint", N_ ("Electronic address") },
  { 0 },
};

static const MwRow service_rows[] = {
  { "active", N_ ("In use") },
  { "name", N_ ("Name") },
  { "providedBy", N_ ("Provided by") },
  { "category", N_ ("Category") },
  { "type", N_ ("Kind") },
  { "specialty", N_ ("Specialty") },
  { "location", N_ ("Location") },
  { "comment", N_ ("Comment") },
  { "extraDetails", N_ ("Details") },
  { "telecom|contact.telecom", N_ ("Contact") },
  { "contact", NULL },
  { "coverageArea", N_ ("Area") },
  { "serviceProvisionCode", N_ ("Conditions") },
  { "eligibility", N_ ("For whom"), MW_ROW_PLAIN, NULL, "code;comment" },
  { "program", N_ ("Program") },
  { "characteristic", N_ ("Characteristics") },
  { "referralMethod", N_ ("Ways to refer") },
  { "appointmentRequired", N_ ("Appointment needed") },
  { "availableTime|availability.availableTime", N_ ("Available"), MW_ROW_PLAIN, NULL, "daysOfWeek;availableStartTime;availableEndTime;allDay" },
  { "notAvailable|availability.notAvailableTime", N_ ("Not available"), MW_ROW_PLAIN, NULL, "description;during" },
  { "availability", NULL },
  { "availabilityExceptions", N_ ("Exceptions") },
  { "endpoint", N_ ("Electronic address") },
  { 0 },
};

static const MwRow endpoint_rows[] = {
  { "status", N_ ("Status") },
  { "name", N_ ("Name") },
  { "connectionType", N_ ("Kind") },
  { "address", N_ ("Address") },
  { "managingOrganization", N_ ("Run by") },
  { "contact", N_ ("Contact") },
  { "period", N_ ("Period") },
  { "payloadType|payload.type", N_ ("Takes") },
  { "payload", NULL },
  { "payloadMimeType|payload.mimeType", N_ ("Formats") },
  { "environmentType", N_ ("Environment") },
  /* may hold a secret */
  { "header", NULL },
  { 0 },
};

static const MwRow team_rows[] = {
  { "status", N_ ("Status") },
  { "name", N_ ("Name") },
  { "category", N_ ("Category") },
  { "subject", N_ ("Patient") },
  { "encounter", N_ ("Encounter") },
  { "period", N_ ("Period") },
  { "participant", N_ ("Member"), MW_ROW_PLAIN, "role", "member;onBehalfOf;period|coveragePeriod|coverage[x]" },
  { "reasonCode|reasonReference|reason", N_ ("Reason") },
  { "managingOrganization", N_ ("Run by") },
  { "telecom", N_ ("Contact") },
  { 0 },
};

static const MwRow group_rows[] = {
  { "active", N_ ("In use") },
  { "name", N_ ("Name") },
  { "type", N_ ("Kind") },
  { "code", N_ ("What they are") },
  { "actual", NULL },
  { "membership", NULL },
  { "quantity", N_ ("Number") },
  { "managingEntity", N_ ("Run by") },
  { "characteristic", N_ ("Characteristic"), MW_ROW_PLAIN, "code", "value[x];period" },
  { "member", N_ ("Members"), MW_ROW_GROUP, NULL, NULL, (const MwRow[]){ { "entity", N_ ("Member"), MW_ROW_EACH }, { 0 } } },
  { 0 },
};

static const MwRow device_rows[] = {
  { "status", N_ ("Status") },
  { "deviceName|name", N_ ("Name"), MW_ROW_PLAIN, NULL, "name|value" },
  { "displayName", N_ ("Name") },
  { "type", N_ ("Kind") },
  { "patient|subject", N_ ("Patient") },
  { "manufacturer", N_ ("Manufacturer") },
  { "modelNumber|model", N_ ("Model") },
  { "serialNumber", N_ ("Serial number") },
  { "lotNumber", N_ ("Lot") },
  { "manufactureDate", N_ ("Made") },
  { "expirationDate", N_ ("Use until") },
  { "udiCarrier", N_ ("Device identifier"), MW_ROW_PLAIN, NULL, "deviceIdentifier|carrierHRF" },
  { "version", N_ ("Version"), MW_ROW_PLAIN, NULL, "value" },
  { "owner", N_ ("Owner") },
  { "location", N_ ("Location") },
  { 0 },
};

static char *
role_title (MwDescribing *self,
            JsonNode     *resource)
{
  return mw_describing_line (self, resource, "practitioner;code|specialty");
}

static char *
affiliation_title (MwDescribing *self,
                   JsonNode     *resource)
{
  g_autofree char *one = mw_describing_line (self, resource, "participatingOrganization");
  g_autofree char *other = mw_describing_line (self, resource, "organization");

  if (one == NULL || other == NULL)
    return one != NULL ? g_steal_pointer (&one) : g_steal_pointer (&other);
  /* Translators: two organisations */
  return g_strdup_printf (_ ("%s with %s"), one, other);
}

static char *
first_identifier (JsonNode *resource)
{
  guint n = MIN (mw_json_length (resource, "identifier"), 20);
  char *text = NULL;

  for (guint i = 0; text == NULL && i < n; i++)
    text = mw_identifier_text (mw_json_item (resource, "identifier", i));
  return text;
}

static char *
born_summary (MwDescribing *self,
              JsonNode     *resource)
{
  g_autofree char *gender = mw_describing_line (self, resource, "gender");
  g_autofree char *born = mw_describing_line (self, resource, "birthDate");
  g_autofree char *identifier = first_identifier (resource);
  g_autofree char *text = NULL;

  if (born != NULL)
    /* Translators: %s is a date */
    text = g_strdup_printf (_ ("born %s"), born);
  if (gender != NULL && text != NULL)
    return g_strdup_printf ("%s · %s%s%s", gender, text, identifier != NULL ? " · " : "", identifier != NULL ? identifier : "");
  if (gender != NULL || text != NULL)
    return g_strdup (gender != NULL ? gender : text);
  return g_steal_pointer (&identifier);
}

const MwTypeSpec mw_describe_people[] = {
  { "Patient", MW_TYPE_PLAIN, NULL, patient_rows, NULL, born_summary },
  { "Person", MW_TYPE_PLAIN, NULL, person_rows, NULL, born_summary },
  { "Practitioner", MW_TYPE_PLAIN, "qualification.code;telecom;address", person_rows },
  { "RelatedPerson", MW_TYPE_PLAIN, "relationship;patient;telecom", person_rows },
  { "PractitionerRole", MW_TYPE_PLAIN, "organization;specialty;location;telecom|contact.telecom", role_rows, role_title },
  { "Organization", MW_TYPE_PLAIN, "type;address|contact.address;telecom|contact.telecom", organization_rows },
  { "OrganizationAffiliation", MW_TYPE_PLAIN, "code;network;period", affiliation_rows, affiliation_title },
  { "Location", MW_TYPE_PLAIN, "status;type|physicalType;address;managingOrganization", location_rows },
  { "HealthcareService", MW_TYPE_PLAIN, "type|category;providedBy;location", service_rows },
  { "Endpoint", MW_TYPE_PREFIX, "status;connectionType;managingOrganization;address", endpoint_rows },
  { "CareTeam", MW_TYPE_PREFIX, "status;subject;period", team_rows },
  { "Group", MW_TYPE_PREFIX, "type;quantity;managingEntity", group_rows },
  { "Device", MW_TYPE_PREFIX, "status;type;manufacturer;patient", device_rows },
  { 0 },
};
