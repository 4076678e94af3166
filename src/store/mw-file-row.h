/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/** MW_FILE_MAX_BYTES: the largest file an item can carry; one FHIR server in three refuses more */
#define MW_FILE_MAX_BYTES (20 * 1024 * 1024)

/**
 * MwFileRow:
 *
 * A file that goes with an item: a copy, made when it was chosen.
 */
typedef struct
{
  gint64  id;
  gint64  item;
  char   *title;
  char   *content_type;
  gint64  size;
  GBytes *data;
} MwFileRow;

void       mw_file_row_free (MwFileRow *self);
gint64     mw_files_add (MwDb       *db,
                         gint64      item,
                         const char *title,
                         const char *content_type,
                         GBytes     *data,
                         GError    **error);
gboolean   mw_files_remove (MwDb    *db,
                            gint64   id,
                            GError **error);
GPtrArray *mw_files_of_item (MwDb    *db,
                             gint64   item,
                             gboolean with_data,
                             GError **error);

G_END_DECLS
