/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-draft.h"

G_BEGIN_DECLS

/**
 * MwComposeField:
 *
 * The parts of the form, as a set of bits.
 */
typedef enum
{
  MW_FIELD_PATIENT = 1 << 0,
  MW_FIELD_TO = 1 << 1,
  MW_FIELD_SUBJECT = 1 << 2,
  MW_FIELD_SERVICE = 1 << 3,
  MW_FIELD_REASON = 1 << 4,
  MW_FIELD_ABOUT = 1 << 5,
  MW_FIELD_URGENCY = 1 << 6,
  MW_FIELD_BY = 1 << 7,
  MW_FIELD_NOTE = 1 << 8,
  MW_FIELD_RESOURCES = 1 << 9,
  MW_FIELD_FILES = 1 << 10,
} MwComposeField;

const char *const *mw_compose_kinds (void);
MwComposeField     mw_compose_fields (const char *kind);
MwComposeField     mw_compose_required (const char *kind);
const char        *mw_compose_problem (const MwDraft  *draft,
                                       guint           n_files,
                                       MwComposeField *field);
gboolean           mw_compose_is_empty (const MwDraft *draft,
                                        guint          n_files);
MwDraft           *mw_compose_copy (const MwDraft *draft);
MwDraft           *mw_compose_outgoing (const MwDraft *draft);
const char        *mw_urgency_label (const char *urgency);

G_END_DECLS
