/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-person.h"

G_BEGIN_DECLS

/* Where something about somebody comes from and how old it is, in words */

char *mw_source_words_age (gint64 fetched,
                           gint64 now);
char *mw_source_words_directory (MwDb       *db,
                                 gint64      connection,
                                 const char *source);
char *mw_source_words_name (MwDb           *db,
                            const MwPerson *person,
                            gint64         *fetched);
char *mw_source_words (MwDb           *db,
                       const MwPerson *person,
                       gint64          now);

G_END_DECLS
