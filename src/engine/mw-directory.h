/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-link.h"

G_BEGIN_DECLS

/**
 * MwDirectoryWish:
 * @words: (nullable): who is looked for, as a person wrote it
 * @organizations: (nullable): absolute references on this server: whose endpoints are looked for
 * @references: (nullable): absolute references on this server: what is to be read again
 */
typedef struct
{
  const char *words;
  GStrv       organizations;
  GStrv       references;
} MwDirectoryWish;

/* Asks one server for people, places and endpoints, and stores what fits. A server that ignores what was asked for and
 * answers with everything, or without end, fills neither the store nor the day: what does not fit is dropped, and only
 * so many rows and pages are looked at */
void     mw_directory_ask_async (MwLink                *link,
                                 gint64                 item,
                                 const MwDirectoryWish *wish,
                                 GAsyncReadyCallback    callback,
                                 gpointer               user_data);
gboolean mw_directory_ask_finish (GAsyncResult *result);

G_END_DECLS
