/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-adapt.h"
#include "mw-bundle-reader.h"
#include "mw-bundle.h"
#include "mw-capability.h"
#include "mw-demographics.h"
#include "mw-describe.h"
#include "mw-directory-query.h"
#include "mw-match-compare.h"
#include "mw-match-decide.h"
#include "mw-member-match.h"
#include "mw-outcome.h"
#include "mw-published-list.h"
#include "mw-smart-configuration.h"

#include <string.h>

#define ROUNDS 20000

static const char *const seeds[] = {
  "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"timestamp\":\"2026-01-05T10:00:00Z\",\"entry\":[{\"fullUrl\":\"urn:uuid:m\",\"resource\":"
  "{\"resourceType\":\"MessageHeader\",\"eventCoding\":{\"code\":\"notification-admit\"},\"focus\":[{\"reference\":\"urn:uuid:e\"}]}},"
  "{\"fullUrl\":\"urn:uuid:e\",\"resource\":{\"resourceType\":\"Encounter\",\"status\":\"in-progress\",\"class\":{\"code\":\"EMER\"},"
  "\"period\":{\"start\":\"2026-01-05T13:51:00+01:00\"},\"participant\":[{\"individual\":{\"reference\":\"#p\"}}],\"contained\":"
  "[{\"resourceType\":\"Practitioner\",\"id\":\"p\",\"name\":[{\"family\":\"Adams\",\"given\":[\"A\"]}]}]}}]}",
  "{\"resourceType\":\"Observation\",\"status\":\"final\",\"text\":{\"status\":\"generated\",\"div\":\"<div><p>K <b>6.1</b></p><table><tr><td>a</td></tr></table></div>\"},"
  "\"code\":{\"coding\":[{\"code\":\"2823-3\",\"display\":\"Potassium\"}]},\"valueQuantity\":{\"value\":6.10,\"unit\":\"mmol/l\"},"
  "\"component\":[{\"code\":{\"text\":\"x\"},\"valueRange\":{\"low\":{\"value\":1},\"high\":{\"value\":2e3}}}]}",
  "{\"resourceType\":\"Task\",\"status\":\"requested\",\"restriction\":{\"period\":{\"end\":\"2026-02\"}},\"input\":[{\"type\":{\"text\":\"a\"},\"valueAttachment\":"
  "{\"contentType\":\"application/pdf\",\"data\":\"aGVsbG8=\",\"title\":\"../x\"}}],\"modifierExtension\":[{\"url\":\"http://x/y\",\"valueCode\":\"z\"}]}",
  "{\"resourceType\":\"QuestionnaireResponse\",\"status\":\"completed\",\"item\":[{\"text\":\"q\",\"answer\":[{\"valueCoding\":{\"code\":\"y\"},\"item\":[{\"linkId\":\"1\"}]}]}]}",
  "{\"resourceType\":\"MedicationRequest\",\"medicationCodeableConcept\":{\"text\":\"m\"},\"dosageInstruction\":[{\"timing\":{\"repeat\":{\"frequency\":2,\"period\":1,"
  "\"periodUnit\":\"d\",\"when\":[\"AC\"]}},\"asNeededCodeableConcept\":{\"text\":\"pain\"}}]}",
  "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\",\"rest\":[{\"mode\":\"server\",\"resource\":[{\"type\":\"Task\",\"interaction\":[{\"code\":\"read\"}],"
  "\"conditionalCreate\":true}],\"operation\":[{\"name\":\"$process-message\"}]}]}",
  "{\"resourceType\":\"Bundle\",\"type\":\"history\",\"entry\":[{\"resource\":{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"subscription\",\"valueReference\":"
  "{\"reference\":\"Subscription/1\"}},{\"name\":\"type\",\"valueCode\":\"heartbeat\"},{\"name\":\"notification-event\",\"part\":[{\"name\":\"event-number\",\"valueString\":\"3\"}]}]}}]}",
  "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"processing\",\"diagnostics\":\"HAPI-0389: no\"}]}",
  "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"fullUrl\":\"https://h.example/fhir/Patient/7\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"7\","
  "\"name\":[{\"family\":\"Meyer\",\"given\":[\"Jonas\"]}],\"birthDate\":\"2016-01-05\",\"identifier\":[{\"system\":\"s\",\"value\":\"1\"}],\"telecom\":[{\"system\":\"phone\",\"value\":\"1\"}],"
  "\"address\":[{\"line\":[\"a\"],\"city\":\"b\"}],\"link\":[{\"type\":\"replaced-by\",\"other\":{\"reference\":\"Patient/8\"}}]},\"search\":{\"mode\":\"match\",\"score\":0.8,\"extension\":"
  "[{\"url\":\"http://hl7.org/fhir/StructureDefinition/match-grade\",\"valueCode\":\"certain\"}]}},{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"8\"}}]}",
  "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"1\",\"name\":\"O\",\"endpoint\":[{\"reference\":\"Endpoint/1\"},{\"reference\":\"#c\"}],"
  "\"contained\":[{\"resourceType\":\"Endpoint\",\"id\":\"c\",\"address\":\"https://c.example\"}]}},{\"fullUrl\":\"urn:uuid:e\",\"resource\":{\"resourceType\":\"Endpoint\",\"id\":\"1\",\"status\":\"active\","
  "\"connectionType\":[{\"coding\":[{\"code\":\"hl7-fhir-rest\"}]}],\"payload\":[{\"type\":[{\"coding\":[{\"code\":\"any\"}]}]}],\"period\":{\"end\":\"2026\"},\"address\":\"https://h.example/Patient\"}}]}",
  "{\"token_endpoint\":\"https://h.example/token\",\"authorization_endpoint\":\"auth\",\"capabilities\":[\"launch-standalone\"],\"scopes_supported\":\"openid user/*.rs\","
  "\"associated_endpoints\":[{\"url\":\"https://h.example/r5\"}]}",
  "{\"resourceType\":\"PractitionerRole\",\"telecom\":[{\"value\":\"1\"}],\"availableTime\":[{\"daysOfWeek\":[\"mon\"]}],\"contained\":[{\"resourceType\":\"Encounter\","
  "\"status\":\"finished\",\"class\":{\"code\":\"IMP\"},\"hospitalization\":{\"origin\":{\"reference\":\"#1\"}},\"diagnosis\":[{\"condition\":{\"reference\":\"#2\"}}]}]}",
  "{\"resourceType\":\"DocumentReference\",\"context\":[{\"reference\":\"Encounter/1\"}],\"event\":[{\"concept\":{\"text\":\"e\"}}],\"content\":[{\"attachment\":{\"size\":\"3\"},"
  "\"profile\":[{\"valueCoding\":{\"code\":\"c\"}}]}],\"extension\":[{\"url\":\"http://hl7.org/fhir/4.0/StructureDefinition/extension-DocumentReference.masterIdentifier\",\"valueIdentifier\":{}}]}",
};

/* What breaks readers more often than chance would */
static const char *const spice[] = {
  "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "-1e999", "99999999999999999999", "\\ud800", "\\u0000",
  "\xE2\x80\xAE", "\xff", "<div>", "</", "&lt;", "&#x202e;", "urn:uuid:e", "#p", "#", "\"entry\":", "\"resource\":{}", "0001-01-01", "9999-12-31T24:60"
};

static void
mutate (GRand   *rand,
        GString *text)
{
  guint times = (guint) g_rand_int_range (rand, 1, 6);

  for (guint i = 0; i < times && text->len > 2; i++)
    {
      gssize at = g_rand_int_range (rand, 0, (gint32) text->len);
      gssize wanted = g_rand_int_range (rand, 1, 20);
      gssize length = MIN (wanted, (gssize) text->len - at);

      switch (g_rand_int_range (rand, 0, 5))
        {
        case 0:
          g_string_erase (text, at, length);
          break;
        case 1:
          g_string_insert (text, at, spice[g_rand_int_range (rand, 0, G_N_ELEMENTS (spice))]);
          break;
        case 2:
          text->str[at] = (char) g_rand_int_range (rand, 1, 256);
          break;
        case 3:
          {
            g_autofree char *copy = g_strndup (text->str + at, (gsize) length);

            g_string_insert (text, g_rand_int_range (rand, 0, (gint32) text->len), copy);
            break;
          }
        default:
          {
            /* one value in the place of another keeps the JSON whole but not its types */
            char *digit = strpbrk (text->str + at, "0123456789");

            if (digit != NULL)
              g_string_insert (text, digit - text->str, "1");
          }
        }
    }
}

static void
entry_cb (MwBundleReader *reader,
          GBytes         *entry,
          const GError   *error,
          gpointer        user_data)
{
  guint *count = user_data;

  (*count)++;
}

static void
read_everything (JsonNode *node)
{
  MwDescribeContext context = { .bundle = node };
  g_autoptr (MwDescription) description = mw_describe (node, &context);
  g_autofree char *plain = mw_description_to_plain (description);
  g_autofree char *outcome = mw_outcome_to_text (node);
  g_autoptr (GPtrArray) notifications = mw_bundle_get_notifications (node);
  g_autoptr (MwCapability) capability = mw_capability_new (node, NULL);
  MwBundleIter iter;
  JsonNode    *resource;

  g_assert_cmpstr (description->title, !=, "");
  g_assert_true (g_utf8_validate (plain, -1, NULL));
  mw_bundle_iter_init (&iter, node);
  while (mw_bundle_iter_next (&iter, NULL, &resource))
    if (resource != NULL)
      {
        g_autoptr (MwDescription) inner = mw_describe (resource, &context);

        g_assert_nonnull (inner);
      }
}

/* What is adapted comes back as it was, whatever it is */
static void
adapt_there_and_back (JsonNode     *node,
                      MwFhirVersion from,
                      MwFhirVersion to)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) there = mw_adapt_resource (node, from, to, &error);
  g_autoptr (JsonNode) back = there != NULL ? mw_adapt_resource (there, to, from, NULL) : NULL;

  g_assert_true ((there != NULL) != (error != NULL));
  if (there != NULL)
    g_assert_true (json_node_equal (node, back));
}

static void
published_cb (const MwPublishedOrganization *organization,
              const MwEndpoint              *endpoint,
              gpointer                       user_data)
{
  g_assert_true (organization != NULL || endpoint != NULL);
}

/* What is read before something may be sent: people, endpoints, ways to sign in */
static void
read_trust (JsonNode *node,
            GString  *text)
{
  g_autoptr (JsonNode) asked = mw_json_parse (seeds[G_N_ELEMENTS (seeds) - 3], -1, NULL);
  JsonNode *patient = mw_json_get (asked, "entry[0].resource");
  JsonNode *inner = mw_json_get (node, "entry[0].resource");
  g_autoptr (MwMatchAnswer) answer = mw_match_answer_new (node, "https://h.example/fhir", NULL);
  g_autoptr (MwSmartConfiguration) configuration = mw_smart_configuration_new (node, "https://h.example/fhir", NULL);
  g_autoptr (MwDemographics) demographics = mw_demographics_new_from_patient (inner);
  g_autoptr (JsonNode) rewritten = mw_demographics_to_patient (demographics);
  g_autoptr (JsonNode) parameters = mw_match_parameters_new (inner != NULL ? inner : node, TRUE, 1);
  g_autoptr (MwMemberMatch) member = mw_member_match_new (node, NULL);
  g_autoptr (GPtrArray) lines = mw_match_compare (inner, patient);
  g_autoptr (MwPublishedList) list = mw_published_list_new (published_cb, NULL);
  g_auto (GStrv) forms = mw_match_search_forms (inner, 10);

  g_assert_nonnull (rewritten);
  g_assert_nonnull (parameters);
  if (answer != NULL)
    {
      MwCandidate *chosen = NULL;

      if (mw_match_decide (patient, answer, &chosen, NULL) == MW_MATCH_TAKEN)
        g_assert_true (chosen->grade == MW_MATCH_GRADE_CERTAIN || chosen->grade == MW_MATCH_GRADE_NONE);
    }
  if (configuration != NULL)
    g_assert_true (g_str_has_prefix (configuration->token_endpoint, "https://"));
  mw_directory_matches (inner, "O h");
  if (mw_published_list_push (list, text->str, text->len, NULL))
    mw_published_list_finish (list, NULL);
}

static void
test_mutations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());
  guint parsed = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autoptr (GString) text = g_string_new (seeds[i % G_N_ELEMENTS (seeds)]);
      guint entries = 0;
      g_autoptr (MwBundleReader) reader = mw_bundle_reader_new (entry_cb, &entries);
      g_autoptr (MwStyledText) styled = NULL;
      g_autoptr (JsonNode) node = NULL;
      gsize half;

      mutate (rand, text);
      half = (gsize) g_rand_int_range (rand, 0, (gint32) text->len + 1);
      if (mw_bundle_reader_push (reader, text->str, half, NULL))
        mw_bundle_reader_push (reader, text->str + half, text->len - half, NULL);
      mw_bundle_reader_finish (reader, NULL);
      styled = mw_narrative_to_text (text->str);
      node = mw_json_parse (text->str, (gssize) text->len, NULL);
      if (node != NULL)
        {
          parsed++;
          read_everything (node);
          read_trust (node, text);
          adapt_there_and_back (node, MW_FHIR_VERSION_R4, MW_FHIR_VERSION_R5);
          adapt_there_and_back (node, MW_FHIR_VERSION_R5, MW_FHIR_VERSION_R4);
        }
    }
  g_test_message ("%u of %u were JSON", parsed, ROUNDS);
  g_assert_cmpuint (parsed, >, ROUNDS / 20);
}

int
main (int    argc,
      char **argv)
{
  /* g_test_init prints the seed; --seed repeats a run */
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/fuzz/mutations", test_mutations);
  return g_test_run ();
}
