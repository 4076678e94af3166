/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-datatypes-private.h"

#include "mw-reference.h"
#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* References in titles of references: deeper than this only the type is named */
#define MAX_DEPTH 3

/* Types whose name is no pair of words that a clinician would use */
static const struct
{
  const char *type;
  const char *words;
} type_words[] = {
  { "AllergyIntolerance", N_ ("Allergy or intolerance") },
  { "AppointmentResponse", N_ ("Reply to an appointment") },
  { "AuditEvent", N_ ("Audit record") },
  { "Basic", N_ ("Other record") },
  { "Binary", N_ ("File") },
  { "CapabilityStatement", N_ ("What a server can do") },
  { "CarePlan", N_ ("Care plan") },
  { "CareTeam", N_ ("Care team") },
  { "CodeSystem", N_ ("Code system") },
  { "Communication", N_ ("Message") },
  { "CommunicationRequest", N_ ("Request for information") },
  { "Composition", N_ ("Document") },
  { "DetectedIssue", N_ ("Detected issue") },
  { "DiagnosticReport", N_ ("Diagnostic report") },
  { "DocumentReference", N_ ("Document") },
  { "ExplanationOfBenefit", N_ ("Explanation of benefit") },
  { "GuidanceResponse", N_ ("Decision support answer") },
  { "HealthcareService", N_ ("Healthcare service") },
  { "MeasureReport", N_ ("Quality report") },
  { "Measure", N_ ("Quality measure") },
  { "MedicationAdministration", N_ ("Medication given") },
  { "MedicationDispense", N_ ("Medication dispensed") },
  { "MedicationRequest", N_ ("Prescription") },
  { "MedicationStatement", N_ ("Medication taken") },
  { "MedicationUsage", N_ ("Medication taken") },
  { "MessageHeader", N_ ("Message") },
  { "OperationDefinition", N_ ("Operation") },
  { "OperationOutcome", N_ ("Answer of a server") },
  { "OrganizationAffiliation", N_ ("Affiliation") },
  { "Parameters", N_ ("Parameters") },
  { "Practitioner", N_ ("Clinician") },
  { "PractitionerRole", N_ ("Clinician’s role") },
  { "ProcedureRequest", N_ ("Service request") },
  { "Provenance", N_ ("Origin") },
  { "QuestionnaireResponse", N_ ("Completed form") },
  { "Questionnaire", N_ ("Form") },
  { "ReferralRequest", N_ ("Referral") },
  { "RelatedPerson", N_ ("Related person") },
  { "ServiceRequest", N_ ("Service request") },
  { "SubscriptionStatus", N_ ("Notification") },
  { "SubscriptionTopic", N_ ("Notification topic") },
  { "ValueSet", N_ ("Value set") },
};

/**
 * mw_resource_type_text:
 * @type: (nullable): a resource type
 *
 * Returns: (transfer full): what a clinician would call it
 */
char *
mw_resource_type_text (const char *type)
{
  char *text;

  for (gsize i = 0; i < G_N_ELEMENTS (type_words); i++)
    if (g_strcmp0 (type_words[i].type, type) == 0)
      return g_strdup (_ (type_words[i].words));
  text = mw_text_humanise (type);
  return text != NULL ? text : g_strdup (_ ("Record"));
}

/* Where a resource of a type carries what people call it; the first that gives text wins */
static const struct
{
  const char *type;
  const char *paths[6];
} title_paths[] = {
  { "Appointment", { "description", "serviceType", "appointmentType" } },
  { "CarePlan", { "title", "category", "description" } },
  { "Claim", { "type" } },
  { "Communication", { "topic", "payload.contentString", "payload.contentCodeableConcept", "reasonCode", "reason", "category" } },
  { "CommunicationRequest", { "payload.contentString", "payload.contentCodeableConcept", "reasonCode", "reason", "category" } },
  { "Composition", { "title", "type" } },
  { "Coverage", { "type", "payor", "insurer", "subscriberId" } },
  { "Device", { "displayName", "deviceName.name", "name.value", "udiCarrier.deviceIdentifier", "type", "modelNumber" } },
  { "DocumentReference", { "description", "content.attachment.title", "type", "category" } },
  { "Encounter", { "type", "serviceType", "class" } },
  { "Endpoint", { "name", "connectionType", "address" } },
  { "ExplanationOfBenefit", { "type" } },
  { "Flag", { "code", "category" } },
  { "Goal", { "description" } },
  { "HealthcareService", { "name", "type", "category" } },
  { "Immunization", { "vaccineCode" } },
  { "Location", { "name", "description", "type" } },
  { "Medication", { "code", "ingredient.itemCodeableConcept", "ingredient.item.concept" } },
  { "MedicationAdministration", { "medicationCodeableConcept", "medication", "medicationReference" } },
  { "MedicationDispense", { "medicationCodeableConcept", "medication", "medicationReference" } },
  { "MedicationRequest", { "medicationCodeableConcept", "medication", "medicationReference" } },
  { "MedicationStatement", { "medicationCodeableConcept", "medication", "medicationReference" } },
  { "MessageHeader", { "eventCoding", "event", "reason" } },
  { "OrganizationAffiliation", { "participatingOrganization", "organization" } },
  { "PractitionerRole", { "practitioner", "code", "organization" } },
  { "Schedule", { "comment", "serviceType", "actor" } },
  { "Slot", { "serviceType", "comment" } },
  { "Specimen", { "type" } },
  { "SubscriptionTopic", { "title", "description" } },
  { "Task", { "code", "description" } },
};

static const char *const general_paths[] = { "title", "name", "code", "type", "description", "topic", "category" };

static const char *const person_types[] = { "Patient", "Practitioner", "RelatedPerson", "Person", NULL };

static char *
value_text (JsonNode                *value,
            const MwDescribeContext *context,
            guint                    depth)
{
  if (value != NULL && JSON_NODE_HOLDS_ARRAY (value))
    value = mw_json_item (value, NULL, 0);
  if (value == NULL)
    return NULL;
  if (mw_json_string (value, "reference") != NULL)
    return mw_reference_text_deep (value, context, depth + 1);
  if (mw_json_is_object (mw_json_get (value, "reference")) && !mw_json_has (value, "concept"))
    return mw_reference_text_deep (mw_json_get (value, "reference"), context, depth + 1);
  if (mw_resource_type (value) != NULL)
    return NULL;
  return mw_datatype_to_text (value, NULL);
}

static char *
title_by_paths (JsonNode                *resource,
                const MwDescribeContext *context,
                guint                    depth)
{
  const char *type = mw_resource_type (resource);
  char       *text = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (title_paths); i++)
    if (g_str_equal (title_paths[i].type, type))
      for (gsize j = 0; text == NULL && j < G_N_ELEMENTS (title_paths[i].paths) && title_paths[i].paths[j] != NULL; j++)
        text = value_text (mw_json_get (resource, title_paths[i].paths[j]), context, depth);
  for (gsize i = 0; text == NULL && i < G_N_ELEMENTS (general_paths); i++)
    text = value_text (mw_json_get (resource, general_paths[i]), context, depth);
  return text;
}

char *
mw_resource_title_deep (JsonNode                *resource,
                        const MwDescribeContext *context,
                        guint                    depth)
{
  const char      *type = mw_resource_type (resource);
  g_autofree char *text = NULL;

  if (type == NULL)
    return g_strdup (_ ("Record"));
  if (depth > MAX_DEPTH)
    return mw_resource_type_text (type);
  if (g_strv_contains (person_types, type))
    text = mw_patient_name (resource);
  else if (!g_str_equal (type, "Bundle") && !g_str_equal (type, "Parameters") && !g_str_equal (type, "Binary"))
    text = title_by_paths (resource, context, depth);
  if (text == NULL)
    return mw_resource_type_text (type);
  return mw_text_line (text);
}

/**
 * mw_resource_title_in:
 * @resource: (nullable): any resource
 * @context: (nullable): where references are looked up
 *
 * Returns: (transfer full): what people would call it, one line: a patient's name, an organisation's
 *   name, the text of a code; else what its type is called
 */
char *
mw_resource_title_in (JsonNode                *resource,
                      const MwDescribeContext *context)
{
  return mw_resource_title_deep (resource, context, 0);
}

char *
mw_resource_title (JsonNode *resource)
{
  return mw_resource_title_deep (resource, NULL, 0);
}

/**
 * mw_reference_find:
 * @reference: (nullable): a Reference
 * @context: (nullable): where to look
 *
 * Returns: (transfer none) (nullable): the resource: contained, in the Bundle, or by the context's lookup
 */
JsonNode *
mw_reference_find (JsonNode                *reference,
                   const MwDescribeContext *context)
{
  JsonNode   *found;
  const char *literal;

  if (context == NULL || reference == NULL)
    return NULL;
  found = mw_reference_resolve (reference, context->container, context->bundle);
  literal = mw_json_string (reference, JSON_NODE_HOLDS_VALUE (reference) ? NULL : "reference");
  if (found == NULL && context->lookup != NULL && literal != NULL && literal[0] != '#')
    found = context->lookup (literal, context->lookup_data);
  return mw_json_is_object (found) ? found : NULL;
}

char *
mw_reference_text_deep (JsonNode                *reference,
                        const MwDescribeContext *context,
                        guint                    depth)
{
  g_autoptr (MwReference) ref = NULL;
  JsonNode *found;
  char     *text;

  if (reference == NULL)
    return NULL;
  ref = mw_reference_new (reference);
  text = mw_text_line (ref->display);
  if (text != NULL)
    return text;
  found = mw_reference_find (reference, context);
  if (found != NULL)
    {
      MwDescribeContext inner = *context;

      /* "#id" in a contained resource still means its siblings */
      if (ref->kind != MW_REFERENCE_CONTAINED)
        inner.container = found;
      return mw_resource_title_deep (found, &inner, depth + 1);
    }
  if (ref->value != NULL)
    {
      text = mw_identifier_text (mw_json_get (reference, "identifier"));
      if (text != NULL)
        return text;
    }
  if (ref->type != NULL)
    return mw_resource_type_text (ref->type);
  return ref->kind == MW_REFERENCE_NONE ? NULL : g_strdup (_ ("Another record"));
}

/**
 * mw_reference_text:
 * @reference: (nullable): a Reference, or a bare string
 * @context: (nullable): where it is looked up
 *
 * Returns: (transfer full) (nullable): its display, else the title of the resource it means, else its
 *   identifier, else what its type is called; never an id or a URL
 */
char *
mw_reference_text (JsonNode                *reference,
                   const MwDescribeContext *context)
{
  return mw_reference_text_deep (reference, context, 0);
}
