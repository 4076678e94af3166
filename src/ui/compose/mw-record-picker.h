/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-store.h"

G_BEGIN_DECLS

/* A patient's record to tick in what goes along. Signal "done". */

#define MW_TYPE_RECORD_PICKER (mw_record_picker_get_type ())
G_DECLARE_FINAL_TYPE (MwRecordPicker, mw_record_picker, MW, RECORD_PICKER, AdwBin)

void  mw_record_picker_load (MwRecordPicker    *self,
                             MwStore           *store,
                             gint64             patient,
                             const char *const *selected);
void  mw_record_picker_take_focus (MwRecordPicker *self);
GStrv mw_record_picker_dup_selected (MwRecordPicker *self);

G_END_DECLS
