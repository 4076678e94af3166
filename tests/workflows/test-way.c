/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One draft, and receivers that differ in what they can do and in which FHIR they read: each is reached by its own way */

#include "receivers.h"

#include <string.h>

static void
test_full_r4 (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwCapability) capability = statement ("4.0.1", MESSAGES, CONDITIONAL);
  g_autoptr (MwPlan) plan = plan_with (&push, capability, &error);
  g_autoptr (JsonNode) header = NULL, communication = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (plan->requests->len, ==, 1);
  g_assert_cmpstr (request_at (plan, 0)->url, ==, "$process-message");
  g_assert_cmpstr (plan->way, ==, "as one message");
  header = find_part (plan, "MessageHeader");
  g_assert_cmpstr (mw_json_string (header, "source.endpoint"), ==, HOME);
  communication = find_part (plan, "Communication");
  g_assert_cmpstr (mw_json_string (communication, "payload[0].contentString"), ==, "As promised");
}

/* FHIR R5, by the definitions of 5.0.0 */
static void
test_r5 (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwCapability) capability = statement ("5.0.0", TRANSACTIONS, CONDITIONAL);
  g_autoptr (MwPlan) plan = plan_with (&push, capability, &error);
  g_autoptr (JsonNode) communication = NULL, procedure = NULL, document = NULL, observation = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (plan->requests->len, ==, 1);
  g_assert_cmpstr (request_at (plan, 0)->url, ==, "");
  g_assert_true (request_at (plan, 0)->repeatable);
  g_assert_cmpstr (plan->way, ==, "as one transaction, in FHIR R5");
  communication = find_part (plan, "Communication");
  g_assert_cmpstr (mw_json_string (communication, "payload[0].contentCodeableConcept.text"), ==, "As promised");
  g_assert_false (mw_json_has (communication, "payload[0].contentString"));
  procedure = find_part (plan, "Procedure");
  g_assert_cmpstr (mw_json_string (procedure, "occurrenceDateTime"), ==, "2026-01-01");
  g_assert_false (mw_json_has (procedure, "performedDateTime"));
  /* the link to what goes along, in its new place */
  g_assert_true (g_str_has_prefix (mw_json_string (procedure, "reason[0].reference.reference"), "urn:uuid:"));
  document = find_part (plan, "DocumentReference");
  g_assert_cmpstr (mw_json_string (document, "content[0].attachment.size"), ==, "8");
  observation = find_part (plan, "Observation");
  text = mw_json_to_text (observation, FALSE);
  g_assert_nonnull (strstr (text, "4.10"));
}

/* Neither messages nor transactions nor conditions: each create can be looked up before it is repeated */
static void
test_limited (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwCapability) capability = statement ("4.0.1", "'interaction':[{'code':'batch'}],", ",'conditionalCreate':false");
  g_autoptr (MwPlan) plan = plan_with (&push, capability, &error);
  static const char *const types[] = { "Patient", "Procedure", "Observation", "DocumentReference", "Communication" };

  g_assert_no_error (error);
  g_assert_cmpuint (plan->requests->len, ==, G_N_ELEMENTS (types));
  g_assert_cmpstr (plan->way, ==, "resource by resource");
  for (guint i = 0; i < plan->requests->len; i++)
    {
      const MwPlannedRequest *request = request_at (plan, i);
      g_autofree char        *lookup = g_strconcat (types[i], "?identifier=", NULL);

      g_assert_cmpstr (request->method, ==, "POST");
      g_assert_cmpstr (request->url, ==, types[i]);
      g_assert_null (request->if_none_exist);
      g_assert_false (request->repeatable);
      g_assert_true (g_str_has_prefix (request->lookup, lookup));
    }
}

/* Every kind that a person can send, to an R5 receiver */
static void
test_all_kinds_r5 (void)
{
  static const struct
  {
    Sending     sending;
    const char *type;
    const char *path;
    const char *value;
  } kinds[] = {
    { { "{'kind':'message','note':'Hello'}" }, "Communication", "payload[0].contentCodeableConcept.text", "Hello" },
    { { "{'kind':'alert','note':'She fell'}", { OBSERVATION } }, "MessageHeader", "source.endpointUrl", HOME },
    { { "{'kind':'ask','note':'What was found?'}" }, "Task", "input[0].valueCodeableConcept.text", "What was found?" },
    { { "{'kind':'referral','service':'Cardiology','reason':'Palpitations'}", { OBSERVATION } }, "ServiceRequest", "code.concept.text", "Cardiology" },
    { { "{'kind':'referral','service':'Cardiology','reason':'Palpitations'}", { OBSERVATION } }, "ServiceRequest", "reason[0].concept.text", "Palpitations" },
    { { "{'kind':'request','action':'answer','note':'Here'}", { NULL }, REQUEST, 0, TRUE }, "Communication", "payload[0].contentCodeableConcept.text", "Here" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MwCapability) capability = statement ("5.0.0", MESSAGES, CONDITIONAL);
      g_autoptr (MwPlan) plan = plan_with (&kinds[i].sending, capability, &error);
      g_autoptr (JsonNode) part = NULL;

      g_assert_no_error (error);
      g_assert_true (g_str_has_suffix (plan->way, "in FHIR R5"));
      part = find_part (plan, kinds[i].type);
      g_assert_nonnull (part);
      g_assert_cmpstr (mw_json_string (part, kinds[i].path), ==, kinds[i].value);
    }
}

/* A CommunicationRequest has an intent in R5, and must have it */
static void
test_ask_without_tasks (void)
{
  static const Sending     ask = { "{'kind':'ask','note':'What was found?'}" };
  static const char *const refused[] = { "create:Task", NULL };
  g_autoptr (MwCapability) r5 = statement ("5.0.0", "", CONDITIONAL);
  g_autoptr (MwCapability) r4 = statement ("4.0.1", "", CONDITIONAL);
  g_autoptr (MwCapability) r5_learned = mw_capability_with_refused (r5, refused);
  g_autoptr (MwCapability) r4_learned = mw_capability_with_refused (r4, refused);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwPlan) plan = plan_with (&ask, r5_learned, &error);
  g_autoptr (MwPlan) plan4 = plan_with (&ask, r4_learned, NULL);
  g_autoptr (JsonNode) request = NULL, request4 = NULL;

  g_assert_no_error (error);
  request = find_part (plan, "CommunicationRequest");
  request4 = find_part (plan4, "CommunicationRequest");
  g_assert_cmpstr (mw_json_string (request, "intent"), ==, "order");
  g_assert_false (mw_json_has (request, "extension"));
  g_assert_false (mw_json_has (request4, "intent"));
  g_assert_false (mw_json_has (request4, "extension"));
}

/* A home connection that speaks R5: its records reach an R4 receiver in R4, ours reach it in R5 */
static void
test_home_r5 (void)
{
  static const Sending out = { "{'kind':'push','note':'x'}", { PROCEDURE_R5 }, NULL, 0, FALSE, MW_FHIR_VERSION_R5 };
  static const Sending decline = { "{'kind':'referral','action':'decline','note':'No beds'}", { NULL }, TASK, 0, TRUE, MW_FHIR_VERSION_R5 };
  g_autoptr (GError) error = NULL;
  g_autoptr (MwCapability) r4 = statement ("4.0.1", TRANSACTIONS, CONDITIONAL);
  g_autoptr (MwCapability) r5 = statement ("5.0.0", TRANSACTIONS, CONDITIONAL);
  g_autoptr (MwPlan) plan = plan_with (&out, r4, &error);
  g_autoptr (MwPlan) there = plan_with (&out, r5, NULL);
  g_autoptr (MwPlan) declined = plan_with (&decline, r5, NULL);
  g_autoptr (MwPlan) declined4 = plan_with (&decline, r4, NULL);
  g_autoptr (JsonNode) procedure = NULL, untouched = NULL;
  g_autofree char *edit = NULL, *edit4 = NULL;

  g_assert_no_error (error);
  procedure = find_part (plan, "Procedure");
  untouched = find_part (there, "Procedure");
  g_assert_cmpstr (mw_json_string (procedure, "performedDateTime"), ==, "2026-01-01");
  g_assert_cmpstr (mw_json_string (procedure, "reasonReference[0].reference"), ==, HOME "/Observation/ob1");
  g_assert_cmpstr (mw_json_string (untouched, "occurrenceDateTime"), ==, "2026-01-01");
  edit = mw_json_to_text (request_at (declined, 0)->edit, FALSE);
  edit4 = mw_json_to_text (request_at (declined4, 0)->edit, FALSE);
  g_assert_nonnull (strstr (edit, "statusReason.concept.text"));
  g_assert_nonnull (strstr (edit4, "\"statusReason.text\""));
}

static void
test_in_the_way (void)
{
  static const Sending arrived = { "{'kind':'push','note':'x'}", { ENCOUNTER } };
  g_autoptr (MwCapability) r4 = statement ("4.0.1", MESSAGES, CONDITIONAL);
  g_autoptr (MwCapability) r4b = statement ("4.3.0", MESSAGES, CONDITIONAL);
  g_autoptr (MwCapability) r5 = statement ("5.0.0", MESSAGES, CONDITIONAL);
  g_autoptr (MwCapability) r3 = statement ("3.0.2", "", CONDITIONAL);
  g_autoptr (MwPlan) plan = plan_with (&arrived, r4, NULL);
  g_autoptr (MwPlan) same = plan_with (&arrived, r4b, NULL);
  g_autoptr (GError) error = NULL, old = NULL;

  g_assert_nonnull (plan);
  g_assert_cmpstr (same->way, ==, "as one message");
  g_assert_null (plan_with (&arrived, r5, &error));
  g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_VERSION);
  g_assert_nonnull (strstr (error->message, "Encounter"));
  g_assert_nonnull (strstr (error->message, "R5"));
  g_assert_null (plan_with (&arrived, r3, &old));
  g_assert_error (old, MW_FHIR_ERROR, MW_FHIR_ERROR_VERSION);
  g_assert_nonnull (strstr (old->message, "STU3"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workflows/way/full-r4", test_full_r4);
  g_test_add_func ("/workflows/way/r5", test_r5);
  g_test_add_func ("/workflows/way/limited", test_limited);
  g_test_add_func ("/workflows/way/all-kinds-r5", test_all_kinds_r5);
  g_test_add_func ("/workflows/way/ask-without-tasks", test_ask_without_tasks);
  g_test_add_func ("/workflows/way/home-r5", test_home_r5);
  g_test_add_func ("/workflows/way/in-the-way", test_in_the_way);
  return g_test_run ();
}
