/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-site.h"

G_BEGIN_DECLS

/* A request as one site sees it; every text may be NULL but for @method and @path. */
typedef struct
{
  const char *method;
  const char *path; /* after the base, decoded, without a slash in front */
  const char *query;
  const char *accept;
  const char *content_type;
  const char *if_match;
  const char *if_none_match;
  const char *if_none_exist;
  const char *prefer;
  GBytes     *body;
  const char *authorization;
  /* what the token allows that came along; NULL where the site is open */
  const MwAuthAccess *access;
} MwRequest;

typedef struct
{
  guint     status;
  JsonNode *resource;
  GBytes   *raw; /* instead of @resource */
  char     *content_type;
  char     *location;
  char     *etag;
  gint64    modified;  /* microseconds; 0 for none */
  char     *challenge; /* WWW-Authenticate */
  gboolean  no_store;
} MwReply;

MwReply *mw_rest_handle (MwSite          *site,
                         const MwRequest *request);
void     mw_reply_free (MwReply *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwReply, mw_reply_free)

G_END_DECLS
