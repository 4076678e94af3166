/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "mw-describe.h"

G_BEGIN_DECLS

/* An attachment with its buttons Open and Save */

#define MW_TYPE_ATTACHMENT_ROW (mw_attachment_row_get_type ())
G_DECLARE_FINAL_TYPE (MwAttachmentRow, mw_attachment_row, MW, ATTACHMENT_ROW, GtkWidget)

GtkWidget *mw_attachment_row_new (const MwDescriptionAttachment *attachment,
                                  JsonNode                      *source);

G_END_DECLS
