/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Media types of FHIR (http.html#mime-type, #version-parameter) */

gboolean mw_media_is_fhir_json (const char *type,
                                const char *version);
gboolean mw_media_accepts (const char *accept,
                           const char *version,
                           gboolean    wildcard);

G_END_DECLS
