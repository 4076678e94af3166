/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MwFhirError:
 * @MW_FHIR_ERROR_SYNTAX: the bytes are not JSON, or not UTF-8
 * @MW_FHIR_ERROR_TOO_DEEP: nested deeper than MW_JSON_MAX_DEPTH
 * @MW_FHIR_ERROR_TOO_LARGE: a stated limit on size or count was passed
 * @MW_FHIR_ERROR_NOT_FHIR: JSON, but not a FHIR resource, or not the one that was expected
 * @MW_FHIR_ERROR_CONFLICT: an edit's condition does not hold in the resource as it is now
 * @MW_FHIR_ERROR_INSECURE: an address that secrets would go to, and that is not protected
 * @MW_FHIR_ERROR_VERSION: the other version of FHIR cannot say it, or is not spoken
 */
typedef enum
{
  MW_FHIR_ERROR_SYNTAX,
  MW_FHIR_ERROR_TOO_DEEP,
  MW_FHIR_ERROR_TOO_LARGE,
  MW_FHIR_ERROR_NOT_FHIR,
  MW_FHIR_ERROR_CONFLICT,
  MW_FHIR_ERROR_INSECURE,
  MW_FHIR_ERROR_VERSION,
} MwFhirError;

#define MW_FHIR_ERROR (mw_fhir_error_quark ())
GQuark mw_fhir_error_quark (void);

G_END_DECLS
