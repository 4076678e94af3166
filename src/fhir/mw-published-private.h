/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-published-list.h"

/* Where a record stands in the list, for what it refers to */
typedef struct
{
  const char *key;
  const char *base; /* (nullable): of its fullUrl */
} MwPublishedPlace;

char                    *mw_published_key (JsonNode               *node,
                                           const MwPublishedPlace *place);
MwPublishedOrganization *mw_published_organization_new (JsonNode               *resource,
                                                        const MwPublishedPlace *place);
void                     mw_published_organization_free (MwPublishedOrganization *self);
