/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-key.h"

G_BEGIN_DECLS

/* The public part of a key, to be given to those who run a server. It is not there while there is no key */

#define MW_TYPE_PUBLIC_KEY_ROW (mw_public_key_row_get_type ())
G_DECLARE_FINAL_TYPE (MwPublicKeyRow, mw_public_key_row, MW, PUBLIC_KEY_ROW, AdwPreferencesRow)

void mw_public_key_row_set_key (MwPublicKeyRow *self,
                                MwKey          *key);
void mw_public_key_row_enter (MwPublicKeyRow *self);

G_END_DECLS
