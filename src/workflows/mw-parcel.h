/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-workflow.h"

G_BEGIN_DECLS

/* Packs the resources of a draft for a receiver: with identities that never change, with references
 * that the receiver can follow, and as few requests as it can take. */

typedef struct _MwParcel MwParcel;

/**
 * MwParcelWay:
 * @MW_PARCEL_MESSAGE: one message Bundle to $process-message
 * @MW_PARCEL_TRANSACTION: one transaction Bundle
 * @MW_PARCEL_SINGLE: create after create
 */
typedef enum
{
  MW_PARCEL_MESSAGE,
  MW_PARCEL_TRANSACTION,
  MW_PARCEL_SINGLE,
} MwParcelWay;

MwParcel     *mw_parcel_new (const MwPlanContext *context);
void          mw_parcel_free (MwParcel *self);
gboolean      mw_parcel_is_local (MwParcel *self);
MwFhirVersion mw_parcel_get_version (MwParcel *self);
MwFhirVersion mw_plan_context_version (const MwPlanContext *context);
gboolean      mw_parcel_takes (MwParcel   *self,
                               const char *type);
const char   *mw_parcel_add (MwParcel   *self,
                             const char *name,
                             JsonNode   *resource,
                             const char *words);
void          mw_parcel_watch (MwParcel   *self,
                               const char *name);
void          mw_parcel_about_patient (MwParcel   *self,
                                       JsonNode   *resource,
                                       const char *path);
void          mw_parcel_about_patient_lightly (MwParcel   *self,
                                               JsonNode   *resource,
                                               const char *path);
void          mw_parcel_name_me (MwParcel   *self,
                                 JsonNode   *resource,
                                 const char *path);
void          mw_parcel_name_recipient (MwParcel   *self,
                                        JsonNode   *resource,
                                        const char *path);
char         *mw_parcel_add_record (MwParcel *self,
                                    JsonNode *resource);
char         *mw_parcel_add_file (MwParcel         *self,
                                  guint             index,
                                  const MwPlanFile *file);
char         *mw_parcel_add_text (MwParcel   *self,
                                  const char *name,
                                  const char *title,
                                  const char *text,
                                  const char *loinc);
const char   *mw_parcel_created (MwParcel *self);
MwPlan       *mw_parcel_to_plan (MwParcel   *self,
                                 MwParcelWay way,
                                 const char *event_code,
                                 const char *event_display,
                                 const char *focus,
                                 GError    **error);

/**
 * MwPlanByFunc:
 * @message: whether to send it as one message
 */
typedef MwPlan *(*MwPlanByFunc) (const MwDraft       *draft,
                                 const MwPlanContext *context,
                                 gboolean             message,
                                 GError             **error);

MwPlan     *mw_plan_message_first (const MwDraft       *draft,
                                   const MwPlanContext *context,
                                   MwPlanByFunc         plan_by,
                                   GError             **error);
MwParcelWay mw_parcel_best_way (MwParcel *self);
void        mw_plan_add_edit (MwPlan     *plan,
                              const char *url,
                              JsonNode   *edit,
                              const char *words);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwParcel, mw_parcel_free)

G_END_DECLS
