/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-issues.h"
#include "mw-sandbox-store.h"
#include "mw-search.h"

G_BEGIN_DECLS

/**
 * MwSiteAbility:
 * @MW_SITE_MESSAGES: takes messages at $process-message
 * @MW_SITE_TRANSACTIONS: takes batches and transactions
 * @MW_SITE_CLIENT_IDS: lets a client choose the id of what it creates by PUT
 * @MW_SITE_FEW_WRITES: takes only the types that a plan exchanges
 * @MW_SITE_NO_CONDITIONS: refuses conditional creates
 * @MW_SITE_READ_ONLY: takes nothing, and knows only what a directory holds
 * @MW_SITE_NO_MATCH: has neither Patient/$match nor $everything
 * @MW_SITE_MEMBER_MATCH: has Patient/$member-match, as a payer does
 * @MW_SITE_VERSIONS: has $versions
 * @MW_SITE_R5: speaks R5, not R4
 * @MW_SITE_HOME: its client is the clinician, who owns some Tasks; elsewhere the client is a stranger
 */
typedef enum
{
  MW_SITE_MESSAGES = 1 << 0,
  MW_SITE_TRANSACTIONS = 1 << 1,
  MW_SITE_CLIENT_IDS = 1 << 2,
  MW_SITE_FEW_WRITES = 1 << 3,
  MW_SITE_HOME = 1 << 4,
  MW_SITE_NO_CONDITIONS = 1 << 5,
  MW_SITE_READ_ONLY = 1 << 6,
  MW_SITE_NO_MATCH = 1 << 7,
  MW_SITE_MEMBER_MATCH = 1 << 8,
  MW_SITE_VERSIONS = 1 << 9,
  MW_SITE_R5 = 1 << 10,
} MwSiteAbility;

typedef struct _MwSite       MwSite;
typedef struct _MwAuthAccess MwAuthAccess;
typedef struct _MwAuthServer MwAuthServer;

/* Tells of a resource that a client wrote. @before is NULL when it is new. @message is the id of the
 * message that brought it, or NULL. */
typedef void (*MwSiteFunc) (MwSite     *site,
                            MwRecord   *record,
                            JsonNode   *before,
                            const char *message,
                            gpointer    user_data);

struct _MwSite
{
  char                *name;  /* "practice" */
  char                *title; /* for people */
  char                *url;   /* the FHIR base, without a slash at the end */
  MwSiteAbility        abilities;
  const char          *version; /* of FHIR: "4.0" */
  const MwDefinitions *definitions;
  MwSandboxClock      *clock;
  MwSandboxStore      *store;
  GHashTable          *own;      /* references of the client itself, of its teams and organization */
  GHashTable          *messages; /* MessageHeader.id → Bundle.id */
  GHashTable          *pages;    /* token → page list */
  GQueue              *page_order;
  guint                page_number;
  GPtrArray           *noticed; /* what was written and not told yet */
  char                *message; /* the message being unpacked */
  MwAuthServer        *auth;    /* (nullable): who may come in; NULL lets everybody in */
  MwSiteFunc           func;
  gpointer             user_data;
};

MwSite   *mw_site_new (const char     *name,
                       const char     *title,
                       const char     *url,
                       MwSiteAbility   abilities,
                       MwSandboxClock *clock);
void      mw_site_free (MwSite *self);
MwRecord *mw_site_add (MwSite   *self,
                       JsonNode *resource);
JsonNode *mw_site_resolve (MwSite     *self,
                           const char *reference);
gboolean  mw_site_takes (MwSite     *self,
                         const char *type);
gboolean  mw_site_knows (MwSite     *self,
                         const char *type);
void      mw_site_notice (MwSite   *self,
                          MwRecord *record,
                          JsonNode *before);
void      mw_site_tell (MwSite *self);

/* Writing for a client: everything is checked. */
MwRecord *mw_site_create (MwSite     *self,
                          JsonNode   *resource,
                          const char *if_none_exist,
                          gboolean   *existed,
                          MwIssues   *issues);
MwRecord *mw_site_update (MwSite     *self,
                          const char *type,
                          const char *id,
                          JsonNode   *resource,
                          const char *if_match,
                          gboolean   *created,
                          MwIssues   *issues);
MwRecord *mw_site_match (MwSite     *self,
                         const char *type,
                         const char *query,
                         MwIssues   *issues);
gboolean  mw_site_check_version (MwRecord   *record,
                                 const char *if_match,
                                 MwIssues   *issues);
void      mw_site_check_update (MwSite   *self,
                                JsonNode *before,
                                JsonNode *after,
                                MwIssues *issues);
void      mw_site_check_create (MwSite   *self,
                                JsonNode *resource,
                                MwIssues *issues);

JsonNode *mw_site_capabilities (MwSite *self);
JsonNode *mw_site_page (MwSite             *self,
                        const char         *token,
                        guint               offset,
                        guint               count,
                        const MwAuthAccess *access,
                        MwIssues           *issues);
JsonNode *mw_site_search (MwSite             *self,
                          const char         *type,
                          const char         *query,
                          gboolean            lenient,
                          const MwAuthAccess *access,
                          MwIssues           *issues);
JsonNode *mw_site_bundle_of (MwSite             *self,
                             GPtrArray          *records,
                             MwSearch           *search,
                             const MwAuthAccess *access);

JsonNode *mw_site_match_patient (MwSite             *self,
                                 JsonNode           *parameters,
                                 const MwAuthAccess *access,
                                 MwIssues           *issues);
JsonNode *mw_site_match_member (MwSite   *self,
                                JsonNode *parameters,
                                MwIssues *issues);
JsonNode *mw_site_everything (MwSite             *self,
                              const char         *id,
                              const char         *query,
                              const MwAuthAccess *access,
                              MwIssues           *issues);
gboolean  mw_site_process_message (MwSite   *self,
                                   JsonNode *bundle,
                                   MwIssues *issues);
JsonNode *mw_site_process_bundle (MwSite             *self,
                                  JsonNode           *bundle,
                                  gboolean            minimal,
                                  const MwAuthAccess *access,
                                  MwIssues           *issues);

G_END_DECLS
