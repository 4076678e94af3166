/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-fhir-version.h"

/**
 * mw_fhir_version_parse:
 * @text: (nullable): "4.0.1", "4.0", "6.0.0-ballot2"
 *
 * Returns: the version by its first two numbers (wire/workflows-and-trust 3)
 */
MwFhirVersion
mw_fhir_version_parse (const char *text)
{
  static const struct
  {
    const char   *prefix;
    MwFhirVersion version;
  } versions[] = {
    { "0.4", MW_FHIR_VERSION_DSTU2 },
    { "0.5", MW_FHIR_VERSION_DSTU2 },
    { "1.0", MW_FHIR_VERSION_DSTU2 },
    { "1.", MW_FHIR_VERSION_STU3 },
    { "3.0", MW_FHIR_VERSION_STU3 },
    { "3.2", MW_FHIR_VERSION_R4 },
    { "3.3", MW_FHIR_VERSION_R4 },
    { "3.5", MW_FHIR_VERSION_R4 },
    { "4.0", MW_FHIR_VERSION_R4 },
    { "4.1", MW_FHIR_VERSION_R4B },
    { "4.3", MW_FHIR_VERSION_R4B },
    { "4.2", MW_FHIR_VERSION_R5 },
    { "4.4", MW_FHIR_VERSION_R5 },
    { "4.5", MW_FHIR_VERSION_R5 },
    { "4.6", MW_FHIR_VERSION_R5 },
    { "5.", MW_FHIR_VERSION_R5 },
    { "6.", MW_FHIR_VERSION_R6 },
  };

  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS (versions); i++)
    if (g_str_has_prefix (text, versions[i].prefix))
      return versions[i].version;
  return MW_FHIR_VERSION_UNKNOWN;
}

/**
 * mw_fhir_version_to_text:
 *
 * Returns: (transfer none): the name of the version; it is the same in every language
 */
const char *
mw_fhir_version_to_text (MwFhirVersion version)
{
  switch (version)
    {
    case MW_FHIR_VERSION_DSTU2:
      return "DSTU2";
    case MW_FHIR_VERSION_STU3:
      return "STU3";
    case MW_FHIR_VERSION_R4:
      return "R4";
    case MW_FHIR_VERSION_R4B:
      return "R4B";
    case MW_FHIR_VERSION_R5:
      return "R5";
    case MW_FHIR_VERSION_R6:
      return "R6";
    case MW_FHIR_VERSION_UNKNOWN:
    default:
      return "?";
    }
}
