/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** MW_URI_SYSTEM: the identifier system whose values are URIs (FHIR R4 identifier-registry.html) */
#define MW_URI_SYSTEM "urn:ietf:rfc:3986"

char *mw_identity_new (void);
char *mw_identity_derive (const char *identity,
                          const char *name);
char *mw_identity_urn (const char *identity);
char *mw_identity_link (const char *identity);
void  mw_identity_stamp (JsonNode   *resource,
                         const char *identity);
char *mw_identity_query (const char *identity);

G_END_DECLS
