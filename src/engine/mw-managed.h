/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-connections.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* Connections that an administrator ships, read-only: key files called *.connection in the folder
 * meanwhile/connections.d of the system's configuration directories (XDG Base Directory: XDG_CONFIG_DIRS, /etc/xdg).
 * Of files of one name, that in the earlier directory counts. Each has one group:
 *
 *   [Connection]
 *   Url=https://fhir.example.org/r4       the FHIR base; needed
 *   Name=Example Hospital                 as it is called; else as the server calls itself
 *   Home=true                             it holds the inbox, unless the person has chosen another one
 *   As=PractitionerRole/12                who one is there
 *   Auth=open                             open (also with nothing but CertFile), token, secret, key or smart
 *   ClientId=meanwhile
 *   Scope=system/Task.rs
 *   Redirect=http://127.0.0.1:8765/       of the registration, for smart
 *   CaFile=hospital-ca.pem
 *   TokenFile=~/.hospital/token           files of mode 0600 that belong to the person: relative to the folder of the
 *   SecretFile= KeyFile= CertFile=        key file, or to her home with ~/
 *   Directory=true                        people and places are looked up there
 *
 * A secret never stands in such a file: it is read by everybody. Any other key makes the file one that is not taken up. */

/**
 * MwManaged:
 * @file: its path
 * @digest: SHA-256 of what it holds
 * @problem: (nullable): why it is not taken up, for a person
 * @connection: (nullable): what it says; NULL with a @problem
 */
typedef struct
{
  char         *file;
  char         *digest;
  char         *problem;
  MwConnection *connection;
} MwManaged;

GPtrArray *mw_managed_read (const char *const *folders,
                            GHashTable        *seen,
                            GError           **error);
GPtrArray *mw_managed_read_system (GHashTable *seen,
                                   GError    **error);
gboolean   mw_managed_apply (MwStore    *store,
                             GPtrArray  *managed,
                             GHashTable *seen,
                             GPtrArray  *past,
                             GError    **error);
GPtrArray *mw_managed_take_up (MwStore *store,
                               gboolean warn);
void       mw_managed_problems_async (GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
GPtrArray *mw_managed_problems_finish (GAsyncResult *result,
                                       GError      **error);
GPtrArray *mw_managed_problems (void);

G_END_DECLS
