/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-auth-access.h"
#include "mw-rest.h"

G_BEGIN_DECLS

/* A request on its way through one site */
typedef struct
{
  MwSite          *site;
  const MwRequest *request;
  char           **part; /* of the path */
  guint            n_parts;
  MwIssues        *issues;
  MwReply         *reply;
} MwExchange;

gboolean  mw_exchange_is_method (MwExchange *x,
                                 const char *method);
void      mw_exchange_wrong_method (MwExchange *x);
JsonNode *mw_exchange_read_body (MwExchange *x);
void      mw_exchange_do_operation (MwExchange *x);

G_END_DECLS
