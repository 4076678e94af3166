/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-reach.h"

G_BEGIN_DECLS

/* Places and services of one role, affiliations of one organisation, roles of one person */
#define MW_REACH_MAX_AROUND 20

/* What the chain goes along */
typedef struct
{
  MwDb       *db;
  MwReach    *reach;
  gint64      now;
  gint64      item;
  GHashTable *lost;   /* (nullable): addresses where no FHIR server was found just now */
  GHashTable *seen;   /* references of people */
  gboolean    unread; /* an endpoint is named, or an organisation, that is not here: it may say where they are reached */
  gboolean    undone; /* whom a person decided on is not there any more: nobody else is taken without a question */
} MwReachChain;

void     mw_reach_refuse_person (MwReachChain *chain);
void     mw_reach_use (MwReachChain *chain,
                       const char   *reference);
void     mw_reach_miss (MwReachChain *chain,
                        const char   *reference);
gboolean mw_reach_try_level (MwReachChain *chain,
                             GPtrArray    *owners);

G_END_DECLS
