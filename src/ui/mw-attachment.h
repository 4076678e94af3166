/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "mw-describe.h"

G_BEGIN_DECLS

/* The bytes of an attachment, and safe ways to hand them to the desktop */

JsonNode *mw_attachment_source (JsonNode                      *resource,
                                const MwDescriptionAttachment *attachment,
                                const MwDescribeContext       *context);
GBytes   *mw_attachment_decode (JsonNode *source);
char     *mw_attachment_file_name (const char *title,
                                   const char *content_type);
char     *mw_attachment_kind_text (const char *content_type);
gboolean  mw_attachment_is_viewable (const char *content_type);
gboolean  mw_attachment_may_open (const char *content_type,
                                  GBytes     *data);
GFile    *mw_attachment_put_aside (const char *title,
                                   const char *content_type,
                                   GBytes     *data,
                                   GError    **error);
void      mw_attachment_wipe (void);

G_END_DECLS
