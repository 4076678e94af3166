/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-member-match.h"

#include "mw-match.h"
#include "mw-outcome.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>

/* Local names of the resources in a request; the plan has no need of ours */
#define MEMBER_ID "member"
#define COVERAGE_ID "coverage"
#define CONSENT_ID "consent"

void
mw_member_match_free (MwMemberMatch *self)
{
  if (self == NULL)
    return;
  g_free (self->system);
  g_free (self->value);
  g_free (self->reference);
  g_free (self);
}

/* What the literal references in a Coverage or a Consent become at the plan */
typedef struct
{
  const char *patient;
  const char *base;
} Rewrite;

static char *
rewrite_reference (const char *literal,
                   gpointer    user_data)
{
  const Rewrite *rewrite = user_data;
  g_autoptr (MwReference) reference = mw_reference_new_for_literal (literal);

  if (rewrite->patient != NULL && mw_reference_same (literal, rewrite->patient, rewrite->base))
    return g_strdup ("Patient/" MEMBER_ID);
  if (reference->kind == MW_REFERENCE_RELATIVE)
    return mw_reference_absolute (reference, rewrite->base);
  return NULL;
}

static JsonNode *
local_copy (JsonNode      *resource,
            const char    *id,
            const char    *patient_path,
            const Rewrite *rewrite)
{
  JsonNode *copy = mw_json_copy (resource);

  mw_json_remove (copy, "meta");
  mw_json_remove (copy, "text");
  mw_json_set (copy, "id", id);
  mw_reference_rewrite_all (copy, rewrite_reference, (gpointer) rewrite);
  mw_json_remove (copy, patient_path);
  {
    JsonNode *reference = mw_json_object_new ();

    mw_json_set (reference, "reference", "Patient/" MEMBER_ID);
    mw_json_take (copy, patient_path, reference);
  }
  return copy;
}

static void
take_parameter (JsonNode   *parameters,
                const char *name,
                JsonNode   *resource)
{
  JsonNode *parameter = mw_json_object_new ();

  mw_json_set (parameter, "name", name);
  mw_json_take (parameter, "resource", resource);
  mw_json_take (parameters, "parameter[+]", parameter);
}

/**
 * mw_member_match_parameters_new:
 * @patient: the Patient
 * @coverage: the Coverage that names the plan
 * @consent: (nullable): the Consent that allows it; guides before HRex 1.1 and PDex demand one
 * @base: the base URL of the server that all of these came from
 *
 * The resources get local names and refer to each other by them; what else they refer to becomes absolute.
 *
 * Returns: (transfer full) (nullable): the Parameters to POST to "Patient/$member-match" (HRex 1.2); NULL when
 *   @coverage is no Coverage or @consent no Consent
 */
JsonNode *
mw_member_match_parameters_new (JsonNode   *patient,
                                JsonNode   *coverage,
                                JsonNode   *consent,
                                const char *base)
{
  g_autofree char *reference = NULL;
  Rewrite          rewrite = { NULL, base };
  JsonNode        *parameters;

  g_return_val_if_fail (base != NULL, NULL);

  if (!mw_resource_is (patient, "Patient") || !mw_resource_is (coverage, "Coverage") ||
      (consent != NULL && !mw_resource_is (consent, "Consent")))
    return NULL;
  if (mw_resource_id (patient) != NULL)
    reference = g_strconcat ("Patient/", mw_resource_id (patient), NULL);
  rewrite.patient = reference;
  parameters = mw_resource_new ("Parameters");
  take_parameter (parameters, "MemberPatient", mw_match_lean_patient (patient, MEMBER_ID));
  take_parameter (parameters, "CoverageToMatch", local_copy (coverage, COVERAGE_ID, "beneficiary", &rewrite));
  if (consent != NULL)
    take_parameter (parameters, "Consent", local_copy (consent, CONSENT_ID, "patient", &rewrite));
  return parameters;
}

/**
 * mw_member_match_new:
 * @answer: (nullable): the body of the plan's answer
 *
 * Returns: (transfer full): who the patient is there; or NULL with MW_FHIR_ERROR_NOT_FHIR, and the plan's reason if
 *   it gave one. A plan that found nobody, or several, answers 422: that must not be tried again with other data
 */
MwMemberMatch *
mw_member_match_new (JsonNode *answer,
                     GError  **error)
{
  g_autoptr (MwMemberMatch) self = g_new0 (MwMemberMatch, 1);
  g_autofree char *reason = mw_outcome_to_text (answer);
  guint            n = mw_resource_is (answer, "Parameters") ? MIN (mw_json_length (answer, "parameter"), 100) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *parameter = mw_json_item (answer, "parameter", i);
      const char *name = mw_json_string (parameter, "name");

      if (g_strcmp0 (name, "MemberIdentifier") == 0 && self->value == NULL)
        {
          self->system = g_strdup (mw_json_string (parameter, "valueIdentifier.system"));
          self->value = mw_json_scalar (parameter, "valueIdentifier.value");
        }
      else if (g_strcmp0 (name, "MemberId") == 0 && self->reference == NULL)
        self->reference = g_strdup (mw_json_string (parameter, "valueReference.reference"));
    }
  if (self->value != NULL)
    return g_steal_pointer (&self);
  g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR,
                       reason != NULL ? reason : _ ("The plan’s answer does not say who the member is."));
  return NULL;
}
