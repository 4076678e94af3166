/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-workflow.h"

/* What the tests of the ways to a receiver share: a record, receivers by what they say of themselves, and plans */

#define HOME "http://home.invalid/fhir"
#define THERE "http://there.invalid/fhir"
#define CREATED G_GINT64_CONSTANT (1767268800000000)
#define IDENTITY "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
#define PATIENT_IDENTITY "0b5f8f0e-2c1d-5e2a-9c55-7a1f2f3e4d5c"

#define PATIENT "{'resourceType':'Patient','id':'p1','identifier':[{'system':'urn:oid:1.2.3','value':'4711'}],'name':[{'family':'Muster'}]}"
#define ME "{'resourceType':'Practitioner','id':'me','identifier':[{'system':'http://hl7.org/fhir/sid/us-npi','value':'1234567893'}],'name':[{'text':'Dr Me'}]}"
#define ORGANIZATION "{'resourceType':'Organization','id':'o2','name':'Mercy Hospital'}"
#define OBSERVATION "{'resourceType':'Observation','id':'ob1','status':'final','code':{'text':'Potassium'},'subject':{'reference':'Patient/p1'},'valueQuantity':{'value':4.10}}"
#define PROCEDURE "{'resourceType':'Procedure','id':'pr1','status':'completed','subject':{'reference':'Patient/p1'},'performedDateTime':'2026-01-01','reasonReference':[{'reference':'Observation/ob1'}]}"
#define PROCEDURE_R5 "{'resourceType':'Procedure','id':'pr1','status':'completed','subject':{'reference':'Patient/p1'},'occurrenceDateTime':'2026-01-01','reason':[{'reference':{'reference':'Observation/ob1'}}]}"
#define ENCOUNTER "{'resourceType':'Encounter','id':'e1','status':'arrived','class':{'code':'AMB'},'subject':{'reference':'Patient/p1'}}"
#define TASK "{'resourceType':'Task','id':'t1','status':'requested','intent':'order','for':{'reference':'Patient/p1'},'requester':{'reference':'Organization/o2'},'owner':{'reference':'Practitioner/me'}}"
#define REQUEST "{'resourceType':'CommunicationRequest','id':'cr1','status':'active','requester':{'reference':'Organization/o2'},'recipient':[{'reference':'Practitioner/me'}]}"

#define TYPES "Communication CommunicationRequest DocumentReference Encounter Observation Patient Procedure ServiceRequest Task"

#define MESSAGES "'interaction':[{'code':'transaction'}],'operation':[{'name':'process-message'}],"
#define TRANSACTIONS "'interaction':[{'code':'transaction'}],"
#define CONDITIONAL ",'conditionalCreate':true"

typedef struct
{
  const char   *draft;
  const char   *records[4];
  const char   *target;
  gsize         file;
  gboolean      at_home;
  MwFhirVersion home_version;
  const char   *patient; /* NULL: the home record's PATIENT */
  gboolean      patient_is_new;
} Sending;

extern const Sending push;

JsonNode               *parse (const char *text);
MwCapability           *statement (const char *version,
                                   const char *system,
                                   const char *resource);
MwPlan                 *plan_with (const Sending *sending,
                                   MwCapability  *capability,
                                   GError       **error);
const MwPlannedRequest *request_at (MwPlan *plan,
                                    guint   index);
JsonNode               *body_of (const MwPlannedRequest *request);
JsonNode               *find_part (MwPlan     *plan,
                                   const char *type);
