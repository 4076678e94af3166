/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MwFhirVersion:
 *
 * The versions of FHIR, in order; numbered by hand since they reach the disk.
 */
typedef enum
{
  MW_FHIR_VERSION_UNKNOWN = 0,
  MW_FHIR_VERSION_DSTU2 = 1,
  MW_FHIR_VERSION_STU3 = 2,
  MW_FHIR_VERSION_R4 = 3,
  MW_FHIR_VERSION_R4B = 4,
  MW_FHIR_VERSION_R5 = 5,
  MW_FHIR_VERSION_R6 = 6,
} MwFhirVersion;

MwFhirVersion mw_fhir_version_parse (const char *text);
const char   *mw_fhir_version_to_text (MwFhirVersion version);

G_END_DECLS
