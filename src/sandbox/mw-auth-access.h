/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-site.h"

G_BEGIN_DECLS

/* What the bearer of a token may do: SMART scopes of both grammars (SMART App Launch 2.2). Where an
 * access is NULL the site is open, and everything is allowed. */

typedef enum
{
  MW_ACTION_CREATE = 1 << 0,
  MW_ACTION_READ = 1 << 1,
  MW_ACTION_UPDATE = 1 << 2,
  MW_ACTION_DELETE = 1 << 3,
  MW_ACTION_SEARCH = 1 << 4,
} MwAction;

/**
 * MwScope:
 * @level: "patient", "user" or "system"
 * @type: a resource type, or "*"
 */
typedef struct
{
  char    *level;
  char    *type;
  MwAction actions;
} MwScope;

MwScope *mw_scope_parse (const char *text);
void     mw_scope_free (MwScope *self);

MwAuthAccess *mw_auth_access_new (const char *scope,
                                  const char *patient);
void          mw_auth_access_free (MwAuthAccess *self);
gboolean      mw_auth_access_may (const MwAuthAccess *self,
                                  MwAction            action,
                                  const char         *type);
gboolean      mw_auth_access_sees (const MwAuthAccess *self,
                                   MwAction            action,
                                   MwSite             *site,
                                   JsonNode           *resource);
gboolean      mw_auth_access_check (const MwAuthAccess *self,
                                    MwAction            action,
                                    const char         *type,
                                    const char         *expression,
                                    MwIssues           *issues);
gboolean      mw_auth_access_check_resource (const MwAuthAccess *self,
                                             MwAction            action,
                                             MwSite             *site,
                                             JsonNode           *resource,
                                             const char         *expression,
                                             MwIssues           *issues);
void          mw_auth_access_keep_visible (const MwAuthAccess *self,
                                           MwSite             *site,
                                           GPtrArray          *records);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwScope, mw_scope_free)

G_END_DECLS
