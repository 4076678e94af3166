/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-connections.h"

G_BEGIN_DECLS

GStrv mw_me_load (MwDb               *db,
                  const MwConnection *home);
/**
 * MwMeRole:
 * @reference: absolute: a PractitionerRole, or the clinician herself
 * @title: "Cardiologist · Heart House"
 *
 * In which she may send something.
 */
typedef struct
{
  char *reference;
  char *title;
} MwMeRole;

GPtrArray *mw_me_roles (MwDb               *db,
                        const MwConnection *home);
gboolean   mw_me_may_act_as (MwDb               *db,
                             const MwConnection *home,
                             const char         *reference);
char      *mw_me_title (MwDb               *db,
                        const MwConnection *home,
                        const char         *role);
char      *mw_me_default (MwDb               *db,
                          const MwConnection *home);
gboolean   mw_me_set_default (MwDb       *db,
                              const char *reference,
                              GError    **error);
gboolean   mw_me_store (MwDb    *db,
                        gint64   connection,
                        GStrv    references,
                        GError **error);

G_END_DECLS
