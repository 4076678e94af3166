/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A small care network on loopback, to try Meanwhile and to test it against: FHIR servers on one port,
 * with invented people. A day plays at the practice, the hospital and the plan. The clinic wants one to
 * sign in. */

#define MW_TYPE_SANDBOX (mw_sandbox_get_type ())
G_DECLARE_FINAL_TYPE (MwSandbox, mw_sandbox, MW, SANDBOX, GObject)

MwSandbox  *mw_sandbox_new (guint64 seed);
void        mw_sandbox_set_time (MwSandbox *self,
                                 gint64     now);
gboolean    mw_sandbox_listen (MwSandbox *self,
                               guint      port,
                               GError   **error);
const char *mw_sandbox_get_url (MwSandbox  *self,
                                const char *site);
const char *mw_sandbox_get_me (MwSandbox *self);
const char *mw_sandbox_get_user (MwSandbox  *self,
                                 const char *site);
void        mw_sandbox_set_speed (MwSandbox *self,
                                  double     speed);
void        mw_sandbox_advance (MwSandbox *self,
                                gint64     microseconds);
gint64      mw_sandbox_get_now (MwSandbox *self);
void        mw_sandbox_play (MwSandbox *self);
void        mw_sandbox_set_token_lifetime (MwSandbox *self,
                                           guint      seconds);
void        mw_sandbox_set_skew (MwSandbox *self,
                                 gint64     microseconds);
void        mw_sandbox_expire_tokens (MwSandbox *self);
guint       mw_sandbox_count_tokens (MwSandbox  *self,
                                     const char *site,
                                     const char *what);
char      **mw_sandbox_get_site_names (MwSandbox *self);
char       *mw_sandbox_dump (MwSandbox  *self,
                             const char *site);

int mw_sandbox_main (int    argc,
                     char **argv);

G_END_DECLS
