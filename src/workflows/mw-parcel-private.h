/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-parcel.h"

G_BEGIN_DECLS

/**
 * MwParcelPart:
 * @name: tells the parts of an item apart
 * @urn: by which the other parts refer to it
 * @condition: (nullable): If-None-Exist: by an identifier of its own, else by our identity
 * @source: (nullable): absolute reference of the resource on the home connection that it copies
 * @version: in which @resource is written
 * @sent: (nullable): the resource as it is sent, while a plan is made: in the receiver's version, with its links
 * @words: (nullable): what it is, for *What will be sent*
 * @watched: whether what the server makes of it is followed up
 *
 * One resource of a parcel.
 */
typedef struct
{
  char         *name;
  char         *identity;
  char         *urn;
  char         *condition;
  char         *source;
  JsonNode     *resource;
  MwFhirVersion version;
  JsonNode     *sent;
  char         *words;
  gboolean      watched;
} MwParcelPart;

struct _MwParcel
{
  const MwPlanContext *context;
  GPtrArray           *parts;
  GPtrArray           *mentions; /* words of what is only referred to, since it is there already */
  char                *created;
  char                *patient_home; /* absolute */
  char                *patient_literal;
};

/* in mw-parcel.c */
MwParcelPart *mw_parcel_add_part (MwParcel   *self,
                                  const char *name,
                                  JsonNode   *resource,
                                  const char *words);
void          mw_parcel_stamp (MwParcelPart *part);
JsonNode     *mw_parcel_strip_copy (JsonNode *resource);

/* in mw-parcel-plan.c */
gboolean mw_parcel_plan_creates (MwParcel *self,
                                 MwPlan   *plan,
                                 GError  **error);
void     mw_parcel_plan_transaction (MwParcel *self,
                                     MwPlan   *plan);
gboolean mw_parcel_plan_message (MwParcel   *self,
                                 MwPlan     *plan,
                                 const char *event_code,
                                 const char *event_display,
                                 const char *focus,
                                 GError    **error);

/* in mw-parcel-people.c */
const char *mw_parcel_patient_literal (MwParcel *self);

G_END_DECLS
