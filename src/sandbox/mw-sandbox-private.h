/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "mw-auth-server.h"
#include "mw-day.h"
#include "mw-sandbox.h"
#include "mw-world.h"

G_BEGIN_DECLS

struct _MwSandbox
{
  GObject parent_instance;

  guint64         seed;
  MwWorld         world;
  MwDay          *day;
  SoupServer     *server;
  GSocketService *listener;
  gint64          skew; /* microseconds that its clock seems to be ahead */
};

void    mw_sandbox_build (MwSandbox *self,
                          guint      port);
void    mw_sandbox_clear_world (MwSandbox *self);
MwSite *mw_sandbox_find_site (MwSandbox  *self,
                              const char *name);
void    mw_sandbox_serve (MwSandbox *self);

MwReply *mw_sandbox_control (MwSandbox  *self,
                             const char *method,
                             const char *path,
                             GBytes     *body);

G_END_DECLS
