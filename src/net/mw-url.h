/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where a URL leads: what may be joined to what, and which places are the same. Every URL from a
 * server passes through here before anything is fetched from it. */

char    *mw_url_base (const char *text,
                      GError    **error);
char    *mw_url_below (const char *base,
                       const char *url);
char    *mw_url_join (const char *page,
                      const char *reference);
gboolean mw_url_same_origin (const char *a,
                             const char *b);
gboolean mw_url_is_https (const char *url);

G_END_DECLS
