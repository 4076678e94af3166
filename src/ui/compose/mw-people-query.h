/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-person.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* A search among the people that are known on this computer, off the GTK thread */

/**
 * MwPeopleMatch:
 * @source: (nullable): the directory or list that the person is known from, and how old that is; NULL for the home connection
 */
typedef struct
{
  MwPerson *person;
  char     *source;
} MwPeopleMatch;

void       mw_people_query_async (MwStore            *store,
                                  const char         *words,
                                  const char *const  *types,
                                  guint               limit,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
GPtrArray *mw_people_query_finish (MwStore      *store,
                                   GAsyncResult *result,
                                   GError      **error);

G_END_DECLS
