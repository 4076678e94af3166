/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "mw-definitions.h"
#include "mw-sandbox-clock.h"

G_BEGIN_DECLS

/* The resources of one server, in memory, with all their versions. A change can be undone as long
 * as mw_sandbox_store_commit() was not called, which is what makes a transaction all or nothing. */

typedef struct _MwSandboxStore MwSandboxStore;

/**
 * MwVersion:
 * @resource: (nullable): NULL where it was deleted
 * @updated: microseconds
 */
typedef struct
{
  JsonNode *resource;
  gint64    updated;
} MwVersion;

typedef struct
{
  char      *type;
  char      *id;
  guint64    number; /* in order of creation */
  GPtrArray *versions;
} MwRecord;

MwSandboxStore      *mw_sandbox_store_new (MwSandboxClock *clock, const MwDefinitions *definitions, const char *name);
const MwDefinitions *mw_sandbox_store_get_definitions (MwSandboxStore *self);
void                 mw_sandbox_store_free (MwSandboxStore *self);
MwRecord            *mw_sandbox_store_find (MwSandboxStore *self,
                                            const char     *type,
                                            const char     *id);
JsonNode            *mw_sandbox_store_get (MwSandboxStore *self,
                                           const char     *type,
                                           const char     *id);
MwRecord            *mw_sandbox_store_put (MwSandboxStore *self,
                                           JsonNode       *resource);
void                 mw_sandbox_store_delete (MwSandboxStore *self,
                                              MwRecord       *record);
GPtrArray           *mw_sandbox_store_list (MwSandboxStore *self,
                                            const char     *type);
GPtrArray           *mw_sandbox_store_by_identifier (MwSandboxStore *self,
                                                     const char     *type,
                                                     const char     *system,
                                                     const char     *value);
char                *mw_sandbox_store_new_id (MwSandboxStore *self);
void                 mw_sandbox_store_begin (MwSandboxStore *self);
void                 mw_sandbox_store_commit (MwSandboxStore *self);
void                 mw_sandbox_store_rollback (MwSandboxStore *self);

MwVersion *mw_record_current (MwRecord *self);
JsonNode  *mw_record_resource (MwRecord *self);
guint      mw_record_version (MwRecord *self);

G_END_DECLS
