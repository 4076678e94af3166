/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-item.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* A data folder of its own, with the schema in place and one connection to write through. */
typedef struct
{
  char *folder;
  char *path;
  MwDb *db;
} DbFixture;

void db_fixture_set_up (DbFixture    *self,
                        gconstpointer user_data);
void db_fixture_tear_down (DbFixture    *self,
                           gconstpointer user_data);

char  *test_folder_new (void);
void   test_folder_remove (char *folder);
gint64 test_item_new (MwDb  *db,
                      gint64 thread,
                      gint64 now);
gint64 test_item_saved (MwDb  *db,
                        gint64 thread,
                        gint64 not_before,
                        gint64 now);
gint64 test_connection_new (MwDb       *db,
                            const char *url,
                            gboolean    home);
void   test_request_new (MwDb  *db,
                         gint64 item);

G_END_DECLS
