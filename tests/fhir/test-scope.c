/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-scope.h"

#include <locale.h>
#include <string.h>

/* granted, wanted, what is missing of it (blank-separated; "" is nothing) */
static const struct
{
  const char *granted, *wanted, *missing;
} cover_cases[] = {
  { "user/Task.crus", "user/Task.crus", "" },
  { "user/Task.cruds", "user/Task.rs", "" },
  { "user/Task.rs", "user/Task.crus", "user/Task.cu" },
  { "user/Task.rs user/Task.cu", "user/Task.crus", "" },
  { "user/Task.r", "user/Task.rs", "user/Task.s" },
  /* version 1 */
  { "user/Task.read", "user/Task.rs", "" },
  { "user/Task.read", "user/Task.crus", "user/Task.cu" },
  { "user/Task.write", "user/Task.cud", "" },
  { "user/Task.write", "user/Task.r", "user/Task.r" },
  { "user/Task.*", "user/Task.cruds", "" },
  { "user/Task.rs", "user/Task.read", "" },
  { "user/Task.cu", "user/Task.write", "user/Task.d" },
  { "user/*.*", "user/Task.crus user/Patient.rs", "" },
  /* wildcards */
  { "user/*.rs", "user/Patient.rs user/Task.cu", "user/Task.cu" },
  { "user/Patient.rs", "user/*.rs", "user/*.rs" },
  /* contexts are not one another */
  { "patient/*.cruds", "user/Task.r", "user/Task.r" },
  { "system/*.cruds", "user/Task.r", "user/Task.r" },
  { "user/*.cruds", "patient/Task.r", "patient/Task.r" },
  /* queries narrow */
  { "user/Observation.rs?category=laboratory", "user/Observation.rs", "user/Observation.rs" },
  { "user/Observation.rs", "user/Observation.rs?category=laboratory", "" },
  { "user/Observation.rs?category=laboratory", "user/Observation.rs?category=laboratory", "" },
  { "user/Observation.rs?category=laboratory", "user/Observation.r?status=final&category=laboratory", "" },
  { "user/Observation.rs?category=laboratory&status=final", "user/Observation.rs?category=laboratory", "user/Observation.rs?category=laboratory" },
  { "user/Observation.rs?category=http%3A%2F%2Fa%7Clab", "user/Observation.rs?category=http://a|lab", "" },
  { "user/Observation.rs?category=a user/Observation.rs", "user/Observation.rs", "" },
  { "user/Task.rs?", "user/Task.rs", "" },
  /* not scopes on resources: themselves only */
  { "openid fhirUser", "openid fhirUser offline_access", "offline_access" },
  { "launch/patient", "launch/patient", "" },
  { "user/Task.rw", "user/Task.rs", "user/Task.rs" },
  { "user/Task.sr", "user/Task.rs", "user/Task.rs" },
  { "user/Task.dus", "user/Task.u", "user/Task.u" },
  { "user/Task.rr", "user/Task.r", "user/Task.r" },
  { "user/Task.", "user/Task.r", "user/Task.r" },
  { "user/task.rs", "user/Task.rs", "user/Task.rs" },
  { "user/.rs", "user/Task.rs", "user/Task.rs" },
  { "User/Task.rs", "user/Task.rs", "user/Task.rs" },
  { "user/Task.rw", "user/Task.rw", "" },
  { "https://h/a/b.c?d", "user/Task.rs", "user/Task.rs" },
  /* spelling of the list */
  { "  user/Task.rs\t\nuser/Patient.rs ", "user/Patient.rs   user/Task.rs", "" },
  { "user/Task.rs", "user/Slot.rs user/Task.rs user/Slot.rs", "user/Slot.rs" },
  { "", "user/Task.rs openid", "user/Task.rs openid" },
  { NULL, "user/Task.rs openid", "" },
  { "user/Task.rs", NULL, "" },
};

static void
test_missing (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cover_cases); i++)
    {
      g_auto (GStrv) missing = mw_scope_missing (cover_cases[i].granted, cover_cases[i].wanted);
      g_autofree char *joined = g_strjoinv (" ", missing);

      g_test_message ("%s | %s", cover_cases[i].granted, cover_cases[i].wanted);
      g_assert_cmpstr (joined, ==, cover_cases[i].missing);
      if (cover_cases[i].wanted != NULL && strchr (cover_cases[i].wanted, ' ') == NULL)
        g_assert_true (mw_scope_covers (cover_cases[i].granted, cover_cases[i].wanted) == (*cover_cases[i].missing == '\0'));
    }
}

static const struct
{
  const char *wanted, *v1, *v2;
} spell_cases[] = {
  { "openid user/Task.crus", "openid user/Task.read user/Task.write", "openid user/Task.crus" },
  { "user/Slot.rs user/Slot.s", "user/Slot.read", "user/Slot.rs user/Slot.s" },
  { "user/Slot.r system/Slot.c", "user/Slot.read system/Slot.write", "user/Slot.r system/Slot.c" },
  { "user/Task.read user/Task.write", "user/Task.read user/Task.write", "user/Task.rs user/Task.cud" },
  { "user/*.*", "user/*.read user/*.write", "user/*.cruds" },
  { "user/Observation.rs?category=a user/Observation.rs?category=b", "user/Observation.read",
    "user/Observation.rs?category=a user/Observation.rs?category=b" },
  { "user/Task.rw", "user/Task.rw", "user/Task.rw" },
  { NULL, "", "" },
};

static void
test_spell (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spell_cases); i++)
    {
      g_autofree char *v1 = mw_scope_spell (spell_cases[i].wanted, TRUE);
      g_autofree char *v2 = mw_scope_spell (spell_cases[i].wanted, FALSE);

      g_assert_cmpstr (v1, ==, spell_cases[i].v1);
      g_assert_cmpstr (v2, ==, spell_cases[i].v2);
    }
}

static void
check_text (const char *missing,
            const char *expected)
{
  g_auto (GStrv) list = g_strsplit (missing, " ", -1);
  g_autofree char *text = mw_scope_missing_text (list);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_text (void)
{
  check_text ("", NULL);
  g_assert_null (mw_scope_missing_text (NULL));
  check_text ("user/Task.cu", "May not write Task.");
  check_text ("user/Task.cud system/Slot.cu", "May not write Task, Slot.");
  check_text ("user/Task.c user/Slot.u user/Goal.d", "May not create Task. May not change Slot. May not delete Goal.");
  check_text ("user/Task.cd", "May not create Task. May not delete Task.");
  check_text ("user/Task.crus user/Patient.r user/Slot.s", "May not read Task. May not open Patient. May not search for Slot. May not write Task.");
  check_text ("user/Task.rs patient/Task.rs", "May not read Task.");
  check_text ("user/*.rs", "May not read records of any kind.");
  check_text ("openid fhirUser offline_access", "May not learn who is signed in. May not stay signed in.");
  check_text ("launch/patient user/%s.rs", "Not granted: launch/patient, user/%s.rs.");
  /* a name that reorders what is read */
  check_text ("a\xE2\x80\xAE"
              "b",
              "Not granted: ab.");
}

static void
test_clinician (void)
{
  g_autofree char *user = mw_scope_clinician (FALSE);
  g_autofree char *system = mw_scope_clinician (TRUE);
  g_auto (GStrv) parts = g_strsplit (system, " ", -1);

  g_assert_cmpstr (user, ==,
                   "openid fhirUser offline_access user/Patient.rs user/Practitioner.rs user/PractitionerRole.rs user/Organization.rs "
                   "user/Endpoint.rs user/CareTeam.rs user/Communication.crus user/CommunicationRequest.crus user/Task.crus "
                   "user/ServiceRequest.crus user/DocumentReference.crs user/Binary.cr user/CarePlan.rus user/Goal.rus "
                   "user/Appointment.crus user/Slot.rs user/Schedule.rs user/Questionnaire.rs user/QuestionnaireResponse.crus "
                   "user/Subscription.crud "
                   "user/Bundle.rs user/MessageHeader.c user/Encounter.rs user/Condition.rs user/Observation.rs user/MedicationRequest.rs "
                   "user/MedicationStatement.rs user/AllergyIntolerance.rs user/Immunization.rs user/Procedure.rs user/DiagnosticReport.rs user/Coverage.rs");
  for (gsize i = 0; parts[i] != NULL; i++)
    g_assert_true (g_str_has_prefix (parts[i], "system/"));
  g_assert_cmpuint (g_strv_length (parts), ==, 32);
  g_assert_true (mw_scope_covers (system, "system/Subscription.crud"));
}

/* A list of any size costs bounded work and memory */
static void
test_huge (void)
{
  GString *list = g_string_new (NULL);
  g_auto (GStrv) missing = NULL;
  g_autofree char *letters = g_strnfill (MW_SCOPE_MAX_LENGTH * 2, 'r');
  g_autofree char *one = g_strconcat ("user/Task.", letters, NULL);

  for (int i = 0; i < 100000; i++)
    g_string_append_printf (list, "x%d ", i);
  g_string_append (list, "user/Task.rs");
  missing = mw_scope_missing ("", list->str);
  g_assert_cmpuint (g_strv_length (missing), ==, MW_SCOPE_MAX);
  g_assert_false (mw_scope_covers (list->str, "user/Task.rs"));
  g_assert_false (mw_scope_covers (one, "user/Task.r"));
  g_assert_false (mw_scope_covers ("\xff\xfe user/\xff.rs", "user/Task.r"));
  g_string_free (list, TRUE);
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/scope/missing", test_missing);
  g_test_add_func ("/fhir/scope/spell", test_spell);
  g_test_add_func ("/fhir/scope/text", test_text);
  g_test_add_func ("/fhir/scope/clinician", test_clinician);
  g_test_add_func ("/fhir/scope/huge", test_huge);
  return g_test_run ();
}
