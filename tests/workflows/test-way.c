/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One draft, and receivers that differ in what they can do, in what they refuse and in which FHIR they read: each is
 * reached by its own way, once */

#include "mw-identity.h"
#include "mw-learned.h"
#include "mw-reference.h"
#include "mw-workflow.h"

#include <string.h>

#define HOME "http://home.invalid/fhir"
#define THERE "http://there.invalid/fhir"
#define CREATED G_GINT64_CONSTANT (1767268800000000)
#define IDENTITY "6ba7b810-9dad-41d1-80b4-00c04fd430c8"

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

static JsonNode *
parse (const char *text)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  JsonNode *node = mw_json_parse (quoted, -1, &error);

  g_assert_no_error (error);
  return node;
}

/* A statement with all of TYPES */
static MwCapability *
statement (const char *version,
           const char *system,   /* of rest */
           const char *resource) /* of each type */
{
  g_auto (GStrv) types = g_strsplit (TYPES, " ", -1);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;

  g_string_append_printf (text, "{'resourceType':'CapabilityStatement','fhirVersion':'%s','rest':[{'mode':'server',%s'resource':[", version, system);
  for (guint i = 0; types[i] != NULL; i++)
    g_string_append_printf (text, "%s{'type':'%s','interaction':[{'code':'create'},{'code':'update'}]%s}", i > 0 ? "," : "", types[i], resource);
  g_string_append (text, "]}]}");
  node = parse (text->str);
  return mw_capability_new (node, NULL);
}

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
} Sending;

static MwPlan *
plan_with (const Sending *sending,
           MwCapability  *capability,
           GError       **error)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (sending->draft), "'", '"');
  g_autoptr (MwDraft) draft = mw_draft_new_from_text (quoted, NULL);
  g_autoptr (GPtrArray) resources = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_autofree char *content = g_strnfill (sending->file, 'x');
  g_autoptr (GBytes) data = g_bytes_new (content, sending->file);
  g_autoptr (JsonNode) patient = parse (PATIENT);
  g_autoptr (JsonNode) me = parse (ME);
  g_autoptr (JsonNode) recipient = parse (ORGANIZATION);
  g_autoptr (JsonNode) target = sending->target != NULL ? parse (sending->target) : NULL;
  MwPlanFile    file = { "Letter.pdf", "application/pdf", data };
  MwPlanContext context = { .identity = IDENTITY,
                            .created = CREATED,
                            .base = sending->at_home ? HOME : THERE,
                            .capability = capability,
                            .home_base = HOME,
                            .home_version = sending->home_version,
                            .me = HOME "/Practitioner/me",
                            .me_resource = me,
                            .patient = patient,
                            .recipient = recipient,
                            .target = target,
                            .resources = resources,
                            .files = files };

  g_assert_nonnull (draft);
  for (guint i = 0; i < G_N_ELEMENTS (sending->records) && sending->records[i] != NULL; i++)
    g_ptr_array_add (resources, parse (sending->records[i]));
  if (sending->file > 0)
    g_ptr_array_add (files, &file);
  return mw_workflow_for_kind (draft->kind)->plan (draft, &context, error);
}

static const MwPlannedRequest *
request_at (MwPlan *plan,
            guint   index)
{
  g_assert_cmpuint (index, <, plan->requests->len);
  return g_ptr_array_index (plan->requests, index);
}

static JsonNode *
body_of (const MwPlannedRequest *request)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = mw_json_parse (g_bytes_get_data (request->body, NULL), (gssize) g_bytes_get_size (request->body), &error);

  g_assert_no_error (error);
  return node;
}

/* The part of @type in a plan, however it travels */
static JsonNode *
find_part (MwPlan     *plan,
           const char *type)
{
  for (guint i = 0; i < plan->requests->len; i++)
    {
      g_autoptr (JsonNode) body = body_of (request_at (plan, i));
      guint n = mw_json_length (body, "entry");

      if (mw_resource_is (body, type))
        return g_steal_pointer (&body);
      for (guint k = 0; k < n; k++)
        {
          JsonNode *resource = mw_json_get (mw_json_item (body, "entry", k), "resource");

          if (mw_resource_is (resource, type))
            return mw_json_copy (resource);
        }
    }
  return NULL;
}

/* ---- three receivers ---------------------------------------------------- */

static const Sending push = { "{'kind':'push','note':'As promised','subject':'Records'}", { PROCEDURE, OBSERVATION }, NULL, 8, FALSE, MW_FHIR_VERSION_R4 };

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

/* ---- refused, learned, planned again ------------------------------------ */

/* A receiver that says it can do everything, and refuses some of it; it keeps a ledger of what took effect */
typedef struct
{
  const char *const *refuses; /* words of mw-learned.h */
  gsize              limit;
  GHashTable        *effects; /* our identifier, or type and public identifier → how often */
  GHashTable        *done;    /* identities of requests that were accepted */
} Receiver;

static void
take_effect (Receiver *self,
             JsonNode *resource)
{
  guint            n = mw_json_length (resource, "identifier");
  const char      *value = mw_json_string (mw_json_item (resource, "identifier", n > 0 ? n - 1 : 0), "value");
  g_autofree char *key = g_strdup_printf ("%s %s", mw_resource_type (resource), value);
  guint            count = GPOINTER_TO_UINT (g_hash_table_lookup (self->effects, key));

  if (!mw_resource_is (resource, "MessageHeader"))
    g_hash_table_replace (self->effects, g_steal_pointer (&key), GUINT_TO_POINTER (count + 1));
}

/* What the receiver makes of one request: TRUE, or the word that it taught */
static gboolean
receive (Receiver               *self,
         const MwPlannedRequest *request,
         char                  **word)
{
  gsize            size = request->body != NULL ? g_bytes_get_size (request->body) : 0;
  const char      *unconditional = NULL;
  g_autofree char *create = NULL;
  g_autoptr (JsonNode) body = NULL;
  guint n;

  if (self->limit > 0 && size > self->limit)
    {
      *word = mw_planned_request_refused_word (request, TRUE);
      return FALSE;
    }
  *word = mw_planned_request_refused_word (request, FALSE);
  /* what refuses the create refuses it with a condition, too */
  unconditional = g_str_has_prefix (*word, "conditional-create:") ? strchr (*word, ':') : NULL;
  create = unconditional != NULL ? g_strconcat ("create", unconditional, NULL) : g_strdup (*word);
  if (g_strv_contains (self->refuses, *word) || g_strv_contains (self->refuses, create))
    return FALSE;
  g_clear_pointer (word, g_free);
  body = body_of (request);
  n = mw_json_length (body, "entry");
  for (guint i = 0; i < n; i++)
    take_effect (self, mw_json_get (mw_json_item (body, "entry", i), "resource"));
  if (n == 0)
    take_effect (self, body);
  return TRUE;
}

/* As the engine does it: what is done stays done, a refusal is learned and the rest planned again. Returns the ways */
static char *
deliver (Receiver      *self,
         const Sending *sending,
         MwCapability  *said,
         GError       **error)
{
  g_autofree char *learned = NULL;
  g_autoptr (GString) ways = g_string_new (NULL);

  for (guint round = 0; round < 20; round++)
    {
      g_auto (GStrv) words = mw_learned_parse (learned);
      g_autoptr (MwCapability) capability = mw_capability_with_refused (said, (const char *const *) words);
      g_autoptr (MwPlan) plan = plan_with (sending, capability, error);
      g_autofree char *word = NULL;

      if (plan == NULL)
        return NULL;
      if (!g_str_has_suffix (ways->str, plan->way))
        g_string_append_printf (ways, "%s%s", ways->len > 0 ? " → " : "", plan->way);
      for (guint i = 0; i < plan->requests->len; i++)
        {
          const MwPlannedRequest *request = request_at (plan, i);

          if (g_hash_table_contains (self->done, request->identity))
            continue;
          if (!receive (self, request, &word))
            break;
          g_hash_table_add (self->done, g_strdup (request->identity));
        }
      if (word == NULL)
        return g_string_free (g_steal_pointer (&ways), FALSE);
      {
        char *longer = mw_learned_add (learned, word);

        /* nothing new was learned: it would go on for ever */
        g_assert_cmpstr (longer, !=, learned);
        g_free (learned);
        learned = longer;
      }
    }
  g_assert_not_reached ();
}

static void
assert_once (Receiver *self,
             guint     n_effects)
{
  GHashTableIter iter;
  gpointer       key, count;

  g_assert_cmpuint (g_hash_table_size (self->effects), ==, n_effects);
  g_hash_table_iter_init (&iter, self->effects);
  while (g_hash_table_iter_next (&iter, &key, &count))
    if (GPOINTER_TO_UINT (count) != 1)
      g_error ("%s took effect %u times", (char *) key, GPOINTER_TO_UINT (count));
}

typedef struct
{
  const char *name;
  const char *refuses[8];
  gsize       limit;
  gboolean    client_ids;
  guint       effects;
  const char *ways;
} Refusing;

static const Refusing refusing[] = {
  { "nothing", { NULL }, 0, FALSE, 5, "as one message" },
  { "messages", { "process-message" }, 0, FALSE, 5, "as one message → as one transaction" },
  { "transactions", { "process-message", "transaction" }, 0, FALSE, 5, "as one message → as one transaction → resource by resource" },
  { "conditions", { "process-message", "transaction", "conditional-create:Observation", "conditional-create:Patient", "conditional-create:Communication" }, 0, FALSE, 5, "as one message → as one transaction → resource by resource" },
  { "ids", { "process-message", "transaction", "conditional-create:Observation", "update-create:Observation" }, 0, TRUE, 5, "as one message → as one transaction → resource by resource" },
  /* the content is worth more than the covering note */
  { "communications", { "process-message", "transaction", "create:Communication" }, 0, FALSE, 4, "as one message → as one transaction → resource by resource" },
  { "room", { NULL }, 3000, FALSE, 5, "as one message → as one transaction → resource by resource" },
};

static Receiver
new_receiver (const Refusing *row)
{
  return (Receiver){ (const char *const *) row->refuses, row->limit, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                     g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
}

static void
clear_receiver (Receiver *self)
{
  g_hash_table_unref (self->effects);
  g_hash_table_unref (self->done);
}

static void
test_refusing (gconstpointer data)
{
  static const char *const versions[] = { "4.0.1", "5.0.0" };
  const Refusing          *row = data;

  for (gsize i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      Receiver receiver = new_receiver (row);
      Sending  sending = push;
      g_autoptr (MwCapability) said = statement (versions[i], MESSAGES, row->client_ids ? CONDITIONAL ",'updateCreate':true" : CONDITIONAL);
      g_autoptr (GError) error = NULL;
      g_autofree char *ways = NULL;

      sending.file = 1200;
      ways = deliver (&receiver, &sending, said, &error);
      g_assert_no_error (error);
      assert_once (&receiver, row->effects);
      if (i == 0)
        g_assert_cmpstr (ways, ==, row->ways);
      clear_receiver (&receiver);
    }
}

/* No way is left: a sentence, and nothing more is tried */
static void
test_no_way (void)
{
  static const struct
  {
    Refusing    row;
    Sending     sending;
    int         code;
    const char *words;
  } cases[] = {
    { { "task", { "transaction", "create:Task" } }, { "{'kind':'referral','service':'Cardiology'}" }, MW_FHIR_ERROR_NOT_FHIR, "Task" },
    { { "message", { "transaction", "create:Communication" } }, { "{'kind':'message','note':'Hello'}" }, MW_FHIR_ERROR_NOT_FHIR, "Message" },
    { { "room", { "process-message" }, 1000 }, { "{'kind':'push'}", { NULL }, NULL, 5000 }, MW_FHIR_ERROR_TOO_LARGE, "Letter.pdf" },
    { { "edit", { "update:Task" } }, { "{'kind':'referral','action':'accept'}", { NULL }, TASK, 0, TRUE }, MW_FHIR_ERROR_NOT_FHIR, "message instead" },
    { { "edit-request", { "update:Task" } }, { "{'kind':'request','action':'decline','note':'x'}", { NULL }, TASK, 0, TRUE }, MW_FHIR_ERROR_NOT_FHIR, "message instead" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Receiver receiver = new_receiver (&cases[i].row);
      g_autoptr (MwCapability) said = statement ("4.0.1", MESSAGES, CONDITIONAL);
      g_autoptr (GError) error = NULL;
      g_autofree char *ways = deliver (&receiver, &cases[i].sending, said, &error);

      g_assert_null (ways);
      g_assert_error (error, MW_FHIR_ERROR, cases[i].code);
      if (strstr (error->message, cases[i].words) == NULL)
        g_error ("%s", error->message);
      clear_receiver (&receiver);
    }
}

/* The parts of an item are the same things whatever the way: by their identifiers an effect is recognised */
static void
test_identities (void)
{
  static const char *const types[] = { "Patient", "Procedure", "Observation", "DocumentReference", "Communication" };
  static const char *const no_messages[] = { "process-message", NULL };
  static const char *const nothing[] = { "process-message", "transaction", NULL };
  g_autoptr (MwCapability) said = statement ("4.0.1", MESSAGES, CONDITIONAL);
  g_autoptr (MwCapability) second = mw_capability_with_refused (said, no_messages);
  g_autoptr (MwCapability) third = mw_capability_with_refused (said, nothing);
  g_autoptr (MwCapability) other = statement ("5.0.0", TRANSACTIONS, "");
  g_autoptr (MwPlan) message = plan_with (&push, said, NULL);
  g_autoptr (MwPlan) transaction = plan_with (&push, second, NULL);
  g_autoptr (MwPlan) single = plan_with (&push, third, NULL);
  g_autoptr (MwPlan) r5 = plan_with (&push, other, NULL);
  MwPlan *plans[] = { message, transaction, single, r5 };

  for (gsize t = 0; t < G_N_ELEMENTS (types); t++)
    {
      g_autofree char *first = NULL;

      for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
        {
          g_autoptr (JsonNode) part = find_part (plans[i], types[t]);
          JsonNode        *identifiers = mw_json_get (part, "identifier");
          g_autofree char *text = NULL;

          g_assert_nonnull (identifiers);
          text = mw_json_to_text (identifiers, FALSE);
          if (first == NULL)
            first = g_steal_pointer (&text);
          else
            g_assert_cmpstr (first, ==, text);
        }
    }
  /* what is looked up in one way is what was sent in another */
  for (guint i = 1; i < single->requests->len; i++)
    {
      g_autofree char *urn = mw_identity_urn (request_at (single, i)->identity);
      g_autofree char *escaped = g_uri_escape_string (urn, NULL, FALSE);

      g_assert_nonnull (strstr (request_at (single, i)->lookup, escaped));
    }
}

static void
test_words (void)
{
  static const struct
  {
    const char *method;
    const char *url;
    gboolean    condition;
    gboolean    edit;
    const char *word;
  } cases[] = {
    { "POST", "", FALSE, FALSE, "transaction" },
    { "POST", "$process-message", FALSE, FALSE, "process-message" },
    { "POST", "Patient/$match", FALSE, FALSE, "operation:Patient/$match" },
    { "POST", "$submit", FALSE, FALSE, "operation:$submit" },
    { "POST", "Task", TRUE, FALSE, "conditional-create:Task" },
    { "POST", "Communication", FALSE, FALSE, "create:Communication" },
    { "PUT", "Task/6ba7b810-9dad-41d1-80b4-00c04fd430c8", FALSE, FALSE, "update-create:Task" },
    { "PUT", "Task/7", FALSE, TRUE, "update:Task" },
    { "GET", "Task/7", FALSE, FALSE, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static ("0123456789", 10);
      g_autoptr (JsonNode) edit = cases[i].edit ? mw_json_object_new () : NULL;
      MwPlannedRequest request = { .method = (char *) cases[i].method,
                                   .url = (char *) cases[i].url,
                                   .if_none_exist = cases[i].condition ? (char *) "identifier=x" : NULL,
                                   .edit = edit,
                                   .body = body };
      g_autofree char *word = mw_planned_request_refused_word (&request, FALSE);
      g_autofree char *size = mw_planned_request_refused_word (&request, TRUE);

      g_assert_cmpstr (word, ==, cases[i].word);
      g_assert_cmpstr (size, ==, "max-body:9");
    }
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
  for (gsize i = 0; i < G_N_ELEMENTS (refusing); i++)
    {
      g_autofree char *path = g_strconcat ("/workflows/way/refusing/", refusing[i].name, NULL);

      g_test_add_data_func (path, &refusing[i], test_refusing);
    }
  g_test_add_func ("/workflows/way/no-way", test_no_way);
  g_test_add_func ("/workflows/way/identities", test_identities);
  g_test_add_func ("/workflows/way/words", test_words);
  return g_test_run ();
}
