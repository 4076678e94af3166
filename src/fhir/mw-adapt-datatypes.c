/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is different in R4 and R5: data types that stand in many places (the definitions of 4.0.1 and 5.0.0). */

#include "mw-config.h"

#include "mw-adapt-private.h"

#include <glib/gi18n-lib.h>

static const MwAdaptRule attachment_rules[] = {
  { "size", "size", MW_ADAPT_INTEGER_TEXT, MW_ADAPT_SINGLE, NULL, NULL, N_ ("a file of more than two gigabytes") },
  { NULL, "height", MW_ADAPT_ONLY },
  { NULL, "width", MW_ADAPT_ONLY },
  { NULL, "frames", MW_ADAPT_ONLY },
  { NULL, "duration", MW_ADAPT_ONLY },
  { NULL, "pages", MW_ADAPT_ONLY },
};

static const MwAdaptRule dosage_rules[] = {
  { "asNeededBoolean", "asNeeded", MW_ADAPT_SAME },
  { "asNeededCodeableConcept", "asNeededFor", MW_ADAPT_SAME, MW_ADAPT_R5_LIST, NULL, NULL, N_ ("several reasons to take it as needed") },
  { "maxDosePerPeriod", "maxDosePerPeriod", MW_ADAPT_SAME, MW_ADAPT_R5_LIST, NULL, NULL, N_ ("several limits of the dose") },
};

static const MwAdaptRule sampled_data_rules[] = {
  { "period", "interval", MW_ADAPT_SAME, MW_ADAPT_R4_NEEDS },
  { NULL, "intervalUnit", MW_ADAPT_FIXED, MW_ADAPT_SINGLE, "ms", NULL, N_ ("samples that are not measured in milliseconds") },
  { NULL, "codeMap", MW_ADAPT_ONLY },
  { NULL, "offsets", MW_ADAPT_ONLY },
};

const MwAdaptTable mw_adapt_tables_datatypes[] = {
  MW_ADAPT_TABLE ("Attachment", attachment_rules),
  MW_ADAPT_TABLE ("Dosage", dosage_rules),
  MW_ADAPT_TABLE ("SampledData", sampled_data_rules),
  { NULL },
};
