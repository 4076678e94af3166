/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-capability.h"

G_BEGIN_DECLS

/** MW_SMART_MAX_LIST: elements of one list that are read; of each, and of a URL, at most MW_SMART_MAX_TEXT bytes */
#define MW_SMART_MAX_LIST 5000
#define MW_SMART_MAX_TEXT 2048

/**
 * MwSmartConfiguration:
 * @issuer: (nullable): as it was written, since an id_token's "iss" must equal it to the letter
 * @token_endpoint: the only one that is never NULL
 * @jwks_uri: (nullable): where the server's keys are
 * @brand_bundle: (nullable): user_access_brand_bundle, a list of the organisations behind this server
 * @brand_identifier: (nullable): "system|value" of the organisation in it
 * @capabilities: as all lists, never NULL; empty when nothing was told
 * @associated_endpoints: other FHIR bases that the same sign-in serves
 * @notes: sentences for a person: what in the document was left out, or is odd
 *
 * How a server wants to be signed in to (SMART App Launch 2.2, conformance). All endpoints are absolute, and either
 * https or, for a FHIR base on loopback, http on loopback.
 */
typedef struct
{
  char *issuer;
  char *authorization_endpoint;
  char *token_endpoint;
  char *revocation_endpoint;
  char *introspection_endpoint;
  char *registration_endpoint;
  char *management_endpoint;
  char *jwks_uri;
  char *brand_bundle;
  char *brand_identifier;
  GStrv capabilities;
  GStrv grant_types;
  GStrv scopes;
  GStrv auth_methods;
  GStrv signing_algs;
  GStrv challenge_methods;
  GStrv associated_endpoints;
  GStrv notes;
} MwSmartConfiguration;

MwSmartConfiguration *mw_smart_configuration_new (JsonNode   *document,
                                                  const char *base,
                                                  GError    **error);
MwSmartConfiguration *mw_smart_configuration_new_from_capability (MwCapability *capability,
                                                                  const char   *base,
                                                                  GError      **error);
void                  mw_smart_configuration_free (MwSmartConfiguration *self);
char                 *mw_smart_configuration_url (const char *base);
gboolean              mw_smart_configuration_has_capability (const MwSmartConfiguration *self,
                                                             const char                 *capability);
MwSupport             mw_smart_configuration_supports_grant (const MwSmartConfiguration *self,
                                                             const char                 *grant_type);
MwSupport             mw_smart_configuration_supports_auth (const MwSmartConfiguration *self,
                                                            const char                 *method);
gboolean              mw_smart_configuration_scopes_v1 (const MwSmartConfiguration *self);
GPtrArray            *mw_smart_configuration_scope_choices (const MwSmartConfiguration *self,
                                                            const char                 *asked,
                                                            gboolean                    system);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwSmartConfiguration, mw_smart_configuration_free)

G_END_DECLS
