/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-describe-private.h"

#include "mw-text.h"

#include <glib/gi18n-lib.h>

/* What people ask of each other and tell each other (FHIR R4 workflow-module.html) */

static const MwRow restriction_rows[] = {
  { "repetitions", N_ ("Repetitions") },
  { "period", N_ ("Period") },
  { "recipient", N_ ("For") },
  { 0 },
};

static const MwRow task_rows[] = {
  { "code", N_ ("What to do") },
  { "description", N_ ("Description") },
  { "doNotPerform", N_ ("Must not be done"), MW_ROW_LOUD | MW_ROW_IF_TRUE },
  { "status", N_ ("Status") },
  { "statusReason", N_ ("Reason for the status") },
  { "businessStatus", N_ ("Progress") },
  { "priority", N_ ("Priority") },
  { "for", N_ ("Patient") },
  { "requester|requester.agent", N_ ("Asked by") },
  { "owner", N_ ("To be done by") },
  { "requestedPerformer|performerType|performer.actor", N_ ("Meant for") },
  { "performer", NULL },
  { "authoredOn", N_ ("Asked") },
  { "lastModified", N_ ("Changed") },
  { "executionPeriod|requestedPeriod", N_ ("When") },
  { "restriction", N_ ("Limits"), MW_ROW_GROUP, NULL, NULL, restriction_rows },
  { "reasonCode|reasonReference|reason", N_ ("Reason") },
  { "focus", N_ ("About") },
  { "input", N_ ("Given"), MW_ROW_PLAIN, "type", "value[x]" },
  { "output", N_ ("Result"), MW_ROW_PLAIN, "type", "value[x]" },
  { "intent", N_ ("Intent") },
  { "basedOn", N_ ("Based on") },
  { "partOf", N_ ("Part of") },
  { "groupIdentifier", N_ ("Group") },
  { "encounter|context", N_ ("Encounter") },
  { "location", N_ ("Location") },
  { "insurance", N_ ("Insurance") },
  { "relevantHistory", NULL },
  { 0 },
};

static const MwRow service_request_rows[] = {
  { "code", N_ ("Service") },
  { "doNotPerform", N_ ("Must not be done"), MW_ROW_LOUD | MW_ROW_IF_TRUE },
  { "orderDetail", N_ ("Details"), MW_ROW_EACH },
  { "quantity[x]", N_ ("Quantity") },
  { "status", N_ ("Status") },
  { "priority", N_ ("Priority") },
  { "intent", N_ ("Intent") },
  { "category", N_ ("Category") },
  { "subject", N_ ("Patient") },
  { "reasonCode|reasonReference|reason", N_ ("Reason") },
  { "occurrence[x]", N_ ("When") },
  { "asNeeded[x]", N_ ("As needed") },
  { "bodySite", N_ ("Body site") },
  { "requester|requester.agent", N_ ("Asked by") },
  { "performer|performerType", N_ ("To be done by") },
  { "location|locationCode|locationReference", N_ ("Location") },
  { "authoredOn", N_ ("Written") },
  { "patientInstruction.instruction[x]|patientInstruction", N_ ("For the patient") },
  { "supportingInfo", N_ ("More information") },
  { "specimen", N_ ("Specimen") },
  { "insurance", N_ ("Insurance") },
  { "encounter|context", N_ ("Encounter") },
  { "basedOn", N_ ("Based on") },
  { "replaces", N_ ("Replaces") },
  { "requisition", N_ ("Order number") },
  { 0 },
};

static const MwRow communication_rows[] = {
  { "topic", N_ ("Subject") },
  { "payload", N_ ("Message"), MW_ROW_PLAIN, NULL, "content[x]" },
  { "status", N_ ("Status") },
  { "statusReason|notDoneReason", N_ ("Reason for the status") },
  { "priority", N_ ("Priority") },
  { "category", N_ ("Category") },
  { "subject", N_ ("Patient") },
  { "sender", N_ ("From") },
  { "recipient", N_ ("To") },
  { "sent", N_ ("Sent") },
  { "received", N_ ("Received") },
  { "medium", N_ ("Medium") },
  { "reasonCode|reasonReference|reason", N_ ("Reason") },
  { "about", N_ ("About") },
  { "encounter|context", N_ ("Encounter") },
  { "inResponseTo", N_ ("Answer to") },
  { "basedOn", N_ ("Based on") },
  { "partOf", N_ ("Part of") },
  { 0 },
};

static const MwRow communication_request_rows[] = {
  { "payload", N_ ("What is asked"), MW_ROW_PLAIN, NULL, "content[x]" },
  { "doNotPerform", N_ ("Must not be done"), MW_ROW_LOUD | MW_ROW_IF_TRUE },
  { "status", N_ ("Status") },
  { "statusReason", N_ ("Reason for the status") },
  { "priority", N_ ("Priority") },
  { "category", N_ ("Category") },
  { "intent", N_ ("Intent") },
  { "subject", N_ ("Patient") },
  { "requester|requester.agent", N_ ("Asked by") },
  { "sender|informationProvider", N_ ("Who is asked") },
  { "recipient", N_ ("Answer goes to") },
  { "authoredOn", N_ ("Written") },
  { "occurrence[x]", N_ ("When") },
  { "medium", N_ ("Medium") },
  { "reasonCode|reasonReference|reason", N_ ("Reason") },
  { "about", N_ ("About") },
  { "encounter|context", N_ ("Encounter") },
  { "basedOn", N_ ("Based on") },
  { "replaces", N_ ("Replaces") },
  { 0 },
};

static const MwRow appointment_rows[] = {
  { "description", N_ ("Appointment") },
  { "status", N_ ("Status") },
  { "cancelationReason|cancellationReason", N_ ("Cancelled because") },
  { "start", N_ ("Begins") },
  { "end", N_ ("Ends") },
  { "minutesDuration", N_ ("Minutes") },
  { "requestedPeriod", N_ ("Wished for") },
  { "participant", N_ ("Participant"), MW_ROW_PLAIN, "type", "actor;status", (const MwRow[]){ { "required", N_ ("Must take part") }, { 0 } } },
  { "subject", N_ ("Patient") },
  { "appointmentType", N_ ("Kind") },
  { "class", N_ ("Class") },
  { "serviceCategory|serviceType", N_ ("Service") },
  { "specialty", N_ ("Specialty") },
  { "reasonCode|reasonReference|reason|indication", N_ ("Reason") },
  { "priority", N_ ("Priority") },
  { "comment", N_ ("Comment") },
  { "patientInstruction", N_ ("For the patient") },
  { "created", N_ ("Created") },
  { "slot", N_ ("Slot") },
  { "basedOn|incomingReferral", N_ ("Ordered by") },
  { "replaces", N_ ("Replaces") },
  { "supportingInformation", N_ ("More information") },
  { 0 },
};

static const MwRow response_rows[] = {
  { "appointment", N_ ("Appointment") },
  { "actor", N_ ("Participant") },
  { "participantStatus", N_ ("Answer") },
  { "participantType", N_ ("Role") },
  { "proposedNewTime", N_ ("Proposes another time") },
  { "start", N_ ("Begins") },
  { "end", N_ ("Ends") },
  { "comment", N_ ("Comment") },
  { 0 },
};

static const MwRow schedule_rows[] = {
  { "name", N_ ("Name") },
  { "active", N_ ("In use") },
  { "actor", N_ ("Of") },
  { "planningHorizon", N_ ("Planned for") },
  { "serviceCategory|serviceType", N_ ("Service") },
  { "specialty", N_ ("Specialty") },
  { "comment", N_ ("Comment") },
  { 0 },
};

static const MwRow slot_rows[] = {
  { "status", N_ ("Status") },
  { "start", N_ ("Begins") },
  { "end", N_ ("Ends") },
  { "overbooked", N_ ("Overbooked"), MW_ROW_IF_TRUE },
  { "appointmentType", N_ ("Kind") },
  { "serviceCategory|serviceType", N_ ("Service") },
  { "specialty", N_ ("Specialty") },
  { "comment", N_ ("Comment") },
  { "schedule", N_ ("Schedule") },
  { 0 },
};

static const MwRow provision_rows[] = {
  { "type", N_ ("Rule") },
  { "period", N_ ("Period") },
  { "actor", N_ ("Who"), MW_ROW_PLAIN, "role", "reference" },
  { "action", N_ ("May do") },
  { "purpose", N_ ("For") },
  { "class|documentType|resourceType", N_ ("What kind") },
  { "code", N_ ("What") },
  { "securityLabel", N_ ("Confidentiality") },
  { "dataPeriod", N_ ("Data from") },
  { "data", N_ ("Data"), MW_ROW_PLAIN, "meaning", "reference" },
  { "provision", N_ ("Exception"), MW_ROW_PLAIN, NULL, "type;action;code;purpose;actor.reference;period" },
  { 0 },
};

static const MwRow consent_rows[] = {
  { "status", N_ ("Status") },
  { "decision", N_ ("Decision") },
  { "scope", N_ ("Scope") },
  { "category", N_ ("Category") },
  { "patient|subject", N_ ("Patient") },
  { "dateTime|date", N_ ("Given") },
  { "performer|consentingParty|grantor|grantee", N_ ("By") },
  { "organization|manager|controller", N_ ("Kept by") },
  { "period", N_ ("Period") },
  { "provision", N_ ("Rule"), MW_ROW_GROUP, NULL, NULL, provision_rows },
  { "policyRule|policyBasis.reference|policyText", N_ ("Policy") },
  { "policyBasis", NULL },
  { "policy", N_ ("Policy"), MW_ROW_PLAIN, NULL, "authority;uri" },
  { "verification", N_ ("Verified"), MW_ROW_PLAIN, NULL, "verified;verifiedWith;verificationDate" },
  { "source[x]", N_ ("Source") },
  { 0 },
};

static const MwRow provenance_rows[] = {
  { "target", N_ ("Of") },
  { "activity", N_ ("What was done") },
  { "occurred[x]|period", N_ ("When") },
  { "recorded", N_ ("Recorded") },
  { "agent", N_ ("By"), MW_ROW_PLAIN, "type|role", "who|who[x];onBehalfOf|onBehalfOf[x]" },
  { "reason|authorization", N_ ("Reason") },
  { "location", N_ ("Location") },
  { "entity", N_ ("From"), MW_ROW_PLAIN, "role", "what|what[x]" },
  { "signature", N_ ("Signature"), MW_ROW_EACH },
  { "policy", NULL },
  { 0 },
};

static const MwRow audit_detail_rows[] = {
  { "detail", N_ ("Detail"), MW_ROW_PLAIN, "type", "value[x]" },
  { 0 },
};

static const MwRow audit_rows[] = {
  { "type|category", N_ ("Event") },
  { "subtype|code", N_ ("Kind") },
  { "recorded", N_ ("Recorded") },
  { "period|occurred[x]", N_ ("When") },
  { "outcomeDesc|outcome.detail|outcome.code", N_ ("Outcome") },
  { "outcome", NULL },
  { "action", NULL },
  { "purposeOfEvent|authorization", N_ ("Purpose") },
  { "agent", N_ ("Who"), MW_ROW_PLAIN, "type|role", "name|who.display|who|altId;network.address|network[x]" },
  { "entity", N_ ("Record"), MW_ROW_PLAIN, "role", "name|what;description", audit_detail_rows },
  { "patient", N_ ("Patient") },
  { "source", N_ ("Reported by"), MW_ROW_PLAIN, NULL, "site;observer" },
  { 0 },
};

static const MwRow guidance_rows[] = {
  { "status", N_ ("Status") },
  { "subject", N_ ("Patient") },
  { "module[x]", N_ ("Made by"), MW_ROW_CANONICAL },
  { "occurrenceDateTime", N_ ("When") },
  { "reasonCode|reasonReference|reason[x]|reason", N_ ("Reason") },
  { "result", N_ ("Result") },
  { "evaluationMessage", N_ ("Messages") },
  { "dataRequirement", NULL },
  { "performer", N_ ("By") },
  { "encounter|context", N_ ("Encounter") },
  { 0 },
};

static const MwRow basic_rows[] = {
  { "code", N_ ("Kind") },
  { "subject", N_ ("About") },
  { "created", N_ ("Created") },
  { "author", N_ ("Author") },
  { 0 },
};

static const MwRow binary_rows[] = {
  { "contentType", N_ ("Format") },
  { "securityContext", N_ ("Belongs to") },
  { "content", NULL },
  { 0 },
};

static char *
appointment_summary (MwDescribing *self,
                     JsonNode     *resource)
{
  g_autofree char *status = mw_describing_line (self, resource, "status");
  g_autofree char *who = mw_describing_line (self, resource, "participant.actor|subject");
  g_autoptr (JsonNode) period = mw_json_object_new ();
  g_autofree char *when = NULL;
  GString         *out = g_string_new (status);

  mw_json_set (period, "start", mw_json_string (resource, "start"));
  mw_json_set (period, "end", mw_json_string (resource, "end"));
  when = mw_datatype_to_text (period, "Period");
  if (when == NULL)
    when = mw_describing_line (self, resource, "requestedPeriod");
  if (when != NULL)
    g_string_append_printf (out, "%s%s", out->len > 0 ? " · " : "", when);
  if (who != NULL)
    g_string_append_printf (out, "%s%s", out->len > 0 ? " · " : "", who);
  return g_string_free (out, FALSE);
}

static char *
response_title (MwDescribing *self,
                JsonNode     *resource)
{
  g_autofree char *actor = mw_describing_line (self, resource, "actor");
  g_autofree char *answer = mw_describing_line (self, resource, "participantStatus");

  if (actor == NULL || answer == NULL)
    return NULL;
  /* Translators: who answered an invitation, and what: "Dr Adams: Accepted" */
  return g_strdup_printf (_ ("%s: %s"), actor, answer);
}

const MwTypeSpec mw_describe_work[] = {
  { "Appointment", MW_TYPE_PREFIX, NULL, appointment_rows, NULL, appointment_summary },
  { "AppointmentResponse", MW_TYPE_PLAIN, "start;comment;appointment", response_rows, response_title },
  { "AuditEvent", MW_TYPE_PREFIX, "recorded;agent.name|agent.who;outcomeDesc", audit_rows },
  { "Basic", MW_TYPE_PREFIX, "subject;created;author", basic_rows },
  { "Binary", MW_TYPE_PLAIN, "contentType", binary_rows },
  { "Communication", MW_TYPE_PREFIX, "status;sender;sent;subject", communication_rows },
  { "CommunicationRequest", MW_TYPE_PREFIX, "status;priority;requester;authoredOn;subject", communication_request_rows },
  { "Consent", MW_TYPE_PREFIX, "status;provision.type|decision;dateTime|date;patient|subject", consent_rows },
  { "GuidanceResponse", MW_TYPE_PREFIX, "status;subject;occurrenceDateTime", guidance_rows },
  { "Provenance", MW_TYPE_PREFIX, "activity;agent.who;recorded", provenance_rows },
  { "Schedule", MW_TYPE_PREFIX, "actor;planningHorizon", schedule_rows },
  { "ServiceRequest", MW_TYPE_PREFIX, "status;priority;requester|requester.agent;occurrence[x]|authoredOn;subject", service_request_rows },
  { "Slot", MW_TYPE_PREFIX, NULL, slot_rows, NULL, appointment_summary },
  { "Task", MW_TYPE_PREFIX, "status;businessStatus;priority;requester|requester.agent;restriction.period;for", task_rows },
  { 0 },
};
