/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a plan is asked with: the patient, and the coverage by it that the home record has */

#include "mw-config.h"

#include "mw-identify-member.h"

#include "mw-connections.h"
#include "mw-endpoint-row.h"
#include "mw-member-match.h"
#include "mw-reference.h"

#include <string.h>

#define MAX_COVERAGES 20
#define MAX_PAYORS 10

/* Whether the organization at @reference is reached at @plan: an Endpoint of its own, or one that it names */
static gboolean
is_reached_at (MwDb       *db,
               const char *reference,
               const char *plan)
{
  g_autoptr (GPtrArray) rows = mw_endpoint_rows_of_owner (db, reference, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const MwEndpoint *endpoint = ((MwEndpointRow *) g_ptr_array_index (rows, i))->endpoint;

      if ((endpoint->kinds & (MW_ENDPOINT_REST | MW_ENDPOINT_MESSAGE)) != 0 && g_strcmp0 (endpoint->status, "active") == 0 && g_strcmp0 (endpoint->address, plan) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_paid_by (MwDb       *db,
            JsonNode   *coverage,
            const char *base,
            const char *plan)
{
  guint n = MIN (mw_json_length (coverage, "payor"), MAX_PAYORS);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MwReference) payor = mw_reference_new (mw_json_item (coverage, "payor", i));
      g_autofree char *absolute = mw_reference_absolute (payor, base);
      g_autofree char *there = mw_reference_relative (payor, plan);

      if (absolute != NULL && ((payor->kind == MW_REFERENCE_ABSOLUTE && there != NULL) || is_reached_at (db, absolute, plan)))
        return TRUE;
    }
  return FALSE;
}

/**
 * mw_identify_member_parameters:
 * @patient_reference: absolute, on the home connection
 * @plan: the base URL of the server that is asked
 *
 * Returns: (transfer full) (nullable): what to POST to the plan's Patient/$member-match; NULL when the record here has
 *   no active Coverage whose payor is that plan
 */
JsonNode *
mw_identify_member_parameters (MwDb       *db,
                               const char *patient_reference,
                               JsonNode   *patient,
                               const char *plan)
{
  g_autoptr (MwConnection) home = mw_connections_by_reference (db, patient_reference);
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (home == NULL ||
      !mw_query_init (&query, db, NULL,
                      "SELECT r.raw FROM resources AS r JOIN people AS p ON p.id = r.patient WHERE p.reference = ?1 AND r.type = 'Coverage' "
                      "AND r.deleted = 0 AND r.connection = ?2 ORDER BY r.happened DESC, r.id DESC LIMIT ?3",
                      "sii", patient_reference, home->id, (gint64) MAX_COVERAGES))
    return NULL;
  while (mw_query_step (&query, NULL))
    {
      g_autoptr (GBytes) raw = mw_query_bytes (&query, 0);
      g_autoptr (JsonNode) coverage = raw != NULL ? mw_json_parse (g_bytes_get_data (raw, NULL), (gssize) g_bytes_get_size (raw), NULL) : NULL;

      if (g_strcmp0 (mw_json_string (coverage, "status"), "active") == 0 && is_paid_by (db, coverage, home->url, plan))
        return mw_member_match_parameters_new (patient, coverage, NULL, home->url);
    }
  return NULL;
}
