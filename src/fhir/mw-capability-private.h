/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-capability.h"

G_BEGIN_DECLS

/**
 * MwTypeAbility:
 *
 * What is said of one type; a set that is NULL was not told.
 */
typedef struct
{
  GHashTable *interactions;
  GHashTable *operations;
  GHashTable *search;
  MwSupport   conditional_create;
  MwSupport   conditional_update;
  MwSupport   update_create;
  MwSupport   versioned_update;
} MwTypeAbility;

struct _MwCapability
{
  gatomicrefcount refs;
  JsonNode       *json;
  MwFhirVersion   version;
  char           *version_text;
  char           *software;
  char           *software_version;
  char           *name;
  char           *websocket;
  GHashTable     *types;
  GHashTable     *interactions;
  GHashTable     *operations;
  GHashTable     *search;
  GPtrArray      *type_names;
  GPtrArray      *security;
  GPtrArray      *messaging;
  GHashTable     *refused;  /* nullable: words of mw-learned.h, without "$" */
  gint64          max_body; /* 0: not learned */
};

/* in mw-capability-read.c */
MwCapability *mw_capability_alloc (void);
const char   *mw_capability_skip_dollar (const char *name);

G_END_DECLS
