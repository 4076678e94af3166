/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-connections.h"
#include "mw-item.h"
#include "mw-reach.h"
#include "mw-workflow.h"

G_BEGIN_DECLS

/**
 * MwStageError:
 *
 * What stands in an item's way. The message is a whole, translated sentence with what can be done.
 */
typedef enum
{
  MW_STAGE_ERROR_IDENTIFY,
  MW_STAGE_ERROR_DISCOVER,
  MW_STAGE_ERROR_NEGOTIATE,
  MW_STAGE_ERROR_AUTHORISE,
  MW_STAGE_ERROR_CONTENT,
  MW_STAGE_ERROR_MISSING, /* a resource is not here yet: it may be read from the home connection */
} MwStageError;

#define MW_STAGE_ERROR (mw_stage_error_quark ())
GQuark mw_stage_error_quark (void);

/* All that is known here about a draft: its patient, recipient, content and where it goes. Reads the
 * store, asks no server. */
typedef struct _MwPlanInput MwPlanInput;

MwPlanInput        *mw_plan_input_new (MwDb          *db,
                                       const MwDraft *draft,
                                       const char    *identity,
                                       gint64         created,
                                       gint64         item,
                                       const MwReach *reach,
                                       GError       **error);
gboolean            mw_plan_input_is_action (const MwDraft *draft);
void                mw_plan_input_free (MwPlanInput *self);
const MwConnection *mw_plan_input_get_connection (MwPlanInput *self);
JsonNode           *mw_plan_input_get_patient (MwPlanInput *self);
const char         *mw_plan_input_get_patient_reference (MwPlanInput *self);
const char         *mw_plan_input_get_recipient_name (MwPlanInput *self);
MwPlan             *mw_plan_input_plan (MwPlanInput  *self,
                                        MwCapability *capability,
                                        MwFhirVersion version,
                                        const char   *patient_there,
                                        gboolean      patient_is_new,
                                        GError      **error);
char               *mw_plan_input_missing_of (MwDb          *db,
                                              const MwDraft *draft);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwPlanInput, mw_plan_input_free)

G_END_DECLS
