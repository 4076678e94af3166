/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-draft.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* What will be sent: in words, and as the JSON that leaves */

#define MW_TYPE_PREVIEW_PAGE (mw_preview_page_get_type ())
G_DECLARE_FINAL_TYPE (MwPreviewPage, mw_preview_page, MW, PREVIEW_PAGE, AdwBin)

void mw_preview_page_show (MwPreviewPage *self,
                           MwStore       *store,
                           const MwDraft *draft,
                           gint64         item,
                           const char    *problem);

G_END_DECLS
