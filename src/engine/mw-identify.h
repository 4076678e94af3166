/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-link.h"

G_BEGIN_DECLS

/**
 * MwIdentifyEnd:
 * @MW_IDENTIFY_THERE: the patient is known there
 * @MW_IDENTIFY_NONE: not known there, or nothing is about a patient: the patient's data go along
 * @MW_IDENTIFY_HELD: the server cannot be asked now; the link says why, and until when
 * @MW_IDENTIFY_ASKED: a person has to say; the question is on disk
 * @MW_IDENTIFY_STOPPED: the engine stops, or the item has moved on
 */
typedef enum
{
  MW_IDENTIFY_THERE,
  MW_IDENTIFY_NONE,
  MW_IDENTIFY_HELD,
  MW_IDENTIFY_ASKED,
  MW_IDENTIFY_STOPPED,
} MwIdentifyEnd;

/**
 * MwIdentified:
 * @reference: (nullable): absolute, on the server; of THERE
 * @how: (nullable): one of the MW_LINK codes: a link to be made with the plan; NULL where there is one already
 * @words: (nullable): how it was found out, for the journal
 * @is_new: of NONE: a person has said that it is none of those on the server, or it is not known whether somebody else
 *   there has the patient's number
 */
typedef struct
{
  MwIdentifyEnd end;
  char         *reference;
  const char   *how;
  char         *words;
  gboolean      is_new;
} MwIdentified;

void          mw_identified_free (MwIdentified *self);
void          mw_identify_async (MwLink             *link,
                                 gint64              item,
                                 gint64              revision,
                                 const char         *patient_reference,
                                 JsonNode           *patient,
                                 MwCapability       *capability,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
MwIdentified *mw_identify_finish (GAsyncResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwIdentified, mw_identified_free)

G_END_DECLS
