/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define MW_TYPE_TRUST (mw_trust_get_type ())
G_DECLARE_FINAL_TYPE (MwTrust, mw_trust, MW, TRUST, GTlsDatabase)

GTlsDatabase *mw_trust_new (const char *ca_file,
                            GError    **error);

G_END_DECLS
