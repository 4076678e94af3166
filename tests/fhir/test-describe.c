/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-describe.h"

#include <gio/gio.h>
#include <string.h>

/* The longest value that a reading pane takes without being asked */
#define MAX_VALUE 20100

typedef struct
{
  guint resources;
  guint files;
} Count;

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = mw_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return node;
}

static const char *
field (const MwDescription *description,
       const char          *label)
{
  for (guint i = 0; i < description->fields->len; i++)
    {
      MwDescriptionField *one = description->fields->pdata[i];

      if (g_str_equal (one->label, label))
        return one->value;
    }
  return NULL;
}

static gboolean
looks_like_json (const char *text)
{
  const char *brace = strchr (text, '{');

  return (brace != NULL && strchr (brace, '"') != NULL) || strstr (text, "resourceType") != NULL;
}

static void
check_text (const char *file,
            const char *text)
{
  if (looks_like_json (text) || strlen (text) > MAX_VALUE || !g_utf8_validate (text, -1, NULL))
    g_error ("%s: not fit to be read: %.200s", file, text);
}

static void
check_description (const char *file,
                   JsonNode   *resource,
                   JsonNode   *bundle,
                   Count      *count)
{
  MwDescribeContext context = { .bundle = bundle };
  g_autoptr (MwDescription) description = mw_describe (resource, &context);

  count->resources++;
  g_assert_nonnull (description->title);
  g_assert_cmpstr (description->title, !=, "");
  check_text (file, description->title);
  check_text (file, description->summary);
  for (guint i = 0; i < description->fields->len; i++)
    {
      MwDescriptionField *one = description->fields->pdata[i];

      g_assert_cmpstr (one->label, !=, "");
      check_text (file, one->label);
      check_text (file, one->value);
    }
  if (description->fields->len == 0 && description->narrative == NULL)
    g_error ("%s: a %s says nothing", file, mw_resource_type (resource));
  if (g_getenv ("MW_TEST_PRINT") != NULL)
    {
      g_autofree char *plain = NULL;

      g_clear_pointer (&description->narrative, mw_styled_text_free);
      plain = mw_description_to_plain (description);
      g_print ("# ===== %s %s\n%s", file, mw_resource_type (resource), plain);
    }
}

/* Every resource at any depth: contained, in Bundles, in Parameters */
static void
check_all (const char *file,
           JsonNode   *node,
           JsonNode   *bundle,
           Count      *count)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      guint n = mw_json_length (node, NULL);

      for (guint i = 0; i < n; i++)
        if (mw_json_item (node, NULL, i) != NULL)
          check_all (file, mw_json_item (node, NULL, i), bundle, count);
    }
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      const char    *name;
      JsonNode      *value;

      if (mw_resource_type (node) != NULL)
        check_description (file, node, bundle, count);
      if (mw_resource_is (node, "Bundle"))
        bundle = node;
      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, &name, &value))
        check_all (file, value, bundle, count);
    }
}

static void
check_file (const char *path,
            Count      *count)
{
  g_autofree char *text = NULL;
  g_autofree char *name = g_path_get_basename (path);
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  lines = g_str_has_suffix (path, ".ndjson") ? g_strsplit (text, "\n", -1) : g_strsplit (text, "\001", 1);
  count->files++;
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      {
        g_autoptr (JsonNode) node = parse (lines[i]);

        check_all (name, node, NULL, count);
      }
}

static void
check_folder (const char *path,
              Count      *count)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        check_folder (child, count);
      else if (g_str_has_suffix (name, ".json") || g_str_has_suffix (name, ".ndjson"))
        check_file (child, count);
    }
}

static void
test_examples (void)
{
  const char *folder = g_getenv ("MW_TEST_EXAMPLES");
  Count       count = { 0 };

  if (folder == NULL || !g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("the folder of FHIR examples is not here");
      return;
    }
  check_folder (folder, &count);
  g_test_message ("%u resources in %u files", count.resources, count.files);
  g_assert_cmpuint (count.files, >, 300);
  g_assert_cmpuint (count.resources, >, 500);
}

static void
test_encounter (void)
{
  g_autoptr (JsonNode) bundle = parse (
      "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":["
      "{\"fullUrl\":\"urn:uuid:e\",\"resource\":{\"resourceType\":\"Encounter\",\"status\":\"in-progress\","
      "\"class\":{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"EMER\"},"
      "\"subject\":{\"reference\":\"Patient/p\"},\"period\":{\"start\":\"2026-01-05T13:51:00Z\"},"
      "\"location\":[{\"location\":{\"reference\":\"urn:uuid:l\"}}],"
      "\"hospitalization\":{\"admitSource\":{\"text\":\"From home\"}}}},"
      "{\"fullUrl\":\"urn:uuid:l\",\"resource\":{\"resourceType\":\"Location\",\"name\":\"St. Mary's, ED 2\"}},"
      "{\"fullUrl\":\"http://x.example/Patient/p\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p\","
      "\"name\":[{\"family\":\"Doe\",\"given\":[\"Jane\"]}]}}]}");
  MwDescribeContext context = { .bundle = bundle };
  g_autoptr (MwDescription) description = mw_describe (mw_json_get (bundle, "entry[0].resource"), &context);

  g_assert_cmpstr (description->title, ==, "Emergency encounter");
  g_assert_cmpstr (description->summary, ==, "In progress · since 5 January 2026, 13:51 · St. Mary's, ED 2");
  g_assert_cmpstr (field (description, "Patient"), ==, "Jane Doe");
  g_assert_cmpstr (field (description, "Location"), ==, "St. Mary's, ED 2");
  g_assert_cmpstr (field (description, "Stay"), ==, "");
  g_assert_cmpstr (field (description, "Admitted from"), ==, "From home");
  g_assert_null (description->warning);
}

static void
test_encounter_r5 (void)
{
  g_autoptr (JsonNode) encounter = parse (
      "{\"resourceType\":\"Encounter\",\"status\":\"completed\",\"class\":[{\"coding\":[{\"code\":\"IMP\",\"display\":\"inpatient encounter\"}]}],"
      "\"actualPeriod\":{\"start\":\"2026-01-05\",\"end\":\"2026-01-07\"},"
      "\"reason\":[{\"value\":[{\"concept\":{\"text\":\"Chest pain\"}}]}],"
      "\"admission\":{\"dischargeDisposition\":{\"text\":\"Home\"}}}");
  g_autoptr (MwDescription) description = mw_describe (encounter, NULL);

  g_assert_cmpstr (description->title, ==, "Inpatient encounter");
  g_assert_cmpstr (description->summary, ==, "Completed · 5 January 2026 – 7 January 2026");
  g_assert_cmpstr (field (description, "Reason"), ==, "Chest pain");
  g_assert_cmpstr (field (description, "Discharged to"), ==, "Home");
}

static void
test_observation (void)
{
  g_autoptr (JsonNode) observation = parse (
      "{\"resourceType\":\"Observation\",\"id\":\"secret-id\",\"status\":\"final\",\"code\":{\"text\":\"Potassium\"},"
      "\"valueQuantity\":{\"value\":6.10,\"unit\":\"mmol/l\"},\"interpretation\":[{\"coding\":[{\"code\":\"HH\"}]}],"
      "\"referenceRange\":[{\"low\":{\"value\":3.5,\"unit\":\"mmol/l\"},\"high\":{\"value\":5.0,\"unit\":\"mmol/l\"}}],"
      "\"effectiveDateTime\":\"2026-01-05\"}");
  g_autoptr (MwDescription) description = mw_describe (observation, NULL);

  g_assert_cmpstr (description->title, ==, "Potassium");
  g_assert_cmpstr (description->summary, ==, "6.10 mmol/l · Critically high · 5 January 2026");
  g_assert_cmpstr (field (description, "Value"), ==, "6.10 mmol/l");
  g_assert_cmpstr (field (description, "Interpretation"), ==, "Critically high");
  g_assert_cmpstr (field (description, "Reference range"), ==, "3.5 – 5.0 mmol/l");
  g_assert_cmpstr (field (description, "Measured"), ==, "5 January 2026");
}

static void
test_components (void)
{
  g_autoptr (JsonNode) observation = parse (
      "{\"resourceType\":\"Observation\",\"status\":\"preliminary\",\"code\":{\"text\":\"Blood pressure\"},\"component\":["
      "{\"code\":{\"text\":\"Systolic\"},\"valueQuantity\":{\"value\":120,\"unit\":\"mmHg\"}},"
      "{\"code\":{\"text\":\"Diastolic\"},\"valueQuantity\":{\"value\":80,\"unit\":\"mmHg\"}}]}");
  g_autoptr (MwDescription) description = mw_describe (observation, NULL);

  g_assert_cmpstr (description->summary, ==, "Systolic 120 mmHg, Diastolic 80 mmHg · Preliminary");
  g_assert_cmpstr (field (description, "Systolic"), ==, "120 mmHg");
  g_assert_cmpstr (field (description, "Diastolic"), ==, "80 mmHg");
  g_assert_cmpstr (field (description, "Status"), ==, "Preliminary");
}

static void
test_task (void)
{
  g_autoptr (JsonNode) task = parse (
      "{\"resourceType\":\"Task\",\"status\":\"on-hold\",\"intent\":\"order\",\"priority\":\"stat\",\"businessStatus\":{\"text\":\"Waiting for the lab\"},"
      "\"code\":{\"text\":\"Send records\"},\"for\":{\"display\":\"Jane Doe\"},\"requester\":{\"display\":\"Plan A\"},"
      "\"input\":[{\"type\":{\"text\":\"Wanted\"},\"valueString\":\"Discharge letter\"}],"
      "\"output\":[{\"type\":{\"text\":\"Letter\"},\"valueReference\":{\"display\":\"Letter of 5 May\"}}]}");
  g_autoptr (MwDescription) description = mw_describe (task, NULL);

  g_assert_cmpstr (description->title, ==, "Task: Send records");
  g_assert_cmpstr (description->summary, ==, "On hold · Waiting for the lab · Immediately · Plan A · Jane Doe");
  g_assert_cmpstr (field (description, "Wanted"), ==, "Discharge letter");
  g_assert_cmpstr (field (description, "Letter"), ==, "Letter of 5 May");
  g_assert_cmpstr (field (description, "Asked by"), ==, "Plan A");
}

static void
test_answers (void)
{
  g_autoptr (JsonNode) response = parse (
      "{\"resourceType\":\"QuestionnaireResponse\",\"status\":\"completed\",\"questionnaire\":\"http://x.example/Questionnaire/fall-risk|2\","
      "\"item\":[{\"linkId\":\"1\",\"text\":\"Falls\",\"item\":[{\"linkId\":\"1.1\",\"text\":\"Did you fall?\",\"answer\":[{\"valueBoolean\":true,"
      "\"item\":[{\"linkId\":\"1.1.1\",\"text\":\"When?\",\"answer\":[{\"valueDate\":\"2026-01-05\"}]}]}]}]},"
      "{\"linkId\":\"weight\",\"answer\":[{\"valueDecimal\":70.50}]},{\"linkId\":\"3\",\"text\":\"Pets\"}]}");
  g_autoptr (MwDescription) description = mw_describe (response, NULL);

  g_assert_cmpstr (description->title, ==, "Completed form: Fall risk");
  g_assert_cmpstr (field (description, "Falls"), ==, "");
  g_assert_cmpstr (field (description, "Did you fall?"), ==, "Yes");
  g_assert_cmpstr (field (description, "When?"), ==, "5 January 2026");
  g_assert_cmpstr (field (description, "Weight"), ==, "70.50");
  g_assert_cmpstr (field (description, "Pets"), ==, "No answer");
}

static void
test_prescription (void)
{
  g_autoptr (JsonNode) request = parse (
      "{\"resourceType\":\"MedicationRequest\",\"status\":\"active\",\"intent\":\"order\","
      "\"contained\":[{\"resourceType\":\"Medication\",\"id\":\"m\",\"code\":{\"text\":\"Amoxicillin 500 mg\"}}],"
      "\"medicationReference\":{\"reference\":\"#m\"},\"subject\":{\"display\":\"Jane Doe\"},"
      "\"dosageInstruction\":[{\"doseAndRate\":[{\"doseQuantity\":{\"value\":1,\"unit\":\"capsule\"}}],"
      "\"timing\":{\"repeat\":{\"frequency\":3,\"period\":1,\"periodUnit\":\"d\",\"boundsDuration\":{\"value\":10,\"unit\":\"d\",\"code\":\"d\"}}},"
      "\"route\":{\"text\":\"oral\"}}],\"dispenseRequest\":{\"quantity\":{\"value\":30,\"unit\":\"capsule\"}}}");
  g_autoptr (MwDescription) description = mw_describe (request, NULL);

  g_assert_cmpstr (description->title, ==, "Prescription: Amoxicillin 500 mg");
  g_assert_cmpstr (field (description, "Medicine"), ==, "Amoxicillin 500 mg");
  g_assert_cmpstr (field (description, "Dosage"), ==, "1 capsule, 3 times a day, for 10 days, oral");
  g_assert_cmpstr (field (description, "Quantity"), ==, "30 capsule");
}

static void
test_r5_reasons (void)
{
  g_autoptr (JsonNode) request = parse (
      "{\"resourceType\":\"ServiceRequest\",\"status\":\"active\",\"intent\":\"order\",\"code\":{\"concept\":{\"text\":\"Cardiology consult\"}},"
      "\"reason\":[{\"concept\":{\"text\":\"Murmur\"}},{\"reference\":{\"display\":\"Syncope\"}}],\"doNotPerform\":false}");
  g_autoptr (MwDescription) description = mw_describe (request, NULL);

  g_assert_cmpstr (description->title, ==, "Service request: Cardiology consult");
  g_assert_cmpstr (field (description, "Reason"), ==, "Murmur, Syncope");
  g_assert_null (field (description, "Must not be done"));
}

static void
test_warnings (void)
{
  g_autoptr (JsonNode) error = parse ("{\"resourceType\":\"Condition\",\"verificationStatus\":{\"coding\":[{\"code\":\"entered-in-error\"}]},\"code\":{\"text\":\"Asthma\"}}");
  g_autoptr (JsonNode) modified = parse (
      "{\"resourceType\":\"Goal\",\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"Walk\"},"
      "\"modifierExtension\":[{\"url\":\"http://x.example/StructureDefinition/not-goal\",\"valueBoolean\":true}]}");
  g_autoptr (MwDescription) first = mw_describe (error, NULL);
  g_autoptr (MwDescription) second = mw_describe (modified, NULL);
  MwDescriptionField *loud = first->fields->pdata[0];

  g_assert_cmpstr (first->warning, ==, "Entered in error");
  g_assert_true (loud->loud);
  g_assert_cmpstr (loud->value, ==, "Entered in error");
  loud = second->fields->pdata[0];
  g_assert_true (loud->loud);
  g_assert_cmpstr (loud->label, ==, "Changes the meaning: Not goal");
  g_assert_cmpstr (loud->value, ==, "Yes");
}

static void
test_attachments (void)
{
  g_autoptr (JsonNode) document = parse (
      "{\"resourceType\":\"DocumentReference\",\"status\":\"current\",\"content\":[{\"attachment\":{\"contentType\":\"application/pdf\","
      "\"title\":\"../../etc/letter.pdf\",\"data\":\"aGVsbG8=\"}},{\"attachment\":{\"url\":\"Binary/1\",\"size\":12}}]}");
  g_autoptr (MwDescription) description = mw_describe (document, NULL);
  MwDescriptionAttachment *first, *second;

  g_assert_cmpuint (description->attachments->len, ==, 2);
  first = description->attachments->pdata[0];
  second = description->attachments->pdata[1];
  g_assert_cmpstr (first->title, ==, "..-..-etc-letter.pdf");
  g_assert_cmpstr (first->path, ==, "content[0].attachment");
  g_assert_cmpint (first->size, ==, 5);
  g_assert_true (first->has_data);
  g_assert_nonnull (mw_json_string (mw_json_get (document, first->path), "data"));
  g_assert_cmpstr (second->url, ==, "Binary/1");
  g_assert_cmpint (second->size, ==, 12);
  g_assert_false (second->has_data);
}

static void
test_unknown_type (void)
{
  g_autoptr (JsonNode) invoice = parse (
      "{\"resourceType\":\"Invoice\",\"id\":\"i-77\",\"status\":\"balanced\",\"totalGross\":{\"value\":48.00,\"currency\":\"EUR\"},"
      "\"lineItem\":[{\"sequence\":1,\"chargeItemCodeableConcept\":{\"text\":\"Visit\"}}],"
      "\"extension\":[{\"url\":\"http://secret.example\",\"valueString\":\"x\"}]}");
  g_autoptr (MwDescription) description = mw_describe (invoice, NULL);
  g_autofree char *plain = mw_description_to_plain (description);

  g_assert_cmpstr (description->title, ==, "Invoice");
  g_assert_cmpstr (field (description, "Total gross"), ==, "48.00 EUR");
  g_assert_cmpstr (field (description, "Charge item codeable concept"), ==, "Visit");
  g_assert_null (strstr (plain, "i-77"));
  g_assert_null (strstr (plain, "secret.example"));
}

static void
test_stu3_appointment (void)
{
  g_autoptr (JsonNode) appointment = parse (
      "{\"resourceType\":\"Appointment\",\"status\":\"proposed\",\"reason\":[{\"text\":\"Rash\"}],\"start\":\"2026-01-05T10:00:00Z\","
      "\"end\":\"2026-01-05T10:15:00Z\",\"participant\":[{\"actor\":{\"display\":\"Dr Adams\"},\"status\":\"needs-action\"}],"
      "\"incomingReferral\":[{\"display\":\"Referral of Monday\"}]}");
  g_autoptr (MwDescription) description = mw_describe (appointment, NULL);

  g_assert_cmpstr (description->title, ==, "Appointment");
  g_assert_cmpstr (description->summary, ==, "Proposed · 5 January 2026, 10:00 – 10:15 · Dr Adams");
  g_assert_cmpstr (field (description, "Participant"), ==, "Dr Adams · Needs an answer");
  g_assert_cmpstr (field (description, "Reason"), ==, "Rash");
  g_assert_cmpstr (field (description, "Ordered by"), ==, "Referral of Monday");
}

static void
test_reference_circle (void)
{
  g_autoptr (JsonNode) bundle = parse (
      "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":["
      "{\"fullUrl\":\"urn:uuid:a\",\"resource\":{\"resourceType\":\"PractitionerRole\",\"practitioner\":{\"reference\":\"urn:uuid:b\"}}},"
      "{\"fullUrl\":\"urn:uuid:b\",\"resource\":{\"resourceType\":\"PractitionerRole\",\"practitioner\":{\"reference\":\"urn:uuid:a\"}}}]}");
  MwDescribeContext context = { .bundle = bundle };
  g_autoptr (MwDescription) description = mw_describe (mw_json_get (bundle, "entry[0].resource"), &context);

  g_assert_cmpstr (description->title, ==, "Clinician’s role");
}

static JsonNode *
lookup (const char *reference,
        gpointer    data)
{
  return g_str_equal (reference, "Organization/9") ? data : NULL;
}

static void
test_patient (void)
{
  g_autoptr (JsonNode) patient = parse (
      "{\"resourceType\":\"Patient\",\"gender\":\"female\",\"birthDate\":\"1980-02\",\"deceasedDateTime\":\"2025-12-01\","
      "\"name\":[{\"family\":\"Doe\",\"given\":[\"Jane\"]}],\"identifier\":[{\"value\":\"urn:uuid:1\"},"
      "{\"type\":{\"coding\":[{\"code\":\"MR\"}]},\"value\":\"12\"},{\"value\":\"13\"}]}");
  g_autoptr (MwDescription) description = mw_describe (patient, NULL);
  guint identifiers = 0;

  g_assert_cmpstr (description->title, ==, "Jane Doe");
  g_assert_cmpstr (description->summary, ==, "Female · born February 1980 · Record number 12");
  g_assert_cmpstr (field (description, "Deceased"), ==, "1 December 2025");
  for (guint i = 0; i < description->fields->len; i++)
    identifiers += g_str_equal (((MwDescriptionField *) description->fields->pdata[i])->label, "Identifiers");
  g_assert_cmpuint (identifiers, ==, 1);
}

static void
test_lookup (void)
{
  g_autoptr (JsonNode) organization = parse ("{\"resourceType\":\"Organization\",\"name\":\"Plan A\"}");
  g_autoptr (JsonNode) task = parse ("{\"resourceType\":\"Task\",\"owner\":{\"reference\":\"Organization/9\"},\"requester\":{\"reference\":\"Practitioner/1\"}}");
  MwDescribeContext context = { .lookup = lookup, .lookup_data = organization };
  g_autoptr (MwDescription) description = mw_describe (task, &context);

  g_assert_cmpstr (field (description, "To be done by"), ==, "Plan A");
  g_assert_cmpstr (field (description, "Asked by"), ==, "Clinician");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/describe/encounter", test_encounter);
  g_test_add_func ("/fhir/describe/encounter-r5", test_encounter_r5);
  g_test_add_func ("/fhir/describe/observation", test_observation);
  g_test_add_func ("/fhir/describe/components", test_components);
  g_test_add_func ("/fhir/describe/task", test_task);
  g_test_add_func ("/fhir/describe/answers", test_answers);
  g_test_add_func ("/fhir/describe/prescription", test_prescription);
  g_test_add_func ("/fhir/describe/r5-reasons", test_r5_reasons);
  g_test_add_func ("/fhir/describe/warnings", test_warnings);
  g_test_add_func ("/fhir/describe/attachments", test_attachments);
  g_test_add_func ("/fhir/describe/unknown-type", test_unknown_type);
  g_test_add_func ("/fhir/describe/stu3-appointment", test_stu3_appointment);
  g_test_add_func ("/fhir/describe/reference-circle", test_reference_circle);
  g_test_add_func ("/fhir/describe/patient", test_patient);
  g_test_add_func ("/fhir/describe/lookup", test_lookup);
  g_test_add_func ("/fhir/describe/examples", test_examples);
  return g_test_run ();
}
