/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/** MW_NPI_SYSTEM: the identifier system of the US National Provider Identifier, to be written */
#define MW_NPI_SYSTEM "http://hl7.org/fhir/sid/us-npi"
/** MW_NPI_OID: the same as an OID, to be read only */
#define MW_NPI_OID "urn:oid:2.16.840.1.113883.4.6"
/** MW_NPI_MISPRINT: what the National Directory guide's narrative prints instead; read, never written */
#define MW_NPI_MISPRINT "http://hl7.org/fhir/sid/use-npi"

gboolean mw_npi_is_valid (const char *text);
gboolean mw_npi_is_system (const char *system);
gboolean mw_npi_is_identifier (JsonNode *identifier);
char    *mw_npi_of (JsonNode *resource,
                    gboolean *valid);

G_END_DECLS
