/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-store.h"

G_BEGIN_DECLS

/**
 * MwDirectorySaid:
 * @connection: who was asked
 * @name: what it is called here
 * @sentence: (nullable): what stood in the way; NULL when it was asked all of it
 */
typedef struct
{
  gint64 connection;
  char  *name;
  char  *sentence;
} MwDirectorySaid;

/* Asks the home connection and all directories for people and places, now and for a person who waits for no item. What
 * they say is in the store afterwards; one that is dead or lies takes nothing from the others. */
void       mw_directory_search_async (MwStore            *store,
                                      const char         *text,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
GPtrArray *mw_directory_search_finish (MwStore      *store,
                                       GAsyncResult *result,
                                       GError      **error);
char      *mw_directory_search_words (const char *text);

G_END_DECLS
