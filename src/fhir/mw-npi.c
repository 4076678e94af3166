/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-npi.h"

#include "mw-text.h"

#include <string.h>

#define LENGTH 10
/* What the issuer's prefix 80840 adds to the sum of the digits */
#define PREFIX_SUM 24
#define MAX_IDENTIFIERS 200

/**
 * mw_npi_is_valid:
 * @text: (nullable): a number
 *
 * Returns: whether it is a National Provider Identifier: ten digits of which the first is 1 or 2, and the last
 *   is the check digit (Luhn over 80840 and the number)
 */
gboolean
mw_npi_is_valid (const char *text)
{
  int sum = PREFIX_SUM;

  if (text == NULL || strlen (text) != LENGTH || (text[0] != '1' && text[0] != '2'))
    return FALSE;
  for (int i = LENGTH - 1; i >= 0; i--)
    {
      int digit = g_ascii_digit_value (text[i]);

      if (digit < 0)
        return FALSE;
      if ((LENGTH - 1 - i) % 2 == 1)
        digit = digit > 4 ? digit * 2 - 9 : digit * 2;
      sum += digit;
    }
  return sum % 10 == 0;
}

/** mw_npi_is_system: whether @system (nullable) means the NPI, in any of the ways it is written */
gboolean
mw_npi_is_system (const char *system)
{
  static const char *const systems[] = {
    MW_NPI_SYSTEM,
    MW_NPI_OID,
    MW_NPI_MISPRINT,
    "https://hl7.org/fhir/sid/us-npi",
    "2.16.840.1.113883.4.6",
    NULL,
  };

  return system != NULL && g_strv_contains (systems, system);
}

/**
 * mw_npi_is_identifier:
 * @identifier: (nullable): an Identifier
 *
 * Returns: whether it says that it is an NPI: by its system, or by its type where it has no system
 */
gboolean
mw_npi_is_identifier (JsonNode *identifier)
{
  const char *system = mw_json_string (identifier, "system");

  if (system != NULL)
    return mw_npi_is_system (system);
  return g_strcmp0 (mw_json_string (identifier, "type.coding.code"), "NPI") == 0;
}

/**
 * mw_npi_of:
 * @resource: (nullable): a Practitioner, an Organization or anything else with identifiers
 * @valid: (out) (optional): whether its check digit is right
 *
 * Of several the first that is valid and not marked as old. Many in the field fail the check: warn, but read.
 *
 * Returns: (transfer full) (nullable): the NPI, without blanks around it
 */
char *
mw_npi_of (JsonNode *resource,
           gboolean *valid)
{
  guint n = MIN (mw_json_length (resource, "identifier"), MAX_IDENTIFIERS);
  char *best = NULL;
  int   best_rank = -1;

  for (guint i = 0; i < n; i++)
    {
      JsonNode        *identifier = mw_json_item (resource, "identifier", i);
      g_autofree char *raw = mw_npi_is_identifier (identifier) ? mw_json_scalar (identifier, "value") : NULL;
      char            *value = mw_text_line (raw);
      int              rank = 0;

      if (value == NULL)
        continue;
      rank = (mw_npi_is_valid (value) ? 2 : 0) + (g_strcmp0 (mw_json_string (identifier, "use"), "old") != 0 ? 1 : 0);
      if (rank > best_rank)
        {
          g_free (best);
          best = g_steal_pointer (&value);
          best_rank = rank;
        }
      g_free (value);
    }
  if (valid != NULL)
    *valid = best_rank >= 2;
  return best;
}
