/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-client.h"
#include "mw-connections.h"

G_BEGIN_DECLS

MwClient *mw_connection_client_new (const MwConnection *connection,
                                    GError            **error);

G_END_DECLS
