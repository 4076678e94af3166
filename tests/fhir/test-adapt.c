/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The same thing said in R4 and in R5: by hand from the definitions of 4.0.1 and 5.0.0, both ways; what is refused;
 * and every example of the two specifications there and back */

#include "mw-adapt.h"
#include "mw-describe.h"

#include <string.h>

#define PTYPES "http://terminology.hl7.org/CodeSystem/provenance-participant-type"

typedef struct
{
  const char *name;
  const char *r4;
  const char *r5;
} Pair;

static const Pair pairs[] = {
  { "communication",
    "{'resourceType':'Communication','status':'completed','reasonCode':[{'text':'fall'}],'reasonReference':[{'reference':'Condition/1'}],"
    "'payload':[{'contentString':'She fell'},{'id':'x','contentAttachment':{'size':12,'title':'a'}},{'contentReference':{'reference':'Observation/1'}}]}",
    "{'resourceType':'Communication','status':'completed','reason':[{'concept':{'text':'fall'}},{'reference':{'reference':'Condition/1'}}],"
    "'payload':[{'contentCodeableConcept':{'text':'She fell'}},{'id':'x','contentAttachment':{'size':'12','title':'a'}},{'contentReference':{'reference':'Observation/1'}}]}" },
  { "communication-request",
    "{'resourceType':'CommunicationRequest','status':'active','sender':{'reference':'Organization/1'},'payload':[{'contentString':'Please'}],"
    "'extension':[{'url':'http://hl7.org/fhir/5.0/StructureDefinition/extension-CommunicationRequest.intent','valueCode':'order'}]}",
    "{'resourceType':'CommunicationRequest','status':'active','intent':'order','informationProvider':[{'reference':'Organization/1'}],"
    "'payload':[{'contentCodeableConcept':{'text':'Please'}}]}" },
  { "task",
    "{'resourceType':'Task','status':'rejected','intent':'order','statusReason':{'text':'full'},'performerType':[{'text':'cardiologist'}],"
    "'reasonCode':{'text':'palpitations'},'reasonReference':{'reference':'Condition/1'},'input':[{'type':{'text':'x'},'valueAttachment':{'size':1}}]}",
    "{'resourceType':'Task','status':'rejected','intent':'order','statusReason':{'concept':{'text':'full'}},'requestedPerformer':[{'concept':{'text':'cardiologist'}}],"
    "'reason':[{'concept':{'text':'palpitations'}},{'reference':{'reference':'Condition/1'}}],'input':[{'type':{'text':'x'},'valueAttachment':{'size':'1'}}]}" },
  { "service-request",
    "{'resourceType':'ServiceRequest','status':'active','intent':'order','code':{'coding':[{'system':'http://snomed.info/sct','code':'1'}]},"
    "'locationReference':[{'reference':'Location/1'}],'supportingInfo':[{'reference':'Observation/1'}],'patientInstruction':'Come sober',"
    "'quantityQuantity':{'value':1.00}}",
    "{'resourceType':'ServiceRequest','status':'active','intent':'order','code':{'concept':{'coding':[{'system':'http://snomed.info/sct','code':'1'}]}},"
    "'location':[{'reference':{'reference':'Location/1'}}],'supportingInfo':[{'reference':{'reference':'Observation/1'}}],"
    "'patientInstruction':[{'instructionMarkdown':'Come sober'}],'quantityQuantity':{'value':1.00}}" },
  { "document",
    "{'resourceType':'DocumentReference','status':'current','masterIdentifier':{'value':'m'},'identifier':[{'value':'i'}],"
    "'relatesTo':[{'code':'replaces','target':{'reference':'DocumentReference/0'}}],"
    "'content':[{'attachment':{'size':3,'data':'QUJD'},'format':{'code':'urn:ihe:pcc:xphr:2007'}}],"
    "'context':{'encounter':[{'reference':'Encounter/1'}],'event':[{'text':'e'}],'period':{'start':'2026'},'facilityType':{'text':'f'},'practiceSetting':{'text':'p'}}}",
    "{'resourceType':'DocumentReference','status':'current',"
    "'extension':[{'url':'http://hl7.org/fhir/4.0/StructureDefinition/extension-DocumentReference.masterIdentifier','valueIdentifier':{'value':'m'}}],'identifier':[{'value':'i'}],"
    "'relatesTo':[{'code':{'coding':[{'system':'http://hl7.org/fhir/document-relationship-type','code':'replaces'}]},'target':{'reference':'DocumentReference/0'}}],"
    "'content':[{'attachment':{'size':'3','data':'QUJD'},'profile':[{'valueCoding':{'code':'urn:ihe:pcc:xphr:2007'}}]}],"
    "'context':[{'reference':'Encounter/1'}],'event':[{'concept':{'text':'e'}}],'period':{'start':'2026'},'facilityType':{'text':'f'},'practiceSetting':{'text':'p'}}" },
  { "practitioner",
    "{'resourceType':'Practitioner','communication':[{'text':'it'},{'text':'de'}],'photo':[{'size':9}]}",
    "{'resourceType':'Practitioner','communication':[{'language':{'text':'it'}},{'language':{'text':'de'}}],'photo':[{'size':'9'}]}" },
  { "role",
    "{'resourceType':'PractitionerRole','telecom':[{'value':'1'},{'value':'2'}],'availableTime':[{'daysOfWeek':['mon']}],'notAvailable':[{'description':'Easter'}]}",
    "{'resourceType':'PractitionerRole','contact':[{'telecom':[{'value':'1'},{'value':'2'}]}],"
    "'availability':[{'availableTime':[{'daysOfWeek':['mon']}],'notAvailableTime':[{'description':'Easter'}]}]}" },
  { "organization",
    "{'resourceType':'Organization','telecom':[{'value':'1'}],'address':[{'city':'Bern'},{'city':'Basel'}],"
    "'contact':[{'purpose':{'text':'bills'},'name':{'text':'Ann'},'telecom':[{'value':'2'}]}]}",
    "{'resourceType':'Organization','contact':[{'telecom':[{'value':'1'}]},{'address':{'city':'Bern'}},{'address':{'city':'Basel'}},"
    "{'purpose':{'text':'bills'},'name':[{'text':'Ann'}],'telecom':[{'value':'2'}]}]}" },
  { "care-team",
    "{'resourceType':'CareTeam','reasonCode':[{'text':'r'}],'participant':[{'role':[{'text':'nurse'}],'period':{'start':'2026'}}]}",
    "{'resourceType':'CareTeam','reason':[{'concept':{'text':'r'}}],'participant':[{'role':{'text':'nurse'},'coveragePeriod':{'start':'2026'}}]}" },
  { "endpoint",
    "{'resourceType':'Endpoint','status':'active','connectionType':{'code':'hl7-fhir-rest'},'payloadType':[{'text':'any'}],'payloadMimeType':['application/fhir+json'],'address':'http://x.invalid'}",
    "{'resourceType':'Endpoint','status':'active','connectionType':[{'coding':[{'code':'hl7-fhir-rest'}]}],'payload':[{'type':[{'text':'any'}],'mimeType':['application/fhir+json']}],"
    "'address':'http://x.invalid'}" },
  { "message",
    "{'resourceType':'Bundle','type':'message','entry':[{'fullUrl':'urn:uuid:1','resource':{'resourceType':'MessageHeader','eventCoding':{'code':'e'},"
    "'destination':[{'name':'d','endpoint':'http://d.invalid'}],'source':{'name':'s','endpoint':'http://s.invalid'}}},"
    "{'resource':{'resourceType':'Encounter','status':'finished','class':{'code':'AMB'},'period':{'start':'2026'}}}]}",
    "{'resourceType':'Bundle','type':'message','entry':[{'fullUrl':'urn:uuid:1','resource':{'resourceType':'MessageHeader','eventCoding':{'code':'e'},"
    "'destination':[{'name':'d','endpointUrl':'http://d.invalid'}],'source':{'name':'s','endpointUrl':'http://s.invalid'}}},"
    "{'resource':{'resourceType':'Encounter','status':'completed','class':[{'coding':[{'code':'AMB'}]}],'actualPeriod':{'start':'2026'}}}]}" },
  { "encounter",
    "{'resourceType':'Encounter','status':'in-progress','class':{'code':'IMP'},'serviceType':{'text':'s'},'participant':[{'individual':{'reference':'Practitioner/1'}}],"
    "'reasonCode':[{'text':'r'}],'reasonReference':[{'reference':'Condition/1'}],'diagnosis':[{'condition':{'reference':'Condition/2'},'use':{'text':'AD'}}],"
    "'hospitalization':{'origin':{'reference':'Location/1'},'dietPreference':[{'text':'vegan'}]},'location':[{'location':{'reference':'Location/2'},'physicalType':{'text':'bed'}}]}",
    "{'resourceType':'Encounter','status':'in-progress','class':[{'coding':[{'code':'IMP'}]}],'serviceType':[{'concept':{'text':'s'}}],'participant':[{'actor':{'reference':'Practitioner/1'}}],"
    "'reason':[{'value':[{'concept':{'text':'r'}}]},{'value':[{'reference':{'reference':'Condition/1'}}]}],"
    "'diagnosis':[{'condition':[{'reference':{'reference':'Condition/2'}}],'use':[{'text':'AD'}]}],"
    "'admission':{'origin':{'reference':'Location/1'}},'dietPreference':[{'text':'vegan'}],'location':[{'location':{'reference':'Location/2'},'form':{'text':'bed'}}]}" },
  { "observation",
    "{'resourceType':'Observation','status':'final','code':{'text':'K'},'valueSampledData':{'origin':{'value':0},'period':10.50,'dimensions':1}}",
    "{'resourceType':'Observation','status':'final','code':{'text':'K'},'valueSampledData':{'origin':{'value':0},'interval':10.50,'intervalUnit':'ms','dimensions':1}}" },
  { "condition",
    "{'resourceType':'Condition','clinicalStatus':{'text':'active'},'recorder':{'reference':'Practitioner/1'},'asserter':{'reference':'Patient/1'},"
    "'evidence':[{'code':[{'text':'c'}]},{'detail':[{'reference':'Observation/1'}]}]}",
    "{'resourceType':'Condition','clinicalStatus':{'text':'active'},'participant':[{'function':{'coding':[{'system':'" PTYPES "','code':'enterer'}]},'actor':{'reference':'Practitioner/1'}},"
    "{'function':{'coding':[{'system':'" PTYPES "','code':'author'}]},'actor':{'reference':'Patient/1'}}],"
    "'evidence':[{'concept':{'text':'c'}},{'reference':{'reference':'Observation/1'}}]}" },
  { "medication-request",
    "{'resourceType':'MedicationRequest','status':'active','intent':'order','contained':[{'resourceType':'Medication','id':'m','form':{'text':'pill'},"
    "'ingredient':[{'itemCodeableConcept':{'text':'i'},'strength':{'numerator':{'value':1}}}]}],'medicationReference':{'reference':'#m'},'reportedBoolean':true,"
    "'performer':{'reference':'Organization/1'},'dosageInstruction':[{'asNeededCodeableConcept':{'text':'pain'},'maxDosePerPeriod':{'numerator':{'value':4}}}],"
    "'dispenseRequest':{'performer':{'reference':'Organization/2'}}}",
    "{'resourceType':'MedicationRequest','status':'active','intent':'order','contained':[{'resourceType':'Medication','id':'m','doseForm':{'text':'pill'},"
    "'ingredient':[{'item':{'concept':{'text':'i'}},'strengthRatio':{'numerator':{'value':1}}}]}],'medication':{'reference':{'reference':'#m'}},'reported':true,"
    "'performer':[{'reference':'Organization/1'}],'dosageInstruction':[{'asNeededFor':[{'text':'pain'}],'maxDosePerPeriod':[{'numerator':{'value':4}}]}],"
    "'dispenseRequest':{'dispenser':{'reference':'Organization/2'}}}" },
  { "procedure",
    "{'resourceType':'Procedure','status':'completed','category':{'text':'c'},'_performedDateTime':{'extension':[{'url':'http://x.invalid','valueCode':'unknown'}]},"
    "'usedCode':[{'text':'u'}],'complicationDetail':[{'reference':'Condition/1'}]}",
    "{'resourceType':'Procedure','status':'completed','category':[{'text':'c'}],'_occurrenceDateTime':{'extension':[{'url':'http://x.invalid','valueCode':'unknown'}]},"
    "'used':[{'concept':{'text':'u'}}],'complication':[{'reference':{'reference':'Condition/1'}}]}" },
  { "report",
    "{'resourceType':'DiagnosticReport','status':'final','imagingStudy':[{'reference':'ImagingStudy/1'}],'presentedForm':[{'size':2}]}",
    "{'resourceType':'DiagnosticReport','status':'final','study':[{'reference':'ImagingStudy/1'}],'presentedForm':[{'size':'2'}]}" },
  { "allergy",
    "{'resourceType':'AllergyIntolerance','type':'allergy','code':{'text':'Penicillin'},'reaction':[{'manifestation':[{'text':'rash'}]}]}",
    "{'resourceType':'AllergyIntolerance','code':{'text':'Penicillin'},'type':{'coding':[{'system':'http://hl7.org/fhir/allergy-intolerance-type','code':'allergy'}]},"
    "'reaction':[{'manifestation':[{'concept':{'text':'rash'}}]}]}" },
  { "immunization",
    "{'resourceType':'Immunization','status':'completed','recorded':'2026-01-01','manufacturer':{'display':'m'},'protocolApplied':[{'doseNumberPositiveInt':2},{'doseNumberString':'booster'}]}",
    "{'resourceType':'Immunization','status':'completed','extension':[{'url':'http://hl7.org/fhir/4.0/StructureDefinition/extension-Immunization.recorded','valueDateTime':'2026-01-01'}],"
    "'manufacturer':{'reference':{'display':'m'}},'protocolApplied':[{'doseNumber':'2'},{'doseNumber':'booster'}]}" },
  { "care-plan",
    "{'resourceType':'CarePlan','status':'active','intent':'plan','author':{'reference':'Practitioner/1'},'addresses':[{'reference':'Condition/1'}],"
    "'activity':[{'reference':{'reference':'Task/1'},'outcomeReference':[{'reference':'Procedure/1'}]}]}",
    "{'resourceType':'CarePlan','status':'active','intent':'plan','custodian':{'reference':'Practitioner/1'},'addresses':[{'reference':{'reference':'Condition/1'}}],"
    "'activity':[{'plannedActivityReference':{'reference':'Task/1'},'performedActivity':[{'reference':{'reference':'Procedure/1'}}]}]}" },
  { "goal",
    "{'resourceType':'Goal','lifecycleStatus':'active','expressedBy':{'reference':'Patient/1'},'outcomeReference':[{'reference':'Observation/1'}]}",
    "{'resourceType':'Goal','lifecycleStatus':'active','source':{'reference':'Patient/1'},'outcome':[{'reference':{'reference':'Observation/1'}}]}" },
  { "appointment",
    "{'resourceType':'Appointment','status':'cancelled','cancelationReason':{'text':'ill'},'serviceType':[{'text':'s'}],'comment':'c','patientInstruction':'fast',"
    "'participant':[{'required':'required','status':'accepted'},{'required':'optional','status':'accepted'}]}",
    "{'resourceType':'Appointment','status':'cancelled','cancellationReason':{'text':'ill'},'serviceType':[{'concept':{'text':'s'}}],'note':[{'text':'c'}],"
    "'patientInstruction':[{'concept':{'text':'fast'}}],'participant':[{'required':true,'status':'accepted'},{'required':false,'status':'accepted'}]}" },
  { "questionnaire",
    "{'resourceType':'Questionnaire','status':'active','item':[{'linkId':'1','type':'group','item':[{'linkId':'2','type':'choice','answerOption':[{'valueCoding':{'code':'a'}}]},"
    "{'linkId':'3','type':'open-choice','answerValueSet':'http://x.invalid/vs'},{'linkId':'4','type':'string'}]}]}",
    "{'resourceType':'Questionnaire','status':'active','item':[{'linkId':'1','type':'group','item':[{'linkId':'2','type':'coding','answerOption':[{'valueCoding':{'code':'a'}}]},"
    "{'linkId':'3','type':'coding','answerConstraint':'optionsOrString','answerValueSet':'http://x.invalid/vs'},{'linkId':'4','type':'string'}]}]}" },
  { "response",
    "{'resourceType':'QuestionnaireResponse','identifier':{'value':'1'},'questionnaire':'http://x.invalid/q','status':'completed','item':[{'linkId':'1','answer':[{'valueAttachment':{'size':5}}]}]}",
    "{'resourceType':'QuestionnaireResponse','identifier':[{'value':'1'}],'questionnaire':'http://x.invalid/q','status':'completed','item':[{'linkId':'1','answer':[{'valueAttachment':{'size':'5'}}]}]}" },
  { "measure-report",
    "{'resourceType':'MeasureReport','status':'complete','type':'data-collection','measure':'http://x.invalid/m','group':[{'measureScore':{'value':0.50},"
    "'stratifier':[{'code':[{'text':'s'}],'stratum':[{'value':{'text':'v'},'component':[{'code':{'text':'c'},'value':{'text':'w'}}]}]}]}]}",
    "{'resourceType':'MeasureReport','status':'complete','type':'data-exchange','measure':'http://x.invalid/m','group':[{'measureScoreQuantity':{'value':0.50},"
    "'stratifier':[{'code':{'text':'s'},'stratum':[{'valueCodeableConcept':{'text':'v'},'component':[{'code':{'text':'c'},'valueCodeableConcept':{'text':'w'}}]}]}]}]}" },
  { "parameters",
    "{'resourceType':'Parameters','parameter':[{'name':'a','part':[{'name':'b','resource':{'resourceType':'Task','status':'draft','intent':'order','reasonCode':{'text':'r'}}}]}]}",
    "{'resourceType':'Parameters','parameter':[{'name':'a','part':[{'name':'b','resource':{'resourceType':'Task','status':'draft','intent':'order','reason':[{'concept':{'text':'r'}}]}}]}]}" },
  /* what neither version knows, and what only looks like a row's element somewhere else, is left alone */
  { "unknown",
    "{'resourceType':'Patient','favouriteColour':{'reasonCode':[1,2.50]},'extension':[{'url':'http://x.invalid','valueString':'size'}],'contact':[{'period':{'start':'2026'}}],'birthDate':'1980'}",
    "{'resourceType':'Patient','favouriteColour':{'reasonCode':[1,2.50]},'extension':[{'url':'http://x.invalid','valueString':'size'}],'contact':[{'period':{'start':'2026'}}],'birthDate':'1980'}" },
};

typedef struct
{
  const char   *name;
  MwFhirVersion from;
  const char   *text;
  const char   *words; /* that the sentence must have */
} Refusal;

#define R4 MW_FHIR_VERSION_R4
#define R5 MW_FHIR_VERSION_R5

static const Refusal refusals[] = {
  { "order-detail", R4, "{'resourceType':'ServiceRequest','orderDetail':[{'text':'x'}]}", "details of the order" },
  { "clinical-status", R4, "{'resourceType':'Condition','code':{'text':'x'}}", "still active" },
  { "intent", R4, "{'resourceType':'CommunicationRequest','status':'active'}", "order or a proposal" },
  { "arrived", R4, "{'resourceType':'Encounter','status':'arrived','class':{'code':'AMB'}}", "state that the patient is in" },
  { "completed-in-r4", R4, "{'resourceType':'Encounter','status':'completed','class':{'code':'AMB'}}", "state" },
  { "authenticator", R4, "{'resourceType':'DocumentReference','authenticator':{'reference':'Practitioner/1'}}", "who authenticated it" },
  { "context-extension", R4, "{'resourceType':'DocumentReference','context':{'extension':[{'url':'x'}],'period':{'start':'2026'}}}", "extension" },
  { "two-roles", R4, "{'resourceType':'CareTeam','participant':[{'role':[{'text':'a'},{'text':'b'}]}]}", "several roles" },
  { "grouped-evidence", R4, "{'resourceType':'Condition','clinicalStatus':{'text':'a'},'evidence':[{'code':[{'text':'a'},{'text':'b'}]}]}", "grouped" },
  { "text-extension", R4, "{'resourceType':'Communication','payload':[{'contentString':'x','_contentString':{'id':'1'}}]}", "coded content" },
  { "choice-of-strings", R4, "{'resourceType':'Questionnaire','item':[{'linkId':'1','type':'choice','answerOption':[{'valueString':'a'}]}]}", "not codes" },
  { "priority", R4, "{'resourceType':'Appointment','priority':5}", "priority" },
  { "reply", R4, "{'resourceType':'MessageHeader','eventCoding':{'code':'e'},'source':{'endpoint':'x'},'response':{'identifier':'5','code':'ok'}}", "which message it answers" },
  { "signed", R4, "{'resourceType':'Bundle','type':'document','signature':{'data':'QQ=='}}", "signature" },
  { "new-type", R4, "{'resourceType':'Consent','status':'active'}", "not known well" },
  { "part-as-type", R4, "{'resourceType':'Task.input'}", "not known well" },
  { "data-type-as-type", R4, "{'resourceType':'Attachment','size':5}", "not known well" },
  { "in-bundle", R4, "{'resourceType':'Bundle','entry':[{'resource':{'resourceType':'Procedure','asserter':{'reference':'Patient/1'}}}]}", "who says that it was done" },
  { "contained", R4, "{'resourceType':'Task','contained':[{'resourceType':'Device','id':'1'}]}", "not known well" },
  { "contributor", R4, "{'resourceType':'Task','input':[{'valueContributor':{'name':'x'}}]}", "contributor" },
  { "number-in-words", R4, "{'resourceType':'Immunization','protocolApplied':[{'doseNumberString':'2'}]}", "protocol applied" },
  { "r5-element-in-r4", R4, "{'resourceType':'Task','status':'draft','doNotPerform':true}", "must not be done" },
  { "mixed-versions", R4, "{'resourceType':'Task','status':'draft','reasonCode':{'text':'a'},'reason':[{'concept':{'text':'b'}}]}", "reason" },
  { "do-not-perform", R5, "{'resourceType':'Task','status':'draft','doNotPerform':true}", "must not be done" },
  { "reason-both", R5, "{'resourceType':'ServiceRequest','reason':[{'concept':{'text':'a'},'reference':{'reference':'Condition/1'}}]}", "reason" },
  { "reason-order", R5, "{'resourceType':'ServiceRequest','reason':[{'reference':{'reference':'Condition/1'}},{'concept':{'text':'a'}}]}", "reason" },
  { "two-task-reasons", R5, "{'resourceType':'Task','reason':[{'concept':{'text':'a'}},{'concept':{'text':'b'}}]}", "more than one reason" },
  { "coded-payload", R5, "{'resourceType':'Communication','payload':[{'contentCodeableConcept':{'coding':[{'code':'a'}]}}]}", "coded content" },
  { "discharged", R5, "{'resourceType':'Encounter','status':'discharged','class':[{'coding':[{'code':'IMP'}]}]}", "state" },
  { "no-class", R5, "{'resourceType':'Encounter','status':'planned'}", "class" },
  { "no-payload", R5, "{'resourceType':'Endpoint','status':'active','connectionType':[{'coding':[{'code':'x'}]}]}", "what it takes" },
  { "genomic-study", R5, "{'resourceType':'DiagnosticReport','study':[{'reference':'GenomicStudy/1'}]}", "not of images" },
  { "pages", R5, "{'resourceType':'Patient','photo':[{'pages':3}]}", "pages" },
  { "huge-file", R5, "{'resourceType':'Patient','photo':[{'size':'3000000000'}]}", "two gigabytes" },
  { "attester", R5, "{'resourceType':'DocumentReference','attester':[{'mode':{'text':'x'}}]}", "who attests it" },
  { "integer64", R5, "{'resourceType':'Patient','extension':[{'url':'x','valueInteger64':'5'}]}", "integer64" },
  { "made-up-to", R5, "{'resourceType':'Observation','valueQuantity':{'value':1,'comparator':'ad'}}", "made up to" },
  { "string-options", R5, "{'resourceType':'Questionnaire','item':[{'type':'string','answerOption':[{'valueString':'a'}]}]}", "not codes" },
};

static JsonNode *
parse (const char *text)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  JsonNode *node = mw_json_parse (quoted, -1, &error);

  g_assert_no_error (error);
  return node;
}

static void
assert_equal (JsonNode *one,
              JsonNode *other)
{
  if (!json_node_equal (one, other))
    {
      g_autofree char *a = mw_json_to_text (one, FALSE);
      g_autofree char *b = mw_json_to_text (other, FALSE);

      g_error ("Not the same:\n%s\n%s", a, b);
    }
}

static void
test_pair (gconstpointer data)
{
  const Pair *pair = data;
  g_autoptr (JsonNode) r4 = parse (pair->r4);
  g_autoptr (JsonNode) r5 = parse (pair->r5);
  g_autofree char *before = mw_json_to_text (r4, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) up = mw_adapt_resource (r4, R4, R5, &error);
  g_autoptr (JsonNode) down = NULL;
  g_autofree char *after = mw_json_to_text (r4, FALSE);

  g_assert_no_error (error);
  assert_equal (up, r5);
  g_assert_cmpstr (before, ==, after);
  down = mw_adapt_resource (r5, R5, MW_FHIR_VERSION_R4B, &error);
  g_assert_no_error (error);
  assert_equal (down, r4);
}

/* Whatever a person can read of one, she can read of the other: titles, and each line of the description */
static void
test_reading (gconstpointer data)
{
  const Pair *pair = data;
  g_autoptr (JsonNode) r4 = parse (pair->r4);
  g_autoptr (JsonNode) r5 = parse (pair->r5);
  g_autofree char *one = mw_resource_title (r4);
  g_autofree char *other = mw_resource_title (r5);
  g_autoptr (MwDescription) description = mw_describe (r4, &(MwDescribeContext){ 0 });
  g_autoptr (MwDescription) description5 = mw_describe (r5, &(MwDescribeContext){ 0 });
  g_autofree char *plain = mw_description_to_plain (description);
  g_autofree char *plain5 = mw_description_to_plain (description5);
  g_auto (GStrv) lines = g_strsplit (plain, "\n", -1);

  /* R5 has another name for this type of report */
  if (!g_str_equal (pair->name, "measure-report"))
    {
      g_assert_cmpstr (one, ==, other);
      g_assert_cmpstr (description->title, ==, description5->title);
      /* R5 shows more where it cannot tell an organisation's own telecom from a contact's */
      g_assert_true (g_str_has_prefix (description5->summary, description->summary));
    }
  for (guint i = 2; lines[i] != NULL; i++)
    {
      const char *colon = strstr (lines[i], ": ");
      const char *value = colon != NULL ? colon + 2 : lines[i];

      if (strcmp (value, "Required") == 0)
        value = "Must take part: Yes";
      else if (strcmp (value, "Optional") == 0)
        value = "Must take part: No";
      /* carried in an extension: there, but not for a reader */
      if (!g_str_has_prefix (lines[i], "Recorded: ") && !g_str_has_prefix (lines[i], "Kind: Data collection") && strstr (plain5, value) == NULL)
        g_error ("“%s” does not show in R5:\n%s", lines[i], plain5);
    }
}

static void
test_refusal (gconstpointer data)
{
  const Refusal *refusal = data;
  g_autoptr (JsonNode) node = parse (refusal->text);
  g_autofree char *before = mw_json_to_text (node, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = mw_adapt_resource (node, refusal->from, refusal->from == R4 ? R5 : R4, &error);
  g_autofree char *after = mw_json_to_text (node, FALSE);

  g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_VERSION);
  g_assert_null (result);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, refusal->words));
  g_assert_nonnull (strstr (error->message, refusal->from == R4 ? "R5" : "R4"));
  g_assert_cmpstr (before, ==, after);
}

static void
test_versions (void)
{
  g_autoptr (JsonNode) node = parse ("{'resourceType':'Consent','id':'1'}");
  g_autoptr (JsonNode) other = parse ("{'name':'no resource'}");
  g_autoptr (JsonNode) same = mw_adapt_resource (node, R4, MW_FHIR_VERSION_R4B, NULL);
  static const MwFhirVersion none[] = { MW_FHIR_VERSION_DSTU2, MW_FHIR_VERSION_STU3, MW_FHIR_VERSION_R6 };

  assert_equal (same, node);
  g_assert_true (same != node);
  g_assert_false (mw_adapt_needed (MW_FHIR_VERSION_UNKNOWN, R4));
  g_assert_true (mw_adapt_needed (MW_FHIR_VERSION_UNKNOWN, R5));
  g_assert_true (mw_adapt_needed (R5, MW_FHIR_VERSION_R4B));
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (mw_adapt_resource (node, R4, none[i], &error));
      g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_VERSION);
      g_assert_nonnull (strstr (error->message, mw_fhir_version_to_text (none[i])));
    }
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (mw_adapt_resource (other, R4, R5, &error));
    g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR);
  }
}

static void
test_decimals (void)
{
  g_autoptr (JsonNode) node = parse ("{'resourceType':'MeasureReport','type':'summary','measure':'m','group':[{'measureScore':{'value':0.10}}]}");
  g_autoptr (JsonNode) up = mw_adapt_resource (node, R4, R5, NULL);
  g_autofree char *text = mw_json_to_text (up, FALSE);

  g_assert_nonnull (strstr (text, "\"measureScoreQuantity\":{\"value\":0.10}"));
}

/* What a stranger may send: shapes that no version knows are refused or kept, and nothing breaks */
static void
test_hostile (void)
{
  static const char *const texts[] = {
    "{'resourceType':'Task','reasonCode':[[[]]],'statusReason':7,'input':{'valueAttachment':[]},'performerType':{}}",
    "{'resourceType':'Communication','payload':[null,{'contentString':{}},[],5]}",
    "{'resourceType':'DocumentReference','context':[[]],'content':'x','relatesTo':[{'code':[]}]}",
    "{'resourceType':'PractitionerRole','telecom':'x','availableTime':{},'notAvailable':null}",
    "{'resourceType':'PractitionerRole','availability':'x','availableTime':[{'daysOfWeek':['mon']}]}",
    "{'resourceType':'Encounter','admission':'x','hospitalization':{'origin':{'reference':'Location/1'}},'class':{'code':'IMP'}}",
    "{'resourceType':'Questionnaire','item':{'item':{'item':[{'type':5}]}}}",
    "{'resourceType':'Condition','evidence':[{'code':[]}],'clinicalStatus':null,'recorder':[]}",
    "{'resourceType':'Encounter','hospitalization':{},'class':[],'status':['finished']}",
    "{'resourceType':'Organization','contact':[{'name':'x'}],'telecom':{},'address':null}",
    "{'resourceType':'CommunicationRequest','extension':{'url':'http://hl7.org/fhir/5.0/StructureDefinition/extension-CommunicationRequest.intent'}}",
    "{'resourceType':'Immunization','extension':[5],'recorded':[],'protocolApplied':[{'doseNumberPositiveInt':'1'}]}",
    "{'resourceType':'Bundle','entry':[{'resource':{'resourceType':'Bundle','entry':[{'resource':{'resourceType':5}}]}}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint direction = 0; direction < 2; direction++)
      {
        g_autoptr (JsonNode) node = parse (texts[i]);
        g_autoptr (GError) error = NULL;
        g_autoptr (JsonNode) there = mw_adapt_resource (node, direction ? R5 : R4, direction ? R4 : R5, &error);

        g_assert_true ((there == NULL) == (error != NULL));
        if (there != NULL)
          {
            g_autoptr (JsonNode) back = mw_adapt_resource (there, direction ? R4 : R5, direction ? R5 : R4, NULL);

            assert_equal (back, node);
          }
      }
}

/* ---- every example of the specifications ----------------------------- */

static void
check_example (const char *path,
               gboolean    is_r5,
               guint      *adapted,
               guint      *refused)
{
  g_autofree char *data = NULL;
  gsize            size = 0;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonNode) there = NULL;
  g_autoptr (JsonNode) back = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_str_has_suffix (path, ".json") || !g_file_get_contents (path, &data, &size, NULL))
    return;
  node = mw_json_parse (data, (gssize) size, NULL);
  if (node == NULL || mw_resource_type (node) == NULL)
    return;
  there = mw_adapt_resource (node, is_r5 ? R5 : R4, is_r5 ? R4 : R5, &error);
  if (there == NULL)
    {
      g_autofree char *name = g_path_get_basename (path);

      g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_VERSION);
      g_test_message ("%s: %s", name, error->message);
      (*refused)++;
      return;
    }
  back = mw_adapt_resource (there, is_r5 ? R4 : R5, is_r5 ? R5 : R4, &error);
  g_assert_no_error (error);
  assert_equal (back, node);
  {
    g_autofree char *one = mw_json_to_text (there, FALSE);
    g_autoptr (JsonNode) reread = mw_json_parse (one, -1, &error);

    g_assert_no_error (error);
    assert_equal (reread, there);
  }
  (*adapted)++;
}

static void
test_examples (void)
{
  const char *root = g_getenv ("MW_TEST_EXAMPLES");
  g_autoptr (GDir) dir = root != NULL ? g_dir_open (root, 0, NULL) : NULL;
  const char *folder;
  guint       adapted = 0, refused = 0;

  if (dir == NULL)
    {
      g_test_skip ("No FHIR examples at MW_TEST_EXAMPLES: what is adapted was not tried on them");
      return;
    }
  while ((folder = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (root, folder, NULL);
      g_autoptr (GDir) files = g_dir_open (path, 0, NULL);
      const char *file;

      while (files != NULL && (file = g_dir_read_name (files)) != NULL)
        {
          g_autofree char *full = g_build_filename (path, file, NULL);

          check_example (full, g_str_has_suffix (folder, "r5"), &adapted, &refused);
        }
    }
  g_test_message ("%u examples there and back, %u refused", adapted, refused);
  g_assert_cmpuint (adapted, >, 100);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *path = g_strconcat ("/fhir/adapt/pair/", pairs[i].name, NULL);

      g_autofree char *reading = g_strconcat ("/fhir/adapt/reading/", pairs[i].name, NULL);

      g_test_add_data_func (path, &pairs[i], test_pair);
      g_test_add_data_func (reading, &pairs[i], test_reading);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strconcat ("/fhir/adapt/refused/", refusals[i].name, NULL);

      g_test_add_data_func (path, &refusals[i], test_refusal);
    }
  g_test_add_func ("/fhir/adapt/versions", test_versions);
  g_test_add_func ("/fhir/adapt/decimals", test_decimals);
  g_test_add_func ("/fhir/adapt/hostile", test_hostile);
  g_test_add_func ("/fhir/adapt/examples", test_examples);
  return g_test_run ();
}
