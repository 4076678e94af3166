/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-endpoint.h"

#include "mw-fhir-date.h"

#include <locale.h>
#include <string.h>

#define NOW "2026-01-05T10:00:00Z"
#define REST "\"connectionType\":{\"system\":\"http://terminology.hl7.org/CodeSystem/endpoint-connection-type\",\"code\":\"hl7-fhir-rest\"}"
#define NDH "http://hl7.org/fhir/us/ndh/StructureDefinition/"

static MwEndpoint *
read_endpoint (const char *members)
{
  g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"Endpoint\",%s}", members);
  g_autoptr (JsonNode) node = mw_json_parse (text, -1, NULL);

  g_assert_nonnull (node);
  return mw_endpoint_new (node);
}

static const struct
{
  const char *address, *expected;
} address_cases[] = {
  { "https://h.example/fhir", "https://h.example/fhir" },
  { " https://H.example/fhir/ ", "https://h.example/fhir" },
  { "https://h.example/fhir//", "https://h.example/fhir" },
  { "https://h.example/fhir/metadata", "https://h.example/fhir" },
  { "https://h.example/fhir/metadata/", "https://h.example/fhir" },
  { "https://h.example/fhir/Patient", "https://h.example/fhir" },
  { "https://h.example/fhir/Patient/", "https://h.example/fhir" },
  { "https://h.example/fhir/Patient?name=x", "https://h.example/fhir" },
  { "https://h.example/fhir/$process-message", "https://h.example/fhir" },
  { "https://h.example/fhir/.well-known/smart-configuration", "https://h.example/fhir" },
  { "https://h.example/FHIR", "https://h.example/FHIR" },
  { "https://h.example/Patients", "https://h.example/Patients" },
  { "https://h.example", "https://h.example" },
  { "https://Patient", "https://patient" },
  { "mailto:dr@direct.example", NULL },
  { "dr@direct.example", NULL },
  { "https://user:secret@h.example/fhir", NULL },
  { "javascript:alert(1)", NULL },
  { "ftp://h.example", NULL },
  { "h.example/fhir", NULL },
  { "https://", NULL },
  { "", NULL },
  { NULL, NULL },
};

static void
test_addresses (void)
{
  g_autofree char *filler = g_strnfill (100000, 'x');
  g_autofree char *huge = g_strconcat ("https://h.example/", filler, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (address_cases); i++)
    {
      g_autofree char *clean = mw_endpoint_clean_address (address_cases[i].address);

      g_test_message ("%s", address_cases[i].address);
      g_assert_cmpstr (clean, ==, address_cases[i].expected);
    }
  g_assert_null (mw_endpoint_clean_address (huge));
}

static void
test_r4 (void)
{
  g_autoptr (MwEndpoint) self = read_endpoint (
      "\"id\":\"e\",\"name\":\"Main\",\"status\":\"active\"," REST ",\"period\":{\"start\":\"2025-01-01\",\"end\":\"2026-01-05\"},"
      "\"managingOrganization\":{\"reference\":\"Organization/9\"},\"payloadType\":[{\"coding\":[{\"system\":\"s\",\"code\":\"c\"}]}],"
      "\"address\":\"https://h.example/fhir/\",\"header\":[\"Authorization: Bearer secret\"],\"extension\":["
      "{\"url\":\"" NDH "base-ext-endpoint-rank\",\"valuePositiveInt\":2},"
      "{\"url\":\"http://hl7.org/fhir/5.0/StructureDefinition/extension-Endpoint.environmentType\",\"valueCodeableConcept\":{\"coding\":[{\"code\":\"prod\"}]}},"
      "{\"url\":\"http://hl7.org/fhir/StructureDefinition/endpoint-fhir-version\",\"valueCode\":\"4.0.1\"},"
      "{\"url\":\"" NDH "base-ext-fhir-ig\",\"extension\":[{\"url\":\"ig-name\",\"valueString\":\"CDex\"},{\"url\":\"ig-publication\",\"valueUri\":\"http://hl7.org/cdex\"}]},"
      "{\"url\":\"" NDH "base-ext-endpoint-usecase\",\"extension\":[{\"url\":\"standard\",\"valueUri\":\"http://hl7.org/pdex\"}]}]");

  g_assert_cmpstr (self->id, ==, "e");
  g_assert_cmpstr (self->name, ==, "Main");
  g_assert_cmpuint (self->kinds, ==, MW_ENDPOINT_REST);
  g_assert_cmpstr (self->address, ==, "https://h.example/fhir");
  g_assert_cmpstr (self->message_address, ==, "https://h.example/fhir/$process-message");
  g_assert_cmpstr (self->owner, ==, "Organization/9");
  g_assert_cmpint (self->start, ==, mw_fhir_date_to_unix ("2025-01-01T00:00:00Z", 0));
  g_assert_cmpint (self->end, ==, mw_fhir_date_to_unix ("2026-01-06T00:00:00Z", 0));
  g_assert_cmpuint (g_strv_length (self->payloads), ==, 1);
  g_assert_cmpstr (self->payloads[0], ==, "s|c");
  g_assert_cmpint (self->rank, ==, 2);
  g_assert_cmpstr (self->environments[0], ==, "prod");
  g_assert_cmpstr (self->fhir_version, ==, "4.0.1");
  g_assert_cmpuint (g_strv_length (self->guides), ==, 2);
  g_assert_cmpstr (self->guides[0], ==, "http://hl7.org/cdex");
  g_assert_cmpstr (self->guides[1], ==, "http://hl7.org/pdex");
}

static void
test_r5 (void)
{
  g_autoptr (MwEndpoint) self = read_endpoint (
      "\"status\":\"limited\",\"connectionType\":[{\"coding\":[{\"code\":\"hl7-fhir-rest\"}]},{\"coding\":[{\"code\":\"hl7-fhir-msg\"},{\"code\":\"x\"}]}],"
      "\"environmentType\":[{\"coding\":[{\"code\":\"test\"}]}],\"payload\":[{\"type\":[{\"coding\":[{\"system\":\"s\",\"code\":\"a\"}]}]},{\"type\":[{\"coding\":[{\"code\":\"b\"}]}]}],"
      "\"managingOrganization\":{\"identifier\":{\"system\":\"n\",\"value\":\"1\"}},\"address\":\"https://h.example\"");

  g_assert_cmpuint (self->kinds, ==, MW_ENDPOINT_REST | MW_ENDPOINT_MESSAGE | MW_ENDPOINT_OTHER);
  g_assert_cmpstr (self->environments[0], ==, "test");
  g_assert_cmpuint (g_strv_length (self->payloads), ==, 2);
  g_assert_cmpstr (self->payloads[0], ==, "s|a");
  g_assert_cmpstr (self->payloads[1], ==, "|b");
  g_assert_cmpstr (self->owner, ==, "n|1");
  g_assert_cmpint (self->rank, ==, MW_ENDPOINT_NO_RANK);
  g_assert_cmpint (self->end, ==, G_MAXINT64);
}

static void
test_hostile (void)
{
  static const char *const odd[] = {
    "\"connectionType\":\"hl7-fhir-rest\",\"address\":{}",
    "\"connectionType\":[null,7,[]],\"payload\":[[]],\"payloadType\":7,\"environmentType\":null",
    "\"period\":\"2026\",\"extension\":[null,{\"url\":7},{\"url\":\"endpoint-rank\",\"valuePositiveInt\":-5},{\"url\":\"endpoint-rank\",\"valueString\":\"x\"}]",
    "\"managingOrganization\":[],\"status\":[{}],\"name\":17",
  };
  g_autoptr (JsonNode) patient = mw_json_parse ("{\"resourceType\":\"Patient\"}", -1, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autoptr (MwEndpoint) self = read_endpoint (odd[i]);

      g_assert_nonnull (self);
      g_assert_null (self->address);
      g_assert_cmpint (self->rank, ==, MW_ENDPOINT_NO_RANK);
    }
  g_assert_null (mw_endpoint_new (patient));
  g_assert_null (mw_endpoint_new (NULL));
}

/* One endpoint, and a word of the reason that it is not used; NULL is used */
static const struct
{
  const char *members, *reason;
} reason_cases[] = {
  { "\"status\":\"active\"," REST ",\"address\":\"https://h.example\"", NULL },
  { REST ",\"address\":\"https://h.example\"", NULL },
  { "\"status\":\"limited\"," REST ",\"address\":\"https://h.example\"", NULL },
  { "\"status\":\"suspended\"," REST ",\"address\":\"https://h.example\"", "suspended" },
  { "\"status\":\"error\"," REST ",\"address\":\"https://h.example\"", "out of order" },
  { "\"status\":\"off\"," REST ",\"address\":\"https://h.example\"", "no longer" },
  { "\"status\":\"entered-in-error\"," REST ",\"address\":\"https://h.example\"", "mistake" },
  { "\"status\":\"test\"," REST ",\"address\":\"https://h.example\"", "tests" },
  { "\"status\":\"fine\"," REST ",\"address\":\"https://h.example\"", "does not say" },
  { "\"environmentType\":[{\"coding\":[{\"code\":\"staging\"}]}]," REST ",\"address\":\"https://h.example\"", "tests" },
  { "\"environmentType\":[{\"coding\":[{\"code\":\"staging\"},{\"code\":\"prod\"}]}]," REST ",\"address\":\"https://h.example\"", NULL },
  { "\"connectionType\":{\"code\":\"direct-project\"},\"address\":\"mailto:a@b.example\"", "Direct" },
  { REST ",\"address\":\"a@b.example\"", "Direct" },
  { "\"connectionType\":{\"code\":\"hl7v2-mllp\"},\"address\":\"mllp://h\"", "does not speak" },
  { "\"connectionType\":{\"code\":\"hl7-fhir-msg\"},\"address\":\"https://h.example\"", "only takes messages" },
  { "\"address\":\"https://h.example\"", "what kind" },
  { REST ",\"address\":\"http://h.example\"", "protected" },
  { REST ",\"address\":\"https://127.0.0.1/fhir\"", "this computer" },
  { REST ",\"address\":\"http://localhost:8080/fhir\"", "this computer" },
  { REST ",\"address\":\"https://0.0.0.0/fhir\"", "this computer" },
  { REST ",\"address\":\"urn:x\"", "web address" },
  { REST, "web address" },
  { REST ",\"address\":\"https://h.example\",\"period\":{\"end\":\"2026-01-05\"}", NULL },
  { REST ",\"address\":\"https://h.example\",\"period\":{\"end\":\"2026-01-04\"}", "over" },
  { REST ",\"address\":\"https://h.example\",\"period\":{\"end\":\"2026-01\"}", NULL },
  { REST ",\"address\":\"https://h.example\",\"period\":{\"end\":\"2025\"}", "over" },
  { REST ",\"address\":\"https://h.example\",\"period\":{\"end\":\"2026-01-05T10:00:00Z\"}", NULL },
  { REST ",\"address\":\"https://h.example\",\"period\":{\"end\":\"2026-01-05T11:59:00+02:00\"}", "over" },
  { REST ",\"address\":\"https://h.example\",\"period\":{\"start\":\"2026-01-06\"}", "yet" },
  { REST ",\"address\":\"https://h.example\",\"period\":{\"start\":\"soon\",\"end\":\"never\"}", NULL },
  { REST ",\"address\":\"https://h.example\",\"payloadType\":[{\"coding\":[{\"system\":\"s\",\"code\":\"p\"}]}]", NULL },
  { REST ",\"address\":\"https://h.example\",\"payloadType\":[{\"coding\":[{\"system\":\"s\",\"code\":\"q\"}]}]", "kind of content" },
  { REST ",\"address\":\"https://h.example\",\"payloadType\":[{\"coding\":[{\"system\":\"s\",\"code\":\"q\"},{\"code\":\"any\"}]}]", NULL },
  { REST ",\"address\":\"https://h.example\",\"payloadType\":[{\"text\":\"x\"}]", NULL },
  { REST ",\"address\":\"https://h.example\",\"payloadType\":[{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/endpoint-payload-type\",\"code\":\"none\"}]}]", "no content" },
  { REST ",\"address\":\"https://h.example\",\"payloadType\":[{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/data-absent-reason\",\"code\":\"not-applicable\"}]}]", NULL },
};

static MwEndpointChoice *
choose (GPtrArray  *endpoints,
        guint       kinds,
        const char *payload,
        gboolean    allow_loopback)
{
  MwEndpointWish wish = { kinds, payload, mw_fhir_date_to_unix (NOW, 0), allow_loopback };

  return mw_endpoints_choose (endpoints, &wish);
}

static void
free_endpoint (gpointer data)
{
  mw_endpoint_free (data);
}

static void
test_reasons (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reason_cases); i++)
    {
      g_autoptr (GPtrArray) endpoints = g_ptr_array_new_with_free_func (free_endpoint);
      g_autoptr (MwEndpointChoice) choice = NULL;

      g_ptr_array_add (endpoints, read_endpoint (reason_cases[i].members));
      choice = choose (endpoints, MW_ENDPOINT_REST, "s|p", FALSE);
      g_test_message ("%s", reason_cases[i].members);
      g_assert_cmpuint (choice->usable->len, ==, reason_cases[i].reason == NULL ? 1 : 0);
      g_assert_cmpuint (choice->refused->len, ==, reason_cases[i].reason == NULL ? 0 : 1);
      if (reason_cases[i].reason != NULL)
        g_assert_nonnull (strstr (((MwEndpointRefusal *) g_ptr_array_index (choice->refused, 0))->reason, reason_cases[i].reason));
    }
}

static void
test_wishes (void)
{
  g_autoptr (GPtrArray) endpoints = g_ptr_array_new_with_free_func (free_endpoint);
  g_autoptr (MwEndpointChoice) rest = NULL;
  g_autoptr (MwEndpointChoice) message = NULL;
  g_autoptr (MwEndpointChoice) either = NULL;

  g_ptr_array_add (endpoints, read_endpoint ("\"status\":\"active\",\"connectionType\":{\"code\":\"hl7-fhir-msg\"},\"address\":\"http://localhost:1/m/$process-message\""));
  g_ptr_array_add (endpoints, read_endpoint ("\"status\":\"active\"," REST ",\"address\":\"http://localhost:1/r\",\"payloadType\":[{\"coding\":[{\"code\":\"x\"}]}]"));
  rest = choose (endpoints, MW_ENDPOINT_REST, NULL, TRUE);
  message = choose (endpoints, MW_ENDPOINT_MESSAGE, NULL, TRUE);
  either = choose (endpoints, MW_ENDPOINT_REST | MW_ENDPOINT_MESSAGE, NULL, TRUE);
  g_assert_cmpuint (rest->usable->len, ==, 1);
  g_assert_cmpuint (message->usable->len, ==, 1);
  g_assert_cmpstr (((MwEndpoint *) g_ptr_array_index (message->usable, 0))->message_address, ==, "http://localhost:1/m/$process-message");
  g_assert_cmpuint (either->usable->len, ==, 2);
  g_assert_false (either->ambiguous);
  g_assert_cmpstr (((MwEndpoint *) g_ptr_array_index (either->usable, 0))->address, ==, "http://localhost:1/r");
}

#define RANK(n) "\"extension\":[{\"url\":\"" NDH "base-ext-endpoint-rank\",\"valuePositiveInt\":" #n "}],"
#define PROD "\"environmentType\":[{\"coding\":[{\"code\":\"prod\"}]}],"

static void
check_order (const char *const *members,
             const char        *expected,
             gboolean           ambiguous)
{
  g_autoptr (GPtrArray) endpoints = g_ptr_array_new_with_free_func (free_endpoint);
  g_autoptr (MwEndpointChoice) choice = NULL;
  GString *order = g_string_new (NULL);

  for (; *members != NULL; members++)
    {
      g_autofree char *all = g_strconcat (REST ",", *members, NULL);

      g_ptr_array_add (endpoints, read_endpoint (all));
    }
  choice = choose (endpoints, MW_ENDPOINT_REST, NULL, FALSE);
  for (guint i = 0; i < choice->usable->len; i++)
    g_string_append_printf (order, "%s%s", i > 0 ? " " : "", ((MwEndpoint *) g_ptr_array_index (choice->usable, i))->id);
  g_assert_cmpstr (order->str, ==, expected);
  g_assert_true (choice->ambiguous == ambiguous);
  g_string_free (order, TRUE);
}

static void
test_order (void)
{
  static const char *const ranked[] = { "\"status\":\"active\",\"id\":\"c\",\"address\":\"https://c.example\"",
                                        "\"status\":\"active\"," RANK (2) "\"id\":\"b\",\"address\":\"https://b.example\"",
                                        "\"status\":\"active\"," RANK (1) "\"id\":\"a\",\"address\":\"https://a.example\"", NULL };
  static const char *const prod[] = { "\"status\":\"active\",\"id\":\"b\",\"address\":\"https://b.example\"",
                                      "\"status\":\"active\"," PROD "\"id\":\"a\",\"address\":\"https://a.example\"", NULL };
  static const char *const limited[] = { "\"status\":\"limited\"," RANK (1) "\"id\":\"b\",\"address\":\"https://b.example\"",
                                         "\"status\":\"active\",\"id\":\"a\",\"address\":\"https://a.example\"", NULL };
  static const char *const tied[] = { "\"status\":\"active\",\"id\":\"b\",\"address\":\"https://b.example\"",
                                      "\"status\":\"active\",\"id\":\"a\",\"address\":\"https://a.example\"", NULL };
  static const char *const ports[] = { "\"status\":\"active\",\"id\":\"b\",\"address\":\"https://a.example:8443/b\"",
                                       "\"status\":\"active\",\"id\":\"a\",\"address\":\"https://a.example/a\"", NULL };
  static const char *const one_host[] = { "\"status\":\"active\",\"id\":\"b\",\"address\":\"https://a.example:443/b\"",
                                          "\"status\":\"active\",\"id\":\"a\",\"address\":\"https://a.example/a\"", NULL };
  static const char *const twice[] = { "\"status\":\"active\",\"id\":\"b\",\"address\":\"https://a.example/fhir/\"",
                                       "\"status\":\"active\"," RANK (1) "\"id\":\"a\",\"address\":\"https://a.example/fhir\"", NULL };
  static const char *const later_tie[] = { "\"status\":\"active\"," RANK (1) "\"id\":\"a\",\"address\":\"https://a.example\"",
                                           "\"status\":\"active\"," RANK (2) "\"id\":\"b\",\"address\":\"https://b.example\"",
                                           "\"status\":\"active\"," RANK (2) "\"id\":\"c\",\"address\":\"https://c.example\"", NULL };

  check_order (ranked, "a b c", FALSE);
  check_order (prod, "a b", FALSE);
  check_order (limited, "a b", FALSE);
  check_order (tied, "a b", TRUE);
  check_order (ports, "a b", TRUE);
  check_order (one_host, "a b", TRUE);
  check_order (twice, "a", FALSE);
  check_order (later_tie, "a b c", FALSE);
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/endpoint/addresses", test_addresses);
  g_test_add_func ("/fhir/endpoint/r4", test_r4);
  g_test_add_func ("/fhir/endpoint/r5", test_r5);
  g_test_add_func ("/fhir/endpoint/hostile", test_hostile);
  g_test_add_func ("/fhir/endpoint/reasons", test_reasons);
  g_test_add_func ("/fhir/endpoint/wishes", test_wishes);
  g_test_add_func ("/fhir/endpoint/order", test_order);
  return g_test_run ();
}
