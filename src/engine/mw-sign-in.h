/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-access.h"
#include "mw-tokens.h"

#include "mw-capability.h"

G_BEGIN_DECLS

/** MW_SIGN_IN_SECONDS: how long a browser may take, unless somebody says otherwise */
#define MW_SIGN_IN_SECONDS 600

/**
 * MwBrowserFunc:
 * @url: what a person is to open in her browser
 *
 * Is called on the main context of the thread that wants to sign in.
 */
typedef void (*MwBrowserFunc) (const char *url,
                               gpointer    user_data);

/**
 * MwBrowser:
 * @func: shows a person where to sign in
 * @user_data: for @func; lives until the sign-in has ended
 * @context: (nullable): where @func is called
 * @seconds: how long the browser may take; 0 for MW_SIGN_IN_SECONDS
 */
typedef struct
{
  MwBrowserFunc func;
  gpointer      user_data;
  GMainContext *context;
  guint         seconds;
} MwBrowser;

void      mw_sign_in_async (MwConnection       *wanted,
                            const char         *secret,
                            MwClient           *client,
                            MwCapability       *capability,
                            const MwBrowser    *browser,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);
MwTokens *mw_sign_in_finish (GAsyncResult *result,
                             GError      **error);

G_END_DECLS
