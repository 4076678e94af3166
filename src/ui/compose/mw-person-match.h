/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-people-query.h"

G_BEGIN_DECLS

/* How somebody is shown in a list to choose from */

char      *mw_person_describe (const MwPerson *person);
char      *mw_person_match_text (const MwPeopleMatch *match);
GtkWidget *mw_person_match_row_new (const MwPeopleMatch *match);

G_END_DECLS
