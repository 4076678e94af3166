/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/**
 * MwRequestState:
 *
 * How far one request of an item is. The numbers are on disk: append only.
 */
typedef enum
{
  MW_REQUEST_PENDING = 0,
  MW_REQUEST_UNDER_WAY = 1,
  MW_REQUEST_DONE = 2,
  MW_REQUEST_UNKNOWN = 3,
  MW_REQUEST_FAILED = 4,
} MwRequestState;

/**
 * MwRequest:
 * @identity: the UUID by which the receiver knows a repeat; the same for every attempt
 * @repeatable: whether the receiver recognises a repeat by that identity by itself
 * @lookup: (nullable): a search on the connection that finds the effect
 * @edit: (nullable): a version-aware edit (see mw-edit.h) of the resource at @url, instead of a body
 * @watch: (nullable): a resource type; what the server made of it is followed afterwards
 * @words: (nullable): what the request does, for the timeline
 *
 * One HTTP request of an item.
 */
typedef struct
{
  gint64         id;
  gint64         item;
  gint64         position;
  MwRequestState state;
  char          *method;
  char          *url;
  char          *content_type;
  char          *if_none_exist;
  char          *prefer;
  char          *identity;
  gboolean       repeatable;
  char          *lookup;
  char          *edit;
  GBytes        *body;
  char          *watch;
  char          *words;
  gint64         http_status;
  char          *location;
  char          *etag;
} MwRequest;

void       mw_request_free (MwRequest *self);
GPtrArray *mw_requests_of_item (MwDb    *db,
                                gint64   item,
                                GError **error);
gboolean   mw_requests_replace (MwDb      *db,
                                gint64     item,
                                GPtrArray *requests,
                                GError   **error);
gboolean   mw_requests_may_have_worked (MwDb  *db,
                                        gint64 request,
                                        gint64 attempt);
gint64     mw_requests_begin_attempt (MwDb    *db,
                                      gint64   request,
                                      gint64   now,
                                      GError **error);
gboolean   mw_requests_end_attempt (MwDb          *db,
                                    gint64         request,
                                    gint64         attempt,
                                    MwRequestState state,
                                    const char    *outcome,
                                    gint64         http_status,
                                    const char    *location,
                                    const char    *etag,
                                    gint64         now,
                                    GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwRequest, mw_request_free)

G_END_DECLS
