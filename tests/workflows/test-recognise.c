/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What arriving resources mean, what can be done with them, and what they settle */

#include "mw-identity.h"
#include "mw-json.h"
#include "mw-workflow.h"

#include <string.h>

#define BASE "http://home.invalid/fhir"

static char *me[] = { (char *) BASE "/Practitioner/me", (char *) BASE "/PractitionerRole/r1", (char *) BASE "/CareTeam/t1", NULL };

static JsonNode *order;

static JsonNode *
lookup (const char *reference,
        gpointer    user_data)
{
  return g_str_equal (reference, BASE "/ServiceRequest/s1") ? order : NULL;
}

static MwArrival
arrival_of (JsonNode   *node,
            const char *reference)
{
  return (MwArrival){ .resource = node, .base = BASE, .reference = reference, .home = TRUE, .me = me, .lookup = lookup };
}

static char *
reference_of (JsonNode *node)
{
  return g_strdup_printf ("%s/%s/%s", BASE, mw_resource_type (node), mw_resource_id (node) != NULL ? mw_resource_id (node) : "x");
}

static MwMeaning *
recognise (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = mw_json_parse (text, -1, &error);
  g_autofree char *reference = NULL;
  MwArrival        arrival;

  g_assert_no_error (error);
  reference = reference_of (node);
  arrival = arrival_of (node, reference);
  return mw_workflows_recognise (&arrival);
}

static gboolean
has_key (MwMeaning  *meaning,
         const char *key)
{
  g_auto (GStrv) keys = g_strv_builder_end (meaning->keys);

  g_strv_builder_addv (meaning->keys, (const char **) keys);
  return g_strv_contains ((const char *const *) keys, key);
}

/* ---- alerts ---------------------------------------------------------- */

/* Da Vinci Alerts 1.1.0, CodeSystem notification-event, with what a clinician reads */
static const char *const events[][2] = {
  { "notification-admit", "Admitted" },
  { "notification-discharge", "Discharged" },
  { "notification-transfer", "Transferred" },
  { "notification-referral", "Referral" },
  { "notification-new-condition", "New condition" },
  { "notification-lab-report", "Laboratory report" },
  { "notification-tx-change", "Treatment changed" },
  { "notification-tx-issue", "Problem with the treatment" },
  { "notification-care-team-change", "Care team changed" },
  { "notification-coverage-change", "Coverage changed" },
  { "notification-progress-update", "Progress update" },
  { "notification-summary-report", "Summary report" },
  { "notification-appointment-reminder", "Appointment reminder" },
  { "notification-refill-request", "Refill request" },
  { "notification-phone-consult", "Telephone consultation" },
  { "notification-ordered-device", "Device ordered" },
  { "notification-prior-auth-notice", "Prior authorization notice" },
  { "notification-social-determinants-change", "Social circumstances changed" },
  { "notification-public-health", "Public health notice" },
  { "notification-outpatient-visit", "Outpatient visit" },
  { "notification-vitals", "Birth or death" },
  { "notification-pharmacy", "Pharmacy notice" },
  { "notification-workers-comp", "Workers' compensation notice" },
};

#define PATIENT_ENTRY "{\"fullUrl\":\"urn:uuid:00000000-0000-4000-8000-000000000002\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"a\",\"name\":[{\"text\":\"Erika Muster\"}]}}"

static char *
message (const char *event,
         const char *class,
         const char *more)
{
  return g_strdup_printf ("{\"resourceType\":\"Bundle\",\"id\":\"b1\",\"type\":\"message\",\"timestamp\":\"2026-01-01T12:00:00Z\",\"entry\":["
                          "{\"fullUrl\":\"urn:uuid:00000000-0000-4000-8000-000000000001\",\"resource\":{\"resourceType\":\"MessageHeader\",\"id\":\"00000000-0000-4000-8000-000000000001\","
                          "\"eventCoding\":{\"system\":\"http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event\",\"code\":\"%s\"},"
                          "\"sender\":{\"display\":\"Mercy Hospital\"},\"source\":{\"endpoint\":\"http://mercy.invalid/fhir\"},"
                          "\"focus\":[{\"reference\":\"urn:uuid:00000000-0000-4000-8000-000000000003\"}]}}," PATIENT_ENTRY ",{\"fullUrl\":\"urn:uuid:00000000-0000-4000-8000-000000000003\",\"resource\":{\"resourceType\":\"Encounter\",\"id\":\"e\",\"status\":\"in-progress\","
                          "\"class\":{\"code\":\"%s\"},\"subject\":{\"reference\":\"urn:uuid:00000000-0000-4000-8000-000000000002\"}}}%s]}",
                          event, class, more);
}

static void
test_events (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    {
      g_autofree char *text = message (events[i][0], "X", "");
      g_autoptr (MwMeaning) meaning = recognise (text);

      g_assert_cmpstr (meaning->kind, ==, MW_KIND_ALERT);
      g_assert_true (meaning->entry);
      g_assert_cmpstr (meaning->subject, ==, events[i][1]);
      g_assert_cmpstr (meaning->sender, ==, "Mercy Hospital");
      g_assert_cmpstr (meaning->patient_name, ==, "Erika Muster");
      g_assert_nonnull (meaning->patient_resource);
      g_assert_cmpint (meaning->sent, ==, G_GINT64_CONSTANT (1767268800000000));
      g_assert_null (meaning->warning);
    }
}

static void
test_classes (void)
{
  static const struct
  {
    const char *class;
    const char *subject;
    guint       priority;
  } rows[] = {
    { "EMER", "Admitted: emergency department", 1 },
    { "IMP", "Admitted: inpatient", 0 },
    { "AMB", "Admitted: ambulatory", 0 },
    { "HH", "Admitted: at home", 0 },
    { "VR", "Admitted: virtual", 0 },
    { "??", "Admitted", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = message ("notification-admit", rows[i].class, "");
      g_autoptr (MwMeaning) meaning = recognise (text);

      g_assert_cmpstr (meaning->subject, ==, rows[i].subject);
      g_assert_cmpuint (meaning->priority, ==, rows[i].priority);
    }
}

/* A replay in a new envelope is the same event; another message is not */
static void
test_replay (void)
{
  g_autofree char *text = message ("notification-admit", "IMP", "");
  g_auto (GStrv) halves = g_strsplit (text, "\"id\":\"b1\"", 2);
  g_autofree char *again = g_strjoinv ("\"id\":\"b2\"", halves);
  g_auto (GStrv) parts = g_strsplit (text, "\"id\":\"00000000-0000-4000-8000-000000000001\"", 2);
  g_autofree char *other = g_strjoinv ("\"id\":\"00000000-0000-4000-8000-000000000009\"", parts);
  g_autoptr (MwMeaning) one = recognise (text);
  g_autoptr (MwMeaning) two = recognise (again);
  g_autoptr (MwMeaning) three = recognise (other);

  g_assert_cmpstr (one->identity, ==, two->identity);
  g_assert_cmpstr (one->identity, !=, three->identity);
}

static void
test_two_patients (void)
{
  g_autofree char *text = message ("notification-admit", "IMP", ",{\"fullUrl\":\"urn:uuid:00000000-0000-4000-8000-000000000005\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"z\"}}");
  g_autoptr (MwMeaning) meaning = recognise (text);

  g_assert_nonnull (meaning->warning);
  g_assert_cmpstr (meaning->patient_name, ==, "Erika Muster");
}

/* A message whose parts are not what they should be is still one that a person sees */
static void
test_broken_messages (void)
{
  static const char *const texts[] = {
    "{\"resourceType\":\"Bundle\",\"type\":\"message\"}",
    "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":[]}",
    "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":[null,1,{\"resource\":{\"resourceType\":\"MessageHeader\",\"focus\":{},\"eventCoding\":[]}}]}",
    "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":[{\"resource\":{\"resourceType\":\"MessageHeader\",\"eventUri\":\"http://x/y/\",\"focus\":[{\"reference\":\"#\"}]}}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (MwMeaning) meaning = recognise (texts[i]);

      g_assert_nonnull (meaning);
      g_assert_true (meaning->subject != NULL && *meaning->subject != '\0');
      g_assert_nonnull (meaning->identity);
    }
}

/* ---- Communications, Tasks, orders ----------------------------------- */

typedef struct
{
  const char *name;
  const char *text;
  const char *kind; /* NULL: nobody's */
  gboolean    entry;
  const char *subject; /* part of it */
  const char *action;  /* that must be offered; with '!' that must not */
} Row;

#define COMMUNICATION(members) "{\"resourceType\":\"Communication\",\"id\":\"c1\",\"status\":\"completed\"" members "}"
#define TO_ME ",\"recipient\":[{\"reference\":\"Practitioner/me\"}]"
#define TASK(status, members) "{\"resourceType\":\"Task\",\"id\":\"t1\",\"status\":\"" status "\",\"intent\":\"order\"" members "}"
#define OWNED ",\"owner\":{\"reference\":\"Practitioner/me\"},\"requester\":{\"display\":\"Dr Rossi\"}"
#define MINE ",\"requester\":{\"reference\":\"Practitioner/me\"},\"owner\":{\"display\":\"Mercy Hospital\"}"
#define REFERRAL ",\"focus\":{\"reference\":\"ServiceRequest/s1\"}"

static const Row rows[] = {
  { "message", COMMUNICATION (TO_ME ",\"sender\":{\"display\":\"Dr Rossi\"},\"payload\":[{\"contentString\":\"Hello there\"}]"), "message", TRUE, "Hello there", "reply" },
  { "message-topic", COMMUNICATION (TO_ME ",\"topic\":{\"text\":\"Discharge\"},\"payload\":[{\"contentString\":\"Hello\"}]"), "message", TRUE, "Discharge", "forward" },
  { "message-mine", COMMUNICATION (",\"sender\":{\"reference\":\"PractitionerRole/r1\"},\"payload\":[{\"contentString\":\"Hello\"}]"), "message", FALSE, "Hello", NULL },
  { "message-r5", COMMUNICATION (TO_ME ",\"payload\":[{\"contentAttachment\":{\"contentType\":\"text/plain\",\"data\":\"SGVsbG8gYWdhaW4=\"}}]"), "message", TRUE, "Hello again", NULL },
  { "message-empty", COMMUNICATION (TO_ME), "message", TRUE, "Message", NULL },
  { "thread-header", "{\"resourceType\":\"Communication\",\"id\":\"c0\",\"status\":\"in-progress\",\"topic\":{\"text\":\"Ward 3\"}}", "message", FALSE, "Ward 3", NULL },
  { "message-error", "{\"resourceType\":\"Communication\",\"id\":\"c0\",\"status\":\"entered-in-error\",\"payload\":[{\"contentString\":\"No\"}]}", "message", TRUE, "No", NULL },
  { "alert", COMMUNICATION (TO_ME ",\"category\":[{\"coding\":[{\"code\":\"alert\"}]}],\"payload\":[{\"contentString\":\"She fell\"}]"), "alert", TRUE, "She fell", "acknowledge" },
  { "alert-mine", COMMUNICATION (",\"category\":[{\"coding\":[{\"code\":\"alert\"}]}],\"sender\":{\"reference\":\"Practitioner/me\"},\"payload\":[{\"contentString\":\"She fell\"}]"),
    "alert", FALSE, "She fell", NULL },
  { "referral-requested", TASK ("requested", OWNED REFERRAL), "referral", TRUE, "Referral: Cardiology", "accept" },
  { "referral-received", TASK ("received", OWNED REFERRAL), "referral", TRUE, "Referral: Cardiology", "decline" },
  { "referral-accepted", TASK ("accepted", OWNED REFERRAL), "referral", TRUE, "Referral: Cardiology", "complete" },
  { "referral-done", TASK ("completed", OWNED REFERRAL), "referral", TRUE, "Referral: Cardiology", "!accept" },
  { "referral-draft", TASK ("draft", OWNED REFERRAL), "referral", FALSE, "Referral: Cardiology", NULL },
  { "referral-team", TASK ("requested", ",\"owner\":{\"reference\":\"CareTeam/t1\"}" REFERRAL), "referral", TRUE, "Referral: Cardiology", "accept" },
  { "sent-requested", TASK ("requested", MINE REFERRAL), "referral", FALSE, "Your referral: Cardiology", "!accept" },
  { "sent-accepted", TASK ("accepted", MINE REFERRAL), "referral", TRUE, "Mercy Hospital accepted your referral: Cardiology", "!complete" },
  { "sent-rejected", TASK ("rejected", MINE REFERRAL), "referral", TRUE, "Mercy Hospital declined your referral: Cardiology", NULL },
  { "sent-progress", TASK ("in-progress", MINE REFERRAL), "referral", FALSE, "Your referral: Cardiology", NULL },
  { "sent-completed", TASK ("completed", MINE REFERRAL), "referral", TRUE, "Mercy Hospital completed your referral: Cardiology", "!accept" },
  { "sent-failed", TASK ("failed", MINE REFERRAL), "referral", TRUE, "could not carry out your referral", NULL },
  { "request-code", TASK ("requested", OWNED ",\"input\":[{\"type\":{\"coding\":[{\"code\":\"data-code\"}]},\"valueCodeableConcept\":{\"text\":\"the discharge letter\"}}]"),
    "request", TRUE, "Asks for: the discharge letter", "answer" },
  { "request-query", TASK ("requested", OWNED ",\"input\":[{\"type\":{\"coding\":[{\"code\":\"data-query\"}]},\"valueString\":\"Condition?patient=1\"}]"), "request", TRUE, "Asks for: Condition", "decline" },
  { "request-text", TASK ("in-progress", OWNED ",\"description\":\"Please call me\""), "request", TRUE, "Asks for: Please call me", "answer" },
  { "request-done", TASK ("completed", OWNED ",\"description\":\"Please call me\""), "request", TRUE, "Please call me", "!answer" },
  { "request-communication",
    "{\"resourceType\":\"CommunicationRequest\",\"id\":\"q1\",\"status\":\"active\"" TO_ME ",\"payload\":[{\"contentString\":\"The letter, please\"}]}", "request", TRUE, "The letter, please", "answer" },
  { "ask-completed", TASK ("completed", MINE ",\"description\":\"The letter\""), "ask", TRUE, "Mercy Hospital answered: The letter", "acknowledge" },
  { "ask-rejected", TASK ("rejected", MINE ",\"description\":\"The letter\""), "ask", TRUE, "declined your question", NULL },
  { "ask-waiting", TASK ("requested", MINE ",\"description\":\"The letter\""), "ask", FALSE, "The letter", NULL },
  { "ask-communication", "{\"resourceType\":\"CommunicationRequest\",\"id\":\"q1\",\"status\":\"active\",\"requester\":{\"reference\":\"Practitioner/me\"},\"payload\":[{\"contentString\":\"x\"}]}",
    "ask", FALSE, "x", NULL },
  { "order", "{\"resourceType\":\"ServiceRequest\",\"id\":\"s2\",\"status\":\"active\",\"intent\":\"order\",\"code\":{\"text\":\"MRI\"},\"performer\":[{\"reference\":\"Practitioner/me\"}]}", "referral",
    TRUE, "Referral: MRI", "!accept" },
  { "order-r5", "{\"resourceType\":\"ServiceRequest\",\"id\":\"s2\",\"status\":\"active\",\"code\":{\"concept\":{\"text\":\"MRI\"}},\"performer\":[{\"reference\":\"Practitioner/me\"}]}", "referral", TRUE,
    "Referral: MRI", NULL },
  { "order-others", "{\"resourceType\":\"ServiceRequest\",\"id\":\"s2\",\"status\":\"active\",\"code\":{\"text\":\"MRI\"},\"performer\":[{\"reference\":\"Practitioner/other\"}]}", "referral", FALSE, "MRI",
    NULL },
  { "document", "{\"resourceType\":\"Bundle\",\"id\":\"d1\",\"type\":\"document\",\"entry\":[{\"resource\":{\"resourceType\":\"Composition\",\"title\":\"Discharge letter\"}}]}", "push", TRUE,
    "Document: Discharge letter", "acknowledge" },
  { "collection", "{\"resourceType\":\"Bundle\",\"id\":\"d1\",\"type\":\"collection\",\"entry\":[{\"resource\":{\"resourceType\":\"Observation\",\"code\":{\"text\":\"K\"}}}]}", "push", TRUE, "1 part", NULL },
  { "notification-backport",
    "{\"resourceType\":\"Bundle\",\"id\":\"n1\",\"type\":\"history\",\"entry\":[{\"resource\":{\"resourceType\":\"Parameters\",\"meta\":{\"profile\":["
    "\"http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-status-r4\"]},\"parameter\":["
    "{\"name\":\"subscription\",\"valueReference\":{\"reference\":\"Subscription/1\"}},{\"name\":\"status\",\"valueCode\":\"active\"},{\"name\":\"type\",\"valueCode\":\"event-notification\"},"
    "{\"name\":\"notification-event\",\"part\":[{\"name\":\"event-number\",\"valueString\":\"2\"},{\"name\":\"focus\",\"valueReference\":{\"reference\":\"Encounter/7\"}}]}]}},"
    "{\"resource\":{\"resourceType\":\"Encounter\",\"id\":\"7\",\"status\":\"in-progress\",\"class\":{\"code\":\"EMER\"}}}]}",
    "alert", TRUE, "News: ", "acknowledge" },
  { "notification-r5",
    "{\"resourceType\":\"Bundle\",\"id\":\"n1\",\"type\":\"subscription-notification\",\"entry\":[{\"resource\":{\"resourceType\":\"SubscriptionStatus\",\"status\":\"active\",\"type\":\"event-notification\","
    "\"subscription\":{\"reference\":\"Subscription/1\"},\"notificationEvent\":[{\"eventNumber\":\"3\",\"focus\":{\"reference\":\"Encounter/7\"}}]}}]}",
    "alert", TRUE, "1 event of a subscription", NULL },
  { "notification-heartbeat",
    "{\"resourceType\":\"Bundle\",\"id\":\"n1\",\"type\":\"subscription-notification\",\"entry\":[{\"resource\":{\"resourceType\":\"SubscriptionStatus\",\"status\":\"active\",\"type\":\"heartbeat\","
    "\"subscription\":{\"reference\":\"Subscription/1\"}}}]}",
    "alert", FALSE, "", NULL },
  { "observation", "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"status\":\"final\",\"code\":{\"text\":\"K\"}}", NULL, FALSE, NULL, NULL },
  { "patient", "{\"resourceType\":\"Patient\",\"id\":\"p1\"}", NULL, FALSE, NULL, NULL },
  { "unknown-type", "{\"resourceType\":\"Whatever\",\"id\":\"w1\"}", NULL, FALSE, NULL, NULL },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (MwMeaning) meaning = recognise (row->text);
  g_autoptr (JsonNode) node = NULL;
  const MwAction *actions;

  if (row->kind == NULL)
    {
      g_assert_null (meaning);
      return;
    }
  g_assert_nonnull (meaning);
  g_assert_cmpstr (meaning->kind, ==, row->kind);
  g_assert_cmpint (meaning->entry, ==, row->entry);
  if (strstr (meaning->subject, row->subject) == NULL)
    g_error ("\"%s\"", meaning->subject);
  g_assert_nonnull (meaning->identity);
  node = mw_json_parse (row->text, -1, NULL);
  {
    g_autofree char *reference = reference_of (node);

    g_assert_true (has_key (meaning, reference));
  }
  actions = mw_workflow_actions (meaning->kind, node, meaning->state, me, BASE);
  g_assert_nonnull (actions);
  for (const MwAction *action = actions; action->name != NULL; action++)
    {
      g_assert_true (mw_action_label (action) != NULL && *mw_action_label (action) != '\0');
      g_assert_cmpint (action->compose_kind != NULL, ==, action->effect == MW_EFFECT_COMPOSE);
      /* what is sent is not offered again while it travels */
      g_assert_cmpint (action->becomes != NULL, ==, action->effect == MW_EFFECT_SEND);
      if (action->becomes != NULL)
        g_assert_null (mw_action_find (mw_workflow_actions (meaning->kind, node, action->becomes, me, BASE), action->name));
    }
  if (row->action != NULL && row->action[0] == '!')
    g_assert_null (mw_action_find (actions, row->action + 1));
  else if (row->action != NULL)
    g_assert_nonnull (mw_action_find (actions, row->action));
}

/* ---- the same thing said in R5 ----------------------------------------- */

#define HEADER "{\"resource\":{\"resourceType\":\"MessageHeader\",\"id\":\"00000000-0000-4000-8000-000000000001\",\"focus\":[{\"reference\":\"urn:uuid:00000000-0000-4000-8000-000000000003\"}],"
#define ENCOUNTER "{\"fullUrl\":\"urn:uuid:00000000-0000-4000-8000-000000000003\",\"resource\":{\"resourceType\":\"Encounter\",\"id\":\"e\","
#define MESSAGE(header, encounter) "{\"resourceType\":\"Bundle\",\"id\":\"b1\",\"type\":\"message\",\"entry\":[" HEADER header "}}," PATIENT_ENTRY "," ENCOUNTER encounter "}}]}"

typedef struct
{
  const char *name;
  const char *r4;
  const char *r5;
  const char *subject;
  const char *preview;
  guint       priority;
} Versions;

static const Versions versions[] = {
  { "task", TASK ("rejected", MINE ",\"statusReason\":{\"text\":\"No beds\"},\"description\":\"The letter\""),
    TASK ("rejected", MINE ",\"statusReason\":{\"concept\":{\"text\":\"No beds\"}},\"description\":\"The letter\""), "declined your question", "No beds", 0 },
  { "task-reason", TASK ("requested", OWNED ",\"reasonCode\":{\"text\":\"Audit\"}"), TASK ("requested", OWNED ",\"reason\":[{\"concept\":{\"text\":\"Audit\"}}]"), "Asks for", "Audit", 0 },
  { "order",
    "{\"resourceType\":\"ServiceRequest\",\"id\":\"s2\",\"status\":\"active\",\"code\":{\"text\":\"MRI\"},\"reasonCode\":[{\"text\":\"Knee\"}],\"performer\":[{\"reference\":\"Practitioner/me\"}]}",
    "{\"resourceType\":\"ServiceRequest\",\"id\":\"s2\",\"status\":\"active\",\"code\":{\"concept\":{\"text\":\"MRI\"}},\"reason\":[{\"reference\":{\"reference\":\"Condition/1\"}},"
    "{\"concept\":{\"text\":\"Knee\"}}],\"performer\":[{\"reference\":\"Practitioner/me\"}]}",
    "Referral: MRI", "Knee", 0 },
  { "communication", "{\"resourceType\":\"Communication\",\"id\":\"c1\",\"status\":\"completed\",\"payload\":[{\"contentString\":\"She is better\"}]}",
    "{\"resourceType\":\"Communication\",\"id\":\"c1\",\"status\":\"completed\",\"payload\":[{\"contentCodeableConcept\":{\"text\":\"She is better\"}}]}", "She is better", "She is better", 0 },
  { "communication-reason", "{\"resourceType\":\"Communication\",\"id\":\"c1\",\"status\":\"completed\",\"reasonCode\":[{\"text\":\"Fall\"}]}",
    "{\"resourceType\":\"Communication\",\"id\":\"c1\",\"status\":\"completed\",\"reason\":[{\"concept\":{\"text\":\"Fall\"}}]}", "Fall", NULL, 0 },
  { "request",
    "{\"resourceType\":\"CommunicationRequest\",\"id\":\"q1\",\"status\":\"active\"" TO_ME ",\"payload\":[{\"contentString\":\"The letter, please\"}]}",
    "{\"resourceType\":\"CommunicationRequest\",\"id\":\"q1\",\"status\":\"active\",\"intent\":\"order\"" TO_ME ",\"payload\":[{\"contentCodeableConcept\":{\"text\":\"The letter, please\"}}]}",
    "The letter, please", "The letter, please", 0 },
  { "emergency", MESSAGE ("\"eventCoding\":{\"code\":\"notification-admit\"},\"source\":{\"endpoint\":\"http://mercy.invalid/fhir\"}", "\"status\":\"in-progress\",\"class\":{\"code\":\"EMER\"}"),
    MESSAGE ("\"eventCoding\":{\"code\":\"notification-admit\"},\"source\":{\"endpointUrl\":\"http://mercy.invalid/fhir\"}",
             "\"status\":\"in-progress\",\"class\":[{\"coding\":[{\"code\":\"EMER\"}]}]"),
    "Admitted: emergency department", NULL, 1 },
  { "death",
    MESSAGE ("\"eventCoding\":{\"code\":\"notification-discharge\"},\"source\":{\"endpoint\":\"http://mercy.invalid/fhir\"}",
             "\"status\":\"finished\",\"class\":{\"code\":\"IMP\"},\"hospitalization\":{\"dischargeDisposition\":{\"coding\":[{\"code\":\"exp\"}]}}"),
    MESSAGE ("\"eventCoding\":{\"code\":\"notification-discharge\"},\"source\":{\"endpointUrl\":\"http://mercy.invalid/fhir\"}",
             "\"status\":\"completed\",\"class\":[{\"coding\":[{\"code\":\"IMP\"}]}],\"admission\":{\"dischargeDisposition\":{\"coding\":[{\"code\":\"exp\"}]}}"),
    "Died in hospital", NULL, 1 },
  { "answered",
    MESSAGE ("\"eventCoding\":{\"code\":\"notification-admit\"},\"response\":{\"identifier\":\"6ba7b810-9dad-41d1-80b4-00c04fd430c8\",\"code\":\"fatal-error\"}",
             "\"status\":\"planned\",\"class\":{\"code\":\"AMB\"}"),
    MESSAGE ("\"eventCoding\":{\"code\":\"notification-admit\"},\"response\":{\"identifier\":{\"value\":\"urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8\"},\"code\":\"fatal-error\"}",
             "\"status\":\"planned\",\"class\":[{\"coding\":[{\"code\":\"AMB\"}]}]"),
    "A message of yours was refused", NULL, 0 },
};

static void
test_version (gconstpointer data)
{
  const Versions *row = data;
  g_autoptr (MwMeaning) r4 = recognise (row->r4);
  g_autoptr (MwMeaning) r5 = recognise (row->r5);
  g_auto (GStrv) keys = g_strv_builder_end (r4->keys);
  g_auto (GStrv) keys5 = g_strv_builder_end (r5->keys);

  g_assert_nonnull (strstr (r5->subject, row->subject));
  if (row->preview != NULL)
    {
      g_assert_cmpstr (r4->preview, ==, row->preview);
      g_assert_cmpstr (r5->preview, ==, row->preview);
    }
  g_assert_cmpuint (r5->priority, ==, row->priority);
  g_assert_cmpstr (r4->kind, ==, r5->kind);
  g_assert_cmpint (r4->entry, ==, r5->entry);
  g_assert_cmpstr (r4->subject, ==, r5->subject);
  g_assert_cmpstr (r4->sender, ==, r5->sender);
  g_assert_cmpstr (r4->identity, ==, r5->identity);
  g_assert_cmpstr (r4->state, ==, r5->state);
  g_assert_cmpuint (r4->priority, ==, r5->priority);
  g_assert_true (g_strv_equal ((const char *const *) keys, (const char *const *) keys5));
}

/* Whom an R5 Task is meant for: by name, in two places, or by what he is */
static void
test_requested_performer (void)
{
  static const struct
  {
    const char *who;
    const char *kind;
  } cases[] = {
    { "\"requestedPerformer\":[{\"concept\":{\"text\":\"A nurse\"}},{\"reference\":{\"reference\":\"Practitioner/me\"}}],\"owner\":{\"reference\":\"Organization/o9\"}", "request" },
    { "\"performer\":[{\"actor\":{\"reference\":\"Practitioner/me\"}}],\"owner\":{\"reference\":\"Organization/o9\"}", "request" },
    { "\"requestedPerformer\":[{\"reference\":{\"reference\":\"Practitioner/other\"}}],\"owner\":{\"reference\":\"Organization/o9\"}", "ask" },
    { "\"requestedPerformer\":[{\"concept\":{\"text\":\"A nurse\"}}]", "request" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"Task\",\"id\":\"t1\",\"status\":\"requested\",\"intent\":\"order\",%s}", cases[i].who);
      g_autoptr (MwMeaning) meaning = recognise (text);

      g_assert_cmpstr (meaning->kind, ==, cases[i].kind);
    }
}

/* A topic is a URL; a clinician reads its name */
static void
test_topic (void)
{
  g_autoptr (MwMeaning) meaning =
      recognise ("{\"resourceType\":\"Bundle\",\"id\":\"n2\",\"type\":\"subscription-notification\",\"entry\":[{\"resource\":{\"resourceType\":\"SubscriptionStatus\","
                 "\"status\":\"active\",\"type\":\"event-notification\",\"topic\":\"http://example.org/SubscriptionTopic/encounter-start|1.0\","
                 "\"subscription\":{\"reference\":\"Subscription/1\"},\"notificationEvent\":[{\"eventNumber\":\"3\"}]}}]}");

  g_assert_cmpstr (meaning->preview, ==, "encounter start");
}

/* Any shape: no crash, and what is an entry has words */
static void
test_shapes (void)
{
  static const char *const values[] = { "null", "0", "\"\"", "\"x\"", "[]", "{}", "[null]", "[[]]", "[{}]", "{\"reference\":{}}", "{\"coding\":[null]}", "true" };
  static const char *const types[] = { "Communication", "Task", "ServiceRequest", "CommunicationRequest", "Bundle" };
  static const char *const members[] = { "status", "subject", "for", "sender", "recipient", "payload", "focus", "input", "output", "code", "category", "owner", "requester",
                                         "identifier", "partOf", "basedOn", "entry", "type", "timestamp", "topic", "priority", "meta", "id", "note", "reasonCode", "lastModified" };

  for (gsize t = 0; t < G_N_ELEMENTS (types); t++)
    for (gsize m = 0; m < G_N_ELEMENTS (members); m++)
      for (gsize v = 0; v < G_N_ELEMENTS (values); v++)
        {
          g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"%s\",\"%s\":%s}", types[t], members[m], values[v]);
          g_autoptr (MwMeaning) meaning = recognise (text);

          g_assert_nonnull (meaning);
          g_assert_nonnull (meaning->identity);
          g_assert_true (!meaning->entry || (meaning->subject != NULL && *meaning->subject != '\0'));
        }
}

/* ---- settling -------------------------------------------------------- */

typedef struct
{
  const char *name;
  const char *kind;
  const char *part; /* of the item that the arriving resource is; NULL: somebody else's */
  const char *text;
  gboolean    news;
  gboolean    answered;
  const char *detail;
} Settling;

static const Settling settlings[] = {
  { "accepted", "referral", "task", TASK ("accepted", ""), TRUE, FALSE, "Accepted" },
  { "completed", "referral", "task", TASK ("completed", ""), TRUE, TRUE, "Completed" },
  { "rejected", "referral", "task", TASK ("rejected", ",\"statusReason\":{\"text\":\"No room\"}"), TRUE, TRUE, "No room" },
  { "cancelled", "referral", "task", TASK ("cancelled", ""), TRUE, TRUE, "Cancelled" },
  { "requested", "referral", "task", TASK ("requested", ""), FALSE, FALSE, NULL },
  { "others", "referral", NULL, TASK ("completed", ""), FALSE, FALSE, NULL },
  { "ask", "ask", "task", TASK ("completed", ""), TRUE, TRUE, "Completed" },
  { "ask-reply", "ask", NULL, COMMUNICATION (",\"sender\":{\"display\":\"Dr Rossi\"}"), TRUE, TRUE, "Dr Rossi" },
  { "reply", "message", NULL, COMMUNICATION (",\"sender\":{\"display\":\"Dr Rossi\"}"), TRUE, TRUE, "Dr Rossi" },
  { "own-copy", "message", "communication", COMMUNICATION (""), FALSE, FALSE, NULL },
  { "own-word", "message", NULL, COMMUNICATION (",\"sender\":{\"reference\":\"Practitioner/me\"}"), FALSE, FALSE, NULL },
  { "push-reply", "push", NULL, COMMUNICATION (",\"sender\":{\"display\":\"Dr Rossi\"}"), TRUE, TRUE, "Dr Rossi" },
};

static void
test_settle (gconstpointer data)
{
  const Settling  *s = data;
  g_autofree char *identity = mw_identity_new ();
  g_autoptr (MwDraft) draft = mw_draft_new (s->kind);
  g_autoptr (JsonNode) parsed = mw_json_parse (s->text, -1, NULL);
  g_autoptr (JsonNode) node = mw_json_copy (parsed);
  MwArrival    arrival = arrival_of (node, BASE "/X/1");
  MwSettlement settlement = { 0 };

  if (s->part != NULL)
    {
      g_autofree char *derived = mw_identity_derive (identity, s->part);

      mw_identity_stamp (node, derived);
    }
  g_assert_cmpint (mw_workflow_for_kind (s->kind)->settle (draft, identity, &arrival, &settlement), ==, s->news);
  g_assert_cmpint (settlement.answered, ==, s->answered);
  if (s->detail != NULL)
    g_assert_nonnull (strstr (settlement.detail, s->detail));
  g_free (settlement.detail);
}

int
main (int    argc,
      char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  order = mw_json_parse ("{\"resourceType\":\"ServiceRequest\",\"id\":\"s1\",\"status\":\"active\",\"code\":{\"text\":\"Cardiology\"}}", -1, NULL);
  g_test_add_func ("/workflows/recognise/events", test_events);
  g_test_add_func ("/workflows/recognise/classes", test_classes);
  g_test_add_func ("/workflows/recognise/replay", test_replay);
  g_test_add_func ("/workflows/recognise/two-patients", test_two_patients);
  g_test_add_func ("/workflows/recognise/broken-messages", test_broken_messages);
  g_test_add_func ("/workflows/recognise/topic", test_topic);
  g_test_add_func ("/workflows/recognise/shapes", test_shapes);
  g_test_add_func ("/workflows/recognise/requested-performer", test_requested_performer);
  for (gsize i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      g_autofree char *path = g_strconcat ("/workflows/recognise/versions/", versions[i].name, NULL);

      g_test_add_data_func (path, &versions[i], test_version);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/workflows/recognise/rows/%s", rows[i].name);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (settlings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/workflows/settle/%s", settlings[i].name);

      g_test_add_data_func (path, &settlings[i], test_settle);
    }
  result = g_test_run ();
  json_node_unref (order);
  return result;
}
