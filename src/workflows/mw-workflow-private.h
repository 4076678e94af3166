/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-parcel.h"
#include "mw-workflow.h"

G_BEGIN_DECLS

extern const MwWorkflow mw_workflow_alert;
extern const MwWorkflow mw_workflow_referral;
extern const MwWorkflow mw_workflow_request;
extern const MwWorkflow mw_workflow_ask;
extern const MwWorkflow mw_workflow_push;
extern const MwWorkflow mw_workflow_message;

/* Shared by the workflows: what several kinds of resources have in common */
gboolean  mw_arrival_is_me (const MwArrival *arrival,
                            JsonNode        *reference);
char     *mw_arrival_name (const MwArrival *arrival,
                           JsonNode        *reference,
                           JsonNode        *bundle);
JsonNode *mw_arrival_find (const MwArrival *arrival,
                           JsonNode        *reference,
                           JsonNode        *bundle);
void      mw_meaning_take_patient (MwMeaning       *self,
                                   const MwArrival *arrival,
                                   JsonNode        *reference,
                                   JsonNode        *container,
                                   JsonNode        *bundle);
void      mw_meaning_take_sender (MwMeaning       *self,
                                  const MwArrival *arrival,
                                  JsonNode        *reference,
                                  JsonNode        *bundle);
void      mw_meaning_add_reference (MwMeaning       *self,
                                    const MwArrival *arrival,
                                    JsonNode        *reference);
void      mw_meaning_add_references (MwMeaning       *self,
                                     const MwArrival *arrival,
                                     JsonNode        *resource,
                                     const char      *path);
void      mw_meaning_add_identifiers (MwMeaning *self,
                                      JsonNode  *resource);
void      mw_meaning_fetch (MwMeaning  *self,
                            JsonNode   *resource,
                            const char *list,
                            const char *path);
guint     mw_priority_from_word (const char *word);
char     *mw_one_line (const char *text);
gboolean  mw_is_ours (JsonNode   *resource,
                      const char *identity,
                      const char *name);

/* Tasks: referrals, requests and asks all live in them */
gboolean    mw_task_is_mine_to_do (const MwArrival *arrival);
char       *mw_task_what (const MwArrival *arrival);
const char *mw_task_state (JsonNode *task);
gboolean    mw_task_is_referral (const MwArrival *arrival);
gboolean    mw_task_settle (const char      *identity,
                            const char      *name,
                            const MwArrival *arrival,
                            MwSettlement    *settlement);
void        mw_task_meaning (MwMeaning       *meaning,
                             const MwArrival *arrival);
JsonNode   *mw_task_edit (const MwPlanContext *context,
                          const char          *status);
void        mw_task_edit_reason (const MwPlanContext *context,
                                 JsonNode            *edit,
                                 const char          *reason);
gboolean    mw_task_can_change (const MwPlanContext *context,
                                GError             **error);
const char *mw_task_reason_text (JsonNode *task);
char       *mw_resource_reason (JsonNode *resource);
void        mw_plan_task_begin (MwPlan              *plan,
                                const MwPlanContext *context,
                                const char          *url);
gboolean    mw_plan_task_reply (const MwDraft       *draft,
                                const MwPlanContext *context,
                                MwParcel            *parcel,
                                const char          *title,
                                const char          *loinc,
                                JsonNode            *edit,
                                const char          *output_system,
                                const char          *output_code);

/* Communications: messages, alerts, and the covering note of a push */
JsonNode *mw_communication_new (MwParcel            *parcel,
                                const MwDraft       *draft,
                                const MwPlanContext *context);
gboolean  mw_communication_settle (const char      *identity,
                                   const MwArrival *arrival,
                                   MwSettlement    *settlement);
void      mw_communication_meaning (MwMeaning       *meaning,
                                    const MwArrival *arrival);

G_END_DECLS
