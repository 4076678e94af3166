/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What drafts become, for every kind and everything a server can do: the same identities every time, only
 * references that the receiver can follow, and FHIR that a strict server takes */

#include "mw-identity.h"
#include "mw-issues.h"
#include "mw-reference.h"
#include "mw-validate.h"
#include "mw-workflow.h"

#include <string.h>

#define HOME "http://home.invalid/fhir"
#define THERE "http://there.invalid/r4"
#define CREATED G_GINT64_CONSTANT (1767268800000000)

/* ---- what there is to send ------------------------------------------- */

static const char *const texts[] = {
  "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"meta\":{\"versionId\":\"7\",\"lastUpdated\":\"2026-01-01T00:00:00Z\"},"
  "\"identifier\":[{\"system\":\"urn:oid:1.2.3\",\"value\":\"4711\"}],\"name\":[{\"family\":\"Muster\",\"given\":[\"Erika\"]}],"
  "\"generalPractitioner\":[{\"reference\":\"Practitioner/me\"}],\"managingOrganization\":{\"reference\":\"Organization/o1\"}}",
  "{\"resourceType\":\"Practitioner\",\"id\":\"me\",\"identifier\":[{\"system\":\"http://hl7.org/fhir/sid/us-npi\",\"value\":\"1234567893\"}],\"name\":[{\"text\":\"Dr Me\"}]}",
  "{\"resourceType\":\"Organization\",\"id\":\"o2\",\"identifier\":[{\"system\":\"urn:oid:9.9\",\"value\":\"77\"}],\"name\":\"Mercy Hospital\"}",
  "{\"resourceType\":\"Observation\",\"id\":\"ob1\",\"meta\":{\"versionId\":\"1\"},\"status\":\"final\",\"code\":{\"text\":\"Potassium\"},"
  "\"subject\":{\"reference\":\"Patient/p1\"},\"performer\":[{\"reference\":\"Practitioner/me\"}],\"valueQuantity\":{\"value\":4.1,\"unit\":\"mmol/l\"}}",
  "{\"resourceType\":\"DiagnosticReport\",\"id\":\"dr1\",\"status\":\"final\",\"code\":{\"text\":\"Electrolytes\"},"
  "\"subject\":{\"reference\":\"http://home.invalid/fhir/Patient/p1\"},\"result\":[{\"reference\":\"Observation/ob1\"}]}",
  "{\"resourceType\":\"QuestionnaireResponse\",\"id\":\"qr1\",\"status\":\"completed\",\"subject\":{\"reference\":\"Patient/p1\"},\"author\":{\"reference\":\"Practitioner/me\"}}",
  "{\"resourceType\":\"Task\",\"id\":\"t1\",\"status\":\"requested\",\"intent\":\"order\",\"focus\":{\"reference\":\"ServiceRequest/s1\"},"
  "\"for\":{\"reference\":\"Patient/p1\"},\"requester\":{\"reference\":\"Organization/o2\"},\"owner\":{\"reference\":\"Practitioner/me\"},\"authoredOn\":\"2026-01-01T10:00:00Z\"}",
  "{\"resourceType\":\"CommunicationRequest\",\"id\":\"cr1\",\"status\":\"active\",\"subject\":{\"reference\":\"Patient/p1\"},\"requester\":{\"reference\":\"Organization/o2\"},"
  "\"recipient\":[{\"reference\":\"Practitioner/me\"}],\"payload\":[{\"contentString\":\"Please send the letter\"}]}",
  "{\"resourceType\":\"Communication\",\"id\":\"c1\",\"status\":\"completed\",\"sender\":{\"reference\":\"Organization/o2\"},\"partOf\":[{\"reference\":\"Communication/c0\"}],"
  "\"payload\":[{\"contentString\":\"Hello\"}]}",
};

enum
{
  PATIENT,
  ME,
  RECIPIENT,
  OBSERVATION,
  REPORT,
  FORM,
  TASK,
  REQUEST,
  COMMUNICATION,
};

static JsonNode *nodes[G_N_ELEMENTS (texts)];

typedef struct
{
  const char *name;
  const char *system;   /* of rest[0] */
  const char *resource; /* of each type */
  gboolean    no_task;
} Ability;

static const Ability abilities[] = {
  { "unknown", NULL, NULL, FALSE },
  { "nothing", "", "", FALSE },
  { "conditional", "", ",\"conditionalCreate\":true", FALSE },
  { "client-ids", "", ",\"conditionalCreate\":false,\"updateCreate\":true", FALSE },
  { "transaction", "\"interaction\":[{\"code\":\"transaction\"}],", "", FALSE },
  { "transaction-conditional", "\"interaction\":[{\"code\":\"transaction\"}],", ",\"conditionalCreate\":true", FALSE },
  { "message", "\"operation\":[{\"name\":\"process-message\"}],", ",\"conditionalCreate\":true", FALSE },
  { "no-tasks", "", ",\"conditionalCreate\":true", TRUE },
};

static MwCapability *
capability_of (const Ability *ability)
{
  static const char *const types[] = { "Communication", "CommunicationRequest", "Patient", "ServiceRequest", "Task", "DocumentReference",
                                       "Observation", "DiagnosticReport", "QuestionnaireResponse", "Binary" };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;

  if (ability->system == NULL)
    return NULL;
  g_string_append_printf (text, "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\",\"rest\":[{\"mode\":\"server\",%s\"resource\":[", ability->system);
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    g_string_append_printf (text, "%s{\"type\":\"%s\"%s,\"interaction\":[%s{\"code\":\"read\"},{\"code\":\"update\"},{\"code\":\"search-type\"}]}", i > 0 ? "," : "", types[i],
                            ability->resource, ability->no_task && g_str_equal (types[i], "Task") ? "" : "{\"code\":\"create\"},");
  g_string_append (text, "]}]}");
  node = mw_json_parse (text->str, (gssize) text->len, NULL);
  g_assert_nonnull (node);
  return mw_capability_new (node, NULL);
}

typedef struct
{
  const char *name;
  const char *draft;
  gint        target;
  guint       resources; /* bits of the record's */
  gboolean    file;
} Sending;

#define RECORD ((1u << REPORT) | (1u << OBSERVATION) | (1u << FORM))

static const Sending sendings[] = {
  { "message", "{\"kind\":\"message\",\"note\":\"Hello\",\"subject\":\"About her\"}", -1, 0, FALSE },
  { "message-more", "{\"kind\":\"message\",\"note\":\"Hello\",\"urgency\":\"urgent\"}", -1, RECORD, TRUE },
  { "message-reply", "{\"kind\":\"message\",\"action\":\"reply\",\"note\":\"Yes\"}", COMMUNICATION, 0, FALSE },
  { "alert", "{\"kind\":\"alert\",\"note\":\"She fell\"}", -1, 0, FALSE },
  { "alert-more", "{\"kind\":\"alert\",\"note\":\"She fell\",\"urgency\":\"stat\"}", -1, RECORD, TRUE },
  { "push", "{\"kind\":\"push\",\"note\":\"As promised\"}", -1, RECORD, TRUE },
  { "push-file", "{\"kind\":\"push\"}", -1, 0, TRUE },
  { "push-patient", "{\"kind\":\"push\"}", -1, 1u << PATIENT, FALSE },
  { "ask-note", "{\"kind\":\"ask\",\"note\":\"What was found?\",\"by\":\"2026-02-01\"}", -1, 0, FALSE },
  { "ask-code", "{\"kind\":\"ask\",\"about\":[\"http://loinc.org|34117-2\",\"the letter\"],\"note\":\"Please\"}", -1, 0, FALSE },
  { "ask-query", "{\"kind\":\"ask\",\"about\":[\"Observation?code=1\"]}", -1, 0, FALSE },
  { "referral", "{\"kind\":\"referral\",\"service\":\"Cardiology\",\"reason\":\"Palpitations\",\"urgency\":\"asap\",\"by\":\"2026-02-01\",\"note\":\"Thanks\"}", -1, RECORD, TRUE },
  { "accept", "{\"kind\":\"referral\",\"action\":\"accept\"}", TASK, 0, FALSE },
  { "decline", "{\"kind\":\"referral\",\"action\":\"decline\",\"note\":\"Not our field\"}", TASK, 0, FALSE },
  { "complete", "{\"kind\":\"referral\",\"action\":\"complete\",\"note\":\"All is well\"}", TASK, 0, TRUE },
  { "answer", "{\"kind\":\"request\",\"action\":\"answer\",\"note\":\"Here it is\"}", TASK, RECORD, TRUE },
  { "answer-decline", "{\"kind\":\"request\",\"action\":\"decline\",\"note\":\"Not ours\"}", TASK, 0, FALSE },
  { "answer-communication", "{\"kind\":\"request\",\"action\":\"answer\",\"note\":\"Here it is\"}", REQUEST, 0, TRUE },
  { "decline-communication", "{\"kind\":\"request\",\"action\":\"decline\",\"note\":\"Not ours\"}", REQUEST, 0, FALSE },
};

typedef enum
{
  PLACE_HOME,
  PLACE_THERE,
  PLACE_THERE_KNOWN,
  N_PLACES,
} Place;

typedef struct
{
  const Sending *sending;
  const Ability *ability;
  Place          place;
} Case;

static MwPlan *
plan (const Case *c,
      const char *identity)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwDraft) draft = mw_draft_new_from_text (c->sending->draft, &error);
  g_autoptr (MwCapability) capability = capability_of (c->ability);
  g_autoptr (GPtrArray) resources = g_ptr_array_new ();
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_autoptr (GBytes) data = g_bytes_new_static ("%PDF-1.4", 8);
  MwPlanFile    file = { "Letter.pdf", "application/pdf", data };
  MwPlanContext context = {
    .identity = identity,
    .created = CREATED,
    .base = c->place == PLACE_HOME ? HOME : THERE,
    .capability = capability,
    .home_base = HOME,
    .me = HOME "/Practitioner/me",
    .me_resource = nodes[ME],
    .patient = nodes[PATIENT],
    .patient_there = c->place == PLACE_THERE_KNOWN ? "Patient/77" : NULL,
    .recipient = nodes[RECIPIENT],
    .target = c->sending->target >= 0 ? nodes[c->sending->target] : NULL,
    .resources = resources,
    .files = files,
  };
  MwPlan *result;

  g_assert_no_error (error);
  /* the report first, though it refers to the observation: as a person may tick them */
  for (guint i = G_N_ELEMENTS (nodes); i > 0; i--)
    if (c->sending->resources & (1u << (i - 1)))
      g_ptr_array_add (resources, nodes[i - 1]);
  if (c->sending->file)
    g_ptr_array_add (files, &file);
  result = mw_workflow_for_kind (draft->kind)->plan (draft, &context, &error);
  g_assert_no_error (error);
  g_assert_nonnull (result);
  return result;
}

/* ---- what must hold for each ----------------------------------------- */

typedef struct
{
  const Case *c;
  GHashTable *known; /* urn:uuid that the receiver can follow */
  JsonNode   *resource;
  gboolean    bundle;
} Check;

static char *
check_reference (const char *literal,
                 gpointer    user_data)
{
  Check *check = user_data;

  if (g_str_has_prefix (literal, "urn:uuid:"))
    {
      if (!g_hash_table_contains (check->known, literal))
        g_error ("A %s refers to %s, which is not there", mw_resource_type (check->resource), literal);
    }
  else if (check->bundle && check->c->place != PLACE_HOME && g_str_equal (literal, HOME "/Observation/ob1"))
    g_error ("A %s refers to what is beside it as if that were still at home", mw_resource_type (check->resource));
  else if (strstr (literal, "://") == NULL && *literal != '#' && check->c->place != PLACE_HOME && g_strcmp0 (literal, "Patient/77") != 0)
    g_error ("A %s refers to %s, which is no reference there", mw_resource_type (check->resource), literal);
  return NULL;
}

static void
validate (const Case *c,
          JsonNode   *resource)
{
  g_autoptr (MwIssues) issues = mw_issues_new ();

  if (!mw_validate (resource, NULL, c->place == PLACE_HOME ? HOME : THERE, issues))
    {
      g_autofree char *text = mw_json_to_text (resource, FALSE);
      JsonNode        *outcome = mw_issues_outcome (issues);
      g_autofree char *why = mw_json_to_text (outcome, FALSE);

      g_error ("%s\n%s", text, why);
    }
  g_assert_false (mw_json_has (resource, "meta.versionId"));
  g_assert_false (mw_json_has (resource, "meta.lastUpdated"));
}

static void
check_resource (Check    *check,
                JsonNode *resource)
{
  check->resource = resource;
  validate (check->c, resource);
  mw_reference_rewrite_all (resource, check_reference, check);
}

static void
check_bundle (Check            *check,
              MwPlannedRequest *request,
              JsonNode         *bundle)
{
  gboolean message = g_strcmp0 (mw_json_string (bundle, "type"), "message") == 0;
  guint    n = mw_json_length (bundle, "entry");
  guint    patients = 0;

  check->bundle = TRUE;
  validate (check->c, bundle);
  for (guint i = 0; i < n; i++)
    g_hash_table_add (check->known, g_strdup (mw_json_string (mw_json_item (bundle, "entry", i), "fullUrl")));
  for (guint i = 0; i < n; i++)
    {
      JsonNode *entry = mw_json_item (bundle, "entry", i);
      JsonNode *resource = mw_json_get (entry, "resource");

      patients += mw_resource_is (resource, "Patient");
      check_resource (check, resource);
      if (message)
        continue;
      g_assert_cmpstr (mw_json_string (entry, "request.method"), ==, "POST");
      g_assert_nonnull (mw_json_string (entry, "request.ifNoneExist"));
      g_assert_null (mw_resource_id (resource));
    }
  g_assert_cmpuint (patients, <=, 1);
  if (message)
    {
      /* Da Vinci Alerts 1.1.0: the message is read on its own */
      g_assert_true (mw_resource_is (mw_json_get (bundle, "entry[0].resource"), "MessageHeader"));
      g_assert_true (g_hash_table_contains (check->known, mw_json_string (bundle, "entry[0].resource.focus[0].reference")));
      g_assert_cmpstr (request->url, ==, "$process-message");
    }
  else
    g_assert_cmpstr (request->url, ==, "");
}

static void
check_request (Check            *check,
               MwPlannedRequest *request)
{
  gboolean promised = strstr (check->c->ability->name, "conditional") != NULL || g_str_equal (check->c->ability->name, "message") ||
                      g_str_equal (check->c->ability->name, "no-tasks");
  g_autoptr (JsonNode) body = NULL;

  g_assert_true (g_uuid_string_is_valid (request->identity));
  if (request->edit != NULL)
    {
      g_assert_cmpstr (request->method, ==, "PUT");
      g_assert_true (request->repeatable);
      return;
    }
  body = mw_json_parse (g_bytes_get_data (request->body, NULL), (gssize) g_bytes_get_size (request->body), NULL);
  g_assert_nonnull (body);
  if (mw_resource_is (body, "Bundle"))
    {
      check_bundle (check, request, body);
      if (g_str_equal (request->url, "$process-message"))
        return;
    }
  else
    {
      check_resource (check, body);
      g_assert_true (g_str_has_prefix (request->url, mw_resource_type (body)));
      g_assert_true (g_str_equal (request->method, "PUT") || mw_resource_id (body) == NULL);
    }
  /* a repeat is known for one, or the effect can be looked up; nothing is promised that the server has not */
  if (g_str_equal (request->method, "PUT"))
    g_assert_true (request->repeatable && g_str_has_suffix (request->url, request->identity));
  else
    {
      /* a condition on a create that there is not is no promise */
      if (check->c->ability->no_task && mw_resource_is (body, "Task"))
        promised = FALSE;
      g_assert_cmpint (request->repeatable, ==, promised);
    }
  g_assert_true (request->repeatable || request->lookup != NULL);
  {
    g_autofree char *urn = mw_identity_link (request->identity);

    g_hash_table_add (check->known, g_steal_pointer (&urn));
  }
}

static void
assert_same (MwPlan *one,
             MwPlan *other)
{
  g_assert_cmpuint (one->requests->len, ==, other->requests->len);
  for (guint i = 0; i < one->requests->len; i++)
    {
      MwPlannedRequest *a = one->requests->pdata[i];
      MwPlannedRequest *b = other->requests->pdata[i];

      g_assert_cmpstr (a->method, ==, b->method);
      g_assert_cmpstr (a->url, ==, b->url);
      g_assert_cmpstr (a->identity, ==, b->identity);
      g_assert_cmpstr (a->if_none_exist, ==, b->if_none_exist);
      g_assert_cmpstr (a->lookup, ==, b->lookup);
      if (a->body != NULL)
        g_assert_true (g_bytes_equal (a->body, b->body));
      if (a->edit != NULL)
        g_assert_true (json_node_equal (a->edit, b->edit));
    }
}

static void
test_plan (gconstpointer data)
{
  const Case      *c = data;
  g_autofree char *identity = mw_identity_new ();
  g_autofree char *other_identity = mw_identity_new ();
  g_autoptr (MwPlan) first = plan (c, identity);
  g_autoptr (MwPlan) second = plan (c, identity);
  g_autoptr (MwPlan) other = plan (c, other_identity);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) identities = g_hash_table_new (g_str_hash, g_str_equal);
  Check check = { c, known, NULL };

  g_assert_cmpuint (first->requests->len, >, 0);
  assert_same (first, second);
  for (guint i = 0; i < first->requests->len; i++)
    {
      check_request (&check, first->requests->pdata[i]);
      g_assert_true (g_hash_table_add (identities, ((MwPlannedRequest *) first->requests->pdata[i])->identity));
    }
  for (guint i = 0; i < other->requests->len; i++)
    g_assert_true (g_hash_table_add (identities, ((MwPlannedRequest *) other->requests->pdata[i])->identity));
  g_assert_nonnull (first->way);
  g_assert_cmpuint (first->lines->len, >, 0);
}

/* ---- refused before it leaves ---------------------------------------- */

static void
test_empty (void)
{
  static const char *const drafts[] = {
    "{\"kind\":\"message\"}",
    "{\"kind\":\"message\",\"note\":\"\"}",
    "{\"kind\":\"alert\"}",
    "{\"kind\":\"push\"}",
    "{\"kind\":\"ask\"}",
    "{\"kind\":\"referral\",\"reason\":\"none\"}",
    "{\"kind\":\"request\",\"action\":\"answer\"}",
    "{\"kind\":\"request\",\"note\":\"to nobody\"}",
    "{\"kind\":\"referral\",\"action\":\"accept\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (drafts); i++)
    for (guint patient = 0; patient < 2; patient++)
      {
        g_autoptr (MwDraft) draft = mw_draft_new_from_text (drafts[i], NULL);
        g_autoptr (GError) error = NULL;
        MwPlanContext context = { .identity = "6ba7b810-9dad-41d1-80b4-00c04fd430c8", .base = THERE, .home_base = HOME, .patient = patient ? nodes[PATIENT] : NULL };
        MwPlan       *result = mw_workflow_for_kind (draft->kind)->plan (draft, &context, &error);

        if (result != NULL)
          g_error ("%s became a plan", drafts[i]);
        g_assert_nonnull (error);
        g_assert_cmpuint (strlen (error->message), >, 10);
      }
}

static void
add_cases (void)
{
  for (gsize s = 0; s < G_N_ELEMENTS (sendings); s++)
    for (gsize a = 0; a < G_N_ELEMENTS (abilities); a++)
      for (guint place = 0; place < N_PLACES; place++)
        {
          g_autofree char *path = g_strdup_printf ("/workflows/plan/%s/%s/%u", sendings[s].name, abilities[a].name, place);
          Case            *c = g_new0 (Case, 1);

          /* answers go to where the request is, which is home here */
          if (place != PLACE_HOME && sendings[s].target >= 0 && sendings[s].target != COMMUNICATION)
            {
              g_free (c);
              continue;
            }
          c->sending = &sendings[s];
          c->ability = &abilities[a];
          c->place = (Place) place;
          g_test_add_data_func_full (path, c, test_plan, g_free);
        }
}

int
main (int    argc,
      char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      nodes[i] = mw_json_parse (texts[i], -1, NULL);
      g_assert_nonnull (nodes[i]);
    }
  add_cases ();
  g_test_add_func ("/workflows/plan/empty", test_empty);
  result = g_test_run ();
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    json_node_unref (nodes[i]);
  return result;
}
