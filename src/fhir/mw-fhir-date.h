/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MwFhirDatePrecision:
 *
 * How much of a date is known (FHIR R4 datatypes.html#date, #dateTime, #instant).
 */
typedef enum
{
  MW_FHIR_DATE_NONE,
  MW_FHIR_DATE_YEAR,
  MW_FHIR_DATE_MONTH,
  MW_FHIR_DATE_DAY,
  MW_FHIR_DATE_MINUTE,
  MW_FHIR_DATE_SECOND,
  MW_FHIR_DATE_FRACTION,
} MwFhirDatePrecision;

/**
 * MwFhirDate:
 * @has_zone: whether @offset was written; without it a time is read as UTC
 * @offset: seconds east of UTC
 *
 * A date as it was written; what is not known is the first of its kind (January, the 1st, 0 o'clock).
 */
typedef struct
{
  MwFhirDatePrecision precision;
  int                 year, month, day;
  int                 hour, minute, second, microsecond;
  gboolean            has_zone;
  int                 offset;
} MwFhirDate;

gboolean mw_fhir_date_parse (const char *text,
                             MwFhirDate *date);
gint64   mw_fhir_date_to_unix (const char *text,
                               gint64      fallback);
char    *mw_fhir_date_from_unix (gint64 us);
char    *mw_fhir_date_to_display (const char *text);
char    *mw_fhir_date_range_to_display (const char *start,
                                        const char *end);
int      mw_fhir_date_age (const char *birth_date,
                           gint64      now);

G_END_DECLS
