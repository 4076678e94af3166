/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-identify.h"
#include "mw-match.h"

G_BEGIN_DECLS

gboolean mw_identify_ask (MwLink              *link,
                          gint64               item,
                          gint64               revision,
                          JsonNode            *patient,
                          const MwMatchAnswer *answer,
                          const char          *why,
                          MwIdentifyEnd       *end);

G_END_DECLS
