/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-bundle-reader.h"
#include "mw-bundle.h"
#include "mw-capability.h"
#include "mw-describe.h"
#include "mw-outcome.h"

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
