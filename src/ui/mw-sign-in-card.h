/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-overview.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Says which server waits for a person's sign-in, with a button for it; not there when none does */

#define MW_TYPE_SIGN_IN_CARD (mw_sign_in_card_get_type ())
G_DECLARE_FINAL_TYPE (MwSignInCard, mw_sign_in_card, MW, SIGN_IN_CARD, AdwBin)

void mw_sign_in_card_update (MwSignInCard *self,
                             MwStore      *store,
                             MwOverview   *overview);

G_END_DECLS
