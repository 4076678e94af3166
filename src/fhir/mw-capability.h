/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-fhir-version.h"
#include "mw-json.h"

G_BEGIN_DECLS

/**
 * MwSupport:
 *
 * What a server says it can do; what it does not mention is unknown, not absent.
 */
typedef enum
{
  MW_SUPPORT_UNKNOWN,
  MW_SUPPORT_NO,
  MW_SUPPORT_YES,
} MwSupport;

/** MwCapability: what a server says it can do; immutable, any thread */
typedef struct _MwCapability MwCapability;

#define MW_TYPE_CAPABILITY (mw_capability_get_type ())
GType mw_capability_get_type (void);

MwCapability      *mw_capability_new (JsonNode *statement,
                                      GError  **error);
MwCapability      *mw_capability_ref (MwCapability *self);
void               mw_capability_unref (MwCapability *self);
JsonNode          *mw_capability_get_json (MwCapability *self);
MwFhirVersion      mw_capability_get_version (MwCapability *self);
const char        *mw_capability_get_version_text (MwCapability *self);
const char        *mw_capability_get_software (MwCapability *self);
const char        *mw_capability_get_software_version (MwCapability *self);
const char        *mw_capability_get_name (MwCapability *self);
MwSupport          mw_capability_supports (MwCapability *self,
                                           const char   *type,
                                           const char   *interaction);
MwSupport          mw_capability_supports_type (MwCapability *self,
                                                const char   *type);
MwSupport          mw_capability_supports_system (MwCapability *self,
                                                  const char   *interaction);
MwSupport          mw_capability_supports_operation (MwCapability *self,
                                                     const char   *type,
                                                     const char   *operation);
MwSupport          mw_capability_supports_search (MwCapability *self,
                                                  const char   *type,
                                                  const char   *parameter);
MwSupport          mw_capability_conditional_create (MwCapability *self,
                                                     const char   *type);
MwSupport          mw_capability_conditional_update (MwCapability *self,
                                                     const char   *type);
MwSupport          mw_capability_update_create (MwCapability *self,
                                                const char   *type);
MwSupport          mw_capability_versioned_update (MwCapability *self,
                                                   const char   *type);
MwSupport          mw_capability_patch_format (MwCapability *self,
                                               const char   *mime);
const char        *mw_capability_get_websocket (MwCapability *self);
const char *const *mw_capability_get_security (MwCapability *self);
gboolean           mw_capability_has_security (MwCapability *self,
                                               const char   *service);
const char        *mw_capability_get_oauth_uri (MwCapability *self,
                                                const char   *name);
const char *const *mw_capability_get_messaging_endpoints (MwCapability *self);
const char *const *mw_capability_get_types (MwCapability *self);
MwCapability      *mw_capability_with_refused (MwCapability      *self,
                                               const char *const *refused_words);
gboolean           mw_capability_was_refused (MwCapability *self,
                                              const char   *word);
gint64             mw_capability_get_max_body (MwCapability *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwCapability, mw_capability_unref)

G_END_DECLS
