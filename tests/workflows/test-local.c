/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A patient who is on no server goes along: as one record, known for ours, whatever the way and the receiver */

#include "receivers.h"

#include "mw-identity.h"

#include <string.h>

#define LOCAL "{'resourceType':'Patient','name':[{'family':'Meyer','given':['Jonas']}],'birthDate':'2016-05-04'}"
#define NUMBERED "{'resourceType':'Patient','identifier':[{'system':'urn:oid:9.9','value':'77'}],'name':[{'family':'Meyer'}],'birthDate':'2016-05-04'}"
#define UNSURE "{'resourceType':'Patient','identifier':[{'value':'77'}],'name':[{'family':'Meyer'}],'birthDate':'2016-05-04'}"
#define REFERRAL "{'kind':'referral','service':'Echo'}"
#define MESSAGE "{'kind':'message','note':'Hello'}"

/* How the Patient is written and referred to, in a plan of any way */
static void
assert_goes_along (MwPlan     *plan,
                   const char *type,
                   const char *path)
{
  g_autofree char *condition = mw_identity_query (PATIENT_IDENTITY);
  g_autofree char *urn = mw_identity_urn (PATIENT_IDENTITY);
  g_autoptr (JsonNode) patient = find_part (plan, "Patient");
  g_autoptr (JsonNode) about = find_part (plan, type);
  g_autoptr (JsonNode) whole = NULL;
  const char *reference;

  g_assert_nonnull (patient);
  g_assert_cmpstr (mw_json_string (patient, "birthDate"), ==, "2016-05-04");
  g_assert_cmpstr (mw_json_string (patient, "identifier[0].value"), ==, urn);
  g_assert_nonnull (about);
  reference = mw_json_string (about, path);
  g_assert_true (g_str_has_prefix (reference, "urn:uuid:"));
  /* that urn is the place of the Patient in the Bundle, or the link to the request that makes it */
  if (plan->requests->len == 1)
    {
      whole = body_of (request_at (plan, 0));
      for (guint i = 0; i < mw_json_length (whole, "entry"); i++)
        {
          JsonNode *entry = mw_json_item (whole, "entry", i);

          if (mw_resource_is (mw_json_get (entry, "resource"), "Patient"))
            {
              g_assert_cmpstr (mw_json_string (entry, "fullUrl"), ==, reference);
              g_assert_true (mw_json_string (entry, "request.method") == NULL || g_strcmp0 (mw_json_string (entry, "request.ifNoneExist"), condition) == 0);
              return;
            }
        }
      g_assert_not_reached ();
    }
  for (guint i = 0; i < plan->requests->len; i++)
    if (g_str_equal (request_at (plan, i)->url, "Patient"))
      {
        g_autofree char *link = mw_identity_link (request_at (plan, i)->identity);

        g_assert_cmpstr (link, ==, reference);
        g_assert_cmpstr (request_at (plan, i)->if_none_exist, ==, condition);
        return;
      }
  g_assert_not_reached ();
}

static void
test_ways (void)
{
  static const char *const systems[] = { MESSAGES, TRANSACTIONS, "" };
  static const Sending     sendings[] = {
        { REFERRAL, .patient = LOCAL },
        { MESSAGE, .patient = LOCAL },
        { REFERRAL, .patient = LOCAL, .at_home = TRUE },
        { MESSAGE, .patient = LOCAL, .at_home = TRUE },
        { "{'kind':'push','note':'All I know'}", .patient = LOCAL },
        { "{'kind':'ask','note':'His weight?'}", .patient = LOCAL },
  };
  static const struct
  {
    const char *type;
    const char *path;
  } abouts[] = { { "ServiceRequest", "subject.reference" }, { "Communication", "subject.reference" }, { "ServiceRequest", "subject.reference" }, { "Communication", "subject.reference" }, { "Communication", "subject.reference" }, { "Task", "for.reference" } };

  for (gsize i = 0; i < G_N_ELEMENTS (systems); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (sendings); k++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (MwCapability) capability = statement ("4.0.1", systems[i], CONDITIONAL);
        g_autoptr (MwPlan) plan = plan_with (&sendings[k], capability, &error);

        g_assert_no_error (error);
        assert_goes_along (plan, abouts[k].type, abouts[k].path);
      }
}

/* A number within its system is what the record there may be known by; one without a system is no proof */
static void
test_number (void)
{
  static const Sending numbered = { REFERRAL, .patient = NUMBERED };
  static const Sending unsure = { REFERRAL, .patient = UNSURE };
  static const Sending denied = { REFERRAL, .patient = NUMBERED, .patient_is_new = TRUE };
  static const Sending denied_at_home = { REFERRAL, .patient_is_new = TRUE };
  g_autofree char     *own = mw_identity_query (PATIENT_IDENTITY);
  const struct
  {
    const Sending *sending;
    const char    *condition;
  } cases[] = { { &numbered, "identifier=urn%3Aoid%3A9.9%7C77" }, { &unsure, own }, { &denied, own }, { &denied_at_home, own } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MwCapability) capability = statement ("4.0.1", "", CONDITIONAL);
      g_autoptr (MwPlan) plan = plan_with (cases[i].sending, capability, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (request_at (plan, 0)->url, ==, "Patient");
      g_assert_cmpstr (request_at (plan, 0)->if_none_exist, ==, cases[i].condition);
    }
}

/* Whom a person has told from all there must not be meant by a number alone, either */
static void
test_denied_lightly (void)
{
  static const Sending denied = { MESSAGE, .patient = NUMBERED, .patient_is_new = TRUE };
  static const Sending unknown = { MESSAGE, .patient = NUMBERED };
  g_autoptr (GError) error = NULL;
  g_autoptr (MwCapability) capability = statement ("4.0.1", "", CONDITIONAL);
  g_autoptr (MwPlan) plan = plan_with (&unknown, capability, &error);
  g_autoptr (MwPlan) denied_plan = plan_with (&denied, capability, &error);
  g_autoptr (JsonNode) communication = find_part (plan, "Communication");
  g_autoptr (JsonNode) denied_communication = find_part (denied_plan, "Communication");

  g_assert_no_error (error);
  g_assert_cmpstr (mw_json_string (communication, "subject.identifier.value"), ==, "77");
  g_assert_false (mw_json_has (denied_communication, "subject.identifier"));
  g_assert_nonnull (mw_json_string (denied_communication, "subject.reference"));
}

/* A receiver that adds no patients: a plain sentence, not a request that will be refused. In a message there is room */
static void
test_no_room (void)
{
  static const Sending     referral = { REFERRAL, .patient = LOCAL };
  static const Sending     alert = { "{'kind':'alert','note':'He fell'}", .patient = LOCAL };
  static const char        text[] = "{'resourceType':'CapabilityStatement','fhirVersion':'4.0.1','rest':[{'mode':'server',%s'resource':["
                                    "{'type':'Patient','interaction':[{'code':'read'}]},{'type':'ServiceRequest','interaction':[{'code':'create'}]},"
                                    "{'type':'Task','interaction':[{'code':'create'}]},{'type':'Communication','interaction':[{'code':'create'}]}]}]}";
  static const char *const systems[] = { "", TRANSACTIONS, MESSAGES };

  for (gsize i = 0; i < G_N_ELEMENTS (systems); i++)
    {
      g_auto (GStrv) halves = g_strsplit (text, "%s", 2);
      g_autofree char *whole = g_strconcat (halves[0], systems[i], halves[1], NULL);
      g_autoptr (JsonNode) node = parse (whole);
      g_autoptr (MwCapability) capability = mw_capability_new (node, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (MwPlan) plan = plan_with (&referral, capability, &error);
      g_autoptr (MwPlan) in_message = NULL;

      g_assert_null (plan);
      g_assert_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR);
      g_assert_nonnull (strstr (error->message, "does not know this patient"));
      g_clear_error (&error);
      in_message = plan_with (&alert, capability, &error);
      g_assert_true ((in_message != NULL) == (i == 2));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workflows/local/ways", test_ways);
  g_test_add_func ("/workflows/local/number", test_number);
  g_test_add_func ("/workflows/local/denied-lightly", test_denied_lightly);
  g_test_add_func ("/workflows/local/no-room", test_no_room);
  return g_test_run ();
}
