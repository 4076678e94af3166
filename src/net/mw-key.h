/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "mw-json.h"

G_BEGIN_DECLS

/* The key by which Meanwhile proves to a server who it is (SMART App Launch 2.2, asymmetric client
 * authentication). GnuTLS does the arithmetic. Any thread; one thread at a time. */

/**
 * MwKeyError:
 * @MW_KEY_ERROR_UNREADABLE: neither PEM nor a JSON Web Key, or without its private part
 * @MW_KEY_ERROR_KIND: a key of a kind that SMART does not use
 *
 * Why a key cannot be used. The message is a whole, translated sentence.
 */
typedef enum
{
  MW_KEY_ERROR_UNREADABLE,
  MW_KEY_ERROR_KIND,
} MwKeyError;

#define MW_KEY_ERROR (mw_key_error_quark ())
GQuark mw_key_error_quark (void);

#define MW_KEY_ES384 "ES384"
#define MW_KEY_RS384 "RS384"

typedef struct _MwKey MwKey;

MwKey      *mw_key_generate (const char *algorithm);
MwKey      *mw_key_new (const char *text,
                        GError    **error);
void        mw_key_free (MwKey *self);
const char *mw_key_get_algorithm (MwKey *self);
const char *mw_key_get_id (MwKey *self);
char       *mw_key_to_pem (MwKey *self);
JsonNode   *mw_key_to_public_set (MwKey *self);
char       *mw_key_sign (MwKey      *self,
                         const char *text);
char       *mw_key_make_assertion (MwKey      *self,
                                   const char *client_id,
                                   const char *audience,
                                   gint64      now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwKey, mw_key_free)

G_END_DECLS
