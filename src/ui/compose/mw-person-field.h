/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-store.h"

G_BEGIN_DECLS

/* A field in which somebody is looked for among the people known here, and chosen.
 *
 * Signal "changed": what was typed or chosen is another. */

#define MW_TYPE_PERSON_FIELD (mw_person_field_get_type ())
G_DECLARE_FINAL_TYPE (MwPersonField, mw_person_field, MW, PERSON_FIELD, AdwBin)

/**
 * MwPersonRole:
 * @MW_PERSON_PATIENT: a patient, who must be chosen and is shown by two identifiers
 * @MW_PERSON_RECIPIENT: somebody to write to; a name alone will do
 */
typedef enum
{
  MW_PERSON_PATIENT,
  MW_PERSON_RECIPIENT,
} MwPersonRole;

void        mw_person_field_set_up (MwPersonField *self,
                                    MwStore       *store,
                                    MwPersonRole   role);
void        mw_person_field_set_optional (MwPersonField *self,
                                          gboolean       optional);
void        mw_person_field_set (MwPersonField *self,
                                 const char    *reference,
                                 const char    *name);
void        mw_person_field_take_focus (MwPersonField *self);
const char *mw_person_field_get_reference (MwPersonField *self);
const char *mw_person_field_get_name (MwPersonField *self);
gint64      mw_person_field_get_id (MwPersonField *self);

G_END_DECLS
