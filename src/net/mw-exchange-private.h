/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-client.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * MwExchangeSink:
 * @error: what is wrong with the bytes; the exchange ends
 *
 * Takes the JSON body of a 200 as it streams in, in place of collecting it.
 */
typedef gboolean (*MwExchangeSink) (const char *data,
                                    gsize       length,
                                    gpointer    user_data,
                                    GError    **error);

/**
 * MwExchangeEnd:
 * @answer: to fill in
 *
 * Says that the sink has had all of the body.
 */
typedef gboolean (*MwExchangeEnd) (MwAnswer *answer,
                                   gpointer  user_data,
                                   GError  **error);

/**
 * MwExchangePlan:
 * @session: on the thread of the caller
 * @base_url: the origin to which @token belongs
 * @token: (nullable): bearer token
 * @token_serial: which one it is
 * @certificate: (nullable): shown to the origin of @base_url, and where a request with show_certificate goes
 * @closed: whether nothing may leave any more
 * @limits: for the watchdog
 * @request: what to do; its url is absolute here
 * @no_cache: whether caches on the way must ask the server
 * @sink: (nullable): where the body of a 200 goes
 * @sink_data: for @sink
 * @sink_max: cap on what @sink is given, in bytes
 * @sink_end: called after a complete body; fills in the answer's resource, or says what is wrong
 *
 * Everything one exchange needs. Copied, but for what @sink_data points to.
 */
typedef struct
{
  SoupSession         *session;
  const char          *base_url;
  const char          *token;
  guint                token_serial;
  GTlsCertificate     *certificate;
  gboolean             closed;
  MwClientLimits       limits;
  const MwHttpRequest *request;
  gboolean             no_cache;
  MwExchangeSink       sink;
  gpointer             sink_data;
  gsize                sink_max;
  MwExchangeEnd        sink_end;
} MwExchangePlan;

void      mw_exchange_run_async (const MwExchangePlan *plan,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
MwAnswer *mw_exchange_run_finish (GAsyncResult *result,
                                  GError      **error);

/* in mw-exchange-headers.c: name, value, name, value … */
GPtrArray *mw_exchange_headers_new (const MwExchangePlan *plan,
                                    const char           *accept);
void       mw_exchange_headers_drop (GPtrArray  *headers,
                                     const char *name);
void       mw_exchange_headers_put (GPtrArray   *headers,
                                    const char  *token,
                                    SoupMessage *message);

/* in mw-client.c, for mw-search.c and mw-download.c */
void mw_client_plan (MwClient       *self,
                     MwExchangePlan *plan);

G_END_DECLS
