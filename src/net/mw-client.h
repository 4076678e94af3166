/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-answer.h"
#include "mw-bundle-reader.h"

G_BEGIN_DECLS

/**
 * MwHttpRequest:
 * @method: "GET", "POST", "PUT", "DELETE", "PATCH"
 * @url: relative to the base ("Task/1", "$process-message", "" for the base itself) or absolute
 * @content_type: (nullable): of @body; application/fhir+json when NULL
 * @body: (nullable): what to send
 * @accept: (nullable): application/fhir+json when NULL
 * @prefer: (nullable): the Prefer header
 * @if_none_exist: (nullable): a conditional create's query
 * @if_match: (nullable): an ETag
 * @if_none_match: (nullable): an ETag
 * @request_id: (nullable): X-Request-Id
 * @authorization: (nullable): an Authorization header of its own
 * @own_secret: whether it carries a secret of its own, such as one for a token endpoint: the connection's token does not
 *   go along, and no redirect is followed
 * @repeatable: whether the request carries its own identity, so that libsoup may reuse a connection
 *   and send it again by itself
 * @max_body: cap on the answer's body in bytes; 0 for the client's default of 16 MiB
 *
 * One exchange to be made. Borrowed: the client copies what it keeps.
 */
typedef struct
{
  const char *method;
  const char *url;
  const char *content_type;
  GBytes     *body;
  const char *accept;
  const char *prefer;
  const char *if_none_exist;
  const char *if_match;
  const char *if_none_match;
  const char *request_id;
  const char *authorization;
  gboolean    own_secret;
  gboolean    show_certificate;
  gboolean    repeatable;
  gsize       max_body;
} MwHttpRequest;

#define MW_TYPE_CLIENT (mw_client_get_type ())
G_DECLARE_FINAL_TYPE (MwClient, mw_client, MW, CLIENT, GObject)

/**
 * MwClientLimits:
 * @connect_seconds: until the connection stands
 * @stall_seconds: without a byte in either direction
 * @total_seconds: for a whole exchange
 *
 * The watchdog's limits; tests shorten them.
 */
typedef struct
{
  guint connect_seconds;
  guint stall_seconds;
  guint total_seconds;
} MwClientLimits;

MwClient   *mw_client_new (const char *base_url,
                           const char *ca_file,
                           GError    **error);
const char *mw_client_get_base_url (MwClient *self);
void        mw_client_set_token (MwClient   *self,
                                 const char *token);
guint       mw_client_get_token_serial (MwClient *self);
void        mw_client_set_certificate (MwClient        *self,
                                       GTlsCertificate *certificate);
void        mw_client_close (MwClient *self);
void        mw_client_set_limits (MwClient             *self,
                                  const MwClientLimits *limits);
char       *mw_client_resolve (MwClient   *self,
                               const char *url);
gboolean    mw_client_is_same_origin (MwClient   *self,
                                      const char *url);

void      mw_client_send_async (MwClient            *self,
                                const MwHttpRequest *request,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data);
MwAnswer *mw_client_send_finish (MwClient     *self,
                                 GAsyncResult *result,
                                 GError      **error);

void      mw_client_search_async (MwClient           *self,
                                  const char         *url,
                                  MwBundleEntryFunc   func,
                                  gpointer            func_data,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
MwAnswer *mw_client_search_finish (MwClient     *self,
                                   GAsyncResult *result,
                                   GError      **error);

/**
 * MwDownloadFunc:
 *
 * Takes the next bytes. FALSE, with an error or without, ends the exchange.
 */
typedef gboolean (*MwDownloadFunc) (const char *data,
                                    gsize       length,
                                    gpointer    user_data,
                                    GError    **error);

void      mw_client_download_async (MwClient            *self,
                                    const MwHttpRequest *request,
                                    MwDownloadFunc       func,
                                    gpointer             func_data,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data);
MwAnswer *mw_client_download_finish (MwClient     *self,
                                     GAsyncResult *result,
                                     GError      **error);

G_END_DECLS
