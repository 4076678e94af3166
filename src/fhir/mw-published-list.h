/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-endpoint.h"

G_BEGIN_DECLS

/* The lists of service base URLs that vendors publish (45 CFR 170.404(b)(2)), and the user-access brands of SMART App
 * Launch 2.2: Bundles of Endpoint and Organization, tens of thousands of them. A list is read while it streams in;
 * what is kept for joins that come later in it is a few lines per record. */

/** MW_PUBLISHED_MAX_RECORDS: organisations, and as many endpoints, that are read of one list */
#define MW_PUBLISHED_MAX_RECORDS 200000
/** MW_PUBLISHED_MAX_LINKS: links between them */
#define MW_PUBLISHED_MAX_LINKS 1000000

/**
 * MwPublishedOrganization:
 * @key: what it is called in the list: an absolute URL, a urn: or "Organization/id"
 * @aliases: other names
 * @identifiers: "system|value"
 * @npi: (nullable): a valid one
 * @address: (nullable): one line
 * @part_of: (nullable): the key of the organisation it belongs to
 * @inactive: whether it says that it is no longer in use
 */
typedef struct
{
  char    *key;
  char    *name;
  GStrv    aliases;
  GStrv    identifiers;
  char    *npi;
  char    *address;
  char    *part_of;
  gboolean inactive;
} MwPublishedOrganization;

/**
 * MwPublishedFunc:
 * @organization: (nullable): NULL for an endpoint that belongs to nobody in the list
 * @endpoint: (nullable): NULL for an organisation without endpoints
 *
 * Gets each pair once, as soon as both have been read; at the end those that stayed alone. Both belong to the list
 * and live as long as it does.
 */
typedef void (*MwPublishedFunc) (const MwPublishedOrganization *organization,
                                 const MwEndpoint              *endpoint,
                                 gpointer                       user_data);

/**
 * MwPublishedProblem:
 *
 * Why something in a list could not be used.
 */
typedef enum
{
  MW_PUBLISHED_UNREADABLE,
  MW_PUBLISHED_OTHER_KIND,
  MW_PUBLISHED_NO_NAME,
  MW_PUBLISHED_NO_ADDRESS,
  MW_PUBLISHED_TWICE,
  MW_PUBLISHED_TOO_MANY,
  MW_PUBLISHED_DANGLING,
  MW_PUBLISHED_N_PROBLEMS,
} MwPublishedProblem;

typedef struct _MwPublishedList MwPublishedList;

MwPublishedList *mw_published_list_new (MwPublishedFunc func,
                                        gpointer        user_data);
void             mw_published_list_free (MwPublishedList *self);
gboolean         mw_published_list_push (MwPublishedList *self,
                                         const char      *data,
                                         gsize            length,
                                         GError         **error);
gboolean         mw_published_list_finish (MwPublishedList *self,
                                           GError         **error);
guint            mw_published_list_get_n_organizations (const MwPublishedList *self);
guint            mw_published_list_get_n_endpoints (const MwPublishedList *self);
guint            mw_published_list_get_n_problems (const MwPublishedList *self,
                                                   MwPublishedProblem     problem);
const char      *mw_published_list_get_timestamp (const MwPublishedList *self);
char            *mw_published_list_report (const MwPublishedList *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwPublishedList, mw_published_list_free)

G_END_DECLS
